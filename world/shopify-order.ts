import type { StoreLine, StoreOrder, StoreState } from './shops.ts';
import { spread } from './store-parts.ts';
import type { Shop } from './stores.ts';
import { cents, decimal } from './tills.ts';

export const gid = (kind: string, id: string | number): string => `gid://shopify/${kind}/${id}`;

const bag = (amount: string) => ({ shopMoney: { amount } });

const financial: Readonly<Record<StoreOrder['financial_status'], string>> = {
  pending: 'PENDING',
  authorized: 'AUTHORIZED',
  paid: 'PAID',
  partially_refunded: 'PARTIALLY_REFUNDED',
  refunded: 'REFUNDED',
  voided: 'VOIDED',
};

/** What is taken off a line: its own, and its share of what is taken off the order. */
const cutsOf = (line: StoreLine, share: number): string[] => [line.discount, decimal(share)].filter((amount) => cents(amount) > 0);

const refundedOf = (order: StoreOrder): string =>
  order.financial_status === 'refunded'
    ? order.total
    : order.financial_status === 'partially_refunded'
      ? decimal(order.lines.reduce((sum, line) => sum + cents(line.unit_price) * line.cancelled_quantity, 0))
      : '0.00';

const sentOf = (store: StoreState, order: StoreOrder, line: StoreLine): number =>
  (store.shipped[order.id] ?? []).reduce((sum, one) => sum + (one.line === line.id ? one.quantity : 0), 0);

/** An order as GraphQL gives it. */
export function orderNode(_shop: Shop, store: StoreState, order: StoreOrder): Record<string, unknown> {
  const shares = spread(order);
  const to = order.shipping_address;
  const address = {
    name: to.name,
    firstName: to.name.split(' ')[0] ?? '',
    lastName: to.name.split(' ').slice(1).join(' '),
    company: to.company || null,
    address1: to.line1,
    address2: to.line2 || null,
    city: to.city,
    province: to.region || null,
    provinceCode: to.region || null,
    zip: to.postcode || null,
    countryCodeV2: to.country || null,
    phone: to.phone || null,
  };
  return {
    id: gid('Order', order.id),
    name: order.number,
    processedAt: order.created_at,
    createdAt: order.created_at,
    updatedAt: order.updated_at,
    cancelledAt: order.cancelled_at,
    test: order.test,
    edited: false,
    taxesIncluded: false,
    currencyCode: order.currency,
    displayFinancialStatus: financial[order.financial_status],
    email: order.customer.email,
    phone: order.customer.phone,
    note: order.note || null,
    tags: order.tags,
    customer: { displayName: order.customer.name },
    risk: { recommendation: 'ACCEPT' },
    shippingAddress: address,
    billingAddress: address,
    shippingLine: { title: order.shipping_service === 'express' ? 'Express' : 'Standard', code: order.shipping_service },
    totalPriceSet: bag(order.total),
    subtotalPriceSet: bag(order.subtotal),
    totalShippingPriceSet: bag(order.shipping_total),
    totalTaxSet: bag(order.tax_total),
    totalTipReceivedSet: bag('0.00'),
    totalRefundedSet: bag(refundedOf(order)),
    originalTotalDutiesSet: null,
    originalTotalAdditionalFeesSet: null,
    lineItems: {
      nodes: order.lines.map((line, at) => ({
        id: gid('LineItem', line.id),
        sku: line.sku,
        title: line.title,
        name: line.title,
        quantity: line.quantity,
        currentQuantity: line.quantity - line.cancelled_quantity,
        unfulfilledQuantity: line.quantity - line.cancelled_quantity - sentOf(store, order, line),
        requiresShipping: true,
        isGiftCard: false,
        originalUnitPriceSet: bag(line.unit_price),
        discountAllocations: cutsOf(line, shares[at] ?? 0).map((amount) => ({ allocatedAmountSet: bag(amount) })),
        taxLines: cents(line.tax) > 0 ? [{ priceSet: bag(line.tax) }] : [],
      })),
      pageInfo: { hasNextPage: false, endCursor: null },
    },
  };
}

/** The same order in the shape of the older interface, as webhooks still have it. */
export function restOrder(_shop: Shop, store: StoreState, order: StoreOrder): Record<string, unknown> {
  const shares = spread(order);
  const to = order.shipping_address;
  const [first = '', ...rest] = order.customer.name.split(' ');
  const address = {
    name: to.name,
    company: to.company || null,
    address1: to.line1,
    address2: to.line2 || null,
    city: to.city,
    province: to.region || null,
    province_code: to.region || null,
    zip: to.postcode || null,
    country_code: to.country || null,
    phone: to.phone || null,
  };
  const refunded = refundedOf(order);
  return {
    id: Number(order.id),
    admin_graphql_api_id: gid('Order', order.id),
    name: order.number,
    created_at: order.created_at,
    processed_at: order.created_at,
    updated_at: order.updated_at,
    cancelled_at: order.cancelled_at,
    test: order.test,
    taxes_included: false,
    currency: order.currency,
    financial_status: order.financial_status,
    email: order.customer.email,
    phone: order.customer.phone,
    note: order.note || null,
    tags: order.tags.join(', '),
    customer: { first_name: first, last_name: rest.join(' ') },
    shipping_address: address,
    billing_address: address,
    shipping_lines: [
      {
        title: order.shipping_service === 'express' ? 'Express' : 'Standard',
        price: order.shipping_total,
        discounted_price: order.shipping_total,
      },
    ],
    total_price: order.total,
    subtotal_price: order.subtotal,
    total_tax: order.tax_total,
    total_tip_received: '0.00',
    total_shipping_price_set: { shop_money: { amount: order.shipping_total } },
    refunds: cents(refunded) > 0 ? [{ transactions: [{ amount: refunded, kind: 'refund', status: 'success' }] }] : [],
    line_items: order.lines.map((line, at) => ({
      id: Number(line.id),
      sku: line.sku,
      title: line.title,
      quantity: line.quantity,
      current_quantity: line.quantity - line.cancelled_quantity,
      fulfillable_quantity: line.quantity - line.cancelled_quantity - sentOf(store, order, line),
      requires_shipping: true,
      gift_card: false,
      price: line.unit_price,
      total_discount: line.discount,
      discount_allocations: cutsOf(line, shares[at] ?? 0).map((amount) => ({ amount })),
      tax_lines: cents(line.tax) > 0 ? [{ price: line.tax }] : [],
    })),
  };
}
