import { type RawBuilder, sql } from 'kysely';
import type { Instant } from '#kernel/time';
import type { Tx } from '#platform/db';
import { after, beginsWith, beyond, every, type Keyset, oneMore, orderBy, type Page, type Paging, pageOf } from './keyset.ts';

export interface NamedRow {
  id: string;
  name: string;
}

export interface OrderListed {
  id: string;
  number: string;
  channel_id: string;
  channel_name: string;
  state: string;
  status: string;
  placed_at: Instant;
  customer_name: string;
  country: string;
  currency: string;
  total_minor: bigint;
  tax_minor: bigint;
  is_test: boolean;
  tags: string[];
  promised_at: Instant | null;
  lines: number;
  units: number;
  suppliers: NamedRow[];
  /** What its live allocations cost, per currency. */
  costs: { minor: string; currency: string }[];
  clock: { at: string; what: 'place' | 'acknowledge' | 'ship' | 'look' } | null;
  holds: string[];
  exceptions: number;
}

export interface OrderFilter {
  status?: readonly string[];
  state?: readonly string[];
  channel?: string;
  supplier?: string;
  country?: string;
  hold?: string;
  test?: boolean;
  attention?: boolean;
  placedFrom?: Instant;
  placedTo?: Instant;
  q?: string;
}

const byPlaced: Keyset = {
  name: 'orders',
  parts: [
    { column: 'o.placed_at', type: 'timestamptz' },
    { column: 'o.id', type: 'uuid' },
  ],
  direction: 'desc',
};

/** What a row of the list and the head of the page both show. */
const shown = sql`
  o.id, o.number, o.channel_id, o.state, o.status, o.placed_at, o.customer_name, o.country, o.currency, o.total_minor, o.tax_minor, o.is_test,
  o.tags, o.promised_at,
  coalesce((select name from channels.v_channel c where c.tenant_id = o.tenant_id and c.id = o.channel_id), '') as channel_name,
  counted.lines, counted.units,
  (select coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'name', s.name) order by s.rank, s.name), '[]')
     from suppliers.v_supplier s
    where s.tenant_id = o.tenant_id
      and s.id in (select a.supplier_id from routing.v_allocation a
                    where a.tenant_id = o.tenant_id and a.order_id = o.id and a.state <> 'released')) as suppliers,
  (select coalesce(jsonb_agg(jsonb_build_object('minor', cost.minor::text, 'currency', cost.currency)), '[]')
     from (select a.currency, sum(a.quantity * a.unit_cost_minor) as minor from routing.v_allocation a
            where a.tenant_id = o.tenant_id and a.order_id = o.id and a.state <> 'released' group by a.currency) cost) as costs,
  (select jsonb_build_object('at', p.clock_at, 'what', p.clock_what) from purchasing.v_purchase p
    where p.tenant_id = o.tenant_id and p.order_id = o.id and p.clock_at is not null order by p.clock_at limit 1) as clock,
  (select coalesce(array_agg(h.reason order by h.placed_at), '{}') from orders.v_hold h
    where h.tenant_id = o.tenant_id and h.order_id = o.id and h.released_at is null) as holds,
  (select count(*)::int from exceptions.v_exception e
    where e.tenant_id = o.tenant_id and e.order_id = o.id and e.state <> 'resolved') as exceptions`;

const counted = sql`
  cross join lateral (select count(*)::int as lines, coalesce(sum(l.quantity - l.cancelled), 0)::int as units
                        from orders.v_line l where l.tenant_id = o.tenant_id and l.order_id = o.id) counted`;

/** The newest first. */
export async function listOrders(tx: Tx, filter: OrderFilter, paging: Paging): Promise<Page<OrderListed>> {
  const { rows } = await sql<OrderListed>`
    with page as (
      select o.* from orders.v_order o
       where o.tenant_id = ${tx.tenant} and ${every([after(byPlaced, paging.after), ...conditions(tx, filter)])}
       ${orderBy(byPlaced)} ${oneMore(paging)})
    select ${shown} from page o ${counted} ${orderBy(byPlaced)}`.execute(tx.db);
  return pageOf(byPlaced, paging, rows);
}

/** Ids of orders as their own statement, so that a rare match is looked up instead of met on the way through all orders. */
const among = (ids: RawBuilder<unknown>): RawBuilder<unknown> => sql`o.id = any(array(${ids}))`;

function conditions(tx: Tx, filter: OrderFilter): (RawBuilder<unknown> | null)[] {
  const { status, state, channel, supplier, country, hold, test, attention, placedFrom, placedTo, q } = filter;
  return [
    status?.length === 1 ? sql`o.status = ${status[0]}` : status?.length ? sql`o.status = any(${status}::text[])` : null,
    state?.length ? sql`o.state = any(${state}::text[])` : null,
    channel === undefined ? null : sql`o.channel_id = ${channel}`,
    country === undefined ? null : sql`o.country = ${country}`,
    test === undefined ? null : sql`o.is_test = ${test}`,
    placedFrom === undefined ? null : sql`o.placed_at >= ${placedFrom}`,
    placedTo === undefined ? null : sql`o.placed_at < ${placedTo}`,
    supplier === undefined
      ? null
      : sql`exists (select from purchasing.v_purchase p where p.tenant_id = o.tenant_id and p.order_id = o.id and p.supplier_id = ${supplier})`,
    hold === undefined
      ? null
      : sql`exists (select from orders.v_hold h where h.tenant_id = o.tenant_id and h.order_id = o.id and h.released_at is null and h.reason = ${hold})`,
    attention
      ? among(
          sql`select e.order_id from exceptions.v_exception e where e.tenant_id = ${tx.tenant} and e.state = 'open' and e.order_id is not null`,
        )
      : null,
    q === undefined ? null : among(foundBy(tx, q)),
  ];
}

const mostFound = 2_000;

/** Orders that all the words of `q` point to; a purchase order's or parcel's number finds its order too. The newest when there are many. */
export function foundBy(tx: Tx, q: string): RawBuilder<unknown> {
  const words = wordsOf(q);
  if (words.length === 0) return sql`select null::uuid where false`;
  const whole = q.trim();
  const byWord = words.map(
    (word) =>
      sql`select w.order_id from insight.word w where w.tenant_id = ${tx.tenant} and w.word >= ${word} and w.word < ${beyond(word)}`,
  );
  return sql`
    select found.order_id
      from ((${sql.join(byWord, sql` intersect `)})
            union select p.order_id from purchasing.v_purchase p
                   where p.tenant_id = ${tx.tenant} and ${beginsWith('p.number', whole.toUpperCase())}
            union select c.order_id from shipping.v_parcel c
                   where c.tenant_id = ${tx.tenant} and c.number in (${whole}, ${whole.toUpperCase().replaceAll(/\s/g, '')})
            union select m.order_id from orders.v_line m where m.tenant_id = ${tx.tenant} and m.sku = ${whole}) found
     order by found.order_id desc limit ${mostFound}`;
}

/** As the index has them: small letters; a phone number and a postcode without what stands between. At most five. */
export function wordsOf(q: string): string[] {
  const text = q.trim().toLowerCase().replaceAll('\0', '').replace(/^#/, '');
  if (/^\+?[\d\s()/.-]{6,}$/.test(text)) return [text.replaceAll(/\D/g, '').slice(0, 80)];
  // "SW1A 1AA" is one word in the index, "Ada Lovelace" two.
  const postcode = /^[a-z\d]{2,4}\s[a-z\d]{3}$/.test(text) && /\d/.test(text);
  const parts = text.includes('@') || postcode ? [text.replaceAll(/\s/g, '')] : text.split(/\s+/);
  return parts
    .filter((word) => word.length >= 2)
    .slice(0, 5)
    .map((word) => word.slice(0, 80));
}

export interface OrderHead extends OrderListed {
  external_id: string;
  received_at: Instant;
  changed_at: Instant;
  subtotal_minor: bigint;
  discount_minor: bigint;
  shipping_minor: bigint;
  payment: string;
  email: string;
  phone: string;
  ship_to: Record<string, unknown>;
  service: string;
  note: string;
  routed_times: number;
  cancel_asked_at: Instant | null;
}

export async function orderHead(tx: Tx, id: string): Promise<OrderHead | null> {
  const { rows } = await sql<OrderHead>`
    select ${shown}, o.external_id, o.received_at, o.changed_at, o.subtotal_minor, o.discount_minor, o.shipping_minor, o.payment, o.email,
           o.phone, o.ship_to, o.service, o.note, o.routed_times, o.cancel_asked_at
      from orders.v_order o ${counted} where o.tenant_id = ${tx.tenant} and o.id = ${id}`.execute(tx.db);
  return rows[0] ?? null;
}

export interface LineRow {
  id: string;
  position: number;
  sku: string;
  title: string;
  kind: 'goods' | 'service';
  variant_id: string | null;
  quantity: number;
  cancelled: number;
  price_minor: bigint;
  discount_minor: bigint;
  tax_minor: bigint;
}

export async function linesOf(tx: Tx, order: string): Promise<LineRow[]> {
  const { rows } = await sql<LineRow>`
    select id, position, sku, title, kind, variant_id, quantity, cancelled, price_minor, discount_minor, tax_minor
      from orders.v_line where tenant_id = ${tx.tenant} and order_id = ${order} order by position, id`.execute(tx.db);
  return rows;
}

export interface AllocationRow {
  line_id: string;
  supplier_id: string;
  supplier_name: string;
  offer_id: string;
  supplier_sku: string;
  quantity: number;
  unit_cost_minor: bigint;
  currency: string;
  state: 'live' | 'reflected' | 'released';
  purchase_id: string | null;
  purchase_number: string | null;
  response: string | null;
  expected_at: Instant | null;
  shipped: number;
}

/** Who delivers which line, with the purchase order it stands on and what was answered. */
export async function allocationsOf(tx: Tx, order: string): Promise<AllocationRow[]> {
  const { rows } = await sql<AllocationRow>`
    select a.line_id, a.supplier_id, coalesce(s.name, '') as supplier_name, a.offer_id,
           coalesce(pl.supplier_sku, f.supplier_sku, '') as supplier_sku, a.quantity, a.unit_cost_minor, a.currency, a.state,
           pl.purchase_id, pl.purchase_number, pl.response, pl.expected_at, coalesce(pl.shipped, 0) as shipped
      from routing.v_allocation a
      left join suppliers.v_supplier s on s.tenant_id = a.tenant_id and s.id = a.supplier_id
      left join catalog.v_offer f on f.tenant_id = a.tenant_id and f.id = a.offer_id
      left join lateral (
        select l.purchase_id, p.number as purchase_number, l.supplier_sku, l.response, l.expected_at, l.shipped
          from purchasing.v_purchase p
          join purchasing.v_line l on l.tenant_id = p.tenant_id and l.purchase_id = p.id
         where p.tenant_id = a.tenant_id and p.order_id = a.order_id and l.allocation_id = a.id
         order by p.id desc limit 1) pl on true
     where a.tenant_id = ${tx.tenant} and a.order_id = ${order}
     order by a.state = 'released', a.created_at, a.id`.execute(tx.db);
  return rows;
}

export interface HoldRow {
  reason: string;
  detail: string;
  placed_at: Instant;
  actor: string;
  released_at: Instant | null;
  released_by: string;
}

export async function holdsOf(tx: Tx, order: string): Promise<HoldRow[]> {
  const { rows } = await sql<HoldRow>`
    select reason, detail, placed_at, actor, released_at, released_by from orders.v_hold
     where tenant_id = ${tx.tenant} and order_id = ${order} order by placed_at, id limit 200`.execute(tx.db);
  return rows;
}

export interface DecisionRow {
  id: string;
  attempt: number;
  policy_version: number;
  at: Instant;
  outcome: 'routed' | 'held';
  lines: unknown;
}

export async function decisionsOf(tx: Tx, order: string): Promise<DecisionRow[]> {
  const { rows } = await sql<DecisionRow>`
    select id, attempt, policy_version, at, outcome, lines from routing.v_decision
     where tenant_id = ${tx.tenant} and order_id = ${order} order by attempt desc, id desc limit 20`.execute(tx.db);
  return rows;
}

export interface MessageRow {
  id: string;
  meaning: string;
  channel: string;
  address: string;
  state: 'queued' | 'sending' | 'sent' | 'unknown' | 'suppressed' | 'failed';
  subject: string;
  body_text: string;
  why_not: string;
  created_at: Instant;
  sent_at: Instant | null;
}

export async function messagesOf(tx: Tx, order: string): Promise<MessageRow[]> {
  const { rows } = await sql<MessageRow>`
    select id, meaning, channel, address, state, subject, body_text, why_not, created_at, sent_at from notifications.v_message
     where tenant_id = ${tx.tenant} and order_id = ${order} order by created_at, id limit 200`.execute(tx.db);
  return rows;
}

/** Names of suppliers, as decisions name them by id. */
export async function supplierNames(tx: Tx): Promise<Map<string, string>> {
  const { rows } = await sql<NamedRow>`select id, name from suppliers.v_supplier where tenant_id = ${tx.tenant}`.execute(tx.db);
  return new Map(rows.map(({ id, name }) => [id, name]));
}
