import { Fault } from '#kernel/fault';
import { after, hoursBetween, type Instant, isBefore } from '#kernel/time';
import type { Database, Tx } from '#platform/db';
import { crashpoint, ProcessDied } from '#platform/time';
import { finish, messageOf, setAside } from './finish.ts';
import { passesBy } from './run-inside.ts';
import type { OutsideStep, Settled } from './step.ts';
import { type Answer, claimDue, claimThese, type Effect, effectsOf, type Intent, intend, keepAnswers, moveAll } from './store.ts';
import type { NewException, Plan, Turn, WorkHooks } from './words.ts';

// oxlint-disable-next-line no-explicit-any
type Step = OutsideStep<any, any, any, any, any, any>;
// oxlint-disable-next-line no-explicit-any
type AnyThing = any;

/** How often, and how far apart, a look-up must find nothing before the same may be said again: far sides read from stale copies. */
const absencesNeeded = 2;
const settleAfterMinutes = 2;
const misconfiguredMinutes = 15;
/** Doubt that no look-up has ended after so long is shown to a person; looking goes on, more slowly. */
const doubtHours = 1;
const slowSettleMinutes = 15;

type Outcome =
  | { what: 'reply'; reply: unknown }
  | { what: 'fault'; fault: Fault }
  | { what: 'absent' }
  | { what: 'person'; why: string }
  /** The lease was too old to speak under, or the process is to end; nothing was said. */
  | { what: 'unsaid' };

interface Job {
  thing: AnyThing;
  key: string;
  token: string;
  attempt: number;
  absences: number;
  /** When it was first meant to be said. */
  since: Instant;
  leaseUntil: Instant;
  /** `ask` says it; `settle` finds out what became of it; `judge` has the answer already. */
  mode: 'ask' | 'settle' | 'judge';
  known?: Outcome;
}

export interface Wire {
  /** What steps of this tenant speak to the world through. */
  farOf(tenant: string): Promise<unknown>;
  hooks: WorkHooks;
  /** How many conversations at once; one in the world, where order must not depend on chance. */
  concurrency: number;
  /** True once the process is to end: what is being said is heard to its end, and nothing more is said. */
  stopping?: () => boolean;
}

/** One batch of an outside step: intent, wire, reply kept, judgement. No lock and no transaction is open on the wire. */
export async function runOutside(db: Database, step: Step, tenant: string, wire: Wire, most = step.batch): Promise<Turn> {
  const jobs = await db.tx(tenant, (tx) => prepare(tx, step, most));
  crashpoint(`${step.name}/intended`);
  if (jobs.length === 0) return { claimed: 0, moved: 0, setAside: 0 };
  const far = await wire.farOf(tenant);
  const outcomes = new Map<Job, Outcome>();
  const queue = jobs.values();
  const talk = async (): Promise<void> => {
    for (const job of queue) {
      outcomes.set(job, job.known ?? (wire.stopping?.() ? { what: 'unsaid' } : await converse(step, job, far, () => db.clock.now())));
    }
  };
  await Promise.all(Array.from({ length: Math.min(wire.concurrency, jobs.length) }, talk));
  const fresh = [...outcomes].filter(([job]) => job.mode !== 'judge');
  const kept = await db.tx(tenant, (tx) =>
    keepAnswers(
      tx,
      fresh.map(([job, outcome]) => answerOf(job, outcome)),
    ),
  );
  crashpoint(`${step.name}/reply-kept`);
  const ours = [...outcomes].filter(([job]) => job.mode === 'judge' || kept.has(job.key));
  return { ...(await judgeAll(db, step, tenant, ours, wire.hooks)), claimed: jobs.length };
}

/** Judges the batch as a whole; if that breaks, each by itself, so that one that breaks does not hold up the others. */
async function judgeAll(db: Database, step: Step, tenant: string, ours: readonly Heard[], hooks: WorkHooks): Promise<Turn> {
  try {
    return await db.tx(tenant, (tx) => judge(tx, step, ours, hooks));
  } catch (error) {
    if (passesBy(error)) throw error;
    const [first] = ours;
    if (ours.length > 1 || !first) {
      const total: Turn = { claimed: 0, moved: 0, setAside: 0 };
      for (const one of ours) {
        const turn = await judgeAll(db, step, tenant, [one], hooks);
        total.moved += turn.moved;
        total.setAside += turn.setAside;
      }
      return total;
    }
    await db.tx(tenant, (tx) => setAside(tx, step, [{ id: first[0].thing.id, error }], hooks));
    return { claimed: 1, moved: 0, setAside: 1 };
  }
}

async function prepare(tx: Tx, step: Step, most: number): Promise<Job[]> {
  const ids = await claimDue(tx, step.thing, [...step.from, step.during, step.doubt], most);
  if (ids.length === 0) return [];
  const things: AnyThing[] = await step.thing.load(tx, ids);
  const effects = await effectsOf(
    tx,
    things.map((thing) => step.key(thing)),
  );
  const leaseUntil = after(tx.now, { ms: step.leaseMs });
  const jobs = things.map((thing): Job => {
    const key = step.key(thing);
    const effect = effects.get(key);
    const mode = modeOf(effect);
    const known = mode === 'judge' && effect ? knownOutcome(effect) : undefined;
    return {
      thing,
      key,
      mode,
      leaseUntil,
      token: tx.newId(),
      attempt: Math.min(1_000, (effect?.attempt ?? 0) + (mode === 'ask' ? 1 : 0)),
      absences: effect?.absences ?? 0,
      since: effect?.intended_at ?? tx.now,
      ...(known ? { known } : {}),
    };
  });
  await intend(
    tx,
    jobs
      .filter(({ mode }) => mode !== 'judge')
      .map(
        (job): Intent => ({
          key: job.key,
          step: step.name,
          subject_kind: step.thing.name,
          subject_id: job.thing.id,
          attempt: Math.max(1, job.attempt),
          token: job.token,
          state: job.mode === 'ask' ? 'sending' : 'unknown',
          lease_until: leaseUntil,
        }),
      ),
  );
  await moveAll(
    tx,
    step.thing,
    jobs.map(({ thing, mode }) => ({
      id: thing.id,
      state: mode === 'settle' ? step.doubt : step.during,
      due_at: leaseUntil,
    })),
  );
  return jobs;
}

/** What was said before decides what is done now; the thing's own state does not, as a crash may lie between the two. */
function modeOf(effect: Effect | undefined): Job['mode'] {
  if (!effect || effect.state === 'waiting') return 'ask';
  return effect.state === 'done' || effect.state === 'refused' ? 'judge' : 'settle';
}

function knownOutcome(effect: Effect): Outcome {
  if (effect.state === 'done') return { what: 'reply', reply: effect.reply };
  return { what: 'fault', fault: new Fault('refused', effect.fault?.code ?? 'refused', effect.fault?.message ?? 'It was refused.') };
}

/** The only place that touches the wire. Says nothing when the lease is too old to speak under: someone else may hold the token soon. */
async function converse(step: Step, job: Job, far: unknown, now: () => Instant): Promise<Outcome> {
  const remainingMs = job.leaseUntil.epochMilliseconds - now().epochMilliseconds;
  if (remainingMs < step.leaseMs / 2) return { what: 'unsaid' };
  try {
    crashpoint(`${step.name}/before-wire`);
    if (job.mode === 'ask' || step.settle === 'repeat') return { what: 'reply', reply: await step.ask(far as never, job.thing, job.key) };
    const settled = await lookUp(step.settle, job, far);
    if (settled.outcome === 'happened') return { what: 'reply', reply: settled.reply };
    if (settled.outcome === 'repeat') return { what: 'reply', reply: await step.ask(far as never, job.thing, job.key) };
    return settled.outcome === 'absent' ? { what: 'absent' } : { what: 'person', why: settled.why };
  } catch (error) {
    if (error instanceof ProcessDied) throw error;
    if (error instanceof Fault) return { what: 'fault', fault: error };
    // A bug of ours on the way: it may have left. Better to ask than to say it twice.
    return { what: 'fault', fault: new Fault('unknown', 'bug', messageOf(error), { cause: error }) };
  } finally {
    crashpoint(`${step.name}/after-wire`);
  }
}

/** A look-up that is refused says nothing about what was looked for, so it never counts as a refusal of that. */
async function lookUp(settle: Exclude<Step['settle'], 'repeat'>, job: Job, far: unknown): Promise<Settled<unknown>> {
  try {
    return await settle(far as never, job.thing, job.key);
  } catch (error) {
    if (error instanceof Fault && error.kind === 'refused') return { outcome: 'ask-a-person', why: error.message };
    throw error;
  }
}

function answerOf(job: Job, outcome: Outcome): Answer {
  const base = { key: job.key, token: job.token, absent: false, reply: null, fault: null };
  if (outcome.what === 'reply') return { ...base, state: 'done', reply: outcome.reply ?? {} };
  if (outcome.what === 'absent') return { ...base, absent: true, state: job.absences + 1 >= absencesNeeded ? 'waiting' : 'unknown' };
  if (outcome.what === 'person') return { ...base, state: 'unknown' };
  if (outcome.what === 'unsaid') return { ...base, state: job.mode === 'settle' ? 'unknown' : 'waiting' };
  const { kind, code, message, evidence } = outcome.fault;
  const fault = { kind, code, message, evidence };
  if (kind === 'refused') return { ...base, state: 'refused', fault };
  if (kind === 'unknown' || job.mode === 'settle') return { ...base, state: 'unknown', fault };
  return { ...base, state: 'waiting', fault };
}

type Heard = readonly [Job, Outcome];

/** Things are loaded once more, as what was said of them may have changed while they were on the wire. */
async function judge(tx: Tx, step: Step, done: readonly Heard[], hooks: WorkHooks): Promise<Turn> {
  const still = await claimThese(
    tx,
    step.thing,
    [...step.from, step.during, step.doubt],
    done.map(([job]) => job.thing.id),
  );
  const fresh = new Map<string, AnyThing>(
    (still.length === 0 ? [] : await step.thing.load(tx, still)).map((thing: AnyThing) => [thing.id, thing]),
  );
  const ours = done.flatMap(([job, outcome]): Heard[] =>
    fresh.has(job.thing.id) ? [[{ ...job, thing: fresh.get(job.thing.id) }, outcome]] : [],
  );
  const replies = ours.flatMap(([{ thing }, outcome]) => (outcome.what === 'reply' ? [{ thing, reply: outcome.reply }] : []));
  if (replies.length > 0) await step.record?.(tx, replies);
  const plans: { thing: AnyThing; plan: Plan<string, unknown> }[] = [];
  const bad: { id: string; error: unknown }[] = [];
  const later: { id: string; state: string; due_at: Instant | null }[] = [];
  const raise: NewException[] = [];
  for (const [job, outcome] of ours) {
    try {
      const plan = planOf(step, job, outcome, tx.now);
      if (plan) plans.push({ thing: job.thing, plan });
      else later.push(waitOf(step, job, outcome, tx.now, raise));
    } catch (error) {
      bad.push({ id: job.thing.id, error });
    }
  }
  await finish(tx, step, plans, hooks);
  await moveAll(tx, step.thing, later);
  if (raise.length > 0) await hooks.raise(tx, onePerSubject(raise));
  await setAside(tx, step, bad, hooks);
  crashpoint(`${step.name}/before-commit`);
  return { claimed: done.length, moved: plans.length, setAside: bad.length };
}

/** The domain's judgement, where there is something to judge; null while it has to be tried or looked up again. */
function planOf(step: Step, job: Job, outcome: Outcome, now: Instant): Plan<string, unknown> | null {
  if (outcome.what === 'reply') return step.decide(job.thing, outcome.reply, now);
  if (outcome.what === 'absent' && job.absences + 1 >= absencesNeeded && job.attempt >= step.attempts) {
    return step.refused(job.thing, new Fault('transient', 'never-arrived', `It was said ${job.attempt} times and never arrived.`), now);
  }
  if (outcome.what !== 'fault') return null;
  if (outcome.fault.kind === 'refused') return step.refused(job.thing, outcome.fault, now);
  if (outcome.fault.kind === 'transient' && job.mode === 'ask' && job.attempt >= step.attempts)
    return step.refused(job.thing, outcome.fault, now);
  return null;
}

function waitOf(step: Step, job: Job, outcome: Outcome, now: Instant, raise: NewException[]) {
  const { id } = job.thing as { id: string };
  const again = (wait: Parameters<typeof after>[1]) => ({ id, state: step.from[0] as string, due_at: after(now, wait) });
  const doubt = (minutes: number | null) => ({
    id,
    state: step.doubt as string,
    due_at: minutes === null ? null : after(now, { minutes }),
  });
  switch (outcome.what) {
    case 'person':
      raise.push(step.doubtful(job.thing, outcome.why, now));
      return doubt(null);
    case 'absent':
      return job.absences + 1 >= absencesNeeded ? again({ ms: 0 }) : doubt(settleAfterMinutes);
    case 'unsaid':
      return job.mode === 'settle' ? doubt(0) : again({ ms: 0 });
    case 'reply':
      throw new Error('a reply is judged, not waited for');
    case 'fault':
      break;
  }
  const { fault } = outcome;
  if (fault.kind === 'misconfigured') raise.push(step.misconfigured(job.thing, fault, now));
  if (job.mode === 'settle' && isBefore(after(job.since, { hours: doubtHours }), now)) {
    raise.push(
      step.doubtful(job.thing, `looking it up has not worked for ${Math.floor(hoursBetween(job.since, now))} h: ${fault.message}`, now),
    );
    return doubt(slowSettleMinutes);
  }
  if (fault.kind === 'unknown' || job.mode === 'settle')
    return doubt(fault.kind === 'misconfigured' ? misconfiguredMinutes : settleAfterMinutes);
  return again(fault.kind === 'misconfigured' ? { minutes: misconfiguredMinutes } : { ms: fault.retryAfterMs ?? backOffMs(job) });
}

/** 30 s, 1 min, 2 min … at most 2 h, moved by up to a quarter so that a thousand do not come back at once; the token is chance enough. */
function backOffMs(job: Job): number {
  const base = Math.min(30_000 * 2 ** Math.max(0, job.attempt - 1), 7_200_000);
  const jitter = (Number.parseInt(job.token.slice(-4), 16) / 0xffff - 0.5) / 2;
  return Math.round(base * (1 + jitter));
}

function onePerSubject(raised: readonly NewException[]): NewException[] {
  return [...new Map(raised.map((exception) => [`${exception.kind}:${exception.subject.id}`, exception])).values()];
}
