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

export const guardNames = [
  'same_file',
  'older',
  'yield',
  'currency',
  'vanished',
  'cost_jump',
  'zeroed',
  'zero_cost',
  'damaged',
  'truncated',
  'stranger',
  'columns',
  'asked',
] as const;
export type GuardName = (typeof guardNames)[number];

/** One thing that was looked at: how much of it there is, what is usual, and in a sentence why the file has to wait; '' when it need not. */
export interface Guarded {
  guard: GuardName;
  /** How many, of how many. */
  count: number;
  of: number;
  /** The share beyond which (for `yield`: below which) it waits; null where there is none to set. */
  limit: number | null;
  why: string;
}

/** A share of few is no sign of anything. */
export const fewest = 5;

/** Why a file has to wait for a person; none when it may be applied. */
export const guardFeed = (it: WouldDo, limits: FeedLimits): string[] => whyOf(measureFeed(it, limits));

/** The sentences, the same file alone when it is that: then nothing else says anything. */
export function whyOf(guarded: readonly Guarded[]): string[] {
  const same = guarded.find(({ guard, why }) => guard === 'same_file' && why !== '');
  return same ? [same.why] : guarded.flatMap(({ why }) => (why === '' ? [] : [why]));
}

export function measureFeed(it: WouldDo, limits: FeedLimits): Guarded[] {
  const rows = it.taken + it.unreadable;
  const tooMany = (some: number, share: number, says: string): string =>
    beyond(some, it.before, share) ? `${some} of ${it.before} ${says} (${percent(some, it.before)}; up to ${shown(share)} is usual).` : '';
  return [
    yesOrNo('same_file', it.isSameFile, 'It is the same file as the one applied before; the supplier may have stopped writing it anew.'),
    yesOrNo('older', it.isOlder, 'It is older than what was applied before.'),
    {
      guard: 'yield',
      count: it.taken,
      of: rows,
      limit: limits.yield,
      why:
        it.taken === 0
          ? 'It has no row that can be read.'
          : it.taken / rows < limits.yield
            ? `Only ${it.taken} of ${rows} rows can be read (${percent(it.taken, rows)}; at least ${shown(limits.yield)} is expected).`
            : '',
    },
    {
      guard: 'vanished',
      count: it.gone,
      of: it.before,
      limit: limits.vanished,
      why:
        it.gone > 0 && it.taken > 0 && (it.gone >= it.before || beyond(it.gone, it.before, limits.vanished))
          ? `${it.gone} of ${it.before} offers are no longer in it (${percent(it.gone, it.before)}; up to ${shown(limits.vanished)} is usual).`
          : '',
    },
    {
      guard: 'cost_jump',
      count: it.costMoved,
      of: it.before,
      limit: limits.costRows,
      why: tooMany(it.costMoved, limits.costRows, `costs move by more than ${shown(limits.costMove)}`),
    },
    {
      guard: 'zeroed',
      count: it.zeroed,
      of: it.before,
      limit: limits.zeroed,
      why: tooMany(it.zeroed, limits.zeroed, 'offers would have no stock left'),
    },
  ];
}

export const yesOrNo = (guard: GuardName, is: boolean, why: string): Guarded => ({
  guard,
  count: is ? 1 : 0,
  of: 1,
  limit: null,
  why: is ? why : '',
});

/** Whether a guard would have held a run under another limit than the one of its day. */
export function wouldFire({ guard, count, of, limit, why }: Guarded, other: number | undefined): boolean {
  if (other === undefined || limit === null || other === limit) return why !== '';
  if (guard === 'yield') return count === 0 || count / of < other;
  return (guard === 'vanished' && count > 0 && count >= of) || beyond(count, of, other);
}

const beyond = (some: number, all: number, share: number): boolean => some >= fewest && some > all * share;
export const percent = (some: number, all: number): string => shown(all === 0 ? 0 : some / all);
export const shown = (share: number): string => `${Math.round(share * 1000) / 10} %`;
