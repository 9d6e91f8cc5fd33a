import { createHmac } from 'node:crypto';
import { type Answered, type Asked, json } from './answer.ts';
import { seededHex } from './dice.ts';
import type { HookMessage, StoreFace } from './face.ts';
import type { Realm } from './realm.ts';
import type { StoreOrder, StoreState } from './shops.ts';
import { goodsOf, lineSum, listedOrders, pageOf, spread } from './store-parts.ts';
import type { Shop } from './stores.ts';
import { cents, decimal, storeOf } from './tills.ts';
import { batch, listProducts, listVariations } from './woocommerce-shelf.ts';

const base = '/wp-json/wc/v3';
const mostPerPage = 100;
const failuresUntilOff = 5;

const keyOf = (realm: Realm, shop: Shop): { key: string; secret: string } => ({
  key: `ck_${seededHex(realm.seed, `ck/${shop.code}`, 40)}`,
  secret: `cs_${seededHex(realm.seed, `cs/${shop.code}`, 40)}`,
});

/** A WordPress shop: pages that shift, keys in Basic, hooks that are tried once and switched off after five failures in a row. */
export const wooFace: StoreFace = {
  typed: (realm, shop) => ({ settings: { shop: `https://${shop.host}` }, secrets: keyOf(realm, shop) }),
  serve,
  hook,
  tries: [],
  failed: (realm, shop, type) => {
    const its = storeOf(realm, shop.code).subscriptions[topicOf(type)];
    if (its && (its.failures += 1) >= failuresUntilOff) its.status = 'disabled';
  },
};

const refusal = (status: number, code: string, message: string): Answered => json(status, { code, message, data: { status } });

function serve(realm: Realm, shop: Shop, asked: Asked): Answered {
  const { key, secret } = keyOf(realm, shop);
  if (asked.header('authorization') !== `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}`)
    return refusal(401, 'woocommerce_rest_cannot_view', 'Sorry, you cannot list resources.');
  if (!asked.path.startsWith(`${base}/`)) return refusal(404, 'rest_no_route', 'No route was found matching the URL and request method.');
  const store = storeOf(realm, shop.code);
  const path = asked.path.slice(base.length);
  const size = Number(asked.query.get('per_page') ?? '10');
  if (!Number.isInteger(size) || size < 1 || size > mostPerPage)
    return refusal(400, 'rest_invalid_param', 'Invalid parameter(s): per_page');
  const routes: [RegExp, string, (ids: string[]) => Answered][] = [
    [/^\/orders$/, 'GET', () => listOrders(realm, shop, store, asked, size)],
    [/^\/orders\/(\d+)$/, 'GET', ([id = '']) => withOrder(store, id, (order) => json(200, orderOf(shop, store, order)))],
    [/^\/orders\/(\d+)$/, 'PUT', ([id = '']) => withOrder(store, id, (order) => changeOrder(realm, shop, store, order, asked.body))],
    [
      /^\/orders\/(\d+)\/refunds$/,
      'GET',
      ([id = '']) => withOrder(store, id, (order) => json(200, [...refundsOf(order), ...(store.extras[id]?.refunds ?? [])])),
    ],
    [/^\/orders\/(\d+)\/refunds$/, 'POST', ([id = '']) => withOrder(store, id, (order) => refund(realm, store, order, asked.body))],
    [/^\/orders\/(\d+)\/notes$/, 'GET', ([id = '']) => withOrder(store, id, () => json(200, store.extras[id]?.notes ?? []))],
    [/^\/orders\/(\d+)\/notes$/, 'POST', ([id = '']) => withOrder(store, id, () => addNote(realm, store, id, asked.body))],
    [/^\/products$/, 'GET', () => listProducts(realm, shop, asked.query, size)],
    [/^\/products\/(\d+)\/variations$/, 'GET', ([id = '']) => listVariations(realm, shop, Number(id), asked.query, size)],
    [/^\/products\/batch$/, 'POST', () => batch(realm, shop, null, asked.body)],
    [/^\/products\/(\d+)\/variations\/batch$/, 'POST', ([id = '']) => batch(realm, shop, Number(id), asked.body)],
    [/^\/webhooks$/, 'GET', () => json(200, hooksOf(store))],
    [/^\/webhooks$/, 'POST', () => makeHook(realm, store, asked.body)],
    [/^\/webhooks\/(\d+)$/, 'PUT', ([id = '']) => changeHook(store, Number(id), asked.body)],
    [
      /^\/system_status$/,
      'GET',
      () => json(200, { environment: { version: '9.4.2', home_url: `https://${shop.host}` }, settings: { currency: shop.currency } }),
    ],
  ];
  for (const [shape, method, answer] of routes) {
    const found = shape.exec(path);
    if (found && asked.method === method) return answer(found.slice(1));
  }
  return refusal(404, 'rest_no_route', 'No route was found matching the URL and request method.');
}

const withOrder = (store: StoreState, id: string, answer: (order: StoreOrder) => Answered): Answered => {
  const order = store.orders[id];
  return order ? answer(order) : refusal(404, 'woocommerce_rest_shop_order_invalid_id', 'Invalid ID.');
};

const seconds = (iso: string): string => iso.slice(0, 19);

/** Pages are cut anew at every call, so that what changes meanwhile moves the others. */
function listOrders(realm: Realm, shop: Shop, store: StoreState, { query }: Asked, size: number): Answered {
  const include = (query.get('include') ?? '').split(',').filter((id) => id !== '');
  const since = query.get('modified_after') ?? '';
  const rows = listedOrders(realm, store).filter(({ id, updated_at: at }) =>
    include.length > 0 ? include.includes(id) : since === '' || seconds(at) > seconds(since),
  );
  const page = Number(query.get('page') ?? '1');
  const cut = rows.slice((page - 1) * size, page * size);
  const shown = include.length > 0 ? cut : pageOf(realm, cut, ({ id }) => id, `${shop.code} ${since} ${page}`);
  return json(
    200,
    shown.map((order) => orderOf(shop, store, order)),
    { 'x-wp-total': String(rows.length), 'x-wp-totalpages': String(Math.ceil(rows.length / size)) },
  );
}

function statusOf(store: StoreState, order: StoreOrder): string {
  // Money that is given back as a whole makes it refunded, whoever cancelled it.
  if (order.financial_status === 'refunded') return 'refunded';
  if (order.cancelled_at !== null) return 'cancelled';
  if (store.extras[order.id]?.status) return store.extras[order.id]?.status ?? '';
  return order.financial_status === 'pending' ? 'pending' : 'processing';
}

function orderOf(shop: Shop, store: StoreState, order: StoreOrder): Record<string, unknown> {
  const { shipping_address: to, customer } = order;
  const [first = '', ...rest] = to.name.split(' ');
  const address = {
    first_name: first,
    last_name: rest.join(' '),
    company: to.company,
    address_1: to.line1,
    address_2: to.line2,
    city: to.city,
    state: to.region,
    postcode: to.postcode,
    country: to.country,
  };
  const wasPaid = ['paid', 'partially_refunded', 'refunded'].includes(order.financial_status);
  const [created, modified] = [seconds(order.created_at), seconds(order.updated_at)];
  const shares = spread(order);
  return {
    id: Number(order.id),
    parent_id: 0,
    number: order.number,
    order_key: `wc_order_${order.id}`,
    created_via: 'checkout',
    version: '9.4.2',
    status: statusOf(store, order),
    currency: order.currency,
    date_created: created,
    date_created_gmt: created,
    date_modified: modified,
    date_modified_gmt: modified,
    discount_total: decimal(order.lines.reduce((sum, line, at) => sum + cents(line.discount) + (shares[at] ?? 0), 0)),
    shipping_total: order.shipping_total,
    total: order.total,
    total_tax: order.tax_total,
    prices_include_tax: false,
    customer_id: 0,
    customer_note: order.note,
    billing: { ...address, email: customer.email, phone: customer.phone },
    shipping: { ...address, phone: to.phone },
    payment_method: 'stripe',
    payment_method_title: 'Card',
    date_paid: wasPaid ? created : null,
    date_paid_gmt: wasPaid ? created : null,
    date_completed: null,
    date_completed_gmt: null,
    meta_data: store.extras[order.id]?.meta ?? [],
    line_items: order.lines.map((line, at) => lineOf(shop, line, shares[at] ?? 0)),
    tax_lines: [],
    shipping_lines: [
      {
        id: 900,
        method_title: order.shipping_service === 'express' ? 'Express' : 'Flat rate',
        method_id: 'flat_rate',
        total: order.shipping_total,
        total_tax: '0.00',
        taxes: [],
        meta_data: [],
      },
    ],
    fee_lines: [],
    coupon_lines: [],
    refunds: [...refundsOf(order), ...(store.extras[order.id]?.refunds ?? [])].map(({ id, reason, amount }) => ({
      id,
      reason,
      total: `-${String(amount)}`,
    })),
  };
}

function lineOf(shop: Shop, line: StoreOrder['lines'][number], share: number): Record<string, unknown> {
  const goods = goodsOf(shop).find(({ product }) => product.sku === line.sku);
  const total = lineSum(line) - share;
  return {
    id: Number(line.id),
    name: line.title,
    product_id: goods?.id ?? 0,
    variation_id: goods?.variation ?? 0,
    quantity: line.quantity,
    tax_class: '',
    subtotal: decimal(cents(line.unit_price) * line.quantity),
    subtotal_tax: line.tax,
    total: decimal(total),
    total_tax: line.tax,
    taxes: [],
    meta_data: [],
    sku: line.sku,
    price: total / 100 / line.quantity,
  };
}

type Refund = Record<string, unknown> & { id: number; reason: string; amount: string };

/** Units that were cut from an order, as WooCommerce shows them: a refund with negative quantities. */
function refundsOf(order: StoreOrder): Refund[] {
  const cut = order.lines.filter(({ cancelled_quantity: units }) => units > 0);
  if (cut.length === 0) return [];
  const amount = cut.reduce((sum, line) => sum + Math.floor(lineSum(line) / line.quantity) * line.cancelled_quantity, 0);
  const lines = cut.map((line) => ({
    id: 1_000 + Number(line.id),
    name: line.title,
    quantity: -line.cancelled_quantity,
    meta_data: [{ id: 1, key: '_refunded_item_id', value: line.id }],
  }));
  return [{ id: Number(order.id) + 1_000_000, reason: '', amount: decimal(amount), meta_data: [], line_items: lines }];
}

const extrasOf = (store: StoreState, id: string) => (store.extras[id] ??= { status: '', meta: [], notes: [], refunds: [] });

interface Parcels {
  carrier?: string;
  number?: string;
}

/** A plugin's own data is kept as it is given; what stands in ours of parcels is what the world remembers. */
function changeOrder(realm: Realm, shop: Shop, store: StoreState, order: StoreOrder, body: string): Answered {
  const told = JSON.parse(body) as { status?: string; meta_data?: { key: string; value: string }[] };
  const extras = extrasOf(store, order.id);
  if (order.cancelled_at !== null && told.status === 'completed')
    return refusal(400, 'woocommerce_rest_invalid_status', 'The order is cancelled.');
  if (told.status !== undefined) extras.status = told.status;
  for (const { key, value } of told.meta_data ?? []) {
    extras.meta = [...extras.meta.filter((one) => one.key !== key), { id: extras.meta.length + 1, key, value }];
    if (!key.endsWith('parcels')) continue;
    for (const { carrier = '', number = '' } of JSON.parse(value) as Parcels[]) {
      const known = (store.fulfilments[order.id] ??= []);
      if (known.some((one) => one.tracking_number === number)) continue;
      known.push({ id: number, key: number, tracking_number: number });
      realm.memory.fulfilments.push({
        channel: shop.code,
        order: order.id,
        id: number,
        key: number,
        carrier,
        trackingNumber: number,
        at: realm.now(),
      });
    }
  }
  return json(200, orderOf(shop, store, order));
}

function refund(realm: Realm, store: StoreState, order: StoreOrder, body: string): Answered {
  const told = JSON.parse(body) as {
    amount?: string;
    reason?: string;
    line_items?: { id: number; quantity: number }[];
    meta_data?: unknown[];
  };
  const amount = cents(told.amount ?? '');
  if (!(amount > 0) || amount > cents(order.total))
    return refusal(400, 'woocommerce_rest_cannot_create_order_refund', 'Invalid refund amount.');
  const made: Refund = {
    id: 8_000_000 + realm.count('refunds'),
    reason: told.reason ?? '',
    amount: decimal(amount),
    meta_data: told.meta_data ?? [],
    line_items: (told.line_items ?? []).map(({ id, quantity }) => ({
      id: 2_000 + id,
      quantity: -quantity,
      meta_data: [{ id: 1, key: '_refunded_item_id', value: String(id) }],
    })),
  };
  extrasOf(store, order.id).refunds.push(made);
  return json(201, made);
}

function addNote(realm: Realm, store: StoreState, id: string, body: string): Answered {
  const { note = '' } = JSON.parse(body) as { note?: string };
  if (note === '') return refusal(400, 'rest_missing_callback_param', 'Missing parameter(s): note');
  const made = { id: 9_000_000 + realm.count('notes'), note, customer_note: false };
  extrasOf(store, id).notes.push(made);
  return json(201, made);
}

const hooksOf = (store: StoreState): object[] =>
  Object.entries(store.subscriptions).map(([topic, { id, status }]) => ({ id, name: topic, status, topic, delivery_url: store.hook }));

function makeHook(realm: Realm, store: StoreState, body: string): Answered {
  const {
    topic = '',
    delivery_url: url = '',
    secret = '',
  } = JSON.parse(body) as { topic?: string; delivery_url?: string; secret?: string };
  if (!/^(order|product)\.(created|updated|deleted|restored)$/.test(topic) || !url.startsWith('http'))
    return refusal(400, 'woocommerce_rest_invalid_webhook_topic', 'Webhook topic must be valid.');
  Object.assign(store, { hook: url, hookSecret: secret });
  const made = { id: 100 + realm.count('webhooks'), status: 'active', failures: 0 };
  store.subscriptions[topic] = made;
  return json(201, { ...made, name: topic, topic, delivery_url: url });
}

function changeHook(store: StoreState, id: number, body: string): Answered {
  const found = Object.entries(store.subscriptions).find(([, one]) => one.id === id);
  if (!found) return refusal(404, 'woocommerce_rest_shop_webhook_invalid_id', 'Invalid ID.');
  const { status, secret } = JSON.parse(body) as { status?: string; secret?: string };
  if (status !== undefined) Object.assign(found[1], { status, failures: 0 });
  if (secret !== undefined) store.hookSecret = secret;
  return json(200, { id, name: found[0], topic: found[0], status: found[1].status, delivery_url: store.hook });
}

const topicOf = (type: string): string => (type === 'order.created' ? type : 'order.updated');

/** The whole order as it was then, under a delivery's own id at every try. */
function hook(
  realm: Realm,
  shop: Shop,
  { id, type, order, seconds: at }: HookMessage,
): { headers: Record<string, string>; body: string } | null {
  const store = storeOf(realm, shop.code);
  const topic = topicOf(type);
  const its = store.subscriptions[topic];
  if (its?.status !== 'active') return null;
  const body = JSON.stringify(orderOf(shop, store, order));
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'WooCommerce/9.4.2 Hookshot (WordPress/6.7)',
      'x-wc-webhook-source': `https://${shop.host}/`,
      'x-wc-webhook-topic': topic,
      'x-wc-webhook-resource': 'order',
      'x-wc-webhook-event': topic.slice('order.'.length),
      'x-wc-webhook-signature': createHmac('sha256', store.hookSecret).update(body).digest('base64'),
      'x-wc-webhook-id': String(its.id),
      'x-wc-webhook-delivery-id': seededHex(realm.seed, `${id}/${at}`, 32),
    },
  };
}
