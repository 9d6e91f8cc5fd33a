import type { Address } from '#kernel/address';
import type { Instant } from '#kernel/time';
import type { WhatBecame } from '#ports/channel';

/** A purchase order as it is said to a supplier, whatever the transport. The same whenever it is said again. */
export interface PurchaseOrder {
  number: string;
  version: number;
  /** The shopper's order number, for their packing slip. */
  orderNumber: string;
  orderedAt: Instant;
  buyer: { name: string; email: string };
  supplier: { name: string; email: string };
  shipTo: Address;
  service: string;
  currency: string;
  lines: PurchaseOrderLine[];
  /** The page where they answer without a login; '' when there is none. */
  answerUrl: string;
}

export interface PurchaseOrderLine {
  position: number;
  supplierSku: string;
  title: string;
  quantity: number;
  unitCostMinor: bigint;
}

/** A document that went out, byte for byte; base64, as it is kept with the reply. */
export interface SaidDocument {
  name: string;
  type: string;
  base64: string;
}

export interface Placed {
  /** The supplier's own number for it; '' when they gave none. */
  reference: string;
  documents: SaidDocument[];
}

/** Something a supplier left for us, raw. */
export interface SupplierDocument {
  kind: 'acknowledgement' | 'ship-notice' | 'answer';
  /** Their name of it: file name, sequence number, message id. */
  object: string;
  name: string;
  type: string;
  headers: Record<string, string>;
  body: Uint8Array;
}

export interface Fetched {
  documents: SupplierDocument[];
  cursor: string;
  /** Whether more waits, so that it is asked again at once. */
  more: boolean;
}

/** One supplier's door. Throws `Fault`s. */
export interface SupplierDoor {
  place(order: PurchaseOrder, key: string): Promise<Placed>;
  whatBecameOf(order: PurchaseOrder, key: string): Promise<WhatBecame<Placed>>;
  /** Asks for everything that is not shipped yet to be cancelled. */
  cancel(order: PurchaseOrder, reference: string, key: string): Promise<Placed>;
  whatBecameOfCancel(order: PurchaseOrder, reference: string, key: string): Promise<WhatBecame<Placed>>;
  /** What they left since the cursor. What an earlier call gave may be tidied away, as it is kept by now. */
  fetch(cursor: string, limit: number): Promise<Fetched>;
}

export const lineResponses = ['accepted', 'short', 'backordered', 'substituted', 'repriced', 'rejected'] as const;
export type LineResponse = (typeof lineResponses)[number];

export interface LineAnswer {
  /** Our line's position, or their SKU; one of them. */
  position?: number;
  sku?: string;
  response: LineResponse;
  /** Units they will deliver; left out: all for accepted, none for rejected. */
  quantity?: number;
  unitCostMinor?: bigint;
  expectedAt?: Instant;
  reason?: string;
}

export interface Acknowledged {
  what: 'acknowledgement';
  purchase: string;
  reference?: string;
  at?: Instant;
  lines: LineAnswer[];
  /** For those that answer the order as a whole. */
  all?: 'accepted' | 'rejected';
  reason?: string;
}

export interface Shipped {
  what: 'shipment';
  purchase: string;
  reference: string;
  shippedAt: Instant;
  parcels: { carrier: string; number: string; lines: { position?: number; sku?: string; quantity: number }[] }[];
}

export interface CancelAnswered {
  what: 'cancellation';
  purchase: string;
  outcome: 'accepted' | 'refused';
  reason?: string;
}

export type SupplierSaid = Acknowledged | Shipped | CancelAnswered;
