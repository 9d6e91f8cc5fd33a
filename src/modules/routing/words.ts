import type { Instant } from '#kernel/time';

/** A supplier, as far as routing has to know. */
export interface RoutingSupplier {
  id: string;
  code: string;
  name: string;
  state: string;
  paused_reason: string;
  country: string;
  currency: string;
  ships_to: string[];
  rank: number;
  handling_days: number;
  transit_days: Readonly<Record<string, number>>;
  order_fee_minor: bigint;
  shipping_minor: Readonly<Record<string, string | number>>;
  reliability: number;
  transport: string;
}

/** A supplier's line that could deliver. `sellable` goes down while a batch is decided. */
export interface RoutingOffer {
  id: string;
  variant_id: string;
  supplier_id: string;
  supplier_sku: string;
  cost_minor: bigint | null;
  currency: string;
  sellable: number;
  pack_size: number;
  /** Units of ours in one of theirs. */
  units_per_offer: number;
  lead_days: number | null;
  state: string;
  observed_at: Instant;
}

/** One question that a candidate has to pass; `why` says what was found, whatever the answer. */
export interface Gate {
  gate: 'live' | 'policy' | 'ships_to' | 'stock' | 'cost' | 'currency' | 'refused_before' | 'margin' | 'fresh';
  passed: boolean;
  why: string;
}

export interface Numbers {
  /** Of one unit. */
  cost_minor: string;
  /** Of these units with their share of fee and shipping. */
  landed_minor: string;
  currency: string;
  /** Working and transit days to the door; null when the supplier never said. */
  days: number | null;
  stock: number;
  rank: number;
  /** How old the stock figure was. */
  age_hours: number;
}

export interface Candidate {
  offer: string;
  supplier: string;
  name: string;
  sku: string;
  gates: Gate[];
  numbers: Numbers | null;
  /** The lower, the better; null when a gate stopped it. */
  score: number | null;
  /** Units it was given. */
  given: number;
}

/** The decision about one line, as it is kept. */
export interface DecidedLine {
  line: string;
  sku: string;
  quantity: number;
  objective: string;
  sentence: string;
  candidates: Candidate[];
}
