import { fork } from 'node:child_process';
import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import copyStreams from 'pg-copy-streams';
import { addSuppliers } from '#modules/suppliers';
import { type Database, openDatabase } from '#platform/db';
import { systemChance, systemClock } from '#platform/time';
import { type Figure, figure } from './figure.ts';
import { startServer } from './server.ts';

const tenant = '01900000-0000-7000-8000-0000000000bb';

/**
 * A stock and cost list of a million rows (`rows`), of which one in twenty changed, against as many offers: beside the time that COPY
 * alone takes to bring the same file into an unlogged table on the same server. Medians of `times` runs, each in a process of its own;
 * memory is the most of all. A tenth of the rows beforehand shows what a row costs there.
 */
export async function run(options: Readonly<Record<string, number>> = {}): Promise<Figure[]> {
  const rows = options['rows'] ?? 1_000_000;
  const times = options['times'] ?? 3;
  const folder = mkdtempSync(join(tmpdir(), 'stockless-bench-feed-'));
  const server = await startServer();
  const db = openDatabase({ url: server.url, clock: systemClock, chance: systemChance, connections: 2 });
  const few = Math.round(rows / 10);
  try {
    const small = await measure({ url: server.url, db, folder, rows: few, times, firsts: 1 });
    // The first load of millions takes minutes: once is enough.
    const it = await measure({ url: server.url, db, folder, rows, times, firsts: rows > 1_000_000 ? 1 : times });
    return figuresOf(rows, few, it, small);
  } finally {
    await db.close();
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Measured {
  copy: number;
  first: Import;
  changed: Import;
  same: Import;
}

function figuresOf(rows: number, few: number, { copy, first, changed, same }: Measured, small: Measured): Figure[] {
  return [
    figure(`COPY of ${rows} rows into an unlogged table`, copy, 'ms'),
    figure(`feed of ${rows} rows, one in twenty changed`, changed.took, 'ms', { atMost: 3 * copy }),
    figure('the same, as times of COPY', changed.took / copy, 'times', { atMost: 3 }),
    figure('a file in which nothing changed, as times of COPY', same.took / copy, 'times', { atMost: 3 }),
    figure(`first feed of ${rows} new offers, as times of COPY`, first.took / copy, 'times', { atMost: 6 }),
    figure('of each row, one in twenty changed', (changed.took * 1000) / rows, 'µs'),
    figure(`of each row, of ${few} rows`, (small.changed.took * 1000) / few, 'µs'),
    figure('of each row, first feed', (first.took * 1000) / rows, 'µs'),
    figure('memory of the importing process, at most', Math.max(changed.memory, same.memory), 'MB', { atMost: 300 }),
    figure('the same for the first feed', first.memory, 'MB', { atMost: 300 }),
    figure(`memory at most, of ${few} rows`, Math.max(small.changed.memory, small.same.memory, small.first.memory), 'MB'),
  ];
}

interface Import {
  /** In milliseconds. */
  took: number;
  /** The most that its process had resident, in MB. */
  memory: number;
}

interface Size {
  url: string;
  db: Database;
  folder: string;
  rows: number;
  times: number;
  firsts: number;
}

async function measure({ url, db, folder, rows, times, firsts }: Size): Promise<Measured> {
  const files = [0, 1].map((turn) => join(folder, `stock-${rows}-${turn}.csv`));
  for (const [turn, path] of files.entries()) await writeStock(path, rows, turn);
  const copy = middle(await copyTimes(url, files[1] ?? '', times));
  const imports = (supplierId: string, turn: number, expected: number) =>
    importing([url, tenant, supplierId, files[turn % 2] ?? '', String(expected)]);
  const supplierId = await makeSupplier(db, `BENCH${rows}`);
  const first = [await imports(supplierId, 0, rows)];
  const changed: Import[] = [];
  for (let turn = 1; turn <= times; turn += 1) changed.push(await imports(supplierId, turn, rows / 20));
  const same: Import[] = [];
  for (let turn = 0; turn < times; turn += 1) same.push(await imports(supplierId, times, 0));
  // Beside the offers of the others, as it would be.
  for (let nth = 1; nth < firsts; nth += 1) first.push(await imports(await makeSupplier(db, `BENCH${rows}-${nth}`), 0, rows));
  for (const path of files) rmSync(path);
  return { copy, first: summed(first), changed: summed(changed), same: summed(same) };
}

/** The median of the times, and the most of the memory. */
const summed = (imports: readonly Import[]): Import => ({
  took: middle(imports.map(({ took }) => took)),
  memory: Math.max(...imports.map(({ memory }) => memory)),
});

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

const makeSupplier = (db: Database, code: string): Promise<string> =>
  db.tx(tenant, async (tx) => {
    const ids = await addSuppliers(tx, [
      {
        code,
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
    return ids.get(code) ?? '';
  });

/** One import in a process of its own; fails when it did not do what it should. */
const importing = (words: readonly string[]): Promise<Import> =>
  new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(new URL('./feed-import.ts', import.meta.url)), words);
    child.on('message', (said) => resolve(said as Import));
    child.once('exit', (code) => code !== 0 && reject(new Error(`an import ended with ${code}`)));
  });
