import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { offlineAddresses } from '#connectors/addresses/offline';
import { seededChance } from '#kernel/chance';
import { Fault } from '#kernel/fault';
import { after, type Instant, instant } from '#kernel/time';
import { appendFacts } from '#modules/audit';
import { addChannels, keepEars, type Listened, listenNow } from '#modules/channels';
import { raise, resolve } from '#modules/exceptions';
import { type Database, openDatabase, type Tx } from '#platform/db';
import { arrive } from '#platform/inbox';
import { makeWork, type Work, type WorkHooks } from '#platform/work';
import type { ChannelOrder } from '#ports/channel';
import { freshDatabase } from '../../test/setup/database.ts';
import type { Given } from './far.ts';
import { orderLife } from './order-life.ts';
import { storeLife } from './store-life.ts';

const tenant = '01900000-0000-7000-8000-00000000000a';
const hooks: WorkHooks = { facts: async (tx, facts) => void (await appendFacts(tx, facts)), raise, resolve };
let now = instant('2026-11-20T09:00:00Z');
let fresh: Awaited<ReturnType<typeof freshDatabase>>;
let database: Database;
let work: Work;
let channel = '';

/** Orders as the store has them, and what it was asked. */
const store = {
  orders: new Map<string, string>(),
  asked: [] as string[][],
  fault: null as Fault | null,
  during: null as (() => Promise<void>) | null,
};
let listened: Listened = { topics: [], mended: 0, trouble: '' };

const far = {
  listen: async () => listened,
  channel: () => ({
    named: async (ids: readonly string[]) => {
      store.asked.push([...ids]);
      await store.during?.();
      if (store.fault) throw store.fault;
      return ids.flatMap((id) => {
        const body = store.orders.get(id);
        return body === undefined ? [] : [{ object: id, name: `Order ${id}`, body: Buffer.from(body) }];
      });
    },
  }),
};

/** An order as this test's store writes it: only what differs from an ordinary one. */
const orderOf = (text: string): ChannelOrder => {
  const { lines, placedAt, changedAt, ...given } = JSON.parse(text) as { lines?: object[]; placedAt?: string; changedAt?: string };
  return {
    externalId: 'o',
    number: '1001',
    currency: 'USD',
    payment: 'paid',
    cancelledAt: null,
    isTest: false,
    customer: { name: 'Ada Byron', email: 'ada@shopper.test', phone: '' },
    shipTo: { name: 'Ada Byron', line1: '12 Main Street', city: 'Portland', region: 'OR', postcode: '97205', country: 'US' },
    service: 'standard',
    subtotalMinor: 1000n,
    discountMinor: 0n,
    shippingMinor: 0n,
    taxMinor: 0n,
    totalMinor: 1000n,
    note: '',
    tags: [],
    ...given,
    placedAt: placedAt ? instant(placedAt) : now,
    changedAt: changedAt ? instant(changedAt) : now,
    lines: (lines ?? [{}]).map((line, place) => ({
      externalId: `l${place + 1}`,
      sku: 'LAMP',
      title: 'Lamp',
      kind: 'goods' as const,
      quantity: 2,
      cancelled: 0,
      priceMinor: 500n,
      discountMinor: 0n,
      taxMinor: 0n,
      ...line,
    })),
  };
};

const given = {
  addresses: offlineAddresses(),
  readOrder: async (_channel: unknown, raw: { body: Uint8Array }) => [orderOf(Buffer.from(raw.body).toString())],
  trackingToken: (order: string) => ({ token: order, hash: order }),
} as unknown as Given;

const inTx = <T>(act: (tx: Tx) => Promise<T>): Promise<T> => database.tx(tenant, act);
const rows = <R>(text: string): Promise<R[]> => inTx(async (tx) => (await sql.raw(text).execute(tx.db)).rows as R[]);
const pass = (wait: { hours?: number; minutes?: number; ms?: number }): Instant => (now = after(now, wait));
const names = ['readArrival', 'listenStore', 'askNudged', 'screenOrder'];

async function settle(): Promise<void> {
  for (let round = 0; round < 30; round += 1) {
    pass({ ms: 10 });
    const due = (await work.due(tenant)).filter((name) => names.includes(name));
    if (due.length === 0) return;
    for (const step of due) await work.drain(step, tenant);
  }
  throw new Error('something is due for ever');
}

const comes = (kind: string, object: string, body = `${kind} ${object} ${now.toString()}`): Promise<unknown> =>
  inTx((tx) => arrive(tx, [{ kind, source: `channel:${channel}`, object, name: kind, headers: {}, body: Buffer.from(body) }]));
const orders = () =>
  rows<{ external_id: string; state: string; status: string }>('select external_id, state, status from orders.order order by external_id');

beforeAll(async () => {
  fresh = await freshDatabase();
  database = openDatabase({ url: fresh.url, clock: { now: () => now }, chance: seededChance(1), connections: 3 });
  work = makeWork(database, [...orderLife(given), ...storeLife], { farOf: async () => far, hooks, concurrency: 1 });
});
afterAll(async () => {
  await database.close();
  await fresh.drop();
});
beforeEach(async () => {
  Object.assign(store, { orders: new Map(), asked: [], fault: null, during: null });
  listened = { topics: ['orders/create'], mended: 0, trouble: '' };
  const settings = { actFrom: '2026-11-20T00:00:00Z' };
  const made = await inTx((tx) =>
    addChannels(tx, [{ code: `s${now.epochMilliseconds}`, name: 'Shop', kind: 'acme', settings, secrets: null, currency: 'USD' }]),
  );
  channel = made[0]?.id ?? '';
  await inTx(async (tx) => {
    for (const table of ['orders.hold', 'orders.line', 'orders."order"']) await sql.raw(`delete from ${table}`).execute(tx.db);
    await sql.raw('update channels.channel set due_at = null').execute(tx.db);
    await sql.raw('update platform.arrival set due_at = null').execute(tx.db);
  });
});

describe('an order that a webhook only names', () => {
  it('is asked for, and read as it is now', async () => {
    store.orders.set('7', '{"externalId":"7"}');
    await comes('nudge', '7');
    await settle();
    expect(store.asked).toEqual([['7']]);
    expect((await orders()).map(({ external_id }) => external_id)).toEqual(['7']);
    expect(await rows('select id from channels.nudge')).toEqual([]);
  });

  it('is asked for once, however often it is named before', async () => {
    store.orders.set('7', '{"externalId":"7"}');
    for (let time = 0; time < 5; time += 1) {
      await comes('nudge', '7');
      pass({ ms: 5 });
    }
    await settle();
    expect(store.asked).toEqual([['7']]);
  });

  it('is asked for again when it is named while the store is being asked', async () => {
    store.orders.set('7', '{"externalId":"7"}');
    store.during = async () => {
      store.during = null;
      await comes('nudge', '7', 'once more');
      await work.drain('readArrival', tenant);
    };
    await comes('nudge', '7');
    await settle();
    expect(store.asked).toEqual([['7'], ['7']]);
    expect(await rows('select id from channels.nudge')).toEqual([]);
  });

  it('that is gone from the store is over', async () => {
    await comes('nudge', '8');
    await settle();
    expect([store.asked, await orders(), await rows('select id from channels.nudge')]).toEqual([[['8']], [], []]);
  });

  it('is asked for later where the store does not answer, and given up after a day', async () => {
    store.fault = new Fault('transient', 'timeout', 'no answer');
    await comes('nudge', '7');
    await settle();
    expect(await rows('select object from channels.nudge where due_at is not null')).toEqual([{ object: '7' }]);
    pass({ hours: 25 });
    await settle();
    expect(await rows('select object from channels.nudge where due_at is not null')).toEqual([]);
    await rows('delete from channels.nudge');
  });
});

describe('what else stores say', () => {
  it('a goodbye is told to a person', async () => {
    await comes('goodbye', '');
    await settle();
    const [told] = await rows<{ title: string }>(`select title from exceptions.exception where kind = 'connection_broken'`);
    expect(told?.title).toContain('our access was removed there');
  });

  it('of what nobody asked for nothing follows', async () => {
    await comes('other', '1');
    await settle();
    expect([store.asked, await orders()]).toEqual([[], []]);
  });
});

describe('the webhooks of a store', () => {
  it('are looked at once a day, and those that were switched off are armed again', async () => {
    await inTx(keepEars);
    await settle();
    const of = () => rows(`select topics, mended, trouble from channels.ear where id = '${channel}'`);
    expect(await of()).toEqual([{ topics: ['orders/create'], mended: 0, trouble: '' }]);
    listened = { topics: ['orders/create'], mended: 1, trouble: '' };
    pass({ hours: 25 });
    await settle();
    expect(await of()).toMatchObject([{ mended: 1 }]);
  });

  it('that cannot be had are said in words, and asked for again when the keys change', async () => {
    listened = { topics: [], mended: 0, trouble: 'Stores cannot reach http://localhost:4100.' };
    await inTx(keepEars);
    await settle();
    listened = { topics: ['orders/create'], mended: 1, trouble: '' };
    await inTx((tx) => listenNow(tx, channel));
    await settle();
    expect(await rows(`select topics, trouble from channels.ear where id = '${channel}'`)).toEqual([
      { topics: ['orders/create'], trouble: '' },
    ]);
  });
});

describe('orders from before the store was connected', () => {
  it.each<[string, string, string]>([
    ['that are shipped are over', '{"placedAt":"2026-11-01T00:00:00Z","lines":[{"fulfilled":2}]}', 'closed'],
    ['that are not shipped wait for a person', '{"placedAt":"2026-11-01T00:00:00Z"}', 'held'],
    ['that were cancelled stay so', '{"placedAt":"2026-11-01T00:00:00Z","cancelledAt":"2026-11-02T00:00:00Z"}', 'cancelled'],
  ])('%s', async (_what, body, state) => {
    await comes('order', 'o', body);
    await settle();
    expect((await orders()).map((one) => one.state)).toEqual([state]);
  });

  it('of which some is shipped ask suppliers for the rest only', async () => {
    await comes('order', 'o', '{"lines":[{"quantity":5,"fulfilled":2,"cancelled":1}]}');
    await settle();
    expect(await rows('select quantity, cancelled, elsewhere from orders.line')).toEqual([{ quantity: 5, cancelled: 3, elsewhere: 2 }]);
    // What the store says was shipped later is what it heard from us.
    pass({ minutes: 1 });
    await comes('order', 'o', '{"lines":[{"quantity":5,"fulfilled":4,"cancelled":1}]}');
    await settle();
    expect(await rows('select quantity, cancelled, elsewhere from orders.line')).toEqual([{ quantity: 5, cancelled: 3, elsewhere: 2 }]);
  });

  it('are held where the store thinks of fraud', async () => {
    await comes('order', 'o', '{"risk":"high"}');
    await settle();
    expect(await rows(`select reason from orders.hold where reason = 'risk'`)).toEqual([{ reason: 'risk' }]);
  });
});
