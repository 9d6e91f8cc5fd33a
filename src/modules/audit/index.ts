/**
 * A *fact* is what happened, in the words of the trade, written in the transaction of the change itself. A moment later one writer
 * *seals* it: gives it the next number of its tenant and chains it to the fact before by a hash, so that a fact changed or left out
 * afterwards shows.
 */
export { appendFacts, seal, verifyChain } from './store.ts';
export { chainHash, type SealedFact } from './decide.ts';
