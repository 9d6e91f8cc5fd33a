import { sql } from 'kysely';
import { type Instant, isBefore } from '#kernel/time';
import { json, recordset, type Tx } from '#platform/db';
import type { AnyStep } from './step.ts';
import type { Thing } from './words.ts';

// oxlint-disable-next-line no-explicit-any
type AnyThing = Thing<any, any>;

const tableOf = (thing: AnyThing) => sql.raw(thing.table);
const stateOf = (thing: AnyThing) => sql.raw(thing.stateColumn);

/** The ids of things that are due in one of the states, locked until the transaction ends; those others hold are passed over. */
export async function claimDue(tx: Tx, thing: AnyThing, states: readonly string[], most: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id
      from ${tableOf(thing)}
     where tenant_id = ${tx.tenant}
       and ${stateOf(thing)} = any(${states})
       and due_at <= ${tx.now}
     order by due_at, id
     limit ${most}
       for no key update skip locked`.execute(tx.db);
  return rows.map(({ id }) => id);
}

/** The ids, of those named, that still are in one of the states, locked. */
export async function claimThese(tx: Tx, thing: AnyThing, states: readonly string[], ids: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id
      from ${tableOf(thing)}
     where tenant_id = ${tx.tenant}
       and id = any(${ids}::uuid[])
       and ${stateOf(thing)} = any(${states})
     order by due_at, id
       for no key update`.execute(tx.db);
  return rows.map(({ id }) => id);
}

export interface Move {
  id: string;
  state: string;
  due_at: Instant | null;
  /** Values for all of the thing's `columns`; left out, none of them is written. */
  set?: Readonly<Record<string, unknown>>;
}

/** Writes state, due instant and the thing's own columns of a whole batch. */
export async function moveAll(tx: Tx, thing: AnyThing, moves: readonly Move[]): Promise<void> {
  if (moves.length === 0) return;
  const columns: Record<string, string> = moves.every(({ set }) => set) ? (thing.columns ?? {}) : {};
  const also = Object.keys(columns).map((column) => sql`, ${sql.ref(column)} = given.${sql.ref(column)}`);
  const rows = moves.map(({ id, state, due_at, set }) => ({ ...set, id, state, due_at }));
  await sql`
    update ${tableOf(thing)} as ours
       set ${stateOf(thing)} = given.state,
           due_at = given.due_at ${thing.dated ? sql`, changed_at = ${tx.now}` : sql``} ${sql.join(also, sql` `)}
      from ${recordset(rows, { ...columns, id: 'uuid', state: 'text', due_at: 'timestamptz' })} as given
     where ours.tenant_id = ${tx.tenant}
       and ours.id = given.id`.execute(tx.db);
}

/** Makes things due without changing their state; they are looked at again. */
export async function makeDue(tx: Tx, thing: AnyThing, ids: readonly string[], due: Instant | null): Promise<void> {
  if (ids.length === 0) return;
  await sql`
    update ${tableOf(thing)}
       set due_at = ${due}
     where tenant_id = ${tx.tenant}
       and id = any(${ids}::uuid[])`.execute(tx.db);
}

/** Which steps have something due, and when the next thing will be: one statement for all. */
export async function dueSteps(tx: Tx, steps: readonly AnyStep[]): Promise<string[]> {
  const questions = steps.map(
    (step) => sql`
    select ${step.name}::text as name
     where exists (select from ${tableOf(step.thing)}
                    where tenant_id = ${tx.tenant} and ${stateOf(step.thing)} = any(${statesOf(step)}) and due_at <= ${tx.now})`,
  );
  const { rows } = await sql<{ name: string }>`${sql.join(questions, sql` union all `)}`.execute(tx.db);
  return rows.map(({ name }) => name);
}

/**
 * When each step next has something due, in one statement that reads every waiting row: for who drives the program through virtual
 * time. A running installation asks `dueSteps`, which stops at the first row.
 */
export async function agendaOf(tx: Tx, steps: readonly AnyStep[]): Promise<Map<string, Instant>> {
  const things = new Map(steps.map((step) => [step.thing.name, step.thing as AnyThing]));
  const questions = [...things.values()].map(
    (thing) => sql`
    select ${thing.name}::text as thing, ${stateOf(thing)} as state, min(due_at) as due_at
      from ${tableOf(thing)} where tenant_id = ${tx.tenant} and due_at is not null group by ${stateOf(thing)}`,
  );
  const { rows } = await sql<{ thing: string; state: string; due_at: Instant }>`${sql.join(questions, sql` union all `)}`.execute(tx.db);
  const agenda = new Map<string, Instant>();
  for (const step of steps) {
    const states = statesOf(step);
    for (const { thing, state, due_at } of rows) {
      if (thing !== step.thing.name || !states.includes(state)) continue;
      const known = agenda.get(step.name);
      if (!known || isBefore(due_at, known)) agenda.set(step.name, due_at);
    }
  }
  return agenda;
}

export const statesOf = (step: AnyStep): readonly string[] =>
  step.kind === 'outside' ? [...step.from, step.during, step.doubt] : step.from;

export interface Effect {
  key: string;
  step: string;
  subject_kind: string;
  subject_id: string;
  attempt: number;
  token: string;
  state: 'sending' | 'waiting' | 'unknown' | 'refused' | 'done';
  absences: number;
  intended_at: Instant;
  lease_until: Instant;
  reply: unknown;
  fault: { kind: string; code: string; message: string } | null;
}

/** What has been said under these keys so far. */
export async function effectsOf(tx: Tx, keys: readonly string[]): Promise<Map<string, Effect>> {
  const { rows } = await sql<Effect>`
    select key, step, subject_kind, subject_id, attempt, token, state, absences, intended_at, lease_until, reply, fault
      from platform.effect
     where tenant_id = ${tx.tenant}
       and key = any(${keys})
     order by key
     limit ${keys.length}`.execute(tx.db);
  return new Map(rows.map((row) => [row.key, row]));
}

export interface Intent {
  key: string;
  step: string;
  subject_kind: string;
  subject_id: string;
  attempt: number;
  token: string;
  state: 'sending' | 'unknown';
  lease_until: Instant;
}

/** Writes down what is about to be said. Whoever held an older token may no longer record. */
export async function intend(tx: Tx, intents: readonly Intent[]): Promise<void> {
  if (intents.length === 0) return;
  await sql`
    insert into platform.effect as ours
      (tenant_id, key, step, subject_kind, subject_id, attempt, token, state, intended_at, lease_until)
    select ${tx.tenant}, key, step, subject_kind, subject_id, attempt, token, state, ${tx.now}, lease_until
      from ${recordset(intents, { key: 'text', step: 'text', subject_kind: 'text', subject_id: 'uuid', attempt: 'int', token: 'uuid', state: 'text', lease_until: 'timestamptz' })} as given
        on conflict (tenant_id, key) do update
       set attempt = excluded.attempt,
           token = excluded.token,
           state = excluded.state,
           -- Said anew, it has to be absent anew; the doubt, too, is counted from here.
           absences = case when excluded.state = 'sending' then 0 else ours.absences end,
           intended_at = case when excluded.state = 'sending' then excluded.intended_at else ours.intended_at end,
           lease_until = excluded.lease_until`.execute(tx.db);
}

export interface Answer {
  key: string;
  token: string;
  state: Effect['state'];
  absent: boolean;
  reply: unknown;
  fault: unknown;
}

/**
 * Keeps the replies before anybody judges them; returns the keys that still were ours to record. What is known to have happened,
 * as by the other side's own answer, stays so whatever the wire said.
 */
export async function keepAnswers(tx: Tx, answers: readonly Answer[]): Promise<Set<string>> {
  if (answers.length === 0) return new Set();
  const { rows } = await sql<{ key: string }>`
    update platform.effect as ours
       set state = given.state,
           absences = case when given.absent then ours.absences + 1 else ours.absences end,
           reply = coalesce(given.reply, ours.reply),
           fault = given.fault,
           settled_at = case when given.state in ('done', 'refused') then ${tx.now}::timestamptz end
      from ${recordset(answers, { key: 'text', token: 'uuid', state: 'text', absent: 'boolean', reply: 'jsonb', fault: 'jsonb' })} as given
     where ours.tenant_id = ${tx.tenant}
       and ours.key = given.key
       and ours.token = given.token
       and (ours.state <> 'done' or given.state = 'done')
    returning ours.key`.execute(tx.db);
  return new Set(rows.map(({ key }) => key));
}

/**
 * A person, or evidence, has said what became of them: the effects are closed, or may be said again under the same keys. Returns the
 * keys that were open; `did-not-happen` gives them all their tries anew.
 */
export async function settleByPerson(
  tx: Tx,
  keys: readonly string[],
  verdict: 'happened' | 'did-not-happen',
  who: string,
): Promise<Set<string>> {
  if (keys.length === 0) return new Set();
  const { rows } = await sql<{ key: string }>`
    update platform.effect
       set state = ${verdict === 'happened' ? 'done' : 'waiting'},
           absences = 0,
           attempt = case when ${verdict} = 'happened' then attempt else 1 end,
           reply = coalesce(reply, ${json({ settledBy: who, verdict })}),
           settled_at = ${tx.now}
     where tenant_id = ${tx.tenant}
       and key = any(${keys})
       and state <> 'done'
    returning key`.execute(tx.db);
  return new Set(rows.map(({ key }) => key));
}
