import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { instant } from '#kernel/time';
import { addVariants, editVariants } from '#modules/catalog';
import { type Database, openDatabase } from '#platform/db';
import { systemChance } from '#platform/time';
import { freshDatabase } from '../../../test/setup/database.ts';
import { openShop, type Shop } from '../../../test/setup/shop.ts';
import { variants, type VariantsCommand } from './index.ts';

let db: Database;
let shop: Shop;
let drop: () => Promise<void>;
const folder = mkdtempSync(join(tmpdir(), 'stockless-sheet-'));

beforeAll(async () => {
  const fresh = await freshDatabase();
  drop = fresh.drop;
  db = openDatabase({ url: fresh.url, clock: { now: () => instant('2026-05-02T10:00:00Z') }, chance: systemChance, connections: 3 });
  shop = await openShop(fresh.url, 'Quill');
  await db.tx(shop.tenant, async (tx) => {
    await addVariants(tx, [
      { sku: 'KETTLE', title: '=1+1 kettle', gtin: '4006381333931', price_minor: 1990n, currency: 'USD' },
      { sku: '007', title: 'Line one, "quoted"\nline two' },
    ]);
    await editVariants(tx, [{ sku: '007', fields: { brand: '-minus', tags: '@a; b', mpn: '0042', weight: '1.5 kg' } }], {
      by: 'person:1',
      source: 'screen',
      isPerson: true,
    });
  });
});
afterAll(async () => {
  await db.close();
  await drop();
  rmSync(folder, { recursive: true });
});

async function run(what: VariantsCommand['what'], words: string[] = [], dryRun = false): Promise<{ code: number; said: string }> {
  const lines: string[] = [];
  const code = await variants({ db, tenant: shop.tenant, say: (line) => void lines.push(line) }, { what, words, dryRun });
  return { code, said: lines.join('\n') };
}

it.each(['csv', 'xlsx'])('what is written as %s and brought back changes nothing, whatever is in it', async (kind) => {
  const path = join(folder, `variants.${kind}`);
  expect((await run('export', [path])).said).toMatch(/^3 variants are in /);
  expect(await run('edit', [path])).toEqual({ code: 0, said: '0 of 3 variants changed.' });
});

it('takes the rows that are right, and names the others with their lines', async () => {
  const path = join(folder, 'variants.csv');
  await run('export', [path]);
  const text = readFileSync(path, 'utf8').replace('4006381333931'.padStart(14, '0'), '4006381333932').replace('-minus', 'Plus');
  writeFileSync(path, text);
  const dry = await run('edit', [path], true);
  expect(dry.said).toMatch(/^It would say: 1 of 3 variants changed\./);
  const done = await run('edit', [path]);
  expect(done.code).toBe(1);
  expect(done.said).toMatch(/^1 of 3 variants changed\.\n.*variants\.csv, line \d+: gtin of KETTLE is "4006381333932"\. It is no GTIN/);
  expect((await run('list', ['007'])).said).toMatch(/^007 "Line one.*Plus/s);
  writeFileSync(path, 'sku;colour\nKETTLE;red\n');
  await expect(run('edit', [path])).rejects.toThrow(/columns that are not known: colour/);
});

it('lists what is wrong, and what suppliers offer', async () => {
  expect((await run('problems')).said).toMatch(/no_offer/);
  expect((await run('show', ['KETTLE'])).said).toMatch(/KETTLE[^]*missing: has no brand/);
  expect((await run('offers', ['nothing like it'])).said).toBe('There is no such offer.');
});
