import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededChance } from '#kernel/chance';
import { instant } from '#kernel/time';
import { addChannels } from '#modules/channels';
import { addSuppliers } from '#modules/suppliers';
import { type Database, openDatabase, type Tx } from '#platform/db';
import { sql } from 'kysely';
import { freshDatabase } from '../../../../test/setup/database.ts';
import {
  addListings,
  addMatches,
  addOffers,
  addVariants,
  countProblems,
  editVariants,
  problemsWith,
  saveRequired,
  undo,
  variantHistory,
} from '../index.ts';

const tenant = '01900000-0000-7000-8000-00000000000a';
let fresh: Awaited<ReturnType<typeof freshDatabase>>;
let database: Database;
const ids = new Map<string, string>();
const person = { by: 'person:1', source: 'screen', isPerson: true } as const;
const inTx = <T>(act: (tx: Tx) => Promise<T>): Promise<T> => database.tx(tenant, act);
const title = async (sku: string): Promise<string> =>
  inTx(
    async (tx) => (await sql<{ title: string }>`select title from catalog.variant where sku = ${sku}`.execute(tx.db)).rows[0]?.title ?? '',
  );

beforeAll(async () => {
  fresh = await freshDatabase();
  database = openDatabase({
    url: fresh.url,
    clock: { now: () => instant('2026-11-20T09:00:00Z') },
    chance: seededChance(1),
    connections: 3,
  });
  await inTx(async (tx) => {
    const made = await addVariants(tx, [
      { sku: 'LAMP', title: 'Reading lamp', brand: 'Nova', gtin: '4006381333931', price_minor: 4990n, currency: 'EUR' },
      { sku: 'LAMP-2', title: 'reading LAMP', brand: 'Nova', gtin: '4006381333931' },
      { sku: 'VASE', title: 'Vase', price_minor: 100n, currency: 'EUR' },
      { sku: 'BAD', title: 'Bad', brand: 'X', gtin: '12345' },
    ]);
    for (const [sku, id] of made) ids.set(sku, id);
    const suppliers = await addSuppliers(tx, [
      {
        code: 'K',
        name: 'K',
        state: 'live',
        country: 'DE',
        currency: 'EUR',
        time_zone: 'UTC',
        ships_to: [],
        rank: 1,
        handling_days: 1,
        transit_days: {},
        ack_hours: 1,
        ship_hours: 1,
        order_fee_minor: 0n,
        shipping_minor: {},
        transport: 'rest',
        transport_settings: {},
        secrets: null,
        contact_email: '',
      },
    ]);
    const offers = await addOffers(tx, [
      { supplier_id: suppliers.get('K') ?? '', supplier_sku: 'V', cost_minor: 300n, currency: 'EUR', quantity: 1 },
    ]);
    await addMatches(tx, [{ variant_id: ids.get('VASE') ?? '', offer_id: [...offers.values()][0] ?? '' }]);
    const [shop] = await addChannels(tx, [{ code: 'shop', name: 'Shop', kind: 'rest', settings: {}, secrets: null, currency: 'EUR' }]);
    await addListings(tx, [{ channel_id: shop?.id ?? '', sku: 'VASE', variant_id: ids.get('VASE') ?? '' }]);
  });
});
afterAll(async () => {
  await database.close();
  await fresh.drop();
});

describe('variants in a sheet', () => {
  it('are changed row by row, remember each value, and are taken back as a whole', async () => {
    const done = await inTx((tx) =>
      editVariants(
        tx,
        [
          { sku: 'LAMP', fields: { title: 'Desk lamp', tags: 'a "b"; c\\d', weight: '2 kg' } },
          { sku: 'VASE', fields: { gtin: '123' } },
        ],
        person,
      ),
    );
    expect(done).toMatchObject({ changed: 1, errors: [{ row: 1, sku: 'VASE', field: 'gtin' }] });
    expect(await title('LAMP')).toBe('Desk lamp');
    const history = await inTx((tx) => variantHistory(tx, ids.get('LAMP') ?? ''));
    expect(history.map(({ field, before, after }) => [field, before, after])).toEqual([
      ['tags', '', 'a "b"; c\\d'],
      ['title', 'Reading lamp', 'Desk lamp'],
      ['weight', '', '2000 g'],
    ]);
    await inTx((tx) => undo(tx, done.undoId ?? '', 'person:1'));
    expect(await title('LAMP')).toBe('Reading lamp');
    const after = await inTx((tx) => variantHistory(tx, ids.get('LAMP') ?? ''));
    const shown = (source: string) =>
      after.filter((one) => one.source === source).map(({ field, before, after: then }) => [field, before, then]);
    expect(after.filter(({ source }) => source === 'screen').every(({ undone_at: at }) => at !== null)).toBe(true);
    expect(shown('undo')).toEqual([
      ['tags', 'a "b"; c\\d', ''],
      ['title', 'Desk lamp', 'Reading lamp'],
      ['weight', '2000 g', ''],
    ]);
  });

  it('that are locked stay as they are when a file or an import says otherwise', async () => {
    await inTx((tx) => editVariants(tx, [{ sku: 'LAMP', fields: {}, locked: ['title'] }], person));
    await inTx((tx) => addVariants(tx, [{ sku: 'LAMP', title: 'Imported', brand: 'Other', gtin: '4006381333931' }]));
    expect(await title('LAMP')).toBe('Reading lamp');
    const byKey = await inTx((tx) =>
      editVariants(tx, [{ sku: 'LAMP', fields: { title: 'Key' } }], { by: 'key:1', source: 'api', isPerson: false }),
    );
    expect(byKey).toMatchObject({ changed: 0, errors: [{ field: 'title' }] });
  });
});

describe('what is wrong with the catalog', () => {
  it('is found for all of it at once: what is missing, what stands twice, what sells below its cost', async () => {
    await inTx((tx) => saveRequired(tx, { '*': ['gtin'], shop: ['brand', 'weight'] }, 'person:1'));
    const counts = new Map((await inTx(countProblems)).map(({ kind, count }) => [kind, count]));
    expect(Object.fromEntries(counts)).toEqual({ missing: 1, gtin_wrong: 1, gtin_twice: 2, title_twice: 2, below_cost: 1, no_offer: 3 });
    const vase = await inTx((tx) => problemsWith(tx, [ids.get('VASE') ?? '']));
    expect(vase.map(({ kind, detail }) => [kind, detail])).toEqual([
      ['below_cost', 'sells for 100, costs 300 EUR at least (minor units)'],
      ['missing', 'has no gtin, brand, weight'],
    ]);
  });

  it('finds prices far from those of their category', async () => {
    await inTx(async (tx) => {
      const rows = Array.from({ length: 6 }, (_, at) => ({
        sku: `C-${at}`,
        title: `Cup ${at}`,
        price_minor: at === 0 ? 90_000n : 500n + BigInt(at),
        currency: 'EUR',
      }));
      await addVariants(tx, rows);
      await editVariants(
        tx,
        rows.map(({ sku }) => ({ sku, fields: { category: 'Cups' } })),
        person,
      );
    });
    expect((await inTx(countProblems)).find(({ kind }) => kind === 'price_odd')?.count).toBe(1);
  });
});
