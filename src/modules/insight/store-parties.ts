import { sql } from 'kysely';
import { after as later, type Instant } from '#kernel/time';
import type { Tx } from '#platform/db';

const openStates = '{queued,sending,sent,unknown,failed,acknowledged}';

// ── suppliers ────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface SupplierListed {
  id: string;
  code: string;
  name: string;
  state: 'prospect' | 'sampling' | 'onboarding' | 'pilot' | 'live' | 'watch' | 'paused' | 'ended';
  paused_reason: string;
  country: string;
  currency: string;
  time_zone: string;
  ships_to: string[];
  rank: number;
  handling_days: number;
  transit_days: Record<string, unknown>;
  ack_hours: number;
  ship_hours: number;
  order_fee_minor: bigint;
  shipping_minor: Record<string, unknown>;
  reliability: string;
  transport: 'file' | 'email' | 'rest';
  transport_settings: Record<string, unknown>;
  contact_email: string;
  poll_state: string;
  polled_at: Instant | null;
  open_purchases: number;
  late: number;
  unacknowledged: number;
  exceptions: number;
  offers: number;
  last_feed_at: Instant | null;
}

const mostSuppliers = 500;

/** All of them, or one; by rank. A tenant has tens, so they are one page. */
export async function suppliersOf(tx: Tx, filter: { id?: string; state?: string } = {}): Promise<SupplierListed[]> {
  const { rows } = await sql<SupplierListed>`
    with open as (
      select p.supplier_id, count(*)::int as open_purchases,
             count(*) filter (where p.transmission = 'acknowledged' and p.ship_due_at < ${tx.now})::int as late,
             count(*) filter (where p.transmission = 'sent')::int as unacknowledged
        from purchasing.v_purchase p
       where p.tenant_id = ${tx.tenant} and p.transmission = any(${openStates}::text[])
         and (${filter.id ?? null}::uuid is null or p.supplier_id = ${filter.id ?? null})
       group by p.supplier_id),
    trouble as (
      select e.supplier_id, count(*)::int as exceptions from exceptions.v_exception e
       where e.tenant_id = ${tx.tenant} and e.state = 'open' and e.supplier_id is not null group by e.supplier_id)
    select s.*, coalesce(open.open_purchases, 0) as open_purchases, coalesce(open.late, 0) as late,
           coalesce(open.unacknowledged, 0) as unacknowledged, coalesce(trouble.exceptions, 0) as exceptions,
           feed.ended_at as last_feed_at, coalesce(feed.offers, counted.offers)::int as offers
      from suppliers.v_supplier s
      left join open on open.supplier_id = s.id
      left join trouble on trouble.supplier_id = s.id
      left join lateral (
        select r.ended_at, r.rows_new + r.rows_changed + r.rows_same as offers from catalog.v_feed_run r
         where r.tenant_id = s.tenant_id and r.supplier_id = s.id and r.state = 'applied' order by r.started_at desc limit 1) feed on true
      left join lateral (
        -- Without a feed run yet they are few, or counted up to here.
        select count(*) as offers from (select from catalog.v_offer f
          where f.tenant_id = s.tenant_id and f.supplier_id = s.id and feed.offers is null limit 5000) few) counted on true
     where s.tenant_id = ${tx.tenant} and (${filter.id ?? null}::uuid is null or s.id = ${filter.id ?? null})
       and (${filter.state ?? null}::text is null or s.state = ${filter.state ?? null})
     order by s.rank, s.name, s.id limit ${mostSuppliers}`.execute(tx.db);
  return rows;
}

export interface SupplierNumbers {
  purchases: number;
  units_accepted: number;
  units_answered: number;
  acknowledged: number;
  acknowledged_in_time: number;
  shipped: number;
  shipped_in_time: number;
  hours_to_acknowledge: number | null;
  hours_to_ship: number | null;
  cost_minor: bigint;
}

/** How a supplier did with what was asked in the last `days` days. */
export async function supplierNumbers(tx: Tx, supplier: string, days: number): Promise<SupplierNumbers> {
  const { rows } = await sql<SupplierNumbers>`
    with asked as (
      select p.id, p.sent_at, p.acknowledged_at, p.ack_due_at, p.ship_due_at, p.cost_minor from purchasing.v_purchase p
       where p.tenant_id = ${tx.tenant} and p.supplier_id = ${supplier} and p.created_at >= ${later(tx.now, { days: -days })}
         and p.transmission <> 'cancelled'),
    answered as (
      select coalesce(sum(l.accepted), 0)::int as accepted, coalesce(sum(l.quantity), 0)::int as quantity
        from asked join purchasing.v_line l on l.tenant_id = ${tx.tenant} and l.purchase_id = asked.id
       where l.answered_at is not null),
    sent as (
      select asked.id, asked.sent_at, asked.ship_due_at, min(h.shipped_at) as shipped_at
        from asked join shipping.v_shipment h on h.tenant_id = ${tx.tenant} and h.purchase_id = asked.id
       group by asked.id, asked.sent_at, asked.ship_due_at)
    select count(*)::int as purchases, (select accepted from answered) as units_accepted, (select quantity from answered) as units_answered,
           count(acknowledged_at)::int as acknowledged,
           count(*) filter (where acknowledged_at <= ack_due_at)::int as acknowledged_in_time,
           (select count(*)::int from sent) as shipped,
           (select count(*) filter (where shipped_at <= ship_due_at)::int from sent) as shipped_in_time,
           percentile_cont(0.5) within group (order by extract(epoch from acknowledged_at - sent_at)::float8 / 3600)
             filter (where acknowledged_at is not null) as hours_to_acknowledge,
           (select percentile_cont(0.5) within group (order by extract(epoch from shipped_at - sent_at)::float8 / 3600) from sent) as hours_to_ship,
           coalesce(sum(cost_minor), 0)::bigint as cost_minor
      from asked`.execute(tx.db);
  const [row] = rows;
  if (!row) throw new Error('an aggregate answers one row');
  return row;
}

// ── channels ─────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface ChannelListed {
  id: string;
  code: string;
  name: string;
  kind: string;
  state: 'connected' | 'paused' | 'failing';
  settings: Record<string, unknown>;
  currency: string;
  polled_at: Instant | null;
  last_order_at: Instant | null;
  trouble: string;
  created_at: Instant;
  orders_today: number;
  backlog: number;
  refused: number;
  reports_waiting: number;
  reports_failed: number;
}

const mostChannels = 500;

/** All of them, or one. Counts are those of the last 24 hours. */
export async function channelsOf(tx: Tx, filter: { id?: string } = {}): Promise<ChannelListed[]> {
  const dayAgo = later(tx.now, { hours: -24 });
  const { rows } = await sql<ChannelListed>`
    with ordered as (
      select o.channel_id, count(*)::int as orders_today from orders.v_order o
       where o.tenant_id = ${tx.tenant} and o.placed_at >= ${dayAgo} group by o.channel_id),
    came as (
      select a.source, count(*) filter (where a.state = 'received')::int as backlog, count(*) filter (where a.state = 'refused')::int as refused
        from platform.v_arrival a where a.tenant_id = ${tx.tenant} and a.received_at >= ${dayAgo} and a.state <> 'read' group by a.source),
    told as (
      select r.channel_id, count(*) filter (where r.state <> 'failed')::int as waiting, count(*) filter (where r.state = 'failed')::int as failed
        from channels.v_report r where r.tenant_id = ${tx.tenant} and r.state <> 'sent' group by r.channel_id)
    select c.*, coalesce(ordered.orders_today, 0) as orders_today, coalesce(came.backlog, 0) as backlog, coalesce(came.refused, 0) as refused,
           coalesce(told.waiting, 0) as reports_waiting, coalesce(told.failed, 0) as reports_failed
      from channels.v_channel c
      left join ordered on ordered.channel_id = c.id
      left join came on came.source = 'channel:' || c.id
      left join told on told.channel_id = c.id
     where c.tenant_id = ${tx.tenant} and (${filter.id ?? null}::uuid is null or c.id = ${filter.id ?? null})
     order by c.name, c.id limit ${mostChannels}`.execute(tx.db);
  return rows;
}

export interface Listening {
  topics: string[];
  heard_at: Instant | null;
  armed_at: Instant | null;
  mended: number;
  trouble: string;
  missed: number;
  heard: number;
}

/** How a store is heard, and what its webhooks missed within a week; null for one that is not asked by API. */
export async function listeningOf(tx: Tx, id: string): Promise<Listening | null> {
  const since = later(tx.now, { hours: -24 * 7 });
  const { rows } = await sql<Listening>`
    select ear.topics, ear.heard_at, ear.armed_at, ear.mended, ear.trouble, came.missed, came.heard
      from channels.v_ear as ear
     cross join lateral (
       select count(*) filter (where not by_hook)::int as missed, count(*) filter (where by_hook)::int as heard
         from (select bool_or(not a.headers ? 'by') as by_hook from platform.v_arrival as a
                where a.tenant_id = ${tx.tenant} and a.source = ${`channel:${id}`} and a.received_at >= ${since} and a.object <> ''
                group by a.object) as orders) as came
     where ear.tenant_id = ${tx.tenant} and ear.id = ${id}`.execute(tx.db);
  return rows[0] ?? null;
}

// ── routing policy ───────────────────────────────────────────────────────────────────────────────────────────────────

export interface PolicyListed {
  id: string;
  version: number;
  state: 'draft' | 'live' | 'retired';
  rules: unknown;
  note: string;
  created_at: Instant;
  published_at: Instant | null;
}

/** The newest version first. */
export async function policiesOf(tx: Tx): Promise<PolicyListed[]> {
  const { rows } = await sql<PolicyListed>`
    select id, version, state, rules, note, created_at, published_at from routing.v_policy
     where tenant_id = ${tx.tenant} order by version desc limit 50`.execute(tx.db);
  return rows;
}
