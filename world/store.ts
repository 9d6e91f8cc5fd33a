import { createHmac } from 'node:crypto';
import { type Answered, type Asked, json } from './answer.ts';
import type { HookMessage, StoreFace } from './face.ts';
import type { Realm } from './realm.ts';
import type { StoreOrder, StoreState } from './shops.ts';
import { serveShelf } from './shelf.ts';
import { storeOf } from './tills.ts';
import type { Shop } from './stores.ts';

const mostPerPage = 250;

/** A shop that was built to measure. */
export const restFace: StoreFace = {
  typed: (_realm, { host, bearer, webhookSecret }) => ({
    settings: { baseUrl: `https://${host}/` },
    secrets: { token: bearer, webhookSecret },
  }),
  serve: serveStore,
  hook: (_realm, shop, { id, type, order, seconds }) => {
    const body = JSON.stringify({ type, timestamp: order.updated_at, data: order });
    return { body, headers: signed(shop, id, String(seconds), body) };
  },
};

/** Headers of Standard Webhooks 1.0: HMAC-SHA256 over `id.timestamp.body` under the bytes behind `whsec_`. */
function signed(shop: Shop, id: HookMessage['id'], seconds: string, body: string): Record<string, string> {
  const key = Buffer.from(shop.webhookSecret.slice('whsec_'.length), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64');
  return {
    'content-type': 'application/json',
    'user-agent': 'Fernway-Hooks/1',
    'webhook-id': id,
    'webhook-timestamp': seconds,
    'webhook-signature': `v1,${signature}`,
  };
}

/** The store's REST interface. */
function serveStore(realm: Realm, shop: Shop, asked: Asked): Answered {
  if (asked.header('authorization') !== `Bearer ${shop.bearer}`) return json(401, { error: 'invalid token' });
  const store = storeOf(realm, shop.code);
  if (asked.path === '/inventory') return serveShelf(realm, shop, asked);
  if (asked.path === '/orders' && asked.method === 'GET') return listOrders(realm, shop, store, asked.query);
  const [, id = '', rest = ''] = /^\/orders\/(\d+)(\/fulfilments)?$/.exec(asked.path) ?? [];
  const order = store.orders[id];
  if (order === undefined) return json(404, { error: 'not found' });
  if (rest === '') return asked.method === 'GET' ? json(200, order) : json(405, { error: 'method not allowed' });
  if (asked.method === 'GET') return json(200, { fulfilments: store.fulfilments[id] ?? [] });
  return asked.method === 'POST' ? fulfil(realm, shop, store, order, asked) : json(405, { error: 'method not allowed' });
}

/** Ordered by (time of change, id), from the given pair on, which itself is left out when an id is given. */
function listOrders(realm: Realm, shop: Shop, store: StoreState, query: URLSearchParams): Answered {
  const since = query.get('updated_after') ?? '1970-01-01T00:00:00Z';
  const from = Date.parse(since);
  const limit = Number(query.get('limit') ?? '100');
  if (Number.isNaN(from)) return json(400, { error: 'updated_after is not a time' });
  if (!Number.isInteger(limit) || limit < 1 || limit > mostPerPage) return json(400, { error: `limit is from 1 to ${mostPerPage}` });
  const after = query.get('after') ?? '';
  compact(store);
  const page: StoreOrder[] = [];
  let more = false;
  const call = `${shop.code} ${since} ${after}`;
  for (let at = firstAt(store.changes, from); at < store.changes.length; at += 1) {
    const entry = store.changes[at];
    const order = entry === undefined ? undefined : store.orders[entry.id];
    if (entry === undefined || order === undefined || !isNewest(store, entry) || (after !== '' && entry.at === from && entry.id <= after))
      continue;
    if ((store.late[entry.id] ?? 0) > realm.now()) continue;
    if (page.length >= limit) {
      more = true;
      break;
    }
    if (realm.goesWrong('page_skip', call, order.id, realm.now())) continue;
    page.push(order);
    if (realm.goesWrong('page_repeat', call, order.id, realm.now())) page.push(order);
  }
  return json(200, { orders: page, more });
}

const isNewest = (store: StoreState, entry: { at: number; id: string }): boolean => {
  const order = store.orders[entry.id];
  return order !== undefined && Date.parse(order.updated_at) === entry.at;
};

/** Entries out of date are thrown away once they are the more numerous. */
function compact(store: StoreState): void {
  if (store.changes.length < 2 * Object.keys(store.orders).length + 64) return;
  store.changes = store.changes.filter((entry) => isNewest(store, entry));
}

function firstAt(changes: readonly { at: number }[], from: number): number {
  let low = 0;
  let high = changes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((changes[middle]?.at ?? 0) < from) low = middle + 1;
    else high = middle;
  }
  return low;
}

interface Fulfilment {
  carrier: string;
  tracking_number: string;
  tracking_url: string;
  lines: { line_id: string; quantity: number }[];
}

/** Accepted once per key; the same key again gets the first answer. */
function fulfil(realm: Realm, shop: Shop, store: StoreState, order: StoreOrder, asked: Asked): Answered {
  const key = asked.header('idempotency-key');
  if (key === '') return json(400, { error: 'Idempotency-Key is missing' });
  const known = store.keys[key];
  if (known !== undefined) return json(200, { id: known });
  const told = readFulfilment(asked.body);
  if (typeof told === 'string') return json(422, { error: 'unprocessable', message: told });
  for (const { line_id, quantity } of told.lines) {
    const line = order.lines.find((one) => one.id === line_id);
    if (line === undefined || quantity > line.quantity)
      return json(422, { error: 'unprocessable', message: `line ${line_id} does not have ${quantity} units` });
  }
  if (order.cancelled_at !== null) return json(422, { error: 'cancelled', message: 'the order is cancelled' });
  const id = `ful_${shop.code}_${realm.count(`fulfilments/${shop.code}`)}`;
  store.keys[key] = id;
  (store.fulfilments[order.id] ??= []).push({ id, key, tracking_number: told.tracking_number });
  realm.memory.fulfilments.push({
    channel: shop.code,
    order: order.id,
    id,
    key,
    carrier: told.carrier,
    trackingNumber: told.tracking_number,
    at: realm.now(),
  });
  return json(201, { id });
}

function readFulfilment(body: string): Fulfilment | string {
  let told: Partial<Fulfilment>;
  try {
    told = JSON.parse(body) as Partial<Fulfilment>;
  } catch {
    return 'the body is not JSON';
  }
  if (typeof told.tracking_number !== 'string' || told.tracking_number === '') return 'tracking_number is missing';
  if (!Array.isArray(told.lines) || told.lines.length === 0) return 'lines are missing';
  if (told.lines.some((line) => typeof line.line_id !== 'string' || !Number.isInteger(line.quantity) || line.quantity < 1))
    return 'a line needs line_id and quantity';
  return { carrier: told.carrier ?? '', tracking_number: told.tracking_number, tracking_url: told.tracking_url ?? '', lines: told.lines };
}
