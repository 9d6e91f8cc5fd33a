import { createHmac } from 'node:crypto';
import { type Answered, type Asked, json } from './answer.ts';
import { seededHex } from './dice.ts';
import type { StoreFace } from './face.ts';
import { cut, foundOf, refusal, searchOf } from './magento-search.ts';
import { askSpecial, dropSpecial, listGoods, listSources, setBase, setSources, setSpecial } from './magento-shelf.ts';
import type { Realm } from './realm.ts';
import type { StoreOrder, StoreState } from './shops.ts';
import { lineSum, listedOrders, pageOf, spread } from './store-parts.ts';
import type { Shop } from './stores.ts';
import { cents, storeOf } from './tills.ts';

const base = '/rest/all';

const keysOf = (realm: Realm, { code }: Shop) => ({
  consumerKey: seededHex(realm.seed, `mck/${code}`, 32),
  consumerSecret: seededHex(realm.seed, `mcs/${code}`, 32),
  token: seededHex(realm.seed, `mt/${code}`, 32),
  tokenSecret: seededHex(realm.seed, `mts/${code}`, 32),
});

/** A shop of Magento: every call signed, pages beyond the last one the last one again, no webhooks. */
export const magentoFace: StoreFace = {
  typed: (realm, shop) => ({ settings: { shop: `https://${shop.host}` }, secrets: keysOf(realm, shop) }),
  serve,
};

const escape = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

/** Whether the header was made with this shop's keys over this very call, within ten minutes. */
function isSigned(realm: Realm, shop: Shop, asked: Asked): boolean {
  const keys = keysOf(realm, shop);
  const header = asked.header('authorization');
  if (!header.startsWith('OAuth ')) return false;
  const given = new Map(
    [...header.slice(6).matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name ?? '', decodeURIComponent(value ?? '')]),
  );
  const signature = given.get('oauth_signature');
  given.delete('oauth_signature');
  if (given.get('oauth_consumer_key') !== keys.consumerKey || given.get('oauth_token') !== keys.token) return false;
  if (Math.abs(Number(given.get('oauth_timestamp')) - realm.now() / 1_000) > 600) return false;
  const pairs = [...given, ...asked.query].map(([name, value]) => `${escape(name)}=${escape(value)}`).sort();
  const text = `${asked.method}&${escape(`https://${asked.host}${asked.path}`)}&${escape(pairs.join('&'))}`;
  return (
    createHmac('sha256', `${escape(keys.consumerSecret)}&${escape(keys.tokenSecret)}`)
      .update(text)
      .digest('base64') === signature
  );
}

function serve(realm: Realm, shop: Shop, asked: Asked): Answered {
  if (!isSigned(realm, shop, asked)) return refusal(401, "The consumer isn't authorized to access %resources.", ['Magento_Sales::sales']);
  if (!asked.path.startsWith(`${base}/V1/`)) return refusal(404, 'Request does not match any route.');
  const store = storeOf(realm, shop.code);
  const path = asked.path.slice(base.length);
  const routes: [RegExp, string, (ids: string[]) => Answered][] = [
    [/^\/V1\/orders$/, 'GET', () => listOrders(realm, shop, store, asked)],
    [/^\/V1\/orders\/(\d+)$/, 'GET', ([id = '']) => withOrder(store, id, (order) => json(200, orderOf(shop, store, order)))],
    [/^\/V1\/orders\/(\d+)\/cancel$/, 'POST', ([id = '']) => withOrder(store, id, (order) => cancel(realm, store, order))],
    [/^\/V1\/orders\/(\d+)\/comments$/, 'POST', ([id = '']) => withOrder(store, id, () => comment(store, id, asked.body))],
    [/^\/V1\/order\/(\d+)\/ship$/, 'POST', ([id = '']) => withOrder(store, id, (order) => ship(realm, shop, store, order, asked.body))],
    [/^\/V1\/shipments$/, 'GET', () => listShipments(store, asked.query)],
    [/^\/V1\/products$/, 'GET', () => listGoods(realm, shop, asked.query)],
    [/^\/V1\/inventory\/source-items$/, 'GET', () => listSources(realm, shop, asked.query)],
    [/^\/V1\/inventory\/source-items$/, 'POST', () => setSources(realm, shop, asked.body)],
    [/^\/V1\/products\/base-prices$/, 'POST', () => setBase(realm, shop, asked.body)],
    [/^\/V1\/products\/special-price-information$/, 'POST', () => askSpecial(realm, shop, asked.body)],
    [/^\/V1\/products\/special-price-delete$/, 'POST', () => dropSpecial(realm, shop, asked.body)],
    [/^\/V1\/products\/special-price$/, 'POST', () => setSpecial(realm, shop, asked.body)],
    [/^\/V1\/store\/storeConfigs$/, 'GET', () => json(200, [configOf(shop)])],
  ];
  for (const [shape, method, answer] of routes) {
    const found = shape.exec(path);
    if (found && asked.method === method) return answer(found.slice(1));
  }
  return refusal(404, 'Request does not match any route.');
}

const configOf = (shop: Shop) => ({
  id: 1,
  code: 'default',
  website_id: 1,
  locale: 'en_US',
  base_currency_code: shop.currency,
  default_display_currency_code: shop.currency,
  timezone: 'America/Los_Angeles',
  weight_unit: 'kgs',
  ...Object.fromEntries(
    [
      'base_url',
      'base_link_url',
      'base_static_url',
      'base_media_url',
      'secure_base_url',
      'secure_base_link_url',
      'secure_base_static_url',
      'secure_base_media_url',
    ].map((name) => [name, `https://${shop.host}/`]),
  ),
});

const withOrder = (store: StoreState, id: string, answer: (order: StoreOrder) => Answered): Answered => {
  const order = store.orders[id];
  return order ? answer(order) : refusal(404, "The entity that was requested doesn't exist. Verify the entity and try again.");
};

const stampOf = (iso: string): string => iso.slice(0, 19).replace('T', ' ');

function listOrders(realm: Realm, shop: Shop, store: StoreState, { query }: Asked): Answered {
  const { filters, size, page } = searchOf(query);
  const since = filters.get('updated_at gteq') ?? '';
  const ids = filters.get('entity_id in')?.split(',');
  const rows = listedOrders(realm, store).filter(({ id, updated_at: at }) => (ids ? ids.includes(id) : stampOf(at) >= since));
  const shown = pageOf(realm, cut(rows, size, page), ({ id }) => id, `${shop.code} ${since} ${page}`);
  return foundOf(
    shown.map((order) => orderOf(shop, store, order)),
    rows.length,
  );
}

const money = (minor: number): number => minor / 100;

function stateOf(store: StoreState, order: StoreOrder): string {
  if (order.financial_status === 'refunded') return 'closed';
  if (order.cancelled_at !== null) return 'canceled';
  const isAllSent = order.lines.every(({ id, quantity, cancelled_quantity: off }) => sentOf(store, order.id, id) + off >= quantity);
  if (isAllSent) return 'complete';
  return order.financial_status === 'pending' ? 'pending_payment' : 'processing';
}

const sentOf = (store: StoreState, order: string, line: string): number =>
  (store.shipped[order] ?? []).reduce((sum, one) => sum + (one.line === line ? one.quantity : 0), 0);

/** Numbers of lines are their own across all orders. */
const itemOf = (order: StoreOrder, line: string): number => Number(order.id) * 100 + Number(line);

function orderOf(shop: Shop, store: StoreState, order: StoreOrder): Record<string, unknown> {
  const shares = spread(order);
  const [first = '', ...rest] = order.customer.name.split(' ');
  const total = money(cents(order.total));
  const wasPaid = ['paid', 'partially_refunded', 'refunded'].includes(order.financial_status);
  const state = stateOf(store, order);
  const off = order.lines.reduce((sum, line) => sum + Math.floor(lineSum(line) / line.quantity) * line.cancelled_quantity, 0);
  const title = order.shipping_service === 'express' ? 'Express - Next day' : 'Flat Rate - Fixed';
  const address = addressOf(order);
  return {
    entity_id: Number(order.id),
    increment_id: order.number,
    store_id: 1,
    created_at: stampOf(order.created_at),
    updated_at: stampOf(order.updated_at),
    state,
    status: state,
    base_currency_code: order.currency,
    order_currency_code: order.currency,
    grand_total: total,
    base_grand_total: total,
    subtotal: money(order.lines.reduce((sum, line) => sum + cents(line.unit_price) * line.quantity, 0)),
    discount_amount: -money(order.lines.reduce((sum, line, at) => sum + cents(line.discount) + (shares[at] ?? 0), 0)),
    shipping_amount: money(cents(order.shipping_total)),
    shipping_discount_amount: 0,
    tax_amount: money(cents(order.tax_total)),
    discount_tax_compensation_amount: 0,
    ...(wasPaid ? { total_paid: total } : {}),
    ...(order.financial_status === 'refunded' ? { total_refunded: total } : off > 0 && wasPaid ? { total_refunded: money(off) } : {}),
    customer_email: order.customer.email,
    customer_firstname: first,
    customer_lastname: rest.join(' '),
    customer_is_guest: 1,
    ...(order.note ? { customer_note: order.note } : {}),
    shipping_description: title,
    billing_address: { ...address, address_type: 'billing' },
    payment: {
      account_status: '',
      additional_information: [],
      cc_last4: '',
      method: 'stripe_payments',
      ...(order.financial_status === 'authorized' ? { amount_authorized: total } : {}),
    },
    status_histories: (store.extras[order.id]?.notes ?? []).map(({ note }) => ({
      comment: note,
      is_customer_notified: 0,
      is_visible_on_front: 0,
      parent_id: Number(order.id),
    })),
    items: order.lines.flatMap((line, at) => itemsOf(shop, store, order, line, shares[at] ?? 0)),
    extension_attributes: {
      shipping_assignments: [{ shipping: { address: { ...address, address_type: 'shipping' }, method: 'flatrate_flatrate' }, items: [] }],
    },
  };
}

/** Every other line is of a configurable product, which stands twice: with its price, and as the thing itself. */
function itemsOf(_shop: Shop, store: StoreState, order: StoreOrder, line: StoreOrder['lines'][number], share: number): object[] {
  const id = itemOf(order, line.id);
  const item = {
    item_id: id,
    order_id: Number(order.id),
    sku: line.sku,
    name: line.title,
    qty_ordered: line.quantity,
    qty_canceled: 0,
    qty_refunded: line.cancelled_quantity,
    qty_shipped: sentOf(store, order.id, line.id),
    price: money(cents(line.unit_price)),
    row_total: money(cents(line.unit_price) * line.quantity),
    discount_amount: money(cents(line.discount) + share),
    tax_amount: money(cents(line.tax)),
  };
  if (Number(line.id) % 2 === 1) return [{ ...item, product_type: 'simple' }];
  const child = {
    ...item,
    item_id: id + 50,
    parent_item_id: id,
    product_type: 'simple',
    price: 0,
    row_total: 0,
    discount_amount: 0,
    tax_amount: 0,
  };
  return [{ ...item, product_type: 'configurable' }, child];
}

function addressOf({ shipping_address: to, customer }: StoreOrder) {
  const [first = '', ...rest] = to.name.split(' ');
  return {
    firstname: first,
    lastname: rest.join(' '),
    ...(to.company ? { company: to.company } : {}),
    street: [to.line1, to.line2].filter((line) => line !== ''),
    city: to.city,
    ...(to.region ? { region: to.region, region_code: to.region } : {}),
    postcode: to.postcode,
    country_id: to.country,
    telephone: to.phone || customer.phone,
    email: customer.email,
  };
}

function cancel(realm: Realm, store: StoreState, order: StoreOrder): Answered {
  if (order.cancelled_at !== null || (store.fulfilments[order.id] ?? []).length > 0) return json(200, false);
  order.cancelled_at = new Date(realm.now()).toISOString();
  return json(200, true);
}

function comment(store: StoreState, id: string, body: string): Answered {
  const { statusHistory } = JSON.parse(body) as { statusHistory?: { comment?: string } };
  if (!statusHistory?.comment) return refusal(400, '"%fieldName" is required. Enter and try again.', ['statusHistory']);
  (store.extras[id] ??= { status: '', meta: [], notes: [], refunds: [] }).notes.push({ id: 1, note: statusHistory.comment });
  return json(200, true);
}

interface ShipBody {
  items?: { order_item_id: number; qty: number }[];
  tracks?: { track_number?: string; carrier_code?: string; title?: string }[];
}

function ship(realm: Realm, shop: Shop, store: StoreState, order: StoreOrder, body: string): Answered {
  const { items = [], tracks = [] } = JSON.parse(body) as ShipBody;
  const state = stateOf(store, order);
  if (!['processing', 'complete'].includes(state) && state !== 'pending_payment')
    return refusal(400, 'Shipment Document Validation Error(s):\nA shipment cannot be created when an order has a status of %1', [state]);
  const units = items.map(({ order_item_id: item, qty }) => ({
    line: order.lines.find(({ id }) => itemOf(order, id) === item)?.id ?? '',
    quantity: qty,
  }));
  const wrong = units.find(({ line, quantity }) => {
    const its = order.lines.find(({ id }) => id === line);
    return !its || quantity > its.quantity - its.cancelled_quantity - sentOf(store, order.id, line);
  });
  if (wrong || units.length === 0)
    return refusal(400, 'Shipment Document Validation Error(s):\nThe quantity to ship must not be greater than the unshipped quantity.');
  const id = 300_000 + realm.count(`fulfilments/${shop.code}`);
  (store.shipped[order.id] ??= []).push(...units);
  for (const { track_number: number = '', title = '' } of tracks) {
    (store.fulfilments[order.id] ??= []).push({ id: String(id), key: String(id), tracking_number: number });
    realm.memory.fulfilments.push({
      channel: shop.code,
      order: order.id,
      id: String(id),
      key: String(id),
      carrier: title,
      trackingNumber: number,
      at: realm.now(),
    });
  }
  return json(200, id);
}

function listShipments(store: StoreState, query: URLSearchParams): Answered {
  const order = searchOf(query).filters.get('order_id eq') ?? '';
  const items = (store.fulfilments[order] ?? []).map(({ id, tracking_number: number }) => ({
    entity_id: Number(id),
    order_id: Number(order),
    items: [],
    comments: [],
    tracks: [
      {
        order_id: Number(order),
        parent_id: Number(id),
        weight: 0,
        qty: 1,
        description: '',
        track_number: number,
        title: '',
        carrier_code: 'custom',
      },
    ],
  }));
  return foundOf(items, items.length);
}
