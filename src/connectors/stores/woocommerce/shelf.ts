import { readDecimal, showDecimal } from '#kernel/money';
import type { Api } from '#ports/api';
import type { Published, PublishedOutcome, PublishedRow, ShelfRow } from '#ports/channel';
import { Batched, type WooProduct, WooProducts, WooVariations } from './shapes.ts';

/** As many products as a page may have; those with variations are asked for theirs one by one. */
const perPage = 50;
const perBatch = 100;

/** A product's name for us: `p:12`, or `v:12:34` for a variation of it. */
type Ref = { product: number; variation: number | null };

function readRef(ref: string | undefined): Ref | null {
  const [, kind, product = '', , variation = ''] = /^(p|v):(\d{1,16})(:(\d{1,16}))?$/.exec(ref ?? '') ?? [];
  if (!kind) return null;
  return { product: Number(product), variation: kind === 'v' ? Number(variation) : null };
}

/** Stock and prices, in batches: simple products together, variations with their parent. */
export async function publish(
  api: Api,
  rows: readonly PublishedRow[],
  currency: string,
  key: string,
): Promise<{ outcomes: PublishedOutcome[] }> {
  const named = await withRefs(api, rows);
  const outcomes: PublishedOutcome[] = named.flatMap(({ row, ref }) =>
    ref ? [] : [{ sku: row.sku, ok: false, why: 'The shop has no product with this SKU.' }],
  );
  const known = named.flatMap(({ row, ref }) => (ref ? [{ row, ref }] : []));
  const groups = Map.groupBy(known, ({ ref }) =>
    ref.variation === null ? '/products/batch' : `/products/${ref.product}/variations/batch`,
  );
  for (const [path, group] of groups) {
    for (let from = 0; from < group.length; from += perBatch) {
      const part = group.slice(from, from + perBatch);
      const update = part.map(({ row, ref }) => ({ id: ref.variation ?? ref.product, ...figuresOf(row, currency) }));
      const said = await api.post(path, Batched, { update }, `${key}:${path}:${from}`);
      const errors = new Map((said.update ?? []).map((one) => [one.id, one.error?.message ?? '']));
      for (const { row, ref } of part) {
        const error = errors.get(ref.variation ?? ref.product);
        outcomes.push(
          error === '' ? { sku: row.sku, ok: true } : { sku: row.sku, ok: false, why: error ?? 'The shop did not say what became of it.' },
        );
      }
    }
  }
  return { outcomes };
}

/** Products that nobody has seen on the shelf yet are looked up by their SKU, all in one question. */
async function withRefs(api: Api, rows: readonly PublishedRow[]): Promise<{ row: PublishedRow; ref: Ref | null }[]> {
  const unknown = rows.filter(({ ref }) => readRef(ref) === null).map(({ sku }) => sku);
  const found = new Map<string, Ref>();
  for (let from = 0; from < unknown.length; from += perBatch) {
    const skus = unknown.slice(from, from + perBatch).filter((sku) => !sku.includes(','));
    if (skus.length === 0) continue;
    const products = await api.get('/products', WooProducts, { sku: skus.join(','), per_page: String(perBatch), status: 'any' });
    for (const { id, sku, type } of products) if (type === 'simple' && sku) found.set(sku, { product: id, variation: null });
  }
  return rows.map((row) => ({ row, ref: readRef(row.ref) ?? found.get(row.sku) ?? null }));
}

/** What it costs now, and what it cost before where there is such a price: WooCommerce calls them sale and regular. */
function figuresOf({ quantity, priceMinor, compareMinor }: PublishedRow, currency: string): Record<string, unknown> {
  const show = (minor: bigint): string => showDecimal({ minor, currency });
  const price =
    priceMinor === null
      ? {}
      : compareMinor === null
        ? { regular_price: show(priceMinor), sale_price: '' }
        : { regular_price: show(compareMinor), sale_price: show(priceMinor) };
  return { manage_stock: true, stock_quantity: quantity, ...price };
}

/** The shelf by pages of products, each with its variations. The cursor is the page. */
export async function published(api: Api, cursor: string, currency: string): Promise<Published> {
  const page = /^\d{1,6}$/.test(cursor) ? Number(cursor) : 1;
  const query = { per_page: String(perPage), page: String(page), orderby: 'id', order: 'asc', status: 'any' };
  const products = await api.get('/products', WooProducts, query);
  const rows: ShelfRow[] = [];
  for (const product of products) {
    const image = product.images?.[0]?.src ?? '';
    const title = product.name ?? '';
    if (product.type !== 'variable') {
      rows.push(shelfRow(product, `p:${product.id}`, { title, image }, currency));
      continue;
    }
    for (const variation of await variationsOf(api, product.id))
      rows.push(
        shelfRow(
          variation,
          `v:${product.id}:${variation.id}`,
          { title: variation.name || title, image: variation.image?.src ?? image },
          currency,
        ),
      );
  }
  return { rows, cursor: String(page + 1), more: products.length >= perPage };
}

async function variationsOf(api: Api, product: number) {
  const all = [];
  // A product of more than a thousand variations would have no end.
  for (let page = 1; page <= 10; page += 1) {
    const some = await api.get(`/products/${product}/variations`, WooVariations, {
      per_page: String(perBatch),
      page: String(page),
      orderby: 'id',
      order: 'asc',
    });
    all.push(...some);
    if (some.length < perBatch) break;
  }
  return all;
}

function shelfRow(product: WooProduct, ref: string, { title, image }: { title: string; image: string }, currency: string): ShelfRow {
  const amount = (text: string): bigint | null => (text === '' ? null : (readDecimal(text, currency)?.minor ?? null));
  const [regular, sale] = [amount(product.regular_price), amount(product.sale_price)];
  return {
    sku: (product.sku ?? '').trim() || `#${product.id}`,
    ref,
    quantity: product.stock_quantity ?? 0,
    priceMinor: sale ?? regular,
    compareMinor: sale === null ? null : regular,
    title,
    brand: '',
    gtin: product.global_unique_id ?? '',
    image,
    counted: product.manage_stock === true,
  };
}
