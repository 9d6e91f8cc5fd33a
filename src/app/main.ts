import { Command } from 'commander';
import type { ListingsCommand, MatchesCommand, VariantsCommand as SheetCommand } from '#surfaces/cli';
import { begin } from './begin.ts';
import { drawFeeds } from './draw-feeds.ts';
import { drawDocs } from './draw-life.ts';
import { drawSchema } from './draw-schema.ts';
import {
  addSupplierCommand,
  addTenantCommand,
  linkCommand,
  listingsCommand,
  matchesCommand,
  pricingCommand,
  sheetCommand,
  variantsCommand,
} from './office.ts';
import { feedImportCommand, feedPreviewCommand, feedRunCommand } from './office-feeds.ts';
import { replay, type ReplayOptions } from './replay/index.ts';
import { serve, startDemo } from './start.ts';
import { worldCommand } from './world.ts';

const say = (line: string): void => void process.stderr.write(`${line}\n`);

const program = new Command('stockless')
  .description('The whole back office of a drop-shipping business.')
  .showHelpAfterError('Run "stockless --help" for what there is.');

program
  .command('start')
  .description('run everything here with the demo world, and print a link to the console')
  .action(() => startDemo(say));
program
  .command('serve')
  .description('run the program for real: server and worker; set DATABASE_URL')
  .option('--no-worker', 'only the server')
  .action((options: { worker: boolean }) => serve(say, { server: true, worker: options.worker }));
program
  .command('work')
  .description('run only a worker; as many as you like')
  .action(() => serve(say, { server: false, worker: true }));
program
  .command('migrate')
  .description('bring the database up to this program')
  .action(async () => {
    const begun = await begin(say);
    say('The database is up to date.');
    await begun.stop();
  });
program
  .command('world')
  .description('play a simulated outside against the program and hold every promise against what the outside saw')
  .option('--seed <n>', 'the story to tell', whole, 1)
  .option('--orders <n>', 'orders that shoppers place', whole, 200)
  .option('--days <n>', 'days over which they are placed', whole, 10)
  .option('--weather <name>', 'still | fair | storm | swarm', 'fair')
  .option('--crashes', 'let the program die at crash points')
  .option('--kinds <list>', 'of the stores, such as woocommerce,rest,csv')
  .option('--once', 'do not tell it a second time beside, to see that the same seed tells the same story')
  .option('--json', 'end with one JSON object')
  .action(worldCommand);
program
  .command('replay [file]')
  .description('run real order history through the whole program on a clock of its own, and sum up')
  .option('--orders <n>', 'only the first so many orders', whole)
  .option('--seed <n>', 'what suppliers and carrier do', whole, 1)
  .option('--keep', 'leave its database behind')
  .option('--profile', 'tell how long each step took')
  .option('--json', 'end with one JSON object')
  .action(async (file: string | undefined, options: ReplayOptions) => {
    process.exitCode = await replay(file, options);
  });
const ofTenant = ['--tenant <name>', 'whose; needed when there is more than one'] as const;
program
  .command('tenant')
  .command('add <name>')
  .description('a business of its own, with its first person')
  .requiredOption('--email <address>', 'of its owner')
  .action((name: string, options: { email: string }) => addTenantCommand(say, name, options.email));
program
  .command('link')
  .description('print a link that signs in once')
  .option(...ofTenant)
  .option('--email <address>', 'of whom; the owner when not said')
  .action((options: { tenant?: string; email?: string }) => linkCommand(say, options.tenant, options.email));
program
  .command('supplier')
  .command('add <file>')
  .description('add a supplier described in a JSON file')
  .option(...ofTenant)
  .action((file: string, options: { tenant?: string }) => addSupplierCommand(say, file, options.tenant));
const sold = program.command('variants').description('what the shop sells');
sold
  .command('import <file>')
  .description('read what the shop sells from a CSV (sku, title, brand, gtin, price, currency)')
  .option(...ofTenant)
  .action((file: string, options: { tenant?: string }) => variantsCommand(say, file, options.tenant));
for (const [words, description] of [
  ['list [words]', 'variants whose SKU begins with it, by GTIN, or by a word of the title'],
  ['show [words]', 'the same, with what is wrong with the first'],
  ['problems', 'how many variants have which problem'],
  ['export [file]', 'write all of them as CSV or XLSX, by the ending of the file'],
  ['edit <file>', 'take the changes of such a file; rows that are wrong are named'],
  ['offers [words]', "suppliers' offers, by their SKU, a GTIN or a word of the title"],
] as const)
  sold
    .command(words)
    .description(description)
    .option('--dry-run', 'say what it would do, and undo it')
    .option(...ofTenant)
    .action((...given: unknown[]) => {
      const { tenant, dryRun } = given.at(-2) as { tenant?: string; dryRun?: boolean };
      const what = words.split(' ')[0] as SheetCommand['what'];
      const first = given.length > 2 && typeof given[0] === 'string' ? [given[0]] : [];
      return sheetCommand(say, { what, words: first, ...(dryRun ? { dryRun } : {}) }, tenant);
    });
const feed = program.command('feed').description("suppliers' stock and price lists");
feed
  .command('preview <file>')
  .description('say how a file would be read; nothing is changed')
  .option('--supplier <code>', 'whose list it is: by its settings and currency')
  .option('--mapping <file>', 'a JSON file that says how it is read')
  .option('--currency <code>', 'of its prices, where neither file nor supplier says')
  .option('--json', 'print everything as one JSON object')
  .option(...ofTenant)
  .action((file: string, options: { supplier?: string; mapping?: string; currency?: string; json?: boolean; tenant?: string }) =>
    feedPreviewCommand(say, file, options),
  );
feed
  .command('import <file>')
  .description("read a supplier's stock and price list into offers")
  .requiredOption('--supplier <code>', 'whose list it is')
  .option('--mapping <file>', 'a JSON file that says how it is read, kept for the next files')
  .option(...ofTenant)
  .action((file: string, options: { supplier: string; mapping?: string; tenant?: string }) => feedImportCommand(say, file, options));
for (const [words, description] of [
  ['list', 'all feeds, with their last runs'],
  ['runs <supplier>', 'the last runs of a feed'],
  ['show <run>', 'what a run changed or would change'],
  ['set <supplier> <file>', 'change settings and source of a feed by a JSON file, as PATCH /v1/feeds takes it'],
  ['run <supplier>', 'look for a new file now'],
  ['pause <supplier>', 'look for no files'],
  ['resume <supplier>', 'look for files again'],
  ['release <run>', 'apply a held run, whole or in part'],
  ['reject <run>', 'leave a held run aside'],
  ['replay <run>', 'read its file again by the mapping of today'],
  ['roll-back <run>', 'put stock and cost back to what they were after a run'],
  ['compare <supplier> <from> <to>', 'what lies between two runs'],
  ['rejects <run>', 'write the rows that were not taken to a file'],
] as const)
  feed
    .command(words)
    .description(description)
    .option('--only <parts>', 'of a release: stock,cost,texts,fresh,gone')
    .option('--without-flagged', 'of a release: all but the rows that the guards point at')
    .option('--dry-run', 'say what it would do, and undo it')
    .option('--out <file>', 'where rejects go')
    .option(...ofTenant)
    .action((...given: unknown[]) => {
      // Commander hands over the arguments, then the options, then the command itself.
      const options = given.at(-2) as { only?: string; withoutFlagged?: boolean; dryRun?: boolean; out?: string; tenant?: string };
      return feedRunCommand(say, words.split(' ')[0] ?? '', given.slice(0, -2).map(String), options);
    });
program
  .command('listings <what> [words...]')
  .description(
    'what stores show: stores | list [sku] | link <store> <sku> <our sku> | tell-again <store> | read <store> | recount | policy | set <file>',
  )
  .option('--channel <code>', 'of a list: one store')
  .option('--state <one>', 'of a list: stale, refused or empty')
  .option('--dry-run', 'say what it would do, and undo it')
  .option(...ofTenant)
  .action((what: string, words: string[], options: Omit<ListingsCommand, 'what' | 'words'> & { tenant?: string }) => {
    const known = ['stores', 'list', 'link', 'tell-again', 'read', 'recount', 'policy', 'set'] as const;
    const named = known.find((one) => one === what);
    if (!named) throw new Error(`"${what}" is nothing that can be done with listings: ${known.join(', ')}.`);
    const { tenant, ...more } = options;
    return listingsCommand(say, { what: named, words, ...more }, tenant);
  });
program
  .command('matches <what> [words...]')
  .description(
    'what offers are: summary | list | approve <exact|likely|possible> | pair <SUPPLIER:number> <sku> | reject <SUPPLIER:number> <sku> | create <SUPPLIER:number> <sku> [title…] | run | settings <auto|ask> | undo [id]',
  )
  .option('--certainty <one>', 'of a list: exact, likely, possible or conflict')
  .option('--rule <one>', 'only those that gtin, sku, mpn or likeness found')
  .option('--units <count>', 'of a pair: units of ours in one of theirs', whole)
  .option('--anyway', 'although the offer is matched to another variant already')
  .option('--dry-run', 'say what it would do, and undo it')
  .option(...ofTenant)
  .action((what: string, words: string[], options: Omit<MatchesCommand, 'what' | 'words'> & { tenant?: string }) => {
    const known = ['summary', 'list', 'approve', 'pair', 'reject', 'create', 'run', 'settings', 'undo'] as const;
    const named = known.find((one) => one === what);
    if (!named) throw new Error(`"${what}" is nothing that can be done with matches: ${known.join(', ')}.`);
    const { tenant, ...more } = options;
    return matchesCommand(say, { what: named, words, ...more }, tenant);
  });
program
  .command('pricing <what> [words...]')
  .description(
    'prices: rules | draft <file> | preview | publish | publications | undo <id> | why <channel> <sku> | rates | rate <base> <quote> <rate> | problems | accept <channel> <sku…>',
  )
  .option('--file <path>', 'rules as JSON; the draft, else what is live, when not said')
  .option('--at <instant>', 'when to publish, such as 2026-11-26T03:00:00Z')
  .option('--on <day>', 'of the rate; today when not said')
  .option('--new-only', 'only listings without a price')
  .option('--anyway', 'although many would be at their floor')
  .option('--json', 'answer in JSON')
  .option(...ofTenant)
  .action((what: string, words: string[], options: PricingOptions) => {
    const known = ['rules', 'draft', 'preview', 'publish', 'undo', 'why', 'rates', 'rate', 'problems', 'accept', 'publications'] as const;
    const named = known.find((one) => one === what);
    if (!named) throw new Error(`"${what}" is nothing that can be done with prices: ${known.join(', ')}.`);
    const { newOnly, tenant, ...more } = options;
    return pricingCommand(say, { what: named, words, ...more, ...(newOnly ? { onlyNew: true } : {}) }, tenant);
  });
program
  .command('docs')
  .description('draw anew what the docs show of the code')
  .action(async () => {
    const changed = [
      ...drawDocs(),
      ...((await drawFeeds()) ? ['docs/operate/feeds-read.md'] : []),
      ...((await drawSchema()) ? ['db/schema.sql'] : []),
    ];
    say(changed.length === 0 ? 'The docs say what the code does.' : `Drawn anew: ${changed.join(', ')}.`);
  });

interface PricingOptions {
  file?: string;
  at?: string;
  on?: string;
  newOnly?: boolean;
  anyway?: boolean;
  json?: boolean;
  tenant?: string;
}

function whole(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`"${text}" is not a whole number.`);
  return Number(text);
}

program.parseAsync().catch((error: Error) => {
  say(error.message);
  if (process.env['STOCKLESS_LOG'] === 'debug') say(error.stack ?? '');
  process.exit(1);
});
