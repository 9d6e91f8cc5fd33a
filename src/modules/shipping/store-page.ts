import { sql } from 'kysely';
import type { Milestone } from '#kernel/milestones';
import type { Instant } from '#kernel/time';
import type { Tx } from '#platform/db';

/** An order as its shopper may see it: no prices, no street, no supplier. */
export interface FollowedOrder {
  id: string;
  number: string;
  state: string;
  status: string;
  placed_at: Instant;
  promised_at: Instant | null;
  city: string;
  country: string;
  lines: FollowedLine[];
  parcels: FollowedParcel[];
}

export interface FollowedLine {
  id: string;
  title: string;
  quantity: number;
  cancelled: number;
  /** Units in parcels. */
  shipped: number;
}

export interface FollowedParcel {
  id: string;
  carrier: string;
  number: string;
  milestone: Milestone;
  delayed: boolean;
  label_at: Instant;
  delivered_at: Instant | null;
  expected_at: Instant | null;
  items: { title: string; quantity: number }[];
  /** Believed events, the newest first, at most fifty. */
  events: FollowedEvent[];
}

export interface FollowedEvent {
  at: Instant;
  milestone: string;
  text: string;
  place: string;
  country: string;
  offset_minutes: number | null;
}

/** Orders of that number, with what proves whose they are; several channels may use one number. */
export async function findFollowed(tx: Tx, number: string): Promise<{ id: string; email: string; postcode: string }[]> {
  const { rows } = await sql<{ id: string; email: string; postcode: string }>`
    select id, email, postcode
      from orders.v_order_to_follow
     where tenant_id = ${tx.tenant} and number = any(${[number, `#${number}`]})
     order by placed_at desc, id
     limit 20`.execute(tx.db);
  return rows;
}

/** Everything that the shopper's page shows of one order; null when there is none. */
export async function followedOrder(tx: Tx, id: string): Promise<FollowedOrder | null> {
  const { rows } = await sql<Omit<FollowedOrder, 'lines' | 'parcels'>>`
    select id, number, state, status, placed_at, promised_at, city, country
      from orders.v_order_to_follow
     where tenant_id = ${tx.tenant} and id = ${id}`.execute(tx.db);
  const [order] = rows;
  if (!order) return null;
  return { ...order, lines: await linesOf(tx, id), parcels: await parcelsOf(tx, id) };
}

async function linesOf(tx: Tx, order: string): Promise<FollowedLine[]> {
  const { rows } = await sql<FollowedLine>`
    select line.id, line.title, line.quantity, line.cancelled,
           coalesce((select sum(inside.quantity)
                       from shipping.parcel as parcel
                       join shipping.parcel_line as inside on inside.tenant_id = parcel.tenant_id and inside.parcel_id = parcel.id
                      where parcel.tenant_id = ${tx.tenant} and parcel.order_id = ${order} and inside.order_line_id = line.id), 0)::int as shipped
      from orders.v_line_to_follow as line
     where line.tenant_id = ${tx.tenant} and line.order_id = ${order}
     order by line.position, line.id
     limit 200`.execute(tx.db);
  return rows;
}

async function parcelsOf(tx: Tx, order: string): Promise<FollowedParcel[]> {
  type Row = Omit<FollowedParcel, 'events'> & { events: (Omit<FollowedEvent, 'at'> & { at: string })[] };
  const { rows } = await sql<Row>`
    select parcel.id, parcel.carrier, parcel.number, parcel.milestone, parcel.delayed, parcel.label_at, parcel.delivered_at, parcel.expected_at,
           coalesce(held.items, '[]') as items, coalesce(seen.events, '[]') as events
      from shipping.parcel as parcel
      left join lateral (
        select jsonb_agg(jsonb_build_object('title', line.title, 'quantity', inside.quantity) order by line.position) as items
          from shipping.parcel_line as inside
          join orders.v_line_to_follow as line
            on line.tenant_id = inside.tenant_id and line.order_id = parcel.order_id and line.id = inside.order_line_id
         where inside.tenant_id = parcel.tenant_id and inside.parcel_id = parcel.id) as held on true
      left join lateral (
        select jsonb_agg(to_jsonb(newest) order by newest.at desc) as events
          from (select at, milestone, text, place, country, offset_minutes
                  from shipping.event as event
                 where event.tenant_id = parcel.tenant_id and event.parcel_id = parcel.id and event.set_aside = ''
                 order by at desc, id desc
                 limit 50) as newest) as seen on true
     where parcel.tenant_id = ${tx.tenant} and parcel.order_id = ${order} and parcel.replaced_by is null
     order by parcel.created_at, parcel.id
     limit 50`.execute(tx.db);
  return rows.map((row) => ({ ...row, events: row.events.map((event) => ({ ...event, at: Temporal.Instant.from(event.at) })) }));
}
