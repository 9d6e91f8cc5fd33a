import { describe, expect, it } from 'vitest';
import { oneChunk } from '#formats/text';
import { guessStarts } from './fixed-width.ts';
import { type FeedBatch, type FeedOptions, openFeed } from './index.ts';

const list = [
  'SKU      DESCRIPTION             QTY     PRICE',
  'A-100    Reading lamp, oak        12     19.90',
  'A-200    Vase                      0      4.50',
  'B-17     Chopping board, 30 cm   140     12.00',
  'B-18     Jug "blue"                7      8.25',
].join('\r\n');

async function read(source: AsyncIterable<Uint8Array>, more: Partial<FeedOptions> = {}) {
  const feed = await openFeed(source, { name: 'list.txt', observedCurrency: 'EUR', ...more });
  const rows: FeedBatch['rows'] = [];
  const refused: FeedBatch['refused'] = [];
  for await (const batch of feed.batches) {
    rows.push(...batch.rows);
    refused.push(...batch.refused);
  }
  return { guess: feed.guess, rows, refused };
}
async function* bytewise(text: string): AsyncGenerator<Uint8Array> {
  for (const byte of Buffer.from(text)) yield Uint8Array.of(byte);
}

describe('a text of fixed width', () => {
  it('is known by its gutters, names and all, and its lines keep their numbers', async () => {
    const { guess, rows } = await read(oneChunk(Buffer.from(list)));
    expect(guess).toMatchObject({ format: 'fixed-width', delimiter: null, headerRow: 1, starts: [1, 10, 34, 42] });
    expect(rows.map(({ line, supplierSku, title, quantity, costMinor }) => [line, supplierSku, title, quantity, costMinor])).toEqual([
      [2, 'A-100', 'Reading lamp, oak', 12, 1990n],
      [3, 'A-200', 'Vase', 0, 450n],
      [4, 'B-17', 'Chopping board, 30 cm', 140, 1200n],
      [5, 'B-18', 'Jug "blue"', 7, 825n],
    ]);
  });

  it('reads alike however it arrives', async () => {
    expect((await read(bytewise(list))).rows).toEqual((await read(oneChunk(Buffer.from(list)))).rows);
  });

  it('is cut where a person says', async () => {
    const { rows, guess } = await read(oneChunk(Buffer.from('0001LAMP 00199\n0002VASE 00050\n')), {
      mapping: {
        starts: [1, 5, 10],
        headerRow: null,
        columns: { supplierSku: '#1', title: '#2', cost: '#3' },
        transforms: { cost: [{ kind: 'multiply', by: '0.01' }] },
      },
    });
    expect(guess.starts).toEqual([1, 5, 10]);
    expect(rows.map(({ supplierSku, title, costMinor }) => [supplierSku, title, costMinor])).toEqual([
      ['0001', 'LAMP', 199n],
      ['0002', 'VASE', 50n],
    ]);
  });

  it('is not seen in prose, in what a sign cuts, or in too few lines', () => {
    expect(
      guessStarts('This is a text of some\nlines that a person wrote\nwithout any columns in it\nat all, as one can see.\n'),
    ).toBeNull();
    expect(guessStarts('a  b  c\nd  e  f\n')).toBeNull();
    expect(guessStarts('a\tb\tc\n'.repeat(10))).toBeNull();
  });

  it.each([[[]], [[2, 1]], [[0, 5]], [[1.5]]])('starts of %j are refused with a sentence', async (starts) => {
    await expect(read(oneChunk(Buffer.from(list)), { mapping: { starts } })).rejects.toThrow(/begin at whole places/);
  });
});
