/**
 * A *routing policy* is rules as data; of an order and its *candidates* (offers of suppliers) it makes a *decision*, which keeps
 * every candidate with its *gates*, its numbers and their age, so that "why this supplier?" has an answer. An *allocation* is units
 * of a line that one offer has to deliver.
 */
export type { Destination, Want } from './assess.ts';
export { choose, type Choice } from './decide.ts';
export { readPolicy, defaultPolicy, type Policy, type PolicyRule } from './policy.ts';
export {
  allocationsToOrder,
  carryTaken,
  giveBack,
  lookAt,
  type Looked,
  publishPolicy,
  recordRouted,
  reflect,
  saveDraft,
  type ToOrder,
} from './store.ts';
export type { Candidate, DecidedLine, Gate, Numbers } from './words.ts';
