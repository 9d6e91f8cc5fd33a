/**
 * A *run* is long work with a row of its own: it waits, is *claimed* by one holder under a *lease* that is renewed with every step of
 * progress, and ends done, failed or cancelled. When the holder dies the lease runs out and another goes on.
 */
export { cancelRun, claimRun, findRun, finishRun, renewRun, repeatRun, startRun } from './store.ts';
export type { NewRun, Progress, Run, RunState } from './words.ts';
