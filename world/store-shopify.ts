import { createHmac } from 'node:crypto';
import { type Answered, type Asked, json } from './answer.ts';
import { seededHex } from './dice.ts';
import type { HookMessage, StoreFace } from './face.ts';
import type { Realm } from './realm.ts';
import { shelfOf, tellShelf } from './shelf.ts';
import { gid, orderNode, restOrder } from './shopify-order.ts';
import type { StoreOrder, StoreState } from './shops.ts';
import { goodsOf, listedOrders, type Numbered, pageOf } from './store-parts.ts';
import type { Shop } from './stores.ts';
import { cents, decimal, storeOf } from './tills.ts';

const location = gid('Location', 71);
const bucketSize = 2_000;
const pointsPerSecond = 100;
const granted =
  'read_orders write_orders read_products write_products read_inventory write_inventory read_locations read_merchant_managed_fulfillment_orders write_merchant_managed_fulfillment_orders';

const keysOf = (realm: Realm, shop: Shop) => ({
  clientId: seededHex(realm.seed, `client/${shop.code}`, 32),
  clientSecret: `shpss_${seededHex(realm.seed, `clientsecret/${shop.code}`, 32)}`,
  token: `shpat_${seededHex(realm.seed, `shpat/${shop.code}`, 32)}`,
});

/** A shop of Shopify: one address for all questions, a bucket of points that runs dry, webhooks in the shape of its older interface. */
export const shopifyFace: StoreFace = {
  typed: (realm, shop) => {
    const { clientId, clientSecret } = keysOf(realm, shop);
    return { settings: { shop: shop.host, clientId }, secrets: { clientSecret } };
  },
  serve,
  hook,
  // Eight tries over four hours; then the subscription is gone.
  tries: [60_000, 300_000, 600_000, 1_200_000, 1_800_000, 2_400_000, 3_600_000, 4_400_000],
  failed: (realm, shop, type) => {
    const store = storeOf(realm, shop.code);
    const its = store.subscriptions[topicOf(type)];
    if (its && (its.failures += 1) > 19) delete store.subscriptions[topicOf(type)];
  },
};

function serve(realm: Realm, shop: Shop, asked: Asked): Answered {
  const { clientId, clientSecret, token } = keysOf(realm, shop);
  if (asked.path === '/admin/oauth/access_token' && asked.method === 'POST') {
    const given = new URLSearchParams(asked.body);
    if (given.get('client_id') !== clientId || given.get('client_secret') !== clientSecret) return json(400, { error: 'invalid_client' });
    return json(200, { access_token: token, scope: granted, expires_in: 86_399 });
  }
  if (asked.path !== '/admin/api/2026-10/graphql.json' || asked.method !== 'POST') return json(404, { errors: 'Not Found' });
  if (asked.header('x-shopify-access-token') !== token)
    return json(401, { errors: '[API] Invalid API key or access token (unrecognized login or wrong password)' });
  const { query, variables = {} } = JSON.parse(asked.body) as { query: string; variables?: Record<string, unknown> };
  const name = /^(query|mutation) (\w+)/.exec(query)?.[2] ?? '';
  const cost = costOf(name, variables);
  const wait = spend(realm, shop, cost);
  if (wait !== null)
    return json(200, { errors: [{ message: 'Throttled', extensions: { code: 'THROTTLED' } }], extensions: { cost: wait } });
  const answer = operations[name];
  if (!answer)
    return json(200, {
      errors: [{ message: `Field '${name}' doesn't exist on type 'QueryRoot'`, extensions: { code: 'undefinedField' } }],
    });
  const data = answer({ realm, shop, store: storeOf(realm, shop.code), given: variables, query });
  return json(200, { data, extensions: { cost: statusOf(realm, shop, cost) } });
}

/** About what Shopify reckons: what a page may hold, times what each of it is made of. */
function costOf(name: string, given: Record<string, unknown>): number {
  const count = Array.isArray(given['ids']) ? given['ids'].length : Number(given['first'] ?? 1);
  const each: Record<string, number> = { OrdersPage: 110, OrdersNamed: 110, ShelfPage: 8, FiguresNow: 5 };
  return /^(Fulfil|SetStock|SetPrices|AddHook|CancelOrder|Refund|WriteNote|AddTags)$/.test(name)
    ? 10
    : Math.max(1, count * (each[name] ?? 3));
}

function statusOf(realm: Realm, shop: Shop, cost: number) {
  const store = storeOf(realm, shop.code);
  const currentlyAvailable = Math.max(0, bucketSize - (store.bucket?.spent ?? 0));
  return {
    requestedQueryCost: cost,
    actualQueryCost: cost,
    throttleStatus: { maximumAvailable: bucketSize, currentlyAvailable, restoreRate: pointsPerSecond },
  };
}

/** Null when there was enough; else what stands in the answer. */
function spend(realm: Realm, shop: Shop, cost: number) {
  const store = storeOf(realm, shop.code);
  const bucket = (store.bucket ??= { spent: 0, at: realm.now() });
  bucket.spent = Math.max(0, bucket.spent - ((realm.now() - bucket.at) / 1_000) * pointsPerSecond);
  bucket.at = realm.now();
  if (bucket.spent + cost > bucketSize) return statusOf(realm, shop, cost);
  bucket.spent += cost;
  return null;
}

interface Call {
  realm: Realm;
  shop: Shop;
  store: StoreState;
  given: Record<string, unknown>;
  query: string;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const numberIn = (id: unknown): string => text(id).slice(text(id).lastIndexOf('/') + 1);
const orderIn = ({ store, given }: Call): StoreOrder | undefined => store.orders[numberIn(given['id'])];
const userError = (message: string, field: string[] | null = null) => ({ field, message, code: null });

const operations: Readonly<Record<string, (call: Call) => unknown>> = {
  OrdersPage: ordersPage,
  OrdersNamed: ({ shop, store, given }) => ({
    nodes: (given['ids'] as string[]).map((id) => {
      const order = store.orders[numberIn(id)];
      return order ? orderNode(shop, store, order) : null;
    }),
  }),
  ToFulfil: (call) => ({ order: toFulfil(call) }),
  Fulfil: fulfil,
  Parcels: (call) => {
    const order = orderIn(call);
    const parcels = order ? (call.store.fulfilments[order.id] ?? []) : [];
    return {
      order: order
        ? {
            fulfillments: parcels.map(({ id, tracking_number: number }) => ({
              id: gid('Fulfillment', id),
              status: 'SUCCESS',
              trackingInfo: [{ number }],
            })),
          }
        : null,
    };
  },
  Locations: () => ({ locations: { nodes: [place] } }),
  ShelfPage: shelfPage,
  FiguresNow: ({ realm, shop, given }) => ({
    nodes: (given['ids'] as string[]).map((id) => {
      const one = goodsOf(shop).find((each) => variantOf(each) === Number(numberIn(id)));
      return one ? variantNode(realm, shop, one) : null;
    }),
  }),
  BySku: ({ realm, shop, given }) => {
    const skus = [...text(given['query']).matchAll(/sku:"((?:[^"\\]|\\.)*)"/g)].map(([, sku]) => sku);
    return {
      productVariants: {
        nodes: goodsOf(shop)
          .filter(({ product }) => skus.includes(product.sku))
          .map((one) => variantNode(realm, shop, one)),
      },
    };
  },
  SetStock: setStock,
  SetPrices: setPrices,
  Look: ({ shop }) => ({
    shop: { name: shop.name, currencyCode: shop.currency, ianaTimezone: 'America/Los_Angeles' },
    locations: { nodes: [place] },
    currentAppInstallation: { accessScopes: granted.split(' ').map((handle) => ({ handle })) },
    productVariantsCount: { count: shop.listed.length },
  }),
  Hooks: ({ store, given }) => ({
    webhookSubscriptions: {
      nodes:
        store.hook === given['uri']
          ? Object.entries(store.subscriptions).map(([topic, { id }]) => ({ id: gid('WebhookSubscription', id), topic, uri: store.hook }))
          : [],
    },
  }),
  AddHook: ({ realm, store, given }) => {
    const { uri } = given['hook'] as { uri: string };
    if (!uri.startsWith('https://') && !uri.startsWith('http://localhost'))
      return { webhookSubscriptionCreate: { webhookSubscription: null, userErrors: [userError('Address must be https')] } };
    store.hook = uri;
    const id = 500 + realm.count('webhooks');
    store.subscriptions[text(given['topic'])] = { id, status: 'active', failures: 0 };
    return { webhookSubscriptionCreate: { webhookSubscription: { id: gid('WebhookSubscription', id) }, userErrors: [] } };
  },
  Payments: (call) => {
    const order = orderIn(call);
    const transactions = [{ id: gid('OrderTransaction', 1), kind: 'SALE', status: 'SUCCESS', gateway: 'shopify_payments' }];
    const note = call.store.extras[order?.id ?? '']?.notes.at(-1)?.note ?? order?.note ?? '';
    return { order: order ? { cancelledAt: order.cancelled_at, note, currencyCode: order.currency, transactions } : null };
  },
  CancelOrder: (call) => {
    const order = orderIn(call);
    if (!order) return { orderCancel: { job: null, orderCancelUserErrors: [userError('Order does not exist')] } };
    order.cancelled_at ??= new Date(call.realm.now()).toISOString();
    return { orderCancel: { job: { id: gid('Job', 1) }, orderCancelUserErrors: [] } };
  },
  Refund: ({ realm, store, given }) => {
    const key = text(given['key']);
    const id = (store.keys[key] ??= String(8_000_000 + realm.count('refunds')));
    return { refundCreate: { refund: { id: gid('Refund', id) }, userErrors: [] } };
  },
  WriteNote: ({ store, given }) => {
    const { id, note } = given['input'] as { id: string; note: string };
    const order = store.orders[numberIn(id)];
    if (order) (store.extras[order.id] ??= { status: '', meta: [], notes: [], refunds: [] }).notes.push({ id: 1, note });
    return { orderUpdate: { order: order ? { id } : null, userErrors: order ? [] : [userError('Order does not exist')] } };
  },
  AddTags: ({ given }) => ({ tagsAdd: { node: { id: given['id'] }, userErrors: [] } }),
};

/** By Shopify's own cursor, which is the place of the last one in the order of changes. */
function ordersPage({ realm, shop, store, given }: Call): unknown {
  const since = /updated_at:>='([^']+)'/.exec(text(given['query']))?.[1] ?? '';
  const first = Number(given['first']);
  const after = Buffer.from(text(given['after']), 'base64').toString();
  const keyOf = ({ updated_at, id }: StoreOrder): string => `${updated_at}/${id}`;
  const rows = listedOrders(realm, store).filter((order) => (since === '' || order.updated_at >= since) && keyOf(order) > after);
  const cut = rows.slice(0, first);
  const last = cut.at(-1);
  return {
    orders: {
      nodes: pageOf(realm, cut, ({ id }) => id, `${shop.code} ${since} ${after}`).map((order) => orderNode(shop, store, order)),
      pageInfo: { hasNextPage: rows.length > first, endCursor: last ? Buffer.from(keyOf(last)).toString('base64') : null },
    },
  };
}

const sentOf = (store: StoreState, order: string, line: string): number =>
  (store.shipped[order] ?? []).reduce((sum, one) => sum + (one.line === line ? one.quantity : 0), 0);

/** What is left to ship, in two parts where there are several lines: as two places of one shop have it. */
function toFulfil(call: Call): unknown {
  const order = orderIn(call);
  if (!order) return null;
  const parts = order.lines.length > 1 ? [order.lines.slice(0, 1), order.lines.slice(1)] : [order.lines];
  return {
    name: order.number,
    fulfillmentOrders: {
      nodes: parts.map((lines, part) => ({
        id: gid('FulfillmentOrder', `${order.id}${part}`),
        status: order.cancelled_at === null ? 'OPEN' : 'CLOSED',
        lineItems: {
          nodes: lines.map((line) => ({
            id: gid('FulfillmentOrderLineItem', `${order.id}${line.id}`),
            remainingQuantity: Math.max(0, line.quantity - line.cancelled_quantity - sentOf(call.store, order.id, line.id)),
            lineItem: { id: gid('LineItem', line.id) },
          })),
        },
      })),
    },
  };
}

interface Fulfilment {
  lineItemsByFulfillmentOrder: { fulfillmentOrderId: string; fulfillmentOrderLineItems: { id: string; quantity: number }[] }[];
  trackingInfo: { company?: string; number?: string };
}

function fulfil({ realm, shop, store, given }: Call): unknown {
  const { lineItemsByFulfillmentOrder: parts, trackingInfo } = given['fulfillment'] as Fulfilment;
  const refuse = (message: string) => ({ fulfillmentCreate: { fulfillment: null, userErrors: [userError(message)] } });
  const order = Object.values(store.orders).find(({ id }) => numberIn(parts[0]?.fulfillmentOrderId).startsWith(id));
  if (!order || order.cancelled_at !== null) return refuse('The order is closed.');
  const units = parts
    .flatMap(({ fulfillmentOrderLineItems: lines }) => lines)
    .map(({ id, quantity }) => ({ line: numberIn(id).slice(order.id.length), quantity }));
  const tooMany = units.find(({ line, quantity }) => {
    const its = order.lines.find(({ id }) => id === line);
    return !its || quantity > its.quantity - its.cancelled_quantity - sentOf(store, order.id, line);
  });
  if (tooMany || units.length === 0) return refuse('Invalid fulfillment order line item quantity requested.');
  const id = String(6_000_000 + realm.count(`fulfilments/${shop.code}`));
  const number = trackingInfo.number ?? '';
  (store.shipped[order.id] ??= []).push(...units);
  (store.fulfilments[order.id] ??= []).push({ id, key: id, tracking_number: number });
  realm.memory.fulfilments.push({
    channel: shop.code,
    order: order.id,
    id,
    key: id,
    carrier: trackingInfo.company ?? '',
    trackingNumber: number,
    at: realm.now(),
  });
  return { fulfillmentCreate: { fulfillment: { id: gid('Fulfillment', id) }, userErrors: [] } };
}

const place = { id: location, name: 'Shop location', isActive: true, fulfillsOnlineOrders: true, shipsInventory: true };
const variantOf = ({ id, variation }: Numbered): number => variation ?? id + 500_000;

function variantNode(realm: Realm, shop: Shop, one: Numbered) {
  const { quantity, price, compare } = shelfOf(realm, shop, one.product);
  const image = { url: `https://cdn.shopify.test/${one.id}.jpg` };
  return {
    id: gid('ProductVariant', variantOf(one)),
    sku: one.product.sku,
    title: 'Default Title',
    barcode: one.product.gtin,
    price: decimal(price),
    compareAtPrice: compare === null ? null : decimal(compare),
    product: { id: gid('Product', one.id), title: one.product.title, vendor: one.product.brand, featuredMedia: { preview: { image } } },
    inventoryItem: {
      id: gid('InventoryItem', variantOf(one) + 1_000_000),
      tracked: true,
      inventoryLevel: { quantities: [{ name: 'available', quantity }] },
    },
  };
}

function shelfPage({ realm, shop, given }: Call): unknown {
  const after = Number(Buffer.from(text(given['after']), 'base64').toString() || '0');
  const rows = goodsOf(shop)
    .toSorted((one, other) => variantOf(one) - variantOf(other))
    .filter((one) => variantOf(one) > after);
  const cut = rows.slice(0, Number(given['first']));
  const last = cut.at(-1);
  return {
    productVariants: {
      nodes: cut.map((one) => variantNode(realm, shop, one)),
      pageInfo: { hasNextPage: rows.length > cut.length, endCursor: last ? Buffer.from(String(variantOf(last))).toString('base64') : null },
    },
  };
}

interface StockInput {
  quantities: { inventoryItemId: string; locationId: string; quantity: number; changeFromQuantity?: number | null }[];
}

/** All rows or none, once per key; a figure that was another meanwhile stops them. */
function setStock({ realm, shop, store, given, query }: Call): unknown {
  const refuse = (code: string, at: number, message: string) => ({
    inventorySetQuantities: { userErrors: [{ code, field: ['input', 'quantities', String(at)], message }] },
  });
  const key = text(given['key']);
  if (!query.includes('@idempotent') || key === '')
    return { inventorySetQuantities: { userErrors: [{ code: null, field: null, message: 'The @idempotent directive is required.' }] } };
  if (store.keys[key] !== undefined) return { inventorySetQuantities: { userErrors: [] } };
  const { quantities } = given['input'] as StockInput;
  const rows = quantities.map((one) => ({
    ...one,
    goods: goodsOf(shop).find((each) => variantOf(each) + 1_000_000 === Number(numberIn(one.inventoryItemId))),
  }));
  for (const [at, { goods, locationId, changeFromQuantity: from }] of rows.entries()) {
    if (!goods) return refuse('INVALID_INVENTORY_ITEM', at, 'The specified inventory item could not be found.');
    if (locationId !== location) return refuse('INVALID_LOCATION', at, 'The specified location could not be found.');
    if (from !== undefined && from !== null && from !== shelfOf(realm, shop, goods.product).quantity)
      return refuse('CHANGE_FROM_QUANTITY_STALE', at, 'The changeFromQuantity argument no longer matches the persisted quantity.');
  }
  store.keys[key] = 'stock';
  for (const { goods, quantity } of rows) if (goods) tellShelf(realm, shop, goods.product, { sku: goods.product.sku, quantity });
  return { inventorySetQuantities: { userErrors: [] } };
}

function setPrices({ realm, shop, given }: Call): unknown {
  const variants = given['variants'] as { id: string; price: string; compareAtPrice: string | null }[];
  const errors = variants.flatMap(({ id, price, compareAtPrice }, at) => {
    const one = goodsOf(shop).find((each) => variantOf(each) === Number(numberIn(id)));
    if (!one || !(cents(price) > 0)) return [userError('Product variant does not exist', ['variants', String(at), 'id'])];
    tellShelf(realm, shop, one.product, {
      sku: one.product.sku,
      quantity: shelfOf(realm, shop, one.product).quantity,
      price,
      compare_at_price: compareAtPrice,
    });
    return [];
  });
  return { productVariantsBulkUpdate: { userErrors: errors.map(({ field, message }) => ({ field, message })) } };
}

const topicOf = (type: string): string =>
  type === 'order.created' ? 'ORDERS_CREATE' : type === 'order.cancelled' ? 'ORDERS_CANCELLED' : 'ORDERS_UPDATED';

function hook(
  realm: Realm,
  shop: Shop,
  { id, type, order, seconds }: HookMessage,
): { headers: Record<string, string>; body: string } | null {
  const store = storeOf(realm, shop.code);
  const topic = topicOf(type);
  if (!store.subscriptions[topic]) return null;
  const body = JSON.stringify(restOrder(shop, store, order));
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Shopify-Captain-Hook',
      'x-shopify-topic': topic.toLowerCase().replace('_', '/'),
      'x-shopify-shop-domain': shop.host,
      'x-shopify-api-version': '2026-10',
      'x-shopify-hmac-sha256': createHmac('sha256', keysOf(realm, shop).clientSecret).update(body).digest('base64'),
      'x-shopify-webhook-id': id,
      'x-shopify-event-id': seededHex(realm.seed, `event/${order.id}/${order.updated_at}`, 32),
      'x-shopify-triggered-at': new Date(seconds * 1_000).toISOString(),
    },
  };
}
