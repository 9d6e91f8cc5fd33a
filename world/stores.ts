import type { Product } from './catalog.ts';
import { dice, seededHex } from './dice.ts';
import type { Realm } from './realm.ts';

/** A store of the brand's: what stays the same. What it keeps is in the state. */
export interface Shop {
  index: number;
  code: string;
  name: string;
  /** `csv`, or the name of its face. */
  kind: string;
  currency: 'USD' | 'EUR';
  prefix: string;
  host: string;
  bearer: string;
  webhookSecret: string;
  taxRate: number;
  /** Share of all orders. */
  weight: number;
  /** The best sellers first. */
  listed: Product[];
}

const names = ['Fernway Home', 'Fernway Europe', 'Fernway Trade', 'Fernway Garden', 'Fernway Outlet', 'Fernway Light'] as const;
const codes = ['home', 'europe', 'trade', 'garden', 'outlet', 'light'] as const;

/** The brand's stores: a large one, a European one where anybody ships there, a trade counter that sends files. */
export function inventShops(realm: Pick<Realm, 'seed' | 'catalog' | 'suppliers' | 'state'>, kinds: readonly string[]): Map<string, Shop> {
  const { seed } = realm;
  const count = realm.state.scale.stores;
  const shops = new Map<string, Shop>();
  for (let index = 0; index < count; index += 1) {
    const code = codes[index] ?? `store${index + 1}`;
    const kind = kinds[index] ?? (count >= 3 && index === 2 ? 'csv' : 'rest');
    const currency = index === 1 && realm.suppliers.some((supplier) => supplier.currency === 'EUR') ? 'EUR' : 'USD';
    const secret = Buffer.from(seededHex(seed, `hook/${code}`, 64), 'hex').toString('base64');
    shops.set(code, {
      index,
      code,
      kind,
      currency,
      name: names[index] ?? `Store ${index + 1}`,
      prefix: `${code.slice(0, 2).toUpperCase()}-`,
      host: `store-${index + 1}.world.test`,
      bearer: `store_${seededHex(seed, `bearer/${code}`, 40)}`,
      webhookSecret: `whsec_${secret}`,
      taxRate: currency === 'EUR' ? 0 : 0.07,
      weight: [6, 3, 1][index] ?? 1,
      listed: listing(realm, code, currency),
    });
  }
  return shops;
}

/** A store lists what somebody can ship to its shoppers. */
function listing({ seed, catalog, suppliers }: Pick<Realm, 'seed' | 'catalog' | 'suppliers'>, code: string, currency: string): Product[] {
  const stocked = new Set<Product>();
  for (const supplier of suppliers) {
    if (supplier.currency !== currency) continue;
    for (const { product } of catalog.ranges.get(supplier.code) ?? []) stocked.add(product);
  }
  const rank = (product: Product): number => dice(seed, 'popular', code, product.sku).next();
  const ranked = [...stocked].map((product) => ({ product, rank: rank(product) })).sort((one, other) => one.rank - other.rank);
  return ranked.map(({ product }) => product);
}
