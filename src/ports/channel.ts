import type { Address } from '#kernel/address';
import type { Instant } from '#kernel/time';

/** An order as a store tells it: a whole snapshot, whose `changedAt` says which of two is newer. */
export interface ChannelOrder {
  externalId: string;
  number: string;
  placedAt: Instant;
  changedAt: Instant;
  currency: string;
  payment: 'pending' | 'authorised' | 'paid' | 'partially_refunded' | 'refunded' | 'voided';
  cancelledAt: Instant | null;
  isTest: boolean;
  customer: { name: string; email: string; phone: string };
  shipTo: Address;
  service: 'standard' | 'express';
  lines: ChannelOrderLine[];
  subtotalMinor: bigint;
  discountMinor: bigint;
  shippingMinor: bigint;
  taxMinor: bigint;
  totalMinor: bigint;
  note: string;
  tags: string[];
}

export interface ChannelOrderLine {
  externalId: string;
  sku: string;
  title: string;
  kind: 'goods' | 'service';
  quantity: number;
  /** Units of it that the shopper or the shop has cancelled. */
  cancelled: number;
  priceMinor: bigint;
  /** Of the whole line. */
  discountMinor: bigint;
  taxMinor: bigint;
}

/** One document a poll brought: kept as it came, read later. */
export interface ChannelDocument {
  object: string;
  name: string;
  body: Uint8Array;
}

/** A parcel of an order, as the store has to be told of it. */
export interface ShipmentReport {
  orderExternalId: string;
  carrier: string;
  number: string;
  trackingUrl: string;
  lines: { externalId: string; quantity: number }[];
}

export interface Reported {
  reference: string;
}

export type WhatBecame<Reply> =
  | { outcome: 'happened'; reply: Reply }
  | { outcome: 'absent' }
  | { outcome: 'repeat' }
  | { outcome: 'ask-a-person'; why: string };

/** What a store shows, or should show, of a listing. Amounts in the channel's minor units; null: nothing is said of it. */
export interface PublishedRow {
  sku: string;
  quantity: number;
  priceMinor: bigint | null;
  compareMinor: bigint | null;
}

export interface PublishedOutcome {
  sku: string;
  ok: boolean;
  /** Why it was not taken. */
  why?: string;
}

/** A page of what a store shows. */
export interface Published {
  rows: PublishedRow[];
  cursor: string;
  more: boolean;
}

/** A connected store. */
export interface ChannelDoor {
  /** Orders changed since the cursor, oldest change first; the cursor is the store's own or ours, '' from the beginning. */
  orders(cursor: string, limit: number): Promise<{ documents: ChannelDocument[]; cursor: string; more: boolean }>;
  reportShipment(report: ShipmentReport, key: string): Promise<Reported>;
  whatBecameOf(report: ShipmentReport, key: string): Promise<WhatBecame<Reported>>;
  /**
   * Says absolute figures, at most 250 at once, so that saying them again does no harm. One outcome a row; a row that it does not name
   * counts as not taken.
   */
  publish(rows: readonly PublishedRow[], currency: string, key: string): Promise<{ outcomes: PublishedOutcome[] }>;
  /** What it shows, page by page; '' begins. */
  published(cursor: string, currency: string): Promise<Published>;
}
