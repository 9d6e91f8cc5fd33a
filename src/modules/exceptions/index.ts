/**
 * An *exception* is what the program cannot go on with by itself: what happened, the evidence, the money and the clock, and the
 * *fixes* a person can choose from. There is one open exception of a kind about one subject; the same again is counted on it.
 * Exceptions of one *cause* stand together.
 */
export { findException, latestOf, raise, resolve, snooze, wakeSnoozed } from './store.ts';
export type { ExceptionRow } from './words.ts';
