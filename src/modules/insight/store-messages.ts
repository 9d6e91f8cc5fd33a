import { sql } from 'kysely';
import type { Instant } from '#kernel/time';
import type { Tx } from '#platform/db';

export interface OrderForMessage {
  id: string;
  channel_id: string;
  external_id: string;
  number: string;
  email: string;
  customer_name: string;
  promised_at: Instant | null;
  is_test: boolean;
  lines: { title: string; quantity: number }[];
}

/** Orders as a message or a report to a store speaks of them, by id. */
export async function ordersForMessages(tx: Tx, ids: readonly string[]): Promise<Map<string, OrderForMessage>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<OrderForMessage>`
    select o.id, o.channel_id, o.external_id, o.number, o.email, o.customer_name, o.promised_at, o.is_test,
           coalesce((select jsonb_agg(jsonb_build_object('title', line.title, 'quantity', line.quantity) order by line.position)
                       from orders.v_line as line where line.tenant_id = o.tenant_id and line.order_id = o.id and line.kind = 'goods'), '[]') as lines
      from orders.v_order as o where o.tenant_id = ${tx.tenant} and o.id = any(${ids}::uuid[])`.execute(tx.db);
  return new Map(rows.map((row) => [row.id, row]));
}

export interface PurchaseForMessage {
  id: string;
  number: string;
  order_id: string;
  transport: string;
  supplier_name: string;
  supplier_email: string;
  reminded: number;
  items: { title: string; quantity: number }[];
}

/** Purchase orders as a reminder to the supplier speaks of them, by id. */
export async function purchasesForMessages(tx: Tx, ids: readonly string[]): Promise<Map<string, PurchaseForMessage>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<PurchaseForMessage>`
    select p.id, p.number, p.order_id, p.transport, supplier.name as supplier_name, supplier.contact_email as supplier_email, p.reminded,
           coalesce((select jsonb_agg(jsonb_build_object('title', line.title, 'quantity', line.quantity - line.refused - line.shipped) order by line.position)
                       from purchasing.v_line as line
                      where line.tenant_id = p.tenant_id and line.purchase_id = p.id and line.quantity > line.refused + line.shipped), '[]') as items
      from purchasing.v_purchase as p
      join suppliers.v_supplier as supplier on supplier.tenant_id = p.tenant_id and supplier.id = p.supplier_id
     where p.tenant_id = ${tx.tenant} and p.id = any(${ids}::uuid[])`.execute(tx.db);
  return new Map(rows.map((row) => [row.id, row]));
}

/** The lines in parcels under the names the store gave them, for reports to stores; by parcel. */
export async function parcelLinesForStores(
  tx: Tx,
  parcels: readonly string[],
): Promise<Map<string, { externalId: string; quantity: number }[]>> {
  if (parcels.length === 0) return new Map();
  const { rows } = await sql<{ parcel_id: string; external_id: string; quantity: number }>`
    select inside.parcel_id, line.external_id, sum(inside.quantity)::int as quantity
      from shipping.v_parcel_line as inside
      join shipping.v_parcel as parcel on parcel.tenant_id = inside.tenant_id and parcel.id = inside.parcel_id
      join orders.v_line as line on line.tenant_id = parcel.tenant_id and line.order_id = parcel.order_id and line.id = inside.order_line_id
     where inside.tenant_id = ${tx.tenant} and inside.parcel_id = any(${parcels}::uuid[])
     group by inside.parcel_id, line.external_id
     order by inside.parcel_id, line.external_id`.execute(tx.db);
  return new Map(
    [...Map.groupBy(rows, ({ parcel_id }) => parcel_id)].map(([parcel, lines]) => [
      parcel,
      lines.map(({ external_id, quantity }) => ({ externalId: external_id, quantity })),
    ]),
  );
}
