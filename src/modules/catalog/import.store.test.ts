import { createReadStream, existsSync, readdirSync } from 'node:fs';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { seededChance } from '#kernel/chance';
import { after, type Instant, instant } from '#kernel/time';
import { type Database, openDatabase } from '#platform/db';
import { freshDatabase } from '../../../test/setup/database.ts';
import { addVariants, type FeedImport, type FeedOutcome, type FeedSettings, importFeed, reserve, saveFeedSettings } from './index.ts';

const tenant = '01900000-0000-7000-8000-00000000000a';
let fresh: Awaited<ReturnType<typeof freshDatabase>>;
let database: Database;
let now = instant('2026-11-20T09:00:00Z');
let supplier = '';

beforeAll(async () => {
  fresh = await freshDatabase();
  database = openDatabase({ url: fresh.url, clock: { now: () => now }, chance: seededChance(4) });
});

afterAll(async () => {
  await database.close();
  await fresh.drop();
});

beforeEach(async () => {
  supplier = await newSupplier('EUR');
});

const newSupplier = (currency: string): Promise<string> =>
  database.tx(tenant, async (tx) => {
    const id = tx.newId();
    await sql`
      insert into suppliers.supplier (tenant_id, id, code, name, state, country, currency, time_zone, handling_days, ack_hours, ship_hours, transport, created_at)
      values (${tenant}, ${id}, ${id}, 'Kestrel', 'live', 'DE', ${currency}, 'UTC', 1, 24, 48, 'file', ${tx.now})`.execute(tx.db);
    return id;
  });

type Ask = Partial<FeedImport> & { of?: string };

async function take(text: string | Uint8Array, { of = supplier, ...more }: Ask = {}): Promise<FeedOutcome> {
  now = after(now, { minutes: 10 });
  const runId = await database.tx(tenant, async (tx) => tx.newId());
  async function* open(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(text as string);
  }
  return importFeed(database, tenant, {
    supplierId: of,
    runId,
    name: 'stock.csv',
    observedAt: now,
    content: { open },
    guard: 'off',
    reflect: async () => [],
    ...more,
  });
}

const csv = (...rows: string[]): string => `sku,title,cost,quantity\n${rows.join('\n')}\n`;

interface Row {
  supplier_sku: string;
  title: string;
  cost_minor: bigint | null;
  quantity: number;
  ceiling: number;
  reserved: number;
  state: string;
  observed_at: Instant;
  silent: boolean;
}

const offersOf = (of = supplier): Promise<Row[]> =>
  database.tx(tenant, async (tx) => {
    const { rows } = await sql<Row>`
      select supplier_sku, title, cost_minor, quantity, ceiling, reserved, state, observed_at, silent_since is not null as silent
        from catalog.v_offer where tenant_id = ${tenant} and supplier_id = ${of} order by supplier_sku`.execute(tx.db);
    return rows;
  });
const brief = async (of = supplier): Promise<string[]> =>
  (await offersOf(of)).map(
    (one) =>
      `${one.supplier_sku} ${one.cost_minor} ${one.quantity}${one.state === 'live' ? '' : ` ${one.state}`}${one.silent ? ' silent' : ''}`,
  );
const counts = ({ rows_read, rows_new, rows_changed, rows_same, rows_refused, rows_gone }: FeedOutcome): number[] => [
  rows_read,
  rows_new,
  rows_changed,
  rows_same,
  rows_refused,
  rows_gone,
];
const settle = (change: Partial<FeedSettings>): Promise<void> => database.tx(tenant, (tx) => saveFeedSettings(tx, supplier, change));

describe('a feed', () => {
  it('brings offers, then only what changed; what is the same is as fresh as the file', async () => {
    expect(counts(await take(csv('A,Lamp,1.50,3', 'B,Oil,2.00,5', 'C,Cup,3.00,7')))).toEqual([3, 3, 0, 0, 0, 0]);
    expect(counts(await take(csv('A,Lamp,1.50,3', 'B,Oil,2.10,4', 'C,Cup,3.00,7', 'D,Mug,1.00,1')))).toEqual([4, 1, 1, 2, 0, 0]);
    expect(await brief()).toEqual(['A 150 3', 'B 210 4', 'C 300 7', 'D 100 1']);
    expect((await offersOf()).map(({ observed_at }) => observed_at.toString())).toEqual(Array(4).fill(now.toString()));
    const kept = await database.tx(tenant, (tx) =>
      sql`select state, rows_read, rows_same, refused from catalog.feed_run where supplier_id = ${supplier} order by started_at desc limit 1`.execute(
        tx.db,
      ),
    );
    expect(kept.rows[0]).toMatchObject({ state: 'applied', rows_read: 4n, rows_same: 2n, refused: [] });
  });

  it('refuses rows by line and reason, and keeps what was known of their offers', async () => {
    await take(csv('A,Lamp,1.50,3', 'B,Oil,2.00,5'));
    await settle({ absence: 'vanish' });
    const outcome = await take(csv('A,Lamp,abc,9', 'B,Oil,2.00,5', ',x,1.00,1', 'short'));
    expect(counts(outcome)).toEqual([4, 0, 0, 1, 3, 0]);
    expect(outcome.refused.map(({ line, field }) => [line, field])).toEqual([
      [2, 'cost'],
      [4, 'supplierSku'],
      [5, null],
    ]);
    expect(await brief()).toEqual(['A 150 3 silent', 'B 200 5']);
    // Read again next time, with the line it has then.
    const again = await take(csv('N,New,1.00,1', 'A,Lamp,abc,9', 'B,Oil,2.00,5'));
    expect([counts(again), again.refused[0]?.line]).toEqual([[3, 1, 0, 1, 1, 0], 3]);
    expect(counts(await take(csv('A,Lamp,1.50,3', 'B,Oil,2.00,5', 'N,New,1.00,1')))).toEqual([3, 0, 1, 2, 0, 0]);
    expect(await brief()).toEqual(['A 150 3', 'B 200 5', 'N 100 1']);
  });

  it('with a number twice takes the last, says so, and goes on doing so when only one of them changes', async () => {
    const first = await take(csv('A,Lamp,1.00,1', 'B,Oil,2.00,5', 'A,Lamp,1.00,2'));
    expect([counts(first), first.refused]).toMatchObject([
      [3, 2, 0, 0, 1, 0],
      [{ line: 2, value: 'A', why: 'The same number stands on line 4 again, which counts' }],
    ]);
    expect(await brief()).toEqual(['A 100 2', 'B 200 5']);
    await take(csv('A,Lamp,1.00,9', 'B,Oil,2.00,5', 'A,Lamp,1.00,2'));
    expect(await brief()).toEqual(['A 100 2', 'B 200 5']);
    await take(csv('A,Lamp,1.00,9', 'B,Oil,2.00,5'));
    expect(await brief()).toEqual(['A 100 9', 'B 200 5']);
    // A changed line before a known one of the same number does not count.
    await take(csv('B,Oil,2.00,1', 'A,Lamp,1.00,9', 'B,Oil,2.00,5'));
    expect(await brief()).toEqual(['A 100 9', 'B 200 5']);
  });

  it.each([
    ['keep', ['A 100 1', 'B 200 5 silent']],
    ['zero', ['A 100 1', 'B 200 0 silent']],
    ['vanish', ['A 100 1', 'B 200 0 vanished silent']],
  ] as const)('from which offers are gone follows the rule "%s"', async (absence, expected) => {
    await settle({ absence });
    await take(csv('A,Lamp,1.00,1', 'B,Oil,2.00,5'));
    const before = now;
    expect(counts(await take(csv('A,Lamp,1.00,1')))).toEqual([1, 0, 0, 1, 0, 1]);
    expect(await brief()).toEqual(expected);
    expect((await offersOf())[1]?.observed_at.toString()).toBe(before.toString());
    expect(counts(await take(csv('A,Lamp,1.00,2')))).toEqual([1, 0, 1, 0, 0, 0]);
    expect(counts(await take(csv('A,Lamp,1.00,2', 'B,Oil,2.00,5')))).toEqual([2, 0, 1, 1, 0, 0]);
    expect(await brief()).toEqual(['A 100 2', 'B 200 5']);
  });

  it('is held as a whole when it would do too much, and applied when a person releases it', async () => {
    const rows = Array.from({ length: 20 }, (_, at) => `S${at},T,1.00,5`);
    await take(csv(...rows));
    const before = await brief();
    const half = await take(csv(...rows.slice(0, 10)), { guard: 'on' });
    expect([half.state, half.why]).toMatchObject(['held', expect.stringContaining('10 of 20 offers are no longer in it')]);
    const double = await take(csv(...rows.map((row) => row.replace('1.00', '2.00'))), { guard: 'on' });
    expect([double.state, double.why]).toMatchObject(['held', expect.stringContaining('20 of 20 costs')]);
    const zero = await take(csv(...rows.map((row) => row.replace(',5', ',0'))), { guard: 'on' });
    expect([zero.state, zero.why]).toMatchObject(['held', expect.stringContaining('no stock left')]);
    await settle({ sameFile: 'hold' });
    expect((await take(csv(...rows), { guard: 'on' })).why).toContain('same file');
    expect((await take(csv(...rows.slice(1)), { guard: 'on', observedAt: instant('2026-01-01T00:00:00Z') })).why).toContain('older');
    expect((await take(csv(), { guard: 'on' })).why).toContain('no row');
    expect(await brief()).toEqual(before);
    expect((await take(csv(...rows.slice(0, 10)), { runId: half.run })).state).toBe('applied');
    expect((await brief()).filter((one) => one.endsWith('silent'))).toHaveLength(10);
  });

  it('that is the same again is applied with a note and makes the offers fresher, unless its own date is an old one', async () => {
    const file = csv('A,Lamp,1.00,5', 'B,Oil,2.00,5');
    await take(file, { guard: 'on' });
    const again = await take(file, { guard: 'on' });
    expect([again.state, again.why, counts(again)]).toEqual(['applied', expect.stringContaining('same file'), [2, 0, 0, 2, 0, 0]]);
    expect((await offersOf()).map(({ observed_at }) => observed_at.toString())).toEqual(Array(2).fill(now.toString()));
    const old = await take(file, { guard: 'on', observedAt: after(now, { hours: -30 }) });
    expect([old.state, old.why]).toEqual(['held', expect.stringContaining('older')]);
    expect((await take(csv('A,Lamp,1.00,5', 'B,Oil,2.00,4'), { guard: 'on' })).why).toBe('');
  });

  it('that is no feed fails in a sentence and changes nothing; a cancelled one too', async () => {
    await take(csv('A,Lamp,1.00,1'));
    expect(await take('%PDF-1.7 x')).toMatchObject({ state: 'failed', why: expect.stringContaining('PDF') });
    expect(await take(`sku,cost,quantity\nA,1.00,1\n"B,2.00,3\n`)).toMatchObject({
      state: 'failed',
      why: expect.stringContaining('quoted cell'),
    });
    expect(await take(csv('A,Lamp,1.00,9'), { cancelled: () => true })).toMatchObject({ state: 'cancelled' });
    expect(await brief()).toEqual(['A 100 1']);
  });

  it('finds what we sell by GTIN or by our own number, and suggests where they disagree', async () => {
    const variants = await database.tx(tenant, (tx) =>
      addVariants(tx, [
        { sku: 'X-1', title: 'One', gtin: '4006381333931' },
        { sku: 'X-2', title: 'Two', gtin: '73513537' },
        { sku: 'X-3', title: 'Three' },
      ]),
    );
    await take('sku,gtin,cost,quantity\nK1,4006381333931,1.00,1\nX-3,,1.00,1\nX-2,4006381333931,1.00,1\nK9,,1.00,1\n');
    const { rows } = await database.tx(tenant, (tx) =>
      sql<{ supplier_sku: string; variant_id: string; state: string; evidence: string }>`
        select supplier_sku, variant_id, match.state, evidence from catalog.match join catalog.offer on offer.id = match.offer_id where supplier_id = ${supplier} order by 1, evidence`.execute(
        tx.db,
      ),
    );
    const sku = (id: string): string => [...variants].find(([, one]) => one === id)?.[0] ?? '';
    expect(rows.map((row) => [row.supplier_sku, sku(row.variant_id), row.state, row.evidence])).toEqual([
      ['K1', 'X-1', 'confirmed', 'The same GTIN.'],
      ['X-2', 'X-1', 'suggested', 'The same GTIN, but another variant fits as well.'],
      ['X-2', 'X-2', 'suggested', 'The same SKU, but the GTINs differ, another variant fits as well.'],
      ['X-3', 'X-3', 'confirmed', 'The same SKU.'],
    ]);
  });
});

describe('promises that are out', () => {
  const offerId = async (sku: string): Promise<string> =>
    database.tx(
      tenant,
      async (tx) =>
        (await sql<{ id: string }>`select id from catalog.offer where supplier_id = ${supplier} and supplier_sku = ${sku}`.execute(tx.db))
          .rows[0]?.id ?? '',
    );
  const promise = (offer: string, quantity: number): Promise<void> =>
    database.tx(tenant, async (tx) => {
      await reserve(tx, [{ offer_id: offer, quantity }]);
      await sql`
        insert into routing.allocation (tenant_id, id, order_id, line_id, offer_id, supplier_id, quantity, unit_cost_minor, currency, attempt, supplier_sku, state, created_at)
        values (${tenant}, ${tx.newId()}, ${tx.newId()}, ${tx.newId()}, ${offer}, ${supplier}, ${quantity}, 1, 'EUR', 1, 'A', 'live', ${tx.now})`.execute(
        tx.db,
      );
    });

  it('are never broken by a lower number, and are given up once the supplier’s figures show them', async () => {
    await take(csv('A,Lamp,1.00,10', 'B,Oil,1.00,10', 'C,Cup,1.00,10'));
    const [a, b] = [await offerId('A'), await offerId('B')];
    await promise(a, 6);
    await promise(b, 4);
    const asked: string[][] = [];
    const reflect: FeedImport['reflect'] = async (_tx, { offerIds }) => {
      asked.push([...offerIds].sort());
      return offerIds.map((offer_id) => ({ offer_id, quantity: offer_id === a ? 6 : 4 }));
    };
    await take(csv('A,Lamp,1.00,4', 'B,Oil,1.00,10', 'C,Cup,1.00,9'), { reflect });
    expect(asked).toEqual([]);
    expect((await offersOf()).map(({ reserved, ceiling }) => [reserved, ceiling])).toEqual([
      [6, 6],
      [4, 10],
      [0, 9],
    ]);
    now = after(now, { hours: 3 });
    // B is not in this file and A's row cannot be read: their figures do not show anything yet.
    await take(csv('A,Lamp,1.00,many', 'C,Cup,1.00,9'), { reflect });
    expect(asked).toEqual([]);
    await take(csv('A,Lamp,1.00,4', 'B,Oil,1.00,10', 'C,Cup,1.00,9'), { reflect });
    expect(asked).toEqual([[a, b].sort()]);
    expect((await offersOf()).map(({ reserved, ceiling }) => [reserved, ceiling])).toEqual([
      [0, 4],
      [0, 10],
      [0, 9],
    ]);
  });
});

describe('reading only lines that are new', () => {
  it('comes to the same offers, refusals and counts as reading all, file after file', async () => {
    const sku = fc.constantFrom('A', 'B', 'C', 'D', 'E', 'F', 'G', '"H,1"');
    const cost = fc.constantFrom('1.00', '1.00', '1.50', '2.5', 'x', '', '1e3');
    const quantity = fc.constantFrom('0', '1', '5', '5', '10+', 'in stock', 'lots', '');
    const row = fc.tuple(sku, fc.constantFrom('T', 'ü', '"a ""b"""', ''), cost, quantity).map((cells) => cells.join(','));
    const file = fc.array(
      fc.oneof({ weight: 20, arbitrary: row }, { weight: 1, arbitrary: fc.constantFrom('', 'ragged,1', '"x\ny",T,1.00,1', '\u0001,,,') }),
      { maxLength: 12 },
    );
    const absence = fc.constantFrom('keep', 'zero', 'vanish' as const);
    let known = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(file, { minLength: 2, maxLength: 4 }), absence, async (files, rule) => {
        supplier = await newSupplier('EUR');
        const other = await newSupplier('EUR');
        for (const of of [supplier, other])
          await database.tx(tenant, (tx) => saveFeedSettings(tx, of, { absence: rule as 'keep', mapping: { decimal: '.' } }));
        for (const rows of files) {
          const one = await take(csv('Z,fixed,9.99,9', ...rows));
          const two = await take(csv('Z,fixed,9.99,9', ...rows), { of: other, readAll: true });
          expect([counts(one), one.state, one.refused]).toEqual([counts(two), two.state, two.refused]);
          expect(one.rows_read).toBe(one.rows_new + one.rows_changed + one.rows_same + one.rows_refused);
          known += one.rows_same;
          const dateless = async (of: string) => (await offersOf(of)).map(({ observed_at: _observed, ...rest }) => rest);
          expect(await dateless(supplier)).toEqual(await dateless(other));
        }
      }),
      { numRuns: 40 },
    );
    expect(known).toBeGreaterThan(50);
  }, 120_000);
});

const folder = new URL('../../../../shared/data/feeds/', import.meta.url);
const files = existsSync(folder) ? readdirSync(folder).filter((name) => name !== 'INDEX.md') : [];
const currencies: Record<string, string> = { akcent: 'KZT', alstyle: 'KZT', comportal: 'KZT', importpc: 'CZK' };

describe.skipIf(files.length === 0)('real feeds (skipped without ../shared/data/feeds)', () => {
  it.each(files)('%s is imported, or says why not', async (name) => {
    const of = await newSupplier(Object.entries(currencies).find(([word]) => name.includes(word))?.[1] ?? 'EUR');
    const open = (): AsyncIterable<Uint8Array> => createReadStream(new URL(name, folder));
    const outcome = await take('', { of, name, content: { open }, guard: 'on' });
    if (outcome.state === 'failed') {
      expect(outcome.why).toMatch(/^\S.{20,}\.$/s);
      return;
    }
    const { rows_read, rows_new, rows_refused } = outcome;
    expect(rows_read).toBe(rows_new + rows_refused);
    if (outcome.state === 'held') {
      expect(outcome.why).not.toBe('');
      return;
    }
    expect((await offersOf(of)).length).toBe(rows_new);
    const again = await take('', { of, name, content: { open } });
    expect([again.rows_same, again.rows_new, again.rows_changed]).toEqual([rows_new, 0, 0]);
  });
});
