import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import copyStreams from 'pg-copy-streams';
import { importFeed } from '#modules/catalog';
import { addSuppliers } from '#modules/suppliers';
import { type Database, openDatabase } from '#platform/db';
import { systemChance, systemClock } from '#platform/time';
import { type Figure, figure } from './figure.ts';
import { startServer } from './server.ts';

const tenant = '01900000-0000-7000-8000-0000000000bb';

/**
 * A stock and cost list of a million rows, of which one in twenty changed, against a million offers: beside the time that COPY alone
 * takes to bring the same file into an unlogged table on the same server.
 */
export async function run(options: Readonly<Record<string, number>> = {}): Promise<Figure[]> {
  const rows = options['rows'] ?? 1_000_000;
  const times = options['times'] ?? 5;
  const folder = mkdtempSync(join(tmpdir(), 'stockless-bench-feed-'));
  const server = await startServer();
  const db = openDatabase({ url: server.url, clock: systemClock, chance: systemChance, connections: 2 });
  const memory = watchMemory();
  try {
    const files = [0, 1].map((turn) => join(folder, `stock-${turn}.csv`));
    for (const [turn, path] of files.entries()) await writeStock(path, rows, turn);
    const copies = await copyTimes(server.url, files[1] ?? '', times);
    const supplierId = await makeSupplier(db);
    const first = await importing(db, supplierId, files[0] ?? '', rows);
    const took: number[] = [];
    for (let turn = 1; turn <= times; turn += 1) took.push(await importing(db, supplierId, files[turn % 2] ?? '', rows / 20));
    const copy = middle(copies);
    return [
      figure(`COPY of ${rows} rows into an unlogged table`, copy, 'ms'),
      figure(`feed of ${rows} rows, one in twenty changed`, middle(took), 'ms', { atMost: 3 * copy }),
      figure('the same, as times of COPY', middle(took) / copy, 'times', { atMost: 3 }),
      figure('memory of the importing process, at most', memory.most(), 'MB', { atMost: 300 }),
      figure(`first feed of ${rows} new offers`, first / 1_000, 's'),
    ];
  } finally {
    memory.stop();
    await db.close();
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const middle = (values: readonly number[]): number => values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;

/** In every other file one row in twenty, spread over all of it, has another cost and another stock. */
async function writeStock(path: string, rows: number, turn: number): Promise<void> {
  function* chunks(): Generator<string> {
    let text = 'sku,ean,title,cost,quantity\n';
    for (let row = 0; row < rows; row += 1) {
      const isOther = turn === 1 && row % 20 === 7;
      const cost = 100 + ((row * 104_729) % 900_000) + (isOther ? 5 : 0);
      text += `KST-${String(row).padStart(7, '0')},${eanOf(row)},Widget ${row % 977} of ${row},${(cost / 100).toFixed(2)},${((row * 7919) % 500) + (isOther ? 1 : 0)}\n`;
      if (text.length > 256 * 1024) {
        yield text;
        text = '';
      }
    }
    yield text;
  }
  await pipeline(Readable.from(chunks()), createWriteStream(path));
}

function eanOf(row: number): string {
  const digits = String(400_000_000_000 + row);
  const sum = [...digits].reduce((total, digit, at) => total + Number(digit) * (at % 2 === 0 ? 1 : 3), 0);
  return `${digits}${(10 - (sum % 10)) % 10}`;
}

async function copyTimes(url: string, path: string, times: number): Promise<number[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('create unlogged table public.copied (sku text, ean text, title text, cost text, quantity text)');
    const took: number[] = [];
    for (let turn = 0; turn < times; turn += 1) {
      await client.query('truncate public.copied');
      const began = performance.now();
      await pipeline(
        createReadStream(path, { highWaterMark: 256 * 1024 }),
        client.query(copyStreams.from('copy public.copied from stdin with (format csv, header true)')),
      );
      took.push(performance.now() - began);
    }
    await client.query('drop table public.copied');
    return took;
  } finally {
    await client.end();
  }
}

const makeSupplier = (db: Database): Promise<string> =>
  db.tx(tenant, async (tx) => {
    const ids = await addSuppliers(tx, [
      {
        code: 'BENCH',
        name: 'Bench',
        state: 'live',
        country: 'DE',
        currency: 'EUR',
        time_zone: 'UTC',
        ships_to: [],
        rank: 1,
        handling_days: 1,
        transit_days: {},
        ack_hours: 24,
        ship_hours: 48,
        order_fee_minor: 0n,
        shipping_minor: {},
        transport: 'file',
        transport_settings: {},
        secrets: null,
        contact_email: '',
      },
    ]);
    return ids.get('BENCH') ?? '';
  });

/** Milliseconds of one import; fails when it did not do what it should. */
async function importing(db: Database, supplierId: string, path: string, expected: number): Promise<number> {
  const runId = await db.tx(tenant, async (tx) => tx.newId());
  const began = performance.now();
  const outcome = await importFeed(db, tenant, {
    supplierId,
    runId,
    name: 'stock.csv',
    observedAt: db.clock.now(),
    guard: 'on',
    reflect: async () => [],
    content: { open: () => createReadStream(path, { highWaterMark: 256 * 1024 }) },
  });
  const took = performance.now() - began;
  if (outcome.state !== 'applied' || outcome.rows_new + outcome.rows_changed !== expected)
    throw new Error(`The feed was not applied as it should be: ${JSON.stringify(outcome)}`);
  return took;
}

/** The most memory that this process was seen to use, in MB. */
function watchMemory(): { most(): number; stop(): void } {
  let most = 0;
  const look = (): void => {
    most = Math.max(most, process.memoryUsage.rss() / 1e6);
  };
  const timer = setInterval(look, 20);
  return {
    most: () => most,
    stop: () => clearInterval(timer),
  };
}
