import type { Clock } from '#kernel/time';

/** Counts tries per key within a window that moves on when it has passed. Kept in memory: a restart forgives, which costs little. */
export interface Limiter {
  /** Counts one try under each key; false when one of them has had too many. */
  allows(keys: readonly { key: string; most: number }[]): boolean;
}

const mostKeys = 50_000;

export function makeLimiter(clock: Clock, windowMs: number): Limiter {
  let windowStart = 0;
  let counts = new Map<string, number>();
  return {
    allows(keys) {
      const now = clock.now().epochMilliseconds;
      if (now - windowStart >= windowMs || now < windowStart) {
        windowStart = now;
        counts = new Map();
      }
      let allowed = true;
      for (const { key, most } of keys) {
        const count = (counts.get(key) ?? 0) + 1;
        // A flood of keys must not fill the memory; beyond this many, everybody waits for the next window.
        if (!counts.has(key) && counts.size >= mostKeys) allowed = false;
        else counts.set(key, count);
        if (count > most) allowed = false;
      }
      return allowed;
    },
  };
}
