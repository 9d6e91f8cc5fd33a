import Type, { type Static } from 'typebox';
import { Unreadable } from '#kernel/unreadable';
import type { ChannelOrder, ChannelOrderLine } from '#ports/channel';
import { numberOf } from './graph.ts';
import { addressOf, amounts, balanced, fitting, fix, isExpress, paymentOf, time } from './order.ts';

const short = (maxLength: number) => Type.String({ maxLength });
const Maybe = (maxLength: number) => Type.Union([short(maxLength), Type.Null()]);
const Bag = Type.Object({ shopMoney: Type.Object({ amount: Type.String({ pattern: '^-?\\d{1,15}(\\.\\d{1,6})?$' }) }) });
const MaybeBag = Type.Union([Bag, Type.Null()]);
const Address = Type.Union([
  Type.Null(),
  Type.Object({
    name: Maybe(300),
    company: Maybe(300),
    address1: Maybe(300),
    address2: Maybe(300),
    city: Maybe(200),
    province: Maybe(200),
    provinceCode: Maybe(40),
    zip: Maybe(40),
    countryCodeV2: Maybe(10),
    phone: Maybe(100),
  }),
]);

const Units = Type.Integer({ minimum: 0, maximum: 1_000_000 });
const Line = Type.Object({
  id: short(200),
  sku: Maybe(200),
  title: short(1_000),
  quantity: Units,
  currentQuantity: Units,
  unfulfilledQuantity: Units,
  requiresShipping: Type.Boolean(),
  isGiftCard: Type.Boolean(),
  originalUnitPriceSet: Bag,
  discountAllocations: Type.Array(Type.Object({ allocatedAmountSet: Bag }), { maxItems: 1_000 }),
  taxLines: Type.Array(Type.Object({ priceSet: Bag }), { maxItems: 100 }),
});

const Node = Type.Object({
  id: short(200),
  name: Type.String({ minLength: 1, maxLength: 200 }),
  processedAt: short(40),
  updatedAt: short(40),
  cancelledAt: Maybe(40),
  test: Type.Boolean(),
  edited: Type.Boolean(),
  taxesIncluded: Type.Boolean(),
  currencyCode: Type.String({ pattern: '^[A-Z]{3}$' }),
  displayFinancialStatus: Maybe(60),
  email: Maybe(320),
  phone: Maybe(100),
  note: Maybe(10_000),
  tags: Type.Array(short(255), { maxItems: 500 }),
  customer: Type.Union([Type.Null(), Type.Object({ displayName: short(500) })]),
  risk: Type.Object({ recommendation: short(60) }),
  shippingAddress: Address,
  billingAddress: Address,
  shippingLine: Type.Union([Type.Null(), Type.Object({ title: short(500) })]),
  totalPriceSet: Bag,
  subtotalPriceSet: MaybeBag,
  totalShippingPriceSet: Bag,
  totalTaxSet: MaybeBag,
  totalTipReceivedSet: Bag,
  totalRefundedSet: Bag,
  originalTotalDutiesSet: MaybeBag,
  originalTotalAdditionalFeesSet: MaybeBag,
  lineItems: Type.Object({ nodes: Type.Array(Line, { maxItems: 10_000 }) }),
});

const fit = fitting(Node);
const risks: Readonly<Record<string, ChannelOrder['risk']>> = { ACCEPT: 'low', INVESTIGATE: 'medium', CANCEL: 'high' };

/** An order as our own question brings it. */
export function readNode(value: unknown): ChannelOrder {
  const order = fit(value);
  const amount = amounts(order.currencyCode);
  const of = (field: string, bag: Static<typeof MaybeBag>): bigint => amount(field, bag?.shopMoney.amount);
  const tax = of('totalTaxSet', order.totalTaxSet);
  const risk = risks[order.risk.recommendation];
  const title = order.shippingLine?.title ?? '';
  const read: ChannelOrder = {
    externalId: numberOf(order.id),
    number: order.name,
    placedAt: time('processedAt', order.processedAt),
    changedAt: time('updatedAt', order.updatedAt),
    currency: order.currencyCode,
    payment: paymentOf(order.displayFinancialStatus),
    cancelledAt: order.cancelledAt === null ? null : time('cancelledAt', order.cancelledAt),
    isTest: order.test,
    ...(risk ? { risk } : {}),
    customer: { name: order.customer?.displayName ?? order.billingAddress?.name ?? '', email: order.email ?? '', phone: order.phone ?? '' },
    shipTo: placeOf(order.shippingAddress),
    billTo: placeOf(order.billingAddress),
    service: isExpress(title) ? 'express' : 'standard',
    serviceName: title,
    lines: order.lineItems.nodes.flatMap((line, place) => lineOf(line, `lineItems.${place}`, of)),
    subtotalMinor: of('subtotalPriceSet', order.subtotalPriceSet),
    // Discounts of the whole order are shared out to its lines by Shopify itself.
    discountMinor: 0n,
    shippingMinor: of('totalShippingPriceSet', order.totalShippingPriceSet),
    taxMinor: tax,
    taxIncluded: order.taxesIncluded,
    otherMinor:
      of('totalTipReceivedSet', order.totalTipReceivedSet) +
      of('originalTotalDutiesSet', order.originalTotalDutiesSet) +
      of('originalTotalAdditionalFeesSet', order.originalTotalAdditionalFeesSet),
    totalMinor: of('totalPriceSet', order.totalPriceSet),
    refundedMinor: of('totalRefundedSet', order.totalRefundedSet),
    note: order.note ?? '',
    tags: order.tags,
  };
  return balanced(read, order.edited);
}

const placeOf = (address: Static<typeof Address>) =>
  addressOf({
    name: address?.name ?? null,
    company: address?.company ?? null,
    line1: address?.address1 ?? null,
    line2: address?.address2 ?? null,
    city: address?.city ?? null,
    region: address?.provinceCode ?? address?.province ?? null,
    postcode: address?.zip ?? null,
    country: address?.countryCodeV2 ?? null,
    phone: address?.phone ?? null,
  });

function lineOf(line: Static<typeof Line>, at: string, of: (field: string, bag: Static<typeof Bag>) => bigint): ChannelOrderLine[] {
  // A line that was added and taken away again before anything else.
  if (line.quantity === 0) return [];
  if (line.currentQuantity > line.quantity)
    throw new Unreadable('units', `${at} has ${line.currentQuantity} of ${line.quantity} units, more than there were.`, { fix });
  const removed = line.quantity - line.currentQuantity;
  return [
    {
      externalId: numberOf(line.id),
      sku: (line.sku ?? '').trim(),
      title: line.title,
      kind: line.requiresShipping && !line.isGiftCard ? 'goods' : 'service',
      quantity: line.quantity,
      cancelled: removed,
      fulfilled: Math.max(0, line.currentQuantity - line.unfulfilledQuantity),
      priceMinor: of(`${at}.originalUnitPriceSet`, line.originalUnitPriceSet),
      discountMinor: line.discountAllocations.reduce(
        (sum, { allocatedAmountSet }) => sum + of(`${at}.discountAllocations`, allocatedAmountSet),
        0n,
      ),
      taxMinor: line.taxLines.reduce((sum, { priceSet }) => sum + of(`${at}.taxLines`, priceSet), 0n),
    },
  ];
}
