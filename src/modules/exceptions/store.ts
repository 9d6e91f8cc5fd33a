import { sql } from 'kysely';
import { after, type Instant } from '#kernel/time';
import { recordset, type Tx } from '#platform/db';
import type { NewException } from '#platform/work';
import type { ExceptionRow } from './words.ts';

/** Opens exceptions; one that is open about the same already is told anew and counted. Sorted, so that two raisers never deadlock. */
export async function raise(tx: Tx, raised: readonly NewException[]): Promise<void> {
  if (raised.length === 0) return;
  const unique = [...new Map(raised.map((one) => [`${one.kind} ${one.subject.id}`, one])).entries()].sort(([one], [other]) =>
    one < other ? -1 : 1,
  );
  const rows = unique.map(([, one]) => ({
    id: tx.newId(),
    kind: one.kind,
    subject_kind: one.subject.kind,
    subject_id: one.subject.id,
    order_id: one.concerns?.['order'] ?? (one.subject.kind === 'order' ? one.subject.id : null),
    supplier_id: one.concerns?.['supplier'] ?? null,
    channel_id: one.concerns?.['channel'] ?? null,
    cause: one.cause,
    title: one.title,
    detail: one.detail ?? '',
    evidence: one.evidence ?? {},
    fixes: one.fixes ?? [],
    money_minor: one.money?.minor ?? 0n,
    currency: one.money?.currency ?? 'USD',
    due_at: one.due ?? after(tx.now, { hours: hoursToAct }),
  }));
  await sql`
    insert into exceptions.exception as ours
      (tenant_id, id, kind, subject_kind, subject_id, order_id, supplier_id, channel_id, cause, title, detail, evidence, fixes, money_minor, currency, state, opened_at, due_at)
    select ${tx.tenant}, id, kind, subject_kind, subject_id, order_id, supplier_id, channel_id, cause, title, detail, evidence, fixes, money_minor, currency, 'open', ${tx.now}, due_at
      from ${recordset(rows, {
        id: 'uuid',
        kind: 'text',
        subject_kind: 'text',
        subject_id: 'uuid',
        order_id: 'uuid',
        supplier_id: 'uuid',
        channel_id: 'uuid',
        cause: 'text',
        title: 'text',
        detail: 'text',
        evidence: 'jsonb',
        fixes: 'jsonb',
        money_minor: 'bigint',
        currency: 'text',
        due_at: 'timestamptz',
      })} as given
        on conflict (tenant_id, kind, subject_id) where state <> 'resolved' do update
       set title = excluded.title,
           detail = excluded.detail,
           evidence = excluded.evidence,
           fixes = excluded.fixes,
           money_minor = excluded.money_minor,
           currency = excluded.currency,
           times = ours.times + 1`.execute(tx.db);
}

/** When nobody said otherwise, a person should have looked within this time. */
const hoursToAct = 24;

/** Closes what is open of these kinds about these subjects. */
export async function resolve(tx: Tx, over: readonly { kind: string; subject: string; how: string; actor: string }[]): Promise<void> {
  if (over.length === 0) return;
  await sql`
    update exceptions.exception as ours
       set state = 'resolved',
           resolved_at = ${tx.now},
           resolved_by = given.actor,
           resolution = given.how
      from ${recordset(over, { kind: 'text', subject: 'uuid', how: 'text', actor: 'text' })} as given
     where ours.tenant_id = ${tx.tenant}
       and ours.kind = given.kind
       and ours.subject_id = given.subject
       and ours.state <> 'resolved'`.execute(tx.db);
}

/** One of them, locked until the transaction ends. */
export async function findException(tx: Tx, id: string): Promise<ExceptionRow | null> {
  const { rows } = await sql<ExceptionRow>`
    select id, kind, subject_kind, subject_id, order_id, supplier_id, channel_id, cause, title, state, fixes, evidence, opened_at, due_at
      from exceptions.exception
     where tenant_id = ${tx.tenant}
       and id = ${id}
       for update`.execute(tx.db);
  return rows[0] ?? null;
}

export async function snooze(tx: Tx, id: string, until: Instant): Promise<void> {
  await sql`
    update exceptions.exception
       set state = 'snoozed', due_at = ${until}
     where tenant_id = ${tx.tenant} and id = ${id} and state <> 'resolved'`.execute(tx.db);
}

/** Snoozed ones whose time has come stand in the list again; returns how many. */
export async function wakeSnoozed(tx: Tx): Promise<number> {
  const { numAffectedRows } = await sql`
    update exceptions.exception
       set state = 'open'
     where tenant_id = ${tx.tenant} and state = 'snoozed' and due_at <= ${tx.now}`.execute(tx.db);
  return Number(numAffectedRows ?? 0);
}

/** The latest of a kind about each subject, whether or not it is over. */
export async function latestOf(
  tx: Tx,
  kind: string,
): Promise<Map<string, { state: string; evidence: Readonly<Record<string, unknown>>; resolvedBy: string }>> {
  const { rows } = await sql<{ subject_id: string; state: string; evidence: Record<string, unknown>; resolved_by: string | null }>`
    select distinct on (subject_id) subject_id, state, evidence, resolved_by from exceptions.exception
     where tenant_id = ${tx.tenant} and kind = ${kind}
     order by subject_id, opened_at desc, id desc`.execute(tx.db);
  return new Map(
    rows.map(({ subject_id, state, evidence, resolved_by }) => [subject_id, { state, evidence, resolvedBy: resolved_by ?? '' }]),
  );
}
