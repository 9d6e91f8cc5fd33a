import type { Fault } from '#kernel/fault';
import { showId } from '#kernel/id';
import { after, hoursBetween, type Instant, isBefore, msBetween } from '#kernel/time';
import type { NewException, Plan } from '#platform/work';
import type { FeedFetched } from '#ports/feed-door';
import type { FeedSchedule, FeedSource } from './source-words.ts';

const usualMinutes = 60;
const stoppedMinutes = 30;
const mostWaitMinutes = 240;
/** Passing trouble that does not pass for so long is for a person. */
const patienceHours = 3;

/** When a source is looked at next; null when only a person says so. Times of the day are those of the supplier's zone, across changes of the clock. */
export function nextLook(schedule: FeedSchedule, zone: string, now: Instant, newAt: Instant | null): Instant | null {
  const { everyMinutes, whileChangingMinutes, at = [] } = schedule;
  const times = at.map((time) => nextAt(time, zone, now));
  if (everyMinutes !== undefined) {
    const moves = newAt !== null && msBetween(newAt, now) <= 3 * everyMinutes * 60_000;
    times.push(
      after(now, { minutes: moves && whileChangingMinutes !== undefined ? Math.min(everyMinutes, whileChangingMinutes) : everyMinutes }),
    );
  }
  return times.toSorted(Temporal.Instant.compare)[0] ?? null;
}

function nextAt(time: string, zone: string, now: Instant): Instant {
  const here = now.toZonedDateTimeISO(zone);
  const today = here.toPlainDate().toZonedDateTime({ timeZone: zone, plainTime: Temporal.PlainTime.from(time) });
  const next =
    Temporal.ZonedDateTime.compare(today, here) > 0
      ? today
      : here
          .toPlainDate()
          .add({ days: 1 })
          .toZonedDateTime({ timeZone: zone, plainTime: Temporal.PlainTime.from(time) });
  return next.toInstant();
}

/** Below this nobody is told of a rhythm. */
const fewestGaps = 3;
const leastAllowedMinutes = 30;

/** How old a feed may get, in minutes: as agreed, or three of its usual intervals; null when neither is known. */
export function allowedMinutes({ target_minutes, rhythm }: Pick<FeedSource, 'target_minutes' | 'rhythm'>): number | null {
  if (target_minutes !== null) return target_minutes;
  const gaps = rhythm
    .slice(1)
    .map((older, at) => msBetween(older, rhythm[at] ?? older) / 60_000)
    .toSorted((one, other) => one - other);
  if (gaps.length < fewestGaps) return null;
  return Math.max(leastAllowedMinutes, Math.round((gaps[Math.floor(gaps.length / 2)] ?? 0) * 3));
}

/** When a feed is overdue; null when nothing says how often it should come. */
export function staleAt(source: Pick<FeedSource, 'target_minutes' | 'rhythm' | 'fresh_at' | 'created_at'>): Instant | null {
  const allowed = allowedMinutes(source);
  return allowed === null ? null : after(source.fresh_at ?? source.created_at, { minutes: allowed });
}

/** When a file says that it was written, unless its clock is ahead of ours. */
export const mayKeep = (writtenAt: Instant, now: Instant): boolean => !isBefore(now, writtenAt);

type Looked = Plan<'polled' | 'stopped'>;

/** Something was found, or it is known that nothing is new. */
export function decideFetched(source: FeedSource, { more }: FeedFetched, now: Instant): Looked {
  const due = more ? now : nextLook(source.schedule, source.time_zone, now, source.new_at);
  return { to: 'polled', due, facts: [], resolve: ['connection_broken'], ...overdue(source, now) };
}

/** A passing trouble is tried again; one that needs a person, or does not pass, is told once, and tried again more slowly. */
export function decideFetchFailed(source: FeedSource, fault: Fault, now: Instant): Looked {
  const passing = fault.kind === 'transient' || fault.kind === 'unknown';
  const hours = hoursBetween(source.asked_at ?? source.created_at, now);
  const usual = Math.min(source.schedule.whileChangingMinutes ?? source.schedule.everyMinutes ?? usualMinutes, mostWaitMinutes);
  const minutes = Math.max(usual, (fault.retryAfterMs ?? 0) / 60_000);
  const { raise: stale, set } = overdue(source, now);
  if (passing && hours < patienceHours)
    return { to: source.state === 'stopped' ? 'stopped' : 'polled', facts: [], due: after(now, { minutes }), raise: stale, set };
  const due = after(now, { minutes: Math.max(minutes, stoppedMinutes) });
  if (source.state === 'stopped') return { to: 'stopped', facts: [], due, raise: stale, set };
  return {
    to: 'stopped',
    facts: [],
    due,
    raise: [...stale, unreachable(source, fault, passing ? ` for ${Math.floor(hours)} h` : '')],
    set,
  };
}

/** A feed that is brought to us is looked at when it is overdue, and then once a day until it comes. */
export function decideWaited(source: FeedSource, now: Instant): Plan<'waiting'> {
  const at = staleAt(source);
  if (at === null || isBefore(now, at)) return { to: 'waiting', facts: [], due: at, set: { stale_at: null } };
  return { to: 'waiting', facts: [], due: after(now, { hours: 24 }), ...overdue(source, now) };
}

/** Told once, and again after a day. */
function overdue(source: FeedSource, now: Instant): { raise: NewException[]; set: { stale_at: Instant | null } } {
  const at = staleAt(source);
  const allowed = allowedMinutes(source);
  if (at === null || allowed === null || isBefore(now, at)) return { raise: [], set: { stale_at: null } };
  if (source.stale_at !== null && hoursBetween(source.stale_at, now) < 23.5) return { raise: [], set: { stale_at: source.stale_at } };
  const polled = source.transport !== 'upload';
  return {
    set: { stale_at: now },
    raise: [
      {
        kind: 'feed_stale',
        subject: { kind: 'feedSource', id: source.id },
        cause: `feed_stale:${source.supplier_id}`,
        title: `The feed of ${source.name} is ${age(source.fresh_at ?? source.created_at, now)} old; it should be ${words(allowed)} at most.`,
        detail: 'Its stock and costs are used as they were known last, and count for less with every hour.',
        evidence: {
          allowedMinutes: allowed,
          page: `/feeds/${showId('supplier', source.supplier_id)}`,
          by: source.target_minutes === null ? 'its own rhythm' : 'agreement',
          since: at.toString(),
        },
        fixes: [
          ...(polled ? [{ action: 'try-again', label: 'Look now', effect: 'It is asked at once.' }] : []),
          { action: 'wait', label: 'Wait', effect: 'It is told again when it is still overdue a day later.' },
        ],
        concerns: { supplier: source.supplier_id },
      },
    ],
  };
}

const age = (from: Instant, now: Instant): string => words(msBetween(from, now) / 60_000);
const words = (minutes: number): string =>
  minutes < 120 ? `${Math.round(minutes)} min` : minutes < 48 * 60 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 1440)} days`;

function unreachable(source: FeedSource, fault: Fault, since: string): NewException {
  return {
    kind: 'connection_broken',
    subject: { kind: 'feedSource', id: source.id },
    cause: `connection_broken:${source.code}`,
    title: `The feed of ${source.name} cannot be fetched${since}: ${fault.message}`,
    detail: 'Stock and costs stay as they were known last until this works.',
    evidence: { code: fault.code, page: `/feeds/${showId('supplier', source.supplier_id)}`, ...fault.evidence },
    fixes: [{ action: 'try-again', label: 'Try again', effect: 'It is asked at once; it is asked every half hour anyway.' }],
    concerns: { supplier: source.supplier_id },
  };
}
