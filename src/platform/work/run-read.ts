import { Fault } from '#kernel/fault';
import { after } from '#kernel/time';
import type { Database, Tx } from '#platform/db';
import { crashpoint, ProcessDied } from '#platform/time';
import { finish, messageOf, setAside } from './finish.ts';
import { passesBy } from './run-inside.ts';
import type { Wire } from './run-outside.ts';
import type { ReadStep } from './step.ts';
import { claimDue, claimThese, makeDue } from './store.ts';
import type { Plan, Turn, WorkHooks } from './words.ts';

// oxlint-disable-next-line no-explicit-any
type Step = ReadStep<any, any, any, any, any, any>;

/** One batch of a reading step: whoever claims it holds it until the lease runs out; a crash means that it is read again. */
export async function runRead(db: Database, step: Step, tenant: string, wire: Wire, most = step.batch): Promise<Turn> {
  // oxlint-disable-next-line no-explicit-any
  const things: any[] = await db.tx(tenant, async (tx) => {
    const ids = await claimDue(tx, step.thing, step.from, most);
    await makeDue(tx, step.thing, ids, after(tx.now, { ms: step.leaseMs }));
    return ids.length === 0 ? [] : step.thing.load(tx, ids);
  });
  if (things.length === 0) return { claimed: 0, moved: 0, setAside: 0 };
  const answers: Heard[] = [];
  const far = await wire.farOf(tenant);
  const queue = things.values();
  const talk = async (): Promise<void> => {
    for (const thing of queue) {
      // Who was not asked yet is asked when the lease is over.
      if (wire.stopping?.()) return;
      try {
        answers.push({ thing, reply: await step.ask(far as never, thing) });
      } catch (error) {
        if (error instanceof ProcessDied) throw error;
        answers.push({ thing, fault: error instanceof Fault ? error : new Fault('transient', 'bug', messageOf(error), { cause: error }) });
      }
      crashpoint(`${step.name}/after-wire`);
    }
  };
  await Promise.all(Array.from({ length: Math.min(wire.concurrency, things.length) }, talk));
  return { ...(await judgeAll(db, step, tenant, answers, wire.hooks)), claimed: things.length };
}

interface Heard {
  // oxlint-disable-next-line no-explicit-any
  thing: any;
  reply?: unknown;
  fault?: Fault;
}

/** The batch as a whole; if that breaks, each by itself, so that what one connection sent does not hold up the others. */
async function judgeAll(db: Database, step: Step, tenant: string, answers: readonly Heard[], hooks: WorkHooks): Promise<Turn> {
  try {
    return await db.tx(tenant, (tx) => judge(tx, step, answers, hooks));
  } catch (error) {
    if (passesBy(error)) throw error;
    const [first] = answers;
    if (answers.length > 1 || !first) {
      const total: Turn = { claimed: 0, moved: 0, setAside: 0 };
      for (const one of answers) {
        const turn = await judgeAll(db, step, tenant, [one], hooks);
        total.moved += turn.moved;
        total.setAside += turn.setAside;
      }
      return total;
    }
    await db.tx(tenant, (tx) => setAside(tx, step, [{ id: first.thing.id, error }], hooks));
    return { claimed: 1, moved: 0, setAside: 1 };
  }
}

/** Things are loaded once more under the lock, as they may have changed while they were asked about. */
async function judge(tx: Tx, step: Step, answers: readonly Heard[], hooks: WorkHooks): Promise<Turn> {
  const still = await claimThese(
    tx,
    step.thing,
    step.from,
    answers.map(({ thing }) => thing.id),
  );
  // oxlint-disable-next-line no-explicit-any
  const fresh = new Map<string, any>((still.length === 0 ? [] : await step.thing.load(tx, still)).map((thing: any) => [thing.id, thing]));
  const ours = answers.flatMap((one): Heard[] => (fresh.has(one.thing.id) ? [{ ...one, thing: fresh.get(one.thing.id) }] : []));
  const replies = ours.filter(({ fault }) => !fault).map(({ thing, reply }) => ({ thing, reply }));
  if (replies.length > 0) await step.record?.(tx, replies);
  // oxlint-disable-next-line no-explicit-any
  const plans: { thing: any; plan: Plan<string, unknown> }[] = [];
  const bad: { id: string; error: unknown }[] = [];
  for (const { thing, reply, fault } of ours) {
    try {
      plans.push({ thing, plan: fault ? step.refused(thing, fault, tx.now) : step.decide(thing, reply, tx.now) });
    } catch (error) {
      bad.push({ id: thing.id, error });
    }
  }
  await finish(tx, step, plans, hooks);
  await setAside(tx, step, bad, hooks);
  crashpoint(`${step.name}/before-commit`);
  return { claimed: answers.length, moved: plans.length, setAside: bad.length };
}
