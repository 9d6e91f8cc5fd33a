import { sql } from 'kysely';
import { type Instant } from '#kernel/time';
import { recordset, type Tx } from '#platform/db';
import { type Thing, wakeReaders } from '#platform/work';
import { loadChannels } from './store.ts';
import type { Nudge } from './words.ts';

export const nudge: Thing<Nudge, Nudge['state']> = {
  name: 'nudge',
  table: 'channels.nudge',
  stateColumn: 'state',
  states: ['heard'],
  dated: false,
  load: async (tx, ids) => {
    const { rows } = await sql<Omit<Nudge, 'channel'>>`
      select id, channel_id, object, state, heard_at, first_at from channels.nudge
       where tenant_id = ${tx.tenant} and id = any(${ids}::uuid[]) order by first_at, id`.execute(tx.db);
    const channels = new Map((await loadChannels(tx, [...new Set(rows.map(({ channel_id }) => channel_id))])).map((one) => [one.id, one]));
    return rows.flatMap((row) => {
      const its = channels.get(row.channel_id);
      return its ? [{ ...row, channel: its }] : [];
    });
  },
};

/** Orders that stores say have changed. One that waits to be asked for already is asked for once. */
export async function heardOf(tx: Tx, nudges: readonly { channel_id: string; object: string }[]): Promise<void> {
  const unique = [...new Map(nudges.map((one) => [`${one.channel_id} ${one.object}`, one])).values()].toSorted((one, other) =>
    `${one.channel_id} ${one.object}` < `${other.channel_id} ${other.object}` ? -1 : 1,
  );
  if (unique.length === 0) return;
  await sql`
    insert into channels.nudge as ours (tenant_id, id, channel_id, object, state, due_at, heard_at, first_at)
    select ${tx.tenant}, id, channel_id, object, 'heard', ${tx.now}, ${tx.now}, ${tx.now}
      from ${recordset(
        unique.map((one) => ({ ...one, id: tx.newId() })),
        { id: 'uuid', channel_id: 'uuid', object: 'text' },
      )} as given
        on conflict (tenant_id, channel_id, object) do update set heard_at = excluded.heard_at, due_at = excluded.due_at`.execute(tx.db);
  wakeReaders(tx, nudge.name, new Set(['heard']));
}

/** Those that were asked for are over, unless they were heard of once more meanwhile. */
export async function endNudges(tx: Tx, asked: readonly { id: string; heard_at: Instant }[]): Promise<void> {
  if (asked.length === 0) return;
  await sql`
    delete from channels.nudge as ours
     using ${recordset(asked, { id: 'uuid', heard_at: 'timestamptz' })} as given
     where ours.tenant_id = ${tx.tenant} and ours.id = given.id and ours.heard_at = given.heard_at`.execute(tx.db);
}
