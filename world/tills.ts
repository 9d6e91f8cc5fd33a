import { euroPerDollar, type Product } from './catalog.ts';
import type { Realm } from './realm.ts';
import type { StoreState } from './shops.ts';
import type { Shop } from './stores.ts';

export const decimal = (cents: number): string =>
  `${cents < 0 ? '-' : ''}${Math.floor(Math.abs(cents) / 100)}.${String(Math.abs(cents) % 100).padStart(2, '0')}`;
export const cents = (text: string): number => Math.round(Number(text) * 100);

/** What a product sells for in that shop, in its minor units. */
export const priceIn = (shop: Shop, product: Product): number =>
  Math.round(Number(product.price_minor) * (shop.currency === 'EUR' ? euroPerDollar : 1));

export function storeOf(realm: Realm, code: string): StoreState {
  const store = realm.state.stores[code];
  if (store === undefined) throw new Error(`there is no store ${code} in this world`);
  return store;
}
