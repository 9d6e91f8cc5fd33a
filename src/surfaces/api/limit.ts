import type { Instant } from '#kernel/time';
import { msBetween } from '#kernel/time';

/** How fast one caller may ask: so many a second on average, and so many at once. */
export interface Rate {
  perSecond: number;
  burst: number;
}

export interface Allowance {
  allowed: boolean;
  limit: number;
  remaining: number;
  /** Whole seconds until there is one more. */
  resetSeconds: number;
}

interface Bucket {
  tokens: number;
  at: Instant;
}

const mostBuckets = 10_000;

/** A bucket of tokens per caller, in this process only: it protects us, it bills nobody. */
export function makeLimiter(rate: Rate): (caller: string, now: Instant) => Allowance {
  const buckets = new Map<string, Bucket>();
  return (caller, now) => {
    const found = buckets.get(caller) ?? { tokens: rate.burst, at: now };
    const tokens = Math.min(rate.burst, found.tokens + (Math.max(0, msBetween(found.at, now)) / 1_000) * rate.perSecond);
    const allowed = tokens >= 1;
    const left = allowed ? tokens - 1 : tokens;
    // Put last, so that the one not seen for longest is the first to go.
    buckets.delete(caller);
    buckets.set(caller, { tokens: left, at: now });
    if (buckets.size > mostBuckets) buckets.delete(buckets.keys().next().value ?? '');
    return {
      allowed,
      limit: rate.burst,
      remaining: Math.floor(left),
      resetSeconds: Math.max(1, Math.ceil((1 - Math.min(left, 1)) / rate.perSecond)),
    };
  };
}
