import { sql } from 'kysely';
import { after } from '#kernel/time';
import { recordset, type Tx } from '#platform/db';
import { type Thing, wakeReaders } from '#platform/work';
import type { PublishedOutcome } from '#ports/channel';
import { loadChannels } from './store.ts';
import type { Push, PushedRow } from './words.ts';

export const push: Thing<Push, Push['state']> = {
  name: 'push',
  table: 'channels.push',
  stateColumn: 'state',
  states: ['queued', 'sending', 'sent', 'unknown', 'failed'],
  dated: true,
  columns: { trouble: 'text' },
  load: loadPushes,
};

async function loadPushes(tx: Tx, ids: readonly string[]): Promise<Push[]> {
  const { rows } = await sql<Omit<Push, 'channel'>>`
    select id, channel_id, state, rows, trouble, created_at from channels.push
     where tenant_id = ${tx.tenant} and id = any(${ids}::uuid[]) order by created_at, id`.execute(tx.db);
  const channels = new Map((await loadChannels(tx, [...new Set(rows.map(({ channel_id }) => channel_id))])).map((one) => [one.id, one]));
  return rows.flatMap((row) => {
    const its = channels.get(row.channel_id);
    return its ? [{ ...row, channel: its }] : [];
  });
}

/** Calls that one store may have on their way; what changes meanwhile goes with the next, as it is then. */
const mostOnTheirWay = 4;
/** Rows of one call; every store that we know takes as many. */
const mostPerPush = 250;
const pushesKeptDays = 7;

/**
 * Puts what stores have not been told yet on its way, the longest stale first, as far as they have no calls on their way already. The
 * channel is locked meanwhile, so that two of these follow one another and none misses what the other left. `ending`: calls that come to
 * their end in this very transaction.
 */
export async function planPushes(tx: Tx, channelIds: readonly string[], ending: readonly string[] = []): Promise<number> {
  if (channelIds.length === 0) return 0;
  const { rows: open } = await sql<{ id: string; room: number }>`
    with locked as materialized (
      select id from channels.channel
       where tenant_id = ${tx.tenant} and id = any(${channelIds}::uuid[]) and kind <> 'csv' and state <> 'paused'
       order by id for no key update
    )
    select locked.id, ${mostOnTheirWay} - (select count(*)::int from channels.push
             where push.tenant_id = ${tx.tenant} and push.channel_id = locked.id and push.state in ('queued', 'sending', 'unknown') and push.id <> all(${ending}::uuid[])) as room
      from locked`.execute(tx.db);
  const rooms = open.filter(({ room }) => room > 0);
  if (rooms.length === 0) return 0;
  const { rows: stale } = await sql<{ channel_id: string } & PushedRow>`
    select ours.channel_id, ours.sku, ours.ref, ours.want_quantity as quantity, ours.want_price_minor::text as price, ours.want_compare_minor::text as compare
      from ${recordset(rooms, { id: 'uuid', room: 'int' })} as given
      cross join lateral (
        select channel_id, sku, ref, want_quantity, want_price_minor, want_compare_minor from channels.told
         where tenant_id = ${tx.tenant} and channel_id = given.id and stale_since is not null and push_id is null and want_quantity is not null
         order by stale_since, sku limit given.room * ${mostPerPush}
           for no key update skip locked
      ) as ours`.execute(tx.db);
  const pushes = [...Map.groupBy(stale, ({ channel_id }) => channel_id)].flatMap(([channel_id, rows]) =>
    Array.from({ length: Math.ceil(rows.length / mostPerPush) }, (_, part) => ({
      id: tx.newId(),
      channel_id,
      rows: rows.slice(part * mostPerPush, (part + 1) * mostPerPush).map(({ channel_id: _channel, ...row }) => row),
    })),
  );
  await addPushes(tx, pushes);
  return pushes.length;
}

async function addPushes(tx: Tx, pushes: readonly { id: string; channel_id: string; rows: PushedRow[] }[]): Promise<void> {
  if (pushes.length === 0) return;
  await sql`
    insert into channels.push (tenant_id, id, channel_id, rows, count, state, due_at, created_at, changed_at)
    select ${tx.tenant}, id, channel_id, rows, jsonb_array_length(rows), 'queued', ${tx.now}, ${tx.now}, ${tx.now}
      from ${recordset(pushes, { id: 'uuid', channel_id: 'uuid', rows: 'jsonb' })} as given`.execute(tx.db);
  await sql`
    update channels.told as ours set push_id = given.push_id
      from ${recordset(
        pushes.flatMap(({ id, channel_id, rows }) => rows.map(({ sku }) => ({ push_id: id, channel_id, sku }))),
        { push_id: 'uuid', channel_id: 'uuid', sku: 'text' },
      )} as given
     where ours.tenant_id = ${tx.tenant} and ours.channel_id = given.channel_id and ours.sku = given.sku`.execute(tx.db);
  wakeReaders(tx, push.name, new Set(['queued']));
}

/**
 * A store has said what it took. What it took is told; what it refused keeps its reason and is not said again until something else is
 * wanted. What changed meanwhile stays stale and goes with the next.
 */
export async function recordPublished(tx: Tx, replies: readonly { thing: Push; reply: { outcomes: PublishedOutcome[] } }[]): Promise<void> {
  const rows = replies.flatMap(({ thing, reply }) => {
    const outcomes = new Map(reply.outcomes.map((one) => [one.sku, one]));
    return thing.rows.map(({ sku, quantity, price, compare }) => {
      const outcome = outcomes.get(sku);
      const trouble = outcome?.ok ? '' : (outcome?.why || 'The store did not say what became of it.').slice(0, 500);
      return { channel_id: thing.channel_id, push_id: thing.id, sku, quantity, price, compare, trouble };
    });
  });
  await endPushed(tx, rows);
  await sql`
    update channels.push as ours set refused = given.refused
      from ${recordset(
        replies.map(({ thing }) => ({
          id: thing.id,
          refused: rows.filter(({ push_id, trouble }) => push_id === thing.id && trouble !== '').length,
        })),
        { id: 'uuid', refused: 'int' },
      )} as given
     where ours.tenant_id = ${tx.tenant} and ours.id = given.id`.execute(tx.db);
  await planPushes(
    tx,
    [...new Set(replies.map(({ thing }) => thing.channel_id))].sort(),
    replies.map(({ thing }) => thing.id),
  );
}

async function endPushed(tx: Tx, rows: readonly (PushedRow & { channel_id: string; push_id: string; trouble: string })[]): Promise<void> {
  await sql`
    with given as materialized (
      select * from ${recordset(rows, {
        channel_id: 'uuid',
        push_id: 'uuid',
        sku: 'text',
        quantity: 'int',
        price: 'bigint',
        compare: 'bigint',
        trouble: 'text',
      })} as given
    ), locked as materialized (
      select ours.channel_id, ours.sku from channels.told as ours join given using (channel_id, sku)
       where ours.tenant_id = ${tx.tenant} order by ours.channel_id, ours.sku for no key update of ours
    )
    update channels.told as ours
       set push_id = null, trouble = given.trouble,
           quantity = case when given.trouble = '' then given.quantity else ours.quantity end,
           price_minor = case when given.trouble = '' and given.price is not null then given.price else ours.price_minor end,
           compare_minor = case when given.trouble = '' and given.price is not null then given.compare else ours.compare_minor end,
           told_at = case when given.trouble = '' then ${tx.now}::timestamptz else ours.told_at end,
           stale_since = case
             when ours.want_quantity = given.quantity and ours.want_price_minor is not distinct from given.price and ours.want_compare_minor is not distinct from given.compare then null
             else ours.stale_since end
      from locked join given using (channel_id, sku)
     where ours.tenant_id = ${tx.tenant} and ours.channel_id = locked.channel_id and ours.sku = locked.sku and ours.push_id = given.push_id`.execute(
    tx.db,
  );
}

/** Of these pushes the store took nothing: their listings say why, and are not said again until something else is wanted. */
export async function letGo(tx: Tx, pushes: readonly Push[]): Promise<void> {
  await endPushed(
    tx,
    pushes.flatMap(({ id, channel_id, rows, trouble }) =>
      rows.map((row) => ({ ...row, channel_id, push_id: id, trouble: trouble || 'The store did not take it.' })),
    ),
  );
  await planPushes(tx, [...new Set(pushes.map(({ channel_id }) => channel_id))].sort());
}

/**
 * What is wanted of listings that the store refused is said once more; calls of which nobody knows what became are due. Returns those
 * calls, whose effects have to be opened again by who asks for this, and how many listings were refused.
 */
export async function tellAgain(tx: Tx, channelId: string): Promise<{ doubtful: string[]; refused: number }> {
  const { rows: doubtful } = await sql<{ id: string }>`
    update channels.push set due_at = ${tx.now} where tenant_id = ${tx.tenant} and channel_id = ${channelId} and state = 'unknown' returning id`.execute(
    tx.db,
  );
  const { rows } = await sql`
    update channels.told set trouble = '', stale_since = coalesce(stale_since, ${tx.now}::timestamptz)
     where tenant_id = ${tx.tenant} and channel_id = ${channelId} and trouble <> '' returning sku`.execute(tx.db);
  await planPushes(tx, [channelId]);
  wakeReaders(tx, push.name, new Set(['unknown']));
  return { doubtful: doubtful.map(({ id }) => id), refused: rows.length };
}

/** Of these channels, those that took everything they were told of. */
export async function withoutTrouble(tx: Tx, channelIds: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select asked.id from unnest(${channelIds}::uuid[]) as asked (id)
     where not exists (select from channels.told where tenant_id = ${tx.tenant} and channel_id = asked.id and trouble <> '')
       and not exists (select from channels.push where tenant_id = ${tx.tenant} and channel_id = asked.id and state = 'unknown')`.execute(
    tx.db,
  );
  return rows.map(({ id }) => id);
}

export async function forgetOldPushes(tx: Tx, channelIds: readonly string[]): Promise<void> {
  await sql`
    delete from channels.push
     where tenant_id = ${tx.tenant} and channel_id = any(${channelIds}::uuid[]) and state in ('sent', 'failed') and created_at < ${after(tx.now, { days: -pushesKeptDays })}`.execute(
    tx.db,
  );
}
