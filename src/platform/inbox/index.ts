/**
 * An *arrival* is what came from outside, kept as it came: raw bytes, who sent it, and the *object* it speaks of. The same content
 * about the same object is one arrival, however often it comes. It is *read* later, by a step, and may be read again.
 */
export { arrival, arrive, readAgain, recordRead } from './store.ts';
export { type Arrival, type ArrivalKind, arrivalKinds, type Arrived, type Came } from './words.ts';
