import { describe, expect, it } from 'vitest';
import { openFeed } from '#formats/feed';
import { oneChunk } from '#formats/text';
import { makeWorkbook, makeZip } from '../../../test/setup/make-zip.ts';

const workbook = makeWorkbook([
  ['Price list, November'],
  [],
  ['SKU', 'Title', 'EAN', 'Cost', 'Stock'],
  ['A-1', 'Lamp, "oak"', 4006381333931, 12.5, 7],
  ['A-2', 'Vase & bowl', null, { formula: 'D4*2', result: 25 }, 0],
]);
const read = async (bytes: Uint8Array, sheet?: string) => {
  const feed = await openFeed(oneChunk(bytes), {
    name: 'list.xlsx',
    observedCurrency: 'EUR',
    ...(sheet === undefined ? {} : { mapping: { sheet } }),
  });
  const rows = (await Array.fromAsync(feed.batches)).flatMap((batch) => batch.rows);
  return { guess: feed.guess, rows };
};

describe('a workbook', () => {
  it('is read as what a person sees in it, with rows numbered as there', async () => {
    const { guess, rows } = await read(workbook);
    expect(guess).toMatchObject({ format: 'xlsx', headerRow: 3, headers: ['SKU', 'Title', 'EAN', 'Cost', 'Stock'] });
    expect(rows).toMatchObject([
      { line: 4, supplierSku: 'A-1', title: 'Lamp, "oak"', gtin: '04006381333931', costMinor: 1250n, currency: 'EUR', quantity: 7 },
      { line: 5, supplierSku: 'A-2', title: 'Vase & bowl', gtin: null, costMinor: 2500n, quantity: 0 },
    ]);
  });

  it('is asked for a sheet that it has', async () => {
    expect((await read(workbook, 'Prices')).rows).toHaveLength(2);
    await expect(read(workbook, 'Stock')).rejects.toMatchObject({ code: 'no-such-sheet', message: /it has Prices/ });
  });

  it('is refused where it is none inside', async () => {
    const hollow = makeZip({ 'xl/workbook.xml': '<workbook', 'xl/worksheets/sheet1.xml': 'nothing' });
    await expect(read(hollow)).rejects.toMatchObject({ code: expect.stringMatching(/damaged|not-a-feed/) });
  });

  it('in a ZIP beside nothing else that is a list is not found, a CSV is', async () => {
    const csv = 'sku;cost;stock\nA;1,50;3\n';
    expect((await read(makeZip({ 'export/prices.csv': csv, 'read me.pdf': 'x' }))).rows).toMatchObject([
      { supplierSku: 'A', costMinor: 150n },
    ]);
    await expect(read(makeZip({ 'one.csv': csv, 'two.csv': csv }))).rejects.toMatchObject({ code: 'several-lists' });
    await expect(read(makeZip({ 'read me.pdf': 'x' }))).rejects.toMatchObject({ code: 'not-a-feed' });
  });
});
