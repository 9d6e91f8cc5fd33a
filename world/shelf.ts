import { type Answered, type Asked, json } from './answer.ts';
import type { Product } from './catalog.ts';
import { dayMs } from './dice.ts';
import type { ShelfLine } from './shops.ts';
import type { Realm } from './realm.ts';
import { cents, decimal, priceIn, storeOf } from './tills.ts';
import type { Shop } from './stores.ts';

const mostPerCall = 250;
/** What a store shows of something nobody has told it about yet. */
const atFirst = 25;

/** What a store shows of a product now. CSV stores are never told, and sell as if there were always some. */
export function shelfOf(realm: Realm, shop: Shop, product: Product): ShelfLine {
  return (storeOf(realm, shop.code).shelf[product.sku] ??= { quantity: atFirst, price: priceIn(shop, product), compare: null });
}

/** `POST /inventory` takes absolute figures, once per key; `GET /inventory` shows them by SKU, page by page. */
export function serveShelf(realm: Realm, shop: Shop, asked: Asked): Answered {
  if (asked.method === 'GET') return list(realm, shop, asked.query);
  return asked.method === 'POST' ? take(realm, shop, asked) : json(405, { error: 'method not allowed' });
}

function list(realm: Realm, shop: Shop, query: URLSearchParams): Answered {
  const limit = Number(query.get('limit') ?? '100');
  if (!Number.isInteger(limit) || limit < 1 || limit > mostPerCall) return json(400, { error: `limit is from 1 to ${mostPerCall}` });
  const after = query.get('after') ?? '';
  const rest = shop.listed.filter(({ sku }) => sku > after).sort((one, other) => (one.sku < other.sku ? -1 : 1));
  const items = rest.slice(0, limit).map((product) => {
    const { quantity, price, compare } = shelfOf(realm, shop, product);
    return { sku: product.sku, quantity, price: decimal(price), compare_at_price: compare === null ? null : decimal(compare) };
  });
  return json(200, { items, more: rest.length > limit });
}

interface Item {
  sku: string;
  quantity: number;
  price?: string;
  compare_at_price?: string | null;
}

function take(realm: Realm, shop: Shop, asked: Asked): Answered {
  const key = asked.header('idempotency-key');
  if (key === '') return json(400, { error: 'Idempotency-Key is missing' });
  const items = itemsOf(asked.body);
  if (typeof items === 'string') return json(422, { error: 'unprocessable', message: items });
  const store = storeOf(realm, shop.code);
  const isRepeat = store.keys[key] !== undefined;
  store.keys[key] = 'inventory';
  const results = items.map((item) => {
    const product = realm.catalog.bySku.get(item.sku);
    if (product === undefined || !shop.listed.includes(product))
      return { sku: item.sku, ok: false, error: 'there is no such SKU in this store' };
    // An answer that was lost is asked for again: what was said since then stays.
    if (!isRepeat) tellShelf(realm, shop, product, item);
    return { sku: item.sku, ok: true };
  });
  return json(200, { results });
}

function itemsOf(body: string): Item[] | string {
  let told: { items?: unknown };
  try {
    told = JSON.parse(body) as { items?: unknown };
  } catch {
    return 'the body is not JSON';
  }
  if (!Array.isArray(told.items) || told.items.length === 0) return 'items are missing';
  if (told.items.length > mostPerCall) return `at most ${mostPerCall} items`;
  const items = told.items as Item[];
  const bad = items.find(
    ({ sku, quantity, price }) =>
      typeof sku !== 'string' || !Number.isInteger(quantity) || quantity < 0 || (price !== undefined && !(cents(price) > 0)),
  );
  return bad === undefined ? items : `${String(bad.sku)} has no quantity or price that could be`;
}

/** A store was told what to show of a product; the world remembers it, and what should never have been said. */
export function tellShelf(realm: Realm, shop: Shop, product: Product, { quantity, price, compare_at_price: compare }: Item): void {
  const line = shelfOf(realm, shop, product);
  const was = line.quantity;
  line.quantity = quantity;
  if (price !== undefined) {
    line.price = cents(price);
    line.compare = compare === undefined || compare === null ? null : cents(compare);
  }
  realm.memory.shown[`${shop.code}/${product.sku}`] = { quantity, price: line.price, at: realm.now() };
  judge(realm, shop, product, { was, is: quantity });
}

/** For so long a figure that a supplier said may still be behind what a store shows. */
const believedMs = 8 * dayMs;
/** Figures of less than this may well be all promised. */
const plenty = 20;

/** Remembers what a store should never have been told: more than any supplier said, or next to nothing though one of them has plenty. */
function judge(realm: Realm, shop: Shop, product: Product, { was, is }: { was: number; is: number }): void {
  const since = realm.now() - believedMs;
  const said = realm.suppliers.map(({ code }) =>
    (realm.state.suppliers[code]?.said[product.sku] ?? []).filter(
      ({ at }, place, all) => at >= since || (all[place + 1]?.at ?? realm.now()) >= since,
    ),
  );
  const most = said.reduce((sum, figures) => sum + Math.max(0, ...figures.map(({ quantity }) => quantity)), 0);
  if (is > most)
    realm.memory.wronged.push({ channel: shop.code, sku: product.sku, at: realm.now(), what: `${is} shown, ${most} said by suppliers` });
  const least = Math.max(
    0,
    ...said.map((figures) => Math.min(...figures.map(({ quantity }) => quantity), figures.length > 0 ? Infinity : 0)),
  );
  // When the story is over, lists come no more, and figures that grow old count for nothing: as they should.
  const isOver = realm.state.counters['healed'] === 1;
  if (!isOver && least >= plenty && was * 2 >= least && is * 4 < least)
    realm.memory.zeroed.push({ channel: shop.code, sku: product.sku, at: realm.now() });
}
