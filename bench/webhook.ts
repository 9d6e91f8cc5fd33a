import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import autocannon, { type Result } from 'autocannon';
import pg from 'pg';
import { makeDoor } from '#modules/identity';
import { openDatabase } from '#platform/db';
import { signWebhook } from '#formats/webhook';
import { newWebhookSecret } from '#platform/secrets';
import { systemChance, systemClock } from '#platform/time';
import { type Figure, figure } from './figure.ts';
import { startServer } from './server.ts';

const tenant = '01900000-0000-7000-8000-0000000000bb';
const channel = '01900000-0000-7000-8000-0000000000cc';
const least = 2_000;

/**
 * Signed order webhooks of 1.5 kB, each of another order, against a process of its own and a database whose commits are durable:
 * how many are accepted in a second, and how long one waits at half of what is asked for. Sender, server and database share a machine.
 */
export async function run(options: Readonly<Record<string, number>> = {}): Promise<Figure[]> {
  const seconds = options['seconds'] ?? 10;
  const server = await startServer();
  const secret = newWebhookSecret();
  let program: ChildProcess | undefined;
  try {
    const token = await openHook(server.url);
    program = spawn(process.execPath, [fileURLToPath(new URL('./webhook-server.ts', import.meta.url)), server.url, secret], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const address = await firstLine(program);
    const send = (more: { connections: number; duration: number; overallRate?: number }) => fire(`${address}/hooks/${token}`, secret, more);
    await send({ connections: 20, duration: 2 });
    const before = await kept(server.url);
    const full = await send({ connections: options['connections'] ?? 100, duration: seconds });
    const accepted = (await kept(server.url)) - before;
    if (accepted < full['2xx']) throw new Error(`${full['2xx']} were accepted and ${accepted} kept`);
    const half = await send({ connections: 50, duration: seconds, overallRate: least / 2 });
    return [
      figure('signed webhooks accepted', full['2xx'] / full.duration, '/s', { atLeast: least }),
      figure('wait at full rate, p99', full.latency.p99, 'ms'),
      figure(`wait at ${least / 2}/s, p50`, half.latency.p50, 'ms'),
      figure(`wait at ${least / 2}/s, p99`, half.latency.p99, 'ms', { atMost: 50 }),
      figure('not accepted', full.non2xx + full.errors + half.non2xx + half.errors, 'requests', { atMost: 0.5 }),
    ];
  } finally {
    if (program && program.exitCode === null) {
      program.kill('SIGTERM');
      await once(program, 'exit');
    }
    await server.close();
  }
}

async function openHook(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`insert into identity.tenant values ($1, 'Bench', 'test', '{}', '{}', $2)`, [tenant, systemClock.now().toString()]);
  await client.end();
  const db = openDatabase({ url, clock: systemClock, chance: systemChance, connections: 1 });
  try {
    return await db.tx(tenant, (tx) => makeDoor(tx, { purpose: 'hook', subject: channel, expires: null }, systemClock.now()));
  } finally {
    await db.close();
  }
}

async function kept(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return Number((await client.query<{ count: string }>('select count(*) from platform.arrival')).rows[0]?.count);
  } finally {
    await client.end();
  }
}

async function firstLine(program: ChildProcess): Promise<string> {
  if (!program.stdout) throw new Error('the server has no output to read its address from');
  const [line] = (await Promise.race([
    once(createInterface({ input: program.stdout }), 'line'),
    once(program, 'exit').then(([code]) => {
      throw new Error(`the server ended with ${String(code)} before it listened`);
    }),
  ])) as string[];
  return line ?? '';
}

let sent = 0;

function fire(url: string, secret: string, more: { connections: number; duration: number; overallRate?: number }): Promise<Result> {
  return autocannon({
    url,
    method: 'POST',
    ...more,
    requests: [
      {
        setupRequest: (request) => {
          sent += 1;
          const body = orderBody(sent);
          return {
            ...request,
            body,
            headers: {
              'content-type': 'application/json',
              ...signWebhook({ id: `msg_${sent}`, body, secrets: [secret], clock: systemClock }),
            },
          };
        },
      },
    ],
  });
}

const filler = 'A lamp of brushed brass with a linen shade, two bulbs included. '.repeat(8);

const orderBody = (number: number): string =>
  JSON.stringify({
    type: 'order.created',
    timestamp: '2026-11-25T10:00:00Z',
    data: {
      id: `o-${number}`,
      number: `#${number}`,
      currency: 'USD',
      financial_status: 'paid',
      customer: { name: 'Ada Lovelace', email: `ada${number}@example.org`, phone: '' },
      shipping_address: {
        name: 'Ada Lovelace',
        line1: '12 Main Street',
        city: 'Springfield',
        region: 'IL',
        postcode: '62701',
        country: 'US',
      },
      lines: [
        { id: '1', sku: 'LAMP-1', title: filler, quantity: 1, unit_price: '12.50', discount: '0.00', tax: '1.00' },
        { id: '2', sku: 'LAMP-2', title: filler.slice(0, 200), quantity: 2, unit_price: '9.00', discount: '0.00', tax: '1.00' },
      ],
      total: '32.50',
    },
  });
