import { sql } from 'kysely';
import { json, recordset, type Tx } from '#platform/db';
import { type Thing, wakeReaders } from '#platform/work';
import type { Channel, NewChannel, Polled, Report } from './words.ts';

export const channel: Thing<Channel, Channel['state']> = {
  name: 'channel',
  table: 'channels.channel',
  stateColumn: 'state',
  states: ['connected', 'paused', 'failing'],
  dated: false,
  columns: { trouble: 'text' },
  load: loadChannels,
};

export const report: Thing<Report, Report['state']> = {
  name: 'report',
  table: 'channels.report',
  stateColumn: 'state',
  states: ['queued', 'sending', 'sent', 'unknown', 'failed'],
  dated: true,
  load: loadReports,
  orderOf: ({ order_id }) => order_id,
};

export async function loadChannels(tx: Tx, ids: readonly string[]): Promise<Channel[]> {
  const { rows } = await sql<Channel>`
    select id, code, name, kind, state, settings, secrets, currency, poll_cursor, trouble
      from channels.channel where tenant_id = ${tx.tenant} and id = any(${ids}::uuid[]) order by code`.execute(tx.db);
  return rows;
}

export const findChannel = async (tx: Tx, id: string): Promise<Channel | null> => (await loadChannels(tx, [id]))[0] ?? null;

/** What a report's parcel holds is frozen in it when it is wished for, as the parcel may be corrected later. */
async function loadReports(tx: Tx, ids: readonly string[]): Promise<Report[]> {
  const { rows } = await sql<Omit<Report, 'channel'>>`
    select id, channel_id, order_id, order_external_id, order_number, parcel_id, state, carrier, number, lines, created_at
      from channels.report where tenant_id = ${tx.tenant} and id = any(${ids}::uuid[]) order by created_at, id`.execute(tx.db);
  const channels = new Map((await loadChannels(tx, [...new Set(rows.map(({ channel_id }) => channel_id))])).map((one) => [one.id, one]));
  return rows.flatMap((row) => {
    const its = channels.get(row.channel_id);
    return its ? [{ ...row, channel: its }] : [];
  });
}

/** Where the next poll begins. It moves only here, with the documents of this poll in the same transaction. */
export async function recordPolled(tx: Tx, polled: readonly { thing: Channel; reply: Polled }[]): Promise<void> {
  await sql`
    update channels.channel as ours
       set poll_cursor = given.cursor, polled_at = ${tx.now}, last_order_at = case when given.found then ${tx.now} else ours.last_order_at end
      from ${recordset(
        polled.map(({ thing, reply }) => ({ id: thing.id, cursor: reply.cursor, found: reply.documents.length > 0 })),
        { id: 'uuid', cursor: 'text', found: 'boolean' },
      )} as given
     where ours.tenant_id = ${tx.tenant} and ours.id = given.id`.execute(tx.db);
}

/** Parcels that stores have to be told of; one that was wished for before stays as it is. Only channels that can be told. */
export async function wantReports(
  tx: Tx,
  wishes: readonly {
    channel_id: string;
    order_id: string;
    order_external_id: string;
    order_number: string;
    parcel_id: string;
    carrier: string;
    number: string;
    lines: Report['lines'];
  }[],
): Promise<void> {
  if (wishes.length === 0) return;
  await sql`
    insert into channels.report (tenant_id, id, channel_id, order_id, order_external_id, order_number, parcel_id, carrier, number, lines, state, due_at, created_at, changed_at)
    select ${tx.tenant}, given.id, channel_id, order_id, order_external_id, order_number, parcel_id, carrier, number, lines, 'queued', ${tx.now}, ${tx.now}, ${tx.now}
      from ${recordset(
        wishes.map((wish) => ({ ...wish, id: tx.newId() })),
        {
          id: 'uuid',
          channel_id: 'uuid',
          order_id: 'uuid',
          order_external_id: 'text',
          order_number: 'text',
          parcel_id: 'uuid',
          carrier: 'text',
          number: 'text',
          lines: 'jsonb',
        },
      )} as given
      join channels.channel as ours on ours.tenant_id = ${tx.tenant} and ours.id = given.channel_id and ours.kind <> 'csv'
        on conflict (tenant_id, parcel_id, order_id) do nothing`.execute(tx.db);
  wakeReaders(tx, 'report', new Set(['queued']));
}

export async function addChannels(tx: Tx, channels: readonly NewChannel[]): Promise<Channel[]> {
  const rows = channels.map((one) => ({
    ...one,
    id: one.id ?? tx.newId(),
    secrets: one.secrets ? Buffer.from(one.secrets).toString('hex') : null,
  }));
  await sql`
    insert into channels.channel (tenant_id, id, code, name, kind, state, settings, secrets, currency, due_at, created_at)
    select ${tx.tenant}, id, code, name, kind, 'connected', settings, decode(secrets, 'hex'), currency, ${tx.now}, ${tx.now}
      from ${recordset(rows, { id: 'uuid', code: 'text', name: 'text', kind: 'text', settings: 'jsonb', secrets: 'text', currency: 'text' })} as given`.execute(
    tx.db,
  );
  wakeReaders(tx, 'channel', new Set(['connected']));
  return loadChannels(
    tx,
    rows.map(({ id }) => id),
  );
}

/** Changes what is given and leaves the rest. Resuming asks for its orders at once. */
export async function changeChannel(
  tx: Tx,
  id: string,
  change: { name?: string; settings?: object; secrets?: Uint8Array; state?: Channel['state'] },
): Promise<void> {
  await sql`
    update channels.channel
       set name = coalesce(${change.name ?? null}, name),
           settings = settings || ${json(change.settings ?? {})},
           secrets = coalesce(decode(${change.secrets ? Buffer.from(change.secrets).toString('hex') : null}, 'hex'), secrets),
           state = coalesce(${change.state ?? null}, state),
           due_at = case when coalesce(${change.state ?? null}, state) = 'paused' then null else ${tx.now}::timestamptz end
     where tenant_id = ${tx.tenant} and id = ${id}`.execute(tx.db);
  wakeReaders(tx, 'channel', new Set(['connected', 'failing']));
}

/** The key under which a store is told of a parcel, whatever the number of tries. */
export const reportKey = (id: string): string => `report:${id}`;

/** Reports that were refused or are in doubt are said again; their effects must have been opened again by who asks for this. */
export async function requeueReports(tx: Tx, ids: readonly string[]): Promise<void> {
  await sql`
    update channels.report set state = case when state = 'failed' then 'queued' else state end, due_at = ${tx.now}, changed_at = ${tx.now}
     where tenant_id = ${tx.tenant} and id = any(${ids}::uuid[]) and state in ('failed', 'unknown')`.execute(tx.db);
  wakeReaders(tx, 'report', new Set(['queued', 'unknown']));
}
