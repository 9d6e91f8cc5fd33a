import { sql } from 'kysely';
import { recordset, type Tx } from '#platform/db';
import { type Thing, wakeReaders } from '#platform/work';
import { loadChannels } from './store.ts';
import type { Ear, Listened } from './words.ts';

export const ear: Thing<Ear, Ear['state']> = {
  name: 'ear',
  table: 'channels.ear',
  stateColumn: 'state',
  states: ['kept'],
  dated: false,
  columns: { trouble: 'text' },
  load: async (tx, ids) => {
    const { rows } = await sql<Omit<Ear, 'channel'>>`
      select id, state, trouble from channels.ear where tenant_id = ${tx.tenant} and id = any(${ids}::uuid[]) order by id`.execute(tx.db);
    const channels = new Map((await loadChannels(tx, ids)).map((one) => [one.id, one]));
    return rows.flatMap((row) => {
      const its = channels.get(row.id);
      return its ? [{ ...row, channel: its }] : [];
    });
  },
};

/** Stores that are asked by API are listened to; those that are new at once. */
export async function keepEars(tx: Tx): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    insert into channels.ear (tenant_id, id, state, due_at)
    select ${tx.tenant}, id, 'kept', ${tx.now} from channels.channel as channel
     where tenant_id = ${tx.tenant} and kind <> 'csv'
       and not exists (select from channels.ear as known where known.tenant_id = ${tx.tenant} and known.id = channel.id)
        on conflict do nothing
    returning id`.execute(tx.db);
  if (rows.length > 0) wakeReaders(tx, ear.name, new Set(['kept']));
}

/** What a store sends us, and what had to be mended for it. */
export async function recordListened(tx: Tx, replies: readonly { thing: Ear; reply: Listened }[]): Promise<void> {
  await sql`
    update channels.ear as ours
       set topics = given.topics, armed_at = ${tx.now},
           mended = ours.mended + case when ours.armed_at is null then 0 else given.mended end
      from ${recordset(
        replies.map(({ thing, reply }) => ({ id: thing.id, topics: reply.topics, mended: reply.mended })),
        { id: 'uuid', topics: 'text[]', mended: 'int' },
      )} as given
     where ours.tenant_id = ${tx.tenant} and ours.id = given.id`.execute(tx.db);
}

/** A webhook of these stores has come. */
export async function heardFrom(tx: Tx, channelIds: readonly string[]): Promise<void> {
  if (channelIds.length === 0) return;
  await sql`
    update channels.ear set heard_at = ${tx.now}
     where tenant_id = ${tx.tenant} and id = any(${channelIds}::uuid[]) and (heard_at is null or heard_at < ${tx.now})`.execute(tx.db);
}

/** Looks at a store's webhooks now, instead of within a day. */
export async function listenNow(tx: Tx, channelId: string): Promise<void> {
  await sql`update channels.ear set due_at = ${tx.now} where tenant_id = ${tx.tenant} and id = ${channelId}`.execute(tx.db);
  wakeReaders(tx, ear.name, new Set(['kept']));
}
