import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { seededChance } from '#kernel/chance';
import { instant } from '#kernel/time';
import { appendFacts } from '#modules/audit';
import { addMatches, addOffers, addVariants, release, reserve } from '#modules/catalog';
import { addChannels } from '#modules/channels';
import { raise, resolve } from '#modules/exceptions';
import { takeIn } from '#modules/orders';
import { giveBack } from '#modules/routing';
import { addSuppliers } from '#modules/suppliers';
import { type Database, openDatabase, type Tx } from '#platform/db';
import { makeWork, type WorkHooks } from '#platform/work';
import { freshDatabase } from '../../test/setup/database.ts';
import { routeOrder } from './order-life.ts';

const tenant = '01900000-0000-7000-8000-00000000000a';
const now = instant('2026-11-20T09:00:00Z');
const hooks: WorkHooks = { facts: async (tx, facts) => void (await appendFacts(tx, facts)), raise, resolve };
let fresh: Awaited<ReturnType<typeof freshDatabase>>;
let database: Database;
let other: Database;
let channel = '';
let variant = '';
let offer = '';
let orders = 0;

const open = (seed: number) => openDatabase({ url: fresh.url, clock: { now: () => now }, chance: seededChance(seed), connections: 3 });
const inTx = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => database.tx(tenant, work);
const rows = <R>(text: string): Promise<R[]> => inTx(async (tx) => (await sql.raw(text).execute(tx.db)).rows as R[]);
const workOf = (db: Database) => makeWork(db, [routeOrder], { farOf: async () => ({}), hooks, concurrency: 1 });

beforeAll(async () => {
  fresh = await freshDatabase();
  database = open(1);
  other = open(2);
  await inTx(async (tx) => {
    variant = (await addVariants(tx, [{ sku: 'LAMP', title: 'Lamp' }])).get('LAMP') ?? '';
    channel =
      (await addChannels(tx, [{ code: 'shop', name: 'Shop', kind: 'rest', settings: {}, secrets: null, currency: 'EUR' }]))[0]?.id ?? '';
    const suppliers = await addSuppliers(tx, [
      {
        code: 'KESTREL',
        name: 'Kestrel',
        state: 'live',
        country: 'DE',
        currency: 'EUR',
        time_zone: 'UTC',
        ships_to: [],
        rank: 1,
        handling_days: 1,
        transit_days: { '*': 2 },
        ack_hours: 24,
        ship_hours: 48,
        order_fee_minor: 0n,
        shipping_minor: { '*': 500 },
        transport: 'rest',
        transport_settings: {},
        secrets: null,
        contact_email: '',
      },
    ]);
    const made = await addOffers(tx, [
      { supplier_id: suppliers.get('KESTREL') ?? '', supplier_sku: 'K1', cost_minor: 300n, currency: 'EUR', quantity: 10 },
    ]);
    offer = [...made.values()][0] ?? '';
    await addMatches(tx, [{ variant_id: variant, offer_id: offer, evidence: 'ours' }]);
  });
});
afterAll(async () => {
  await database.close();
  await other.close();
  await fresh.drop();
});
beforeEach(() =>
  inTx(async (tx) => {
    await sql`delete from routing.allocation`.execute(tx.db);
    await sql`delete from orders."order"`.execute(tx.db);
    await sql`delete from exceptions.exception`.execute(tx.db);
    await sql`update catalog.offer set reserved = 0, quantity = 10, ceiling = 10`.execute(tx.db);
  }),
);

/** Accepted orders of so many units each. */
async function accept(...quantities: number[]): Promise<string[]> {
  return inTx(async (tx) => {
    const taken = await takeIn(
      tx,
      quantities.map((quantity) => {
        orders += 1;
        return {
          channelId: channel,
          order: {
            externalId: `${orders}`,
            number: `#${orders}`,
            placedAt: now,
            changedAt: now,
            currency: 'EUR',
            payment: 'paid' as const,
            cancelledAt: null,
            isTest: false,
            customer: { name: 'Ada', email: '', phone: '' },
            shipTo: { name: 'Ada', line1: 'Weg 1', city: 'Bonn', postcode: '53111', country: 'DE' } as never,
            service: 'standard' as const,
            subtotalMinor: 9000n,
            discountMinor: 0n,
            shippingMinor: 0n,
            taxMinor: 0n,
            totalMinor: 9000n,
            note: '',
            tags: [],
            lines: [
              {
                externalId: 'l',
                sku: 'LAMP',
                title: 'Lamp',
                kind: 'goods' as const,
                quantity,
                cancelled: 0,
                priceMinor: 9000n,
                discountMinor: 0n,
                taxMinor: 0n,
              },
            ],
          },
        };
      }),
    );
    await sql`update orders."order" set state = 'accepted', due_at = ${tx.now}`.execute(tx.db);
    return taken.orders.map(({ id }) => id);
  });
}
const reserved = async () => (await rows<{ reserved: number }>('select reserved from catalog.offer'))[0]?.reserved;
const promised = async () => (await rows<{ sum: number }>('select coalesce(sum(quantity), 0)::int as sum from routing.allocation'))[0]?.sum;
const states = async () =>
  (await rows<{ state: string; n: number }>('select state, count(*)::int as n from orders."order" group by state order by state')).map(
    ({ state, n }) => `${n} ${state}`,
  );

describe('routing orders', () => {
  it('promises what there is to the first of a batch, and holds the rest with the reason', async () => {
    await accept(4, 4, 4, 2);
    await workOf(database).drain('routeOrder', tenant);
    expect([await states(), await reserved(), await promised()]).toEqual([['1 held', '3 routed'], 10, 10]);
    expect(await rows('select kind, title from exceptions.exception')).toMatchObject([
      { kind: 'order_unroutable', title: expect.stringContaining('finds no supplier for all of it') },
    ]);
  });

  it('never promises more than there is when two processes want the last units at once, and loses none of the orders', async () => {
    for (let round = 0; round < 5; round += 1) {
      await inTx(async (tx) => {
        await sql`delete from routing.allocation`.execute(tx.db);
        await sql`delete from orders."order"`.execute(tx.db);
        await sql`update catalog.offer set reserved = 0`.execute(tx.db);
      });
      await accept(...Array.from({ length: 16 }, () => 1));
      const turns = [database, other].map(async (db) => {
        while ((await workOf(db).turn('routeOrder', tenant, 4)).claimed > 0);
      });
      await Promise.all(turns);
      await workOf(database).drain('routeOrder', tenant);
      expect([await states(), await reserved(), await promised()]).toEqual([['6 held', '10 routed'], 10, 10]);
    }
    expect(await rows(`select title from exceptions.exception where kind = 'set_aside'`)).toEqual([]);
  });

  it('decides an order anew that lost its units to another between looking and taking', async () => {
    await accept(8);
    const slow = makeWork(
      database,
      [
        {
          ...routeOrder,
          record: async (tx, plans, looked) => {
            if ((await reserved()) === 0) await other.tx(tenant, (inside) => reserve(inside, [{ offer_id: offer, quantity: 5 }]));
            await routeOrder.record?.(tx, plans, looked);
          },
        },
      ],
      { farOf: async () => ({}), hooks, concurrency: 1 },
    );
    expect(await slow.turn('routeOrder', tenant)).toEqual({ claimed: 1, moved: 1, setAside: 0 });
    expect([await states(), await reserved()]).toEqual([['1 held'], 5]);
  });

  it('gives back what was refused, once, and does not ask the same supplier for it again', async () => {
    const [id = ''] = await accept(3);
    await workOf(database).drain('routeOrder', tenant);
    const [allocation] = await rows<{ id: string }>('select id from routing.allocation');
    const back = [{ allocation_id: allocation?.id ?? '', order_id: id, quantity: 2 }];
    await inTx(async (tx) => release(tx, await giveBack(tx, back)));
    expect([await reserved(), await promised()]).toEqual([1, 1]);
    await inTx(async (tx) => release(tx, await giveBack(tx, [...back, ...back])));
    expect([await reserved(), await promised()]).toEqual([0, 0]);
    await inTx(async (tx) => release(tx, await giveBack(tx, back)));
    expect([await reserved(), await promised()]).toEqual([0, 0]);
    await rows(`update orders."order" set state = 'accepted', due_at = '${now.toString()}'`);
    await workOf(database).drain('routeOrder', tenant);
    expect([await states(), (await rows<{ detail: string }>('select detail from exceptions.exception'))[0]?.detail]).toEqual([
      ['1 held'],
      expect.stringContaining('It refused this line and has not counted its stock anew since.'),
    ]);
  });
});
