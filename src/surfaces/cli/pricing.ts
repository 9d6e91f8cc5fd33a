import { readFile } from 'node:fs/promises';
import { Value } from 'typebox/value';
import { actOnPrices } from '#flows/actions-prices';
import { showId } from '#kernel/id';
import { showMoney } from '#kernel/money';
import { appendFacts } from '#modules/audit';
import {
  draftPricePolicy,
  factsOf,
  livePricePolicy,
  type Moved,
  type PreviewSummary,
  type PricePolicy,
  PricePolicyShape,
  previewPrices,
  previewToPublish,
  publications,
  ratesOf,
  type Step,
  whyPrice,
} from '#modules/catalog';
import { channelsOf, listPriceProblems } from '#modules/insight';
import { type Database, toJson, type Tx } from '#platform/db';

export interface PricingCommand {
  what: 'rules' | 'draft' | 'preview' | 'publish' | 'undo' | 'why' | 'rates' | 'rate' | 'problems' | 'accept' | 'publications';
  /** As they stood on the command line. */
  words: readonly string[];
  file?: string;
  at?: string;
  on?: string;
  onlyNew?: boolean;
  anyway?: boolean;
  json?: boolean;
}

interface Desk {
  db: Database;
  tenant: string;
  say: (line: string) => void;
  /** What a program reads: the answer itself, where `say` is for people. */
  print: (text: string) => void;
}

const by = 'cli';
const pause = async (): Promise<void> => {};

/** `stockless pricing …`: what the pricing screen does, from a terminal. Returns the exit code. */
export async function pricing(desk: Desk, command: PricingCommand): Promise<number> {
  const { what } = command;
  const looks: Partial<Record<typeof what, (tx: Tx, desk: Desk, command: PricingCommand) => Promise<number>>> = {
    rules: showRules,
    preview: showPreview,
    publish: publish,
    why: showWhy,
    rates: showRates,
    problems: showProblems,
    publications: showPublications,
  };
  const look = looks[what];
  return desk.db.tx(desk.tenant, (tx) => (look ? look(tx, desk, command) : write(tx, desk, command)));
}

/** Without a file: the draft, else what is live. */
async function policyFrom(tx: Tx, file: string | undefined): Promise<PricePolicy> {
  if (file === undefined) return ((await draftPricePolicy(tx)) ?? (await livePricePolicy(tx))).policy;
  const given: unknown = JSON.parse(await readFile(file, 'utf8'));
  if (Value.Check(PricePolicyShape, given)) return given;
  const [first] = Value.Errors(PricePolicyShape, given);
  throw new Error(
    `${file} does not hold price rules: ${first?.instancePath || 'it'} ${first?.message ?? ''}. "stockless pricing rules" shows their shape.`,
  );
}

async function showRules(tx: Tx, { print }: Desk, { file }: PricingCommand): Promise<number> {
  print(JSON.stringify(await policyFrom(tx, file), null, 2));
  return 0;
}

async function showPreview(tx: Tx, { say, print }: Desk, { file, json }: PricingCommand): Promise<number> {
  const facts = await factsOf(tx);
  const summary = await previewPrices(tx, await policyFrom(tx, file), { facts, focus: null, pause });
  if (json) print(toJson(summary));
  else for (const line of linesOf(summary)) say(line);
  return 0;
}

async function publish(tx: Tx, desk: Desk, command: PricingCommand): Promise<number> {
  const { id, inputs, summary } = await previewToPublish(tx, await policyFrom(tx, command.file), { focus: null, by, pause });
  for (const line of linesOf(summary)) desk.say(line);
  return act(tx, desk, 'publish', '', {
    preview: showId('pricePreview', id),
    inputs,
    only: command.onlyNew ? 'new' : 'all',
    anyway: command.anyway ?? false,
    ...(command.at === undefined ? {} : { at: Temporal.Instant.from(command.at).toString() }),
  });
}

async function write(tx: Tx, desk: Desk, { what, words, file, on }: PricingCommand): Promise<number> {
  const [first = '', second = '', third = ''] = words;
  if (what === 'draft') return act(tx, desk, 'draft', '', { policy: await policyFrom(tx, file ?? first) });
  if (what === 'rate') return act(tx, desk, 'rate', '', { base: first, quote: second, rate: third, ...(on ? { onDate: on } : {}) });
  if (what === 'accept') return act(tx, desk, 'accept', '', { channel: await channelNamed(tx, first), skus: words.slice(1) });
  const found = (await publications(tx, 50)).find(({ id }) => showId('publication', id) === first);
  if (!found) throw new Error(`There is no publication ${first}; "stockless pricing publications" lists them.`);
  return act(tx, desk, 'undo', found.id, {});
}

async function act(tx: Tx, { say }: Desk, action: string, id: string, input: Record<string, unknown>): Promise<number> {
  const deed = await actOnPrices(tx, { kind: 'price', action, id, by, input });
  await appendFacts(
    tx,
    deed.facts.map((fact) => ({ ...fact, actor: by })),
  );
  say(`${deed.said}${deed.made ? ` ${showId('publication', deed.made)}` : ''}`);
  return 0;
}

async function channelNamed(tx: Tx, code: string): Promise<string> {
  const channels = await channelsOf(tx);
  const found = channels.find((one) => one.code.toLowerCase() === code.toLowerCase());
  if (!found) throw new Error(`There is no channel ${code}. Known are: ${channels.map((one) => one.code).join(', ') || 'none yet'}.`);
  return showId('channel', found.id);
}

async function showWhy(tx: Tx, { say, print }: Desk, { words, json }: PricingCommand): Promise<number> {
  const [code = '', sku = ''] = words;
  const channel = (await channelsOf(tx)).find((one) => one.code.toLowerCase() === code.toLowerCase());
  const why = channel ? await whyPrice(tx, { channel_id: channel.id, sku }) : null;
  if (!why) {
    say(`There is no listing ${sku} in ${code}.`);
    return 1;
  }
  if (json) {
    print(toJson(why));
    return 0;
  }
  const { currency } = why.channel;
  if (why.published) {
    say(
      `${sku} sells for ${showMoney({ minor: why.published.price, currency })}, by "${why.published.rule}" of version ${why.published.version}:`,
    );
    for (const line of stepLines(why.published.steps, currency)) say(line);
  } else say(`${sku} has no price of ours${why.price === null ? '' : `; it sells for ${showMoney({ minor: why.price, currency })}`}.`);
  say(`Now: ${why.now.sentence}`);
  for (const one of why.history)
    say(`  ${one.at.toString({ smallestUnit: 'minute' })} ${showMoney({ minor: one.price_minor, currency })} ${one.rule_name}`);
  return 0;
}

const stepLines = (steps: readonly Step[], currency: string): string[] =>
  steps.map(({ what, minor, with: how }) =>
    `  ${what.replaceAll('_', ' ').padEnd(14)} ${showMoney({ minor, currency }).padStart(12)}  ${how}`.trimEnd(),
  );

async function showRates(tx: Tx, { say }: Desk): Promise<number> {
  for (const { base, quote, rate, onDate, source } of await ratesOf(tx))
    say(`1 ${base} = ${Number(rate) / 1e8} ${quote}, of ${onDate}, ${source}`);
  return 0;
}

async function showProblems(tx: Tx, { say, print }: Desk, { json }: PricingCommand): Promise<number> {
  const { rows, next } = await listPriceProblems(tx, {}, { limit: 200, after: null });
  if (json) print(toJson(rows));
  else for (const { channel_name, sku, detail } of rows) say(`${channel_name} ${sku}: ${detail}`);
  if (!json) say(rows.length === 0 ? 'Every price can be trusted.' : next ? 'And more.' : '');
  return rows.length === 0 ? 0 : 3;
}

async function showPublications(tx: Tx, { say }: Desk): Promise<number> {
  for (const { id, state, published, made_at, due_at, note } of await publications(tx, 50))
    say(
      `${showId('publication', id)} ${made_at.toString({ smallestUnit: 'minute' })} ${state}${state === 'scheduled' ? ` for ${due_at?.toString() ?? ''}` : `, ${published} prices`} ${note}`.trimEnd(),
    );
  return 0;
}

/** What a preview says, in lines for people. */
function linesOf(of: PreviewSummary): string[] {
  const name = ({ channel, sku, before, price, currency }: Moved): string =>
    `  ${channel} ${sku}: ${before === null ? 'none' : showMoney({ minor: before, currency })} → ${price === null ? 'held' : showMoney({ minor: price, currency })}`;
  const share = (bp: number | null): string => (bp === null ? '—' : `${(bp / 100).toFixed(1)} %`);
  return [
    `${of.listings} listings: ${of.would} prices would change (up ${of.up}, down ${of.down}, new ${of.fresh}), ${of.same} stay.`,
    `At their floor ${of.lifted}, blocked by an advertised price ${of.mapBlocked}, capped at the list price ${of.capped}, without a rule ${of.noRule}.`,
    ...of.margins.map(
      ({ currency, before, after, units }) =>
        `Margin in ${currency} ${units > 0 ? 'at the mix of 28 days' : 'by listing'}: ${share(before)} → ${share(after)}`,
    ),
    ...of.held.map(
      ({ why, count, examples }) =>
        `Held, ${why.replaceAll('_', ' ')}: ${count} (${examples
          .slice(0, 3)
          .map(({ sku }) => sku)
          .join(', ')})`,
    ),
    ...(of.movers.length > 0 ? ['Those that move most:', ...of.movers.slice(0, 10).map(name)] : []),
  ];
}
