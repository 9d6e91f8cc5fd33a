import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { oneChunk } from '#formats/text';
import { Unreadable } from '#kernel/unreadable';
import { type CsvProfile, type CsvRecord, csvLimits, detectCsv, guarded, readCsv, readFigure, writeCsv } from './index.ts';

const profile: CsvProfile = { encoding: 'utf-8', delimiter: ',', headerRow: null };
const read = (text: string, more: Partial<CsvProfile> = {}): Promise<CsvRecord[]> =>
  Array.fromAsync(readCsv(oneChunk(Buffer.from(text)), { ...profile, ...more }));
const cells = async (text: string, more: Partial<CsvProfile> = {}): Promise<string[][]> =>
  (await read(text, more)).map((record) => record.cells);

async function* bytewise(bytes: Uint8Array, cuts: readonly number[]): AsyncGenerator<Uint8Array> {
  let from = 0;
  for (const cut of [...cuts.map((share) => Math.floor(share * bytes.length)), bytes.length].sort((one, other) => one - other)) {
    yield bytes.subarray(from, cut);
    from = cut;
  }
}
const shares = fc.array(fc.float({ min: 0, max: 1, noNaN: true }), { maxLength: 8 });
const delimiters = fc.constantFrom(',', ';', '\t', '|');
const cell = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.constantFrom('', '"', '""', 'a,b', 'c;d', 'e\tf', '\n', '\r\n', '\r', ' x ', '"q"', '=1+1', 'Größe'),
);
const table = fc
  .integer({ min: 1, max: 5 })
  .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 12 }));

describe('delimited text', () => {
  it('reads back what was written, whatever the cells hold', async () => {
    await fc.assert(
      fc.asyncProperty(table, delimiters, shares, async (rows, delimiter, cuts) => {
        const bytes = Buffer.from(writeCsv(rows, { delimiter, formulaGuard: false }));
        const records = await Array.fromAsync(readCsv(bytewise(bytes, cuts), { ...profile, delimiter }));
        // A zero byte is no text; such a row is reported.
        if (rows.flat().some((one) => one.includes('\0'))) return;
        expect(records.map((record) => record.cells)).toEqual(rows);
        expect(records.every(({ kind }) => kind === 'row')).toBe(true);
      }),
    );
  });

  it('of any kind gives the same records wherever the chunks end, and nothing worse than Unreadable', async () => {
    const soup = fc
      .array(fc.constantFrom('"', '""', ',', ';', '\n', '\r', '\r\n', 'a', 'bb', ' ', '\0', 'ä'), { maxLength: 60 })
      .map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(soup, shares, fc.constantFrom(null, 1, 2), async (text, cuts, headerRow) => {
        const settle = (found: Promise<CsvRecord[]>): Promise<unknown> =>
          found.catch((error: unknown) => {
            expect(error).toBeInstanceOf(Unreadable);
            return (error as Unreadable).code;
          });
        const one = await settle(read(text, { headerRow }));
        const many = await settle(Array.fromAsync(readCsv(bytewise(Buffer.from(text), cuts), { ...profile, headerRow })));
        expect(many).toEqual(one);
      }),
      { numRuns: 400 },
    );
  });

  it('read twice, or side by side with another, is the same each time', async () => {
    const text = 'a,b\n"1",2\n3,4\n';
    const first = await cells(text);
    expect(await cells(text)).toEqual(first);
    const both = [readCsv(oneChunk(Buffer.from(text)), profile), readCsv(oneChunk(Buffer.from(text)), profile)];
    for (const row of first) for (const one of both) expect((await one.next()).value).toMatchObject({ cells: row });
  });

  it('with any line end is read the same', async () => {
    for (const end of ['\n', '\r\n', '\r'])
      expect(await cells(['a,b', '1,2', '"x","y"'].join(end))).toEqual([
        ['a', 'b'],
        ['1', '2'],
        ['x', 'y'],
      ]);
  });

  it('tells the line of each record, quoted line breaks counted', async () => {
    const records = await read('sku,title\nA,"two\nlines"\n\nB,one\n', { headerRow: 1 });
    expect(records.map(({ kind, line }) => [kind, line])).toEqual([
      ['header', 1],
      ['row', 2],
      ['row', 5],
    ]);
  });

  it('reports a ragged row and reads on', async () => {
    const records = await read('a,b,c\n1,2\n1,2,3,4\n"x"y,2,3\n1,2,3', { headerRow: 1 });
    expect(records.map((record) => (record.kind === 'problem' ? record.code : record.kind))).toEqual([
      'header',
      'too-few-cells',
      'too-many-cells',
      'text-after-quote',
      'row',
    ]);
  });

  it('that is cut off inside quotes, or is one endless line, is refused as a whole', async () => {
    await expect(read('a,b\n1,"2')).rejects.toMatchObject({ code: 'ends-inside-quotes', place: { line: 2 } });
    await expect(read(`a\n"${'x'.repeat(csvLimits.lineCharacters + 300_000)}`)).rejects.toMatchObject({
      code: 'line-too-long',
      place: { line: 2 },
    });
    await expect(read('1\n2\n3', { mostRows: 2 })).rejects.toMatchObject({ code: 'too-many-rows', place: { line: 3 } });
    await expect(read(','.repeat(3000))).rejects.toMatchObject({ code: 'too-many-columns' });
    await expect(read('a', { delimiter: '"' })).rejects.toMatchObject({ code: 'bad-delimiter' });
  });

  it('of a million quotes is read in a blink', async () => {
    const started = performance.now();
    await read(`${'"a""b",c\n'.repeat(100_000)}`);
    await read('"'.repeat(400_000)).catch(() => undefined);
    expect(performance.now() - started).toBeLessThan(3000);
  });
});

describe('a guess at delimited text', () => {
  it('finds delimiter, header and decimal sign', () => {
    const guess = detectCsv(Buffer.from('Artikel;Preis\nA1;1.234,50\nA2;12,00\n'));
    expect(guess).toMatchObject({
      delimiter: ';',
      headerRow: 1,
      decimal: ',',
      columns: 2,
      header: ['Artikel', 'Preis'],
      rows: [
        ['A1', '1.234,50'],
        ['A2', '12,00'],
      ],
    });
  });

  it('takes what is settled', () => {
    const guess = detectCsv(Buffer.from('List of today\n\nsku|qty\nA|1\n'), { delimiter: '|', headerRow: 3 });
    expect(guess).toMatchObject({ header: ['sku', 'qty'], rows: [['A', '1']] });
    expect(detectCsv(Buffer.from('a,b\nc,d\n'), { headerRow: null })).toMatchObject({
      header: null,
      rows: [
        ['a', 'b'],
        ['c', 'd'],
      ],
    });
  });

  it('never throws, whatever the bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => detectCsv(bytes).confidence.delimiter <= 1));
  });
});

describe('a figure', () => {
  it('is read by its decimal sign, and without one only when it can mean one thing', () => {
    expect([readFigure('1.234,50', ','), readFigure('1,234.50', '.'), readFigure('1 234,5', ',')]).toEqual([
      '1234.50',
      '1234.50',
      '1234.5',
    ]);
    expect([
      readFigure('1.234', null),
      readFigure('12.50', null),
      readFigure('1e3', '.'),
      readFigure('1,2,3', '.'),
      readFigure('', '.'),
    ]).toEqual([null, '12.50', null, null, null]);
  });
});

describe('what is written for spreadsheets', () => {
  it('cannot run as a formula, and plain signed figures stay figures', () => {
    for (const text of ['=1+1', '+cmd', '-cmd', '@SUM(A1)', '\t=1', ' =1', '＝1']) expect(guarded(text)).toBe(`'${text}`);
    for (const text of ['-12.50', '+3', 'plain', '']) expect(guarded(text)).toBe(text);
  });
});
