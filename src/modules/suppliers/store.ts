import { sql } from 'kysely';
import { recordset, toJson, type Tx } from '#platform/db';
import { type Thing, wakeReaders } from '#platform/work';
import type { Fetched } from '#ports/supplier';
import type { NewSupplier, Supplier, SupplierChange } from './words.ts';

export const supplier: Thing<Supplier, Supplier['poll_state']> = {
  name: 'supplier',
  table: 'suppliers.supplier',
  stateColumn: 'poll_state',
  states: ['idle', 'polling', 'stopped'],
  dated: false,
  load: loadSuppliers,
};

async function loadSuppliers(tx: Tx, ids: readonly string[]): Promise<Supplier[]> {
  const { rows } = await sql<Supplier>`
    select id, code, name, state, currency, transport, transport_settings, secrets, contact_email, ack_hours, ship_hours, poll_state, poll_cursor,
           polled_at, created_at
      from suppliers.supplier where tenant_id = ${tx.tenant} and id = any(${ids}::uuid[]) order by code`.execute(tx.db);
  return rows;
}

export const findSupplier = async (tx: Tx, id: string): Promise<Supplier | null> => (await loadSuppliers(tx, [id]))[0] ?? null;

export async function supplierCodes(tx: Tx): Promise<Map<string, string>> {
  const { rows } = await sql<{ id: string; code: string }>`select id, code from suppliers.supplier where tenant_id = ${tx.tenant}`.execute(
    tx.db,
  );
  return new Map(rows.map(({ id, code }) => [code, id]));
}

/** The cursor moves with the documents that it stands for, in one transaction. */
export async function recordPolled(tx: Tx, polled: readonly { thing: Supplier; reply: Fetched }[]): Promise<void> {
  await sql`
    update suppliers.supplier as ours
       set poll_cursor = given.cursor, polled_at = ${tx.now}
      from ${recordset(
        polled.map(({ thing, reply }) => ({ id: thing.id, cursor: reply.cursor })),
        { id: 'uuid', cursor: 'text' },
      )} as given
     where ours.tenant_id = ${tx.tenant} and ours.id = given.id`.execute(tx.db);
}

/** Adds suppliers, or rewrites the terms of those of the same code; what was fetched of them, and their secrets when none are given, stay. Returns ids by code. */
export async function addSuppliers(tx: Tx, suppliers: readonly NewSupplier[]): Promise<Map<string, string>> {
  const rows = suppliers.map((one) => ({
    ...one,
    id: one.id ?? tx.newId(),
    secrets: one.secrets ? Buffer.from(one.secrets).toString('hex') : null,
  }));
  const { rows: made } = await sql<{ id: string; code: string }>`
    insert into suppliers.supplier (tenant_id, id, code, name, state, country, currency, time_zone, ships_to, rank, handling_days, transit_days, ack_hours, ship_hours,
           order_fee_minor, shipping_minor, transport, transport_settings, secrets, contact_email, due_at, created_at)
    select ${tx.tenant}, id, code, name, state, country, currency, time_zone, ships_to, rank, handling_days, transit_days, ack_hours, ship_hours,
           order_fee_minor, shipping_minor, transport, transport_settings, decode(secrets, 'hex'), contact_email, ${tx.now}, ${tx.now}
      from ${recordset(rows, {
        id: 'uuid',
        code: 'text',
        name: 'text',
        state: 'text',
        country: 'text',
        currency: 'text',
        time_zone: 'text',
        ships_to: 'text[]',
        rank: 'int',
        handling_days: 'int',
        transit_days: 'jsonb',
        ack_hours: 'int',
        ship_hours: 'int',
        order_fee_minor: 'bigint',
        shipping_minor: 'jsonb',
        transport: 'text',
        transport_settings: 'jsonb',
        secrets: 'text',
        contact_email: 'text',
      })} as given
        on conflict (tenant_id, code) do update
       set name = excluded.name, state = excluded.state, country = excluded.country, currency = excluded.currency, time_zone = excluded.time_zone, ships_to = excluded.ships_to,
           rank = excluded.rank, handling_days = excluded.handling_days, transit_days = excluded.transit_days, ack_hours = excluded.ack_hours, ship_hours = excluded.ship_hours,
           order_fee_minor = excluded.order_fee_minor, shipping_minor = excluded.shipping_minor, transport = excluded.transport,
           poll_cursor = case when suppliers.supplier.transport = excluded.transport then suppliers.supplier.poll_cursor else '' end,
           transport_settings = excluded.transport_settings, secrets = coalesce(excluded.secrets, suppliers.supplier.secrets), contact_email = excluded.contact_email
    returning id, code`.execute(tx.db);
  wakeReaders(tx, 'supplier', new Set(['idle']));
  return new Map(made.map(({ id, code }) => [code, id]));
}

/** Columns that people may change, with their types; names are ours, never input. */
const changeable: Readonly<Record<keyof SupplierChange, string>> = {
  name: 'text',
  state: 'text',
  paused_reason: 'text',
  rank: 'int',
  ack_hours: 'int',
  ship_hours: 'int',
  contact_email: 'text',
  ships_to: 'text[]',
  handling_days: 'int',
  time_zone: 'text',
};

/** False when there is none of that id. */
export async function changeSupplier(tx: Tx, id: string, change: SupplierChange): Promise<boolean> {
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  const sets = Object.keys(changeable).map(
    (column) => sql`${sql.ref(column)} = coalesce(given.${sql.ref(column)}, ours.${sql.ref(column)})`,
  );
  const { numAffectedRows } = await sql`
    update suppliers.supplier as ours
       set ${sql.join(sets)}
      from jsonb_to_record(${toJson(given)}::jsonb) as given (${sql.raw(
        Object.entries(changeable)
          .map(([name, type]) => `${name} ${type}`)
          .join(', '),
      )})
     where ours.tenant_id = ${tx.tenant} and ours.id = ${id}`.execute(tx.db);
  return (numAffectedRows ?? 0n) > 0n;
}
