import { performance } from 'node:perf_hooks';
import fastify, { type FastifyInstance } from 'fastify';
import pg from 'pg';
import { showId } from '#kernel/id';
import { makeKey, rightsOf } from '#modules/identity';
import { openDatabase } from '#platform/db';
import { silentLog } from '#platform/log';
import { sleep, systemChance, systemClock } from '#platform/time';
import { apiPlugin } from '#surfaces/api';
import { type Figure, figure, quantile } from './figure.ts';
import { fillShop, tenant } from './pages-shop.ts';
import { startServer } from './server.ts';

/** How long the API takes for each list and page of a shop with 100,000 orders: the whole request, without the network. */
export async function run(options: Readonly<Record<string, number>> = {}): Promise<Figure[]> {
  const orders = options['orders'] ?? 100_000;
  const times = options['times'] ?? 60;
  const server = await startServer();
  try {
    const began = performance.now();
    await fillShop(server.url, orders, systemClock.now());
    const filled = (performance.now() - began) / 1_000;
    const db = openDatabase({ url: server.url, clock: systemClock, chance: systemChance, connections: 4 });
    const app = fastify();
    await app.register(
      apiPlugin({
        db,
        realClock: systemClock,
        sleep,
        log: silentLog,
        act: async () => ({ facts: [], said: '' }),
        notReady: async () => '',
        metrics: async () => '',
        consoleFolder: null,
        publicUrl: 'http://localhost',
        limits: { requestsPerSecond: 1e9, burst: 1e9 },
      }),
    );
    try {
      const { key } = await db.tx(tenant, (tx) =>
        makeKey(tx, { name: 'bench', scopes: [...rightsOf.owner], expires: null }, systemClock.now()),
      );
      const figures: Figure[] = [];
      for (const [name, urls] of Object.entries(await addresses(server.url))) {
        figures.push(figure(`${name}, p95`, await p95(app, key, urls, times), 'ms', { atMost: 50 }));
      }
      return [...figures, figure(`filling a shop with ${orders} orders`, filled, 's')];
    } finally {
      await app.close();
      await db.close();
    }
  } finally {
    await server.close();
  }
}

/** Each request goes to another of the addresses; the first round warms caches and is not counted. */
async function p95(app: FastifyInstance, key: string, urls: readonly string[], times: number): Promise<number> {
  const took: number[] = [];
  for (let turn = -5; turn < times; turn += 1) {
    const url = urls[(turn + 5) % urls.length] ?? '';
    const began = performance.now();
    const answer = await app.inject({ url, headers: { authorization: `Bearer ${key}` } });
    if (turn >= 0) took.push(performance.now() - began);
    if (answer.statusCode !== 200) throw new Error(`${url}: ${answer.statusCode} ${answer.body}`);
  }
  return quantile(took, 0.95);
}

async function addresses(url: string): Promise<Record<string, string[]>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const idsOf = async (kind: Parameters<typeof showId>[0], statement: string): Promise<string[]> =>
    (await client.query<{ id: string }>(statement)).rows.map(({ id }) => showId(kind, id));
  try {
    const orders = await idsOf('order', `select id from orders."order" order by md5(id::text) limit 40`);
    const purchases = await idsOf('purchase', 'select id from purchasing.purchase order by md5(id::text) limit 40');
    const suppliers = await idsOf('supplier', 'select id from suppliers.supplier order by rank');
    const channels = await idsOf('channel', 'select id from channels.channel order by code');
    const [middle] = (
      await client.query<{ at: string; id: string }>(
        `select to_char(placed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at, id from orders."order" order by placed_at offset (select count(*) / 2 from orders."order") limit 1`,
      )
    ).rows;
    const deep = Buffer.from(JSON.stringify(['orders', middle?.at, middle?.id])).toString('base64url');
    return {
      'orders, newest': ['/v1/orders'],
      'orders, from the middle': [`/v1/orders?after=${deep}`],
      'orders by status': ['on_hold', 'delivered', 'with_supplier', 'no_supplier', 'part_shipped,shipped'].map(
        (status) => `/v1/orders?status=${status}`,
      ),
      'orders by channel': channels.map((channel) => `/v1/orders?channel=${channel}`),
      'orders by supplier': suppliers.map((supplier) => `/v1/orders?supplier=${supplier}`),
      'orders by country': ['US', 'IT', 'MT', 'ZW'].map((country) => `/v1/orders?country=${country}`),
      'orders that need attention': ['/v1/orders?attention=true'],
      'orders found by words': ['100777', 'ada', 'lovelace 5', 'shopper777@example.org', 'PO-500', '90210'].map(
        (q) => `/v1/orders?q=${encodeURIComponent(q)}`,
      ),
      'an order': orders.map((order) => `/v1/orders/${order}`),
      purchases: [
        '/v1/purchases',
        '/v1/purchases?transmission=sent',
        '/v1/purchases?late=true',
        ...suppliers.map((id) => `/v1/purchases?supplier=${id}`),
      ],
      'a purchase': purchases.map((purchase) => `/v1/purchases/${purchase}`),
      parcels: ['/v1/parcels', '/v1/parcels?milestone=exception', '/v1/parcels?unscanned=true'],
      exceptions: ['/v1/exceptions', '/v1/exceptions?grouped=true'],
      suppliers: ['/v1/suppliers'],
      'a supplier': suppliers.map((id) => `/v1/suppliers/${id}`),
      channels: ['/v1/channels', ...channels.map((id) => `/v1/channels/${id}`)],
      'offers and variants': [
        '/v1/offers',
        `/v1/offers?supplier=${suppliers[1]}`,
        '/v1/offers?sku=SKU-777',
        '/v1/variants',
        '/v1/variants?q=SKU-77',
      ],
      'facts and arrivals': ['/v1/facts', '/v1/arrivals', '/v1/arrivals?state=refused', `/v1/arrivals?channel=${channels[0]}`],
      search: ['100777', 'ada', 'lovelace', 'shopper777@example.org', 'PO-500777', 'SKU-77'].map(
        (q) => `/v1/search?q=${encodeURIComponent(q)}`,
      ),
      home: ['/v1/home'],
    };
  } finally {
    await client.end();
  }
}
