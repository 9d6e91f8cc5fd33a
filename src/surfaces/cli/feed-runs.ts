import { readFile, writeFile } from 'node:fs/promises';
import { rawFile, rejectFile } from '#flows/feed-desk';
import { type FeedRoom, workFeeds } from '#flows/feed-life';
import { readId, showId } from '#kernel/id';
import { Problem } from '#kernel/problem';
import { appliedAfter, changesOf, countChanges, netChange, type OfferChange } from '#modules/catalog';
import { feedRunSeen, feedsOf, listFeedRuns } from '#modules/insight';
import { supplierCodes } from '#modules/suppliers';
import type { Tx } from '#platform/db';

export interface FeedRunCommand {
  /** `list`, `runs`, `show`, `set`, `run`, `pause`, `resume`, `release`, `reject`, `replay`, `roll-back`, `rejects`, `compare`. */
  verb: string;
  /** A supplier's code or a run's id, and for `set` and `compare` what else there is to name. */
  names: readonly string[];
  /** Of a held run: the parts to apply, such as `stock,cost`; all unless said. */
  only?: string;
  withoutFlagged?: boolean;
  dryRun?: boolean;
  out?: string;
  say: (line: string) => void;
  /** What the API does for people, done here. */
  act(tx: Tx, asked: { kind: string; action: string; id: string; by: string; input: Record<string, unknown> }): Promise<{ said: string }>;
}

const mostShown = 200;

/** `stockless feed <verb> …` for everything but preview and import. Returns the exit code: 0 done, 1 not possible. */
export async function feedRuns(room: FeedRoom, tenant: string, command: FeedRunCommand): Promise<number> {
  try {
    await perform(room, tenant, command);
    return 0;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    command.say(`${error.message}${error.fix ? ` ${error.fix}` : ''}`);
    return 1;
  }
}

async function perform(room: FeedRoom, tenant: string, command: FeedRunCommand): Promise<void> {
  const { verb, say, names } = command;
  const inTx = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => room.db.tx(tenant, work);
  if (verb === 'list') return list(await inTx((tx) => feedsOf(tx)), say);
  if (verb === 'show') return show(await inTx((tx) => runShown(tx, runNamed(names[0]))), say);
  if (verb === 'rejects') return rejects(room, tenant, command);
  if (['release', 'reject', 'replay', 'roll-back'].includes(verb))
    return actOn(room, tenant, command, 'feed-run', runNamed(names[0]), partOf(command));
  const codes = await inTx(supplierCodes);
  const supplier = [...codes].find(([code]) => code.toLowerCase() === (names[0] ?? '').toLowerCase())?.[1];
  if (supplier === undefined)
    throw new Problem(
      'not-found',
      `There is no supplier ${names[0] ?? ''}. Known are: ${[...codes.keys()].sort().join(', ') || 'none yet'}.`,
    );
  if (verb === 'runs') {
    const { rows } = await inTx((tx) => listFeedRuns(tx, { supplier }, { limit: 30, after: null }));
    for (const one of rows)
      say(
        `${showId('run', one.id)}  ${one.started_at.toString().slice(0, 16)}  ${one.state.padEnd(9)} +${one.rows_new} ±${one.rows_changed} −${one.rows_gone}  ${one.name}  ${one.why}`.trimEnd(),
      );
    return;
  }
  if (verb === 'compare') return compare(await inTx((tx) => between(tx, supplier, runNamed(names[1]), runNamed(names[2]))), say);
  const input = verb === 'set' ? (JSON.parse(await readFile(names[1] ?? '', 'utf8')) as Record<string, unknown>) : {};
  return actOn(room, tenant, command, 'feed', supplier, input, verb === 'set' ? 'change' : verb);
}

function runNamed(name: string | undefined): string {
  const id = readId('run', name ?? '');
  if (id === null) throw new Problem('bad-request', `"${name ?? ''}" is no run; "stockless feed runs <supplier>" lists them.`);
  return id;
}

const parts = ['stock', 'cost', 'texts', 'fresh', 'gone'] as const;

function partOf({ only, withoutFlagged }: FeedRunCommand): Record<string, unknown> {
  if (only === undefined && !withoutFlagged) return {};
  const wanted = only?.split(',').map((word) => word.trim());
  const unknown = wanted?.find((word) => !(parts as readonly string[]).includes(word));
  if (unknown !== undefined) throw new Problem('invalid-field', `"${unknown}" is no part of a feed; ${parts.join(', ')} are.`);
  return {
    part: {
      ...(wanted ? Object.fromEntries(parts.map((one) => [one, wanted.includes(one)])) : {}),
      ...(withoutFlagged ? { flagged: false } : {}),
    },
  };
}

/** Carries what a dry run said out of the transaction that it undoes. */
class Undone extends Error {}

async function actOn(
  room: FeedRoom,
  tenant: string,
  command: FeedRunCommand,
  kind: string,
  id: string,
  input: Record<string, unknown>,
  action = command.verb,
): Promise<void> {
  const { act, say, dryRun } = command;
  await room.db
    .tx(tenant, async (tx) => {
      const { said } = await act(tx, { kind, action, id, by: 'cli', input });
      say(dryRun ? `It would say: ${said}` : said);
      if (dryRun) throw new Undone();
    })
    .catch((error: unknown) => {
      if (!(error instanceof Undone)) throw error;
    });
  if (dryRun || kind !== 'feed-run') return;
  for (const { run, state, why } of await workFeeds(room, tenant)) say(`${showId('run', run)} ${state}. ${why}`.trimEnd());
}

function list(feeds: Awaited<ReturnType<typeof feedsOf>>, say: FeedRunCommand['say']): void {
  const signs: Record<string, string> = { applied: '●', held: '◐', failed: '✕', cancelled: '○', running: '◌' };
  for (const feed of feeds)
    say(
      `${feed.code.padEnd(16)} ${(feed.transport ?? 'upload').padEnd(7)} ${(feed.state ?? 'none').padEnd(8)} ${(feed.fresh_at?.toString().slice(0, 16) ?? 'never').padEnd(17)} ${String(feed.offers).padStart(8)} offers  ${feed.runs
        .toReversed()
        .map(({ state }) => signs[state] ?? '?')
        .join('')}`,
    );
}

async function runShown(tx: Tx, id: string) {
  const run = await feedRunSeen(tx, id);
  if (!run) throw new Problem('not-found', 'There is no such feed run.');
  return { run, counts: await countChanges(tx, id), changes: await changesOf(tx, id, { after: null, limit: mostShown }) };
}

function show({ run, counts, changes }: Awaited<ReturnType<typeof runShown>>, say: FeedRunCommand['say']): void {
  say(`${run.name} of ${run.supplier_name}: ${run.state}. ${run.why}`.trimEnd());
  say(
    `Rows ${run.rows_read}: new ${run.rows_new}, changed ${run.rows_changed}, same ${run.rows_same}, refused ${run.rows_refused}. No longer in the file: ${run.rows_gone}.`,
  );
  say(
    Object.entries(counts)
      .map(([what, count]) => `${what} ${count}`)
      .join(', '),
  );
  for (const change of changes) say(lineOf(change));
}

const lineOf = ({ supplier_sku, what, flags, was_cost, cost, was_quantity, quantity }: OfferChange): string =>
  `  ${supplier_sku.padEnd(24)} ${what.join(',').padEnd(12)} cost ${was_cost ?? '—'} → ${cost ?? '—'}  stock ${was_quantity ?? '—'} → ${quantity ?? '—'}  ${flags.join(', ')}`.trimEnd();

async function between(tx: Tx, supplier: string, from: string, to: string): Promise<OfferChange[]> {
  const later = await appliedAfter(tx, supplier, from);
  const runs = later.slice(0, later.findIndex(({ id }) => id === to) + 1);
  if (runs.length === 0) throw new Problem('invalid-field', 'The second is no run that was applied after the first.');
  if (runs.some(({ has_changes }) => !has_changes))
    throw new Problem('wrong-state', 'What runs between them changed is not kept any longer.');
  return netChange(
    tx,
    runs.map(({ id }) => id),
    { after: null, limit: mostShown },
  );
}

function compare(changes: readonly OfferChange[], say: FeedRunCommand['say']): void {
  if (changes.length === 0) say('Nothing lies between them.');
  for (const change of changes) say(lineOf(change));
}

async function rejects(room: FeedRoom, tenant: string, { names, out, say }: FeedRunCommand): Promise<void> {
  const pieces = rejectFile(await rawFile(room, tenant, runNamed(names[0])));
  const path = out ?? 'rejects.csv';
  await writeFile(path, pieces);
  say(`The rows that were not taken, with reasons, are in ${path}.`);
}
