import type { FeedLimits } from './feed-words.ts';

/** What a file would do, in numbers. */
export interface WouldDo {
  /** Rows that could be read, and rows that could not. */
  taken: number;
  unreadable: number;
  /** Offers that the file before told of. */
  before: number;
  gone: number;
  /** Offers whose cost would move by more than the limit's `costMove`. */
  costMoved: number;
  /** Offers that had stock and would have none. */
  zeroed: number;
  /** Byte for byte what was applied last. */
  isSameFile: boolean;
  /** Counted by the supplier before what was applied last. */
  isOlder: boolean;
}

/** A share of few is no sign of anything. */
const fewest = 5;

/** Why a file has to wait for a person; none when it may be applied. */
export function guardFeed(it: WouldDo, limits: FeedLimits): string[] {
  if (it.isSameFile) return ['It is the same file as the one applied before; the supplier may have stopped writing it anew.'];
  const why: string[] = [];
  const rows = it.taken + it.unreadable;
  if (it.isOlder) why.push('It is older than what was applied before.');
  if (it.taken === 0) why.push('It has no row that can be read.');
  else if (it.taken / rows < limits.yield)
    why.push(`Only ${it.taken} of ${rows} rows can be read (${percent(it.taken, rows)}; at least ${shown(limits.yield)} is expected).`);
  if (it.gone > 0 && it.taken > 0 && (it.gone >= it.before || beyond(it.gone, it.before, limits.vanished)))
    why.push(
      `${it.gone} of ${it.before} offers are no longer in it (${percent(it.gone, it.before)}; up to ${shown(limits.vanished)} is usual).`,
    );
  if (beyond(it.costMoved, it.before, limits.costRows))
    why.push(
      `${it.costMoved} of ${it.before} costs move by more than ${shown(limits.costMove)} (${percent(it.costMoved, it.before)}; up to ${shown(limits.costRows)} is usual).`,
    );
  if (beyond(it.zeroed, it.before, limits.zeroed))
    why.push(
      `${it.zeroed} of ${it.before} offers would have no stock left (${percent(it.zeroed, it.before)}; up to ${shown(limits.zeroed)} is usual).`,
    );
  return why;
}

const beyond = (some: number, all: number, share: number): boolean => some >= fewest && some > all * share;
const percent = (some: number, all: number): string => shown(all === 0 ? 0 : some / all);
const shown = (share: number): string => `${Math.round(share * 1000) / 10} %`;
