import { type Answered, json } from './answer.ts';
import type { Realm } from './realm.ts';
import { shelfOf, tellShelf } from './shelf.ts';
import { cut, foundOf, refusal, searchOf } from './magento-search.ts';
import { goodsOf, type Numbered } from './store-parts.ts';
import type { Shop } from './stores.ts';
import { decimal } from './tills.ts';

const goodOf = (shop: Shop, sku: string): Numbered | undefined => goodsOf(shop).find(({ product }) => product.sku === sku);

export function listGoods(realm: Realm, shop: Shop, query: URLSearchParams): Answered {
  const { filters, size, page } = searchOf(query);
  const skus = filters.get('sku in')?.split(',');
  const rows = goodsOf(shop).filter(({ product }) => !skus || skus.includes(product.sku));
  const items = cut(rows, size, page).map((one) => {
    const { price, compare } = shelfOf(realm, shop, one.product);
    const attributes = [
      { attribute_code: 'gtin', value: one.product.gtin },
      ...(compare === null ? [] : [{ attribute_code: 'special_price', value: decimal(price) }]),
    ];
    return {
      id: one.variation ?? one.id,
      sku: one.product.sku,
      name: one.product.title,
      attribute_set_id: 4,
      price: (compare ?? price) / 100,
      status: 1,
      visibility: 4,
      type_id: 'simple',
      media_gallery_entries: [
        { id: one.id, media_type: 'image', label: '', position: 1, disabled: false, types: ['image'], file: `/${one.id}.jpg` },
      ],
      custom_attributes: attributes,
    };
  });
  return foundOf(items, rows.length);
}

export function listSources(realm: Realm, shop: Shop, query: URLSearchParams): Answered {
  const { filters, size, page } = searchOf(query);
  const skus = filters.get('sku in')?.split(',') ?? [];
  const rows = goodsOf(shop).filter(({ product }) => skus.includes(product.sku));
  const items = cut(rows, size, page).map(({ product }) => {
    const { quantity } = shelfOf(realm, shop, product);
    return { sku: product.sku, source_code: 'default', quantity, status: quantity > 0 ? 1 : 0 };
  });
  return foundOf(items, rows.length);
}

/** All rows or none: one that cannot be refuses them all. */
export function setSources(realm: Realm, shop: Shop, body: string): Answered {
  const { sourceItems = [] } = JSON.parse(body) as { sourceItems?: { sku: string; source_code: string; quantity: number }[] };
  const wrong = sourceItems.find(
    ({ sku, source_code: source, quantity }) => !goodOf(shop, sku) || source !== 'default' || !(quantity >= 0),
  );
  if (wrong) return refusal(400, 'Validation Failed', [wrong.sku]);
  for (const { sku, quantity } of sourceItems) {
    const one = goodOf(shop, sku);
    if (one) tellShelf(realm, shop, one.product, { sku, quantity });
  }
  return json(200, []);
}

interface Price {
  price: number;
  sku: string;
  store_id?: number;
  price_from?: string;
}

/** Takes those that can be, and says of the others why not. */
function eachOf(shop: Shop, body: string, put: (one: Numbered, price: Price) => void): Answered {
  const { prices = [] } = JSON.parse(body) as { prices?: Price[] };
  return json(
    200,
    prices.flatMap((price) => {
      const one = goodOf(shop, price.sku);
      if (one && price.price > 0) {
        put(one, price);
        return [];
      }
      return [{ message: "The product that was requested doesn't exist. SKU = %1", parameters: [price.sku] }];
    }),
  );
}

const tell = (realm: Realm, shop: Shop, { product }: Numbered, price: number, compare: number | null): void => {
  const { quantity } = shelfOf(realm, shop, product);
  tellShelf(realm, shop, product, {
    sku: product.sku,
    quantity,
    price: decimal(price),
    compare_at_price: compare === null ? null : decimal(compare),
  });
};

/** The price without regard to a special one, which goes on to count. */
export const setBase = (realm: Realm, shop: Shop, body: string): Answered =>
  eachOf(shop, body, (one, { price }) => {
    const { price: now, compare } = shelfOf(realm, shop, one.product);
    const figure = Math.round(price * 100);
    tell(realm, shop, one, compare === null ? figure : now, compare === null ? null : figure);
  });

export const setSpecial = (realm: Realm, shop: Shop, body: string): Answered =>
  eachOf(shop, body, (one, { price }) => {
    const { price: now, compare } = shelfOf(realm, shop, one.product);
    tell(realm, shop, one, Math.round(price * 100), compare ?? now);
  });

export const dropSpecial = (realm: Realm, shop: Shop, body: string): Answered =>
  eachOf(shop, body, (one) => {
    const { price, compare } = shelfOf(realm, shop, one.product);
    tell(realm, shop, one, compare ?? price, null);
  });

export function askSpecial(realm: Realm, shop: Shop, body: string): Answered {
  const { skus = [] } = JSON.parse(body) as { skus?: string[] };
  const standing = skus.flatMap((sku) => {
    const one = goodOf(shop, sku);
    const line = one ? shelfOf(realm, shop, one.product) : null;
    return line && line.compare !== null
      ? [{ price: line.price / 100, store_id: 0, sku, price_from: '2026-01-01 00:00:00', price_to: '2099-01-01 00:00:00' }]
      : [];
  });
  return json(200, standing);
}
