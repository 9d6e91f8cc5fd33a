/** An order's parts as a store adds them up, in minor units of one currency. */
export interface OrderSum {
  lines: readonly { quantity: number; priceMinor: bigint; discountMinor: bigint }[];
  /** Of the whole order, besides those of its lines. */
  discountMinor: bigint;
  shippingMinor: bigint;
  taxMinor: bigint;
  /** The prices contain the tax, so that it is not added. */
  taxIncluded?: boolean;
  /** Whatever else is in the total: fees, tips, duties, a gift card as a negative amount. */
  otherMinor?: bigint;
  totalMinor: bigint;
}

export const goodsOf = ({ lines }: Pick<OrderSum, 'lines'>): bigint =>
  lines.reduce((sum, { quantity, priceMinor, discountMinor }) => sum + priceMinor * BigInt(quantity) - discountMinor, 0n);

/** By how much the total is more than its parts: 0 where nothing was lost on the way. */
export const unexplainedOf = (order: OrderSum): bigint =>
  order.totalMinor -
  (goodsOf(order) - order.discountMinor + order.shippingMinor + (order.taxIncluded ? 0n : order.taxMinor) + (order.otherMinor ?? 0n));
