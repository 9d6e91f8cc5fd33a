import { between } from '#kernel/chance';
import { writeCsv } from '#formats/csv';
import { fromMs } from '#kernel/time';
import type { Character } from './characters.ts';
import { dice, hourMs, minuteMs } from './dice.ts';
import { put } from './file-drop.ts';
import { isoTime, type Realm } from './realm.ts';
import { deskOf } from './supplier-desk.ts';
import { poisonOf, poisonRows, poisonText } from './poison.ts';
import type { FeedFile } from './words.ts';

const tickMs = 6 * hourMs;

/** Fills the shelves, and starts what happens to them. */
export function startSupplier(realm: Realm, supplier: Character): void {
  const desk = deskOf(realm, supplier.code);
  for (const { supplierSku, start } of realm.catalog.ranges.get(supplier.code) ?? []) desk.stock[supplierSku] = start;
  rememberSaid(realm, supplier);
  const offset = dice(realm.seed, 'feed', supplier.code).next() * supplier.feedHours * hourMs;
  realm.script.plan(realm.now() + 10 * minuteMs, 'stock.tick', { supplier: supplier.code });
  realm.script.plan(realm.now() + 30 * minuteMs + offset, 'stock.feed', { supplier: supplier.code });
}

/** The happening `stock.tick`: others buy too, and what has run out comes in again. */
export function tickStock(realm: Realm, supplier: Character): void {
  const desk = deskOf(realm, supplier.code);
  const range = realm.catalog.ranges.get(supplier.code) ?? [];
  const chance = dice(realm.seed, 'tick', supplier.code, realm.now());
  for (let sale = 0; sale < range.length * 0.04; sale += 1) {
    const item = range[Math.floor(chance.next() * range.length)];
    if (item === undefined) continue;
    const shelf = desk.stock[item.supplierSku] ?? 0;
    desk.stock[item.supplierSku] =
      shelf === 0 ? (chance.next() < 0.35 ? item.start + between(chance, 5, 60) : 0) : Math.max(0, shelf - between(chance, 1, 6));
  }
  realm.script.plan(realm.now() + tickMs, 'stock.tick', { supplier: supplier.code });
}

const columns = ['sku', 'name', 'brand', 'ean', 'mpn', 'cost', 'currency', 'stock', 'updated_at'] as const;
const columnsGerman = [
  'Artikelnummer',
  'Bezeichnung',
  'Marke',
  'EAN',
  'Herstellernummer',
  'EK-Preis',
  'Waehrung',
  'Bestand',
  'Stand',
] as const;

/** The list as it is at this moment, or as it is wrongly sent when the demo broke it. */
export function feedOf(realm: Realm, supplier: Character, serial: number): FeedFile {
  const desk = deskOf(realm, supplier.code);
  const range = realm.catalog.ranges.get(supplier.code) ?? [];
  const german = usesCommas(supplier);
  const money = (minor: number): string => (minor / 100).toFixed(2).replace('.', german ? ',' : '.');
  const now = realm.now();
  const poison = desk.feedTrouble;
  const plain = range.map(({ supplierSku, product, cost, namesGtin }) => [
    supplierSku,
    product.title,
    product.brand,
    namesGtin ? product.gtin : '',
    product.sku.replace(/^[A-Z]+-/, ''),
    money(cost),
    supplier.currency,
    String(Math.round((desk.stock[supplierSku] ?? 0) * supplier.boasts)),
    german ? germanTime(now) : isoTime(now),
  ]);
  const rows = poisonRows(plain, { sku: 0, cost: 5, stock: 7 }, poison);
  const text = writeCsv(rows, { header: german ? columnsGerman : columns, delimiter: german ? ';' : ',' });
  const stamp = isoTime(now).replaceAll(/[-:]/g, '').slice(0, 13);
  return {
    supplier: supplier.code,
    name: `${supplier.code.toLowerCase()}-stock-${stamp}-${serial}.csv`,
    bytes: poisonText(text, poison),
    at: fromMs(now),
  };
}

const saidKept = 60;

/** What a right list says, for who judges later whether a store was told more than anybody has. */
function rememberSaid(realm: Realm, supplier: Character): void {
  const { said, stock } = deskOf(realm, supplier.code);
  for (const { supplierSku, product } of realm.catalog.ranges.get(supplier.code) ?? []) {
    const figures = (said[product.sku] ??= []);
    figures.push({ at: realm.now(), quantity: Math.round((stock[supplierSku] ?? 0) * supplier.boasts) });
    if (figures.length > saidKept) figures.shift();
  }
}

export const usesCommas = (supplier: Character): boolean => supplier.code === 'NORDLICHT';
const germanTime = (ms: number): string => {
  const [year = '', month = '', day = ''] = isoTime(ms).slice(0, 10).split('-');
  return `${day}.${month}.${year} ${isoTime(ms).slice(11, 16)}`;
};

/** The happening `stock.feed`: the list goes round; file suppliers put it in their folder too. */
export function sendFeed(realm: Realm, supplier: Character, again = true): void {
  const desk = deskOf(realm, supplier.code);
  const serial = realm.count(`feed/${supplier.code}`);
  desk.feedTrouble ||= poisonOf(realm, supplier.code, serial);
  if (desk.feedTrouble === '') rememberSaid(realm, supplier);
  const file = feedOf(realm, supplier, serial);
  const bytes = Buffer.from(file.bytes).toString('base64');
  realm.say(`supplier ${supplier.code}`, `sends ${file.name}${desk.feedTrouble ? `, ${desk.feedTrouble}` : ''}`, file.bytes);
  desk.feedTrouble = '';
  realm.state.out.feeds = realm.state.out.feeds.filter((waiting) => waiting.supplier !== supplier.code);
  realm.state.out.feeds.push({ supplier: supplier.code, name: file.name, bytes, at: realm.now() });
  if (supplier.transport === 'file') {
    desk.files['stock'] = [];
    put(realm, desk.files, 'stock', file.name, bytes);
  }
  if (again) realm.script.plan(realm.now() + supplier.feedHours * hourMs, 'stock.feed', { supplier: supplier.code });
}
