import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '#platform/db';
import { systemChance, systemClock } from '#platform/time';
import { freshDatabase } from '../../../test/setup/database.ts';
import { openShop, type Shop, shopOpened } from '../../../test/setup/shop.ts';
import { listOrders, measures, search } from './index.ts';

let fresh: Awaited<ReturnType<typeof freshDatabase>>;
let db: Database;
let owner: pg.Client;
let shop: Shop;

beforeAll(async () => {
  fresh = await freshDatabase();
  db = openDatabase({ url: fresh.url, clock: systemClock, chance: systemChance });
  owner = new pg.Client({ connectionString: fresh.url });
  await owner.connect();
  shop = await openShop(fresh.url, 'Quill');
  await add(200);
});
afterAll(async () => {
  await owner.end();
  await db.close();
  await fresh.drop();
});

let made = 0;
/** Orders of which each ten were placed in the same instant, so that only the id tells them apart. */
async function add(count: number, placed = 0): Promise<void> {
  await owner.query(
    `insert into orders."order" (tenant_id, id, channel_id, external_id, number, state, status, placed_at, received_at, changed_at, source_at, currency, subtotal_minor,
       total_minor, payment, customer_name, email, phone, ship_to, country, postcode, likeness)
     select $1, gen_random_uuid(), $2, 'x' || n, '#' || (5000 + n), 'accepted', 'routing', at, at, at, at, 'USD', 1, 1, 'paid',
            'Grace O''Hopper ' || n, 'grace' || n || '@example.org', '+44 20 7946 0' || lpad(n::text, 3, '0'), '{}', 'GB', 'SW1A 1AA', '\\x00'
       from generate_series($3::int, $4::int) n, lateral (select $5::timestamptz + make_interval(mins => $6::int + n / 10) as at) t`,
    [shop.tenant, shop.channel, made + 1, made + count, shopOpened.toString(), placed],
  );
  made += count;
}

async function walk(limit: number, between: () => Promise<void> = async () => {}): Promise<string[]> {
  const seen: string[] = [];
  for (let after: string | null = null; ; ) {
    const { rows, next }: Awaited<ReturnType<typeof listOrders>> = await db.tx(shop.tenant, (tx) =>
      listOrders(tx, { status: ['routing'] }, { limit, after }),
    );
    seen.push(...rows.map(({ id }) => id));
    if (next === null) return seen;
    after = next;
    await between();
  }
}

const all = async () =>
  (await owner.query<{ id: string }>(`select id from orders."order" where status = 'routing'`)).rows.map(({ id }) => id);

describe('a list', () => {
  it.each([1, 7, 50, 200])('shows each row once, in order, %i at a time', async (limit) => {
    const seen = await walk(limit);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.toSorted()).toEqual((await all()).toSorted());
  });

  it('misses and repeats none of those that were there, whatever is added meanwhile', async () => {
    const before = await all();
    // Some come in front of where we are, some behind.
    const seen = await walk(9, () => add(3, made % 2 === 0 ? 1_000 : -1_000));
    expect(new Set(seen).size).toBe(seen.length);
    expect(before.filter((id) => !seen.includes(id))).toEqual([]);
    expect((await all()).length).toBeGreaterThan(before.length);
  });

  it.each([
    '',
    'x',
    'bm90IGpzb24',
    Buffer.from('["orders"]').toString('base64url'),
    Buffer.from('["purchases","2026-01-01T00:00:00Z","01900000-0000-7000-8000-000000000000"]').toString('base64url'),
    Buffer.from('["orders","0000-01-01T00:00:00Z","01900000-0000-7000-8000-000000000000"]').toString('base64url'),
    Buffer.from('["orders",null,"\'; drop table"]').toString('base64url'),
  ])('takes no cursor that is not its own: %s', async (after) => {
    await expect(db.tx(shop.tenant, (tx) => listOrders(tx, {}, { limit: 5, after }))).rejects.toMatchObject({
      code: 'bad-request',
      param: 'after',
    });
  });
});

describe('an order is found by', () => {
  const found = async (q: string) =>
    (await db.tx(shop.tenant, (tx) => listOrders(tx, { q }, { limit: 200, after: null }))).rows.map(({ number }) => number);

  it.each([
    ['its number', '#QUILL1042'],
    ['its number without the sign', 'quill1042'],
    ['the name the store gave it', 'quill-9001'],
    ['a name', 'lovelace'],
    ['the beginning of both names', 'qui lovel'],
    ['an e-mail address', 'Quill.Ada@example.org'],
    ['a phone number, however it is written', '39-06-555 0101'],
    ['a postcode', '00184'],
    ['a tracking number', 'quill77'],
    ['a purchase order', 'po-quill1'],
    ['a SKU', 'Quill-1'],
  ])('%s', async (_what, q) => {
    expect(await found(q)).toEqual(['#Quill1042']);
  });

  it('a postcode with a space in it, and all of several words', async () => {
    expect((await found('sw1a 1aa')).length).toBeGreaterThan(100);
    expect(await found('grace 17')).toContain('#5017');
    expect(await found('grace lovelace')).toEqual([]);
  });

  it('its new name, not its old one, after it was changed', async () => {
    await owner.query(`update orders."order" set customer_name = 'Ada Byron' where id = $1`, [shop.order]);
    expect(await found('byron')).toEqual(['#Quill1042']);
    expect(await found('lovelace')).toEqual([]);
    await owner.query(`update orders."order" set customer_name = 'Quill Lovelace' where id = $1`, [shop.order]);
  });

  it.each(['%', '_', "' or 1=1 --", '\\', '😀', '(', ' ', 'a'])('nothing when it is asked for %s', async (q) => {
    expect(await found(q)).toEqual([]);
  });
});

it('search names things of each kind', async () => {
  const hits = await db.tx(shop.tenant, (tx) => search(tx, 'Quill'));
  expect(new Set(hits.map(({ kind }) => kind))).toEqual(new Set(['order', 'supplier', 'variant']));
});

it('measures say how a period went, and nothing where nothing happened', async () => {
  const at = { now: () => shopOpened.add({ hours: 1 }) };
  const then = openDatabase({ url: fresh.url, clock: at, chance: systemChance });
  const rows = await then.tx(shop.tenant, (tx) => measures(tx));
  await then.close();
  const of = (name: string) => rows.find((row) => row.name === name && row.day === null && row.period === 0);
  expect(of('fill_rate')).toMatchObject({ value: 1, n: 1 });
  expect(of('order_to_ship')).toMatchObject({ value: 0, n: 1 });
  expect(of('gross_margin')?.value).toBeCloseTo((2700 - 200 - 620) / 2500);
  expect(of('delivered_in_time')).toBeUndefined();
});
