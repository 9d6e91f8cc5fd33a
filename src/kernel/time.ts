/** Time is given, never taken: everything that needs to know it is handed a clock or an instant. */
export type Instant = Temporal.Instant;
export type Duration = Temporal.DurationLike;

export interface Clock {
  now(): Instant;
}

export const instant = (text: string): Instant => Temporal.Instant.from(text);
export const fromMs = (ms: number): Instant => Temporal.Instant.fromEpochMilliseconds(ms);

/** Days count as 24 hours: an instant knows no calendar. */
export function after(at: Instant, wait: { days?: number; hours?: number; minutes?: number; seconds?: number; ms?: number }): Instant {
  const hours = (wait.days ?? 0) * 24 + (wait.hours ?? 0);
  return at.add({
    milliseconds: Math.round(((hours * 60 + (wait.minutes ?? 0)) * 60 + (wait.seconds ?? 0)) * 1000 + (wait.ms ?? 0)),
  });
}

export const isBefore = (one: Instant, other: Instant): boolean => Temporal.Instant.compare(one, other) < 0;
export const msBetween = (from: Instant, to: Instant): number => to.epochMilliseconds - from.epochMilliseconds;
export const hoursBetween = (from: Instant, to: Instant): number => msBetween(from, to) / 3_600_000;
export const earliest = (one: Instant, other: Instant): Instant => (isBefore(other, one) ? other : one);
export const latest = (one: Instant, other: Instant): Instant => (isBefore(other, one) ? one : other);
