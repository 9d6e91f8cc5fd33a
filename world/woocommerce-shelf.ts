import { type Answered, json } from './answer.ts';
import type { Realm } from './realm.ts';
import { shelfOf, tellShelf } from './shelf.ts';
import { goodsOf, type Numbered } from './store-parts.ts';
import type { Shop } from './stores.ts';
import { decimal } from './tills.ts';

const mostPerPage = 100;
const isAlone = ({ variation }: Numbered): boolean => variation === null;

function goodOf(realm: Realm, shop: Shop, one: Numbered): Record<string, unknown> {
  const { quantity, price, compare } = shelfOf(realm, shop, one.product);
  return {
    id: one.variation ?? one.id,
    name: one.product.title,
    sku: one.product.sku,
    price: decimal(price),
    regular_price: decimal(compare ?? price),
    sale_price: compare === null ? '' : decimal(price),
    manage_stock: true,
    stock_quantity: quantity,
    stock_status: quantity > 0 ? 'instock' : 'outofstock',
    global_unique_id: one.product.gtin,
  };
}

export function listProducts(realm: Realm, shop: Shop, query: URLSearchParams, size: number): Answered {
  const skus = (query.get('sku') ?? '').split(',').filter((sku) => sku !== '');
  const page = Number(query.get('page') ?? '1');
  const fitting = goodsOf(shop).filter(({ product }) => skus.length === 0 || skus.includes(product.sku));
  const rows = [...new Map(fitting.map((one) => [one.id, one])).values()].sort((one, other) => one.id - other.id);
  const shown = rows.slice((page - 1) * size, page * size).map((one) => {
    const image = { id: one.id, src: `https://${shop.host}/wp-content/uploads/${one.id}.jpg` };
    if (isAlone(one)) return { ...goodOf(realm, shop, one), type: 'simple', status: 'publish', images: [image], variations: [] };
    return {
      ...goodOf(realm, shop, one),
      id: one.id,
      sku: '',
      manage_stock: false,
      stock_quantity: null,
      type: 'variable',
      status: 'publish',
      images: [image],
      variations: goodsOf(shop).flatMap(({ id, variation }) => (id === one.id ? [variation] : [])),
    };
  });
  return json(200, shown);
}

export function listVariations(realm: Realm, shop: Shop, id: number, query: URLSearchParams, size: number): Answered {
  const rows = goodsOf(shop).filter((one) => one.id === id && !isAlone(one));
  const page = Number(query.get('page') ?? '1');
  return json(
    200,
    rows
      .slice((page - 1) * size, page * size)
      .map((one) => ({ ...goodOf(realm, shop, one), image: { id: 1, src: `https://${shop.host}/wp-content/uploads/${id}.jpg` } })),
  );
}

/** Each row by itself: one that cannot be stops no other. */
export function batch(realm: Realm, shop: Shop, parent: number | null, body: string): Answered {
  const { update = [] } = JSON.parse(body) as {
    update?: { id: number; stock_quantity?: number; regular_price?: string; sale_price?: string }[];
  };
  if (update.length > mostPerPage)
    return json(413, {
      code: 'woocommerce_rest_request_entity_too_large',
      message: 'Unable to accept more than 100 items for this request.',
      data: { status: 413 },
    });
  const goods = goodsOf(shop);
  return json(200, {
    update: update.map(({ id, stock_quantity: quantity, regular_price: regular, sale_price: sale }) => {
      const one = goods.find((each) => (parent === null ? each.id === id && isAlone(each) : each.id === parent && each.variation === id));
      if (!one) return { id, error: { code: 'woocommerce_rest_product_invalid_id', message: 'Invalid ID.', data: { status: 400 } } };
      const [price, compare] = sale ? [sale, regular] : [regular, null];
      tellShelf(realm, shop, one.product, {
        sku: one.product.sku,
        quantity: quantity ?? shelfOf(realm, shop, one.product).quantity,
        ...(price === undefined ? {} : { price, compare_at_price: compare ?? null }),
      });
      return goodOf(realm, shop, one);
    }),
  });
}
