import { Fault } from '#kernel/fault';
import { type Clock, type Instant, msBetween } from '#kernel/time';

/**
 * A breaker stops asking a far side that is down, so that a thousand waiting orders do not each wait for its time-out. It is
 * kept per account and per process, on the clock that is given (the one of the world runs faster than ours).
 */
export interface Breakers {
  /** Throws a transient fault while the account's breaker is open; lets one call through when it is time to try. */
  admit(account: string): void;
  /** What became of a call that was admitted: `down` is no answer or 5xx, everything else is an answer. */
  report(account: string, down: boolean): void;
  isOpen(account: string): boolean;
}

interface Breaker {
  failures: number;
  openedAt: Instant | null;
  openMs: number;
  probing: Instant | null;
}

const mostAccounts = 10_000;
const longestOpenMs = 300_000;
/** A probe that never reported (its process slept) does not keep the breaker shut for ever. */
const probeMs = 60_000;

export function makeBreakers(clock: Clock, { failures = 5, openMs = 15_000 } = {}): Breakers {
  const breakers = new Map<string, Breaker>();
  const of = (account: string): Breaker => {
    const known = breakers.get(account);
    if (known) return known;
    const [oldest] = breakers.keys();
    if (breakers.size >= mostAccounts && oldest !== undefined) breakers.delete(oldest);
    const fresh: Breaker = { failures: 0, openedAt: null, openMs, probing: null };
    breakers.set(account, fresh);
    return fresh;
  };
  return {
    admit: (account) => {
      const breaker = of(account);
      if (breaker.openedAt === null) return;
      const now = clock.now();
      const leftMs = breaker.openMs - msBetween(breaker.openedAt, now);
      const probeRuns = breaker.probing !== null && msBetween(breaker.probing, now) < probeMs;
      if (leftMs > 0 || probeRuns) {
        throw new Fault(
          'transient',
          'breaker-open',
          `It did not answer ${breaker.failures} times in a row and is left alone for a while.`,
          {
            retryAfterMs: Math.max(1_000, leftMs),
          },
        );
      }
      breaker.probing = now;
    },
    report: (account, down) => {
      const breaker = of(account);
      if (!down) {
        Object.assign(breaker, { failures: 0, openedAt: null, openMs, probing: null });
        return;
      }
      breaker.failures += 1;
      const probed = breaker.probing !== null;
      breaker.probing = null;
      if (probed) breaker.openMs = Math.min(breaker.openMs * 2, longestOpenMs);
      if (probed || (breaker.openedAt === null && breaker.failures >= failures)) breaker.openedAt = clock.now();
    },
    isOpen: (account) => breakers.get(account)?.openedAt != null,
  };
}
