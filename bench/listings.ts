import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { performance } from 'node:perf_hooks';
import pg from 'pg';
import copyStreams from 'pg-copy-streams';
import { makeProgram, type Program } from '#app/program';
import { importFeed } from '#modules/catalog';
import { reflect } from '#modules/routing';
import { localDrop } from '#platform/files';
import { makeSealer, newMasterKey, readMasterKey } from '#platform/secrets';
import { sleep, systemChance, systemClock } from '#platform/time';
import { type Figure, figure, quantile } from './figure.ts';
import { startServer } from './server.ts';

const tenant = '01900000-0000-7000-8000-0000000000bb';
const ids = { channel: '01900000-0000-7000-8000-0000000000c1', supplier: '01900000-0000-7000-8000-0000000000c2' };

/**
 * From a supplier's list in which some figures changed to the store that is told of each: the list is applied, listings are counted,
 * and calls of 250 go to a store over HTTP, which notes when it heard of which SKU. One process, and a PostgreSQL whose commits are
 * durable. The raw limit is the same list by COPY into an unlogged table and the same calls to the same store, and nothing else.
 */
export async function run(options: Readonly<Record<string, number>> = {}): Promise<Figure[]> {
  const listed = options['listings'] ?? 100_000;
  const changes = options['changes'] ?? 10_000;
  const server = await startServer();
  const store = await openStore();
  const program = programOf(server.url);
  try {
    await fill(server.url, store.url, listed);
    await apply(
      program,
      listOf(listed, () => 10),
      1,
    );
    const first = await timed(() => settle(program));
    const toldFirst = store.heard.size;
    if (toldFirst !== listed) throw new Error(`The store was told of ${toldFirst} of ${listed} listings.`);
    store.heard.clear();
    const every = Math.floor(listed / changes);
    const text = listOf(listed, (nth) => (nth % every === 0 ? 7 : 10));
    const began = performance.now();
    await apply(program, text, 2);
    const applied = performance.now();
    await settle(program);
    const waits = [...store.heard.values()].map((at) => (at - began) / 1000);
    if (waits.length !== changes) throw new Error(`The store was told of ${waits.length} of ${changes} changes.`);
    const raw = await rawSeconds(server.url, store.url, text, changes);
    return [
      figure(`${changes} changes among ${listed}, from the list to the store, p95`, quantile(waits, 0.95), 's', { atMost: 5 }),
      figure('of it, applying the list', (applied - began) / 1000, 's'),
      figure('the last of them', Math.max(...waits), 's'),
      figure('the list by COPY and the calls alone, the raw limit', raw, 's'),
      figure('of the raw limit', Math.max(...waits) / raw, '×'),
      figure('listings counted and told, all of them at first', listed / first, '/s'),
    ];
  } finally {
    await program.close();
    await store.close();
    await server.close();
  }
}

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
};

/** A store that takes everything at once. */
async function openStore(): Promise<{ url: string; heard: Map<string, number>; close(): Promise<void> }> {
  const heard = new Map<string, number>();
  const server: Server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { items } = JSON.parse(Buffer.concat(parts).toString() || '{"items":[]}') as { items: { sku: string }[] };
      const at = performance.now();
      for (const { sku } of items) heard.set(sku, at);
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ results: items.map(({ sku }) => ({ sku, ok: true })), items: [], more: false }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    heard,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

const programOf = (url: string): Program => {
  const unused = async () => Promise.reject(new Error('nothing else goes out in this bench'));
  return makeProgram({
    url,
    clock: systemClock,
    chance: systemChance,
    sleep,
    linkKey: Buffer.alloc(32, 1),
    publicUrl: 'https://bench.example',
    mailFrom: 'bench@bench.example',
    concurrency: 4,
    connections: 6,
    sealer: makeSealer([readMasterKey(newMasterKey())]),
    outsideOf: () => ({
      fetch: (input, init) => fetch(input, init),
      drop: () => localDrop('/nonexistent'),
      messages: { send: unused },
      mailbox: { waiting: async () => [], taken: async () => {} },
      carrier: null,
    }),
  });
};

/** As the worker does when it is rung for: the steps of a listing's life until nothing is due. */
async function settle({ work }: Program): Promise<void> {
  for (let idle = 0; idle < 3; ) {
    const due = (await work.due(tenant)).filter((step) => ['countListing', 'publishListings'].includes(step));
    for (const step of due) await work.drain(step, tenant, 4);
    idle = due.length === 0 ? idle + 1 : 0;
    if (due.length === 0) await sleep(250);
  }
}

const skuOf = (nth: number): string => `SKU-${String(nth).padStart(8, '0')}`;

function listOf(count: number, quantity: (nth: number) => number): string {
  const lines = ['sku,title,cost,quantity'];
  for (let nth = 1; nth <= count; nth += 1) lines.push(`X-${nth},Widget ${nth},${(4 + (nth % 90)).toFixed(2)},${quantity(nth)}`);
  return `${lines.join('\n')}\n`;
}

async function apply({ db }: Program, text: string, nth: number): Promise<void> {
  const runId = await db.tx(tenant, async (tx) => tx.newId());
  const outcome = await importFeed(db, tenant, {
    supplierId: ids.supplier,
    runId,
    name: `list-${nth}.csv`,
    observedAt: systemClock.now(),
    guard: 'off',
    reflect,
    content: { open: () => once(Buffer.from(text)) },
  });
  if (outcome.state !== 'applied') throw new Error(`The list was not applied: ${outcome.why}`);
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function rawSeconds(url: string, store: string, text: string, changes: number): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('create unlogged table raw_list (sku text, title text, cost numeric, quantity int)');
    const began = performance.now();
    const stream = client.query(copyStreams.from('copy raw_list from stdin (format csv, header)'));
    await new Promise<void>((resolve, reject) => {
      stream.on('error', reject);
      stream.on('finish', resolve);
      stream.end(text);
    });
    const items = Array.from({ length: 250 }, (_, nth) => ({ sku: skuOf(nth), quantity: 7 }));
    for (let call = 0; call < changes / 250; call += 1) {
      const reply = await fetch(`${store}inventory`, { method: 'POST', body: JSON.stringify({ items }) });
      await reply.arrayBuffer();
    }
    return (performance.now() - began) / 1000;
  } finally {
    await client.end();
  }
}

/** Listings with one offer each, written past the program. */
async function fill(url: string, store: string, count: number): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const at = systemClock.now().toString();
  try {
    await client.query(`select set_config('stockless.tenant', '${tenant}', false)`);
    for (const statement of [
      `insert into channels.channel (tenant_id, id, code, name, kind, state, settings, currency, created_at)
       values ('${tenant}', '${ids.channel}', 'web', 'Web', 'rest', 'connected', '{"baseUrl": "${store}"}', 'USD', '${at}')`,
      `insert into suppliers.supplier (tenant_id, id, code, name, state, country, currency, time_zone, handling_days, ack_hours, ship_hours, transport, created_at)
       values ('${tenant}', '${ids.supplier}', 'ONE', 'One', 'live', 'US', 'USD', 'UTC', 1, 24, 48, 'file', '${at}')`,
      `create temp table made on commit preserve rows as
       select n, md5('variant ' || n)::uuid as variant, md5('offer ' || n)::uuid as offer from generate_series(1, ${count}) as n`,
      `insert into catalog.variant (tenant_id, id, sku, title, price_minor, currency, created_at)
       select '${tenant}', variant, 'SKU-' || lpad(n::text, 8, '0'), 'Widget ' || n, 19900, 'USD', '${at}' from made`,
      `insert into catalog.offer (tenant_id, id, supplier_id, supplier_sku, title, cost_minor, currency, quantity, ceiling, observed_at, changed_at)
       select '${tenant}', offer, '${ids.supplier}', 'X-' || n, 'Widget ' || n, 100 * (4 + n % 90), 'USD', 1, 1, '${at}', '${at}' from made`,
      `insert into catalog.match (tenant_id, variant_id, offer_id, state, created_at) select '${tenant}', variant, offer, 'confirmed', '${at}' from made`,
      `insert into catalog.listing (tenant_id, channel_id, sku, variant_id)
       select '${tenant}', '${ids.channel}', 'SKU-' || lpad(n::text, 8, '0'), variant from made`,
      'analyze',
    ])
      await client.query(statement);
  } finally {
    await client.end();
  }
}
