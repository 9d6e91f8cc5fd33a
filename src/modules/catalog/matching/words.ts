/** An offer as it is compared. */
export interface OfferFacts {
  id: string;
  supplier_id: string;
  sku: string;
  title: string;
  brand: string;
  gtin: string | null;
  mpn: string | null;
  pack_size: number;
  cost_minor: bigint | null;
  currency: string;
}

/** A variant as it is compared. */
export interface VariantFacts {
  id: string;
  sku: string;
  title: string;
  brand: string;
  gtin: string | null;
  mpn: string | null;
  price_minor: bigint | null;
  currency: string | null;
}

/** What an offer may be, as the database found it. */
export interface Pair {
  offer_id: string;
  variant_id: string;
  /** By trigrams, from 0 to 1; null where the server has none. */
  likeness: number | null;
}

/** Exact: a code says so and nothing speaks against it. Conflict: a code, or a very like title, and something that speaks against it. */
export type Certainty = 'exact' | 'likely' | 'possible' | 'conflict';
export type Rule = 'gtin' | 'sku' | 'mpn' | 'likeness';

/** What speaks against a match, by name. */
export type Warning =
  | 'pack'
  | 'brand'
  | 'price'
  | 'measure'
  | 'colour'
  | 'size'
  | 'number'
  | 'number-missing'
  | 'gtin-differs'
  | 'gtin-twice'
  | 'offer-twice'
  | 'not-alike'
  | 'changed';

/** Of a code or a name: the same, another, or not said by both. */
export type Agreement = 'same' | 'other' | 'none';

/** The chips of a card. */
export interface MatchFacts {
  gtin: Agreement;
  /** The GTIN was given by a shop for its own shelves, so it proves nothing. */
  gtinLocal?: boolean;
  sku: Agreement;
  mpn: Agreement;
  brand: Agreement;
  /** From 0 to 1. */
  title: number;
  trigrams: number | null;
  /** Cost of one unit of ours as a share of our price; null when one of them, or the rate, is not known. */
  costToPrice: number | null;
  /** Ours and theirs. */
  pack: [number, number];
  /** Kinds of measure in which they contradict each other. */
  measures?: string[];
  /** What the offer was when this was judged, to notice when a supplier gives its number to another product. */
  was: { title: string; brand: string; gtin: string | null };
}

export interface Judged {
  variant_id: string;
  offer_id: string;
  certainty: Certainty;
  rule: Rule;
  confidence: number;
  warnings: Warning[];
  units_per_offer: number;
  facts: MatchFacts;
}

export interface MatchSettings {
  auto_exact: boolean;
  /** Shares of the price that the cost of one unit may be. */
  cost_least: number;
  cost_most: number;
}

export const defaultMatchSettings: MatchSettings = { auto_exact: true, cost_least: 0.02, cost_most: 1.5 };

/** What the pure rules are given besides the pair. */
export interface Judging {
  settings: MatchSettings;
  /** Units of the second currency for one of the first, both in minor units; null when nobody said. */
  rate(from: string, to: string): number | null;
  /** Whether a word is the name of a brand that we sell. */
  isBrand(word: string): boolean;
  /** How much a word tells: the rarer among our titles, the more. */
  weight(word: string): number;
}
