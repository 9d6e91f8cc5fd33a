import type { Static } from 'typebox';
import { Fault } from '#kernel/fault';
import { readDecimal, showDecimal } from '#kernel/money';
import type { Published, PublishedOutcome, PublishedRow, ShelfRow } from '#ports/channel';
import {
  BySku,
  bySku,
  FiguresNow,
  figuresNow,
  Locations,
  locations,
  SetPrices,
  setPrices,
  SetStock,
  setStock,
  ShelfPage,
  shelfPage,
} from './documents.ts';
import { gidOf, type Graph, numberOf } from './graph.ts';

const perPage = 50;
/** Figures of so many variants cost below 1,000 points. */
const perQuestion = 100;
const skusPerQuestion = 25;
const tries = 3;

type Place = Static<typeof Locations>['locations']['nodes'][number];
type Variant = Static<typeof BySku>['productVariants']['nodes'][number];

/** Where stock of online orders is kept. */
export const isStockPlace = ({ isActive, fulfillsOnlineOrders, shipsInventory }: Place): boolean =>
  isActive && fulfillsOnlineOrders && shipsInventory;

export interface Shelf {
  publish(rows: readonly PublishedRow[], currency: string, key: string): Promise<{ outcomes: PublishedOutcome[] }>;
  published(cursor: string, currency: string): Promise<Published>;
}

/** Stock and prices of a shop, at the location given, or else the first that ships online orders. */
export function shelfOf(graph: Graph, location: string): Shelf {
  let known: Promise<string> | null = null;
  const place = (): Promise<string> => {
    known ??= findPlace(graph, location).catch((error: unknown) => {
      known = null;
      throw error;
    });
    return known;
  };
  return {
    publish: async (rows, currency, key) => publish(graph, await place(), rows, currency, key),
    published: async (cursor, currency) => published(graph, await place(), cursor, currency),
  };
}

async function findPlace(graph: Graph, location: string): Promise<string> {
  if (location !== '') return gidOf('Location', location);
  const found = (await graph.ask(locations, Locations)).locations.nodes.find(isStockPlace);
  if (!found)
    throw new Fault(
      'misconfigured',
      'no-location',
      'No location of the shop ships online orders. Make one in Shopify, or give its number.',
    );
  return found.id;
}

interface Wanted {
  row: PublishedRow;
  now: Variant;
}

/** Figures as they are now are asked for first: stock is set only where it still is so, and prices only where they differ. */
async function publish(
  graph: Graph,
  place: string,
  rows: readonly PublishedRow[],
  currency: string,
  key: string,
): Promise<{ outcomes: PublishedOutcome[] }> {
  const troubles = new Map<string, string>();
  const wanted = await figuresOf(graph, place, rows, troubles);
  await sayStock(graph, place, wanted, troubles, key);
  await sayPrices(graph, wanted, troubles, currency, key);
  return { outcomes: rows.map(({ sku }) => (troubles.has(sku) ? { sku, ok: false, why: troubles.get(sku) ?? '' } : { sku, ok: true })) };
}

async function figuresOf(graph: Graph, place: string, rows: readonly PublishedRow[], troubles: Map<string, string>): Promise<Wanted[]> {
  const found = new Map<string, Variant>();
  const named = rows.filter(({ ref }) => ref);
  for (let from = 0; from < named.length; from += perQuestion) {
    const ids = named.slice(from, from + perQuestion).map(({ ref }) => gidOf('ProductVariant', ref ?? ''));
    const { nodes } = await graph.ask(figuresNow, FiguresNow, { ids, location: place });
    for (const node of nodes) if (node) found.set(numberOf(node.id), node);
  }
  const unnamed = rows.filter(({ ref }) => !ref);
  for (let from = 0; from < unnamed.length; from += skusPerQuestion) {
    const skus = unnamed.slice(from, from + skusPerQuestion).map(({ sku }) => `sku:"${sku.replaceAll(/["\\]/g, '\\$&')}"`);
    const { productVariants } = await graph.ask(bySku, BySku, { query: skus.join(' OR '), location: place });
    for (const node of productVariants.nodes) if (node.sku) found.set(`sku ${node.sku}`, node);
  }
  return rows.flatMap((row) => {
    const now = found.get(row.ref ? row.ref : `sku ${row.sku}`);
    if (now) return [{ row, now }];
    troubles.set(row.sku, 'The shop has no variant with this SKU.');
    return [];
  });
}

const availableOf = ({ inventoryItem }: Variant): number | null =>
  inventoryItem.inventoryLevel?.quantities.find(({ name }) => name === 'available')?.quantity ?? null;

/** All or none is taken: rows that Shopify names are left out, and what was sold meanwhile is looked at again. */
async function sayStock(graph: Graph, place: string, all: readonly Wanted[], troubles: Map<string, string>, key: string): Promise<void> {
  let wanted = all.filter(({ row, now }) => availableOf(now) !== row.quantity);
  for (let attempt = 1; wanted.length > 0; attempt += 1) {
    const quantities = wanted.map(({ row, now }) => ({
      inventoryItemId: now.inventoryItem.id,
      locationId: place,
      quantity: row.quantity,
      changeFromQuantity: availableOf(now),
    }));
    const input = { name: 'available', reason: 'correction', quantities };
    const { inventorySetQuantities: said } = await graph.say(
      setStock,
      SetStock,
      { input, key: `${key}:stock:${attempt}` },
      `${key}:stock:${attempt}`,
    );
    const errors = said?.userErrors ?? [{ code: null, field: null, message: 'Shopify answered with nothing.' }];
    if (errors.length === 0) return;
    const isStale = errors.some(({ code }) => code?.endsWith('_STALE'));
    const named = new Set(isStale ? [] : errors.flatMap(({ field }) => placesIn(field)));
    for (const at of named) note(troubles, wanted[at]?.row.sku, errors.find(({ field }) => placesIn(field).includes(at))?.message);
    if (attempt >= tries || (!isStale && named.size === 0)) {
      for (const { row } of wanted)
        note(troubles, row.sku, isStale ? 'It was sold so fast that its stock could not be set; it is said again.' : errors[0]?.message);
      return;
    }
    const left = wanted.filter((_, at) => !named.has(at));
    wanted = isStale
      ? (
          await figuresOf(
            graph,
            place,
            left.map(({ row }) => row),
            troubles,
          )
        ).filter(({ row, now }) => availableOf(now) !== row.quantity)
      : left;
  }
}

/** `["input", "quantities", "3", "quantity"]` speaks of the fourth row. */
const placesIn = (field: readonly string[] | null): number[] => (field ?? []).flatMap((part) => (/^\d+$/.test(part) ? [Number(part)] : []));

const note = (troubles: Map<string, string>, sku: string | undefined, why: string | undefined): void => {
  if (sku !== undefined && !troubles.has(sku)) troubles.set(sku, why ?? 'Shopify did not say why.');
};

async function sayPrices(
  graph: Graph,
  all: readonly Wanted[],
  troubles: Map<string, string>,
  currency: string,
  key: string,
): Promise<void> {
  const show = (minor: bigint | null): string | null => (minor === null ? null : showDecimal({ minor, currency }));
  const minor = (text: string | null): bigint | null => (text === null ? null : (readDecimal(text, currency)?.minor ?? null));
  const changed = all.filter(
    ({ row, now }) => row.priceMinor !== null && (minor(now.price) !== row.priceMinor || minor(now.compareAtPrice) !== row.compareMinor),
  );
  for (const [product, group] of Map.groupBy(changed, ({ now }) => now.product.id)) {
    const variants = group.map(({ row, now }) => ({ id: now.id, price: show(row.priceMinor), compareAtPrice: show(row.compareMinor) }));
    const { productVariantsBulkUpdate: said } = await graph.say(
      setPrices,
      SetPrices,
      { product, variants },
      `${key}:prices:${numberOf(product)}`,
    );
    const errors = said?.userErrors ?? [{ field: null, message: 'Shopify answered with nothing.' }];
    for (const { field, message } of errors) {
      const places = placesIn(field);
      for (const { row } of places.length > 0 ? places.flatMap((at) => group[at] ?? []) : group) note(troubles, row.sku, message);
    }
  }
}

async function published(graph: Graph, place: string, cursor: string, currency: string): Promise<Published> {
  const { productVariants: page } = await graph.ask(shelfPage, ShelfPage, {
    first: perPage,
    location: place,
    ...(cursor ? { after: cursor } : {}),
  });
  const amount = (text: string | null): bigint | null => (text === null ? null : (readDecimal(text, currency)?.minor ?? null));
  const rows = page.nodes.map((node): ShelfRow => {
    const { sku, product, inventoryItem, title, barcode } = node;
    return {
      sku: (sku ?? '').trim() || `#${numberOf(node.id)}`,
      ref: numberOf(node.id),
      quantity: availableOf(node) ?? 0,
      priceMinor: amount(node.price),
      compareMinor: amount(node.compareAtPrice),
      title: title === 'Default Title' ? product.title : `${product.title} ${title}`,
      brand: product.vendor,
      gtin: barcode ?? '',
      image: product.featuredMedia?.preview?.image?.url ?? '',
      counted: inventoryItem.tracked,
    };
  });
  const { hasNextPage, endCursor } = page.pageInfo;
  return { rows, cursor: endCursor ?? '', more: hasNextPage && endCursor !== null && endCursor !== cursor };
}
