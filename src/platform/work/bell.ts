import { sql } from 'kysely';
import type { Tx } from '#platform/db';
import { type AnyStep } from './step.ts';
import { statesOf } from './store.ts';

/** Wakes steps for a tenant. Only a hint: the minute sweep finds what no bell announced. */
export interface Bell {
  /** Within the transaction, so that the bell rings if and only if the change was made. */
  ring(tx: Tx, steps: readonly string[]): Promise<void>;
}

/** Rings through the wake-up tables that all processes share. */
export const sharedBell: Bell = {
  async ring(tx, steps) {
    await sql`select platform.ring(${[...steps]}::text[], ${tx.tenant}::uuid)`.execute(tx.db);
  },
};

const wishes = new WeakMap<Tx, { steps: Set<string>; things: Set<string>; readers: Map<string, Set<string>> }>();

function wishesOf(tx: Tx) {
  let found = wishes.get(tx);
  if (!found) {
    found = { steps: new Set(), things: new Set(), readers: new Map() };
    wishes.set(tx, found);
  }
  return found;
}

/** Asks that every step of these kinds of thing be woken when the transaction commits. */
export function wake(tx: Tx, ...things: string[]): void {
  for (const thing of things) wishesOf(tx).things.add(thing);
}

/** Asks that the steps which read these states of a thing be woken when the transaction commits. */
export function wakeReaders(tx: Tx, thing: string, states: ReadonlySet<string>): void {
  const { readers } = wishesOf(tx);
  const wanted = readers.get(thing) ?? new Set();
  for (const state of states) wanted.add(state);
  readers.set(thing, wanted);
}

/** The steps that this transaction wished to wake, in a fixed order so that two transactions never wait for each other in a ring. */
export function wished(tx: Tx, steps: readonly AnyStep[]): string[] {
  const wish = wishes.get(tx);
  if (!wish) return [];
  return steps
    .filter((step) => wish.things.has(step.thing.name) || statesOf(step).some((state) => wish.readers.get(step.thing.name)?.has(state)))
    .map(({ name }) => name)
    .sort();
}
