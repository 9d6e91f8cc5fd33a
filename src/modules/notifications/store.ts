import { sql } from 'kysely';
import { type Brand, readBrand } from '#kernel/brand';
import { recordset, type Tx } from '#platform/db';
import { type Thing, wake } from '#platform/work';
import { overtakes, readAddress, writeMessages } from './compose.ts';
import type { Message, MessageState, Sent, Voice, Wish, WishedMessage } from './words.ts';

export const message: Thing<Message, MessageState> = {
  name: 'message',
  table: 'notifications.message',
  stateColumn: 'state',
  states: ['queued', 'sending', 'sent', 'unknown', 'suppressed', 'failed'],
  dated: true,
  load: loadMessages,
  orderOf: ({ order_id }) => order_id,
};

async function loadMessages(tx: Tx, ids: readonly string[]): Promise<Message[]> {
  const { rows } = await sql<Omit<Message, 'brand' | 'loaded_at'> & { tenant_name: string; kept_brand: unknown }>`
    select ours.id, ours.order_id, ours.subject_id, ours.meaning, ours.address, ours.state, ours.due_at, ours.subject, ours.body_text,
           ours.body_html, ours.created_at, coalesce(tenant.name, '') as tenant_name, tenant.brand as kept_brand
      from notifications.message as ours
      left join identity.v_brand as tenant on tenant.tenant_id = ours.tenant_id
     where ours.tenant_id = ${tx.tenant}
       and ours.id = any(${ids}::uuid[])
     order by ours.due_at, ours.id`.execute(tx.db);
  return rows.map(({ tenant_name, kept_brand, ...row }) => ({ ...row, loaded_at: tx.now, brand: readBrand(kept_brand, tenant_name) }));
}

/**
 * Claims and writes messages, each meaning once per subject and address; those said before are left out of the answer. What a new
 * message overtakes, and nobody has begun to send, is suppressed with the reason.
 */
export async function want(tx: Tx, wishes: readonly Wish[], voice: Voice): Promise<WishedMessage[]> {
  if (wishes.length === 0) return [];
  const rows = writeMessages(wishes, await brandOfTenant(tx), voice).map((row) => ({
    ...row,
    id: tx.newId(),
    due_at: row.state === 'queued' ? tx.now : null,
  }));
  const { rows: made } = await sql<WishedMessage>`
    insert into notifications.message
      (tenant_id, id, order_id, subject_id, meaning, channel, address, state, due_at, subject, body_text, body_html, why_not, created_at, changed_at)
    select ${tx.tenant}, id, order_id, subject_id, meaning, 'email', address, state, due_at, subject, body_text, body_html, why_not, ${tx.now}, ${tx.now}
      from ${recordset(rows, { id: 'uuid', order_id: 'uuid', subject_id: 'uuid', meaning: 'text', address: 'text', state: 'text', due_at: 'timestamptz', subject: 'text', body_text: 'text', body_html: 'text', why_not: 'text' })} as given
        on conflict (tenant_id, subject_id, meaning, channel, address) do nothing
    returning id, order_id, subject_id, meaning, state`.execute(tx.db);
  await suppressOvertaken(
    tx,
    made.flatMap(({ subject_id, meaning }) => overtakes(meaning).map((older) => ({ subject_id, meaning: older }))),
  );
  if (made.some(({ state }) => state === 'queued')) wake(tx, 'message');
  return made;
}

async function suppressOvertaken(tx: Tx, overtaken: readonly { subject_id: string; meaning: string }[]): Promise<void> {
  if (overtaken.length === 0) return;
  await sql`
    update notifications.message as ours
       set state = 'suppressed', due_at = null, changed_at = ${tx.now}, why_not = 'What came later overtook it before it was sent.'
      from ${recordset(overtaken, { subject_id: 'uuid', meaning: 'text' })} as given
     where ours.tenant_id = ${tx.tenant}
       and ours.subject_id = given.subject_id
       and ours.meaning = given.meaning
       and ours.state = 'queued'`.execute(tx.db);
}

async function brandOfTenant(tx: Tx): Promise<Brand> {
  const { rows } = await sql<{ name: string; brand: unknown }>`
    select name, brand from identity.v_brand where tenant_id = ${tx.tenant}`.execute(tx.db);
  return readBrand(rows[0]?.brand, rows[0]?.name ?? '');
}

/** Keeps when it was said, or why it was not (or not surely). The state itself is the step's to write. */
export async function recordSent(tx: Tx, replies: readonly { thing: Message; reply: Sent }[]): Promise<void> {
  const rows = replies.map(({ thing, reply }) => ({ id: thing.id, said: reply.outcome === 'sent', why: reply.why ?? '' }));
  await sql`
    update notifications.message as ours
       set sent_at = case when given.said then ${tx.now}::timestamptz end, why_not = given.why
      from ${recordset(rows, { id: 'uuid', said: 'boolean', why: 'text' })} as given
     where ours.tenant_id = ${tx.tenant} and ours.id = given.id`.execute(tx.db);
}

/**
 * Says failed messages once more, as they were written: each becomes a new message, because what was refused under one key stays
 * refused. `address` is the one to use now. Returns what was queued; a message that has not failed, or a bad address, gives nothing.
 */
export async function sayAgain(tx: Tx, asked: readonly { id: string; address: string }[]): Promise<WishedMessage[]> {
  const rows = asked.flatMap(({ id, address }) => {
    const plain = readAddress(address);
    return plain === null ? [] : [{ id, address: plain, new_id: tx.newId() }];
  });
  if (rows.length === 0) return [];
  const { rows: made } = await sql<WishedMessage>`
    insert into notifications.message
      (tenant_id, id, order_id, subject_id, meaning, channel, address, state, due_at, subject, body_text, body_html, created_at, changed_at)
    select failed.tenant_id, given.new_id, failed.order_id, failed.subject_id,
           split_part(failed.meaning, ':', 1) || ':' || (1 + (
             select count(*) from notifications.message as same
              where same.tenant_id = failed.tenant_id and same.subject_id = failed.subject_id
                and split_part(same.meaning, ':', 1) = split_part(failed.meaning, ':', 1))),
           failed.channel, given.address, 'queued', ${tx.now}, failed.subject, failed.body_text, failed.body_html, ${tx.now}, ${tx.now}
      from ${recordset(rows, { id: 'uuid', address: 'text', new_id: 'uuid' })} as given
      join notifications.message as failed on failed.tenant_id = ${tx.tenant} and failed.id = given.id and failed.state = 'failed'
        on conflict (tenant_id, subject_id, meaning, channel, address) do nothing
    returning id, order_id, subject_id, meaning, state`.execute(tx.db);
  if (made.length > 0) wake(tx, 'message');
  return made;
}
