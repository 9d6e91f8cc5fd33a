import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { seededChance } from '#kernel/chance';
import { Fault } from '#kernel/fault';
import { after, type Instant, instant } from '#kernel/time';
import { appendFacts } from '#modules/audit';
import {
  addListings,
  addMatches,
  addOffers,
  addVariants,
  availabilityPolicy,
  confirmPairs,
  everythingTouched,
  rejectPairs,
  release,
  reserve,
  saveAvailabilityPolicy,
  undo,
} from '#modules/catalog';
import { addChannels, reconcileNow, tellAgain } from '#modules/channels';
import { raise, resolve } from '#modules/exceptions';
import { addSuppliers, changeSupplier } from '#modules/suppliers';
import { type Database, openDatabase, type Tx } from '#platform/db';
import { makeWork, type Work, type WorkHooks } from '#platform/work';
import type { PublishedRow } from '#ports/channel';
import { freshDatabase } from '../../test/setup/database.ts';
import { beginListings, listingLife } from './listing-life.ts';

const tenant = '01900000-0000-7000-8000-00000000000a';
const hooks: WorkHooks = { facts: async (tx, facts) => void (await appendFacts(tx, facts)), raise, resolve };
let now = instant('2026-11-20T09:00:00Z');
let fresh: Awaited<ReturnType<typeof freshDatabase>>;
let database: Database;
let work: Work;
let channel = '';
let supplier = '';
let other = '';
const offers = new Map<string, string>();
const variants = new Map<string, string>();

/** A store that takes figures as stores do, and shows what it has. */
const store = {
  shelf: new Map<string, PublishedRow>(),
  calls: [] as PublishedRow[][],
  keys: [] as string[],
  fault: null as Fault | null,
  refuses: new Set<string>(),
};
const far = {
  channel: () => ({
    publish: async (rows: readonly PublishedRow[], _currency: string, key: string) => {
      store.keys.push(key);
      if (store.fault) throw store.fault;
      store.calls.push([...rows]);
      return {
        outcomes: rows.map((row) => {
          if (store.refuses.has(row.sku)) return { sku: row.sku, ok: false, why: 'there is no such SKU' };
          const before = store.shelf.get(row.sku);
          store.shelf.set(row.sku, row.priceMinor === null && before ? { ...before, quantity: row.quantity } : row);
          return { sku: row.sku, ok: true };
        }),
      };
    },
    published: async (cursor: string) => {
      const rest = [...store.shelf.values()].filter(({ sku }) => sku > cursor).sort((one, two) => (one.sku < two.sku ? -1 : 1));
      const page = rest.slice(0, 2);
      return { rows: page, cursor: page.at(-1)?.sku ?? '', more: rest.length > 2 };
    },
  }),
};

const inTx = <T>(act: (tx: Tx) => Promise<T>): Promise<T> => database.tx(tenant, act);
const rows = <R>(text: string): Promise<R[]> => inTx(async (tx) => (await sql.raw(text).execute(tx.db)).rows as R[]);
const pass = (wait: { hours?: number; minutes?: number; ms?: number }): Instant => (now = after(now, wait));
const shown = (sku: string): number | undefined => store.shelf.get(sku)?.quantity;

/** Everything that is due, until nothing is. */
async function settle(): Promise<void> {
  pass({ ms: 600 });
  for (let round = 0; round < 50; round += 1) {
    const due = await work.due(tenant);
    if (due.length === 0) return;
    for (const step of due) await work.drain(step, tenant);
    pass({ ms: 600 });
  }
  throw new Error('something is due for ever');
}

beforeAll(async () => {
  fresh = await freshDatabase();
  database = openDatabase({ url: fresh.url, clock: { now: () => now }, chance: seededChance(1), connections: 3 });
  work = makeWork(database, listingLife, { farOf: async () => far, hooks, concurrency: 1 });
  await inTx(async (tx) => {
    const common = {
      state: 'live' as const,
      country: 'DE',
      currency: 'EUR',
      time_zone: 'UTC',
      ships_to: [],
      handling_days: 1,
      transit_days: { '*': 2 },
    };
    const terms = { ack_hours: 24, ship_hours: 48, order_fee_minor: 0n, shipping_minor: { '*': 500 }, transport: 'rest' as const };
    const rest = { transport_settings: {}, secrets: null, contact_email: '' };
    const suppliers = await addSuppliers(tx, [
      { code: 'KESTREL', name: 'Kestrel', rank: 1, ...common, ...terms, ...rest },
      { code: 'NORD', name: 'Nord', rank: 2, ...common, ...terms, ...rest },
    ]);
    supplier = suppliers.get('KESTREL') ?? '';
    other = suppliers.get('NORD') ?? '';
    const [made] = await addChannels(tx, [{ code: 'shop', name: 'Shop', kind: 'rest', settings: {}, secrets: null, currency: 'EUR' }]);
    channel = made?.id ?? '';
    for (const [sku, id] of await addVariants(tx, [
      { sku: 'LAMP', title: 'Lamp', price_minor: 900n, currency: 'EUR' },
      { sku: 'VASE', title: 'Vase' },
      { sku: 'BOWL', title: 'Bowl' },
    ]))
      variants.set(sku, id);
    await addListings(
      tx,
      [...variants].map(([sku, variant_id]) => ({ channel_id: channel, sku, variant_id })),
    );
    await offerAll(tx);
    const pairs = [...offers].map(([key, offer_id]) => ({ offer_id, variant_id: variants.get(key.slice(2)) ?? '' }));
    await addMatches(tx, pairs);
    await beginListings(tx);
  });
  await settle();
});
afterAll(async () => {
  await database.close();
  await fresh.drop();
});
beforeEach(async () => {
  Object.assign(store, { calls: [], keys: [], fault: null });
  store.refuses.clear();
  await inTx(offerAll);
  await settle();
  store.calls = [];
});

async function offerAll(tx: Tx): Promise<void> {
  const said = [
    ['K-LAMP', supplier, 10],
    ['N-LAMP', other, 4],
    ['K-VASE', supplier, 7],
    ['K-BOWL', supplier, 3],
  ] as const;
  const made = await addOffers(
    tx,
    said.map(([supplier_sku, supplier_id, quantity]) => ({ supplier_id, supplier_sku, cost_minor: 300n, currency: 'EUR', quantity })),
  );
  for (const [key, id] of made) offers.set(key.split(' ')[1] ?? '', id);
}

describe('a store is told', () => {
  it('of each listing that it shows otherwise, once, and of nothing more while nothing changes', async () => {
    expect(Object.fromEntries([...store.shelf.values()].map(({ sku, quantity }) => [sku, quantity]))).toEqual({
      LAMP: 10,
      VASE: 7,
      BOWL: 3,
    });
    await inTx((tx) => everythingTouched(tx, true));
    await settle();
    expect(store.calls).toEqual([]);
    expect(await rows(`select id from catalog.signal where state = 'due'`)).toEqual([]);
  });

  it('of what is promised and given back, only of the listing that it is about', async () => {
    const offer_id = offers.get('K-LAMP') ?? '';
    await inTx((tx) => reserve(tx, [{ offer_id, quantity: 8 }]));
    await settle();
    expect(store.calls).toEqual([[{ sku: 'LAMP', quantity: 4, priceMinor: null, compareMinor: null }]]);
    await inTx((tx) => release(tx, [{ offer_id, quantity: 8 }]));
    await settle();
    expect(shown('LAMP')).toBe(10);
  });

  it('nothing when what changed changed back before it was counted', async () => {
    const offer_id = offers.get('K-LAMP') ?? '';
    await inTx((tx) => reserve(tx, [{ offer_id, quantity: 3 }]));
    await inTx((tx) => release(tx, [{ offer_id, quantity: 3 }]));
    await settle();
    expect(store.calls).toEqual([]);
  });

  it('that a supplier gets no orders any more, and that it gets them again', async () => {
    await inTx((tx) => changeSupplier(tx, supplier, { state: 'paused', paused_reason: 'It was short too often.' }));
    pass({ hours: 7 });
    await settle();
    expect([shown('LAMP'), shown('VASE')]).toEqual([4, 0]);
    const [told] = await rows<{ why: { offers: { why: string }[] } }>(`select why from channels.told where sku = 'VASE'`);
    expect(told?.why.offers).toMatchObject([{ why: 'paused', left: 0, stock: 7 }]);
    await inTx((tx) => changeSupplier(tx, supplier, { state: 'live', paused_reason: '' }));
    pass({ hours: 7 });
    await settle();
    expect(shown('VASE')).toBe(7);
  });

  it('less of figures that grow old, and nothing of those that are too old', async () => {
    pass({ hours: 49 });
    await settle();
    expect(shown('LAMP')).toBe(5);
    pass({ hours: 125 });
    await settle();
    expect(shown('LAMP')).toBe(0);
  });

  it('of another match, of one that was rejected, and of that being taken back', async () => {
    const pair = { offer_id: offers.get('K-VASE') ?? '', variant_id: variants.get('VASE') ?? '' };
    const { undoId } = await inTx((tx) => rejectPairs(tx, [pair], 'person:1'));
    await settle();
    expect(shown('VASE')).toBe(0);
    await inTx((tx) => undo(tx, undoId, 'person:1'));
    await settle();
    expect(shown('VASE')).toBe(7);
    await inTx((tx) =>
      confirmPairs(tx, [{ offer_id: offers.get('K-LAMP') ?? '', variant_id: variants.get('BOWL') ?? '' }], 'person:1', true),
    );
    await settle();
    expect(shown('BOWL')).toBe(10);
    await inTx((tx) => rejectPairs(tx, [{ offer_id: offers.get('K-LAMP') ?? '', variant_id: variants.get('BOWL') ?? '' }], 'person:1'));
    await settle();
    expect(shown('BOWL')).toBe(3);
  });

  it('what another policy says, of everything', async () => {
    const { policy } = await inTx(availabilityPolicy);
    await inTx(async (tx) => {
      await saveAvailabilityPolicy(tx, { ...policy, combine: 'sum', cap: 12 }, 'person:1');
      await everythingTouched(tx, false);
    });
    await settle();
    expect([shown('LAMP'), shown('VASE')]).toEqual([12, 7]);
    await inTx(async (tx) => {
      await saveAvailabilityPolicy(tx, policy, 'person:1');
      await everythingTouched(tx, false);
    });
    await settle();
    expect(shown('LAMP')).toBe(10);
  });
});

describe('when it goes wrong', () => {
  const change = (quantity: number) =>
    inTx((tx) => addOffers(tx, [{ supplier_id: supplier, supplier_sku: 'K-VASE', cost_minor: 300n, currency: 'EUR', quantity }]));

  it('an answer that was lost is asked for again under the same key', async () => {
    await change(9);
    store.fault = new Fault('unknown', 'timeout', 'No answer within 10 s');
    pass({ ms: 600 });
    for (const step of ['countListing', 'publishListings']) await work.drain(step, tenant);
    store.fault = null;
    pass({ minutes: 30 });
    await settle();
    expect(shown('VASE')).toBe(9);
    expect(new Set(store.keys).size).toBe(1);
    expect(store.keys.length).toBe(2);
  });

  it('a listing that the store refuses says why, is not said again until something changes, and keeps nobody else back', async () => {
    store.refuses.add('VASE');
    await inTx((tx) =>
      addOffers(
        tx,
        ['K-VASE', 'K-BOWL'].map((supplier_sku) => ({
          supplier_id: supplier,
          supplier_sku,
          cost_minor: 300n,
          currency: 'EUR',
          quantity: 5,
        })),
      ),
    );
    await settle();
    expect([shown('VASE'), shown('BOWL')]).toEqual([7, 5]);
    const of = () => rows<{ trouble: string; quantity: number }>(`select trouble, quantity from channels.told where sku = 'VASE'`);
    expect(await of()).toEqual([{ trouble: 'there is no such SKU', quantity: 7 }]);
    expect(await rows(`select kind, state from exceptions.exception where kind = 'publish_failed'`)).toMatchObject([{ state: 'open' }]);
    store.calls = [];
    await inTx((tx) => everythingTouched(tx, false));
    await settle();
    expect(store.calls).toEqual([]);
    store.refuses.clear();
    expect(await inTx((tx) => tellAgain(tx, channel))).toEqual({ doubtful: [], refused: 1 });
    await settle();
    expect(await of()).toEqual([{ trouble: '', quantity: 5 }]);
    expect(await rows(`select state from exceptions.exception where kind = 'publish_failed'`)).toEqual([{ state: 'resolved' }]);
  });

  it('a call that is refused as a whole lets go of its listings, which are told when they change', async () => {
    store.fault = new Fault('refused', 'http-422', 'Too many decimals');
    await change(8);
    await settle();
    expect(await rows(`select trouble, push_id from channels.told where sku = 'VASE'`)).toEqual([
      { trouble: 'Too many decimals', push_id: null },
    ]);
    store.fault = null;
    await change(6);
    await settle();
    expect(shown('VASE')).toBe(6);
  });

  it('what changes while it is on its way is told afterwards', async () => {
    await change(2);
    pass({ ms: 600 });
    await work.drain('countListing', tenant);
    await change(1);
    pass({ ms: 600 });
    await work.drain('countListing', tenant);
    await work.drain('publishListings', tenant);
    await settle();
    expect(store.calls.flat().map(({ quantity }) => quantity)).toEqual([2, 1]);
    expect(shown('VASE')).toBe(1);
  });
});

describe('once a day', () => {
  it('the store is read page by page, and what somebody changed there is put right', async () => {
    const lamp = store.shelf.get('LAMP');
    if (lamp) store.shelf.set('LAMP', { ...lamp, quantity: 99 });
    store.shelf.set('OWN', { sku: 'OWN', quantity: 1, priceMinor: 500n, compareMinor: null });
    await inTx((tx) => reconcileNow(tx, channel));
    await settle();
    expect(shown('LAMP')).toBe(10);
    expect(await rows('select seen, drifted, unknown from channels.shelf')).toEqual([{ seen: 4, drifted: 1, unknown: 1 }]);
    store.shelf.delete('OWN');
  });
});

describe('many at once', () => {
  it('go in calls of 250, at most four on their way, the longest stale first', async () => {
    const many = Array.from({ length: 1_300 }, (_, at) => `M-${String(at).padStart(4, '0')}`);
    await inTx(async (tx) => {
      const ids = await addVariants(
        tx,
        many.map((sku) => ({ sku, title: sku })),
      );
      await addListings(
        tx,
        many.map((sku) => ({ channel_id: channel, sku, variant_id: ids.get(sku) ?? '' })),
      );
      const made = await addOffers(
        tx,
        many.map((sku) => ({ supplier_id: supplier, supplier_sku: sku, cost_minor: 300n, currency: 'EUR', quantity: 2 })),
      );
      await addMatches(
        tx,
        many.map((sku) => ({ variant_id: ids.get(sku) ?? '', offer_id: made.get(`${supplier} ${sku}`) ?? '' })),
      );
    });
    pass({ ms: 600 });
    await work.drain('countListing', tenant);
    expect(await rows(`select count from channels.push where state = 'queued' order by id`)).toEqual(Array(4).fill({ count: 250 }));
    await settle();
    expect(store.calls.flat().length).toBe(1_300);
    expect(store.calls.every((call) => call.length <= 250)).toBe(true);
    expect(many.every((sku) => shown(sku) === 2)).toBe(true);
    expect(await rows('select sku from channels.told where stale_since is not null or push_id is not null')).toEqual([]);
  });
});
