import { writeCsv } from '#formats/csv';
import { hourMs, minuteMs } from './dice.ts';
import { leave } from './file-drop.ts';
import type { Realm } from './realm.ts';
import type { StoreOrder } from './shops.ts';
import { cents, decimal, storeOf } from './tills.ts';
import type { Shop } from './stores.ts';

export const csvOrderColumns = [
  'order_number',
  'placed_at',
  'email',
  'name',
  'line1',
  'line2',
  'city',
  'region',
  'postcode',
  'country',
  'sku',
  'title',
  'quantity',
  'unit_price',
  'currency',
  'shipping',
  'tax',
  'discount',
] as const;

const everyMs = 2 * hourMs;

/** The happening `csv.file`: what was ordered since the last file, one row for every line. */
export function dropOrderFile(realm: Realm, shop: Shop): void {
  const store = storeOf(realm, shop.code);
  realm.script.plan(realm.now() + everyMs, 'csv.file', { shop: shop.code });
  const ids = store.waiting.splice(0);
  if (ids.length === 0) return;
  const rows = ids.flatMap((id) => {
    const order = store.orders[id];
    return order === undefined ? [] : order.lines.map((_, at) => rowOf(order, at));
  });
  const stamp = new Date(realm.now()).toISOString().replaceAll(/[-:]/g, '').slice(0, 13);
  leave(realm, shop.code, store.files, 'orders', `orders-${stamp}.csv`, writeCsv(rows, { header: csvOrderColumns }));
}

/** What belongs to the whole order stands on its first row: shipping, tax and discount. */
function rowOf(order: StoreOrder, at: number): string[] {
  const line = order.lines[at];
  const to = order.shipping_address;
  if (line === undefined) return [];
  const discount = decimal(order.lines.reduce((sum, one) => sum + cents(one.discount), cents(order.discount_total)));
  const whole = at === 0 ? [order.shipping_total, order.tax_total, discount] : ['0.00', '0.00', '0.00'];
  const ship = [to.name, to.line1, to.line2, to.city, to.region, to.postcode, to.country];
  return [
    order.number,
    order.created_at,
    order.customer.email,
    ...ship,
    line.sku,
    line.title,
    String(line.quantity),
    line.unit_price,
    order.currency,
    ...whole,
  ];
}

export const startCsvStore = (realm: Realm, shop: Shop): void =>
  realm.script.plan(realm.now() + 20 * minuteMs, 'csv.file', { shop: shop.code });
