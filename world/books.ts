import type { Instant } from '#kernel/time';

/**
 * The program's own state, read in one go for the auditor: plain rows under the names their columns have, with suppliers and
 * channels by code. Whoever fills it leaves nothing out and judges nothing.
 */
export interface Books {
  at: Instant;
  orders: BookedOrder[];
  lines: BookedLine[];
  holds: { order_id: string; reason: string; released_at: Instant | null; released_by: string }[];
  allocations: BookedAllocation[];
  offers: BookedOffer[];
  listings: BookedListing[];
  purchases: BookedPurchase[];
  purchaseLines: BookedPurchaseLine[];
  changes: BookedChange[];
  effects: BookedEffect[];
  exceptions: BookedException[];
  messages: BookedMessage[];
  parcels: BookedParcel[];
  parcelEvents: BookedEvent[];
  reports: BookedReport[];
  arrivals: { id: string; source: string; kind: string; object: string; state: string; due_at: Instant | null }[];
  facts: BookedFact[];
  /** What recomputing the chain over all facts said; `why` is '' when it holds. */
  chain: { holds: boolean; why: string; last_number: bigint };
}

export interface BookedOrder {
  id: string;
  channel: string;
  external_id: string;
  number: string;
  state: string;
  status: string;
  payment: string;
  currency: string;
  total_minor: bigint;
  country: string;
  postcode: string;
  is_test: boolean;
  due_at: Instant | null;
  received_at: Instant;
}

export interface BookedLine {
  id: string;
  order_id: string;
  external_id: string;
  sku: string;
  kind: string;
  quantity: number;
  cancelled: number;
}

export interface BookedAllocation {
  id: string;
  order_id: string;
  line_id: string;
  offer_id: string;
  supplier: string;
  quantity: number;
  state: string;
}

export interface BookedOffer {
  id: string;
  supplier: string;
  supplier_sku: string;
  quantity: number;
  buffer: number;
  reserved: number;
  ceiling: number;
}

export interface BookedListing {
  channel: string;
  kind: string;
  sku: string;
  /** What the store should show; null when it was never counted. */
  want_quantity: number | null;
  /** What it was told, or showed by itself. */
  quantity: number | null;
  stale_since: Instant | null;
  trouble: string;
}

export interface BookedPurchase {
  id: string;
  number: string;
  supplier: string;
  order_id: string;
  version: number;
  transmission: string;
  response: string;
  fulfilment: string;
  due_at: Instant | null;
  sent_at: Instant | null;
  ack_due_at: Instant | null;
  acknowledged_at: Instant | null;
  reference: string;
}

export interface BookedPurchaseLine {
  id: string;
  purchase_id: string;
  position: number;
  order_line_id: string;
  allocation_id: string;
  supplier_sku: string;
  quantity: number;
  accepted: number;
  refused: number;
  shipped: number;
  response: string | null;
}

export interface BookedChange {
  id: string;
  purchase_id: string;
  kind: string;
  state: string;
  due_at: Instant | null;
}

export interface BookedEffect {
  key: string;
  step: string;
  subject_kind: string;
  subject_id: string;
  state: string;
  attempt: number;
  absences: number;
}

export interface BookedException {
  id: string;
  kind: string;
  subject_kind: string;
  subject_id: string;
  order_id: string | null;
  title: string;
  detail: string;
  fixes: readonly unknown[];
  state: string;
  opened_at: Instant;
  due_at: Instant | null;
  resolved_by: string;
}

export interface BookedMessage {
  id: string;
  order_id: string | null;
  subject_id: string;
  meaning: string;
  channel: string;
  address: string;
  state: string;
  due_at: Instant | null;
  why_not: string;
}

export interface BookedParcel {
  id: string;
  purchase_id: string;
  order_id: string;
  carrier: string;
  number: string;
  milestone: string;
  label_at: Instant;
  due_at: Instant | null;
}

export interface BookedEvent {
  parcel_id: string;
  at: Instant;
  milestone: string;
  source: string;
  /** Why it is not believed; '' when it is. */
  set_aside: string;
}

export interface BookedReport {
  id: string;
  channel: string;
  order_id: string;
  parcel_id: string;
  state: string;
  due_at: Instant | null;
}

export interface BookedFact {
  /** Null until it is sealed into the chain. */
  number: bigint | null;
  type: string;
  subject_kind: string;
  subject_id: string;
  order_id: string | null;
  at: Instant;
  actor: string;
}
