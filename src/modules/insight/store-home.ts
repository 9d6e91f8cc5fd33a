import { type RawBuilder, sql } from 'kysely';
import { after, type Instant } from '#kernel/time';
import type { Tx } from '#platform/db';

export interface NowRow {
  orders_today: number;
  money_today: { minor: string; currency: string }[];
  needs_count: number;
  needs_money: { minor: string; currency: string }[];
  needs_oldest: Instant | null;
  due_to_ship: number;
  late_to_ship: number;
  unconfirmed: number;
  doubtful: number;
  stale_feeds: number;
  underway: number;
}

/** A feed that said nothing for this long is stale. */
const staleFeedHours = 36;

/** What is so at this moment. `today` is where the tenant's day began. */
export async function homeNow(tx: Tx, today: Instant): Promise<NowRow> {
  const endOfDay = after(today, { days: 1 });
  const { rows } = await sql<NowRow>`
    with placed as (
      select o.currency, count(*) as count, sum(o.total_minor) as minor from orders.v_order o
       where o.tenant_id = ${tx.tenant} and o.placed_at >= ${today} and o.placed_at < ${endOfDay} and not o.is_test group by o.currency),
    needs as (
      select e.currency, count(*) as count, sum(e.money_minor) as minor, min(e.opened_at) as oldest from exceptions.v_exception e
       where e.tenant_id = ${tx.tenant} and e.state = 'open' group by e.currency),
    open as (
      select count(*) filter (where p.transmission = 'acknowledged' and p.ship_due_at < ${endOfDay})::int as due_to_ship,
             count(*) filter (where p.transmission = 'acknowledged' and p.ship_due_at < ${tx.now})::int as late_to_ship,
             count(*) filter (where p.transmission = 'sent')::int as unconfirmed,
             count(*) filter (where p.transmission = 'unknown')::int as doubtful
        from purchasing.v_purchase p where p.tenant_id = ${tx.tenant} and p.transmission = any('{sent,acknowledged,unknown}'))
    select (select coalesce(sum(count), 0)::int from placed) as orders_today,
           (select coalesce(jsonb_agg(jsonb_build_object('minor', minor::text, 'currency', currency)), '[]') from placed) as money_today,
           (select coalesce(sum(count), 0)::int from needs) as needs_count,
           (select coalesce(jsonb_agg(jsonb_build_object('minor', minor::text, 'currency', currency)), '[]') from needs) as needs_money,
           (select min(oldest) from needs) as needs_oldest,
           open.due_to_ship, open.late_to_ship, open.unconfirmed, open.doubtful,
           (select count(*)::int from suppliers.v_supplier s
             where s.tenant_id = ${tx.tenant} and s.state in ('pilot', 'live', 'watch')
               and not exists (select from catalog.v_feed_run r where r.tenant_id = s.tenant_id and r.supplier_id = s.id
                                  and r.state = 'applied' and r.started_at > ${after(tx.now, { hours: -staleFeedHours })})) as stale_feeds,
           (select count(*)::int from shipping.v_parcel c
             where c.tenant_id = ${tx.tenant} and c.due_at is not null and c.first_scan_at is not null and c.replaced_by is null) as underway
      from open`.execute(tx.db);
  const [row] = rows;
  if (!row) throw new Error('an aggregate answers one row');
  return row;
}

/** Of orders that are not over; named one by one, so that an index counts them without meeting all that are. */
const openWords =
  '{awaiting_payment,on_hold,routing,routed,with_supplier,accepted,backordered,part_shipped,shipped,out_for_delivery,no_supplier,needs_review}';

/** How many orders stand in which status; only those that are not over. */
export async function openStatuses(tx: Tx): Promise<{ status: string; count: number }[]> {
  const { rows } = await sql<{ status: string; count: number }>`
    select o.status, count(*)::int as count from orders.v_order o
     where o.tenant_id = ${tx.tenant} and o.status = any(${openWords}::text[])
     group by o.status order by count(*) desc, o.status`.execute(tx.db);
  return rows;
}

/** Days that a measure looks back; the same number before those is what it is compared with. */
export const measureDays = 28;

export interface MeasureRow {
  name: string;
  /** Full days ago; null in the two rows that sum up a period. */
  day: number | null;
  /** 0 the last 28 days, 1 those before. */
  period: number;
  value: number | null;
  n: number;
}

const daysAgo = (tx: Tx, column: string): RawBuilder<unknown> =>
  sql`floor(extract(epoch from ${tx.now}::timestamptz - ${sql.raw(column)}) / 86400)::int`;

/** A share per day and period: `good` of `all`, of what happened at `column`. */
function share(
  tx: Tx,
  name: string,
  from: string,
  column: string,
  good: RawBuilder<unknown>,
  all: RawBuilder<unknown>,
): RawBuilder<unknown> {
  return sql`
    select ${name}::text as name, day, day / ${measureDays} as period, sum(good)::float8 as good, sum(whole)::float8 as whole, null::float8 as median,
           count(*)::int as n
      from (select ${daysAgo(tx, column)} as day, ${good} as good, ${all} as whole from ${sql.raw(from)}
             where x.tenant_id = ${tx.tenant} and ${sql.raw(column)} > ${after(tx.now, { days: -2 * measureDays })} and ${sql.raw(column)} <= ${tx.now}) parts
     group by day`;
}

/** The measures of 56 days, in one statement; slow for a big shop, so whoever asks keeps the answer for a while. */
export async function measures(tx: Tx): Promise<MeasureRow[]> {
  const begin = after(tx.now, { days: -2 * measureDays });
  const line = 'purchasing.v_line x';
  const purchase = 'purchasing.v_purchase x';
  const { rows } = await sql<MeasureRow>`
    with shares as (
      ${share(tx, 'fill_rate', line, 'x.answered_at', sql`x.accepted`, sql`x.quantity`)}
      union all ${share(tx, 'acknowledged_in_time', purchase, 'x.acknowledged_at', sql`(x.acknowledged_at <= x.ack_due_at)::int`, sql`1`)}
      union all ${share(
        tx,
        'on_time_ship',
        'shipping.v_shipment x join purchasing.v_purchase p on p.tenant_id = x.tenant_id and p.id = x.purchase_id and p.ship_due_at is not null',
        'x.shipped_at',
        sql`(x.shipped_at <= p.ship_due_at)::int`,
        sql`1`,
      )}
      union all ${share(
        tx,
        'delivered_in_time',
        'shipping.v_parcel x join orders.v_order p on p.tenant_id = x.tenant_id and p.id = x.order_id and p.promised_at is not null',
        'x.delivered_at',
        sql`(x.delivered_at <= p.promised_at)::int`,
        sql`1`,
      )}
      union all ${share(
        tx,
        'gross_margin',
        `orders.v_order x join lateral (select sum(a.quantity * a.unit_cost_minor) as cost from routing.v_allocation a
           where a.tenant_id = x.tenant_id and a.order_id = x.id and a.state <> 'released' and a.currency = x.currency) c on c.cost is not null`,
        'x.placed_at',
        sql`x.total_minor - x.tax_minor - c.cost`,
        sql`x.total_minor - x.tax_minor`,
      )}),
    shipped as (
      select day, day / ${measureDays} as period, hours
        from (select ${daysAgo(tx, 'x.shipped_at')} as day, extract(epoch from x.shipped_at - o.placed_at)::float8 / 3600 as hours
                from shipping.v_shipment x join orders.v_order o on o.tenant_id = x.tenant_id and o.id = x.order_id
               where x.tenant_id = ${tx.tenant} and x.shipped_at > ${begin} and x.shipped_at <= ${tx.now}) x)
    select name, day, period, case when whole > 0 then good / whole end as value, n from shares where period = 0
    union all
    select name, null, period, case when sum(whole) > 0 then sum(good) / sum(whole) end, sum(n)::int from shares group by name, period
    union all
    select 'order_to_ship', day, period, percentile_cont(0.5) within group (order by hours), count(*)::int
      from shipped where period = 0 group by day, period
    union all
    select 'order_to_ship', null, period, percentile_cont(0.5) within group (order by hours), count(*)::int from shipped group by period
    union all
    select 'orders', ${daysAgo(tx, 'x.placed_at')} as day, 0, null, count(*)::int from orders.v_order x
     where x.tenant_id = ${tx.tenant} and x.placed_at > ${after(tx.now, { days: -measureDays })} and x.placed_at <= ${tx.now} and not x.is_test group by 2`.execute(
    tx.db,
  );
  return rows;
}

export interface ReadinessRow {
  channels: number;
  channels_failing: number;
  suppliers: number;
  untransported: string | null;
  policies: number;
  offers: boolean;
}

/** What has to be there before an order can flow. */
export async function readinessOf(tx: Tx): Promise<ReadinessRow> {
  const { rows } = await sql<ReadinessRow>`
    select (select count(*)::int from channels.v_channel c where c.tenant_id = ${tx.tenant} and c.state <> 'paused') as channels,
           (select count(*)::int from channels.v_channel c where c.tenant_id = ${tx.tenant} and c.state = 'failing') as channels_failing,
           (select count(*)::int from suppliers.v_supplier s where s.tenant_id = ${tx.tenant} and s.state in ('pilot', 'live', 'watch')) as suppliers,
           (select s.name from suppliers.v_supplier s
             where s.tenant_id = ${tx.tenant} and s.state in ('pilot', 'live', 'watch')
               and case s.transport when 'email' then s.contact_email = '' else s.transport_settings = '{}' end
             order by s.rank, s.name limit 1) as untransported,
           (select count(*)::int from routing.v_policy p where p.tenant_id = ${tx.tenant} and p.state = 'live') as policies,
           exists (select from catalog.v_match m where m.tenant_id = ${tx.tenant} and m.state = 'confirmed') as offers`.execute(tx.db);
  const [row] = rows;
  if (!row) throw new Error('a row of counts is always there');
  return row;
}
