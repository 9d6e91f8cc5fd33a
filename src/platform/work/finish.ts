import { invariant } from '#kernel/fault';
import type { Tx } from '#platform/db';
import type { AnyStep } from './step.ts';
import { makeDue, moveAll } from './store.ts';
import type { Plan, Planned, WorkHooks } from './words.ts';
import { wakeReaders } from './bell.ts';

// oxlint-disable-next-line no-explicit-any
type AnyPlanned = Planned<any, string, any>;

/** Writes what was decided for a batch: states, due instants, facts, exceptions, and who is to be woken. */
export async function finish(tx: Tx, step: AnyStep, plans: readonly AnyPlanned[], hooks: WorkHooks): Promise<void> {
  if (plans.length === 0) return;
  const { thing: kind } = step;
  for (const { plan } of plans) {
    invariant(step.to.includes(plan.to), `${step.name} only leads to ${step.to.join(', ')}, not to ${plan.to}`);
  }
  await moveAll(
    tx,
    kind,
    plans.map(({ thing, plan }) => ({
      id: thing.id,
      state: plan.to,
      due_at: plan.due === undefined ? tx.now : plan.due,
      ...(kind.columns ? { set: columnsOf(kind.columns, thing, plan) } : {}),
    })),
  );
  const actor = `step:${step.name}`;
  const facts = plans.flatMap(({ thing, plan }) =>
    factsOf(step, thing, plan).map((fact) => ({
      ...fact,
      order: fact.order ?? kind.orderOf?.(thing) ?? null,
      actor: fact.actor ?? actor,
    })),
  );
  if (facts.length > 0) await hooks.facts(tx, facts);
  const raised = plans.flatMap(({ plan }) => plan.raise ?? []);
  if (raised.length > 0) await hooks.raise(tx, raised);
  const over = plans.flatMap(({ thing, plan }) =>
    (plan.resolve ?? []).map((what) => ({ kind: what, subject: thing.id as string, how: 'It went on by itself.', actor })),
  );
  if (over.length > 0) await hooks.resolve(tx, over);
  wakeReaders(tx, kind.name, new Set(plans.filter(({ plan }) => plan.due === undefined).map(({ plan }) => plan.to)));
}

/** What the plan leaves out keeps the value that was loaded under the lock. */
// oxlint-disable-next-line no-explicit-any
function columnsOf(columns: Readonly<Record<string, string>>, thing: any, plan: Plan<string, unknown>): Record<string, unknown> {
  const set = (plan.set ?? {}) as Record<string, unknown>;
  return Object.fromEntries(Object.keys(columns).map((column) => [column, column in set ? set[column] : thing[column]]));
}

// oxlint-disable-next-line no-explicit-any
function factsOf(step: AnyStep, thing: any, plan: Plan<string, unknown>) {
  if (plan.facts) return plan.facts;
  const before = thing[step.thing.stateColumn] ?? thing.state;
  if (plan.to === before) return [];
  return [
    {
      type: `${step.thing.name}.${plan.to}`,
      subject: { kind: step.thing.name, id: thing.id as string },
      ...(plan.because ? { data: { because: plan.because } } : {}),
    },
  ];
}

/** One that cannot be decided is taken out of the way, for a person; the rest of its batch goes on. */
export async function setAside(tx: Tx, step: AnyStep, bad: readonly { id: string; error: unknown }[], hooks: WorkHooks): Promise<void> {
  if (bad.length === 0) return;
  await makeDue(
    tx,
    step.thing,
    bad.map(({ id }) => id),
    null,
  );
  await hooks.raise(
    tx,
    bad.map(({ id, error }) => ({
      kind: 'set_aside',
      subject: { kind: step.thing.name, id },
      cause: `set_aside:${step.name}`,
      title: `${step.name} could not handle this ${step.thing.name}: ${messageOf(error)}`,
      detail: 'A rule of the program broke. Nothing was half done; everything else goes on. Report it with the evidence, then try again.',
      evidence: {
        step: step.name,
        error: messageOf(error),
        stack: error instanceof Error ? (error.stack ?? '').split('\n').slice(0, 6).join('\n') : '',
      },
      fixes: [{ action: 'try-again', label: 'Try again', effect: `The ${step.thing.name} is looked at again at once.` }],
    })),
  );
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).slice(0, 500);
