import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededChance } from '#kernel/chance';
import { instant } from '#kernel/time';
import { type Database, openDatabase } from '#platform/db';
import { freshDatabase } from '../../../test/setup/database.ts';
import { addListings, addMatches, addOffers, addVariants, offersFor, release, reserve, variantsBySku } from './index.ts';

const tenant = '01900000-0000-7000-8000-00000000000a';
const neighbour = '01900000-0000-7000-8000-00000000000b';
const supplier = '01900000-0000-7000-8000-000000000001';
const channel = '01900000-0000-7000-8000-000000000002';

let fresh: Awaited<ReturnType<typeof freshDatabase>>;
let database: Database;
let offers: Map<string, string>;
let variants: Map<string, string>;

beforeAll(async () => {
  fresh = await freshDatabase();
  database = openDatabase({ url: fresh.url, clock: { now: () => instant('2026-11-20T09:00:00Z') }, chance: seededChance(4) });
  await database.tx(tenant, async (tx) => {
    variants = await addVariants(tx, [
      { sku: 'MUG', title: 'Mug', gtin: '4006381333931' },
      { sku: 'CUP', title: 'Cup' },
    ]);
    offers = await addOffers(tx, [
      { supplier_id: supplier, supplier_sku: 'M1', cost_minor: 310n, currency: 'USD', quantity: 10, buffer: 2 },
      { supplier_id: supplier, supplier_sku: 'M2', cost_minor: 320n, currency: 'USD', quantity: 5 },
    ]);
    await addMatches(
      tx,
      [...offers.values()].map((offer_id) => ({ variant_id: variants.get('MUG') ?? '', offer_id })),
    );
    await addListings(tx, [{ channel_id: channel, sku: 'shop-mug', variant_id: variants.get('MUG') ?? '' }]);
  });
});

afterAll(async () => {
  await database.close();
  await fresh.drop();
});

const offer = (sku: string): string => offers.get(`${supplier} ${sku}`) ?? '';
const mugs = () => database.tx(tenant, (tx) => offersFor(tx, [variants.get('MUG') ?? '']));
const stock = async (sku: string) => {
  const found = (await mugs()).find(({ supplier_sku }) => supplier_sku === sku);
  return [found?.reserved, found?.ceiling];
};

describe('promising stock', () => {
  it('takes what is there, less the buffer, and no more', async () => {
    await database.tx(tenant, (tx) =>
      reserve(tx, [
        { offer_id: offer('M1'), quantity: 3 },
        { offer_id: offer('M1'), quantity: 5 },
        { offer_id: offer('M2'), quantity: 1 },
      ]),
    );
    expect([await stock('M1'), await stock('M2')]).toEqual([
      [8, 8],
      [1, 5],
    ]);
    await expect(
      database.tx(tenant, (tx) =>
        reserve(tx, [
          { offer_id: offer('M2'), quantity: 1 },
          { offer_id: offer('M1'), quantity: 1 },
        ]),
      ),
    ).rejects.toMatchObject({
      code: '23514',
      constraint: 'promised_within_ceiling',
    });
    expect([await stock('M1'), await stock('M2')]).toEqual([
      [8, 8],
      [1, 5],
    ]);
  });

  it('gives back, never below none', async () => {
    await database.tx(tenant, (tx) =>
      release(tx, [
        { offer_id: offer('M1'), quantity: 3 },
        { offer_id: offer('M2'), quantity: 9 },
      ]),
    );
    expect([await stock('M1'), await stock('M2')]).toEqual([
      [5, 8],
      [0, 5],
    ]);
  });

  it('of an offer that is not there, or a neighbour’s, fails', async () => {
    await expect(database.tx(neighbour, (tx) => reserve(tx, [{ offer_id: offer('M1'), quantity: 1 }]))).rejects.toThrow(
      /offers that exist/,
    );
  });

  it('lowers the ceiling with promises that had held it up', async () => {
    await database.tx(tenant, (tx) =>
      sql`update catalog.offer set quantity = 4, ceiling = 5 where tenant_id = ${tx.tenant} and id = ${offer('M1')}`.execute(tx.db),
    );
    expect(await stock('M1')).toEqual([5, 5]);
    await database.tx(tenant, (tx) => release(tx, [{ offer_id: offer('M1'), quantity: 5 }]));
    expect(await stock('M1')).toEqual([0, 2]);
  });

  it('by many at once neither waits in a ring nor promises too much', async () => {
    const pair = [offer('M1'), offer('M2')];
    const attempts = Array.from({ length: 40 }, (_, at) =>
      database
        .tx(tenant, (tx) =>
          reserve(
            tx,
            (at % 2 ? pair : pair.toReversed()).map((offer_id) => ({ offer_id, quantity: 1 })),
          ),
        )
        .then(
          () => true,
          (error: { code: string }) => error.code,
        ),
    );
    const outcomes = await Promise.all(attempts);
    expect([outcomes.filter((one) => one === true).length, outcomes.filter((one) => one === '23514').length]).toEqual([2, 38]);
  });
});

describe('what we sell', () => {
  it('is found by the channel’s listing first, then by our own SKU', async () => {
    const found = await database.tx(tenant, async (tx) => {
      await addListings(tx, [{ channel_id: channel, sku: 'CUP', variant_id: variants.get('MUG') ?? '' }]);
      return variantsBySku(tx, channel, ['shop-mug', 'CUP', 'MUG', 'none', 'MUG']);
    });
    expect([...found].map(([asked, { sku }]) => [asked, sku]).sort(([one = ''], [other = '']) => (one < other ? -1 : 1))).toEqual([
      ['CUP', 'MUG'],
      ['MUG', 'MUG'],
      ['shop-mug', 'MUG'],
    ]);
    expect((await database.tx(tenant, (tx) => variantsBySku(tx, supplier, ['CUP']))).get('CUP')?.sku).toBe('CUP');
  });

  it('comes in large sets by COPY, with the same outcome', async () => {
    const many = Array.from({ length: 6000 }, (_, at) => ({ sku: `V${at}`, title: `T\t${at}`, price_minor: 5n }));
    const ids = await database.tx(tenant, (tx) => addVariants(tx, many));
    const again = await database.tx(tenant, (tx) => addVariants(tx, [...many, { sku: 'V1', title: 'last' }]));
    expect([ids.size, again.get('V1')]).toEqual([6000, ids.get('V1')]);
    const found = await database.tx(tenant, (tx) => variantsBySku(tx, channel, ['V1', 'V2']));
    expect([found.get('V1')?.title, found.get('V2')?.title]).toEqual(['last', 'T\t2']);
  });
});
