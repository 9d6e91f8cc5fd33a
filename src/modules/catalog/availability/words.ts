import type { Instant } from '#kernel/time';
import type { AvailabilityPolicy } from './availability-policy.ts';

/** An offer behind a listing, as far as its stock goes. Units of the offer. */
export interface StockFacts {
  offer_id: string;
  supplier: string;
  supplier_sku: string;
  /** Whether the supplier is one that purchase orders go to now. */
  usable: boolean;
  /** Why it is not, in words; '' when it is. */
  paused: string;
  state: 'live' | 'held' | 'vanished';
  rank: number;
  quantity: number;
  /** Kept back by the feed's own settings. */
  feed_buffer: number;
  promised: number;
  /** What is left after both. */
  sellable: number;
  pack_size: number;
  units_per_offer: number;
  observed_at: Instant;
  /** Share of the units asked of this supplier lately that it did not have. */
  short_share: number;
}

export interface ListingFacts {
  channel_id: string;
  /** The channel's code. */
  channel: string;
  sku: string;
  variant_id: string;
  /** Units of orders that have no supplier yet. */
  waiting: number;
  offers: readonly StockFacts[];
}

/** Why an offer counts for nothing, or for less than it has. */
export type OfferWhy = '' | 'paused' | 'held' | 'vanished' | 'pack' | 'stale' | 'old' | 'none';

/** How the figure came about; what a person is shown. */
export interface AvailabilityWhy {
  offers: {
    supplier: string;
    sku: string;
    stock: number;
    promised: number;
    /** The feed's and the policy's together. */
    buffer: number;
    /** Of 100. */
    share: number;
    left: number;
    why: OfferWhy;
  }[];
  combine: AvailabilityPolicy['combine'];
  combined: number;
  waiting: number;
  /** What the channel's share or a cap took away; 0 when neither did. */
  capped: number;
  left: number;
}

/** What may have changed: of offers, of variants, of one supplier, or everything. */
export interface Signal {
  id: string;
  kind: 'offer' | 'variant' | 'supplier' | 'all';
  ids: readonly string[];
  costs: boolean;
  position: string | null;
  state: 'due' | 'done';
}

export type Age = 'fresh' | 'old' | 'stale' | 'each';

/** What was last believed of a supplier's figures, with what is so now. */
export interface Standing {
  id: string;
  usable: boolean;
  age: Age;
  short_share: number;
  state: 'watched';
}

export interface StandingFacts {
  usable: boolean;
  /** When all of its figures were said last; null when they come one by one. */
  complete_at: Instant | null;
  /** Units asked of it lately, and those it did not have. */
  asked: number;
  short: number;
}
