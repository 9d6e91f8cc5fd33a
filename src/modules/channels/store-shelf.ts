import { sql } from 'kysely';
import { after } from '#kernel/time';
import { recordset, type Tx } from '#platform/db';
import { type Thing, wakeReaders } from '#platform/work';
import type { Published } from '#ports/channel';
import { loadChannels } from './store.ts';
import { forgetOldPushes, planPushes } from './store-push.ts';
import { compareTold } from './store-told.ts';
import type { Shelf } from './words.ts';

export const shelf: Thing<Shelf, Shelf['state']> = {
  name: 'shelf',
  table: 'channels.shelf',
  stateColumn: 'state',
  states: ['kept'],
  dated: false,
  columns: { cursor: 'text', trouble: 'text' },
  load: async (tx, ids) => {
    const { rows } = await sql<Omit<Shelf, 'channel'>>`
      select id, state, cursor, trouble from channels.shelf where tenant_id = ${tx.tenant} and id = any(${ids}::uuid[]) order by id`.execute(
      tx.db,
    );
    const channels = new Map((await loadChannels(tx, ids)).map((one) => [one.id, one]));
    return rows.flatMap((row) => {
      const its = channels.get(row.id);
      return its ? [{ ...row, channel: its }] : [];
    });
  },
};

/** Holds what stores say against what we told them, page by page, and puts on its way what has to be said again. */
export async function recordShelves(tx: Tx, replies: readonly { thing: Shelf; reply: Published }[]): Promise<void> {
  const counted: { id: string; begins: boolean; ends: boolean; seen: number; drifted: number; unknown: number }[] = [];
  for (const { thing, reply } of replies) {
    const compared = await compareTold(tx, thing.id, reply.rows);
    counted.push({ id: thing.id, begins: thing.cursor === '', ends: !reply.more, seen: reply.rows.length, ...compared });
  }
  const columns = { id: 'uuid', begins: 'boolean', ends: 'boolean', seen: 'int', drifted: 'int', unknown: 'int' };
  await sql`
    update channels.shelf as ours
       set began_at = case when given.begins then ${tx.now}::timestamptz else ours.began_at end,
           reconciled_at = case when given.ends then ${tx.now}::timestamptz else ours.reconciled_at end,
           seen = given.seen + case when given.begins then 0 else ours.seen end,
           drifted = given.drifted + case when given.begins then 0 else ours.drifted end,
           unknown = given.unknown + case when given.begins then 0 else ours.unknown end
      from ${recordset(counted, columns)} as given
     where ours.tenant_id = ${tx.tenant} and ours.id = given.id`.execute(tx.db);
  const ids = replies.map(({ thing }) => thing.id).sort();
  await forgetOldPushes(tx, ids);
  await planPushes(tx, ids);
}

/** Stores that can be told get a shelf; returns those that are new. */
export async function keepShelves(tx: Tx): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    insert into channels.shelf (tenant_id, id, state, due_at)
    select ${tx.tenant}, id, 'kept', ${tx.now} from channels.channel as channel
     where tenant_id = ${tx.tenant} and kind <> 'csv'
       and not exists (select from channels.shelf as known where known.tenant_id = ${tx.tenant} and known.id = channel.id)
        on conflict do nothing
    returning id`.execute(tx.db);
  if (rows.length > 0) wakeReaders(tx, shelf.name, new Set(['kept']));
  return rows.map(({ id }) => id);
}

/** Stores whose goods changed are read within the hour: they say so of everything that we tell them as well. */
export async function reconcileSoon(tx: Tx, channelIds: readonly string[]): Promise<void> {
  if (channelIds.length === 0) return;
  await sql`
    update channels.shelf set due_at = least(due_at, ${after(tx.now, { hours: 1 })}::timestamptz)
     where tenant_id = ${tx.tenant} and id = any(${channelIds}::uuid[])`.execute(tx.db);
}

/** Reads what a store says now, instead of within a day. */
export async function reconcileNow(tx: Tx, channelId: string): Promise<void> {
  await sql`update channels.shelf set due_at = ${tx.now} where tenant_id = ${tx.tenant} and id = ${channelId}`.execute(tx.db);
  wakeReaders(tx, shelf.name, new Set(['kept']));
}
