import { between, type Chance, happens, pick } from '#kernel/chance';

/** A product of a real feed. */
export interface Product {
  title: string;
  brand: string;
  gtin: string | null;
  mpn: string | null;
  cost: bigint;
  currency: string;
}

/** An offer of which is known what it is: the number of a product, or null when it is none that we sell. */
export interface Labelled {
  title: string;
  brand: string;
  gtin: string | null;
  mpn: string | null;
  sku: string;
  packSize: number;
  cost: bigint;
  currency: string;
  is: number | null;
  /** Whether a code that proves it was left on it. */
  hasProof: boolean;
  /** What was done to it. */
  how: string[];
}

/**
 * What suppliers do to titles. Each takes a title and gives one that still means the same product; a person who knows the trade would
 * say so. Numbers, colours and sizes are never taken away or misspelt, as then even that person could not tell.
 */
const harmless: Readonly<Record<string, (title: string, chance: Chance) => string>> = {
  'words in another order': (title, chance) => {
    // A number stays with the unit, and a model's letters with its number, as they do in suppliers' lists.
    const blocks = title.match(/(?:\S*\d\S*(?: (?:x|\p{L}{1,4}\b))*|\S+)/gu) ?? [title];
    if (blocks.length < 2) return title;
    const from = between(chance, 1, blocks.length - 1);
    return [...blocks.slice(from), ...blocks.slice(0, from)].join(' ');
  },
  'a typing error': (title, chance) => inWord(title, chance, (word) => misspell(word, chance)),
  'two typing errors': (title, chance) =>
    inWord(
      inWord(title, chance, (word) => misspell(word, chance)),
      chance,
      (word) => misspell(word, chance),
    ),
  'a word left out': (title, chance) => inWord(title, chance, () => ''),
  'praise added': (title, chance) =>
    happens(chance, 0.5) ? `${pick(chance, praise)} ${title}` : `${title} ${pick(chance, praise)} ${pick(chance, praise)}`,
  'all in capitals': (title) => title.toUpperCase(),
  'other marks between words': (title, chance) => title.replaceAll(/ [-–|] | - /g, pick(chance, [', ', ' / ', ' ', ' | '])),
  'units in another size': (title) => title.replaceAll(/(\d+(?:[.,]\d+)?) ?(ml|l|cm|mm|kg|g|m|gb|tb)(?![\p{L}\d])/giu, otherSize),
  'units in another language': (title, chance) =>
    title.replaceAll(/(\d) ?(ml|l|cm|mm|kg|g|gb|w|v)(?![\p{L}\d])/giu, (_all, digit: string, unit: string) => {
      const spelt = spellings[unit.toLowerCase()];
      return `${digit} ${spelt ? pick(chance, spelt) : unit}`;
    }),
  'a code written together': (title) => title.replaceAll(/(?<![\p{L}\d])(\p{L}{2,4})[- ](\d{2,4})(?![\p{L}\d.])/gu, '$1$2'),
};

const praise =
  'NEW,Original,TOP,100% quality,best price,free shipping,Sale!,Neu,OVP,sofort lieferbar,новый,оригинал,hot deal,new arrival,skladem'.split(
    ',',
  );
const spellings: Readonly<Record<string, readonly string[]>> = {
  ml: ['Milliliter', 'мл', 'millilitre'],
  l: ['Liter', 'л', 'litre', 'Litros'],
  cm: ['см', 'Zentimeter', 'centimetre'],
  mm: ['мм', 'Millimeter'],
  kg: ['кг', 'Kilogramm'],
  g: ['Gramm', 'г', 'gr'],
  gb: ['ГБ', 'Go'],
  w: ['Watt', 'Вт'],
  v: ['Volt', 'В'],
};

function otherSize(all: string, amount: string, unit: string): string {
  const to: Readonly<Record<string, [number, string]>> = {
    ml: [0.001, 'l'],
    l: [1000, 'ml'],
    cm: [10, 'mm'],
    mm: [0.1, 'cm'],
    kg: [1000, 'g'],
    g: [0.001, 'kg'],
    m: [100, 'cm'],
    gb: [0.001, 'TB'],
    tb: [1000, 'GB'],
  };
  const found = to[unit.toLowerCase()];
  return found ? `${Number((Number(amount.replace(',', '.')) * found[0]).toPrecision(6))} ${found[1]}` : all;
}

/** Words that can be misspelt or left out without the product becoming another: long, only letters, and no colour. */
function inWord(title: string, chance: Chance, change: (word: string) => string): string {
  const words = title.split(' ');
  const able = words.flatMap((word, at) => (/^\p{L}{5,}$/u.test(word) && !colour.test(word) ? [at] : []));
  if (able.length < 2) return title;
  const at = pick(chance, able);
  return words
    .map((word, place) => (place === at ? change(word) : word))
    .filter((word) => word !== '')
    .join(' ');
}

function misspell(word: string, chance: Chance): string {
  const at = between(chance, 1, word.length - 2);
  const kind = between(chance, 0, 2);
  if (kind === 0) return word.slice(0, at) + word.slice(at + 1);
  if (kind === 1) return word.slice(0, at) + (word[at + 1] ?? '') + (word[at] ?? '') + word.slice(at + 2);
  return word.slice(0, at) + (word[at] ?? '') + word.slice(at);
}

const colour =
  /(?<!\p{L})(black|white|red|blue|green|grey|gray|silver|gold|yellow|pink|brown|schwarz|weiß|rot|blau|grün|черный|белый|синий|красный|черная|černá|bílá|sunburst|natural|cherry)(?!\p{L})/iu;
const sameColour = [
  ['black', 'schwarz', 'черный', 'черная', 'černá'],
  ['white', 'weiß', 'белый', 'bílá'],
  ['red', 'rot', 'красный', 'cherry'],
  ['blue', 'blau', 'синий'],
  ['green', 'grün'],
];

/** What makes another product of it: a sister that must not be taken for it. Null where the title has nothing to change. */
const sisters: Readonly<Record<string, (title: string, chance: Chance) => { title: string; packSize?: number } | null>> = {
  'another number': (title, chance) => {
    const numbers = [...title.matchAll(/(?<![\d.,])\d{1,5}(?![\d.,])/g)];
    if (numbers.length === 0) return null;
    const found = pick(chance, numbers);
    const value = Number(found[0]);
    const other = pick(
      chance,
      [value + 1, value * 2, value + 10, Math.max(1, value - 1)].filter((one) => one !== value),
    );
    return { title: title.slice(0, found.index) + String(other) + title.slice(found.index + found[0].length) };
  },
  'another colour': (title, chance) => {
    const found = colour.exec(title);
    if (!found) return null;
    const same = sameColour.find((names) => names.includes(found[0].toLowerCase()))?.[0] ?? found[0].toLowerCase();
    const other = pick(
      chance,
      ['Black', 'White', 'Red', 'Blue', 'Green', 'Yellow'].filter((one) => one.toLowerCase() !== same),
    );
    return { title: title.slice(0, found.index) + other + title.slice(found.index + found[0].length) };
  },
  'another size': (title) => {
    const found = /(?<=\s)(?:XS|S|M|L|XL|XXL)(?![\p{L}\d])/u.exec(title);
    if (!found) return null;
    return { title: `${title.slice(0, found.index)}${found[0] === 'M' ? 'L' : 'M'}${title.slice(found.index + found[0].length)}` };
  },
  'a pack of it': (title, chance) => {
    const count = pick(chance, [2, 3, 4, 6, 10, 12]);
    const shown = [
      `${title} (pack of ${count})`,
      `${count} x ${title}`,
      `${title}, ${count} pcs`,
      `${title} ${count}er Pack`,
      `${title} набор ${count} шт`,
    ];
    return { title: pick(chance, shown) };
  },
  'a pack by its column': (title, chance) => ({ title, packSize: pick(chance, [2, 5, 6, 12, 24]) }),
};

/** Suppliers' spreadsheets lose zeros at the front, or never had them. */
function damaged(gtin: string, chance: Chance): string {
  const kind = between(chance, 0, 3);
  if (kind === 0) return gtin.replace(/^0+(?=\d{8})/, '');
  if (kind === 1) return gtin.slice(1);
  if (kind === 2) return gtin.startsWith('00') ? gtin.slice(2) : gtin.slice(1);
  return gtin;
}

/**
 * Labelled offers from products: `sold` are those that we sell, `others` those that we do not. Of each product that we sell come offers
 * without any code, offers with one, and sisters of it; of each other one an offer that is nothing of ours.
 */
export function labelledSet(sold: readonly Product[], others: readonly Product[], chance: Chance): Labelled[] {
  const offers: Labelled[] = [];
  const real = realOnes([...sold, ...others]);
  const add = (product: Product, more: Partial<Labelled> & Pick<Labelled, 'title' | 'is' | 'how'>): void => {
    offers.push({
      brand: happens(chance, 0.6) ? product.brand : '',
      gtin: null,
      mpn: null,
      sku: `S${offers.length + 1_000_000}`,
      packSize: 1,
      cost: (product.cost * BigInt(between(chance, 55, 85))) / 100n + 1n,
      currency: product.currency,
      hasProof: false,
      ...more,
    });
  };
  for (const [at, product] of sold.entries()) {
    add(product, { ...corrupt(product.title, chance), is: at });
    addProven(product, at, add, chance);
    const kind = pick(chance, Object.keys(sisters));
    const sister = sisters[kind]?.(product.title, chance);
    // By chance it may have become another product that is real. Suppliers put one article's GTIN on all of its sisters, too.
    if (sister && !real.is(sister, product)) {
      const title = happens(chance, 0.5) ? (harmless['praise added']?.(sister.title, chance) ?? sister.title) : sister.title;
      add(product, { title, packSize: sister.packSize ?? 1, how: [kind], is: null, gtin: happens(chance, 0.25) ? product.gtin : null });
    }
    const other = (at + 7) % sold.length;
    const stranger = sold[other];
    // A number that is our SKU of something else, by chance.
    if (at % 20 === 0 && stranger && other !== at)
      add(stranger, { title: stranger.title, sku: String(100_000 + at), is: other, how: ['our SKU by chance'] });
  }
  for (const product of others) {
    const { title, how } = corrupt(product.title, chance);
    add(product, { title, how: [...how, 'not sold by us'], is: null, gtin: happens(chance, 0.3) ? product.gtin : null });
  }
  return offers;
}

/** One whose GTIN, or brand and maker's number, came through. */
function addProven(
  product: Product,
  at: number,
  add: (product: Product, more: Partial<Labelled> & Pick<Labelled, 'title' | 'is' | 'how'>) => void,
  chance: Chance,
): void {
  const { title, how } = corrupt(product.title, chance);
  if (product.gtin && happens(chance, 0.6)) add(product, { title, how, gtin: damaged(product.gtin, chance), is: at, hasProof: true });
  else if (product.mpn && product.brand)
    add(product, { title, how, mpn: product.mpn.toLowerCase(), brand: product.brand.toUpperCase(), is: at, hasProof: true });
}

function realOnes(products: readonly Product[]): { is(sister: { title: string; packSize?: number }, of: Product): boolean } {
  const keyOf = (title: string): string =>
    (title.toLowerCase().match(/[\p{L}\d]+/gu) ?? [])
      .map((word) => word.replace(/^0+(?=\d)/, ''))
      .toSorted()
      .join(' ');
  const codesIn = (title: string): string[] =>
    (title.toLowerCase().match(/[\p{L}\d]*\d[\p{L}\d]*/gu) ?? [])
      .filter((code) => code.length >= 5)
      .map((code) => code.replaceAll(/(?<!\d)0+(?=\d)/g, ''));
  const keys = new Set(products.map(({ title }) => keyOf(title)));
  const codes = new Set(products.flatMap(({ title }) => codesIn(title)));
  return {
    is: (sister, of) => {
      if (sister.packSize) return false;
      const own = new Set(codesIn(of.title));
      return keys.has(keyOf(sister.title)) || codesIn(sister.title).some((code) => !own.has(code) && codes.has(code));
    },
  };
}

function corrupt(title: string, chance: Chance): { title: string; how: string[] } {
  let changed = title;
  const how: string[] = [];
  for (let times = between(chance, 1, 3); times > 0; times -= 1) {
    const name = pick(chance, Object.keys(harmless));
    const next = harmless[name]?.(changed, chance) ?? changed;
    if (next !== changed) how.push(name);
    changed = next;
  }
  return { title: changed, how };
}
