/**
 * The outside of a real history: the store that it comes from, three suppliers of what it sold, and a carrier, all behind one
 * `fetch` and speaking the same protocols as everywhere else in the world, but with nothing remembered that is not needed: a year of
 * orders has to pass in minutes.
 */
import { writeCsv } from '#formats/csv';
import { type Chance, pick } from '#kernel/chance';
import { type Clock, fromMs } from '#kernel/time';
import type { MessageSender } from '#ports/message-sender';
import { type Answered, type Asked, json } from './answer.ts';
import { dayMs, dice, hourMs, seededHex, stretch } from './dice.ts';
import { type Desk, openDesk, type Parcel } from './replay-desk.ts';
import { fillShelves, passDay, type SoldBriskly, type Supplier } from './replay-shelves.ts';
import { trackingNumber } from './tracking-numbers.ts';
import type { FeedFile, Fetch } from './words.ts';

export type { SoldBriskly } from './replay-shelves.ts';

export interface HistorySupplier {
  code: string;
  name: string;
  handlingDays: number;
  transitDays: number;
  baseUrl: string;
  token: string;
  offers: { supplierSku: string; sku: string; title: string; costMinor: bigint; quantity: number }[];
}

export interface HistoryOutside {
  suppliers: HistorySupplier[];
  store: { baseUrl: string; token: string };
  carrier: { baseUrl: string; token: string };
  fetch: Fetch;
  /** Takes every mail and forgets it. */
  messages: MessageSender;
  /** What suppliers do until the clock's now. */
  step(): void;
  /** A supplier's stock list as it is now. */
  feed(code: string): FeedFile;
}

const storeHost = 'store.history.test';
const carrierHost = 'carrier.history.test';
const carriers = ['dpd', 'dhl', 'ups'] as const;

export function makeHistoryOutside({ sold, seed, clock }: { sold: readonly SoldBriskly[]; seed: number; clock: Clock }): HistoryOutside {
  const now = (): number => clock.now().epochMilliseconds;
  const started = now();
  const token = (name: string): string => seededHex(seed, `history/${name}`, 32);
  const carrier = openCarrier(seed, token('carrier'), now);
  const suppliers = fillShelves(sold, seed, started);
  const desks = new Map(
    suppliers.map((supplier) => [
      supplier.code,
      openDesk({ supplier, chance: dice(seed, 'desk', supplier.code), token: token(supplier.code), now, handOver: carrier.handOver }),
    ]),
  );
  const days = dice(seed, 'days');
  let day = started;
  return {
    suppliers: suppliers.map((supplier) => describe(supplier, token(supplier.code))),
    store: { baseUrl: `https://${storeHost}/`, token: token('store') },
    carrier: { baseUrl: `https://${carrierHost}/`, token: token('carrier') },
    fetch: async (input, init) => respond(answerTo(await read(input, init), desks, carrier, token('store'))),
    messages: { send: async ({ key }) => ({ reference: key }) },
    step: () => {
      for (; day + dayMs <= now(); day += dayMs) for (const supplier of suppliers) passDay(supplier, days, day);
      for (const desk of desks.values()) desk.step(now());
    },
    feed: (code) => feedOf(suppliers, code, now()),
  };
}

const hostOf = (code: string): string => `${code.toLowerCase()}.history.test`;

const describe = ({ code, name, handlingDays, transitDays, shelves }: Supplier, token: string): HistorySupplier => ({
  code,
  name,
  handlingDays,
  transitDays,
  baseUrl: `https://${hostOf(code)}/`,
  token,
  offers: [...shelves.values()].map(({ item, stock }) => ({
    supplierSku: item.supplierSku,
    sku: item.sku,
    title: item.title,
    costMinor: BigInt(item.cost),
    quantity: stock,
  })),
});

function feedOf(suppliers: readonly Supplier[], code: string, now: number): FeedFile {
  const supplier = suppliers.find((one) => one.code === code);
  if (!supplier) throw new Error(`there is no supplier ${code} in this history`);
  const at = new Date(now).toISOString();
  const rows = [...supplier.shelves.values()].map(({ item, stock }) => [
    item.supplierSku,
    item.title,
    (item.cost / 100).toFixed(2),
    'GBP',
    String(stock),
  ]);
  const text = writeCsv(rows, { header: ['sku', 'name', 'cost', 'currency', 'stock'] });
  return {
    supplier: code,
    name: `${code.toLowerCase()}-stock-${at.slice(0, 10)}.csv`,
    bytes: new TextEncoder().encode(text),
    at: fromMs(now),
  };
}

async function read(input: string | URL | Request, init: RequestInit | undefined): Promise<Asked> {
  const url = new URL(input instanceof Request ? input.url : input);
  const headers = new Headers(init?.headers);
  return {
    method: init?.method ?? 'GET',
    host: url.hostname,
    path: url.pathname,
    query: url.searchParams,
    header: (name) => headers.get(name) ?? '',
    body: typeof init?.body === 'string' ? init.body : '',
  };
}

const respond = ({ status, body }: Answered): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });

function answerTo(asked: Asked, desks: ReadonlyMap<string, Desk>, carrier: Carrier, storeToken: string): Answered {
  if (asked.host === carrierHost) return carrier.serve(asked);
  if (asked.host === storeHost) return serveStore(asked, storeToken);
  const code = asked.host.split('.')[0]?.toUpperCase() ?? '';
  return desks.get(code)?.serve(asked) ?? json(404, { error: 'not_found' });
}

/** Orders of history are brought to the door one by one; asked for more, the store has none. It takes every parcel it is told of. */
const takenOf = (body: string): { sku: string; ok: boolean }[] =>
  (JSON.parse(body) as { items: { sku: string }[] }).items.map(({ sku }) => ({ sku, ok: true }));

function serveStore({ method, path, header, body }: Asked, token: string): Answered {
  if (header('authorization') !== `Bearer ${token}`) return json(401, { error: 'unauthorized' });
  if (method === 'GET' && path === '/orders') return json(200, { orders: [], more: false });
  if (path === '/inventory') return method === 'GET' ? json(200, { items: [], more: false }) : json(200, { results: takenOf(body) });
  if (method === 'POST' && path.endsWith('/fulfilments')) return json(201, { id: `f-${header('idempotency-key')}` });
  return json(200, { fulfilments: [] });
}

interface Scan {
  at: number;
  code: string;
  text: string;
}

interface Carrier {
  handOver(parcel: Parcel): { carrier: string; number: string };
  serve(asked: Asked): Answered;
}

function openCarrier(seed: number, token: string, now: () => number): Carrier {
  const journeys = new Map<string, { scans: Scan[]; country: string }>();
  const chance = dice(seed, 'carrier');
  return {
    handOver: (parcel) => {
      const carrier = pick(chance, carriers);
      const number = trackingNumber(carrier, journeys.size + 1, seed);
      journeys.set(`${carrier}/${number}`, { country: parcel.country, scans: journeyOf(chance, parcel) });
      return { carrier, number };
    },
    serve: ({ path, header }) => {
      if (header('authorization') !== `Bearer ${token}`) return json(401, { error: 'unauthorized' });
      const found = journeys.get(decodeURIComponent(path.replace('/v1/track/', '')));
      const seen = found?.scans.filter(({ at }) => at <= now()) ?? [];
      if (!found || seen.length === 0) return json(404, { error: 'unknown tracking number' });
      return json(200, {
        events: seen.map(({ at, code, text }) => ({ at: new Date(at).toISOString(), code, text, place: '', country: found.country })),
      });
    },
  };
}

/** Label, collection, a hub, out in the morning, delivered in the day; one in fifty finds nobody at home first, one in 400 is lost. */
function journeyOf(chance: Chance, { labelAt, transitDays }: Parcel): Scan[] {
  const picked = labelAt + stretch(chance, 2, 9) * hourMs;
  const out = picked + Math.max(0.6, transitDays) * dayMs;
  const delivered = out + stretch(chance, 1, 8) * hourMs;
  const luck = chance.next();
  const scans = [
    { at: labelAt, code: 'label_created', text: 'Shipment information received' },
    { at: picked, code: 'picked_up', text: 'Collected from shipper' },
    { at: (picked + out) / 2, code: 'in_transit', text: 'Departed facility' },
  ];
  if (luck < 1 / 400) return [...scans, { at: out + 12 * dayMs, code: 'lost', text: 'Declared lost' }];
  scans.push({ at: out, code: 'out_for_delivery', text: 'Out for delivery' });
  if (luck > 0.98)
    scans.push(
      { at: delivered, code: 'attempt_failed', text: 'Nobody at home' },
      { at: delivered + 20 * hourMs, code: 'out_for_delivery', text: 'Out for delivery' },
    );
  return [...scans, { at: delivered + (luck > 0.98 ? dayMs : 0), code: 'delivered', text: 'Delivered' }];
}
