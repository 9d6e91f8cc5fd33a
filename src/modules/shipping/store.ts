import { sql } from 'kysely';
import { type Milestone, milestones } from '#kernel/milestones';
import type { Instant } from '#kernel/time';
import { recordset, type Tx } from '#platform/db';
import { type Thing, wake } from '#platform/work';
import {
  decideShipments,
  type KnownLine,
  type KnownParcel,
  type KnownPurchase,
  plainPurchaseNumber,
  type ShipmentRows,
} from './decide-shipments.ts';
import { readTracked } from './decide-tracked.ts';
import type { KnownEvent, Parcel, ShipmentNotice, ShipmentsTaken, Tracked } from './words.ts';

export const parcel: Thing<Parcel, Milestone> = {
  name: 'parcel',
  table: 'shipping.parcel',
  stateColumn: 'milestone',
  states: milestones,
  dated: true,
  load: loadParcels,
  orderOf: ({ order_id }) => order_id,
};

async function loadParcels(tx: Tx, ids: readonly string[]): Promise<Parcel[]> {
  type Row = Omit<Parcel, 'events'> & { events: (Omit<KnownEvent, 'at' | 'milestone'> & { at: string; milestone: string })[] };
  const { rows } = await sql<Row>`
    select ours.id, ours.shipment_id, ours.purchase_id, ours.order_id, shipment.supplier_id, ours.carrier, ours.number, ours.milestone,
           ours.delayed, ours.due_at, ours.label_at, ours.first_scan_at, ours.last_event_at, ours.delivered_at, ours.expected_at,
           ours.tracked_at, ours.created_at, ours.changed_at, ours.destination, coalesce(known.events, '[]') as events
      from shipping.parcel as ours
      join shipping.shipment as shipment on shipment.tenant_id = ours.tenant_id and shipment.id = ours.shipment_id
      left join lateral (
        select jsonb_agg(jsonb_build_object('at', event.at, 'code', event.sub_code, 'milestone', event.milestone, 'text', event.text,
                                            'place', event.place, 'country', event.country, 'offsetMinutes', event.offset_minutes,
                                            'setAside', event.set_aside) order by event.at, event.id) as events
          from shipping.event as event
         where event.tenant_id = ours.tenant_id and event.parcel_id = ours.id) as known on true
     where ours.tenant_id = ${tx.tenant}
       and ours.id = any(${ids}::uuid[])
     order by ours.due_at, ours.id`.execute(tx.db);
  return rows.map((row) => ({
    ...row,
    events: row.events.map((event) => ({
      ...event,
      at: Temporal.Instant.from(event.at),
      milestone: milestones.find((milestone) => milestone === event.milestone) ?? null,
    })),
  }));
}

/**
 * Takes in a set of ship notices: shipments, parcels and the units in them. The purchase orders named are locked, so that two
 * notices never count the same units twice. Returns what was newly shipped, for the purchase orders' own books.
 */
export async function takeShipments(tx: Tx, notices: readonly ShipmentNotice[]): Promise<ShipmentsTaken> {
  if (notices.length === 0) return { parcels: [], shipped: [], facts: [], raise: [] };
  const rows = decideShipments(await knownPurchases(tx, notices), notices, () => tx.newId());
  await insertShipments(tx, rows.shipments);
  await insertParcels(tx, rows.parcels);
  await writeUnits(tx, rows.units);
  await markReplaced(tx, rows.replaced);
  if (rows.parcels.length > 0) wake(tx, 'parcel');
  return { parcels: rows.parcels, shipped: rows.shipped, facts: rows.facts, raise: rows.raise };
}

async function knownPurchases(tx: Tx, notices: readonly ShipmentNotice[]): Promise<KnownPurchase[]> {
  const purchases = await lockPurchases(tx, notices);
  if (purchases.length === 0) return [];
  const ids = purchases.map(({ id }) => id);
  const [lines, shipments, parcels] = [await linesOf(tx, ids), await shipmentsOf(tx, ids), await parcelsOf(tx, ids)];
  const transit = new Map(
    (await transitOf(tx, [...new Set(purchases.map(({ supplier_id }) => supplier_id))])).map((row) => [row.supplier_id, row.transit_days]),
  );
  const of = <T extends { purchase_id: string }>(rows: readonly T[], id: string): T[] =>
    rows.filter(({ purchase_id }) => purchase_id === id);
  return purchases.map((purchase) => ({
    ...purchase,
    transit_days: transit.get(purchase.supplier_id),
    lines: of(lines, purchase.id),
    shipments: of(shipments, purchase.id),
    parcels: of(parcels, purchase.id).map((known): KnownParcel => ({ ...known, units: new Map(Object.entries(known.units)) })),
  }));
}

/** In the order of their ids, so that two transactions never wait for each other in a ring. */
async function lockPurchases(tx: Tx, notices: readonly ShipmentNotice[]) {
  const named = notices.map(({ supplierId, said }) => ({ supplier_id: supplierId, number: plainPurchaseNumber(said.purchase) }));
  const { rows } = await sql<Omit<KnownPurchase, 'transit_days' | 'lines' | 'shipments' | 'parcels'>>`
    select id, number, supplier_id, order_id, created_at, country
      from purchasing.v_purchase_to_ship
     where tenant_id = ${tx.tenant}
       and (supplier_id, number) in (select supplier_id, number from ${recordset(named, { supplier_id: 'uuid', number: 'text' })} as given)
     order by id
       for no key update`.execute(tx.db);
  return rows;
}

async function linesOf(tx: Tx, purchases: readonly string[]) {
  const { rows } = await sql<KnownLine & { purchase_id: string }>`
    select purchase_id, id, position, order_line_id, supplier_sku, wanted
      from purchasing.v_line_to_ship
     where tenant_id = ${tx.tenant} and purchase_id = any(${purchases}::uuid[])
     order by purchase_id, position`.execute(tx.db);
  return rows;
}

async function shipmentsOf(tx: Tx, purchases: readonly string[]) {
  const { rows } = await sql<{ purchase_id: string; id: string; reference: string }>`
    select purchase_id, id, reference
      from shipping.shipment
     where tenant_id = ${tx.tenant} and purchase_id = any(${purchases}::uuid[])
     order by id`.execute(tx.db);
  return rows;
}

async function parcelsOf(tx: Tx, purchases: readonly string[]) {
  const { rows } = await sql<Omit<KnownParcel, 'units'> & { purchase_id: string; units: Record<string, number> }>`
    select ours.purchase_id, ours.id, ours.number, shipment.reference, ours.first_scan_at is not null as scanned,
           ours.replaced_by is not null as replaced, coalesce(held.units, '{}') as units
      from shipping.parcel as ours
      join shipping.shipment as shipment on shipment.tenant_id = ours.tenant_id and shipment.id = ours.shipment_id
      left join lateral (
        select jsonb_object_agg(line.purchase_line_id, line.quantity) as units
          from shipping.parcel_line as line
         where line.tenant_id = ours.tenant_id and line.parcel_id = ours.id) as held on true
     where ours.tenant_id = ${tx.tenant} and ours.purchase_id = any(${purchases}::uuid[])
     order by ours.id`.execute(tx.db);
  return rows;
}

async function transitOf(tx: Tx, suppliers: readonly string[]) {
  const { rows } = await sql<{ supplier_id: string; transit_days: unknown }>`
    select supplier_id, transit_days
      from suppliers.v_transit
     where tenant_id = ${tx.tenant} and supplier_id = any(${suppliers}::uuid[])
     order by supplier_id`.execute(tx.db);
  return rows;
}

async function insertShipments(tx: Tx, shipments: ShipmentRows['shipments']): Promise<void> {
  if (shipments.length === 0) return;
  await sql`
    insert into shipping.shipment (tenant_id, id, purchase_id, order_id, supplier_id, reference, shipped_at, received_at)
    select ${tx.tenant}, id, purchase_id, order_id, supplier_id, reference, shipped_at, received_at
      from ${recordset(shipments, { id: 'uuid', purchase_id: 'uuid', order_id: 'uuid', supplier_id: 'uuid', reference: 'text', shipped_at: 'timestamptz', received_at: 'timestamptz' })} as given`.execute(
    tx.db,
  );
}

async function insertParcels(tx: Tx, parcels: ShipmentRows['parcels']): Promise<void> {
  if (parcels.length === 0) return;
  await sql`
    insert into shipping.parcel
      (tenant_id, id, shipment_id, purchase_id, order_id, carrier, number, milestone, due_at, label_at, expected_at, created_at, changed_at, destination)
    select ${tx.tenant}, id, shipment_id, purchase_id, order_id, carrier, number, 'label_created', ${tx.now}, label_at, expected_at, ${tx.now}, ${tx.now}, destination
      from ${recordset(parcels, { id: 'uuid', shipment_id: 'uuid', purchase_id: 'uuid', order_id: 'uuid', carrier: 'text', number: 'text', label_at: 'timestamptz', expected_at: 'timestamptz', destination: 'text' })} as given`.execute(
    tx.db,
  );
}

async function writeUnits(tx: Tx, units: ShipmentRows['units']): Promise<void> {
  const gone = units.filter(({ quantity }) => quantity === 0);
  const held = units.filter(({ quantity }) => quantity > 0);
  if (gone.length > 0) {
    await sql`
      delete from shipping.parcel_line as ours
       using ${recordset(gone, { parcel_id: 'uuid', purchase_line_id: 'uuid' })} as given
       where ours.tenant_id = ${tx.tenant}
         and ours.parcel_id = given.parcel_id
         and ours.purchase_line_id = given.purchase_line_id`.execute(tx.db);
  }
  if (held.length > 0) {
    await sql`
      insert into shipping.parcel_line as ours (tenant_id, parcel_id, purchase_line_id, order_line_id, quantity)
      select ${tx.tenant}, parcel_id, purchase_line_id, order_line_id, quantity
        from ${recordset(held, { parcel_id: 'uuid', purchase_line_id: 'uuid', order_line_id: 'uuid', quantity: 'int' })} as given
          on conflict (tenant_id, parcel_id, purchase_line_id) do update set quantity = excluded.quantity`.execute(tx.db);
  }
}

async function markReplaced(tx: Tx, replaced: ShipmentRows['replaced']): Promise<void> {
  if (replaced.length === 0) return;
  await sql`
    update shipping.parcel as ours
       set replaced_by = given.by, due_at = null, changed_at = ${tx.now}
      from ${recordset(replaced, { id: 'uuid', by: 'uuid' })} as given
     where ours.tenant_id = ${tx.tenant} and ours.id = given.id`.execute(tx.db);
}

/** Keeps what carriers answered: every event, believed or not, and what they come to. The milestone itself is the step's to write. */
export async function recordTracked(tx: Tx, replies: readonly { thing: Parcel; reply: Tracked }[]): Promise<void> {
  const readings = replies.map(({ thing, reply }) => ({ id: thing.id, carrier: thing.carrier, ...readTracked(thing, reply, tx.now) }));
  await writeEvents(
    tx,
    readings.flatMap(({ id, carrier, changed }) =>
      changed.map((event) => ({
        id: tx.newId(),
        parcel_id: id,
        at: event.at,
        milestone: event.milestone ?? '',
        sub_code: event.code,
        place: event.place,
        text: event.text,
        country: event.country,
        offset_minutes: event.offsetMinutes,
        source: `carrier:${carrier}`,
        set_aside: event.setAside,
      })),
    ),
  );
  await writeReadings(tx, readings);
}

async function writeEvents(tx: Tx, events: readonly object[]): Promise<void> {
  if (events.length === 0) return;
  await sql`
    insert into shipping.event
      (tenant_id, id, parcel_id, at, milestone, sub_code, place, text, country, offset_minutes, source, received_at, set_aside)
    select ${tx.tenant}, id, parcel_id, at, milestone, sub_code, place, text, country, offset_minutes, source, ${tx.now}, set_aside
      from ${recordset(events, { id: 'uuid', parcel_id: 'uuid', at: 'timestamptz', milestone: 'text', sub_code: 'text', place: 'text', text: 'text', country: 'text', offset_minutes: 'int', source: 'text', set_aside: 'text' })} as given
        on conflict (tenant_id, parcel_id, at, milestone, sub_code, text) do update set set_aside = excluded.set_aside`.execute(tx.db);
}

interface ReadingRow {
  id: string;
  delayed: boolean;
  first_scan_at: Instant | null;
  last_event_at: Instant | null;
  delivered_at: Instant | null;
}

async function writeReadings(tx: Tx, readings: readonly ReadingRow[]): Promise<void> {
  if (readings.length === 0) return;
  const rows = readings.map(({ id, delayed, first_scan_at, last_event_at, delivered_at }) => ({
    id,
    delayed,
    first_scan_at,
    last_event_at,
    delivered_at,
  }));
  await sql`
    update shipping.parcel as ours
       set delayed = given.delayed,
           first_scan_at = given.first_scan_at,
           last_event_at = given.last_event_at,
           delivered_at = given.delivered_at,
           tracked_at = ${tx.now}
      from ${recordset(rows, { id: 'uuid', delayed: 'boolean', first_scan_at: 'timestamptz', last_event_at: 'timestamptz', delivered_at: 'timestamptz' })} as given
     where ours.tenant_id = ${tx.tenant} and ours.id = given.id`.execute(tx.db);
}

/** A parcel as a message speaks of it. */
export interface ParcelForMessage {
  id: string;
  order_id: string;
  carrier: string;
  number: string;
  milestone: Milestone;
  expected_at: Instant | null;
  /** Which of the order's parcels it is, and how many there are so far. */
  nth: number;
  of: number;
  items: { title: string; quantity: number }[];
}

/** Parcels with what is in them, for messages about them. Those whose number was corrected are left out. */
export async function parcelsFor(tx: Tx, ids: readonly string[]): Promise<ParcelForMessage[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<ParcelForMessage>`
    with counted as (
      select id, order_id, carrier, number, milestone, expected_at,
             row_number() over (partition by order_id order by created_at, id)::int as nth,
             count(*) over (partition by order_id)::int as of
        from shipping.parcel
       where tenant_id = ${tx.tenant} and replaced_by is null
         and order_id in (select order_id from shipping.parcel where tenant_id = ${tx.tenant} and id = any(${ids}::uuid[])))
    select counted.*, coalesce(held.items, '[]') as items
      from counted
      left join lateral (
        select jsonb_agg(jsonb_build_object('title', line.title, 'quantity', inside.quantity) order by line.position) as items
          from shipping.parcel_line as inside
          join orders.v_line_to_follow as line
            on line.tenant_id = inside.tenant_id and line.order_id = counted.order_id and line.id = inside.order_line_id
         where inside.tenant_id = ${tx.tenant} and inside.parcel_id = counted.id) as held on true
     where counted.id = any(${ids}::uuid[])
     order by counted.id`.execute(tx.db);
  return rows;
}
