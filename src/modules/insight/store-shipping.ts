import { type RawBuilder, sql } from 'kysely';
import type { Instant } from '#kernel/time';
import type { Tx } from '#platform/db';
import { after, every, type Keyset, oneMore, orderBy, type Page, type Paging, pageOf } from './keyset.ts';

export interface ParcelListed {
  id: string;
  carrier: string;
  number: string;
  milestone: string;
  delayed: boolean;
  order_id: string;
  order_number: string;
  purchase_id: string;
  purchase_number: string;
  supplier_id: string;
  supplier_name: string;
  country: string;
  units: number;
  label_at: Instant;
  first_scan_at: Instant | null;
  last_event_at: Instant | null;
  last_place: string;
  last_text: string;
  delivered_at: Instant | null;
  expected_at: Instant | null;
}

export interface ParcelFilter {
  milestone?: readonly string[];
  carrier?: string;
  number?: string;
  supplier?: string;
  delayed?: boolean;
  /** Labelled and never scanned. */
  unscanned?: boolean;
}

const byId: Keyset = { name: 'parcels', parts: [{ column: 'c.id', type: 'uuid' }], direction: 'desc' };

const shown = sql`
  c.id, c.carrier, c.number, c.milestone, c.delayed, c.order_id, c.purchase_id, c.label_at, c.first_scan_at, c.last_event_at, c.delivered_at,
  c.expected_at, coalesce(o.number, '') as order_number, coalesce(o.country, '') as country, coalesce(p.number, '') as purchase_number,
  p.supplier_id, coalesce(s.name, '') as supplier_name, coalesce(seen.place, '') as last_place, coalesce(seen.text, '') as last_text,
  (select coalesce(sum(l.quantity), 0)::int from shipping.v_parcel_line l where l.tenant_id = c.tenant_id and l.parcel_id = c.id) as units`;

const beside = sql`
  left join orders.v_order o on o.tenant_id = c.tenant_id and o.id = c.order_id
  left join purchasing.v_purchase p on p.tenant_id = c.tenant_id and p.id = c.purchase_id
  left join suppliers.v_supplier s on s.tenant_id = c.tenant_id and s.id = p.supplier_id
  left join lateral (select e.place, e.text from shipping.v_event e
                      where e.tenant_id = c.tenant_id and e.parcel_id = c.id and e.set_aside = ''
                      order by e.at desc, e.id desc limit 1) seen on true`;

/** The newest first. */
export async function listParcels(tx: Tx, filter: ParcelFilter, paging: Paging): Promise<Page<ParcelListed>> {
  const { rows } = await sql<ParcelListed>`
    with page as (
      select c.* from shipping.v_parcel c
       where c.tenant_id = ${tx.tenant} and c.replaced_by is null and ${every([after(byId, paging.after), ...conditions(filter)])}
       ${orderBy(byId)} ${oneMore(paging)})
    select ${shown} from page c ${beside} ${orderBy(byId)}`.execute(tx.db);
  return pageOf(byId, paging, rows);
}

function conditions({ milestone, carrier, number, supplier, delayed, unscanned }: ParcelFilter): (RawBuilder<unknown> | null)[] {
  return [
    milestone?.length ? sql`c.milestone = any(${milestone}::text[])` : null,
    carrier === undefined ? null : sql`c.carrier = ${carrier}`,
    number === undefined ? null : sql`c.number = ${number}`,
    delayed === undefined ? null : sql`c.delayed = ${delayed}`,
    unscanned ? sql`c.first_scan_at is null and c.delivered_at is null` : null,
    supplier === undefined
      ? null
      : sql`exists (select from purchasing.v_purchase q where q.tenant_id = c.tenant_id and q.id = c.purchase_id and q.supplier_id = ${supplier})`,
  ];
}

export async function parcelsOf(tx: Tx, order: string): Promise<ParcelListed[]> {
  const { rows } = await sql<ParcelListed>`
    select ${shown} from shipping.v_parcel c ${beside}
     where c.tenant_id = ${tx.tenant} and c.order_id = ${order} and c.replaced_by is null order by c.id limit 200`.execute(tx.db);
  return rows;
}

export async function parcelHead(tx: Tx, id: string): Promise<ParcelListed | null> {
  const { rows } = await sql<ParcelListed>`
    select ${shown} from shipping.v_parcel c ${beside} where c.tenant_id = ${tx.tenant} and c.id = ${id}`.execute(tx.db);
  return rows[0] ?? null;
}

export interface EventRow {
  parcel_id: string;
  at: Instant;
  milestone: string;
  place: string;
  text: string;
  source: string;
  set_aside: string;
}

export async function eventsOf(tx: Tx, parcels: readonly string[]): Promise<EventRow[]> {
  const { rows } = await sql<EventRow>`
    select parcel_id, at, milestone, place, text, source, set_aside from shipping.v_event
     where tenant_id = ${tx.tenant} and parcel_id = any(${parcels}::uuid[]) order by at, id limit 2000`.execute(tx.db);
  return rows;
}

export interface PackedRow {
  parcel_id: string;
  order_line_id: string;
  quantity: number;
}

/** Which lines' units are in which parcel. */
export async function packedIn(tx: Tx, parcels: readonly string[]): Promise<PackedRow[]> {
  const { rows } = await sql<PackedRow>`
    select parcel_id, order_line_id, sum(quantity)::int as quantity from shipping.v_parcel_line
     where tenant_id = ${tx.tenant} and parcel_id = any(${parcels}::uuid[]) group by parcel_id, order_line_id`.execute(tx.db);
  return rows;
}

/** The parcels of one purchase order. */
export async function parcelsOfPurchase(
  tx: Tx,
  purchase: string,
): Promise<{ id: string; carrier: string; number: string; milestone: string }[]> {
  const { rows } = await sql<{ id: string; carrier: string; number: string; milestone: string }>`
    select id, carrier, number, milestone from shipping.v_parcel
     where tenant_id = ${tx.tenant} and purchase_id = ${purchase} and replaced_by is null order by id limit 200`.execute(tx.db);
  return rows;
}
