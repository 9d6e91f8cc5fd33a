import { afterAll, beforeAll, expect, it } from 'vitest';
import { instant } from '#kernel/time';
import { addOffers, addVariants, saveMatchSettings } from '#modules/catalog';
import { supplierCodes } from '#modules/suppliers';
import { type Database, openDatabase } from '#platform/db';
import { systemChance } from '#platform/time';
import { freshDatabase } from '../../../test/setup/database.ts';
import { openShop, type Shop } from '../../../test/setup/shop.ts';
import { matches, type MatchesCommand } from './index.ts';

let db: Database;
let shop: Shop;
let drop: () => Promise<void>;

beforeAll(async () => {
  const fresh = await freshDatabase();
  drop = fresh.drop;
  db = openDatabase({ url: fresh.url, clock: { now: () => instant('2026-05-02T10:00:00Z') }, chance: systemChance, connections: 3 });
  shop = await openShop(fresh.url, 'Quill');
  await db.tx(shop.tenant, async (tx) => {
    const supplier_id = [...(await supplierCodes(tx)).values()][0] ?? '';
    await saveMatchSettings(tx, { auto_exact: false, cost_least: 0.02, cost_most: 1.5 }, 'test');
    await addVariants(tx, [
      { sku: 'KETTLE', title: 'Kettle steel', gtin: '4006381333931' },
      { sku: 'TOASTER', title: 'Bosch toaster red 900 W' },
    ]);
    const common = { supplier_id, cost_minor: 500n, currency: 'USD', quantity: 3 };
    await addOffers(tx, [
      { ...common, supplier_sku: 'N-1', title: 'Wasserkocher', gtin: '4006381333931' },
      { ...common, supplier_sku: 'N-2', title: 'red toaster Bosch 900 Watt' },
      { ...common, supplier_sku: 'N-3', title: 'Garden hose' },
    ]);
  });
});
afterAll(async () => {
  await db.close();
  await drop();
});

async function run(what: MatchesCommand['what'], words: string[] = [], more: Partial<MatchesCommand> = {}): Promise<string> {
  const lines: string[] = [];
  await matches({ db, tenant: shop.tenant, say: (line) => void lines.push(line) }, { what, words, ...more });
  return lines.join('\n');
}

it('looks, approves, pairs, rejects and takes back, and a dry run changes nothing', async () => {
  const code = [...(await db.tx(shop.tenant, supplierCodes)).keys()][0] ?? '';
  expect(await run('run')).toMatch(/2 to look at, 0 are other/);
  expect(await run('summary')).toMatch(/1 suggested exact by gtin\n1 suggested likely by likeness/);
  expect(await run('list', [], { certainty: 'likely' })).toMatch(/N-2 .*TOASTER/);
  expect(await run('approve', ['exact'], { dryRun: true })).toBe('It would say: 1 match is approved.');
  expect(await run('approve', ['exact'])).toMatch(/^1 match is approved\.\n.*matches undo und_/);
  expect(await run('undo')).toMatch(/Taken back: 1 exact match approved\./);
  expect(await run('summary')).toMatch(/1 suggested exact/);
  expect(await run('reject', [`${code}:N-2`, 'TOASTER'])).toMatch(/rejected for good/);
  expect(await run('pair', [`${code}:N-3`, 'TOASTER'], { units: 2 })).toMatch(/approved/);
  expect(await run('create', [`${code}:N-1`, 'NEW', 'Water', 'boiler'])).toMatch(/NEW is there/);
  await expect(run('pair', [`${code}:N-9`, 'TOASTER'])).rejects.toThrow(/has no offer N-9/);
  await expect(run('pair', [`${code}:N-3`, 'NOTHING'])).rejects.toThrow(/We sell no NOTHING/);
  expect(await run('settings', ['auto'])).toMatch(/by themselves/);
});
