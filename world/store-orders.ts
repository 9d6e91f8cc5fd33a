import { between, type Chance } from '#kernel/chance';
import type { Product } from './catalog.ts';
import { dayMs, dice, hourMs, minuteMs, stretch } from './dice.ts';
import type { SeenOrder } from './memory.ts';
import { isoTime, type Realm } from './realm.ts';
import type { StoreLine, StoreOrder, StoreState } from './shops.ts';
import { inventShopper, inventThief, type Shopper } from './shoppers.ts';
import { shelfOf } from './shelf.ts';
import { cents, decimal, priceIn, storeOf } from './tills.ts';
import type { Shop } from './stores.ts';

/** A new order of some shopper, at the realm's time, with what will come of it later. Gives its id. */
export function placeOrder(
  realm: Realm,
  shop: Shop,
  name: string,
  shopper: Shopper = inventShopper(realm.seed, name, shop.currency),
): string {
  const chance = dice(realm.seed, 'order', shop.code, name);
  const order = inventOrder(realm, shop, chance, shopper);
  put(realm, shop, order);
  planLater(realm, shop, order, chance);
  if (chance.next() < 0.01) {
    const twin = { ...structuredClone(order), ...nextNumber(realm, shop) };
    put(realm, shop, twin);
    realm.memory.twins.push([`${shop.code}/${order.id}`, `${shop.code}/${twin.id}`]);
  }
  return order.id;
}

function nextNumber(realm: Realm, shop: Shop): { id: string; number: string } {
  const count = realm.count(`orders/${shop.code}`);
  // Ids beyond 2^53, as large stores give them: they must never become numbers.
  const number = `${shop.prefix}${1000 + count}`;
  if (shop.kind === 'csv') return { id: number, number };
  // Platforms that show ids as JSON numbers keep below that.
  return { id: `${shop.kind === 'rest' ? '90071992547' : '5600'}${String(shop.index)}${String(100_000 + count)}`, number };
}

function inventOrder(realm: Realm, shop: Shop, chance: Chance, shopper: Shopper): StoreOrder {
  const lines = inventLines(realm, shop, chance);
  const sum = (part: (line: StoreLine) => number): number => lines.reduce((total, line) => total + part(line), 0);
  const subtotal = sum((line) => cents(line.unit_price) * line.quantity);
  const discounts = sum((line) => cents(line.discount));
  const express = chance.next() < 0.12;
  const shipping = express ? 1495 : subtotal > 9900 ? 0 : 595;
  const tax = sum((line) => cents(line.tax));
  const voucher = chance.next() < 0.05 && shop.kind !== 'csv' ? Math.min(1000, Math.floor(subtotal / 10)) : 0;
  const total = subtotal - discounts - voucher + shipping + tax;
  const now = isoTime(realm.now());
  const drawn = chance.next();
  return {
    ...nextNumber(realm, shop),
    created_at: now,
    updated_at: now,
    currency: shop.currency,
    financial_status: shop.kind === 'csv' || drawn >= 0.08 ? 'paid' : drawn < 0.03 ? 'pending' : 'authorized',
    cancelled_at: null,
    test: chance.next() < 0.003 && ['rest', 'shopify'].includes(shop.kind),
    customer: { name: shopper.name, email: shopper.email, phone: shopper.phone },
    shipping_address: shopper.address,
    shipping_service: express ? 'express' : 'standard',
    lines,
    subtotal: decimal(subtotal),
    discount_total: decimal(voucher),
    shipping_total: decimal(shipping),
    tax_total: decimal(tax),
    total: decimal(total),
    note: chance.next() < 0.03 ? 'It is a gift: please leave out the invoice.' : '',
    tags: chance.next() < 0.04 ? ['vip'] : [],
  };
}

function inventLines(realm: Realm, shop: Shop, chance: Chance): StoreLine[] {
  const wanted = chance.next() < 0.72 ? 1 : chance.next() < 0.75 ? 2 : between(chance, 3, 5);
  const taken = new Set<number>();
  while (taken.size < Math.min(wanted, shop.listed.length)) {
    // Some things sell much better than others.
    taken.add(Math.min(shop.listed.length - 1, Math.floor(chance.next() ** 2 * shop.listed.length)));
  }
  return [...taken].map((at, line) => {
    const product = inStock(realm, shop, at);
    const wish = chance.next() < 0.84 ? 1 : between(chance, 2, 4);
    const { quantity, price } = takeFromShelf(realm, shop, product, wish);
    const discount = chance.next() < 0.08 ? Math.round(price * quantity * 0.1) : 0;
    const unknown = chance.next() < 0.002;
    return {
      id: String(line + 1),
      sku: unknown ? `OLD-${product.sku}` : product.sku,
      title: product.title,
      quantity,
      unit_price: decimal(price),
      discount: decimal(discount),
      tax: decimal(Math.round((price * quantity - discount) * shop.taxRate)),
      cancelled_quantity: 0,
    };
  });
}

/** The product at this place, or the next one after it that the store has any of. */
function inStock(realm: Realm, shop: Shop, at: number): Product {
  const count = shop.listed.length;
  for (let step = 0; step < count; step += 1) {
    const product = shop.listed[(at + step) % count];
    if (product !== undefined && (shop.kind === 'csv' || shelfOf(realm, shop, product).quantity > 0)) return product;
  }
  const wished = shop.listed[at];
  if (wished === undefined) throw new Error(`${shop.code} lists nothing at ${at}`);
  return wished;
}

/** A store sells what it shows, at the price that it shows, and shows so many less from then on. */
function takeFromShelf(realm: Realm, shop: Shop, product: Product, wish: number): { quantity: number; price: number } {
  if (shop.kind === 'csv') return { quantity: wish, price: priceIn(shop, product) };
  const line = shelfOf(realm, shop, product);
  const quantity = Math.max(1, Math.min(wish, line.quantity));
  line.quantity = Math.max(0, line.quantity - quantity);
  return { quantity, price: line.price };
}

/** What shoppers do afterwards: pay, change their minds, move house. CSV files tell of none of it. */
function planLater(realm: Realm, shop: Shop, order: StoreOrder, chance: Chance): void {
  if (shop.kind === 'csv') return;
  const later = (kind: string, least: number, most: number): void =>
    realm.script.plan(realm.now() + stretch(chance, least, most), kind, { shop: shop.code, order: order.id });
  if (order.financial_status === 'pending') later(chance.next() < 0.85 ? 'order.pay' : 'order.void', 10 * minuteMs, 2 * dayMs);
  else if (order.financial_status === 'authorized') later('order.pay', minuteMs, 12 * hourMs);
  if (chance.next() < 0.018) later('order.cancel', 10 * minuteMs, 30 * hourMs);
  else if (chance.next() < 0.012) later('order.move', 5 * minuteMs, 8 * hourMs);
  else if (chance.next() < 0.01) later('order.cut', 10 * minuteMs, 10 * hourMs);
}

/** One of the later happenings comes true, if the order is still such that it can. */
export function changeOrder(realm: Realm, shop: Shop, id: string, kind: string): void {
  const store = storeOf(realm, shop.code);
  const order = store.orders[id];
  if (order === undefined || order.cancelled_at !== null) return;
  const now = isoTime(realm.now());
  const open = (store.fulfilments[id] ?? []).length === 0;
  if (kind === 'order.pay' && ['pending', 'authorized'].includes(order.financial_status)) order.financial_status = 'paid';
  else if (kind === 'order.void' && order.financial_status === 'pending')
    Object.assign(order, { financial_status: 'voided', cancelled_at: now });
  else if (kind === 'order.cancel' && open)
    Object.assign(order, { cancelled_at: now, financial_status: order.financial_status === 'paid' ? 'refunded' : 'voided' });
  else if (kind === 'order.move' && open)
    order.shipping_address = { ...order.shipping_address, line1: `${order.shipping_address.line1 || '1 New Street'} (rear)` };
  else if (kind === 'order.cut' && open) {
    const line = order.lines.find((one) => one.quantity > one.cancelled_quantity);
    if (line === undefined || (order.lines.length === 1 && line.quantity === 1)) return;
    line.cancelled_quantity += 1;
    if (order.financial_status === 'paid') order.financial_status = 'partially_refunded';
  } else return;
  put(realm, shop, order);
}

/** Keeps the order as it is now, remembers it, and tells the shop's listeners. */
export function put(realm: Realm, shop: Shop, order: StoreOrder): void {
  const store = storeOf(realm, shop.code);
  const fresh = store.orders[order.id] === undefined;
  const now = realm.now();
  order.updated_at = isoTime(now);
  store.orders[order.id] = order;
  if (realm.goesWrong('late_row', order.id, order.updated_at))
    store.late[order.id] = now + between(dice(realm.seed, 'late', order.id), 1, 90) * 1000;
  noteChange(store, now, order.id);
  remember(realm, shop, order);
  const body = JSON.stringify(order);
  realm.say(`store ${shop.code}`, `${fresh ? 'order' : 'change'} ${order.number}`, body);
  if (shop.kind === 'csv') {
    if (fresh) store.waiting.push(order.id);
    return;
  }
  const type = fresh ? 'order.created' : order.cancelled_at === null ? 'order.updated' : 'order.cancelled';
  realm.script.plan(now, 'hook', { shop: shop.code, type, at: now, body });
}

/** The list is sorted by (time, id): several orders may change in one millisecond. */
function noteChange(store: StoreState, at: number, id: string): void {
  let place = store.changes.length;
  while (place > 0) {
    const before = store.changes[place - 1];
    if (before === undefined || before.at < at || (before.at === at && before.id <= id)) break;
    place -= 1;
  }
  store.changes.splice(place, 0, { at, id });
}

function remember(realm: Realm, shop: Shop, order: StoreOrder): void {
  const key = `${shop.code}/${order.id}`;
  const before = realm.memory.orders[key];
  const paid =
    order.financial_status === 'paid' || order.financial_status === 'authorized' || order.financial_status === 'partially_refunded';
  const seen: SeenOrder = {
    channel: shop.code,
    id: order.id,
    number: order.number,
    placedAt: before?.placedAt ?? realm.now(),
    updatedAt: realm.now(),
    paidAt: before?.paidAt ?? (paid ? realm.now() : null),
    cancelledAt: order.cancelled_at === null ? null : realm.now(),
    payment: order.financial_status,
    test: order.test,
    country: order.shipping_address.country,
    postcode: order.shipping_address.postcode,
    currency: order.currency,
    totalMinor: cents(order.total),
    lines: order.lines.map((line) => ({
      id: line.id,
      sku: line.sku,
      quantity: line.quantity,
      cancelled: line.cancelled_quantity,
      price: cents(line.unit_price),
      worth: leastCost(realm, shop, line.sku),
    })),
  };
  realm.memory.orders[key] = seen;
}

/** A dozen expensive orders from one hand in half an hour. */
export function placeBurst(realm: Realm, shop: Shop, burst: number, at: number): void {
  placeOrder(realm, shop, `burst/${burst}/${at}`, inventThief(realm.seed, burst, at));
}

/** The least that any supplier who is paid in the shop's currency asks for one; 0 where there is none. */
function leastCost(realm: Realm, shop: Shop, sku: string): number {
  const costs = realm.suppliers.flatMap(({ code, currency }) =>
    currency === shop.currency
      ? (realm.catalog.ranges.get(code) ?? []).filter(({ product }) => product.sku === sku).map(({ cost }) => cost)
      : [],
  );
  return costs.length === 0 ? 0 : Math.min(...costs);
}
