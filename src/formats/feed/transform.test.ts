import { describe, expect, it } from 'vitest';
import { oneChunk } from '#formats/text';
import { type FeedBatch, type FeedMapping, type FeedOptions, openFeed } from './index.ts';

async function read(text: string, more: Partial<FeedOptions> = {}) {
  const feed = await openFeed(oneChunk(Buffer.from(text)), { name: 'list.txt', observedCurrency: 'EUR', ...more });
  const whole: FeedBatch = { rows: [], refused: [], doubts: [] };
  for await (const batch of feed.batches)
    for (const part of ['rows', 'refused', 'doubts'] as const) (whole[part] as unknown[]).push(...batch[part]);
  return { guess: feed.guess, ...whole };
}
type Transforms = NonNullable<FeedMapping['transforms']>;
const by = (transforms: Transforms) => ({ mapping: { transforms } });

describe('a transform', () => {
  const list = 'sku;name;price;stock;pack\nA-1 (old);Lamp / oak;1990;3;x\nA-2;Vase;500;0;y\n';

  it.each([
    ['cost in cents', { cost: [{ kind: 'multiply', by: '0.01' }] }, (row) => row.costMinor, [1990n, 500n]],
    ['what stands before a sign', { supplierSku: [{ kind: 'take', before: ' (' }] }, (row) => row.supplierSku, ['A-1', 'A-2']],
    ['what stands behind a sign', { title: [{ kind: 'take', after: '/ ' }] }, (row) => row.title, ['oak', 'Vase']],
    [
      'columns joined',
      { title: [{ kind: 'join', columns: ['name', 'pack'], with: ', ' }] },
      (row) => row.title,
      ['Lamp / oak, x', 'Vase, y'],
    ],
    [
      'a word for another',
      { title: [{ kind: 'replace', from: 'Vase', to: 'Jug', whole: true }] },
      (row) => row.title,
      ['Lamp / oak', 'Jug'],
    ],
    ['the same everywhere', { brand: [{ kind: 'constant', text: 'Nova' }] }, (row) => row.brand, ['Nova', 'Nova']],
    [
      'several, one after the other',
      {
        brand: [
          { kind: 'join', columns: ['pack'] },
          { kind: 'replace', from: 'x', to: '' },
          { kind: 'constant', text: 'none', when: 'empty' },
        ],
      },
      (row) => row.brand,
      ['none', 'y'],
    ],
  ] as [string, Transforms, (row: FeedBatch['rows'][number]) => unknown, unknown[]][])(
    'gives %s',
    async (_, transforms, part, expected) => {
      const { rows } = await read(list, by(transforms));
      expect(rows.map(part)).toEqual(expected);
    },
  );

  it('multiplies exactly, in the notation of the file, and leaves what is no figure to be refused', async () => {
    const { rows, refused } = await read('sku;price\nA;1.234,5\nB;0,1\nC;many\n', {
      mapping: {
        decimal: ',',
        columns: { supplierSku: 'sku', cost: 'price' },
        transforms: { cost: [{ kind: 'multiply', by: '0.3' }] },
        finePrices: 'round',
      },
    });
    expect(rows.map(({ costMinor }) => costMinor)).toEqual([37035n, 3n]);
    expect(refused).toMatchObject([{ supplierSku: 'C', field: 'cost', value: 'many' }]);
  });

  it('works on JSON too', async () => {
    const { rows } = await read('[{"id":"A","n":{"a":"Lamp","b":"oak"},"cost":199},{"id":"B","n":{"a":"Vase"},"cost":50}]', {
      mapping: {
        columns: { supplierSku: 'id', cost: 'cost', title: 'n.a' },
        transforms: { title: [{ kind: 'join', columns: ['n.a', 'n.b'], with: ' ' }], cost: [{ kind: 'multiply', by: '0.01' }] },
      },
    });
    expect(rows.map(({ title, costMinor }) => [title, costMinor])).toEqual([
      ['Lamp oak', 199n],
      ['Vase', 50n],
    ]);
  });

  it.each([
    [{ cost: [{ kind: 'multiply', by: '1,5' }] }, /cannot be multiplied by "1,5"/],
    [{ colour: [{ kind: 'constant', text: 'x' }] }, /"colour" is no field/],
    [{ title: [{ kind: 'take' }] }, /before or after/],
    [{ title: [{ kind: 'join', columns: [] }] }, /1 to 20 columns/],
    [{ title: [{ kind: 'replace', from: '', to: 'x' }] }, /Nothing cannot be replaced/],
  ] as [Transforms, RegExp][])('%j is refused with a sentence', async (transforms, says) => {
    await expect(read(list, by(transforms))).rejects.toThrow(says);
  });
});

describe('rows that belong together', () => {
  const list = [
    'Handle,Title,Vendor,Option1 Name,Option1 Value,Variant SKU,Variant Inventory Qty,Variant Price,Image Src',
    'top,Varsity top,Nova,Size,Small,,1,60,a.jpg',
    'top,,,,Medium,,2,61,',
    'top,,,,Large,T-L,3,62,',
    'top,,,,,,,,b.jpg',
    'hat,Felt hat,Rio,Title,Default Title,,4,20,c.jpg',
  ].join('\n');

  it('take over what is blank, are named by handle and option, and rows with another picture are none', async () => {
    const { guess, rows, refused } = await read(list);
    expect(guess.fillDown).toBe('Handle');
    expect(guess.notes.join(' ')).toMatch(/belong together/);
    expect(rows.map(({ supplierSku, title, brand, quantity, costMinor }) => [supplierSku, title, brand, quantity, costMinor])).toEqual([
      ['top/Small', 'Varsity top', 'Nova', 1, 6000n],
      ['top/Medium', 'Varsity top', 'Nova', 2, 6100n],
      ['T-L', 'Varsity top', 'Nova', 3, 6200n],
      ['hat', 'Felt hat', 'Rio', 4, 2000n],
    ]);
    expect(refused).toEqual([]);
  });

  it('are what a person says, of any column', async () => {
    const { rows } = await read('group,name,sku,price\n1,Cup,A,5\n1,,B,6\n2,Jug,C,7\n', { mapping: { fillDown: 'group' } });
    expect(rows.map(({ supplierSku, title }) => [supplierSku, title])).toEqual([
      ['A', 'Cup'],
      ['B', 'Cup'],
      ['C', 'Jug'],
    ]);
  });
});
