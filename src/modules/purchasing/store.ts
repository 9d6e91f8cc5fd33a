import { sql } from 'kysely';
import { after } from '#kernel/time';
import { supplier as supplierThing } from '#modules/suppliers';
import { recordset, type Tx } from '#platform/db';
import { type Thing, wakeReaders } from '#platform/work';
import type { Placed } from '#ports/supplier';
import { fulfilmentOf } from './fold.ts';
import { type Draft, type Purchase, type PurchaseLine, type Transmission, transmissions } from './words.ts';

export const purchase: Thing<Purchase, Transmission> = {
  name: 'purchase',
  table: 'purchasing.purchase',
  stateColumn: 'transmission',
  states: transmissions,
  dated: true,
  columns: { response: 'text', fulfilment: 'text', reminded: 'int', ack_due_at: 'timestamptz', ship_due_at: 'timestamptz' },
  load: loadPurchases,
  orderOf: ({ order_id }) => order_id,
};

/** Purchase orders with lines and suppliers, oldest first. */
export async function loadPurchases(tx: Tx, ids: readonly string[]): Promise<Purchase[]> {
  const { rows } = await sql<Omit<Purchase, 'lines' | 'supplier'>>`
    select p.id, p.number, p.supplier_id, p.order_id, coalesce(o.number, '') as order_number, p.version, p.transmission, p.response, p.fulfilment, p.currency,
           p.cost_minor, p.ship_to, p.service, p.transport, p.created_at, p.sent_at, p.ack_due_at, p.acknowledged_at, p.ship_due_at, p.reminded, p.reference
      from purchasing.purchase as p
      left join orders.v_order as o on o.tenant_id = p.tenant_id and o.id = p.order_id
     where p.tenant_id = ${tx.tenant} and p.id = any(${ids}::uuid[])
     order by p.created_at, p.id`.execute(tx.db);
  const { rows: lines } = await sql<PurchaseLine>`
    select id, purchase_id, position, order_line_id, allocation_id, offer_id, supplier_sku, title, quantity, unit_cost_minor, response, accepted, refused, shipped,
           expected_at, reason, answered_at
      from purchasing.line where tenant_id = ${tx.tenant} and purchase_id = any(${ids}::uuid[]) order by purchase_id, position`.execute(
    tx.db,
  );
  const byPurchase = Map.groupBy(lines, ({ purchase_id }) => purchase_id);
  const suppliers = new Map(
    (await supplierThing.load(tx, [...new Set(rows.map(({ supplier_id }) => supplier_id))])).map((one) => [one.id, one]),
  );
  return rows.flatMap((row) => {
    const its = suppliers.get(row.supplier_id);
    return its ? [{ ...row, supplier: its, lines: byPurchase.get(row.id) ?? [] }] : [];
  });
}

/** The same, locked until the transaction ends; in the order of their ids, so that two who lock never wait for each other in a ring. */
export async function lockedPurchases(tx: Tx, ids: readonly string[]): Promise<Purchase[]> {
  await sql`select from purchasing.purchase where tenant_id = ${tx.tenant} and id = any(${ids}::uuid[]) order by id for no key update`.execute(
    tx.db,
  );
  return loadPurchases(tx, ids);
}

export interface Drafted {
  id: string;
  number: string;
  order_id: string;
  supplier_id: string;
}

/** Writes purchase orders with their lines, two statements for the whole batch; numbers come from one sequence and are never reused. */
export async function draft(tx: Tx, drafts: readonly Draft[]): Promise<Drafted[]> {
  if (drafts.length === 0) return [];
  const rows = drafts.map((one) => ({
    ...one,
    id: tx.newId(),
    cost: one.lines.reduce((sum, line) => sum + line.unitCostMinor * BigInt(line.quantity), 0n),
  }));
  const { rows: made } = await sql<Drafted>`
    insert into purchasing.purchase (tenant_id, id, number, supplier_id, order_id, transmission, due_at, currency, cost_minor, ship_to, service, transport, created_at, changed_at)
    select ${tx.tenant}, id, 'PO-' || nextval('purchasing.number_seq'), supplier_id, order_id, 'queued', ${tx.now}, currency, cost_minor, ship_to, service, transport, ${tx.now}, ${tx.now}
      from ${recordset(
        rows.map((row) => ({
          id: row.id,
          supplier_id: row.supplierId,
          order_id: row.orderId,
          currency: row.currency,
          cost_minor: row.cost,
          ship_to: row.shipTo,
          service: row.service,
          transport: row.transport,
        })),
        {
          id: 'uuid',
          supplier_id: 'uuid',
          order_id: 'uuid',
          currency: 'text',
          cost_minor: 'bigint',
          ship_to: 'jsonb',
          service: 'text',
          transport: 'text',
        },
      )} as given
    returning id, number, order_id, supplier_id`.execute(tx.db);
  const lines = rows.flatMap((row) =>
    row.lines.map((line, place) => ({
      id: tx.newId(),
      purchase_id: row.id,
      position: place + 1,
      order_line_id: line.orderLineId,
      allocation_id: line.allocationId,
      offer_id: line.offerId,
      supplier_sku: line.supplierSku,
      title: line.title,
      quantity: line.quantity,
      unit_cost_minor: line.unitCostMinor,
    })),
  );
  await sql`
    insert into purchasing.line (tenant_id, id, purchase_id, position, order_line_id, allocation_id, offer_id, supplier_sku, title, quantity, unit_cost_minor)
    select ${tx.tenant}, id, purchase_id, position, order_line_id, allocation_id, offer_id, supplier_sku, title, quantity, unit_cost_minor
      from ${recordset(lines, {
        id: 'uuid',
        purchase_id: 'uuid',
        position: 'int',
        order_line_id: 'uuid',
        allocation_id: 'uuid',
        offer_id: 'uuid',
        supplier_sku: 'text',
        title: 'text',
        quantity: 'int',
        unit_cost_minor: 'bigint',
      })} as given`.execute(tx.db);
  wakeReaders(tx, 'purchase', new Set(['queued']));
  return made;
}

/**
 * Keeps the very documents that went out, and their number of it. A cancellation that was asked for meanwhile may go out now. The reply
 * is a person's word, or their answer, where the wire gave none: then there is neither.
 */
export async function recordPlaced(tx: Tx, replies: readonly { thing: Purchase; reply: Partial<Placed> }[]): Promise<void> {
  const { rows: asked } = await sql<{ id: string }>`
    with placed as (
      update purchasing.purchase as ours
         set sent_at = coalesce(ours.sent_at, ${tx.now}), reference = coalesce(nullif(given.reference, ''), ours.reference)
        from ${recordset(
          replies.map(({ thing, reply }) => ({ id: thing.id, reference: reply.reference ?? '' })),
          { id: 'uuid', reference: 'text' },
        )} as given
       where ours.tenant_id = ${tx.tenant} and ours.id = given.id
      returning ours.id)
    update purchasing.change as asked
       set due_at = ${tx.now}
      from placed
     where asked.tenant_id = ${tx.tenant} and asked.purchase_id = placed.id and asked.state not in ('accepted', 'refused', 'failed')
       and asked.state = 'queued' and asked.due_at is null
    returning asked.id`.execute(tx.db);
  if (asked.length > 0) wakeReaders(tx, 'change', new Set(['queued']));
  await keepDocuments(
    tx,
    replies.flatMap(({ thing, reply }) =>
      (reply.documents ?? []).map((one) => ({ ...one, purchase_id: thing.id, direction: 'out' as const, kind: 'purchase-order' })),
    ),
  );
}

export async function keepDocuments(
  tx: Tx,
  documents: readonly { purchase_id: string; direction: 'in' | 'out'; kind: string; name: string; type: string; base64: string }[],
): Promise<void> {
  if (documents.length === 0) return;
  await sql`
    insert into purchasing.document (tenant_id, id, purchase_id, direction, kind, name, type, bytes, at)
    select ${tx.tenant}, id, purchase_id, direction, kind, name, type, decode(base64, 'base64'), ${tx.now}
      from ${recordset(
        documents.map((one) => ({ ...one, id: tx.newId() })),
        {
          id: 'uuid',
          purchase_id: 'uuid',
          direction: 'text',
          kind: 'text',
          name: 'text',
          type: 'text',
          base64: 'text',
        },
      )} as given`.execute(tx.db);
}

/**
 * Raises what is on its way per line, and looks at those purchase orders again. A line that ships before it was answered counts as
 * accepted, until the answer says more exactly what of it.
 */
export async function recordShipped(tx: Tx, newly: readonly { purchase_id: string; line_id: string; quantity: number }[]): Promise<void> {
  if (newly.length === 0) return;
  await sql`
    update purchasing.line as ours
       set shipped = least(ours.shipped + given.quantity, ours.quantity - ours.refused),
           accepted = case when ours.response is null then ours.quantity - ours.refused
                           else greatest(ours.accepted, least(ours.shipped + given.quantity, ours.quantity - ours.refused)) end,
           response = coalesce(ours.response, 'accepted')
      from (select purchase_id, line_id, sum(quantity)::int as quantity
              from ${recordset(newly, { purchase_id: 'uuid', line_id: 'uuid', quantity: 'int' })} as each group by purchase_id, line_id) as given
     where ours.tenant_id = ${tx.tenant} and ours.purchase_id = given.purchase_id and ours.id = given.line_id`.execute(tx.db);
  await refreshPurchases(tx, [...new Set(newly.map(({ purchase_id }) => purchase_id))]);
}

/** The axes of purchase orders whose lines changed, and a wake-up for those that are being followed. */
export async function refreshPurchases(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const purchases = await loadPurchases(tx, ids);
  await sql`
    update purchasing.purchase as ours
       set fulfilment = given.fulfilment,
           acknowledged_at = coalesce(ours.acknowledged_at, ${tx.now}),
           ship_due_at = coalesce(ours.ship_due_at, given.ship_due_at),
           changed_at = ${tx.now},
           due_at = case when ours.transmission in ('sent', 'acknowledged') then ${tx.now} else ours.due_at end
      from ${recordset(
        purchases.map((one) => ({
          id: one.id,
          fulfilment: fulfilmentOf(one.lines),
          ship_due_at: after(tx.now, { hours: one.supplier.ship_hours }),
        })),
        {
          id: 'uuid',
          fulfilment: 'text',
          ship_due_at: 'timestamptz',
        },
      )} as given
     where ours.tenant_id = ${tx.tenant} and ours.id = given.id`.execute(tx.db);
  wakeReaders(tx, 'purchase', new Set(['sent', 'acknowledged']));
}
