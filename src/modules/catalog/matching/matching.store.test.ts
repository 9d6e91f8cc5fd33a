import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { workMatches } from '#flows/match-life';
import { seededChance } from '#kernel/chance';
import { instant } from '#kernel/time';
import { addSuppliers } from '#modules/suppliers';
import { type Database, openDatabase, type Tx } from '#platform/db';
import { freshDatabase } from '../../../../test/setup/database.ts';
import {
  addOffers,
  addVariants,
  confirmGroup,
  confirmPairs,
  everythingToMatch,
  type NewOffer,
  offersFor,
  rejectPairs,
  saveMatchSettings,
  undo,
  variantFromOffer,
} from '../index.ts';

let fresh: Awaited<ReturnType<typeof freshDatabase>>;
let database: Database;
let tenant: string;
let supplier: string;
let tenants = 0;

beforeAll(async () => {
  fresh = await freshDatabase();
  database = openDatabase({ url: fresh.url, clock: { now: () => instant('2026-11-20T09:00:00Z') }, chance: seededChance(4) });
});
afterAll(async () => {
  await database.close();
  await fresh.drop();
});

beforeEach(async () => {
  tenants += 1;
  tenant = `01900000-0000-7000-8000-0000000001${String(tenants).padStart(2, '0')}`;
  supplier = await database.tx(tenant, async (tx) => {
    const common = {
      state: 'live',
      country: 'DE',
      currency: 'EUR',
      time_zone: 'UTC',
      ships_to: [],
      rank: 1,
      handling_days: 1,
      transit_days: {},
      ack_hours: 24,
    } as const;
    const ids = await addSuppliers(tx, [
      {
        ...common,
        code: 'K',
        name: 'Kestrel',
        ship_hours: 48,
        order_fee_minor: 0n,
        shipping_minor: {},
        transport: 'file',
        transport_settings: {},
        secrets: null,
        contact_email: '',
      },
    ]);
    return ids.get('K') ?? '';
  });
});

const within = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => database.tx(tenant, work);

const offer = (sku: string, title: string, more: Partial<NewOffer> = {}): NewOffer => ({
  supplier_id: supplier,
  supplier_sku: sku,
  title,
  cost_minor: 500n,
  currency: 'EUR',
  quantity: 9,
  ...more,
});

const add = (...offers: NewOffer[]): Promise<Map<string, string>> => within((tx) => addOffers(tx, offers));
const sell = (
  ...variants: { sku: string; title: string; gtin?: string; price_minor?: bigint; currency?: string }[]
): Promise<Map<string, string>> => within((tx) => addVariants(tx, variants));

const matches = async (): Promise<string[]> => {
  const { rows } = await within((tx) =>
    sql<{ line: string }>`
      select concat_ws(' ', offer.supplier_sku, variant.sku, match.state, match.certainty) as line
        from catalog.match join catalog.offer on offer.id = match.offer_id join catalog.variant on variant.id = match.variant_id
       where match.tenant_id = ${tenant} order by 1`.execute(tx.db),
  );
  return rows.map(({ line }) => line);
};

const gtin = '4006381333931';

describe('looking for matches', () => {
  it('confirms the exact, suggests the likely, and looks at each thing once', async () => {
    await sell({ sku: 'A', title: 'Kettle steel 1.7 l', gtin }, { sku: 'B', title: 'Bosch toaster red 900 W' });
    await add(offer('1', 'Wasserkocher', { gtin }), offer('2', 'red toaster Bosch 900 Watt'), offer('3', 'Garden hose'));
    expect(await workMatches(database, tenant)).toEqual({ offers: 3, confirmed: 1, suggested: 1, broken: 0 });
    expect(await matches()).toEqual(['1 A confirmed exact', '2 B suggested likely']);
    expect((await workMatches(database, tenant)).offers).toBe(0);
  });

  it('finds offers that were there before the variant', async () => {
    await add(offer('1', 'Wasserkocher', { gtin }), offer('2', 'red toaster Bosch 900 Watt'), offer('3', 'Garden hose'));
    await workMatches(database, tenant);
    await sell({ sku: 'A', title: 'Kettle steel 1.7 l', gtin }, { sku: 'B', title: 'Bosch toaster red 900 W' });
    await workMatches(database, tenant);
    expect(await matches()).toEqual(['1 A confirmed exact', '2 B suggested likely']);
  });

  it('finds each of many sisters by its own number, in other words and units', async () => {
    const names = Array.from({ length: 60 }, (_, at) => ({
      sku: `V${at}`,
      title: `Lamp Nova ${['brass', 'steel', 'oak'][at % 3]} series ${at} 40 cm`,
    }));
    await sell(...names);
    await add(
      ...names.map(({ title }, at) =>
        offer(`O${at}`, title.split(' ').toReversed().join(' ').replace('40 cm', '400 mm').replace('cm 40', '400 mm')),
      ),
    );
    expect(await workMatches(database, tenant)).toMatchObject({ suggested: 60 });
    expect(await matches()).toContain('O7 V7 suggested likely');
  });

  it('keeps a rejected pair away, even when everything is looked at again', async () => {
    const [variants, offers] = [
      await sell({ sku: 'B', title: 'Bosch toaster red 900 W' }),
      await add(offer('2', 'red toaster Bosch 900 Watt')),
    ];
    await workMatches(database, tenant);
    const pair = { offer_id: offers.get(`${supplier} 2`) ?? '', variant_id: variants.get('B') ?? '' };
    await within((tx) => rejectPairs(tx, [pair], 'person:1'));
    await within((tx) => everythingToMatch(tx, null));
    expect(await workMatches(database, tenant)).toMatchObject({ offers: 1, suggested: 0 });
    expect(await matches()).toEqual(['2 B rejected likely']);
  });

  it('breaks a match whose number the supplier gave to another product, and routes by it no more', async () => {
    const variants = await sell({ sku: 'A', title: 'Kettle steel', gtin });
    await add(offer('1', 'Kettle steel', { gtin }));
    await workMatches(database, tenant);
    await add(offer('1', 'Garden hose green', { gtin: '73513537' }));
    expect(await workMatches(database, tenant)).toMatchObject({ broken: 1 });
    expect(await matches()).toEqual(['1 A broken conflict']);
    expect(await within((tx) => offersFor(tx, [variants.get('A') ?? '']))).toEqual([]);
  });

  it('does not see what its neighbours sell', async () => {
    await sell({ sku: 'A', title: 'Kettle steel', gtin });
    const own = tenant;
    tenant = '01900000-0000-7000-8000-0000000001ff';
    await add(offer('1', 'Kettle steel', { gtin }));
    expect(await workMatches(database, tenant)).toMatchObject({ confirmed: 0, suggested: 0 });
    tenant = own;
    expect(await matches()).toEqual([]);
  });
});

describe('deciding', () => {
  it('approves a group at once, less what something speaks against, and takes it back', async () => {
    await within((tx) => saveMatchSettings(tx, { auto_exact: false, cost_least: 0.02, cost_most: 1.5 }, 'person:1'));
    await sell({ sku: 'A', title: 'Kettle steel', gtin }, { sku: 'B', title: 'Pan', gtin: '73513537' });
    await add(
      offer('1', 'Kettle steel', { gtin }),
      offer('2', 'Pan', { gtin: '73513537' }),
      offer('3', 'Pan', { gtin: '73513537', pack_size: 6 }),
    );
    await workMatches(database, tenant);
    const { count, undoId } = await within((tx) => confirmGroup(tx, { certainty: 'exact' }, 'person:1'));
    expect(count).toBe(2);
    expect(await matches()).toEqual(['1 A confirmed exact', '2 B confirmed exact', '3 B suggested conflict']);
    expect(await within((tx) => undo(tx, undoId, 'person:1'))).toMatchObject({ restored: 2, left: 0 });
    expect(await matches()).toEqual(['1 A suggested exact', '2 B suggested exact', '3 B suggested conflict']);
  });

  it('refuses one offer for two variants unless somebody insists', async () => {
    const variants = await sell({ sku: 'A', title: 'Kettle', gtin }, { sku: 'B', title: 'Pan' });
    const offers = await add(offer('1', 'Kettle', { gtin }));
    await workMatches(database, tenant);
    const pair = { offer_id: offers.get(`${supplier} 1`) ?? '', variant_id: variants.get('B') ?? '' };
    await expect(within((tx) => confirmPairs(tx, [pair], 'person:1'))).rejects.toThrow(/matched to A already/);
    await within((tx) => confirmPairs(tx, [pair], 'person:1', true));
    expect(await matches()).toEqual(['1 A confirmed exact', '1 B confirmed ']);
  });

  it('makes a variant of an offer, and unmakes it', async () => {
    const offers = await add(offer('1', 'Kettle', { gtin, brand: 'Bosch' }));
    const { undoId } = await within((tx) => variantFromOffer(tx, offers.get(`${supplier} 1`) ?? '', { sku: 'NEW' }, 'person:1'));
    expect(await matches()).toEqual(['1 NEW confirmed ']);
    await expect(within((tx) => variantFromOffer(tx, offers.get(`${supplier} 1`) ?? '', { sku: 'NEW' }, 'person:1'))).rejects.toThrow(
      /is a variant NEW/,
    );
    await within((tx) => undo(tx, undoId, 'person:1'));
    expect(await matches()).toEqual([]);
  });

  it('keeps how many of ours are in one of theirs', async () => {
    const variants = await sell({ sku: 'C', title: 'Cola 330 ml', gtin });
    const offers = await add(offer('6', 'Cola 6 x 330 ml', { gtin }));
    await workMatches(database, tenant);
    const pair = { offer_id: offers.get(`${supplier} 6`) ?? '', variant_id: variants.get('C') ?? '' };
    await within((tx) => confirmPairs(tx, [pair], 'person:1'));
    const { rows } = await within((tx) =>
      sql<{ units_per_offer: number }>`select units_per_offer from catalog.match where tenant_id = ${tenant}`.execute(tx.db),
    );
    expect(rows).toEqual([{ units_per_offer: 6 }]);
  });
});
