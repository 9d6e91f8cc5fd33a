import type { Instant } from '#kernel/time';
import { invariant } from '#kernel/fault';
import type { Database } from '#platform/db';
import { runInside } from './run-inside.ts';
import { runOutside, type Wire } from './run-outside.ts';
import { runRead } from './run-read.ts';
import type { AnyStep } from './step.ts';
import { agendaOf, dueSteps } from './store.ts';
import type { Turn } from './words.ts';

/** The steps of all lives, ready to be drained. */
export interface Work {
  steps: readonly AnyStep[];
  /** One batch. */
  turn(step: string, tenant: string, most?: number): Promise<Turn>;
  /** Batches until nothing is due, or `turns` of them; true when something may be left. */
  drain(step: string, tenant: string, turns?: number): Promise<boolean>;
  /** The steps that have something due now, in reading order. */
  due(tenant: string): Promise<string[]>;
  /** When each step next has something due; for virtual time. */
  agenda(tenant: string): Promise<Map<string, Instant>>;
}

/** So that one tenant's mountain does not keep the others waiting. */
const turnsAtATime = 20;

export function makeWork(db: Database, steps: readonly AnyStep[], wire: Wire): Work {
  const byName = new Map(steps.map((step) => [step.name, step]));
  invariant(byName.size === steps.length, 'every step has a name of its own');
  const turn = (name: string, tenant: string, most?: number): Promise<Turn> => {
    const step = byName.get(name);
    invariant(step, `there is a step named ${name}`);
    if (step.kind === 'inside') return runInside(db, step, tenant, wire.hooks, most);
    if (step.kind === 'outside') return runOutside(db, step, tenant, wire, most);
    return runRead(db, step, tenant, wire, most);
  };
  return {
    steps,
    turn,
    async drain(name, tenant, turns = turnsAtATime) {
      for (let count = 0; count < turns; count += 1) {
        if (wire.stopping?.()) return true;
        const { claimed } = await turn(name, tenant);
        // A batch that was not full took all there was; what came meanwhile has rung its own bell.
        if (claimed < (byName.get(name)?.batch ?? 1)) return false;
      }
      return true;
    },
    due: (tenant) => db.tx(tenant, (tx) => dueSteps(tx, steps)),
    agenda: (tenant) => db.tx(tenant, (tx) => agendaOf(tx, steps)),
  };
}
