import { sql } from 'kysely';
import type { Cover, FollowFacts, OrderPart } from '#modules/orders';
import type { Tx } from '#platform/db';

/** How far the units of these orders have come, over purchase orders and parcels of all suppliers; three statements for a batch. */
export async function progressOf(tx: Tx, orders: readonly { id: string }[]): Promise<FollowFacts> {
  const ids = orders.map(({ id }) => id);
  const { rows: covers } = await sql<Cover & { order_id: string }>`
    with ours as (
      select allocation.order_id, allocation.line_id, allocation.id, allocation.quantity
        from routing.v_allocation as allocation
       where allocation.tenant_id = ${tx.tenant} and allocation.order_id = any(${ids}::uuid[]) and allocation.quantity > 0),
    bought as (
      select line.allocation_id, line.accepted, line.shipped,
             case when line.response = 'backordered' then line.quantity - line.refused - line.shipped else 0 end as backordered
        from purchasing.v_purchase as purchase
        join purchasing.v_line as line on line.tenant_id = purchase.tenant_id and line.purchase_id = purchase.id
       where purchase.tenant_id = ${tx.tenant} and purchase.order_id = any(${ids}::uuid[])),
    carried as (
      select inside.order_line_id as line_id, sum(inside.quantity) filter (where parcel.milestone = 'delivered') as delivered,
             sum(inside.quantity) filter (where parcel.milestone in ('delivered', 'returned', 'lost')) as ended,
             sum(inside.quantity) filter (where parcel.milestone = 'out_for_delivery') as out_for_delivery
        from shipping.v_parcel as parcel
        join shipping.v_parcel_line as inside on inside.tenant_id = parcel.tenant_id and inside.parcel_id = parcel.id
       where parcel.tenant_id = ${tx.tenant} and parcel.order_id = any(${ids}::uuid[]) and parcel.replaced_by is null
       group by inside.order_line_id)
    select ours.order_id, ours.line_id, sum(ours.quantity)::int as allocated, coalesce(sum(bought.accepted), 0)::int as accepted,
           coalesce(sum(bought.backordered), 0)::int as backordered, coalesce(sum(bought.shipped), 0)::int as shipped,
           coalesce(max(carried.delivered), 0)::int as delivered, coalesce(max(carried.ended), 0)::int as ended,
           coalesce(max(carried.out_for_delivery), 0)::int as "outForDelivery"
      from ours
      left join bought on bought.allocation_id = ours.id
      left join carried on carried.line_id = ours.line_id
     group by ours.order_id, ours.line_id`.execute(tx.db);
  const { rows: parts } = await sql<OrderPart & { order_id: string }>`
    select purchase.order_id, purchase.id as purchase_id, purchase.transmission,
           exists (select from purchasing.v_change as change where change.tenant_id = purchase.tenant_id and change.purchase_id = purchase.id) as cancel_asked,
           coalesce((select jsonb_agg(jsonb_build_object('line_id', line.order_line_id, 'quantity', line.quantity - line.refused - line.shipped) order by line.position)
                       from purchasing.v_line as line
                      where line.tenant_id = purchase.tenant_id and line.purchase_id = purchase.id and line.quantity > line.refused + line.shipped), '[]') as open
      from purchasing.v_purchase as purchase
     where purchase.tenant_id = ${tx.tenant} and purchase.order_id = any(${ids}::uuid[])
     order by purchase.order_id, purchase.id`.execute(tx.db);
  const { rows: told } = await sql<{ order_id: string; kind: string; state: string }>`
    select distinct order_id, kind, state from exceptions.v_exception
     where tenant_id = ${tx.tenant} and order_id = any(${ids}::uuid[])`.execute(tx.db);
  return {
    covers: Map.groupBy(covers, ({ order_id }) => order_id),
    parts: Map.groupBy(parts, ({ order_id }) => order_id),
    inReview: new Set(told.flatMap(({ order_id, state }) => (state === 'resolved' ? [] : [order_id]))),
    toldTooLate: new Set(told.flatMap(({ order_id, kind }) => (kind === 'cancelled_too_late' ? [order_id] : []))),
  };
}
