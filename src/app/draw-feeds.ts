import { createReadStream, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type FeedMapping, openFeed } from '#formats/feed';
import { Unreadable } from '#kernel/unreadable';
import { type Drawn, putIn } from './draw-life.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const lists = new URL('../../../shared/data/feeds/', import.meta.url);
/** Messages of stock and prices, as they were published. */
const messages = new URL('../../../shared/data/edi/', import.meta.url);
const edi = [
  '846/php-edi-coedition__846-sample2.edi',
  '846/x12parser__Example1.txt',
  '846/x12parser__Example2.txt',
  'INVRPT/eancom2002__invrpt_example1.edi',
  'x12-other/edinet__x12.832.edi',
  'x12-other/php-edi-coedition__832-sample2.edi',
];
const page = 'docs/operate/feeds-read.md';

/** What a person would say of a list: its currency, where it names none, and columns where no guess can know them. */
interface Said {
  currency?: string;
  mapping?: FeedMapping;
}

const partsList: Said = {
  currency: 'UAH',
  mapping: { columns: { brand: '#1', supplierSku: '#2', cost: '#3', quantity: '#4', title: '#5' }, headerRow: null },
};
const said: Readonly<Record<string, Said>> = {
  'bigcommerce__tracking_carrier_values.csv': { mapping: { columns: { supplierSku: '#2', title: '#1' } } },
  'carparts__pricelist_noheader.csv': partsList,
  'derived__pricelist_windows-1251.csv': partsList,
  'omniparser__csv2_4_nested.input.csv': { mapping: { columns: { supplierSku: '#3', title: '#6' }, headerRow: null } },
  'omniparser__fixedlength2_4_nested.input.txt': {
    mapping: { starts: [1, 4, 20, 82], columns: { supplierSku: '#2', title: '#3' }, headerRow: null },
  },
  'omniparser__xml_2_multiple_objects.input.xml': {
    currency: 'USD',
    mapping: { columns: { supplierSku: '@title', cost: '@price', brand: 'author' } },
  },
  'prestashop__suppliers_import.csv': { mapping: { columns: { supplierSku: 'Supplier ID', title: 'Name *' } } },
  'prestashop__supply_orders_details_import.csv': {
    currency: 'EUR',
    mapping: { columns: { supplierSku: 'Product ID *', cost: 'Unit Price (tax excl.)*', quantity: 'Quantity Expected *' } },
  },
  'prestashop__supply_orders_import.csv': { mapping: { columns: { supplierSku: 'Supply Order Reference *' } } },
  'spree__products_import.csv': { mapping: { columns: { supplierSku: 'slug' }, headerRow: 1, shortRows: 'fill' } },
  '846/php-edi-coedition__846-sample2.edi': { currency: 'USD' },
  '846/x12parser__Example2.txt': { currency: 'USD', mapping: { finePrices: 'round' } },
  'INVRPT/eancom2002__invrpt_example1.edi': { currency: 'EUR' },
  'x12-other/php-edi-coedition__832-sample2.edi': { currency: 'USD' },
  'google-merchant__importpc.xml.gz': { currency: 'CZK' },
  'derived__apparel_utf8-bom_crlf.csv': { currency: 'USD' },
  'derived__jewelery_utf-16le.tsv': { currency: 'USD' },
  'product-csvs__apparel.csv': { currency: 'USD' },
  'product-csvs__jewelery.csv': { currency: 'USD' },
  'prestashop__combinations_import.csv': { currency: 'EUR' },
  'prestashop__products_import.csv': { currency: 'EUR' },
  'retailer__listings.csv.gz': { currency: 'EUR' },
  'retailer__listings.xlsx': { currency: 'EUR' },
};

export interface ListRead {
  file: string;
  how: string;
  needs: string;
  rows: number;
  refused: number;
  why: string;
}

export const listNames = (): string[] =>
  existsSync(lists)
    ? [
        ...readdirSync(lists)
          .filter((name) => name !== 'INDEX.md')
          .sort(byName),
        ...edi.filter((name) => existsSync(new URL(name, messages))),
      ]
    : [];
const byName = (one: string, other: string): number => (one < other ? -1 : 1);

/** Reads a list as the wizard would: by its own guess, with the currency said, or with a mapping. */
export async function readList(file: string): Promise<ListRead> {
  const { currency, mapping } = said[file] ?? {};
  const needs = mapping ? 'a mapping' : currency ? `its currency, ${currency}` : 'nothing';
  const options = { name: file, ...(currency ? { observedCurrency: currency } : {}), ...(mapping ? { mapping } : {}) };
  try {
    const { guess, batches } = await openFeed(createReadStream(new URL(file, edi.includes(file) ? messages : lists)), options);
    const reasons = new Map<string, number>();
    let rows = 0;
    let refused = 0;
    for await (const batch of batches) {
      rows += batch.rows.length;
      refused += batch.refused.length;
      for (const { why: reason } of batch.refused) {
        const why = reason.replace(/^Lines? [\d to]+ has/, 'A row has');
        reasons.set(why, (reasons.get(why) ?? 0) + 1);
      }
    }
    const how = [
      guess.format,
      guess.encoding,
      ...(guess.isGzip ? ['gzip'] : []),
      ...(guess.fillDown === null ? [] : [`rows by ${guess.fillDown}`]),
    ];
    return { file, how: how.join(', '), needs, rows, refused, why: [...reasons].map(([why, count]) => `${count} × ${why}`).join('; ') };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { file, how: 'not read', needs, rows: 0, refused: 0, why: error.message };
  }
}

/** The table of all lists; null where they are not beside the checkout. */
export async function drawnFeeds(): Promise<Drawn | null> {
  const names = listNames();
  if (names.length === 0) return null;
  const rows: ListRead[] = [];
  for (const name of names) rows.push(await readList(name));
  const lines = rows.map(
    ({ file, how, needs, rows: read, refused, why }) => `| ${file} | ${how} | ${needs} | ${read} | ${refused} | ${why} |`,
  );
  return {
    path: page,
    name: 'feeds',
    text: ['| List | Read as | Needs | Offers | Refused | Why |', '|---|---|---|---|---|---|', ...lines].join('\n'),
  };
}

/** Draws the page anew; true when it changed. */
export async function drawFeeds(): Promise<boolean> {
  const drawn = await drawnFeeds();
  if (drawn === null) return false;
  const before = readFileSync(`${root}${page}`, 'utf8');
  const now = putIn(before, drawn);
  if (now !== before) writeFileSync(`${root}${page}`, now);
  return now !== before;
}

/** The page as it stands. */
export const feedsPage = (): string => readFileSync(`${root}${page}`, 'utf8');
