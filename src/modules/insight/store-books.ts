import { sql, type RawBuilder } from 'kysely';
import type { Tx } from '#platform/db';

/** Tables of a tenant as plain rows, under the names their columns have; for whoever holds the program against what the outside saw. */
const tables: Readonly<Record<string, RawBuilder<unknown>>> = {
  orders: sql`select o.id, channel.code as channel, o.external_id, o.number, o.state, o.status, o.payment, o.currency, o.total_minor, o.country, o.postcode, o.is_test, o.due_at, o.received_at
                from orders.v_order as o join channels.v_channel as channel on channel.tenant_id = o.tenant_id and channel.id = o.channel_id`,
  lines: sql`select id, order_id, external_id, sku, kind, quantity, cancelled from orders.v_line`,
  holds: sql`select order_id, reason, released_at, released_by from orders.v_hold`,
  allocations: sql`select a.id, a.order_id, a.line_id, a.offer_id, supplier.code as supplier, a.quantity, a.state
                     from routing.v_allocation as a join suppliers.v_supplier as supplier on supplier.tenant_id = a.tenant_id and supplier.id = a.supplier_id where a.quantity > 0`,
  offers: sql`select o.id, supplier.code as supplier, o.supplier_sku, o.quantity, o.buffer, o.reserved, o.ceiling
                from catalog.v_offer as o join suppliers.v_supplier as supplier on supplier.tenant_id = o.tenant_id and supplier.id = o.supplier_id`,
  listings: sql`select channel.code as channel, channel.kind, told.sku, told.want_quantity, told.quantity, told.stale_since, told.trouble
                  from channels.v_told as told join channels.v_channel as channel on channel.tenant_id = told.tenant_id and channel.id = told.channel_id`,
  purchases: sql`select p.id, p.number, supplier.code as supplier, p.order_id, p.version, p.transmission, p.response, p.fulfilment, p.due_at, p.sent_at, p.ack_due_at, p.acknowledged_at, p.reference
                   from purchasing.v_purchase as p join suppliers.v_supplier as supplier on supplier.tenant_id = p.tenant_id and supplier.id = p.supplier_id`,
  purchaseLines: sql`select id, purchase_id, position, order_line_id, allocation_id, supplier_sku, quantity, accepted, refused, shipped, response from purchasing.v_line`,
  changes: sql`select id, purchase_id, kind, state, due_at from purchasing.v_change`,
  effects: sql`select key, step, subject_kind, subject_id, state, attempt, absences from platform.v_effect`,
  exceptions: sql`select id, kind, subject_kind, subject_id, order_id, title, detail, fixes, state, opened_at, due_at, resolved_by from exceptions.v_exception`,
  messages: sql`select id, order_id, subject_id, meaning, channel, address, state, due_at, why_not from notifications.v_message`,
  parcels: sql`select id, purchase_id, order_id, carrier, number, milestone, label_at, due_at from shipping.v_parcel where replaced_by is null`,
  parcelEvents: sql`select parcel_id, at, milestone, source, set_aside from shipping.v_event`,
  reports: sql`select r.id, channel.code as channel, r.order_id, r.parcel_id, r.state, r.due_at
                 from channels.v_report as r join channels.v_channel as channel on channel.tenant_id = r.tenant_id and channel.id = r.channel_id`,
  arrivals: sql`select id, source, kind, object, state, due_at from platform.v_arrival`,
  facts: sql`select number, type, subject_kind, subject_id, order_id, at, actor from audit.v_fact`,
};

/** Every table in one transaction, in a fixed order. Meant for worlds of thousands of orders, not for a shop's years. */
export async function tenantBooks(tx: Tx): Promise<Record<string, unknown[]>> {
  const books: Record<string, unknown[]> = {};
  for (const [name, rows] of Object.entries(tables)) books[name] = await readTable(tx, rows);
  return books;
}

/** Row-level security shows this tenant's rows only. */
async function readTable(tx: Tx, rows: RawBuilder<unknown>): Promise<unknown[]> {
  const found = await sql<object>`select * from (${rows}) as each`.execute(tx.db);
  return found.rows;
}
