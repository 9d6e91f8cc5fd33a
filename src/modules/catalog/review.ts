import { isBefore } from '#kernel/time';
import type { Tx } from '#platform/db';
import { compareColumns, guardFile } from './decide-file.ts';
import { fewest, type Guarded, measureFeed, whyOf, type WouldDo } from './decide-guard.ts';
import type { FeedImport, FeedSettings, FileSeen, RefusedRow } from './feed-words.ts';
import { type DiffTells, diffTells, keepBack, keepDiff, keepReview, lastFile, waitFor, whoseNumbers } from './store-diff.ts';

export interface Reviewing {
  settings: FeedSettings;
  /** Rows that the file applied last told of. */
  told: number;
  would: WouldDo;
  refused: readonly RefusedRow[];
  hash: Uint8Array | null;
}

/**
 * Looks at a file's rows when they have been held against the offers and before anything is written: takes out what a person kept
 * back, measures every guard, and writes down what changes. Returns why the file has to wait for a person; none when it may be applied.
 */
export async function reviewFeed(tx: Tx, ask: FeedImport, it: Reviewing): Promise<string[]> {
  const { settings } = it;
  ask.onStage?.('check');
  const before = await lastFile(tx, ask.supplierId);
  const tells = await diffTells(tx);
  const guards = await measure(tx, ask, it, { before, tells });
  if (ask.part) await keepBack(tx, ask.part, settings.limits);
  const why = ask.guard === 'off' ? [] : whyOf(guards);
  await keepDiff(tx, { runId: ask.runId, absence: settings.absence, limits: settings.limits, isHeld: why.length > 0 });
  await keepReview(tx, {
    runId: ask.runId,
    seen: ask.seen ?? null,
    guards,
    part: ask.part ?? null,
    hash: it.hash,
    endsWhole: endsWhole(ask),
    hasChanges: true,
    // What was kept back did not come.
    freshIds: ask.part && (!ask.part.fresh || !ask.part.flagged) ? (await diffTells(tx)).freshIds : tells.freshIds,
  });
  ask.onStage?.(why.length > 0 ? 'hold' : 'apply');
  return why;
}

async function measure(
  tx: Tx,
  ask: FeedImport,
  it: Reviewing,
  { before, tells }: { before: Awaited<ReturnType<typeof lastFile>>; tells: DiffTells },
): Promise<Guarded[]> {
  const { settings, would, told, refused } = it;
  const rows = would.taken + would.unreadable;
  const counted = measureFeed(
    {
      ...would,
      isSameFile: would.isSameFile && !ask.isReplay && settings.sameFile === 'hold',
      isOlder: would.isOlder && !ask.isReplay && isOlderThan(ask, before),
    },
    settings.limits,
  ).map((one) => (one.guard === 'cost_jump' ? { ...one, moves: tells.moves } : one));
  const inOther = refused.filter(({ field }) => field === 'currency');
  const isWhole = endsWhole(ask);
  const { trailer } = settings;
  return [
    ...counted,
    ...guardFile({
      rows,
      told,
      limits: settings.limits,
      fresh: tells.fresh,
      zeroCost: tells.zeroCost,
      damagedTitles: tells.damagedTitles,
      damaged: ask.seen?.damaged ?? 0,
      damagedText: ask.seen?.damagedText ?? '',
      otherCurrency: inOther.length,
      currencySays: (inOther[0]?.why ?? '').replace(/^The file says /, 'the file says '),
      isCut: isWhole === null ? null : !isWhole && before?.reading['endsWhole'] !== false,
      trailer,
      hasTrailer: trailer === '' || lastLine(ask).startsWith(trailer),
      columns:
        ask.seen && before?.headers
          ? compareColumns(columnsOf(before.headers, before.reading), {
              ...columnsOf(ask.seen.headers, ask.seen.reading),
              format: String(ask.seen.reading['format']),
            })
          : null,
      newColumns: ask.isReplay ? 'pass' : settings.newColumns,
      stranger: await strangerOf(tx, ask.supplierId, would),
      waitFor: ask.guard === 'off' ? '' : await waitFor(tx, ask.supplierId),
    }),
  ];
}

/** A source that said "nothing new" in between makes the feed fresher than the file; the next file is held against the file. */
const isOlderThan = ({ observedAt }: FeedImport, before: Awaited<ReturnType<typeof lastFile>>): boolean =>
  before === null || isBefore(observedAt, before.observed_at);

const columnsOf = (headers: readonly string[], reading: FileSeen['reading']) => ({
  headers,
  columns: (reading['columns'] ?? {}) as Readonly<Record<string, string>>,
});

/** A file of which hardly anything is this supplier's may be another's. */
async function strangerOf(
  tx: Tx,
  supplierId: string,
  { taken, before, gone }: WouldDo,
): Promise<{ name: string; theirs: number; ours: number } | null> {
  const ours = before - gone;
  if (before < fewest || taken < fewest || ours > taken * 0.3) return null;
  const whose = await whoseNumbers(tx, supplierId);
  return whose && whose.share >= 0.6 ? { name: whose.name, theirs: whose.share, ours: ours / taken } : null;
}

/** Whether the last line of a text file is ended, as that of the file before was; null when its end is not known, or is packed. */
function endsWhole({ lastBytes, seen }: FeedImport): boolean | null {
  if (!lastBytes || seen?.reading['format'] !== 'csv' || seen.reading['isPacked'] === true) return null;
  return [...lastBytes().subarray(-2)].some((byte) => byte === 10 || byte === 13);
}

function lastLine({ lastBytes }: FeedImport): string {
  const lines = new TextDecoder()
    .decode(lastBytes?.() ?? new Uint8Array())
    .replaceAll('\0', '')
    .trimEnd()
    .split(/\r\n|\n|\r/);
  return lines.at(-1) ?? '';
}
