import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { addMatches, addOffers, addVariants } from '#modules/catalog';
import { addChannels } from '#modules/channels';
import { addTenant } from '#modules/identity';
import { addSuppliers, type NewSupplier } from '#modules/suppliers';
import { openDatabase } from '#platform/db';
import { systemChance, systemClock } from '#platform/time';
import { type Figure, figure } from './figure.ts';
import { startServer } from './server.ts';

const tenant = '01900000-0000-7000-8000-0000000000bb';
const processes = 2;
/** Every table that an order fills on its way; the raw limit is the COPY of the same rows into the same tables, indexes and all. */
const filled = [
  'platform.arrival',
  'orders."order"',
  'orders.line',
  'insight.word',
  'audit.fact',
  'routing.decision',
  'routing.allocation',
  'purchasing.purchase',
  'purchasing.line',
];

/**
 * Orders of two lines, from the raw document through screening and routing (three suppliers, 10,000 articles) to drafted purchase
 * orders: two processes, and a PostgreSQL whose commits are durable, on the same machine.
 */
export async function run(options: Readonly<Record<string, number>> = {}): Promise<Figure[]> {
  const orders = options['orders'] ?? 20_000;
  const skus = options['skus'] ?? 10_000;
  const server = await startServer();
  try {
    const channel = await openShop(server.url, skus);
    const share = Math.ceil(orders / processes);
    const workers = Array.from({ length: processes }, (_, place) =>
      fork(fileURLToPath(new URL('./orders-worker.ts', import.meta.url)), [
        server.url,
        tenant,
        channel,
        String(place * share),
        String(share),
        String(skus),
      ]),
    );
    await Promise.all(workers.map((worker) => heard(worker, 'ready')));
    const began = performance.now();
    const all = workers.map((worker) => heard(worker, 'done'));
    for (const worker of workers) worker.send('go');
    await Promise.all(all);
    const seconds = (performance.now() - began) / 1000;
    const counts = await countsOf(server.url);
    if (counts.drafted < orders)
      throw new Error(`${counts.drafted} of ${orders} orders have their purchase orders: ${JSON.stringify(counts)}`);
    const raw = await copySeconds(server.url);
    return [
      figure('orders to drafted purchase orders', orders / seconds, '/s', { atLeast: 1_000 }),
      figure('the same rows by COPY, the raw limit', orders / raw, '/s'),
      figure('of the raw limit', seconds / raw, '×'),
      figure('purchase orders', counts.purchases / orders, 'per order'),
    ];
  } finally {
    await server.close();
  }
}

async function openShop(url: string, skus: number): Promise<string> {
  const db = openDatabase({ url, clock: systemClock, chance: systemChance, connections: 1 });
  try {
    await db.outsideTenants((tx) => addTenant(tx, { id: tenant, name: 'Bench', mode: 'test', brand: {}, settings: {} }));
    return await db.tx(tenant, async (tx) => {
      const [channel] = await addChannels(tx, [
        { code: 'shop', name: 'Shop', kind: 'rest', settings: { baseUrl: 'https://shop.example' }, secrets: null, currency: 'USD' },
      ]);
      const suppliers = await addSuppliers(
        tx,
        ['ALDER', 'BIRCH', 'CEDAR'].map((code, place) => supplierOf(code, place)),
      );
      const variants = await addVariants(
        tx,
        Array.from({ length: skus }, (_, nth) => ({
          sku: `SKU-${nth}`,
          title: 'Desk lamp, oak and brass',
          price_minor: 2490n,
          currency: 'USD',
        })),
      );
      const given = [...suppliers.values()].flatMap((supplier_id, place) =>
        Array.from({ length: skus }, (_, nth) => ({
          supplier_id,
          supplier_sku: `${place}-${nth}`,
          title: 'Desk lamp',
          cost_minor: BigInt(900 + ((nth * 7 + place * 131) % 400)),
          currency: 'USD',
          quantity: 100_000,
          nth,
        })),
      );
      const offers = await addOffers(tx, given);
      await addMatches(
        tx,
        given.map((one) => ({
          variant_id: variants.get(`SKU-${one.nth}`) ?? '',
          offer_id: offers.get(`${one.supplier_id} ${one.supplier_sku}`) ?? '',
        })),
      );
      return channel?.id ?? '';
    });
  } finally {
    await db.close();
    await query(url, 'vacuum analyze');
  }
}

const supplierOf = (code: string, rank: number): NewSupplier => ({
  code,
  name: code.toLowerCase(),
  state: 'live',
  country: 'US',
  currency: 'USD',
  time_zone: 'America/New_York',
  ships_to: [],
  rank,
  handling_days: 1,
  transit_days: { '*': 3 },
  ack_hours: 24,
  ship_hours: 72,
  order_fee_minor: 50n,
  shipping_minor: { '*': 499 },
  transport: 'rest',
  transport_settings: { baseUrl: 'https://supplier.example' },
  secrets: null,
  contact_email: '',
});

/** A worker that dies says so, instead of being waited for. */
const heard = (worker: ChildProcess, word: string): Promise<void> =>
  new Promise((resolve, reject) => {
    worker.on('message', (said) => said === word && resolve());
    worker.once('exit', (code) => code !== 0 && reject(new Error(`a worker ended with ${code}`)));
  });

async function countsOf(url: string): Promise<{ drafted: number; purchases: number }> {
  const [row] = await query<{ drafted: string; purchases: string }>(
    url,
    `select (select count(distinct order_id) from purchasing.purchase) as drafted, (select count(*) from purchasing.purchase) as purchases`,
  );
  return { drafted: Number(row?.drafted), purchases: Number(row?.purchases) };
}

/** The rows out to a file and in again into empty tables of the same shape; only the way in counts. */
async function copySeconds(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const [nth, table] of filled.entries()) {
      await client.query(`create table public.raw_${nth} (like ${table} including indexes including constraints including defaults)`);
      await client.query(`copy ${table} to '/tmp/stockless-bench-${process.pid}-${nth}.csv' (format csv)`);
    }
    const began = performance.now();
    for (const nth of filled.keys())
      await client.query(`copy public.raw_${nth} from '/tmp/stockless-bench-${process.pid}-${nth}.csv' (format csv)`);
    const seconds = (performance.now() - began) / 1000;
    for (const nth of filled.keys())
      await client.query(`copy (select 1) to program 'rm -f /tmp/stockless-bench-${process.pid}-${nth}.csv'`);
    return seconds;
  } finally {
    await client.end();
  }
}

async function query<R extends pg.QueryResultRow>(url: string, text: string): Promise<R[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<R>(text)).rows;
  } finally {
    await client.end();
  }
}
