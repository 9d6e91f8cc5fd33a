import { type Answered, type Asked, json } from './answer.ts';
import type { Character } from './characters.ts';
import { seededHex } from './dice.ts';
import { isoTime, type Realm } from './realm.ts';
import type { Job } from './shops.ts';
import { askCancel, deskOf, type Mouth, takeOrder } from './supplier-desk.ts';
import { feedOf } from './supplier-stock.ts';

export const hostOf = (supplier: Character): string => `${supplier.code.toLowerCase()}.world.test`;
export const tokenOf = (realm: Realm, supplier: Character): string => `sk_${seededHex(realm.seed, `token/${supplier.code}`, 32)}`;

/** A supplier's REST interface. */
export function serveSupplier(realm: Realm, supplier: Character, asked: Asked): Answered {
  if (asked.header('authorization') !== `Bearer ${tokenOf(realm, supplier)}`)
    return json(401, { error: 'unauthorized', message: 'token is missing or wrong' });
  if (asked.path === '/v1/orders' && asked.method === 'POST') return takePosted(realm, supplier, asked);
  if (asked.path === '/v1/orders' && asked.method === 'GET') return lookUp(realm, supplier, asked.query.get('po_number') ?? '');
  if (asked.path === '/v1/updates' && asked.method === 'GET') return updates(realm, supplier, asked.query);
  if (asked.path === '/v1/stock.csv' && asked.method === 'GET')
    return { status: 200, body: new TextDecoder().decode(feedOf(realm, supplier, 0).bytes) };
  const cancel = /^\/v1\/orders\/([^/]+)\/cancel$/.exec(asked.path);
  if (cancel?.[1] !== undefined && asked.method === 'POST') return cancelPosted(realm, supplier, cancel[1]);
  return json(404, { error: 'not_found', message: `there is no ${asked.method} ${asked.path}` });
}

/** While answers are being lost, the order is taken all the same. */
export function losesAnswer(realm: Realm, supplier: Character, asked: Asked): boolean {
  if (asked.method !== 'POST') return false;
  const until = deskOf(realm, supplier.code).losesUntil;
  return until > realm.now() || realm.is(supplier.loses, 'loses', supplier.code, asked.body, realm.now());
}

interface PostedOrder {
  po_number: string;
  order_ref?: string;
  ship_to: Record<string, string | undefined>;
  service?: string;
  currency: string;
  lines: { line: number; sku: string; qty: number; unit_cost: string }[];
}

function takePosted(realm: Realm, supplier: Character, asked: Asked): Answered {
  const order = readPosted(asked.body);
  if (typeof order === 'string') return json(422, { error: 'invalid', message: order });
  if (order.currency !== supplier.currency) return json(422, { error: 'currency', message: `we invoice in ${supplier.currency}` });
  const country = order.ship_to['country'] ?? '';
  if (!supplier.shipsTo.includes(country)) return json(422, { error: 'destination', message: `we do not ship to ${country}` });
  const desk = deskOf(realm, supplier.code);
  const unknown = order.lines.find((line) => desk.stock[line.sku] === undefined);
  if (unknown !== undefined)
    return json(422, { error: 'unknown_sku', message: `line ${unknown.line}: ${unknown.sku} is not in our range` });
  const { job, repeat } = takeOrder(realm, supplier, {
    number: order.po_number,
    key: asked.header('idempotency-key'),
    service: order.service ?? 'standard',
    links: [],
    lines: order.lines.map(({ line, sku, qty }) => ({ line, sku, quantity: qty })),
    to: { name: order.ship_to['name'] ?? '', city: order.ship_to['city'] ?? '', postcode: order.ship_to['postcode'] ?? '', country },
  });
  return repeat ? json(409, { error: 'duplicate', id: job.reference }) : json(201, { id: job.reference, status: 'received' });
}

function readPosted(body: string): PostedOrder | string {
  let order: Partial<PostedOrder>;
  try {
    order = JSON.parse(body) as Partial<PostedOrder>;
  } catch {
    return 'the body is not JSON';
  }
  const { po_number: number, ship_to: to, lines, currency } = order;
  if (typeof number !== 'string' || number === '') return 'po_number is missing';
  if (typeof currency !== 'string') return 'currency is missing';
  if (typeof to !== 'object' || to === null || !to['name'] || !to['country']) return 'ship_to needs at least name and country';
  if (!Array.isArray(lines) || lines.length === 0) return 'lines are missing';
  for (const line of lines) {
    if (!Number.isInteger(line.line) || typeof line.sku !== 'string') return 'every line needs line and sku';
    if (!Number.isInteger(line.qty) || line.qty < 1) return `line ${line.line}: qty must be a whole number from 1`;
    if (typeof line.unit_cost !== 'string' || !/^\d+(\.\d+)?$/.test(line.unit_cost))
      return `line ${line.line}: unit_cost must be a decimal string`;
  }
  return { ...order, po_number: number, ship_to: to, lines, currency };
}

/** Reads from a copy that lags behind: an order that was just taken is not there yet. */
function lookUp(realm: Realm, supplier: Character, number: string): Answered {
  const jobs = jobsOf(realm, supplier, number).filter((job) => job.visibleAt <= realm.now());
  return json(200, { orders: jobs.map((job) => ({ id: job.reference, po_number: job.number, status: job.state })) });
}

function jobsOf(realm: Realm, supplier: Character, number: string): Job[] {
  const { jobs } = deskOf(realm, supplier.code);
  const found: Job[] = [];
  for (let times = 1; ; times += 1) {
    const job = jobs[times === 1 ? number : `${number}#${times}`];
    if (job === undefined) return found;
    found.push(job);
  }
}

function cancelPosted(realm: Realm, supplier: Character, reference: string): Answered {
  const job = Object.values(deskOf(realm, supplier.code).jobs).find((one) => one.reference === reference || one.number === reference);
  if (job === undefined) return json(404, { error: 'not_found', message: `there is no order ${reference}` });
  askCancel(realm, supplier, job.number);
  return json(202, { id: job.reference, status: 'cancel_requested' });
}

function updates(realm: Realm, supplier: Character, query: URLSearchParams): Answered {
  const cursor = Number(query.get('cursor') ?? '0');
  const limit = Math.min(200, Math.max(1, Number(query.get('limit') ?? '100')));
  if (!Number.isInteger(cursor) || cursor < 0) return json(400, { error: 'cursor', message: 'unknown cursor' });
  const page = deskOf(realm, supplier.code).updates.slice(cursor, cursor + limit);
  return json(200, { updates: page, cursor: String(cursor + page.length) });
}

/** What happens to an order is noted in the list of updates, numbered from 1. */
export function restMouth(realm: Realm): Mouth {
  const note = (supplier: Character, update: Record<string, unknown>): void => {
    const list = deskOf(realm, supplier.code).updates;
    const whole = { seq: list.length + 1, ...update, at: isoTime(realm.now()) };
    list.push(whole);
    realm.say(`supplier ${supplier.code}`, `update ${String(update['type'])} ${String(update['po_number'])}`, JSON.stringify(whole));
  };
  return {
    acknowledge: (supplier, job) =>
      note(supplier, {
        type: 'acknowledgement',
        po_number: job.number,
        id: job.reference,
        lines: job.lines
          .filter((line) => line.response !== 'cancelled')
          .map((line) => ({
            line: line.line,
            sku: line.sku,
            status: line.response,
            qty: line.accepted,
            ...(line.expectedAt === null ? {} : { expected: isoTime(line.expectedAt) }),
            ...(line.reason === '' ? {} : { reason: line.reason }),
          })),
      }),
    ship: (supplier, job, shipped) =>
      note(supplier, {
        type: 'shipment',
        po_number: job.number,
        shipment_id: shipped.shipment,
        shipped_at: isoTime(shipped.at),
        parcels: shipped.parcels.map(({ carrier, number, lines }) => ({
          carrier,
          tracking_number: number,
          lines: lines.map(({ line, quantity }) => ({ line, qty: quantity })),
        })),
      }),
    cancelled: (supplier, number, outcome, reason) => note(supplier, { type: 'cancellation', po_number: number, outcome, reason }),
  };
}
