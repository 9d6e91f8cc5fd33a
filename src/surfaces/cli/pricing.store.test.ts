import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { followPrices, makePriceDesk } from '#flows/pricing';
import { after, instant } from '#kernel/time';
import { defaultPricePolicy, type PricePolicy } from '#modules/catalog';
import { type Database, openDatabase } from '#platform/db';
import { systemChance } from '#platform/time';
import { freshDatabase } from '../../../test/setup/database.ts';
import { openShop, type Shop } from '../../../test/setup/shop.ts';
import { pricing, type PricingCommand } from './index.ts';

let db: Database;
let shop: Shop;
let drop: () => Promise<void>;
let now = instant('2026-05-02T10:00:00Z');
const folder = mkdtempSync(join(tmpdir(), 'stockless-prices-'));
const rulesFile = (markupBp: number): string => {
  const path = join(folder, `rules-${markupBp}.json`);
  const rules: PricePolicy['rules'] = [
    {
      id: 'all',
      name: 'Everything',
      level: 'base',
      priority: 0,
      at: '2026-01-01T00:00:00Z',
      on: true,
      formula: { base: 'landed', markupBp },
    },
  ];
  writeFileSync(path, JSON.stringify({ settings: { ...defaultPricePolicy.settings, priceMoveBp: 100_000 }, rules }));
  return path;
};

beforeAll(async () => {
  const fresh = await freshDatabase();
  drop = fresh.drop;
  db = openDatabase({ url: fresh.url, clock: { now: () => now }, chance: systemChance, connections: 3 });
  shop = await openShop(fresh.url, 'Quill');
});
afterAll(async () => {
  await db.close();
  await drop();
  rmSync(folder, { recursive: true });
});

async function run(what: PricingCommand['what'], words: string[] = [], more: Partial<PricingCommand> = {}) {
  const lines: string[] = [];
  const say = (line: string): void => void lines.push(line);
  const code = await pricing({ db, tenant: shop.tenant, say, print: say }, { what, words, ...more });
  return { code, text: lines.join('\n') };
}

it('previews, publishes, says why, and takes back', async () => {
  expect((await run('preview', [], { file: rulesFile(20_000) })).text).toMatch(/1 listings: 1 prices would change.*\n.*At their floor 0/);
  const published = await run('publish', [], { file: rulesFile(20_000) });
  expect(published.text).toMatch(/1 price published.*pub_/);
  const why = await run('why', ['shop', 'Quill-1']);
  expect(why.text).toMatch(/sells for \$\S+, by "Everything" of version 1:\n {2}cost .*QUILL/);
  now = after(now, { minutes: 1 });
  const id = /pub_\w+/.exec(published.text)?.[0] ?? '';
  expect((await run('undo', [id])).text).toContain('1 price and the rules are as they were before');
  expect((await run('why', ['shop', 'Quill-1'])).text).toContain('has no price of ours');
});

it('publishes at its time when the clock says so, and only once', async () => {
  const at = after(now, { hours: 1 });
  await run('publish', [], { file: rulesFile(22_000), at: at.toString() });
  expect(await followPrices(db, shop.tenant)).toEqual({ published: 0, failed: 0 });
  now = after(at, { minutes: 1 });
  expect(await followPrices(db, shop.tenant)).toEqual({ published: 1, failed: 0 });
  expect(await followPrices(db, shop.tenant)).toEqual({ published: 0, failed: 0 });
  expect((await run('publications')).text).toMatch(/done, 1 prices/);
});

it('types rates, and refuses a file that holds no rules', async () => {
  expect((await run('rate', ['EUR', 'USD', '1.08'])).text).toContain('1 EUR is 1.08 USD');
  expect((await run('rates')).text).toContain('1 EUR = 1.08 USD');
  const bad = join(folder, 'bad.json');
  writeFileSync(bad, '{"rules": 3}');
  await expect(run('draft', [bad])).rejects.toThrow(/does not hold price rules/);
  expect((await run('draft', [rulesFile(21_000)])).text).toContain('saved as a draft');
});

it('keeps the facts of a catalog for a while, but not after a publication', async () => {
  const desk = makePriceDesk();
  const look = () => db.tx(shop.tenant, (tx) => desk.facts(tx));
  const first = await look();
  expect((await look()).facts).toBe(first.facts);
  now = after(now, { minutes: 1 });
  await run('publish', [], { file: rulesFile(23_000) });
  expect((await look()).facts).not.toBe(first.facts);
});
