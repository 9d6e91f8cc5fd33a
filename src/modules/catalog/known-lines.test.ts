import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCsvBatches } from '#formats/csv';
import { oneChunk } from '#formats/text';
import { knownLines, NotByLines, type Sifted, sift } from './known-lines.ts';
import { LineMarks, Prints } from './prints.ts';

async function sifted(text: string, before: string | null, step = 7): Promise<{ out: string; seen: Sifted; lost: number }> {
  const known =
    before === null
      ? null
      : knownLines(
          Buffer.concat(
            [...(await sifted(before, null)).seen.prints.parts()].map((part) => new Uint8Array(part.buffer, 0, part.byteLength)),
          ),
        );
  const seen: Sifted = { same: 0, read: new LineMarks(), prints: new Prints() };
  const bytes = Buffer.from(text);
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let from = 0; from < bytes.length; from += step) yield bytes.subarray(from, from + step);
  }
  const out: Uint8Array[] = [];
  for await (const chunk of sift(pieces(), { delimiter: ',', headerLines: 1, known }, seen)) out.push(Buffer.from(chunk));
  return { out: Buffer.concat(out).toString(), seen, lost: known?.lost().length ?? 0 };
}

describe('lines of a file, held against the file before', () => {
  it('are handed on when they are new or other than they were, with their number', async () => {
    const { out, seen, lost } = await sifted('sku,qty\nA,1\nB,3\nN,9\nC,2\n', 'sku,qty\nA,1\nB,2\nC,2\n');
    expect(out).toBe('sku,qty\nB,3\nN,9\n');
    expect([seen.same, [0, 1, 2].map((nth) => seen.read.nth(nth)), lost]).toEqual([2, [1, 2, -1], 1]);
  });

  it('are all handed on when nothing is known, and a last line without its end is one', async () => {
    expect((await sifted('sku,qty\r\nA,1\r\n\r\nB,2', null)).out).toBe('sku,qty\r\nA,1\r\n\r\nB,2');
    expect((await sifted('sku,qty\nA,1\nB,2', 'sku,qty\nA,1\nB,2\n')).seen.same).toBe(2);
  });

  it('that stand twice are known once', async () => {
    expect((await sifted('h\nA,1\nA,1\n', 'h\nA,1\n')).out).toBe('h\nA,1\n');
  });

  it('in any other order are nearly all found, and none is found that was not there', async () => {
    const lines = Array.from({ length: 5000 }, (_, at) => `SKU-${at},${at % 7}`);
    const { seen } = await sifted(`h\n${lines.toReversed().join('\n')}\n`, `h\n${lines.join('\n')}\n`, 4096);
    expect(seen.same).toBeGreaterThan(4900);
    expect((await sifted(`h\n${lines.map((line) => `${line}0`).join('\n')}\n`, `h\n${lines.join('\n')}\n`, 4096)).seen.same).toBe(0);
  });

  it('are records, or the file is not read by lines: as the reader of CSV sees it', async () => {
    const cell = fc.constantFrom('a', '1', '"b"', '"c,d"', '"e""f"', '"g\nh"', '5"', '"x"y', '""', '', 'é', '"', '\r');
    const text = fc
      .array(
        fc.array(cell, { minLength: 2, maxLength: 3 }).map((cells) => cells.join(',')),
        { minLength: 1, maxLength: 6 },
      )
      .map((rows) => `k,v\n${rows.join('\n')}\n`);
    let byLines = 0;
    await fc.assert(
      fc.asyncProperty(text, async (file) => {
        const found = await sifted(file, null).catch((error: unknown) => {
          expect(error).toBeInstanceOf(NotByLines);
          return null;
        });
        if (!found) return;
        byLines += 1;
        const records = (
          await Array.fromAsync(readCsvBatches(oneChunk(Buffer.from(file)), { encoding: 'utf-8', delimiter: ',', headerRow: 1 }))
        ).flat();
        const lines = records.map((record) => [record.line, 'lastLine' in record ? record.lastLine : record.line]);
        // Each record begins and ends on one line, and no line that is not empty holds none.
        expect(lines.every(([first, last]) => first === last)).toBe(true);
        const full = file.split('\n').flatMap((line, at) => (line === '' || line === '\r' ? [] : [at + 1]));
        expect(lines.map(([first]) => first)).toEqual(full);
      }),
      { numRuns: 2000 },
    );
    expect(byLines).toBeGreaterThan(100);
  });
});
