import { agreesWithShelves, nothingInvented, shopKept } from './audit-listings.ts';
import { everybodyHeard, heardOnce, tracksTheRightParcel } from './audit-messages.ts';
import { agreesWithStores, eachUnitOnce, noneLost, noneTwice, nothingOversold } from './audit-orders.ts';
import { everyFailureIsSeen, historyHolds, nothingStandsStill, onlyForward } from './audit-progress.ts';
import { agreesWithSuppliers, everyEffectHasAReason, noneForgotten, nothingSentTwice, unknownStaysUnknown } from './audit-purchases.ts';
import { type Check, viewOf } from './audit-view.ts';
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

const always: readonly [string, Check][] = [
  ['I1', noneLost],
  ['I2', noneTwice],
  ['I3', eachUnitOnce],
  ['I4', nothingOversold],
  ['I4', nothingInvented],
  ['I5', nothingSentTwice],
  ['I7', unknownStaysUnknown],
  ['I10', heardOnce],
  ['I12', onlyForward],
  ['I13', everyFailureIsSeen],
  ['I16', everyEffectHasAReason],
  ['I17', historyHolds],
  ['I19', shopKept],
  ['I20', tracksTheRightParcel],
];
/** These ask what has become of things, which can only be said when all is done. */
const atRest: readonly [string, Check][] = [
  ['I6', noneForgotten],
  ['I11', everybodyHeard],
  ['I14', agreesWithStores],
  ['I14', agreesWithSuppliers],
  ['I14', agreesWithShelves],
  ['I18', nothingStandsStill],
];

/** Holds the program's books against what the outside remembers. Nothing is mended, and nothing is judged twice. */
export function audit(memory: Memory, books: Books, { quiet, traces }: AuditHow): Finding {
  const view = viewOf(memory, books, quiet);
  const broken: Finding['broken'] = [];
  const checks = quiet ? [...always, ...atRest] : always;
  for (const [, check] of checks) check(view, (id, what) => broken.push({ id, what }));
  const checked = new Set(checks.map(([id]) => id));
  if (traces !== undefined) {
    checked.add('I24');
    if (traces[0] !== traces[1]) broken.push({ id: 'I24', what: `the same seed told another story: ${traces[0]} and ${traces[1]}` });
  }
  return { checked: [...checked].sort((one, other) => Number(one.slice(1)) - Number(other.slice(1))), broken };
}
