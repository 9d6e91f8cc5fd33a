import { Fault } from '#kernel/fault';
import { after } from '#kernel/time';
import type { Database } from '#platform/db';
import { crashpoint, ProcessDied } from '#platform/time';
import { finish, messageOf, setAside } from './finish.ts';
import type { Wire } from './run-outside.ts';
import type { ReadStep } from './step.ts';
import { claimDue, claimThese, makeDue } from './store.ts';
import type { Plan, Turn } from './words.ts';

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
  // oxlint-disable-next-line no-explicit-any
  const answers: { thing: any; reply?: unknown; fault?: Fault }[] = [];
  const far = await wire.farOf(tenant);
  const queue = things.values();
  const talk = async (): Promise<void> => {
    for (const thing of queue) {
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
  return db.tx(tenant, async (tx) => {
    const still = new Set(await claimThese(tx, step.thing, step.from, answers.map(({ thing }) => thing.id)));
    const ours = answers.filter(({ thing }) => still.has(thing.id));
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
    await finish(tx, step, plans, wire.hooks);
    await setAside(tx, step, bad, wire.hooks);
    crashpoint(`${step.name}/before-commit`);
    return { claimed: things.length, moved: plans.length, setAside: bad.length };
  });
}
