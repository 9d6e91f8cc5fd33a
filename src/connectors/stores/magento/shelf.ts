import { Fault } from '#kernel/fault';
import { minorDigits, showDecimal } from '#kernel/money';
import type { Instant } from '#kernel/time';
import type { Api } from '#ports/api';
import type { Published, PublishedOutcome, PublishedRow, ShelfRow } from '#ports/channel';
import { search } from './search.ts';
import { Anything, Products, SourceItems, SpecialPrices, Untaken } from './shapes.ts';

const perPage = 100;
/** A special price has to have an end; it stands until we say another. */
const noEnd = '2099-12-31 00:00:00';
/** A query holds so many SKUs before it grows too long for some servers. */
const skusPerQuestion = 50;

/** Magento names goods by their SKU alone, so that a row needs no other name; whether it is there is asked where nobody has seen it. */
export async function publish(
  api: Api,
  source: string,
  rows: readonly PublishedRow[],
  currency: string,
  key: string,
  now: Instant,
): Promise<{ outcomes: PublishedOutcome[] }> {
  const troubles = new Map<string, string>();
  const known = await knownOf(api, rows, troubles);
  await sayStock(api, source, known, troubles, `${key}:stock`);
  await sayPrices(
    api,
    known.filter(({ sku, priceMinor }) => priceMinor !== null && !troubles.has(sku)),
    troubles,
    currency,
    key,
    now,
  );
  return { outcomes: rows.map(({ sku }) => (troubles.has(sku) ? { sku, ok: false, why: troubles.get(sku) ?? '' } : { sku, ok: true })) };
}

async function knownOf(api: Api, rows: readonly PublishedRow[], troubles: Map<string, string>): Promise<PublishedRow[]> {
  const found = new Set(rows.filter(({ ref }) => ref).map(({ sku }) => sku));
  const unseen = rows.filter(({ ref }) => !ref).map(({ sku }) => sku);
  for (let from = 0; from < unseen.length; from += skusPerQuestion) {
    const skus = unseen.slice(from, from + skusPerQuestion);
    const page = await api.get(
      '/V1/products',
      Products,
      search([['sku', 'in', skus.join(',')]], { size: perPage, page: 1, sort: 'entity_id' }),
    );
    for (const { sku } of page.items ?? []) found.add(sku);
  }
  return rows.filter(({ sku }) => {
    if (!found.has(sku)) troubles.set(sku, 'The shop has no product with this SKU.');
    return found.has(sku);
  });
}

/** One row that cannot be stops all of its call: what is refused is said again by halves until the row is found. */
async function sayStock(
  api: Api,
  source: string,
  rows: readonly PublishedRow[],
  troubles: Map<string, string>,
  key: string,
): Promise<void> {
  if (rows.length === 0) return;
  const sourceItems = rows.map(({ sku, quantity }) => ({ sku, source_code: source, quantity, status: quantity > 0 ? 1 : 0 }));
  try {
    await api.post('/V1/inventory/source-items', Anything, { sourceItems }, key);
  } catch (error) {
    if (!(error instanceof Fault) || error.kind !== 'refused') throw error;
    if (rows.length === 1) {
      troubles.set(rows[0]?.sku ?? '', error.message);
      return;
    }
    const half = Math.ceil(rows.length / 2);
    await sayStock(api, source, rows.slice(0, half), troubles, `${key}:1`);
    await sayStock(api, source, rows.slice(half), troubles, `${key}:2`);
  }
}

/** What it costs now is a special price where there is one that it cost before; otherwise its price, and no special one stays. */
async function sayPrices(
  api: Api,
  rows: readonly PublishedRow[],
  troubles: Map<string, string>,
  currency: string,
  key: string,
  now: Instant,
): Promise<void> {
  if (rows.length === 0) return;
  const figure = (minor: bigint | null): number => Number(showDecimal({ minor: minor ?? 0n, currency }));
  const prices = rows.map(({ sku, priceMinor, compareMinor }) => ({ price: figure(compareMinor ?? priceMinor), store_id: 0, sku }));
  note(troubles, rows, await api.post('/V1/products/base-prices', Untaken, { prices }, `${key}:prices`));
  const standing = await api.ask('/V1/products/special-price-information', SpecialPrices, { skus: rows.map(({ sku }) => sku) });
  const wanted = new Map(rows.map((row) => [row.sku, row]));
  const over = standing.filter(({ sku, price }) => {
    const row = wanted.get(sku);
    return row && (row.compareMinor === null || figure(row.priceMinor) !== price);
  });
  if (over.length > 0)
    note(troubles, rows, await api.post('/V1/products/special-price-delete', Untaken, { prices: over }, `${key}:special-off`));
  const left = new Set(standing.filter((one) => !over.includes(one)).map(({ sku }) => sku));
  const special = rows.filter(({ sku, compareMinor }) => compareMinor !== null && !left.has(sku));
  if (special.length === 0) return;
  const from = now.subtract({ hours: 24 }).toString({ smallestUnit: 'second' }).replace('T', ' ').replace('Z', '');
  const said = special.map(({ sku, priceMinor }) => ({ price: figure(priceMinor), store_id: 0, sku, price_from: from, price_to: noEnd }));
  note(troubles, rows, await api.post('/V1/products/special-price', Untaken, { prices: said }, `${key}:special`));
}

/** Reasons name the SKU among their parameters. */
function note(
  troubles: Map<string, string>,
  rows: readonly PublishedRow[],
  untaken: readonly { message: string; parameters?: unknown[] | null }[],
): void {
  for (const { message, parameters } of untaken) {
    const named = rows.filter(({ sku }) => (parameters ?? []).includes(sku));
    const said = (parameters ?? []).reduce<string>((text, value, place) => text.replaceAll(`%${place + 1}`, String(value)), message);
    for (const { sku } of named.length > 0 ? named : rows) troubles.set(sku, said);
  }
}

/** The shelf by pages of products that can be sold by themselves. The cursor is the page. */
export async function published(api: Api, source: string, cursor: string, currency: string): Promise<Published> {
  const page = /^\d{1,6}$/.test(cursor) ? Number(cursor) : 1;
  const found = await api.get(
    '/V1/products',
    Products,
    search([['type_id', 'in', 'simple,virtual,downloadable']], { size: skusPerQuestion, page, sort: 'entity_id' }),
  );
  const products = found.items ?? [];
  const skus = products.map(({ sku }) => sku).filter((sku) => !sku.includes(','));
  const stock = new Map<string, number>();
  if (skus.length > 0) {
    const filters = [['sku', 'in', skus.join(',')] as const, ['source_code', 'eq', source] as const];
    const items = await api.get('/V1/inventory/source-items', SourceItems, search(filters, { size: perPage, page: 1, sort: 'sku' }));
    for (const { sku, quantity } of items.items ?? []) stock.set(sku, Math.floor(quantity ?? 0));
  }
  const minor = (figure: unknown): bigint | null => {
    const read = Number(figure);
    return figure === null || figure === undefined || Number.isNaN(read)
      ? null
      : BigInt(Math.round(Number((read * 10 ** minorDigits(currency)).toFixed(3))));
  };
  const rows = products.map((product): ShelfRow => {
    const attribute = (code: string): unknown => product.custom_attributes?.find(({ attribute_code: name }) => name === code)?.value;
    const [price, special] = [minor(product.price), minor(attribute('special_price'))];
    const gtin = attribute('gtin') ?? attribute('ean') ?? attribute('barcode');
    return {
      sku: product.sku,
      ref: product.sku,
      quantity: stock.get(product.sku) ?? 0,
      priceMinor: special ?? price,
      compareMinor: special === null ? null : price,
      title: product.name ?? '',
      brand: '',
      gtin: typeof gtin === 'string' ? gtin : '',
      image: product.media_gallery_entries?.[0]?.file ?? '',
      counted: stock.has(product.sku),
    };
  });
  return { rows, cursor: String(page + 1), more: products.length >= skusPerQuestion && page * skusPerQuestion < found.total_count };
}
