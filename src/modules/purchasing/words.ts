import type { Address } from '#kernel/address';
import type { Instant } from '#kernel/time';
import type { Supplier } from '#modules/suppliers';
import type { NewException, NewFact } from '#platform/work';
import type { LineResponse, Shipped, SupplierSaid } from '#ports/supplier';

export const transmissions = ['queued', 'sending', 'sent', 'unknown', 'failed', 'acknowledged', 'closed', 'cancelled'] as const;
export type Transmission = (typeof transmissions)[number];
/** The purchase order as a whole: what its lines' answers come to. */
export type PurchaseResponse = 'awaited' | 'accepted' | 'short' | 'backordered' | 'rejected' | 'changed';
export type Fulfilment = 'none' | 'part_shipped' | 'shipped';

export interface PurchaseLine {
  id: string;
  purchase_id: string;
  position: number;
  order_line_id: string;
  allocation_id: string;
  offer_id: string;
  supplier_sku: string;
  title: string;
  quantity: number;
  unit_cost_minor: bigint;
  response: LineResponse | null;
  accepted: number;
  /** Units that were rejected, short or cancelled. They never come back. */
  refused: number;
  shipped: number;
  expected_at: Instant | null;
  reason: string;
  answered_at: Instant | null;
}

export interface Purchase {
  id: string;
  number: string;
  supplier_id: string;
  order_id: string;
  order_number: string;
  version: number;
  transmission: Transmission;
  response: PurchaseResponse;
  fulfilment: Fulfilment;
  currency: string;
  cost_minor: bigint;
  ship_to: Address;
  service: string;
  transport: string;
  created_at: Instant;
  sent_at: Instant | null;
  ack_due_at: Instant | null;
  acknowledged_at: Instant | null;
  ship_due_at: Instant | null;
  reminded: number;
  reference: string;
  lines: PurchaseLine[];
  supplier: Supplier;
}

export interface Draft {
  orderId: string;
  supplierId: string;
  currency: string;
  shipTo: Address;
  service: string;
  transport: string;
  lines: {
    orderLineId: string;
    allocationId: string;
    offerId: string;
    supplierSku: string;
    title: string;
    quantity: number;
    unitCostMinor: bigint;
  }[];
}

export interface Change {
  id: string;
  purchase_id: string;
  kind: 'cancel';
  state: 'queued' | 'sending' | 'sent' | 'unknown' | 'accepted' | 'refused' | 'failed';
  why: string;
  created_at: Instant;
  purchase: Purchase;
}

/** What a supplier said, and where it came from. */
export interface Answered {
  supplierId: string;
  arrivalId: string;
  at: Instant;
  said: SupplierSaid;
  /** The document it was read from, kept with the purchase order. */
  document: { name: string; type: string; bytes: Uint8Array };
}

/** Units that will not come from this supplier; they go back to routing and to the offer's stock. */
export interface Refused {
  order_id: string;
  allocation_id: string;
  quantity: number;
}

/** What a set of answers came to. Purchase orders and lines are written; the rest is for the caller to hand on. */
export interface AnswersTaken {
  facts: NewFact[];
  raise: NewException[];
  resolve: { kind: string; subject: string; how: string; actor: string }[];
  touched: string[];
  refused: Refused[];
  shipments: { supplierId: string; arrivalId: string; at: Instant; said: Shipped }[];
}
