import type { Instant } from '#kernel/time';

/** A supplier's line, as routing has to know it. Money in minor units of `currency`; quantities in whole units. */
export interface Offer {
  id: string;
  supplier_id: string;
  variant_id: string;
  supplier_sku: string;
  title: string;
  cost_minor: bigint | null;
  currency: string;
  /** What the supplier said is there. */
  quantity: number;
  /** Held back, so that two shops selling the last one do not both promise it. */
  buffer: number;
  /** Promised by our open purchase orders and not shown in the supplier's number yet. */
  reserved: number;
  /** The most that may be promised; `ceiling - reserved` is what can still be sold. */
  ceiling: number;
  pack_size: number;
  lead_days: number | null;
  state: OfferState;
  /** When the supplier last said so, even when it was the same as before. */
  observed_at: Instant;
}

/** `held`: a person keeps it from being used; `vanished`: the supplier's file no longer has it. */
export type OfferState = 'live' | 'held' | 'vanished';

export type MatchState = 'suggested' | 'confirmed' | 'rejected' | 'broken';

export interface NewVariant {
  sku: string;
  title: string;
  brand?: string;
  gtin?: string | null;
  /** The maker's own number. */
  mpn?: string | null;
  price_minor?: bigint | null;
  currency?: string | null;
  weight_grams?: number | null;
}

export interface NewListing {
  channel_id: string;
  sku: string;
  variant_id: string;
}

export interface NewMatch {
  variant_id: string;
  offer_id: string;
  /** Confirmed when not said: somebody, or an exact code, said so. */
  state?: MatchState;
  confidence?: number;
  evidence?: string;
}

export interface NewOffer {
  supplier_id: string;
  supplier_sku: string;
  title?: string;
  brand?: string;
  gtin?: string | null;
  mpn?: string | null;
  cost_minor: bigint | null;
  currency: string;
  quantity: number;
  buffer?: number;
  pack_size?: number;
  lead_days?: number | null;
}
