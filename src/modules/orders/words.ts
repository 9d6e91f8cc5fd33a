import { createHash } from 'node:crypto';
import type { Address } from '#kernel/address';
import type { Instant } from '#kernel/time';
import type { ChannelOrder } from '#ports/channel';
import type { OrderStatus } from './status.ts';

export const orderStates = ['received', 'accepted', 'held', 'routed', 'in_fulfilment', 'closed', 'cancelled'] as const;
export type OrderState = (typeof orderStates)[number];

export type HoldReason =
  | 'payment'
  | 'address'
  | 'duplicate'
  | 'velocity'
  | 'unmatched'
  | 'test'
  | 'no_supplier'
  | 'manual'
  | 'risk'
  | 'history';

export interface OrderLine {
  id: string;
  order_id: string;
  position: number;
  external_id: string;
  sku: string;
  title: string;
  kind: 'goods' | 'service';
  variant_id: string | null;
  quantity: number;
  cancelled: number;
  /** Units among the cancelled ones that had been shipped before the order came here. */
  elsewhere: number;
  price_minor: bigint;
  discount_minor: bigint;
  tax_minor: bigint;
}

export interface Order {
  id: string;
  channel_id: string;
  external_id: string;
  number: string;
  state: OrderState;
  status: OrderStatus;
  placed_at: Instant;
  received_at: Instant;
  source_at: Instant;
  currency: string;
  total_minor: bigint;
  payment: ChannelOrder['payment'];
  customer_name: string;
  email: string;
  ship_to: Address;
  country: string;
  postcode: string;
  service: 'standard' | 'express';
  likeness: Uint8Array;
  is_test: boolean;
  /** What the store thinks of it; '' where it says nothing. */
  risk: '' | 'low' | 'medium' | 'high';
  /** It was placed before the store was connected. */
  is_history: boolean;
  routed_times: number;
  cancel_asked_at: Instant | null;
  promised_at: Instant | null;
  closed_at: Instant | null;
  /** Reasons of holds that are open. */
  held_for: HoldReason[];
  /** Reasons that a person has released before; they do not hold it again. */
  released: HoldReason[];
  lines: OrderLine[];
}

export interface Hold {
  reason: HoldReason;
  /** What was found, in a sentence. */
  detail: string;
}

/** Units that still are to be delivered of a line. */
export const wantedOf = (line: Pick<OrderLine, 'kind' | 'quantity' | 'cancelled'>): number =>
  line.kind === 'goods' ? line.quantity - line.cancelled : 0;

/**
 * What two orders of one basket share: who, where to, and what. Two with the same likeness within a day are held, not dropped,
 * as a shopper may mean it.
 */
export function likenessOf(order: Pick<ChannelOrder, 'customer' | 'shipTo' | 'lines'>): Uint8Array {
  const word = (text: string | undefined): string => (text ?? '').toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
  const basket = order.lines.map(({ sku, quantity }) => `${sku}×${quantity}`).sort();
  const who = [
    word(order.customer.email) || word(order.customer.name),
    word(order.shipTo.line1),
    word(order.shipTo.postcode),
    order.shipTo.country,
  ];
  return createHash('sha256')
    .update(JSON.stringify([who, basket]))
    .digest()
    .subarray(0, 16);
}
