/**
 * The only place that knows the real clock, the real dice and the real waiting. Everything else is handed a `Clock`, a
 * `Chance` or a `Sleep`. A *crash point* is a named place in the code where a test, or `CRASH_AT=label:n`, may end the process.
 */
import { getRandomValues } from 'node:crypto';
import type { Chance } from '#kernel/chance';
import type { Clock } from '#kernel/time';

export { crashpoint, ProcessDied, setCrashpoint } from './crashpoint.ts';

/** The machine's own time. */
export const systemClock: Clock = { now: () => Temporal.Now.instant() };

/** A clock that runs ahead of (or behind) another by as many milliseconds as `offsetMs` says at that moment: the demo's. */
export const turnedClock = (base: Clock, offsetMs: () => number): Clock => ({
  now: () => base.now().add({ milliseconds: Math.round(offsetMs()) }),
});

const mostRandomBytes = 65_536;

/** The operating system's randomness: good for ids and for secrets. */
export const systemChance: Chance = {
  next: () => {
    // 53 bits, as many as a number holds without rounding up to 1.
    const [high = 0, low = 0] = getRandomValues(new Uint32Array(2));
    return ((high >>> 5) * 67_108_864 + (low >>> 6)) / 9_007_199_254_740_992;
  },
  bytes: (count) => {
    if (!Number.isInteger(count) || count < 0 || count > mostRandomBytes) {
      throw new RangeError(`asked for ${count} random bytes; a whole number up to ${mostRandomBytes} is given at once`);
    }
    return getRandomValues(new Uint8Array(count));
  },
};

/** Waits that many milliseconds; ends early, with the signal's reason, when the signal is raised. */
export type Sleep = (ms: number, signal?: AbortSignal) => Promise<void>;

const longestTimerMs = 2_147_483_647;

/** The real waiting. A wait too long for one timer (24.8 days) is a mistake of the caller and throws. */
export const sleep: Sleep = (ms, signal) =>
  new Promise((resolve, reject) => {
    if (!(ms >= 0 && ms <= longestTimerMs)) {
      reject(new RangeError(`cannot wait ${ms} ms: one wait is from 0 to ${longestTimerMs} ms`));
      return;
    }
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });
