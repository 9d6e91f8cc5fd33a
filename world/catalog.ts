import { between, pick } from '#kernel/chance';
import { gtinCheckDigit } from '#kernel/gtin';
import { brands, families, series, sizes } from './catalog-words.ts';
import { carries, type Character } from './characters.ts';
import { dice, stretch } from './dice.ts';
import type { VariantSetup } from './words.ts';

export interface Product extends VariantSetup {
  range: string;
}

/** What one supplier has, as they call it. Cost in minor units of the supplier's currency. */
export interface Stocked {
  supplierSku: string;
  product: Product;
  cost: number;
  /** Units at the beginning; what they are now is the supplier's state. */
  start: number;
  /** Whether their list names the GTIN. */
  namesGtin: boolean;
}

export interface Catalog {
  products: Product[];
  bySku: Map<string, Product>;
  /** By supplier code. */
  ranges: Map<string, Stocked[]>;
  /** Euro per dollar, as this world has it. */
  euro: number;
}

export const euroPerDollar = 0.92;

/** Some thousand things for a home and its garden, and who stocks which: the same for the same seed. */
export function inventCatalog(seed: number, count: number, suppliers: readonly Character[]): Catalog {
  const products = Array.from({ length: count }, (_, at) => inventProduct(seed, at));
  const ranges = new Map(suppliers.map((supplier) => [supplier.code, [] as Stocked[]]));
  for (const product of products) {
    for (const supplier of suppliersOf(seed, product, suppliers)) ranges.get(supplier.code)?.push(stock(seed, supplier, product));
  }
  return { products, bySku: new Map(products.map((product) => [product.sku, product])), ranges, euro: euroPerDollar };
}

function inventProduct(seed: number, at: number): Product {
  const chance = dice(seed, 'product', at);
  const family = families[at % families.length] ?? pick(chance, families);
  const material = pick(chance, family.materials);
  const brand = pick(chance, brands);
  const raw = Math.round(stretch(chance, family.price[0], family.price[1]) / 100) * 100;
  const price = raw - pick(chance, [0, 1, 5, 5, 50]);
  return {
    sku: `${family.range.slice(0, 3).toUpperCase()}-${family.code}-${String(1001 + at)}`,
    title: `${brand} ${pick(chance, series)} ${material} ${family.noun}, ${pick(chance, sizes)}`,
    brand,
    gtin: inventGtin(at),
    price_minor: BigInt(price),
    currency: 'USD',
    weight_grams: between(chance, family.grams[0], family.grams[1]),
    range: family.range,
  };
}

/** GS1 keeps the prefix 952 for demonstrations, so that these numbers are nobody's. */
export function inventGtin(at: number): string {
  const twelve = `952${String(7_000_000 + at * 7).padStart(9, '0')}`;
  return `${twelve}${gtinCheckDigit(`0${twelve}`)}`;
}

/** Everything is stocked by somebody; most things by several, and never by all. */
function suppliersOf(seed: number, product: Product, suppliers: readonly Character[]): Character[] {
  const chance = dice(seed, 'ranges', product.sku);
  const willing = suppliers.filter((supplier) => carries(supplier, product.range));
  const chosen = willing.filter((supplier) => chance.next() < supplier.breadth);
  const first = willing[Math.floor(chance.next() * willing.length)] ?? suppliers[0];
  return chosen.length > 0 || first === undefined ? chosen : [first];
}

function stock(seed: number, supplier: Character, product: Product): Stocked {
  const chance = dice(seed, 'stock', supplier.code, product.sku);
  const dollars = Number(product.price_minor) * stretch(chance, 0.44, 0.6) * supplier.priceLevel;
  const digits = product.sku.slice(-4);
  return {
    supplierSku: supplier.skuShape.replace('#', digits).replace('@', product.sku.slice(4, 7)),
    product,
    cost: Math.max(1, Math.round(dollars * (supplier.currency === 'EUR' ? euroPerDollar : 1))),
    start: chance.next() < 0.06 ? 0 : Math.floor(stretch(chance, 2, 12) ** 2) + between(chance, 0, 8),
    namesGtin: chance.next() < 0.94,
  };
}
