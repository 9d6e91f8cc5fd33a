import { after, type Clock, earliest, hoursBetween, type Instant, instant } from './time.ts';

/**
 * Where a sweep over things that change stands: `<iso> <id> <iso of the last deep sweep>`. The id tells two of them apart that changed
 * in one instant. A store's pages shift while they are read and rows appear late, so every sweep begins a little before the last one
 * ended, and once a day some days before: what was seen is known by its content and costs a look.
 */
export interface Sweep {
  after: string;
  /** What comes next among those of this instant: an id, or a page; '' for the first. */
  id: string;
  deepAt: string;
}

const overlap = { minutes: 15 };
const deepOverlap = { days: 3 };
const deepEveryHours = 24;

export function readSweep(text: string): Sweep {
  const [from = '', id = '', deepAt = ''] = text.split(' ');
  return { after: from, id: id === '-' ? '' : id, deepAt };
}

export const showSweep = ({ after: from, id, deepAt }: Sweep): string => (from === '' && id === '' ? '' : `${from} ${id || '-'} ${deepAt}`);

/** A sweep that begins at this instant. */
export const sweepSince = (from: Instant): string => showSweep({ after: from.toString(), id: '', deepAt: '' });

/** What follows a page: the next one of this sweep, or the beginning of the next sweep. */
export function followPage(from: Sweep, to: Sweep, hasMore: boolean, clock: Clock): { cursor: string; more: boolean } {
  const moved = to.after !== from.after || to.id !== from.id;
  const more = hasMore && moved;
  // The first sweep reads everything there is, so the first deep one is a day away.
  const ended = from.deepAt === '' ? { ...to, deepAt: clock.now().toString() } : to;
  return { cursor: showSweep(more ? to : nextSweep(ended, to.after !== from.after, clock.now())), more };
}

/** Where the next sweep begins. A store that says strange times is swept from where it was, and never from the future. */
function nextSweep(ended: Sweep, moved: boolean, now: Instant): Sweep {
  const lastDeep = instantOrNull(ended.deepAt);
  if (lastDeep === null || hoursBetween(lastDeep, now) >= deepEveryHours) {
    return { after: before(now, { hours: deepOverlap.days * 24 }).toString(), id: '', deepAt: now.toString() };
  }
  const last = moved ? instantOrNull(ended.after) : null;
  return last === null ? { ...ended, id: '' } : { after: before(earliest(last, now), overlap).toString(), id: '', deepAt: ended.deepAt };
}

const before = (at: Instant, wait: { hours?: number; minutes?: number }): Instant =>
  after(at, { hours: -(wait.hours ?? 0), minutes: -(wait.minutes ?? 0) });

function instantOrNull(text: string): Instant | null {
  try {
    return instant(text);
  } catch {
    return null;
  }
}
