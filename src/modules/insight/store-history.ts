import { sql } from 'kysely';
import type { Tx } from '#platform/db';

/** What a whole history came to, in counts and money. */
export interface HistoryFigures {
  orders: number;
  /** Orders by their state. */
  states: Record<string, number>;
  /** External ids of the orders that are held, with the reasons that hold them. */
  held: { external_id: string; reasons: string[] }[];
  /** Holds that were ever placed, by reason. */
  holds: Record<string, number>;
  purchases: Record<string, number>;
  /** Orders that went through routing more than once after they had been with a supplier. */
  reroutes: number;
  /** Parcels by milestone. */
  milestones: Record<string, number>;
  exceptions: Record<string, number>;
  /** What a rule of ours broke on, each by its title: mistakes of the program. */
  set_aside: string[];
  /** Of what was shipped, in minor units: earned, paid to suppliers for goods, and for their parcels. */
  revenue_minor: bigint;
  cost_minor: bigint;
  shipping_minor: bigint;
}

const counted = (rows: readonly { name: string; count: number }[]): Record<string, number> =>
  Object.fromEntries(rows.map(({ name, count }) => [name, count]));

/** Reads whole tables: for the end of a replay, not for a page. */
export async function historyFigures(tx: Tx): Promise<HistoryFigures> {
  const count = async (query: ReturnType<typeof sql<{ name: string; count: number }>>) => counted((await query.execute(tx.db)).rows);
  const states = await count(
    sql`select state as name, count(*)::int as count from orders.v_order where tenant_id = ${tx.tenant} group by state order by state`,
  );
  const { rows: held } = await sql<{ external_id: string; reasons: string[] }>`
    select o.external_id, coalesce((select array_agg(hold.reason order by hold.reason) from orders.v_hold as hold
                                     where hold.tenant_id = o.tenant_id and hold.order_id = o.id and hold.released_at is null), '{}') as reasons
      from orders.v_order as o where o.tenant_id = ${tx.tenant} and o.state = 'held' order by o.external_id`.execute(tx.db);
  const { rows: reroutes } = await sql<{ count: number }>`
    select count(*)::int as count from routing.v_decision as again
     where again.tenant_id = ${tx.tenant} and again.outcome = 'routed'
       and exists (select from routing.v_decision as before where before.tenant_id = again.tenant_id and before.order_id = again.order_id
                      and before.attempt < again.attempt and before.outcome = 'routed')`.execute(tx.db);
  const { rows: aside } = await sql<{ title: string }>`
    select title from exceptions.v_exception where tenant_id = ${tx.tenant} and kind = 'set_aside' order by title limit 20`.execute(tx.db);
  return {
    orders: Object.values(states).reduce((sum, each) => sum + each, 0),
    states,
    held,
    holds: await count(
      sql`select reason as name, count(*)::int as count from orders.v_hold where tenant_id = ${tx.tenant} group by reason order by reason`,
    ),
    purchases: await count(sql`
      select supplier.code as name, count(*)::int as count
        from purchasing.v_purchase as purchase join suppliers.v_supplier as supplier on supplier.tenant_id = purchase.tenant_id and supplier.id = purchase.supplier_id
       where purchase.tenant_id = ${tx.tenant} group by supplier.code order by supplier.code`),
    reroutes: reroutes[0]?.count ?? 0,
    milestones: await count(
      sql`select milestone as name, count(*)::int as count from shipping.v_parcel where tenant_id = ${tx.tenant} group by milestone order by milestone`,
    ),
    exceptions: await count(
      sql`select kind as name, count(*)::int as count from exceptions.v_exception where tenant_id = ${tx.tenant} group by kind order by kind`,
    ),
    set_aside: aside.map(({ title }) => title),
    ...(await moneyOf(tx)),
  };
}

async function moneyOf(tx: Tx): Promise<Pick<HistoryFigures, 'revenue_minor' | 'cost_minor' | 'shipping_minor'>> {
  const { rows } = await sql<{ revenue_minor: bigint; cost_minor: bigint }>`
    select coalesce(sum(ordered.price_minor * bought.shipped - ordered.discount_minor * bought.shipped / ordered.quantity), 0)::bigint as revenue_minor,
           coalesce(sum(bought.unit_cost_minor * bought.shipped), 0)::bigint as cost_minor
      from purchasing.v_purchase as purchase
      join purchasing.v_line as bought on bought.tenant_id = purchase.tenant_id and bought.purchase_id = purchase.id and bought.shipped > 0
      join orders.v_line as ordered on ordered.tenant_id = purchase.tenant_id and ordered.order_id = purchase.order_id and ordered.id = bought.order_line_id
     where purchase.tenant_id = ${tx.tenant}`.execute(tx.db);
  const { rows: parcels } = await sql<{ shipping_minor: bigint }>`
    select coalesce(sum(supplier.order_fee_minor + coalesce((supplier.shipping_minor ->> case when o.country in ('GB', 'JE', 'GG', 'IM') then 'uk' else '*' end)::bigint,
                                                           (supplier.shipping_minor ->> '*')::bigint, 0)), 0)::bigint as shipping_minor
      from purchasing.v_purchase as purchase
      join suppliers.v_supplier as supplier on supplier.tenant_id = purchase.tenant_id and supplier.id = purchase.supplier_id
      join orders.v_order as o on o.tenant_id = purchase.tenant_id and o.id = purchase.order_id
     where purchase.tenant_id = ${tx.tenant} and purchase.fulfilment <> 'none'`.execute(tx.db);
  return {
    revenue_minor: rows[0]?.revenue_minor ?? 0n,
    cost_minor: rows[0]?.cost_minor ?? 0n,
    shipping_minor: parcels[0]?.shipping_minor ?? 0n,
  };
}
