import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { beginListings, listingLife } from '#flows/listing-life';
import { after, instant } from '#kernel/time';
import { appendFacts } from '#modules/audit';
import { addListings, addMatches, addOffers, addVariants, defaultAvailabilityPolicy } from '#modules/catalog';
import { raise, resolve } from '#modules/exceptions';
import { listShelves } from '#modules/insight';
import { supplierCodes } from '#modules/suppliers';
import { type Database, openDatabase } from '#platform/db';
import { systemChance } from '#platform/time';
import { makeWork } from '#platform/work';
import { freshDatabase } from '../../../test/setup/database.ts';
import { openShop, type Shop } from '../../../test/setup/shop.ts';
import { listings, type ListingsCommand } from './index.ts';

let db: Database;
let shop: Shop;
let drop: () => Promise<void>;
let now = instant('2026-05-02T10:00:00Z');
const folder = mkdtempSync(join(tmpdir(), 'stockless-policy-'));

beforeAll(async () => {
  const fresh = await freshDatabase();
  drop = fresh.drop;
  db = openDatabase({ url: fresh.url, clock: { now: () => now }, chance: systemChance, connections: 3 });
  shop = await openShop(fresh.url, 'Quill');
  await db.tx(shop.tenant, async (tx) => {
    const supplier_id = [...(await supplierCodes(tx)).values()][0] ?? '';
    const variants = await addVariants(tx, [{ sku: 'KETTLE', title: 'Kettle steel' }]);
    const offers = await addOffers(tx, [{ supplier_id, supplier_sku: 'N-1', cost_minor: 500n, currency: 'USD', quantity: 30 }]);
    await addMatches(tx, [{ variant_id: variants.get('KETTLE') ?? '', offer_id: [...offers.values()][0] ?? '' }]);
    const [store] = await listShelves(tx);
    await addListings(tx, [{ channel_id: store?.id ?? '', sku: 'KETTLE', variant_id: variants.get('KETTLE') ?? '' }]);
    await beginListings(tx);
  });
  await count();
});
afterAll(async () => {
  await db.close();
  await drop();
  rmSync(folder, { recursive: true });
});

/** Everything is counted; no store is told, as none is there. */
async function count(): Promise<void> {
  now = after(now, { ms: 600 });
  const hooks = {
    facts: async (tx: Parameters<typeof appendFacts>[0], facts: Parameters<typeof appendFacts>[1]) => void (await appendFacts(tx, facts)),
    raise,
    resolve,
  };
  const work = makeWork(db, listingLife, { farOf: async () => ({}), hooks, concurrency: 1 });
  for (const step of ['watchStanding', 'countListing', 'countListing']) await work.drain(step, shop.tenant);
}

async function run(what: ListingsCommand['what'], words: string[] = [], more: Partial<ListingsCommand> = {}): Promise<string> {
  const lines: string[] = [];
  await listings({ db, tenant: shop.tenant, say: (line) => void lines.push(line) }, { what, words, ...more });
  return lines.join('\n');
}

it('says what stores show and why, and a dry run of another policy changes nothing', async () => {
  const store = (await db.tx(shop.tenant, listShelves))[0]?.code ?? '';
  expect(await run('stores')).toMatch(new RegExp(`^${store}: 2 of 2 listings in stock; 2 not told yet, 0 refused; read never`));
  expect(await run('list', ['KET'])).toMatch(/KETTLE "Kettle steel": 30 \(told nothing yet\)\. 30 of \w+ \(30 in stock\); 30 are shown\./);
  expect(await run('list', ['NOTHING'])).toBe('There is no such listing.');
  const path = join(folder, 'policy.json');
  writeFileSync(path, JSON.stringify({ ...defaultAvailabilityPolicy, cap: 4 }));
  expect(await run('set', [path], { dryRun: true })).toMatch(
    /^It would say: Of 2 listings, \d show another figure: 0 none any more, 0 some again\.\n[^]*KETTLE: 30 → 4/,
  );
  expect(JSON.parse(await run('policy'))).toMatchObject({ cap: null });
  await run('set', [path]);
  await count();
  expect(await run('list', [], { channel: store })).toMatch(/KETTLE.*: 4 .*26 are held back from this store; 4 are shown\./);
  writeFileSync(path, JSON.stringify({ ...defaultAvailabilityPolicy, noneHours: 3 }));
  await expect(run('set', [path])).rejects.toThrow(/before it is worth half/);
});

it('gives a SKU of a store its variant, and says what it cannot find', async () => {
  const store = (await db.tx(shop.tenant, listShelves))[0]?.code ?? '';
  expect(await run('link', [store, 'WATER-1', 'KETTLE'])).toMatch(/^WATER-1 of .* is that variant\.$/);
  await count();
  expect(await run('list', ['WATER'])).toMatch(/WATER-1 "Kettle steel": 4/);
  await expect(run('link', [store, 'X', 'NOTHING'])).rejects.toThrow(/We sell no NOTHING/);
  await expect(run('read', ['nowhere'])).rejects.toThrow(/There is no store nowhere/);
  expect(await run('read', [store])).toMatch(/is read now/);
  expect(await run('tell-again', [store])).toMatch(/told again of 0 listings/);
  expect(await run('recount')).toMatch(/counted anew/);
});
