/** What prices are made from. Amounts are minor units; which currency is said with each. */

export interface SupplierFacts {
  id: string;
  code: string;
  country: string;
  /** Of its fee and shipping. */
  currency: string;
  rank: number;
  /** Whether orders may go there. */
  usable: boolean;
  fee: bigint;
  /** Cost of a parcel by country or zone, `*` for the rest. */
  shipping: Readonly<Record<string, bigint>>;
}

export interface ChannelFacts {
  id: string;
  code: string;
  /** What it sells in. */
  currency: string;
}

/** One offer that can deliver the variant. Its amounts are for one offer unit, of which each holds `units` of ours. */
export interface OfferFacts {
  /** Its place among the offers of the catalog, by id; where two are equally good the first is taken. */
  place: number;
  supplier: SupplierFacts;
  currency: string;
  cost: bigint | null;
  units: number;
  /** Units of ours that can be sold. */
  stock: number;
  map: bigint | null;
  msrp: bigint | null;
  /** The one that the published price was made from. */
  isAccepted: boolean;
}

/** All that the price of one listing depends on. */
export interface Facts {
  channel: ChannelFacts;
  sku: string;
  brand: string;
  category: string;
  tags: readonly string[];
  weightGrams: number | null;
  /** Advertised floor and list price of the variant, in its own currency. */
  map: bigint | null;
  msrp: bigint | null;
  variantCurrency: string | null;
  offers: readonly OfferFacts[];
  /** What it sells for now, in the channel's currency; null: not priced yet. */
  price: bigint | null;
  compare: bigint | null;
  /** Whether that price is one that we published. */
  isPublished: boolean;
  /** The unit cost that the published price was made from, in the channel's currency, and the currency its offer had. */
  acceptedCost: bigint | null;
  acceptedCurrency: string | null;
  /** Units sold in the last 28 days. */
  sold: number;
}

/** One unit of `base` is `rate` × 10⁻⁸ units of `quote`, as said for that day. */
export interface Rate {
  base: string;
  quote: string;
  rate: bigint;
  /** `2026-11-25`. */
  onDate: string;
}

export const heldReasons = [
  'no_offer',
  'no_cost',
  'zero_cost',
  'absurd_cost',
  'rate_missing',
  'rate_stale',
  'currency_changed',
  'cost_jump',
  'no_base',
  'no_fixed_price',
  'price_jump',
  'condition_failed',
] as const;
export type HeldReason = (typeof heldReasons)[number];

export type StepWord =
  | 'cost'
  | 'order_fee'
  | 'shipping'
  | 'duty'
  | 'payment_fee'
  | 'map_price'
  | 'list_price'
  | 'fixed_price'
  | 'markup'
  | 'discount'
  | 'tax'
  | 'floor'
  | 'map'
  | 'cap'
  | 'ending';

/** One step of the way to a price. The amounts of all steps add up to it. */
export interface Step {
  what: StepWord;
  minor: bigint;
  /** With what: `× 1.60`, `from 3.10 USD`. */
  with: string;
}

export interface QuantityPrice {
  from: number;
  price: bigint;
}

/** What became of one listing under the rules. `rule` is the place of the winning rule in the policy, −1 for none. */
export type Priced =
  | {
      outcome: 'priced';
      rule: number;
      price: bigint;
      compare: bigint | null;
      breaks: readonly QuantityPrice[];
      /** Below which it may not fall: from margin and cost; and the advertised floor, when there is one. */
      floor: bigint;
      offer: OfferFacts;
      /** Per unit, in the channel's currency. */
      cost: bigint;
      /** With fee, shipping and duty; and `landed` with what the payment takes of this price as well. */
      goods: bigint;
      landed: bigint;
      /** What the sale leaves, and what of it is ours after tax: the margin is one over the other. */
      profit: bigint;
      net: bigint;
      /** Lifted to the floor that margin and cost set, to the advertised floor, or capped at the list price. */
      isLifted: boolean;
      isMapBlocked: boolean;
      isCapped: boolean;
    }
  | { outcome: 'kept'; rule: number; why: 'no_rule' | 'rule_keeps' }
  | { outcome: 'held'; rule: number; why: HeldReason; cost: bigint | null; offer: OfferFacts | null; would: bigint | null };

/** A listing by its channel and the name it has there. */
export interface ListingKey {
  channel_id: string;
  sku: string;
}
