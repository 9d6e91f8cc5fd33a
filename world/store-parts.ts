import type { Product } from './catalog.ts';
import type { Realm } from './realm.ts';
import type { Shop } from './stores.ts';
import type { StoreOrder, StoreState } from './shops.ts';
import { cents } from './tills.ts';

/** Orders as a list of a store shows them now: by time of change, those left out that appear late, with what goes wrong with pages. */
export function listedOrders(realm: Realm, store: StoreState): StoreOrder[] {
  return Object.values(store.orders)
    .filter(({ id }) => (store.late[id] ?? 0) <= realm.now())
    .sort((one, other) =>
      one.updated_at === other.updated_at ? (one.id < other.id ? -1 : 1) : one.updated_at < other.updated_at ? -1 : 1,
    );
}

/** A page of a list as it leaves the store: in bad weather a row is missing, or comes twice. */
export function pageOf<Row>(realm: Realm, rows: readonly Row[], idOf: (row: Row) => string, call: string): Row[] {
  return rows.flatMap((row) => {
    if (realm.goesWrong('page_skip', call, idOf(row), realm.now())) return [];
    return realm.goesWrong('page_repeat', call, idOf(row), realm.now()) ? [row, row] : [row];
  });
}

/** What a shop sells, with numbers that platforms know it by: every third is one of up to eight of its kind. */
export interface Numbered {
  product: Product;
  /** Of the product, or of the family that it belongs to. */
  id: number;
  /** Of it within its family; null where it stands alone. */
  variation: number | null;
}

const numbered = new WeakMap<Shop, Numbered[]>();

export function goodsOf(shop: Shop): Numbered[] {
  const known = numbered.get(shop);
  if (known) return known;
  const bySku = [...shop.listed].sort((one, other) => (one.sku < other.sku ? -1 : 1));
  const all = bySku.map(
    (product, place): Numbered =>
      place % 3 === 2
        ? { product, id: 90_000 + Math.floor(place / 24), variation: 70_000 + place }
        : { product, id: 40_000 + place, variation: null },
  );
  numbered.set(shop, all);
  return all;
}

/** The sum of a line after its own discount, in cents. */
export const lineSum = ({ unit_price: price, quantity, discount }: StoreOrder['lines'][number]): number =>
  cents(price) * quantity - cents(discount);

/** A discount of the whole order, spread over its lines from the first on, as far as each bears it. In cents, by line. */
export function spread(order: StoreOrder): number[] {
  let left = cents(order.discount_total);
  return order.lines.map((line) => {
    const part = Math.min(left, lineSum(line));
    left -= part;
    return part;
  });
}
