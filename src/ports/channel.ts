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
  /** How likely a fraud the store thinks it is; left out where it says nothing. */
  risk?: 'low' | 'medium' | 'high';
  customer: { name: string; email: string; phone: string };
  /** Empty fields where the order has no address, so that it is held and nobody guesses. */
  shipTo: Address;
  billTo?: Address;
  service: 'standard' | 'express';
  /** The way of shipping as the shopper chose it. */
  serviceName?: string;
  lines: ChannelOrderLine[];
  subtotalMinor: bigint;
  discountMinor: bigint;
  shippingMinor: bigint;
  taxMinor: bigint;
  /** Prices contain the tax, so that it is not added. */
  taxIncluded?: boolean;
  /** Whatever else is in the total: fees, tips, duties; a gift card as a negative amount. */
  otherMinor?: bigint;
  totalMinor: bigint;
  /** What was paid back of it so far. */
  refundedMinor?: bigint;
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
  /** Units of it that the store says have been shipped; what was shipped before we knew the order is not ordered again. */
  fulfilled?: number;
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
  /** The store's own names of it, as its shelf gave them: only its connector reads this. '' where we have not seen it there yet. */
  ref?: string;
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

/** Something that a store sells, as its own list says. */
export interface ShelfRow extends PublishedRow {
  ref: string;
  title: string;
  brand: string;
  /** Its barcode, as it stands there. */
  gtin: string;
  /** Address of a picture. */
  image: string;
  /** False where the store sells it without counting. */
  counted: boolean;
}

/** A page of what a store shows. */
export interface Published {
  rows: (PublishedRow | ShelfRow)[];
  cursor: string;
  more: boolean;
}

/** What a look at a store found, in words for the person who connects it. */
export interface StoreFound {
  /** What the store calls itself. */
  name: string;
  /** ISO 4217; '' where it does not say. */
  currency: string;
  /** IANA; '' where it does not say. */
  zone: string;
  /** Sentences: how many products and orders there are, where stock is kept. */
  words: string[];
  /** Sentences: what is missing or wrong, and what to do about it. Empty: it can be used. */
  troubles: string[];
}

/** Something said about an order of a store, once. */
export type StoreSaying =
  | { kind: 'cancel'; reason: string }
  /** Money back for units of lines, shipping and goodwill together in `amountMinor`; stock is not put back. */
  | { kind: 'refund'; lines: { externalId: string; quantity: number }[]; amountMinor: bigint; note: string }
  | { kind: 'note'; text: string }
  | { kind: 'tag'; tags: string[] };

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
  /** A cursor with which `orders` begins at this instant, instead of at the first order ever. */
  since?(from: Instant): string;
  /** These orders as they are now, at most 50 at once; those that are gone are left out. */
  named?(ids: readonly string[]): Promise<ChannelDocument[]>;
  /** Looks around, changes nothing. */
  probe?(): Promise<StoreFound>;
  /** Sees to it that the store sends its webhooks to this address; saying it again does no harm. `mended`: those that had to be made or switched on. */
  listen?(url: string, secret: string): Promise<{ topics: string[]; mended: number }>;
  /** At most once per key, as far as the store lets us see what became of it. */
  say?(order: string, saying: StoreSaying, key: string): Promise<Reported>;
  whatBecameOfSaying?(order: string, saying: StoreSaying, key: string): Promise<WhatBecame<Reported>>;
}
