/** What people read of an order. From the most to the least settled it is one of these; the words for people are the console's. */
export const orderStatuses = [
  'awaiting_payment',
  'on_hold',
  'no_supplier',
  'needs_review',
  'routing',
  'routed',
  'with_supplier',
  'accepted',
  'backordered',
  'part_shipped',
  'shipped',
  'out_for_delivery',
  'delivered',
  'part_cancelled',
  'cancelled',
] as const;
export type OrderStatus = (typeof orderStatuses)[number];

/** The parts that the status is made of; units over all goods lines. */
export interface StatusParts {
  state: 'received' | 'accepted' | 'held' | 'routed' | 'in_fulfilment' | 'closed' | 'cancelled';
  payment: string;
  heldFor: readonly string[];
  ordered: number;
  cancelled: number;
  /** Units whose supplier said yes. */
  accepted: number;
  backordered: number;
  shipped: number;
  delivered: number;
  outForDelivery: number;
  /** An exception about it waits for a person. */
  needsReview: boolean;
}

/** One pure function of the parts; the worst or the least advanced is what is said. */
export function statusOf(parts: StatusParts): OrderStatus {
  const wanted = parts.ordered - parts.cancelled;
  if (parts.state === 'cancelled' || (parts.ordered > 0 && wanted === 0)) return 'cancelled';
  if (parts.state === 'held') return parts.heldFor.includes('no_supplier') ? 'no_supplier' : 'on_hold';
  if (parts.state === 'received') return parts.payment === 'pending' ? 'awaiting_payment' : 'routing';
  if (parts.state === 'accepted') return 'routing';
  if (parts.state === 'routed') return 'routed';
  if (parts.state === 'closed') return parts.cancelled > 0 ? 'part_cancelled' : 'delivered';
  if (parts.delivered >= wanted) return 'delivered';
  if (parts.needsReview) return 'needs_review';
  if (parts.outForDelivery > 0 && parts.outForDelivery + parts.delivered >= wanted) return 'out_for_delivery';
  if (parts.shipped >= wanted) return 'shipped';
  if (parts.shipped > 0) return 'part_shipped';
  if (parts.backordered > 0) return 'backordered';
  return parts.accepted >= wanted ? 'accepted' : 'with_supplier';
}

/** Before anything is with a supplier, the state and the payment say all. */
export const earlyStatus = (state: StatusParts['state'], payment: string, heldFor: readonly string[] = []): OrderStatus =>
  state === 'in_fulfilment'
    ? 'with_supplier'
    : statusOf({
        state,
        payment,
        heldFor,
        ordered: 1,
        cancelled: 0,
        accepted: 0,
        backordered: 0,
        shipped: 0,
        delivered: 0,
        outForDelivery: 0,
        needsReview: false,
      });
