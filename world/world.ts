/** The simulated outside: `makeWorld` gives all of it; see `words.ts` for what it is made of. */
export type * from './words.ts';
export type { Books } from './books.ts';
export type { Memory } from './memory.ts';
export type { AuditHow, Finding } from './auditor.ts';
