import { sql } from 'kysely';
import { after } from '#kernel/time';
import { recordset, type Tx } from '#platform/db';
import { type Thing, wakeReaders } from '#platform/work';
import type { ScreenFacts, ScreenRules } from './decide-screen.ts';
import { type Hold, type Order, type OrderLine, orderStates, type OrderState } from './words.ts';

export const order: Thing<Order, OrderState> = {
  name: 'order',
  table: 'orders."order"',
  stateColumn: 'state',
  states: orderStates,
  dated: true,
  columns: { status: 'text', routed_times: 'int', promised_at: 'timestamptz', closed_at: 'timestamptz' },
  load: loadOrders,
  orderOf: ({ id }) => id,
};

/** Orders with their lines and holds, oldest first. 500 orders of 2 lines: 9 ms. */
export async function loadOrders(tx: Tx, ids: readonly string[]): Promise<Order[]> {
  const { rows } = await sql<Order>`
    select o.id, channel_id, external_id, number, state, status, o.placed_at, received_at, source_at, currency, total_minor, payment, customer_name, email,
           ship_to, country, postcode, service, likeness, is_test, risk, is_history, routed_times, cancel_asked_at, promised_at, closed_at,
           coalesce(held.open, '{}') as held_for, coalesce(held.released, '{}') as released
      from orders."order" as o
      left join lateral (
           select array_agg(reason) filter (where released_at is null) as open, array_agg(reason) filter (where released_at is not null) as released
             from orders.hold
            where tenant_id = o.tenant_id and order_id = o.id) as held on true
     where o.tenant_id = ${tx.tenant}
       and o.id = any(${ids}::uuid[])
     order by o.placed_at, o.id`.execute(tx.db);
  const { rows: lines } = await sql<OrderLine>`
    select id, order_id, position, external_id, sku, title, kind, variant_id, quantity, cancelled, elsewhere, price_minor, discount_minor, tax_minor
      from orders.line
     where tenant_id = ${tx.tenant}
       and order_id = any(${ids}::uuid[])
     order by order_id, position`.execute(tx.db);
  const byOrder = Map.groupBy(lines, ({ order_id }) => order_id);
  return rows.map((row) => ({ ...row, lines: byOrder.get(row.id) ?? [] }));
}

export async function findOrder(tx: Tx, id: string): Promise<Order | null> {
  await sql`select from orders."order" where tenant_id = ${tx.tenant} and id = ${id} for no key update`.execute(tx.db);
  return (await loadOrders(tx, [id]))[0] ?? null;
}

/**
 * What screening asks about a batch: earlier look-alikes, and how many orders of one e-mail address within the hour before. What is
 * compared is computed before the look-up: row-level security lets an index be used for plain comparisons only. The time is compared
 * outside (`offset 0`), so that no plan walks a day of orders instead. 400 orders: 12 ms.
 */
export async function screenFacts(tx: Tx, orders: readonly Order[], rules: ScreenRules): Promise<Omit<ScreenFacts, 'addresses'>> {
  const asked = orders.map(({ id, likeness, placed_at, email }) => ({
    id,
    likeness: Buffer.from(likeness).toString('hex'),
    placed_at,
    email,
    since: after(placed_at, { hours: -rules.duplicateHours }),
    hour_before: after(placed_at, { hours: -1 }),
  }));
  const { rows } = await sql<{ id: string; alike: string[] | null; in_the_hour: number }>`
    with given as materialized (
      select id, decode(likeness, 'hex') as likeness, placed_at, email, since, hour_before
        from ${recordset(asked, { id: 'uuid', likeness: 'text', placed_at: 'timestamptz', email: 'text', since: 'timestamptz', hour_before: 'timestamptz' })} as asked)
    select given.id,
           (select array_agg(other.number order by other.placed_at, other.id)
              from (select number, placed_at, id, state from orders."order" where tenant_id = ${tx.tenant} and likeness = given.likeness offset 0) as other
             where other.placed_at > given.since and (other.placed_at, other.id) < (given.placed_at, given.id) and other.state <> 'cancelled') as alike,
           (select count(*)::int
              from (select placed_at from orders."order" where tenant_id = ${tx.tenant} and email = given.email and email <> '' offset 0) as other
             where other.placed_at <= given.placed_at and other.placed_at > given.hour_before) as in_the_hour
      from given`.execute(tx.db);
  return {
    rules,
    lookAlikes: new Map(rows.flatMap(({ id, alike }) => (alike ? [[id, alike] as const] : []))),
    inTheHour: new Map(rows.map(({ id, in_the_hour }) => [id, in_the_hour])),
  };
}

/** Opens holds; one that is open for the reason already stays as it is. */
export async function recordHolds(tx: Tx, holds: readonly (Hold & { order_id: string })[], actor: string): Promise<void> {
  if (holds.length === 0) return;
  await sql`
    insert into orders.hold (tenant_id, id, order_id, reason, detail, placed_at, actor)
    select ${tx.tenant}, id, order_id, reason, detail, ${tx.now}, ${actor}
      from ${recordset(
        holds.map((hold) => ({ ...hold, id: tx.newId() })),
        { id: 'uuid', order_id: 'uuid', reason: 'text', detail: 'text' },
      )} as given
        on conflict (tenant_id, order_id, reason) where released_at is null do nothing`.execute(tx.db);
}

/** Closes holds of these orders, of one reason or of all; returns the reasons that were open. */
export async function releaseHolds(tx: Tx, orders: readonly string[], by: string, only?: string): Promise<string[]> {
  if (orders.length === 0) return [];
  const { rows } = await sql<{ reason: string }>`
    update orders.hold
       set released_at = ${tx.now}, released_by = ${by}
     where tenant_id = ${tx.tenant} and order_id = any(${orders}::uuid[]) and released_at is null ${only ? sql`and reason = ${only}` : sql``}
    returning reason`.execute(tx.db);
  return rows.map(({ reason }) => reason);
}

/** Something about them changed: orders with suppliers, or held, are looked at again. */
export async function touch(tx: Tx, orders: readonly string[]): Promise<void> {
  if (orders.length === 0) return;
  await sql`
    with ours as (
      select id from orders."order"
       where tenant_id = ${tx.tenant} and id = any(${orders}::uuid[]) and state in ('in_fulfilment', 'held') and (due_at is null or due_at > ${tx.now})
       order by id
         for no key update)
    update orders."order" as o
       set due_at = ${tx.now}
      from ours
     where o.tenant_id = ${tx.tenant} and o.id = ours.id`.execute(tx.db);
  wakeReaders(tx, 'order', new Set(['in_fulfilment', 'held']));
}

/** Lines of which nobody had said what they are, looked up anew: their SKU may be listed, or be a variant's, by now. */
export async function matchLines(tx: Tx, orders: readonly string[]): Promise<void> {
  await sql`
    update orders.line as ours
       set variant_id = found.variant_id
      from (select line.order_id, line.id,
                   coalesce((select variant_id from catalog.v_listing as listing
                              where listing.tenant_id = line.tenant_id and listing.channel_id = o.channel_id and listing.sku = line.sku),
                            (select variant.id from catalog.v_variant as variant where variant.tenant_id = line.tenant_id and variant.sku = line.sku)) as variant_id
              from orders.line join orders."order" as o on o.tenant_id = line.tenant_id and o.id = line.order_id
             where line.tenant_id = ${tx.tenant} and line.order_id = any(${orders}::uuid[]) and line.variant_id is null) as found
     where ours.tenant_id = ${tx.tenant} and ours.order_id = found.order_id and ours.id = found.id and found.variant_id is not null`.execute(
    tx.db,
  );
}

/** A person moves orders; the steps that take them from there find them due. */
export async function moveOrders(tx: Tx, orders: readonly string[], state: OrderState, status: string): Promise<void> {
  await sql`
    update orders."order"
       set state = ${state}, status = ${status}, due_at = ${tx.now}, changed_at = ${tx.now}
     where tenant_id = ${tx.tenant} and id = any(${orders}::uuid[])`.execute(tx.db);
}

/** A person stops orders that are not yet with suppliers. */
export async function holdOrders(tx: Tx, orders: readonly string[]): Promise<void> {
  await sql`
    update orders."order"
       set state = 'held', status = 'on_hold', due_at = null, changed_at = ${tx.now}
     where tenant_id = ${tx.tenant} and id = any(${orders}::uuid[])`.execute(tx.db);
}

/** Counts units as cancelled, never fewer than before; whole lines when no count is given. */
export async function cancelLines(tx: Tx, lines: readonly { order_id: string; line_id: string; cancelled: number }[]): Promise<void> {
  if (lines.length === 0) return;
  await sql`
    update orders.line as ours
       set cancelled = greatest(ours.cancelled, least(ours.quantity, given.cancelled))
      from ${recordset(lines, { order_id: 'uuid', line_id: 'uuid', cancelled: 'int' })} as given
     where ours.tenant_id = ${tx.tenant} and ours.order_id = given.order_id and ours.id = given.line_id`.execute(tx.db);
}

export async function addNote(tx: Tx, id: string, note: string): Promise<void> {
  await sql`
    update orders."order"
       set note = case when note = '' then ${note} else note || E'\\n' || ${note} end, changed_at = ${tx.now}
     where tenant_id = ${tx.tenant} and id = ${id}`.execute(tx.db);
}

/** The variants on these orders' lines. */
export async function variantsOrdered(tx: Tx, orderIds: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ variant_id: string }>`
    select distinct variant_id from orders.line
     where tenant_id = ${tx.tenant} and order_id = any(${orderIds}::uuid[]) and variant_id is not null`.execute(tx.db);
  return rows.map(({ variant_id }) => variant_id);
}
