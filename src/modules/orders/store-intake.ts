import { sql } from 'kysely';
import { recordset, type Tx } from '#platform/db';
import { type NewException, type NewFact, wakeReaders } from '#platform/work';
import type { ChannelOrder } from '#ports/channel';
import { changeOf, compareSnapshots, type OrderChange } from './decide-change.ts';
import { earlyStatus } from './status.ts';
import { loadOrders } from './store.ts';
import { likenessOf } from './words.ts';

export interface Incoming {
  channelId: string;
  order: ChannelOrder;
  /** It was placed before the store was connected. */
  isHistory?: boolean;
}

export interface TakenIn {
  /** In the order of what was given: the order's id, and what was done. */
  orders: { id: string; number: string; what: 'new' | 'changed' | 'same' }[];
  facts: NewFact[];
  raise: NewException[];
}

/**
 * Locks these orders and those that the snapshots are about, in the order of their ids and in one statement: who locks orders piece by
 * piece waits in a ring for who does the same.
 */
export async function lockOrders(tx: Tx, orders: readonly string[], snapshots: readonly Incoming[]): Promise<void> {
  await sql`
    select id from orders."order"
     where tenant_id = ${tx.tenant}
       and id = any(array(
             select unnest(${orders}::uuid[])
             union
             select known.id
               from ${recordset(
                 snapshots.map(({ channelId, order }) => ({ channel_id: channelId, external_id: order.externalId })),
                 { channel_id: 'uuid', external_id: 'text' },
               )} as given
               join orders."order" as known
                 on known.tenant_id = ${tx.tenant} and known.channel_id = given.channel_id and known.external_id = given.external_id))
     order by id
       for no key update`.execute(tx.db);
}

const keyOf = (channel: string, external: string): string => `${channel} ${external}`;

/**
 * Takes in snapshots of orders: new ones are written with their lines, known ones are changed by newer snapshots. Of several about
 * one order the newest wins. What is not newer changes nothing, so that neither repetition nor order of arrival matters.
 */
export async function takeIn(tx: Tx, given: readonly Incoming[]): Promise<TakenIn> {
  const newest = new Map<string, Incoming>();
  for (const one of given) {
    const key = keyOf(one.channelId, one.order.externalId);
    const known = newest.get(key);
    if (!known || compareSnapshots(one.order, known.order) > 0) newest.set(key, one);
  }
  const all = [...newest.values()].sort((one, other) =>
    keyOf(one.channelId, one.order.externalId) < keyOf(other.channelId, other.order.externalId) ? -1 : 1,
  );
  const ids = await insertNew(tx, all);
  const known = all.filter((one) => !ids.has(keyOf(one.channelId, one.order.externalId)));
  const { changes, found } = await changeKnown(tx, known);
  const fresh = all.flatMap((one) => {
    const id = ids.get(keyOf(one.channelId, one.order.externalId));
    return id ? [{ id, order: one.order }] : [];
  });
  if (fresh.length > 0) wakeReaders(tx, 'order', new Set(['received']));
  return {
    orders: given.map(({ channelId, order }) => {
      const key = keyOf(channelId, order.externalId);
      const id = ids.get(key);
      if (id) return { id, number: order.number, what: 'new' };
      const was = found.get(key) ?? '';
      return { id: was, number: order.number, what: changes.some((change) => change.order.id === was) ? 'changed' : 'same' };
    }),
    facts: [
      ...fresh.map(
        ({ id, order }): NewFact => ({
          type: 'order.received',
          subject: { kind: 'order', id },
          order: id,
          data: {
            number: order.number,
            total: { minor: order.totalMinor.toString(), currency: order.currency },
            lines: order.lines.length,
          },
        }),
      ),
      ...changes.flatMap(({ facts }) => facts),
    ],
    raise: changes.flatMap(({ raise }) => raise),
  };
}

const orderColumns = {
  id: 'uuid',
  channel_id: 'uuid',
  external_id: 'text',
  number: 'text',
  status: 'text',
  placed_at: 'timestamptz',
  source_at: 'timestamptz',
  currency: 'text',
  subtotal_minor: 'bigint',
  discount_minor: 'bigint',
  shipping_minor: 'bigint',
  tax_minor: 'bigint',
  total_minor: 'bigint',
  payment: 'text',
  customer_name: 'text',
  email: 'text',
  phone: 'text',
  ship_to: 'jsonb',
  country: 'text',
  postcode: 'text',
  service: 'text',
  likeness: 'text',
  is_test: 'boolean',
  tags: 'text[]',
  note: 'text',
  cancel_asked_at: 'timestamptz',
  other_minor: 'bigint',
  refunded_minor: 'bigint',
  tax_included: 'boolean',
  risk: 'text',
  service_name: 'text',
  is_history: 'boolean',
};

/** One statement for orders, one for lines; another transaction that was faster leaves its orders out of what is returned. */
async function insertNew(tx: Tx, all: readonly Incoming[]): Promise<Map<string, string>> {
  if (all.length === 0) return new Map();
  const rows = all.map(({ channelId, order, isHistory = false }) => ({
    id: tx.newId(),
    channel_id: channelId,
    external_id: order.externalId,
    number: order.number,
    status: earlyStatus('received', order.payment),
    placed_at: order.placedAt,
    source_at: order.changedAt,
    currency: order.currency,
    subtotal_minor: order.subtotalMinor,
    discount_minor: order.discountMinor,
    shipping_minor: order.shippingMinor,
    tax_minor: order.taxMinor,
    total_minor: order.totalMinor,
    payment: order.payment,
    customer_name: order.customer.name,
    email: order.customer.email.toLowerCase(),
    phone: order.customer.phone,
    ship_to: order.shipTo,
    country: order.shipTo.country,
    postcode: order.shipTo.postcode ?? '',
    service: order.service,
    likeness: Buffer.from(likenessOf(order)).toString('hex'),
    is_test: order.isTest,
    tags: order.tags,
    note: order.note,
    cancel_asked_at: order.cancelledAt,
    other_minor: order.otherMinor ?? 0n,
    refunded_minor: order.refundedMinor ?? 0n,
    tax_included: order.taxIncluded ?? false,
    risk: order.risk ?? '',
    service_name: (order.serviceName ?? '').slice(0, 200),
    is_history: isHistory,
  }));
  const { rows: made } = await sql<{ id: string; channel_id: string; external_id: string }>`
    insert into orders."order" (tenant_id, id, channel_id, external_id, number, state, status, due_at, placed_at, received_at, changed_at, source_at, currency,
           subtotal_minor, discount_minor, shipping_minor, tax_minor, total_minor, payment, customer_name, email, phone, ship_to, country, postcode, service,
           likeness, is_test, tags, note, cancel_asked_at, other_minor, refunded_minor, tax_included, risk, service_name, is_history)
    select ${tx.tenant}, id, channel_id, external_id, number, 'received', status, ${tx.now}, placed_at, ${tx.now}, ${tx.now}, source_at, currency,
           subtotal_minor, discount_minor, shipping_minor, tax_minor, total_minor, payment, customer_name, email, phone, ship_to, country, postcode, service,
           decode(likeness, 'hex'), is_test, tags, note, cancel_asked_at, other_minor, refunded_minor, tax_included, risk, service_name, is_history
      from ${recordset(rows, orderColumns)} as given
        on conflict (tenant_id, channel_id, external_id) do nothing
    returning id, channel_id, external_id`.execute(tx.db);
  const ids = new Map(made.map((row) => [keyOf(row.channel_id, row.external_id), row.id]));
  await insertLines(
    tx,
    all.flatMap(({ channelId, order }) => {
      const id = ids.get(keyOf(channelId, order.externalId));
      return id ? [{ id, channelId, order }] : [];
    }),
  );
  return ids;
}

/**
 * A line's SKU is read as the channel's listing first, then as a variant's own SKU; otherwise nobody has said yet what it is. Lines
 * that are taken over anew keep what was cancelled of them here.
 */
async function insertLines(tx: Tx, orders: readonly { id: string; channelId: string; order: ChannelOrder }[], anew = false): Promise<void> {
  const rows = orders.flatMap(({ id, channelId, order }) =>
    order.lines.map((line, place) => {
      const cancelled = order.cancelledAt ? line.quantity : line.cancelled;
      // What was shipped before we knew the order needs no supplier; later the store only repeats what we told it.
      const elsewhere = anew || line.kind !== 'goods' ? 0 : Math.min(line.fulfilled ?? 0, line.quantity - cancelled);
      return {
        id: tx.newId(),
        order_id: id,
        channel_id: channelId,
        position: place + 1,
        external_id: line.externalId,
        sku: line.sku,
        title: line.title,
        kind: line.kind,
        quantity: line.quantity,
        cancelled: cancelled + elsewhere,
        elsewhere,
        price_minor: line.priceMinor,
        discount_minor: line.discountMinor,
        tax_minor: line.taxMinor,
      };
    }),
  );
  if (rows.length === 0) return;
  await sql`
    insert into orders.line (tenant_id, id, order_id, position, external_id, sku, title, kind, variant_id, quantity, cancelled, elsewhere, price_minor, discount_minor, tax_minor)
    select ${tx.tenant}, given.id, order_id, position, external_id, given.sku, given.title, kind,
           coalesce((select variant_id from catalog.v_listing as listing
                      where listing.tenant_id = ${tx.tenant} and listing.channel_id = given.channel_id and listing.sku = given.sku),
                    (select variant.id from catalog.v_variant as variant where variant.tenant_id = ${tx.tenant} and variant.sku = given.sku)),
           quantity, cancelled, elsewhere, given.price_minor, discount_minor, tax_minor
      from ${recordset(rows, {
        id: 'uuid',
        order_id: 'uuid',
        channel_id: 'uuid',
        position: 'int',
        external_id: 'text',
        sku: 'text',
        title: 'text',
        kind: 'text',
        quantity: 'int',
        cancelled: 'int',
        elsewhere: 'int',
        price_minor: 'bigint',
        discount_minor: 'bigint',
        tax_minor: 'bigint',
      })} as given
        on conflict (tenant_id, order_id, external_id) ${anew ? anewSql : sql`do nothing`}`.execute(tx.db);
}

const anewSql = sql`do update
       set position = excluded.position, sku = excluded.sku, title = excluded.title, kind = excluded.kind, variant_id = excluded.variant_id,
           quantity = excluded.quantity, price_minor = excluded.price_minor, discount_minor = excluded.discount_minor, tax_minor = excluded.tax_minor,
           cancelled = least(excluded.quantity, greatest(orders.line.cancelled, excluded.cancelled))`;

async function changeKnown(tx: Tx, known: readonly Incoming[]): Promise<{ changes: OrderChange[]; found: Map<string, string> }> {
  if (known.length === 0) return { changes: [], found: new Map() };
  const { rows } = await sql<{ id: string; channel_id: string; external_id: string }>`
    select o.id, o.channel_id, o.external_id
      from ${recordset(
        known.map(({ channelId, order }) => ({ channel_id: channelId, external_id: order.externalId })),
        { channel_id: 'uuid', external_id: 'text' },
      )} as given
      join orders."order" as o on o.tenant_id = ${tx.tenant} and o.channel_id = given.channel_id and o.external_id = given.external_id
     order by o.id
       for no key update of o`.execute(tx.db);
  const found = new Map(rows.map((row) => [keyOf(row.channel_id, row.external_id), row.id]));
  const orders = new Map(
    (
      await loadOrders(
        tx,
        rows.map(({ id }) => id),
      )
    ).map((order) => [order.id, order]),
  );
  const changes = known.flatMap(({ channelId, order }) => {
    const ours = orders.get(found.get(keyOf(channelId, order.externalId)) ?? '');
    const change = ours && changeOf(ours, order);
    return change ? [change] : [];
  });
  await writeChanges(tx, changes);
  return { changes, found };
}

/** Payment, cancellation and, where nothing is ordered yet, the address. What is not with suppliers yet is screened anew. */
async function writeChanges(tx: Tx, changes: readonly OrderChange[]): Promise<void> {
  if (changes.length === 0) return;
  const rows = changes.map(({ order, incoming, whole, cancelled }) => ({
    id: order.id,
    source_at: incoming.changedAt,
    subtotal_minor: incoming.subtotalMinor,
    discount_minor: incoming.discountMinor,
    shipping_minor: incoming.shippingMinor,
    tax_minor: incoming.taxMinor,
    total_minor: incoming.totalMinor,
    other_minor: incoming.otherMinor ?? 0n,
    refunded_minor: incoming.refundedMinor ?? 0n,
    payment: incoming.payment,
    whole,
    cancel_asked_at: incoming.cancelledAt,
    ship_to: incoming.shipTo,
    country: incoming.shipTo.country,
    postcode: incoming.shipTo.postcode ?? '',
    cancels: cancelled.length > 0,
  }));
  await sql`
    update orders."order" as o
       set source_at = given.source_at,
           payment = given.payment,
           subtotal_minor = given.subtotal_minor, discount_minor = given.discount_minor, shipping_minor = given.shipping_minor,
           tax_minor = given.tax_minor, total_minor = given.total_minor, other_minor = given.other_minor, refunded_minor = given.refunded_minor,
           cancel_asked_at = coalesce(o.cancel_asked_at, given.cancel_asked_at),
           ship_to = case when given.whole then given.ship_to else o.ship_to end,
           country = case when given.whole then given.country else o.country end,
           postcode = case when given.whole then given.postcode else o.postcode end,
           state = case when given.whole and o.state in ('held', 'accepted') then 'received' else o.state end,
           due_at = case when o.state in ('closed', 'cancelled') then o.due_at when given.whole or given.cancels then ${tx.now} else o.due_at end,
           changed_at = ${tx.now}
      from ${recordset(rows, {
        id: 'uuid',
        source_at: 'timestamptz',
        payment: 'text',
        whole: 'boolean',
        cancel_asked_at: 'timestamptz',
        ship_to: 'jsonb',
        country: 'text',
        postcode: 'text',
        cancels: 'boolean',
        subtotal_minor: 'bigint',
        discount_minor: 'bigint',
        shipping_minor: 'bigint',
        tax_minor: 'bigint',
        total_minor: 'bigint',
        other_minor: 'bigint',
        refunded_minor: 'bigint',
      })} as given
     where o.tenant_id = ${tx.tenant}
       and o.id = given.id`.execute(tx.db);
  await writeCancelled(tx, changes);
  await writeLinesAnew(tx, changes);
  await dropHolds(tx, changes);
  wakeReaders(tx, 'order', new Set(['received', 'held', 'in_fulfilment', 'accepted']));
}

/** Units that were cancelled in the store. */
async function writeCancelled(tx: Tx, changes: readonly OrderChange[]): Promise<void> {
  const cancelled = changes.flatMap(({ order, cancelled: lines }) =>
    lines.map(({ id, cancelled: units }) => ({ order_id: order.id, id, cancelled: units })),
  );
  if (cancelled.length > 0) {
    await sql`
      update orders.line as ours
         set cancelled = given.cancelled
        from ${recordset(cancelled, { order_id: 'uuid', id: 'uuid', cancelled: 'int' })} as given
       where ours.tenant_id = ${tx.tenant} and ours.order_id = given.order_id and ours.id = given.id`.execute(tx.db);
  }
}

/** Lines of orders that were taken over as a whole: those that are gone go, the others are written over. */
async function writeLinesAnew(tx: Tx, changes: readonly OrderChange[]): Promise<void> {
  const relined = changes.filter((change) => change.relined);
  if (relined.length > 0) {
    await sql`
      delete from orders.line as ours
       where tenant_id = ${tx.tenant} and order_id = any(${relined.map(({ order }) => order.id)}::uuid[])
         and not exists (select from ${recordset(
           relined.flatMap(({ order, incoming }) =>
             incoming.lines.map(({ externalId }) => ({ order_id: order.id, external_id: externalId })),
           ),
           { order_id: 'uuid', external_id: 'text' },
         )} as given
                          where given.order_id = ours.order_id and given.external_id = ours.external_id)`.execute(tx.db);
    await insertLines(
      tx,
      relined.map(({ order, incoming }) => ({ id: order.id, channelId: order.channel_id, order: incoming })),
      true,
    );
  }
}

/** What a held order was held for is looked at anew, as what it was about may have changed. */
async function dropHolds(tx: Tx, changes: readonly OrderChange[]): Promise<void> {
  const screened = changes.filter(({ order, whole }) => whole && order.state === 'held').map(({ order }) => order.id);
  if (screened.length > 0) {
    await sql`
      delete from orders.hold
       where tenant_id = ${tx.tenant} and order_id = any(${screened}::uuid[]) and released_at is null and reason <> 'manual'`.execute(
      tx.db,
    );
  }
}
