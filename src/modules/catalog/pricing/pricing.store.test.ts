import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { seededChance } from '#kernel/chance';
import { after, instant } from '#kernel/time';
import { addChannels } from '#modules/channels';
import { addSuppliers } from '#modules/suppliers';
import { type Database, openDatabase, type Tx } from '#platform/db';
import { freshDatabase } from '../../../../test/setup/database.ts';
import { addListings, addMatches, addOffers, addVariants } from '../index.ts';
import { decideAll, summing } from './preview.ts';
import { priceEverything, priceListings } from './price-listings.ts';
import { defaultPricePolicy, type PricePolicy, type Rule } from './price-policy.ts';
import { compilePolicy } from './compile-policy.ts';
import { carryOut, previewToPublish, publishPrices, undoPublication } from './publish.ts';
import { factsOf, saveRate } from './store-facts.ts';
import { draftPricePolicy, livePricePolicy, savePriceDraft } from './store-policy.ts';
import { findPublication, nextDuePublication } from './store-publications.ts';
import { whyPrice } from './why.ts';

const tenant = '01900000-0000-7000-8000-0000000000c1';
const begin = instant('2026-11-25T10:00:00Z');
let now = begin;
let db: Database;
let drop: () => Promise<void>;
let channel = '';
const pause = async (): Promise<void> => {};
const by = 'person:test';

const rule = (id: string, markupBp: number, more: Partial<Rule> = {}): Rule => ({
  id,
  name: `Rule ${id}`,
  level: 'base',
  priority: 0,
  at: '2026-01-01T00:00:00Z',
  on: true,
  formula: { base: 'landed', markupBp },
  ...more,
});
const policyOf = (...rules: Rule[]): PricePolicy => ({ settings: { ...defaultPricePolicy.settings, priceMoveBp: 20_000 }, rules });
const act = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => db.tx(tenant, work);
const keyOf = (sku: string) => ({ channel_id: channel, sku });

const prices = () =>
  act(async (tx) => {
    const { rows } = await sql<{ sku: string; price_minor: bigint }>`
      select sku, price_minor from catalog.listing_price where tenant_id = ${tenant} order by sku`.execute(tx.db);
    return Object.fromEntries(rows.map(({ sku, price_minor }) => [sku, price_minor]));
  });
const setCost = (sku: string, cost: bigint | null, currency = 'USD') =>
  act((tx) =>
    sql`update catalog.offer set cost_minor = ${cost}, currency = ${currency} where tenant_id = ${tenant} and supplier_sku = ${`K-${sku}`}`.execute(
      tx.db,
    ),
  );
const preview = (policy: PricePolicy, focus: string | null = null) => act((tx) => previewToPublish(tx, policy, { focus, by, pause }));
const publish = (previewId: string, more: { at?: Temporal.Instant; scope?: 'all' | 'new'; anyway?: boolean } = {}) =>
  act((tx) => publishPrices(tx, { previewId, scope: 'all', anyway: false, note: '', by, ...more }));
const problems = () =>
  act(async (tx) => {
    const { rows } = await sql<{
      sku: string;
      kind: string;
    }>`select sku, kind from catalog.price_problem where tenant_id = ${tenant} order by sku`.execute(tx.db);
    return rows.map(({ sku, kind }) => `${sku} ${kind}`);
  });

beforeAll(async () => {
  const fresh = await freshDatabase();
  drop = fresh.drop;
  db = openDatabase({ url: fresh.url, clock: { now: () => now }, chance: seededChance(4), connections: 3 });
  await act(async (tx) => {
    channel = tx.newId();
    await addChannels(tx, [{ id: channel, code: 'web', name: 'Web', kind: 'rest', currency: 'USD', settings: {}, secrets: null }]);
    const suppliers = await addSuppliers(tx, [
      {
        code: 'KESTREL',
        name: 'Kestrel',
        state: 'live',
        country: 'DE',
        currency: 'USD',
        time_zone: 'UTC',
        ships_to: [],
        rank: 1,
        handling_days: 1,
        transit_days: {},
        ack_hours: 24,
        ship_hours: 48,
        order_fee_minor: 150n,
        shipping_minor: { '*': 400 },
        transport: 'file',
        transport_settings: {},
        secrets: null,
        contact_email: '',
      },
    ]);
    const skus = ['A', 'B', 'C', 'D'];
    const variants = await addVariants(
      tx,
      skus.map((sku) => ({ sku, title: `Lamp ${sku}`, brand: sku < 'C' ? 'Kest' : 'Other', price_minor: null, currency: 'USD' })),
    );
    const offers = await addOffers(
      tx,
      skus.map((sku, place) => ({
        supplier_id: suppliers.get('KESTREL') ?? '',
        supplier_sku: `K-${sku}`,
        cost_minor: BigInt(1_000 * (place + 1)),
        currency: 'USD',
        quantity: 5,
      })),
    );
    const idOf = (map: Map<string, string>, key: string): string =>
      map.get(key) ?? [...map].find(([name]) => name.endsWith(key))?.[1] ?? '';
    await addMatches(
      tx,
      skus.map((sku) => ({ variant_id: idOf(variants, sku), offer_id: idOf(offers, `K-${sku}`) })),
    );
    await addListings(
      tx,
      skus.map((sku) => ({ channel_id: channel, sku, variant_id: idOf(variants, sku) })),
    );
  });
});
afterAll(async () => {
  await db?.close();
  await drop?.();
});
beforeEach(async () => {
  now = begin;
  await act(async (tx) => {
    for (const table of [
      'listing_price',
      'price_history',
      'price_problem',
      'price_preview',
      'price_preview_row',
      'price_publication',
      'price_policy',
      'price_rate',
    ])
      await sql.raw(`delete from catalog.${table}`).execute(tx.db);
    await sql`update catalog.offer set cost_minor = 1000 * (ascii(right(supplier_sku, 1)) - 64), currency = 'USD', map_minor = null where tenant_id = ${tenant}`.execute(
      tx.db,
    );
  });
});

describe('a publication', () => {
  it('writes the very prices that were previewed, with the rule and the way to each', async () => {
    const { id, summary } = await preview(
      policyOf(rule('all', 16_000), rule('kest', 18_000, { level: 'brand', brands: ['Kest'] })),
      'kest',
    );
    expect(summary).toMatchObject({ listings: 4, would: 4, fresh: 4, scope: 2, conflicts: [] });
    const done = await publish(id);
    expect(done).toMatchObject({ state: 'done', changed: 4, leftOut: [] });
    const why = await act((tx) => whyPrice(tx, keyOf('A')));
    expect(why?.published).toMatchObject({ rule: 'Rule kest', version: 1 });
    expect(why?.published?.steps.reduce((sum, { minor }) => sum + minor, 0n)).toBe(why?.published?.price);
    expect(why?.now).toMatchObject({ outcome: 'priced', price: why?.published?.price });
    expect(why?.history).toHaveLength(1);
  });

  it('leaves out what would be another price by now, and says so', async () => {
    const { id } = await preview(policyOf(rule('all', 16_000)));
    await setCost('B', 2_500n);
    await setCost('C', 0n);
    const done = await publish(id);
    expect(done.changed).toBe(2);
    expect(done.leftOut).toEqual([
      { why: 'changed', count: 1, skus: ['B'] },
      { why: 'zero_cost', count: 1, skus: ['C'] },
    ]);
    expect(Object.keys(await prices())).toEqual(['A', 'D']);
  });

  it('is taken back within 15 minutes: prices and rules, but not what others changed since', async () => {
    await publish((await preview(policyOf(rule('all', 16_000)))).id);
    const before = await prices();
    now = after(begin, { minutes: 1 });
    const second = await publish((await preview(policyOf(rule('all', 20_000)))).id);
    expect(second.changed).toBe(4);
    expect((await act(livePricePolicy)).version).toBe(2);
    now = after(begin, { minutes: 2 });
    await setCost('D', 4_400n);
    await act((tx) => priceListings(tx, [keyOf('D')]));
    const undone = await act((tx) => undoPublication(tx, second.publication, by));
    expect([undone.back.map(({ sku }) => sku).sort(), undone.left]).toEqual([['A', 'B', 'C'], 1]);
    const now2 = await prices();
    expect([now2['A'], now2['B'], now2['C']]).toEqual([before['A'], before['B'], before['C']]);
    expect((await act(livePricePolicy)).version).toBe(1);
    // What was tried is not lost.
    expect((await act(draftPricePolicy))?.policy.rules[0]?.formula?.markupBp).toBe(20_000);
    await expect(act((tx) => undoPublication(tx, second.publication, by))).rejects.toThrow('undone');
  });

  it('of first prices that is taken back leaves none, and is too late after 15 minutes', async () => {
    const done = await publish((await preview(policyOf(rule('all', 16_000)))).id);
    now = after(begin, { minutes: 16 });
    await expect(act((tx) => undoPublication(tx, done.publication, by))).rejects.toThrow('15 minutes');
    now = after(begin, { minutes: 14 });
    await act((tx) => undoPublication(tx, done.publication, by));
    expect(await prices()).toEqual({});
  });

  it('waits for its time, and is done once', async () => {
    const { id } = await preview(policyOf(rule('all', 16_000)));
    const later = await publish(id, { at: after(begin, { hours: 3 }) });
    expect(later).toMatchObject({ state: 'scheduled', changed: 0 });
    expect(await act(nextDuePublication)).toBeNull();
    now = after(begin, { hours: 3 });
    await act(async (tx) => {
      const due = await nextDuePublication(tx);
      const publication = due && (await findPublication(tx, due));
      if (publication) await carryOut(tx, publication);
    });
    expect(Object.keys(await prices())).toHaveLength(4);
    expect(await act(nextDuePublication)).toBeNull();
  });

  it('of new items only leaves the prices of the others', async () => {
    await publish((await preview(policyOf(rule('kest', 16_000, { brands: ['Kest'], level: 'brand' })))).id);
    const before = await prices();
    const done = await publish((await preview(policyOf(rule('all', 20_000)))).id, { scope: 'new' });
    expect(done).toMatchObject({ changed: 2, leftOut: [{ why: 'not_new', count: 2 }] });
    expect(await prices()).toMatchObject(before);
  });

  it('is refused when too many would fall below their floor, unless a person insists', async () => {
    const { id, summary } = await preview(policyOf(rule('all', 10_000)));
    expect(summary).toMatchObject({ lifted: 4, tooManyBelowFloor: true });
    await expect(publish(id)).rejects.toThrow('below their floor');
    expect((await publish(id, { anyway: true })).changed).toBe(4);
  });

  it('of rules that are live already makes no new version, and takes the draft of the same rules away', async () => {
    const policy = policyOf(rule('all', 16_000));
    await act((tx) => savePriceDraft(tx, policy, 'mine'));
    await publish((await preview(policy)).id);
    expect(await act(draftPricePolicy)).toBeNull();
    const version = (await act(livePricePolicy)).version;
    await setCost('A', 1_100n);
    await publish((await preview(policy)).id);
    expect((await act(livePricePolicy)).version).toBe(version);
  });
});

describe('costs that change', () => {
  beforeEach(async () => {
    await publish((await preview(policyOf(rule('all', 16_000)))).id);
  });

  it('move the price by the live rules, and the history tells of it', async () => {
    const before = (await prices())['A'] ?? 0n;
    await setCost('A', 1_200n);
    now = after(begin, { minutes: 1 });
    expect(await act((tx) => priceListings(tx, [keyOf('A'), keyOf('B')]))).toEqual({ changed: 1, held: 0 });
    expect((await prices())['A']).toBeGreaterThan(before);
    expect((await act((tx) => whyPrice(tx, keyOf('A'))))?.history[0]).toMatchObject({ by: 'step:priceListings', before_minor: before });
  });

  it('that jump, vanish, are zero or in another currency leave the price and are listed as problems', async () => {
    const before = await prices();
    await act((tx) => saveRate(tx, { base: 'EUR', quote: 'USD', rate: '1.08', onDate: '2026-11-25', by }));
    await setCost('A', 10n);
    await setCost('B', 0n);
    await setCost('C', null);
    await setCost('D', 4_000n, 'EUR');
    expect(await act((tx) => priceListings(tx, ['A', 'B', 'C', 'D'].map(keyOf)))).toEqual({ changed: 0, held: 4 });
    expect(await prices()).toEqual(before);
    expect(await problems()).toEqual(['A cost_jump', 'B zero_cost', 'C no_cost', 'D currency_changed']);
  });

  it('are believed when a person accepts them, or when they come back', async () => {
    await setCost('A', 2_000n);
    await setCost('B', 9_000n);
    await act((tx) => priceListings(tx, ['A', 'B'].map(keyOf)));
    expect(await problems()).toHaveLength(2);
    expect(await act((tx) => priceListings(tx, [keyOf('A')], { trusts: true, by }))).toEqual({ changed: 1, held: 0 });
    await setCost('B', 2_000n);
    await act((tx) => priceListings(tx, ['A', 'B'].map(keyOf)));
    expect(await problems()).toEqual([]);
  });

  it('within what is believed become the cost that later ones are held against', async () => {
    const priceAt = async (cost: bigint) => {
      await setCost('A', cost);
      return act((tx) => priceListings(tx, [keyOf('A')]));
    };
    expect((await priceAt(1_250n)).held).toBe(0);
    expect((await priceAt(1_550n)).held).toBe(0);
    expect((await priceAt(1_000n)).held).toBe(1);
  });
});

it('without live rules nothing is priced', async () => {
  expect(await act((tx) => priceListings(tx, [keyOf('A')]))).toEqual({ changed: 0, held: 0 });
});

it('a window that opens prices the whole catalog anew', async () => {
  const sale = rule('sale', 13_000, { priority: 5, from: '2026-11-25T12:00' });
  await publish((await preview(policyOf(rule('all', 16_000), sale))).id);
  const before = await prices();
  now = after(begin, { hours: 2 });
  expect((await act((tx) => priceEverything(tx, 'step:test'))).changed).toBe(4);
  expect((await prices())['D']).toBeLessThan(before['D'] ?? 0n);
});

it('the preview counts what rules of higher precedence keep, and weighs margins by what was sold', async () => {
  const policy = policyOf(rule('all', 16_000), rule('kest', 18_000, { level: 'brand', brands: ['Kest'] }));
  const facts = await act((tx) => factsOf(tx));
  const compiled = compilePolicy(policy, [], now);
  const sum = summing(facts, compiled, 'all');
  await decideAll(facts, compiled, pause, sum.add);
  const { conflicts, rules, margins } = sum.done();
  expect(conflicts).toMatchObject([{ rule: 'kest', count: 2 }]);
  expect(rules.map(({ won }) => won)).toEqual([2, 2]);
  expect(margins).toMatchObject([{ currency: 'USD', units: 0 }]);
  expect(margins[0]?.after).toBeGreaterThan(2_000);
});
