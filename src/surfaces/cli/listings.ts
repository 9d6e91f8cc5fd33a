import { readFileSync } from 'node:fs';
import { actOnListings } from '#flows/actions-listings';
import { showId } from '#kernel/id';
import { appendFacts } from '#modules/audit';
import { availabilityPolicy, type AvailabilityWhy, variantsBySku } from '#modules/catalog';
import { type ListingFilter, type ListingListed, listListings, listShelves, type ShelfListed } from '#modules/insight';
import type { Database, Tx } from '#platform/db';
import { stockSaid } from '#surfaces/api';

export interface ListingsCommand {
  what: 'stores' | 'list' | 'link' | 'tell-again' | 'read' | 'recount' | 'policy' | 'set';
  /** As they stood on the command line. */
  words: readonly string[];
  channel?: string;
  state?: 'stale' | 'refused' | 'empty';
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

/** `stockless listings …`: what stores show, why, and how stock becomes a figure, from a terminal. Returns the exit code. */
export async function listings(desk: Desk, command: ListingsCommand): Promise<number> {
  try {
    await desk.db.tx(desk.tenant, (tx) => (looks.has(command.what) ? look(tx, desk, command) : write(tx, desk, command)));
  } catch (error) {
    if (!(error instanceof Undone)) throw error;
  }
  return 0;
}

const looks: ReadonlySet<ListingsCommand['what']> = new Set(['stores', 'list', 'policy']);

async function look(tx: Tx, { say }: Desk, command: ListingsCommand): Promise<void> {
  if (command.what === 'policy') return say(JSON.stringify((await availabilityPolicy(tx)).policy, null, 2));
  if (command.what === 'stores') {
    for (const shelf of await listShelves(tx)) say(shelfLine(shelf));
    return;
  }
  const [q] = command.words;
  const filter: ListingFilter = {
    ...(command.channel === undefined ? {} : { channel: (await storeOf(tx, command.channel)).id }),
    ...(command.state === undefined ? {} : { state: command.state }),
    ...(q === undefined ? {} : { q }),
  };
  const { rows, next } = await listListings(tx, filter, { limit: mostListed, after: null });
  for (const row of rows) say(listingLine(row));
  if (rows.length === 0) say('There is no such listing.');
  if (next !== null) say(`… and more; the first ${mostListed} are shown.`);
}

const shelfLine = (one: ShelfListed): string =>
  one.kind !== 'csv'
    ? `${one.code}: ${one.in_stock} of ${one.listings} listings in stock; ${one.stale} not told yet, ${one.refused} refused; read ${one.reconciled_at?.toString() ?? 'never'}: ${one.drifted} of ${one.seen} had changed there, ${one.unknown} are not ours.`
    : `${one.code}: ${one.in_stock} of ${one.listings} listings in stock; it takes files and cannot be told.`;

function listingLine(row: ListingListed): string {
  const why = 'offers' in row.why ? stockSaid(row.why as unknown as AvailabilityWhy) : 'It has not been counted yet.';
  const told = row.trouble !== '' ? ` REFUSED: ${row.trouble}` : row.stale_since === null ? '' : ` (told ${row.quantity ?? 'nothing'} yet)`;
  return `${row.channel} ${row.sku} "${row.title}": ${row.want_quantity ?? '?'}${told}. ${why}`;
}

async function storeOf(tx: Tx, code: string): Promise<ShelfListed> {
  const found = (await listShelves(tx)).find((one) => one.code === code);
  if (!found) throw new Error(`There is no store ${code}. "stockless listings stores" names them.`);
  return found;
}

async function write(tx: Tx, desk: Desk, command: ListingsCommand): Promise<void> {
  const { said, facts, more } = await actOnListings(tx, await askedBy(tx, command));
  desk.say(command.dryRun ? `It would say: ${said}` : said);
  const { examples } = (more ?? {}) as { examples?: { channel: string; sku: string; before: number; after: number }[] };
  for (const { channel, sku, before, after } of examples ?? []) desk.say(`  ${channel} ${sku}: ${before} → ${after}`);
  if (command.dryRun) throw new Undone();
  await appendFacts(
    tx,
    facts.map((fact) => ({ ...fact, actor: by })),
  );
}

async function askedBy(tx: Tx, { what, words }: ListingsCommand) {
  const [first = '', second = '', third = ''] = words;
  const asked = (action: string, input: Record<string, unknown>) => ({ kind: 'listing', action, id: '', by, input });
  if (what === 'recount') return asked('recount', {});
  if (what === 'set') return asked('save', { policy: readPolicy(first) });
  const channel = showId('channel', (await storeOf(tx, first)).id);
  if (what !== 'link') return asked(what, { channel });
  const ours = (await variantsBySku(tx, '00000000-0000-0000-0000-000000000000', [third])).get(third);
  if (!ours) throw new Error(`We sell no ${third || 'variant without a SKU'}.`);
  return asked('link', { channel, sku: second, variant: showId('variant', ours.id) });
}

function readPolicy(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new Error(
      `${path || 'The file'} cannot be read as JSON: ${(error as Error).message}. "stockless listings policy" prints what holds now.`,
    );
  }
}
