import { invariant } from '#kernel/fault';
import { after, isBefore } from '#kernel/time';
import { Unreadable } from '#kernel/unreadable';
import type { Database, Tx } from '#platform/db';
import { variantsTouched } from './availability/store-signals.ts';
import type { WouldDo } from './decide-guard.ts';
import type { FeedCounts, FeedImport, FeedOutcome } from './feed-words.ts';
import { NotByLines } from './known-lines.ts';
import { reviewFeed } from './review.ts';
import { matchImport } from './matching/run.ts';
import type { Prints } from './prints.ts';
import { FeedCancelled, listPrints, type Reading, type Staged, stageFeed } from './stage.ts';
import { release } from './store.ts';
import { addNew, applyChanges, applySilence } from './store-apply.ts';
import {
  accountsFor,
  compare,
  compareFirst,
  dropRepeated,
  findGone,
  hasNone,
  makeStaging,
  offersToReflect,
  type Repeated,
  silentLeft,
  standsTwice,
  type Totals,
  totals,
  variantsChanged,
} from './store-feed.ts';
import { beginFeedRun, endFeedRun, type FeedKept, keepFeed, lockFeed, printsOf } from './store-runs.ts';

/**
 * Imports a supplier's file in one transaction: it is applied as a whole, held for a person (nothing is written then), or leaves
 * everything as it was. What broke by a bug of ours or of the database is thrown, after the run was marked as failed.
 */
export async function importFeed(db: Database, tenant: string, ask: FeedImport): Promise<FeedOutcome> {
  await db.tx(tenant, (tx) => beginFeedRun(tx, ask));
  try {
    return await attempt(db, tenant, ask, 'rows' in ask.content ? 'whole' : ask.readAll ? 'all-lines' : 'new-lines');
  } catch (error) {
    if (error instanceof FeedCancelled) return end(db, tenant, ask, 'cancelled', 'It was cancelled; nothing was changed.');
    if (error instanceof Unreadable) return end(db, tenant, ask, 'failed', `${error.message}. ${error.fix}.`);
    await end(db, tenant, ask, 'failed', 'It broke off; nothing was changed. The log says where.');
    throw error;
  }
}

/** Thrown when only the whole file tells which of two lines with one number is the last. */
class ReadAllLines extends Error {}

async function attempt(db: Database, tenant: string, ask: FeedImport, how: Reading): Promise<FeedOutcome> {
  try {
    return await db.tx(tenant, (tx) => apply(tx, ask, how));
  } catch (error) {
    if (error instanceof ReadAllLines) return attempt(db, tenant, ask, 'all-lines');
    // Read as a whole it is refused with the right line, or understood after all.
    if (how !== 'whole' && (error instanceof NotByLines || error instanceof Unreadable)) return attempt(db, tenant, ask, 'whole');
    throw error;
  }
}

async function end(db: Database, tenant: string, ask: FeedImport, state: 'failed' | 'cancelled', why: string): Promise<FeedOutcome> {
  const outcome: FeedOutcome = { run: ask.runId, supplier: ask.supplierId, state, why, refused: [], ...noRows };
  await db.tx(tenant, async (tx) => {
    if (await endFeedRun(tx, outcome)) await ask.record?.(tx, outcome);
  });
  return outcome;
}

const noRows: FeedCounts = { rows_read: 0, rows_new: 0, rows_changed: 0, rows_same: 0, rows_refused: 0, rows_gone: 0 };
const mostRefused = 1_000;

async function apply(tx: Tx, ask: FeedImport, how: Reading): Promise<FeedOutcome> {
  const kept = await lockFeed(tx, ask.supplierId);
  const { settings } = kept;
  await makeStaging(tx);
  const staged = await stageFeed(
    tx,
    ask,
    how,
    { name: ask.name, observedCurrency: kept.currency, ...(settings.mapping ? { mapping: settings.mapping } : {}) },
    { reading: kept.reading, prints: () => printsOf(tx, ask.supplierId) },
  );
  const twice = await dropRepeated(tx, mostRefused);
  const isFirst = staged.lost === null && !ask.part && (await hasNone(tx, ask.supplierId));
  await (isFirst ? compareFirst : compare)(tx, {
    supplierId: ask.supplierId,
    currency: kept.currency,
    wordUnits: settings.wordUnits,
    firstId: tx.newId(),
    byLines: staged.lost !== null,
  });
  const gone = await goneFrom(tx, ask, kept, staged.lost);
  const sums = await totals(tx, settings.limits);
  const counts = countsOf(staged, twice.count, sums, gone);
  const refused = [...staged.refused, ...twice.first].sort((one, other) => one.line - other.line).slice(0, mostRefused);
  const would = wouldDo(staged, counts, { sums, kept, ask });
  const why = await reviewFeed(tx, ask, { settings, told: kept.told, would, refused, hash: staged.contentHash });
  const outcome: FeedOutcome = {
    run: ask.runId,
    supplier: ask.supplierId,
    state: why.length > 0 ? 'held' : 'applied',
    why: why.length > 0 ? why.join(' ') : would.isSameFile && !ask.isReplay && isNoNews(counts) ? sameAgain : '',
    refused,
    ...counts,
  };
  if (outcome.state === 'applied')
    await write(tx, ask, { kept, staged, twice, fresh: sums.fresh, isFirst, told: counts.rows_read - counts.rows_refused });
  invariant(await endFeedRun(tx, outcome), 'a feed run that is not running any more is not ended again');
  await ask.record?.(tx, outcome);
  return outcome;
}

/** Said of a run that only tells that the figures are still those of the supplier. */
const sameAgain = 'It is the same file as the one applied before: nothing has changed.';
const isNoNews = ({ rows_new, rows_changed, rows_gone }: FeedCounts): boolean => rows_new + rows_changed + rows_gone === 0;

async function goneFrom(tx: Tx, ask: FeedImport, { settings, unlisted }: FeedKept, lost: Prints | null): Promise<number> {
  if (lost && (await accountsFor(tx, lost, unlisted)) && !(await silentLeft(tx, ask.supplierId, settings.absence))) return 0;
  if (lost && (await standsTwice(tx, lost))) throw new ReadAllLines();
  return findGone(tx, ask.supplierId, settings.absence, lost !== null);
}

function countsOf(staged: Staged, repeated: number, sums: Totals, gone: number): FeedCounts {
  const rows_read = staged.same + staged.taken + staged.unreadable;
  const rows_refused = staged.unreadable + repeated;
  return {
    rows_read,
    rows_new: sums.fresh,
    rows_changed: sums.changed,
    rows_same: rows_read - rows_refused - sums.fresh - sums.changed,
    rows_refused,
    rows_gone: gone,
  };
}

function wouldDo(staged: Staged, counts: FeedCounts, { sums, kept, ask }: { sums: Totals; kept: FeedKept; ask: FeedImport }): WouldDo {
  return {
    taken: staged.taken + staged.same,
    unreadable: staged.unreadable,
    before: counts.rows_same + counts.rows_changed + counts.rows_gone,
    gone: counts.rows_gone,
    costMoved: sums.costMoved,
    zeroed: sums.zeroed,
    isSameFile: staged.contentHash !== null && kept.content_hash !== null && Buffer.from(staged.contentHash).equals(kept.content_hash),
    isOlder: kept.complete_at !== null && isBefore(ask.observedAt, kept.complete_at),
  };
}

/** Promises come first: whoever else touches promises and offers takes them in this order. */
async function write(
  tx: Tx,
  ask: FeedImport,
  {
    kept,
    staged,
    twice,
    fresh,
    isFirst,
    told,
  }: { kept: FeedKept; staged: Staged; twice: Repeated; fresh: number; isFirst: boolean; told: number },
): Promise<void> {
  const { settings } = kept;
  if (staged.hasStock) {
    const before = after(ask.observedAt, { minutes: -settings.graceMinutes });
    const offerIds = await offersToReflect(tx, ask.supplierId, before);
    if (offerIds.length > 0) await release(tx, await ask.reflect(tx, { supplierId: ask.supplierId, offerIds, before }));
  }
  await applySilence(tx, ask, settings.absence);
  await applyChanges(tx, ask);
  if (!isFirst) await variantsTouched(tx, { of: variantsChanged(tx), costs: true });
  if (fresh > 0) await addNew(tx, ask, { buffer: settings.buffer, isFirst });
  await matchImport(tx, ask.supplierId, fresh);
  const listed = staged.lines && listPrints(staged.lines, twice.lines);
  await keepFeed(tx, ask.supplierId, {
    content_hash: staged.contentHash,
    complete_at: ask.observedAt,
    told,
    unlisted: listed === null ? 0 : told - listed.length,
    reading: listed === null ? null : staged.reading,
    prints: staged.lines?.isAsBefore ? 'as-before' : listed,
  });
}
