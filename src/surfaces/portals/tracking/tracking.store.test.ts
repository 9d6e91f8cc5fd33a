import fastify, { type FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readBrand } from '#kernel/brand';
import { seededChance } from '#kernel/chance';
import { after, instant } from '#kernel/time';
import { type Database, openDatabase } from '#platform/db';
import { freshDatabase } from '../../../../test/setup/database.ts';
import { trackingPages } from './index.ts';

const tenant = '01900000-0000-7000-8000-00000000000a';
const neighbour = '01900000-0000-7000-8000-00000000000b';
const order = '01900000-0000-7000-8000-000000000001';
const token = 'a'.repeat(43);

let fresh: Awaited<ReturnType<typeof freshDatabase>>;
let database: Database;
let app: FastifyInstance;
let now = instant('2026-11-24T12:00:00Z');

beforeAll(async () => {
  fresh = await freshDatabase();
  database = openDatabase({ url: fresh.url, clock: { now: () => now }, chance: seededChance(4) });
  await database.tx(tenant, async (tx) => {
    await sql`insert into orders."order" (tenant_id, id, channel_id, external_id, number, state, status, placed_at, received_at, changed_at, source_at, currency, subtotal_minor, total_minor, payment, customer_name, email, phone, ship_to, country, postcode, likeness)
      values (${tenant}, ${order}, ${order}, 'x1', '#1042', 'in_fulfilment', 'with_supplier', ${now}, ${now}, ${now}, ${now}, 'EUR', 100, 98765, 'paid', 'Ada Lovelace', 'Ada@Example.com', '+49 431 5550', '{"city": "Kiel", "line1": "Holstenstrasse 7", "country": "DE"}', 'DE', 'SW1A 1AA', '')`.execute(
      tx.db,
    );
    await sql`insert into orders.line (tenant_id, id, order_id, position, external_id, sku, title, quantity, price_minor)
      values (${tenant}, ${order}, ${order}, 1, 'l1', 'LAMP', 'Deck lamp', 3, 10)`.execute(tx.db);
  });
});

afterAll(async () => {
  await app.close();
  await database.close();
  await fresh.drop();
});

beforeEach(async () => {
  await app?.close();
  app = fastify();
  await app.register(trackingPages, {
    db: database,
    findDoor: async (given) => (given === token ? { tenant, order } : null),
    brandOf: async () => readBrand({ logoUrl: 'https://cdn.example/a.svg' }, 'Lighthouse Goods'),
    tenantOf: async (host) => ({ 'shop.example': tenant, 'other.example': neighbour })[host] ?? null,
  });
});

const ask = (number: string, proof: string, more: { host?: string; address?: string } = {}) =>
  app.inject({
    method: 'POST',
    url: '/track',
    remoteAddress: more.address ?? '203.0.113.5',
    headers: { host: more.host ?? 'shop.example', 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams({ number, proof }).toString(),
  });

describe('an order’s link', () => {
  it('opens its page, with headers that keep it private', async () => {
    const { statusCode, body, headers } = await app.inject({
      url: `/t/${token}`,
      headers: { host: 'shop.example', 'accept-language': 'de' },
    });
    expect(statusCode).toBe(200);
    expect(body).toContain('Bestellung #1042');
    expect(body).toContain('3 × <bdi>Deck lamp</bdi>');
    expect(headers).toMatchObject({
      'cache-control': 'private, no-store',
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex, nofollow',
    });
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/=]{44}'; img-src https:\/\/cdn\.example; form-action 'self'/,
    );
    expect(headers['set-cookie']).toBeUndefined();
  });

  it('shows a stranger who has it no street, name, phone, mail or price', async () => {
    const { body } = await app.inject({ url: `/t/${token}`, headers: { host: 'shop.example' } });
    expect(body).not.toMatch(/Holstenstrasse|Lovelace|5550|Example\.com|987|SW1A/i);
  });

  it('that is wrong leads to the look-up and says nothing', async () => {
    for (const wrong of ['b'.repeat(43), 'x', '%2e%2e%2fetc']) {
      const { statusCode, body } = await app.inject({ url: `/t/${wrong}`, headers: { host: 'shop.example' } });
      expect(statusCode).toBe(404);
      expect(body).not.toContain('1042');
      expect(body).toContain('<form');
    }
  });
});

describe('the look-up', () => {
  it('takes the number with the mail address or the postcode, however they are written', async () => {
    for (const [number, proof] of [
      ['1042', ' ada@example.COM'],
      ['#1042', 'sw1a1aa'],
      [' 1042 ', 'SW1A-1AA'],
    ] as const) {
      const { statusCode, body } = await ask(number, proof, { address: `203.0.113.${proof.length}` });
      expect([statusCode, body.includes('Deck lamp')]).toEqual([200, true]);
    }
  });

  it('answers a wrong number and a wrong proof alike, to the last byte', async () => {
    const answers = [
      await ask('9999', 'ada@example.com'),
      await ask('1042', 'eve@example.com'),
      await ask('1042', ''),
      await ask('1042', '--'),
      await ask('1042', 'ada@example.com', { host: 'other.example' }),
    ];
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([404]));
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
    expect(new Set(answers.map(({ headers }) => JSON.stringify({ ...headers, date: '' }))).size).toBe(1);
  });

  it('ends after ten tries by one address, and for one order from many, right or wrong, until a quarter of an hour has passed', async () => {
    for (let count = 0; count < 10; count += 1) await ask(`${count}`, 'x@example.com', { address: '198.51.100.1' });
    expect((await ask('1042', 'ada@example.com', { address: '198.51.100.1' })).statusCode).toBe(429);
    for (let count = 0; count < 9; count += 1) await ask('1042', 'x@example.com', { address: `198.51.100.${count + 10}` });
    const { statusCode, headers } = await ask('1042', 'ada@example.com', { address: '198.51.100.99' });
    expect([statusCode, headers['retry-after']]).toEqual([429, '900']);
    now = after(now, { minutes: 15 });
    expect((await ask('1042', 'ada@example.com', { address: '198.51.100.1' })).statusCode).toBe(200);
  });
});
