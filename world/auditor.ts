import type { Books } from './books.ts';
import type { Memory } from './memory.ts';

export interface Finding {
  /** The invariants that were looked at. */
  checked: string[];
  /** Each thing that is not as promised, named. */
  broken: { id: string; what: string }[];
}

export interface AuditHow {
  /** Faults are over and nothing is due: what is not settled now never will be. */
  quiet: boolean;
  /** The trace hashes of this run and of the same seed played again. */
  traces?: readonly [string, string];
}

export type Audit = (memory: Memory, books: Books, how: AuditHow) => Finding;

export const audit: Audit = () => ({ checked: [], broken: [] });
