import type { Tx } from '#platform/db';
import { priceListings } from '../pricing/price-listings.ts';
import { livePricePolicy } from '../pricing/store-policy.ts';
import type { ListingKey } from '../pricing/words.ts';
import { decideAvailability } from './decide-availability.ts';
import { availabilityPolicy } from './store-policy.ts';
import { variantsAfter, variantsOfOffers } from './store-signals.ts';
import { listingsOf, pricesOf, stockOf } from './store-stock.ts';
import type { AvailabilityWhy, Signal } from './words.ts';

/** What a store should say of a listing. */
export interface Wanted extends ListingKey {
  quantity: number;
  /** Whether any supplier's offer stands behind it. One that none ever did is the shop's own affair. */
  managed: boolean;
  /** Null: its price is the store's own affair. */
  price_minor: bigint | null;
  compare_minor: bigint | null;
  /** Whether rules made the price; if not, it only takes the place of one that rules made before. */
  by_rules: boolean;
  why: AvailabilityWhy;
}

/** What signals came to: the listings concerned, and how far each signal is done (null: to its end). */
export interface Concerned {
  listings: (ListingKey & { variant_id: string })[];
  costs: boolean;
  positions: Map<string, string | null>;
}

/** Variants that are counted in one transaction, where signals name many. */
const variantsAtOnce = 5_000;

/** The listings behind some signals. Of those that mean very many, one is followed at a time, a part of it. */
export async function concernedBy(tx: Tx, signals: readonly Signal[]): Promise<Concerned> {
  const positions = new Map<string, string | null>();
  const wide = signals.filter(({ kind }) => kind === 'supplier' || kind === 'all');
  const [first, ...rest] = wide;
  for (const { id, position } of rest) positions.set(id, position ?? zero);
  const named = signals.filter((one) => !wide.includes(one));
  for (const { id } of named) positions.set(id, null);
  const variants = new Set(named.flatMap(({ kind, ids }) => (kind === 'variant' ? ids : [])));
  const offers = [...new Set(named.flatMap(({ kind, ids }) => (kind === 'offer' ? ids : [])))];
  for (const id of await variantsOfOffers(tx, offers)) variants.add(id);
  if (first) {
    const part = await variantsAfter(tx, first, variantsAtOnce);
    for (const id of part) variants.add(id);
    positions.set(first.id, part.length < variantsAtOnce ? null : (part.at(-1) ?? null));
  }
  return {
    listings: await listingsOf(tx, [...variants]),
    costs: [...named, ...(first ? [first] : [])].some(({ costs }) => costs),
    positions,
  };
}

const zero = '00000000-0000-0000-0000-000000000000';

/**
 * Counts listings, which whoever calls has locked, and prices them where costs may have changed. A listing whose new price cannot be
 * trusted keeps the one it has. Set-based: a dozen statements for any number.
 */
export async function countListings(tx: Tx, { listings, costs }: Concerned): Promise<Wanted[]> {
  if (listings.length === 0) return [];
  if (costs && (await livePricePolicy(tx)).version > 0) await priceListings(tx, listings);
  const { policy } = await availabilityPolicy(tx);
  const prices = new Map((await pricesOf(tx, listings)).map((one) => [`${one.channel_id} ${one.sku}`, one]));
  return (await stockOf(tx, listings)).map((facts) => {
    const why = decideAvailability(facts, policy, tx.now);
    const price = prices.get(`${facts.channel_id} ${facts.sku}`);
    return {
      channel_id: facts.channel_id,
      sku: facts.sku,
      quantity: why.left,
      managed: facts.offers.length > 0,
      price_minor: price?.price_minor ?? null,
      compare_minor: price?.compare_minor ?? null,
      by_rules: price?.by_rules ?? false,
      why,
    };
  });
}
