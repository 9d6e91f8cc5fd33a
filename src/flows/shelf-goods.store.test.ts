import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededChance } from '#kernel/chance';
import { after, instant } from '#kernel/time';
import { appendFacts } from '#modules/audit';
import { addListings, addMatches, addOffers, addVariants, everythingTouched } from '#modules/catalog';
import { addChannels, reconcileNow } from '#modules/channels';
import { raise, resolve } from '#modules/exceptions';
import { addSuppliers } from '#modules/suppliers';
import { type Database, openDatabase, type Tx } from '#platform/db';
import { makeWork, type Work } from '#platform/work';
import type { PublishedRow, ShelfRow } from '#ports/channel';
import { freshDatabase } from '../../test/setup/database.ts';
import { beginListings, listingLife } from './listing-life.ts';

const tenant = '01900000-0000-7000-8000-00000000000a';
let now = instant('2026-11-20T09:00:00Z');
let fresh: Awaited<ReturnType<typeof freshDatabase>>;
let database: Database;
let work: Work;
let channel = '';
let offer = '';

/** A store that shows these, and what it was told. */
const store = { shelf: [] as ShelfRow[], told: [] as PublishedRow[] };
const far = {
  channel: () => ({
    publish: async (rows: readonly PublishedRow[]) => {
      store.told.push(...rows);
      return { outcomes: rows.map(({ sku }) => ({ sku, ok: true })) };
    },
    published: async () => ({ rows: store.shelf, cursor: '', more: false }),
  }),
};

const inTx = <T>(act: (tx: Tx) => Promise<T>): Promise<T> => database.tx(tenant, act);
const rows = <R>(text: string): Promise<R[]> => inTx(async (tx) => (await sql.raw(text).execute(tx.db)).rows as R[]);

async function settle(): Promise<void> {
  for (let round = 0; round < 50; round += 1) {
    now = after(now, { ms: 600 });
    const due = await work.due(tenant);
    if (due.length === 0) return;
    for (const step of due) await work.drain(step, tenant);
  }
  throw new Error('something is due for ever');
}

beforeAll(async () => {
  fresh = await freshDatabase();
  database = openDatabase({ url: fresh.url, clock: { now: () => now }, chance: seededChance(1), connections: 3 });
  const hooks = { facts: async (tx: Tx, facts: Parameters<typeof appendFacts>[1]) => void (await appendFacts(tx, facts)), raise, resolve };
  work = makeWork(database, listingLife, { farOf: async () => far, hooks, concurrency: 1 });
  await inTx(async (tx) => {
    const [made] = await addChannels(tx, [{ code: 'shop', name: 'Shop', kind: 'acme', settings: {}, secrets: null, currency: 'EUR' }]);
    channel = made?.id ?? '';
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
    const supplier_id = suppliers.get('KESTREL') ?? '';
    const variants = await addVariants(tx, [{ sku: 'LAMP', title: 'Lamp' }]);
    await addListings(tx, [{ channel_id: channel, sku: 'LAMP', variant_id: variants.get('LAMP') ?? '' }]);
    const offers = await addOffers(tx, [{ supplier_id, supplier_sku: 'K-VASE', cost_minor: 300n, currency: 'EUR', quantity: 7 }]);
    offer = [...offers.values()][0] ?? '';
    await beginListings(tx);
  });
  await settle();
});
afterAll(async () => {
  await database.close();
  await fresh.drop();
});

const row = (sku: string, more: Partial<ShelfRow> = {}): ShelfRow => ({
  sku,
  ref: `ref ${sku}`,
  quantity: 9,
  priceMinor: 1_900n,
  compareMinor: null,
  title: `The ${sku}`,
  brand: 'Acme',
  gtin: '',
  image: '',
  counted: true,
  ...more,
});

describe('what a store sells that nobody has listed', () => {
  it('becomes a listing, of a new variant or of the one with its SKU, and is left alone until a supplier offers it', async () => {
    store.shelf = [row('OWN-1'), row('LAMP', { title: 'Another name' }), row('#55'), row('', { title: 'no SKU' })];
    await inTx((tx) => reconcileNow(tx, channel));
    await settle();
    expect(await rows(`select sku, title from catalog.variant order by sku`)).toEqual([
      { sku: 'LAMP', title: 'Lamp' },
      { sku: 'OWN-1', title: 'The OWN-1' },
    ]);
    expect(await rows(`select sku, ref, want_quantity, quantity, stale_since from channels.told order by sku`)).toEqual([
      { sku: 'LAMP', ref: 'ref LAMP', want_quantity: null, quantity: 9, stale_since: null },
      { sku: 'OWN-1', ref: 'ref OWN-1', want_quantity: null, quantity: 9, stale_since: null },
    ]);
    // Its own stock is the shop's affair: it is never told a zero.
    expect(store.told).toEqual([]);
    const [variant] = await rows<{ id: string }>(`select id from catalog.variant where sku = 'OWN-1'`);
    await inTx((tx) => addMatches(tx, [{ variant_id: variant?.id ?? '', offer_id: offer }]));
    await inTx((tx) => everythingTouched(tx, false));
    await settle();
    expect(store.told).toEqual([{ sku: 'OWN-1', ref: 'ref OWN-1', quantity: 7, priceMinor: null, compareMinor: null }]);
  });

  it('is told that it is sold out when no supplier offers it any more', async () => {
    await rows(`update catalog.match set state = 'rejected'`);
    await inTx((tx) => everythingTouched(tx, false));
    await settle();
    expect(store.told.at(-1)).toMatchObject({ sku: 'OWN-1', quantity: 0 });
  });
});
