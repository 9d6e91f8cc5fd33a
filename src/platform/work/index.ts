/**
 * A *thing* is a row with a state and an instant when it is due. A *step* takes due things in one state, decides each purely and
 * writes all results as sets; an *outside* step speaks to the world between two transactions, under a key, and says how doubt is
 * settled. A *bell* wakes steps sooner than the minute sweep would, and nothing depends on it.
 */
export { type Bell, sharedBell, wake, wakeReaders, wished } from './bell.ts';
export { passesBy } from './run-inside.ts';
export { type AnyStep, inside, type InsideStep, outside, type OutsideStep, reading, type Settled } from './step.ts';
export { effectsOf, makeDue, settleByPerson, statesOf } from './store.ts';
export { type Wire } from './run-outside.ts';
export { makeWork, type Work } from './work.ts';
export type { Fix, NewException, NewFact, Plan, Planned, Subject, Thing, Turn, WorkHooks } from './words.ts';
