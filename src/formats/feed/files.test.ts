import { createReadStream, existsSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Unreadable } from '#kernel/unreadable';
import { type Feed, type FeedBatch, openFeed, type FeedOptions } from './index.ts';

const folder = new URL('../../../../shared/data/feeds/', import.meta.url);

/** What each file must come to; a code where it is no feed of offers, or needs a person first. */
const expected: Readonly<Record<string, { format: string; rows: number; refused?: number; more?: Partial<FeedOptions> } | string>> = {
  'yml__akcent_raw.xml': { format: 'yml', rows: 144, more: { observedCurrency: 'KZT' } },
  'yml__akcent_processed.xml': { format: 'yml', rows: 144, more: { observedCurrency: 'KZT' } },
  'yml__alstyle_raw.xml.gz': { format: 'yml', rows: 2003, more: { observedCurrency: 'KZT' } },
  'yml__comportal_raw.xml.gz': { format: 'yml', rows: 620, more: { observedCurrency: 'KZT' } },
  'google-merchant__importpc.xml.gz': { format: 'google-rss', rows: 1255, more: { observedCurrency: 'CZK' } },
  'refurbed__import.csv': { format: 'csv', rows: 589 },
  'retailer__listings.csv.gz': { format: 'csv', rows: 2265, refused: 619 },
  'prestashop__products_import.csv': { format: 'csv', rows: 7 },
  'prestashop__combinations_import.csv': { format: 'csv', rows: 27 },
  'carparts__pricelist_noheader.csv': 'no-sku-column',
  'derived__pricelist_windows-1251.csv': 'no-sku-column',
  'omniparser__csv2_4_nested.input.csv': 'no-sku-column',
  'omniparser__fixedlength2_4_nested.input.txt': 'no-sku-column',
  'prestashop__suppliers_import.csv': 'no-sku-column',
  'retailer__listings.xlsx': { format: 'xlsx', rows: 2265, refused: 619 },
};

const files = existsSync(folder) ? readdirSync(folder).filter((name) => name !== 'INDEX.md') : [];

async function walked(feed: Feed): Promise<FeedBatch> {
  const whole: FeedBatch = { rows: [], refused: [], doubts: [] };
  for await (const batch of feed.batches)
    for (const part of ['rows', 'refused', 'doubts'] as const) (whole[part] as unknown[]).push(...batch[part]);
  return whole;
}

describe.skipIf(files.length === 0)('real feeds (skipped without ../shared/data/feeds)', () => {
  it.each(files)('%s is read, or refused in a sentence', async (name) => {
    const wish = expected[name];
    const more = typeof wish === 'object' ? wish.more : {};
    const settled = await openFeed(createReadStream(new URL(name, folder)), { name, observedCurrency: 'EUR', ...more })
      .then(async (feed) => ({ feed, batch: await walked(feed) }))
      .catch((error: unknown) => error);
    if (typeof wish === 'string' || settled instanceof Error) {
      expect(settled).toBeInstanceOf(Unreadable);
      if (typeof wish === 'string') expect((settled as Unreadable).code).toBe(wish);
      expect((settled as Unreadable).fix).not.toBe('');
      return;
    }
    const { feed, batch } = settled as { feed: Feed; batch: FeedBatch };
    for (const row of batch.rows) expect(row.supplierSku).not.toBe('');
    for (const { why } of batch.refused) expect(why).not.toBe('');
    if (wish) expect([feed.guess.format, batch.rows.length, batch.refused.length]).toEqual([wish.format, wish.rows, wish.refused ?? 0]);
  });

  it('a price list in Windows-1251 without column names reads as its twin in UTF-8', async () => {
    const mapping = { columns: { brand: '#1', supplierSku: '#2', cost: '#3', quantity: '#4', title: '#5' }, headerRow: null } as const;
    const [one, other] = await Promise.all(
      ['carparts__pricelist_noheader.csv', 'derived__pricelist_windows-1251.csv'].map(async (name) =>
        walked(await openFeed(createReadStream(new URL(name, folder)), { name, observedCurrency: 'UAH', mapping })),
      ),
    );
    expect(one?.rows.length).toBeGreaterThan(200);
    expect(other?.rows).toEqual(one?.rows);
  });
});
