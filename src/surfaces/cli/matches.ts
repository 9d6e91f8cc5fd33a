import { actOnMatches } from '#flows/actions-matches';
import { workMatches } from '#flows/match-life';
import { showId } from '#kernel/id';
import { appendFacts } from '#modules/audit';
import { listUndo } from '#modules/catalog';
import {
  countMatches,
  countUnmatched,
  listMatches,
  listOffers,
  type MatchListed,
  mostUnmatched,
  searchVariants,
  suppliersOf,
} from '#modules/insight';
import type { Database, Tx } from '#platform/db';

export interface MatchesCommand {
  what: 'summary' | 'list' | 'approve' | 'pair' | 'reject' | 'create' | 'run' | 'settings' | 'undo';
  /** As they stood on the command line. */
  words: readonly string[];
  certainty?: string;
  rule?: string;
  units?: number;
  anyway?: boolean;
  dryRun?: boolean;
}

interface Desk {
  db: Database;
  tenant: string;
  say: (line: string) => void;
}

const by = 'cli';
const mostListed = 200;

/** Carries what a dry run said out of the transaction that it undoes. */
class Undone extends Error {}

/** `stockless matches …`: what the screen of matches does, from a terminal. Returns the exit code. */
export async function matches(desk: Desk, command: MatchesCommand): Promise<number> {
  try {
    await desk.db.tx(desk.tenant, (tx) =>
      command.what === 'summary' || command.what === 'list' ? look(tx, desk, command) : write(tx, desk, command),
    );
  } catch (error) {
    if (!(error instanceof Undone)) throw error;
    return 0;
  }
  if (command.what === 'run' && !command.dryRun) {
    const { offers, confirmed, suggested, broken } = await workMatches(desk.db, desk.tenant);
    desk.say(
      `${offers} offers were looked at: ${confirmed} approved as exact, ${suggested} to look at, ${broken} are other products by now.`,
    );
  }
  return 0;
}

async function look(tx: Tx, { say }: Desk, { what, certainty, rule }: MatchesCommand): Promise<void> {
  if (what === 'summary') {
    for (const group of await countMatches(tx))
      say(`${group.count} ${group.state} ${[group.certainty, group.rule].filter(Boolean).join(' by ')}`);
    const unmatched = await countUnmatched(tx);
    say(`${Math.min(unmatched, mostUnmatched)}${unmatched > mostUnmatched ? ' and more' : ''} offers without a match`);
    return;
  }
  const filter = {
    state: ['suggested', 'broken'],
    ...(certainty === undefined ? {} : { certainty: [certainty] }),
    ...(rule === undefined ? {} : { rule }),
  };
  const { rows, next } = await listMatches(tx, filter, { limit: mostListed, after: null });
  for (const row of rows) say(lineOf(row));
  if (rows.length === 0) say('Nothing waits for a person.');
  if (next !== null) say(`… and more; the first ${mostListed} are shown.`);
}

const lineOf = (row: MatchListed): string =>
  `${row.certainty.padEnd(8)} ${row.confidence.toFixed(2)}  ${row.supplier_name} ${row.supplier_sku} "${row.offer_title}"  =  ${row.sku} "${row.title}"  ${row.evidence}`;

async function write(tx: Tx, desk: Desk, command: MatchesCommand): Promise<void> {
  const { said, facts, more } = await actOnMatches(tx, await askedBy(tx, command));
  if (!command.dryRun)
    await appendFacts(
      tx,
      facts.map((fact) => ({ ...fact, actor: by })),
    );
  desk.say(command.dryRun ? `It would say: ${said}` : said);
  if (command.dryRun) throw new Undone();
  if (typeof more?.['undo'] === 'string') desk.say(`"stockless matches undo ${more['undo']}" takes it back within a quarter of an hour.`);
}

async function askedBy(tx: Tx, { what, words, certainty, rule, units, anyway }: MatchesCommand) {
  const [first = '', second = ''] = words;
  const asked = (action: string, input: Record<string, unknown>) => ({ kind: 'match', action, id: '', by, input });
  switch (what) {
    case 'approve': {
      if (!['exact', 'likely', 'possible'].includes(first)) throw new Error('Say which are approved: exact, likely or possible.');
      return asked('approve-group', { certainty: certainty ?? first, ...(rule === undefined ? {} : { rule }) });
    }
    case 'pair':
    case 'reject': {
      const pair = { ...(await pairNamed(tx, first, second)), ...(units === undefined ? {} : { unitsPerOffer: units }) };
      return asked(what === 'pair' ? 'approve' : 'reject', { pairs: [pair], anyway: anyway ?? false });
    }
    case 'create':
      return asked('create', {
        offer: await offerNamed(tx, first),
        sku: second,
        ...(words[2] === undefined ? {} : { title: words.slice(2).join(' ') }),
      });
    case 'settings':
      if (first !== 'auto' && first !== 'ask') throw new Error('Say "auto", so that exact matches are approved by themselves, or "ask".');
      return asked('settings', { autoExact: first === 'auto' });
    case 'undo':
      return asked('undo', { undo: first === '' ? await lastUndo(tx) : first });
    default:
      return asked('run', {});
  }
}

async function lastUndo(tx: Tx): Promise<string> {
  const found = (await listUndo(tx)).find(({ kind }) => kind.startsWith('matches.'));
  if (!found) throw new Error('Nothing about matches can be taken back any longer.');
  return showId('undo', found.id);
}

/** `KESTREL:K-100`, a supplier's code and its own number. */
async function offerNamed(tx: Tx, text: string): Promise<string> {
  const [code = '', ...rest] = text.split(':');
  const supplier = (await suppliersOf(tx)).find((one) => one.code === code);
  if (!supplier) throw new Error(`"${text}" names no offer: it is the supplier's code and its number, such as KESTREL:K-100.`);
  const sku = rest.join(':');
  const found = (await listOffers(tx, { supplier: supplier.id, sku }, { limit: 200, after: null })).rows.find(
    (one) => one.supplier_sku === sku,
  );
  if (!found) throw new Error(`${supplier.name} has no offer ${sku}.`);
  return showId('offer', found.id);
}

async function pairNamed(tx: Tx, offer: string, sku: string): Promise<{ offer: string; variant: string }> {
  const variant = (await searchVariants(tx, sku)).find((one) => one.sku === sku);
  if (!variant) throw new Error(`We sell no ${sku || 'variant without a SKU'}.`);
  return { offer: await offerNamed(tx, offer), variant: showId('variant', variant.id) };
}
