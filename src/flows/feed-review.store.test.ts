import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  changesOf,
  countChanges,
  type FeedOutcome,
  guardHistory,
  netChange,
  appliedAfter,
  saveFeedSettings,
  wouldFire,
} from '#modules/catalog';
import { Problem } from '#kernel/problem';
import { type FeedShop, openFeedShop } from '../../test/setup/feeds.ts';
import { makeWorkbook, makeZip } from '../../test/setup/make-zip.ts';
import { actOnFeedRun } from './actions-feeds.ts';
import { emptyMissing, keepPreview, lookAt, importPreview, rawFile, rejectFile } from './feed-desk.ts';
import { workFeeds } from './feed-life.ts';

let shop: FeedShop;
let supplier = '';
let count = 0;

beforeAll(async () => {
  shop = await openFeedShop();
});
afterAll(() => shop.close());
beforeEach(async () => {
  supplier = await shop.supplier(`KESTREL${(count += 1)}`);
});

interface Line {
  sku?: string;
  title?: string;
  cost?: string;
  quantity?: number;
}
const csv = (many: number, of: (at: number) => Line = () => ({}), head = 'sku,title,cost,quantity'): string =>
  `${head}\n${Array.from({ length: many }, (_, at) => {
    const { sku = `S${String(at).padStart(3, '0')}`, title = `Lamp ${at}`, cost = '10.00', quantity = 5 } = of(at);
    return `${sku},${title},${cost},${quantity}`;
  }).join('\n')}\n`;

const act = (action: string, run: string, input: object = {}) =>
  shop.inTx((tx) => actOnFeedRun(tx, { kind: 'feed-run', action, id: run, by: 'person:q', input: input as Record<string, unknown> }));
const changes = (run: string) => shop.inTx((tx) => changesOf(tx, run, { after: null, limit: 100 }));
const work = async (run: string): Promise<FeedOutcome> => {
  shop.later(1);
  const [outcome] = await workFeeds(shop.room, shop.tenant, run);
  if (!outcome) throw new Error('nothing was done');
  return outcome;
};

describe('a run of a feed', () => {
  it('reads a workbook, and the same list in a ZIP, as it reads text', async () => {
    const rows = [['sku', 'title', 'cost', 'quantity'], ...Array.from({ length: 20 }, (_, at) => [`W${at}`, `Bowl ${at}`, 4.5, at])];
    expect(await shop.take(supplier, makeWorkbook(rows))).toMatchObject({ state: 'applied', rows_new: 20, rows_refused: 0 });
    const list = csv(21, (at) => ({ sku: `W${at}`, title: `Bowl ${at}`, cost: '4.50', quantity: at === 3 ? 9 : at }));
    expect(await shop.take(supplier, makeZip({ 'list.csv': list }))).toMatchObject({
      state: 'applied',
      rows_new: 1,
      rows_changed: 1,
      rows_same: 19,
    });
    expect(await shop.take(supplier, makeZip({ 'list.csv': list }).subarray(0, 200))).toMatchObject({
      state: 'failed',
      why: expect.stringMatching(/cut off/),
    });
  });

  it('keeps what it changed, offer by offer, and what was measured', async () => {
    await shop.take(supplier, csv(50));
    const second = await shop.take(
      supplier,
      csv(51, (at) => (at === 1 ? { cost: '10.50' } : at === 2 ? { quantity: 0 } : at === 3 ? { title: 'Lantern' } : {})).replace(
        'S049,Lamp 49,10.00,5\n',
        '',
      ),
    );
    expect(second).toMatchObject({ state: 'applied', rows_new: 1, rows_changed: 3, rows_gone: 1 });
    expect(
      (await changes(second.run))
        .map(({ supplier_sku, what, was_cost, cost, was_quantity, quantity }) => [
          supplier_sku,
          what.join(),
          was_cost,
          cost,
          was_quantity,
          quantity,
        ])
        .sort(([one], [other]) => String(one).localeCompare(String(other))),
    ).toEqual([
      ['S001', 'cost', 1000n, 1050n, 5, 5],
      ['S002', 'stock', 1000n, 1000n, 5, 0],
      ['S003', 'title', 1000n, 1000n, 5, 5],
      ['S049', 'gone', 1000n, 1000n, 5, 5],
      ['S050', 'new', null, 1000n, null, 5],
    ]);
    expect(await shop.inTx((tx) => countChanges(tx, second.run))).toEqual({ cost: 1, stock: 1, title: 1, gone: 1, new: 1, flagged: 1 });
    const [row] = await shop.rows<{ stages: { name: string }[]; guards: { guard: string }[]; headers: string[]; bytes: bigint }>(
      `select stages, guards, headers, bytes from catalog.feed_run where id = '${second.run}'`,
    );
    expect(row?.stages.map(({ name }) => name)).toEqual(['map', 'read', 'check', 'apply']);
    expect(row?.headers).toEqual(['sku', 'title', 'cost', 'quantity']);
    expect(row?.guards.map(({ guard }) => guard)).toContain('cost_jump');
  });

  const applied = csv(50);
  it.each<[string, string | Uint8Array, RegExp]>([
    ['empties the stock', csv(50, () => ({ quantity: 0 })), /no stock left/],
    ['doubles the costs', csv(50, () => ({ cost: '20.00' })), /costs move/],
    ['costs nothing', csv(50, (at) => (at < 2 ? { cost: '0.00' } : {})), /2 offers would cost nothing/],
    ['has lost most rows', csv(20), /no longer in it/],
    ['is the same as yesterday', applied, /same file/],
    ['is in another encoding', csv(50, (at) => ({ title: `CafÃ© Tischchen ${at}` })), /texts look damaged, such as "CafÃ©/],
    [
      'broke off',
      csv(44).slice(0, -6),
      /44 rows where there were 50 \(12 % fewer\), and ends in the middle of a line|rows where there were 50/,
    ],
    [
      'is in another currency',
      csv(50, () => ({ cost: 'USD 10.00' })),
      /no row that can be read\. 50 rows are in another currency: the file says USD/,
    ],
    ['has another column of costs', csv(50, undefined, 'sku,title,retail price,quantity'), /Its columns have changed: .*cost/],
    ['names a web page', '<html><body>Sign in</body></html>', /web page/],
    ['says only what it is', 'sku,title,cost,quantity\n', /no row/],
    ['has costs below zero', csv(50, () => ({ cost: '-5.00' })), /no row that can be read/],
    ['is cut off within its packing', gzipSync(csv(50, () => ({ cost: '10.10' }))).subarray(0, 120), /gzip|packed|damaged/i],
    [
      'unpacks to hundreds of times its size',
      gzipSync(`${csv(400)}${`${'z'.repeat(999_000)}\n`.repeat(60)}`),
      /unpack|times|cells|longer|line/i,
    ],
    ['is full of zero bytes', csv(50).replaceAll('Lamp', 'L\0mp'), /no row that can be read|zero byte/i],
    ['ends inside quotes', `${csv(49)}S049,"Lamp`, /quoted|quotes/i],
    ['is a workbook of old', Buffer.from('d0cf11e0a1b11ae1', 'hex'), /old Excel workbook/],
    [
      'brings entities of its own',
      `<?xml version="1.0"?><!DOCTYPE f [<!ENTITY x SYSTEM "file:///etc/passwd">]><f><p><sku>S000</sku><cost>&x;</cost></p><p><sku>S001</sku><cost>1</cost></p><p><sku>S002</sku><cost>1</cost></p></f>`,
      /No element repeats|DOCTYPE|entit/i,
    ],
    ['has absurd costs', csv(50, () => ({ cost: '99999999999999.00' })), /no row that can be read|costs move/],
  ])('that %s changes nothing, and says so', async (_what, poison, says) => {
    await shop.inTx((tx) => saveFeedSettings(tx, supplier, { sameFile: 'hold' }));
    await shop.take(supplier, applied);
    const before = await shop.offers(supplier);
    const outcome = await shop.take(supplier, poison);
    expect(['held', 'failed']).toContain(outcome.state);
    expect(outcome.why).toMatch(says);
    expect(await shop.offers(supplier)).toEqual(before);
    // What it would do is kept for review; of one that could not be read, nothing.
    if (outcome.state === 'failed') expect(await changes(outcome.run)).toEqual([]);
  });

  it("that is another supplier's is held, and says whose it is", async () => {
    const other = await shop.supplier('HARROW');
    await shop.take(supplier, csv(50));
    const theirs = csv(50, (at) => ({ sku: `H-${at}` }));
    await shop.take(other, theirs);
    const outcome = await shop.take(supplier, theirs);
    expect(outcome).toMatchObject({ state: 'held' });
    expect(outcome.why).toMatch(/looks like the file of Harrow: 100 % of its numbers are theirs/);
  });

  it('without its trailer is held where one was agreed', async () => {
    await shop.inTx((tx) => saveFeedSettings(tx, supplier, { trailer: '#END' }));
    expect((await shop.take(supplier, csv(10))).why).toMatch(/last line does not begin with "#END"/);
    expect((await shop.take(supplier, `${csv(10)}#END,10,,\n`)).state).toBe('applied');
  });
});

describe('a held run', () => {
  it('is released in part: stock without costs, and the next file brings the costs up again', async () => {
    await shop.take(supplier, csv(20));
    const poison = csv(20, (at) => ({ cost: '20.00', quantity: at === 0 ? 9 : 5 }));
    const held = await shop.take(supplier, poison);
    expect(held.state).toBe('held');
    expect((await changes(held.run)).filter(({ flags }) => flags.includes('cost_jump'))).toHaveLength(20);
    await act('release', held.run, { part: { cost: false } });
    expect(await work(held.run)).toMatchObject({ state: 'applied' });
    expect((await shop.offers(supplier)).slice(0, 2)).toEqual(['S000 1000 9 live', 'S001 1000 5 live']);
    expect((await changes(held.run)).map(({ supplier_sku, what }) => [supplier_sku, what.join()])).toEqual([['S000', 'stock']]);
    expect((await shop.take(supplier, poison)).why).toMatch(/20 of 20 costs/);
  });

  it('is released without the rows that are flagged, which stay as they were', async () => {
    await shop.take(supplier, csv(20));
    const held = await shop.take(
      supplier,
      csv(20, (at) => (at < 10 ? { cost: '90.00' } : { cost: '10.10' })),
    );
    expect(held.state).toBe('held');
    await act('release', held.run, { part: { flagged: false } });
    await work(held.run);
    const offers = await shop.offers(supplier);
    expect([offers[0], offers[19]]).toEqual(['S000 1000 5 live', 'S019 1010 5 live']);
  });

  it('is rejected, and its file can still be read again', async () => {
    await shop.take(supplier, csv(20));
    const held = await shop.take(
      supplier,
      csv(20, () => ({ cost: '90.00' })),
    );
    expect((await act('reject', held.run)).said).toMatch(/left aside/);
    expect(await shop.rows(`select from exceptions.v_exception where subject_id = '${supplier}' and state = 'open'`)).toEqual([]);
    await expect(act('release', held.run)).rejects.toThrow(/cancelled, not held/);
    const { made = '' } = await act('replay', held.run);
    expect(await work(made)).toMatchObject({ state: 'held' });
  });
});

describe('going back', () => {
  it('brings stock and cost back to any run kept, and holds the next file', async () => {
    const first = await shop.take(supplier, csv(20));
    const good = await shop.offers(supplier);
    await shop.take(
      supplier,
      csv(21, (at) => ({ cost: '10.20', quantity: at })),
    );
    await shop.take(
      supplier,
      csv(22, (at) => ({ cost: '10.40', quantity: at + 1 })),
    );
    shop.later(5);
    const { said, made = '' } = await act('roll-back', first.run);
    expect(said).toMatch(/20 offers are as they were after stock\.csv.*2 that came since vanish/);
    expect((await shop.offers(supplier)).slice(0, 20)).toEqual(good);
    expect((await shop.offers(supplier)).slice(20)).toEqual(['S020 1040 0 vanished', 'S021 1040 0 vanished']);
    const next = await shop.take(
      supplier,
      csv(22, (at) => ({ cost: '10.45', quantity: at + 1 })),
    );
    expect(next.why).toMatch(/rolled back to the file of/);
    // The going back can be taken back as well.
    const runs = await shop.rows<{ id: string }>(
      `select id from catalog.feed_run where supplier_id = '${supplier}' and kind = 'file' and state = 'applied' order by ended_at desc`,
    );
    await act('roll-back', runs[0]?.id ?? '');
    expect((await shop.offers(supplier)).slice(19)).toEqual(['S019 1040 20 live', 'S020 1040 21 live', 'S021 1040 22 live']);
    expect(made).not.toBe('');
  });

  it('never takes away what is promised', async () => {
    const first = await shop.take(
      supplier,
      csv(6, () => ({ quantity: 1 })),
    );
    await shop.take(
      supplier,
      csv(6, () => ({ quantity: 9 })),
    );
    await shop.rows(`update catalog.offer set reserved = 4 where supplier_id = '${supplier}' and supplier_sku = 'S000'`);
    shop.later(5);
    await act('roll-back', first.run);
    expect(
      await shop.rows(`select quantity, reserved, ceiling from catalog.offer where supplier_id = '${supplier}' and supplier_sku = 'S000'`),
    ).toEqual([{ quantity: 1, reserved: 4, ceiling: 4 }]);
  });

  it('is refused where what was changed since is not kept', async () => {
    await shop.inTx((tx) => saveFeedSettings(tx, supplier, { keepRuns: 1, keepFiles: 1 }));
    const first = await shop.take(supplier, csv(6));
    for (const cost of ['10.10', '10.20', '10.30'])
      await shop.take(
        supplier,
        csv(6, () => ({ cost })),
      );
    await expect(act('roll-back', first.run)).rejects.toThrow(/not kept any longer/);
    expect(await shop.rows(`select count(*)::int as runs from catalog.feed_run where supplier_id = '${supplier}' and has_file`)).toEqual([
      { runs: 1 },
    ]);
    await expect(act('replay', first.run)).rejects.toBeInstanceOf(Problem);
  });
});

describe('looking back', () => {
  it('compares two runs by what lies between them', async () => {
    const first = await shop.take(supplier, csv(6));
    await shop.take(
      supplier,
      csv(6, (at) => (at === 0 ? { cost: '10.50' } : {})),
    );
    await shop.take(
      supplier,
      csv(6, (at) => (at === 0 ? { cost: '10.70' } : at === 1 ? { quantity: 2 } : {})),
    );
    await shop.take(
      supplier,
      csv(6, (at) => (at === 1 ? { quantity: 5 } : at === 0 ? { cost: '10.70' } : {})),
    );
    const between = await shop.inTx(async (tx) =>
      netChange(
        tx,
        (await appliedAfter(tx, supplier, first.run)).map(({ id }) => id),
        { after: null, limit: 10 },
      ),
    );
    expect(between.map(({ supplier_sku, what, was_cost, cost }) => [supplier_sku, what.join(), was_cost, cost])).toEqual([
      ['S000', 'cost', 1000n, 1070n],
    ]);
  });

  it('tells how often a guard would have held a run under another limit', async () => {
    await shop.take(supplier, csv(100));
    for (const lost of [6, 12, 15])
      await shop.take(
        supplier,
        csv(100, (at) => ({ quantity: at < lost ? 4 + lost : 5, cost: at < lost ? `${10 + lost}.00` : '10.00' })),
      );
    const history = await shop.inTx((tx) => guardHistory(tx, supplier, 30));
    const fired = (limit: number): number =>
      history.filter(({ guards }) => guards.some((one) => one.guard === 'cost_jump' && wouldFire(one, limit))).length;
    expect([fired(0.1), fired(0.05), fired(0.5)]).toEqual([2, 3, 0]);
  });
});

describe('a file that is looked at', () => {
  it('is read by another mapping without being sent again, and imported from where it lies', async () => {
    async function* bytes(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('Artikelnr;Name;EK;Menge\nA1;Lampe;1,50;3\nA1;Lampe;1,60;3\nA2;Stuhl;x;1\n');
    }
    const id = await keepPreview(shop.room, shop.tenant, { supplierId: supplier, name: 'liste.csv', by: 'person:p', bytes: bytes() });
    const { preview } = await lookAt(shop.room, shop.tenant, id, { supplierId: null });
    expect(preview.guess).toMatchObject({ format: 'csv', delimiter: ';', decimal: ',' });
    expect(preview.counts).toEqual({ rows: 3, fine: 1, warnings: 1, errors: 1 });
    expect(preview.columns.map(({ name, field, sureness, samples }) => [name, field, sureness, samples[0]])).toEqual([
      ['Artikelnr', 'supplierSku', 'sure', 'A1'],
      ['Name', 'title', 'sure', 'Lampe'],
      ['EK', 'cost', expect.any(String), '1,50'],
      ['Menge', 'quantity', expect.any(String), '3'],
    ]);
    const again = await lookAt(shop.room, shop.tenant, id, { supplierId: null, mapping: { columns: { cost: null } } });
    expect(again.preview.counts).toEqual({ rows: 3, fine: 2, warnings: 1, errors: 0 });
    const run = await importPreview(shop.room, shop.tenant, id, supplier, 'person:p');
    expect(await work(run)).toMatchObject({ state: 'held', rows_read: 3 });
    await expect(lookAt(shop.room, shop.tenant, id, { supplierId: null, mapping: { columns: { cost: 'Preis' } } })).rejects.toMatchObject({
      code: 'invalid-field',
    });
  });

  it('gives back the rows that were refused, which are imported when they are corrected', async () => {
    const outcome = await shop.take(
      supplier,
      `sku,title,cost,quantity\n${Array.from({ length: 20 }, (_, at) => `S${at},Lamp,1.00,1`).join('\n')}\nA,"Lamp, small",abc,2\nB,Lamp,2.00,many\n`,
    );
    expect(outcome).toMatchObject({ state: 'applied', rows_refused: 2 });
    const pieces: string[] = [];
    for await (const piece of rejectFile(await rawFile(shop.room, shop.tenant, outcome.run))) pieces.push(piece);
    const text = pieces.join('');
    expect(text.split('\r\n').slice(0, 3)).toEqual([
      'sku,title,cost,quantity,reject_reason',
      'A,"Lamp, small",abc,2,It is not a price',
      expect.stringMatching(/^B,Lamp,2\.00,many,/),
    ]);
    const mended = await shop.take(supplier, text.replace('abc', '1.20').replace('many', '3'), 'mended.csv');
    expect(mended).toMatchObject({ rows_new: 2, rows_refused: 0 });
  });
});

describe('an offer that files no longer have', () => {
  it('keeps its stock for the hours that were agreed, and what is promised of it for good', async () => {
    await shop.inTx((tx) => saveFeedSettings(tx, supplier, { keepHours: 24 }));
    await shop.take(supplier, csv(20));
    await shop.rows(`update catalog.offer set reserved = 2 where supplier_id = '${supplier}' and supplier_sku = 'S019'`);
    const without = (cost: string): string => csv(19, () => ({ cost }));
    await shop.take(supplier, without('10.01'));
    const last = () => shop.rows(`select quantity, ceiling from catalog.offer where supplier_id = '${supplier}' and supplier_sku = 'S019'`);
    // A feed that does not come at all empties nothing.
    shop.later(25 * 60);
    await emptyMissing(shop.room, shop.tenant);
    expect(await last()).toEqual([{ quantity: 5, ceiling: 5 }]);
    await shop.take(supplier, without('10.02'));
    await emptyMissing(shop.room, shop.tenant);
    expect(await last()).toEqual([{ quantity: 0, ceiling: 2 }]);
    expect(await shop.rows(`select data from audit.v_fact where type = 'feed.emptied'`)).toEqual([{ data: { offers: 1 } }]);
    await shop.take(
      supplier,
      csv(20, () => ({ cost: '10.03' })),
    );
    expect(await last()).toEqual([{ quantity: 5, ceiling: 5 }]);
  });
});
