import { crashpoint, ProcessDied } from '#platform/time';
import type { Database } from '#platform/db';
import { finish, setAside } from './finish.ts';
import type { InsideStep } from './step.ts';
import { claimDue, claimThese } from './store.ts';
import type { Plan, Turn, WorkHooks } from './words.ts';

// oxlint-disable-next-line no-explicit-any
type Step = InsideStep<any, any, any, any, any>;

/** How often one that breaks alone is tried again at once: another process may have taken what it wanted a moment before. */
const triesAlone = 2;

/** One batch of an inside step. A batch that breaks as a whole is halved until the bad one stands alone. */
export async function runInside(db: Database, step: Step, tenant: string, hooks: WorkHooks, most = step.batch): Promise<Turn> {
  let claimed: string[] = [];
  try {
    return await oneBatch(
      db,
      step,
      tenant,
      hooks,
      (tx) => claimDue(tx, step.thing, step.from, most),
      (ids) => {
        claimed = ids;
      },
    );
  } catch (error) {
    if (passesBy(error) || claimed.length === 0) throw error;
    return isolate(db, step, tenant, hooks, claimed, error);
  }
}

async function isolate(
  db: Database,
  step: Step,
  tenant: string,
  hooks: WorkHooks,
  ids: readonly string[],
  error: unknown,
  tries = triesAlone,
): Promise<Turn> {
  if (ids.length === 1 && tries > 0) {
    return oneBatch(
      db,
      step,
      tenant,
      hooks,
      (tx) => claimThese(tx, step.thing, step.from, ids),
      () => {},
    ).catch((again: unknown) => {
      if (passesBy(again)) throw again;
      return isolate(db, step, tenant, hooks, ids, again, tries - 1);
    });
  }
  if (ids.length === 1) {
    await db.tx(tenant, async (tx) => {
      const still = await claimThese(tx, step.thing, step.from, ids);
      await setAside(
        tx,
        step,
        still.map((id) => ({ id, error })),
        hooks,
      );
    });
    return { claimed: 1, moved: 0, setAside: 1 };
  }
  const middle = Math.ceil(ids.length / 2);
  const total: Turn = { claimed: 0, moved: 0, setAside: 0 };
  for (const half of [ids.slice(0, middle), ids.slice(middle)]) {
    const turn = await oneBatch(
      db,
      step,
      tenant,
      hooks,
      (tx) => claimThese(tx, step.thing, step.from, half),
      () => {},
    ).catch((again: unknown) => {
      if (passesBy(again)) throw again;
      return isolate(db, step, tenant, hooks, half, again);
    });
    total.claimed += turn.claimed;
    total.moved += turn.moved;
    total.setAside += turn.setAside;
  }
  return total;
}

async function oneBatch(
  db: Database,
  step: Step,
  tenant: string,
  hooks: WorkHooks,
  claim: (tx: Parameters<Parameters<Database['tx']>[1]>[0]) => Promise<string[]>,
  onClaim: (ids: string[]) => void,
): Promise<Turn> {
  const turn = await db.tx(tenant, async (tx) => {
    const ids = await claim(tx);
    onClaim(ids);
    if (ids.length === 0) return { claimed: 0, moved: 0, setAside: 0 };
    crashpoint(`${step.name}/claimed`);
    const things = await step.thing.load(tx, ids);
    const looked = step.look ? await step.look(tx, things) : undefined;
    // oxlint-disable-next-line no-explicit-any
    const plans: { thing: any; plan: Plan<any, any> }[] = [];
    const bad: { id: string; error: unknown }[] = [];
    for (const thing of things) {
      try {
        const plan = step.decide(thing, looked, tx.now);
        step.carry?.(looked, thing, plan);
        plans.push({ thing, plan });
      } catch (error) {
        bad.push({ id: thing.id, error });
      }
    }
    if (plans.length > 0) await step.record?.(tx, plans, looked);
    await finish(tx, step, plans, hooks);
    await setAside(tx, step, bad, hooks);
    crashpoint(`${step.name}/before-commit`);
    return { claimed: ids.length, moved: plans.length, setAside: bad.length };
  });
  crashpoint(`${step.name}/committed`);
  return turn;
}

/** The connection or the server failed, or a lock was lost: nothing is wrong with the rows, so they are left for the next turn. */
export function passesBy(error: unknown): boolean {
  if (error instanceof ProcessDied) return true;
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code !== 'string')
    return /Connection terminated|timeout exceeded when trying to connect/.test(String((error as Error)?.message));
  return (
    code.startsWith('08') ||
    code.startsWith('53') ||
    code.startsWith('57') ||
    ['40001', '40P01', '55P03', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT'].includes(code)
  );
}
