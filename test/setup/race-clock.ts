import type { Clock } from '#kernel/time';
import { systemClock, turnedClock } from '#platform/time';

/** Time that runs so many times as fast as the real one, the same in every process that was given the same beginning. */
export const fastClock = (beganMs: number, speed: number): Clock => turnedClock(systemClock, () => (Date.now() - beganMs) * (speed - 1));
