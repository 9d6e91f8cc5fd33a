import Type, { type Static } from 'typebox';
import type { ChannelOrder, ChannelOrderLine } from '#ports/channel';
import { addressOf, amounts, balanced, fitting, isExpress, paymentOf, time } from './order.ts';

const short = (maxLength: number) => Type.String({ maxLength });
const Maybe = (maxLength: number) => Type.Optional(Type.Union([short(maxLength), Type.Null()]));
const Amount = Type.String({ pattern: '^-?\\d{1,15}(\\.\\d{1,6})?$' });
const MaybeAmount = Type.Optional(Type.Union([Amount, Type.Null()]));
const Id = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });
const Bag = Type.Optional(Type.Union([Type.Null(), Type.Object({ shop_money: Type.Object({ amount: Amount }) })]));
const Units = Type.Integer({ minimum: 0, maximum: 1_000_000 });
const Address = Type.Optional(
  Type.Union([
    Type.Null(),
    Type.Object({
      name: Maybe(300),
      first_name: Maybe(300),
      last_name: Maybe(300),
      company: Maybe(300),
      address1: Maybe(300),
      address2: Maybe(300),
      city: Maybe(200),
      province: Maybe(200),
      province_code: Maybe(40),
      zip: Maybe(40),
      country_code: Maybe(10),
      phone: Maybe(100),
    }),
  ]),
);
const Taxes = Type.Optional(Type.Array(Type.Object({ price: Amount }), { maxItems: 100 }));

const Line = Type.Object({
  id: Id,
  sku: Maybe(200),
  title: Maybe(1_000),
  quantity: Units,
  current_quantity: Type.Optional(Units),
  fulfillable_quantity: Type.Optional(Units),
  requires_shipping: Type.Optional(Type.Boolean()),
  gift_card: Type.Optional(Type.Boolean()),
  price: Amount,
  total_discount: MaybeAmount,
  discount_allocations: Type.Optional(Type.Array(Type.Object({ amount: Amount }), { maxItems: 1_000 })),
  tax_lines: Taxes,
});

const Order = Type.Object({
  id: Id,
  name: Type.String({ minLength: 1, maxLength: 200 }),
  created_at: short(40),
  processed_at: Maybe(40),
  updated_at: short(40),
  cancelled_at: Maybe(40),
  test: Type.Optional(Type.Boolean()),
  taxes_included: Type.Optional(Type.Boolean()),
  currency: Type.String({ pattern: '^[A-Z]{3}$' }),
  financial_status: Maybe(60),
  email: Maybe(320),
  phone: Maybe(100),
  note: Maybe(10_000),
  tags: Maybe(50_000),
  customer: Type.Optional(Type.Union([Type.Null(), Type.Object({ first_name: Maybe(300), last_name: Maybe(300) })])),
  shipping_address: Address,
  billing_address: Address,
  shipping_lines: Type.Optional(
    Type.Array(Type.Object({ title: Maybe(500), price: MaybeAmount, discounted_price: MaybeAmount }), { maxItems: 100 }),
  ),
  total_price: Amount,
  subtotal_price: MaybeAmount,
  total_tax: MaybeAmount,
  total_tip_received: MaybeAmount,
  total_shipping_price_set: Bag,
  original_total_duties_set: Bag,
  original_total_additional_fees_set: Bag,
  refunds: Type.Optional(
    Type.Array(
      Type.Object({
        transactions: Type.Optional(Type.Array(Type.Object({ amount: Amount, kind: short(60), status: Maybe(60) }), { maxItems: 1_000 })),
        order_adjustments: Type.Optional(Type.Array(Type.Unknown())),
      }),
      { maxItems: 1_000 },
    ),
  ),
  line_items: Type.Array(Line, { maxItems: 10_000 }),
});
type Order = Static<typeof Order>;

const fit = fitting(Order);

/** An order as webhooks bring it, in the shape of the older REST interface. */
export function readRest(value: unknown): ChannelOrder {
  const order = fit(value);
  const amount = amounts(order.currency);
  const lines = order.line_items.flatMap((line, place) => lineOf(line, `line_items.${place}`, amount));
  const title = order.shipping_lines?.map((line) => line.title ?? '').join(', ') ?? '';
  const bag = (field: string, of: Static<typeof Bag> | undefined): bigint => amount(field, of?.shop_money.amount);
  const read: ChannelOrder = {
    externalId: String(order.id),
    number: order.name,
    placedAt: time('created_at', order.processed_at ?? order.created_at),
    changedAt: time('updated_at', order.updated_at),
    currency: order.currency,
    payment: paymentOf(order.financial_status ?? null),
    cancelledAt: order.cancelled_at ? time('cancelled_at', order.cancelled_at) : null,
    isTest: order.test ?? false,
    customer: { name: nameOf(order), email: order.email ?? '', phone: order.phone ?? '' },
    shipTo: placeOf(order.shipping_address),
    billTo: placeOf(order.billing_address),
    service: isExpress(title) ? 'express' : 'standard',
    serviceName: title,
    lines,
    subtotalMinor: amount('subtotal_price', order.subtotal_price),
    discountMinor: 0n,
    shippingMinor: shippingOf(order, amount),
    taxMinor: amount('total_tax', order.total_tax),
    taxIncluded: order.taxes_included ?? false,
    otherMinor:
      amount('total_tip_received', order.total_tip_received) +
      bag('original_total_duties_set', order.original_total_duties_set) +
      bag('original_total_additional_fees_set', order.original_total_additional_fees_set),
    totalMinor: amount('total_price', order.total_price),
    refundedMinor: refundedOf(order, amount),
    note: order.note ?? '',
    tags: (order.tags ?? '').split(',').flatMap((tag) => (tag.trim() === '' ? [] : [tag.trim()])),
  };
  // Whether it was edited is not said here; fewer units than there were show it.
  return balanced(
    read,
    lines.some(({ cancelled }) => cancelled > 0),
  );
}

type Amounts = (field: string, text: string | null | undefined) => bigint;

/** What was charged for shipping, after its own discounts. */
function shippingOf({ total_shipping_price_set: bag, shipping_lines: lines }: Order, amount: Amounts): bigint {
  if (bag) return amount('total_shipping_price_set', bag.shop_money.amount);
  return (lines ?? []).reduce((sum, { discounted_price, price }) => sum + amount('shipping_lines', discounted_price ?? price), 0n);
}

const refundedOf = ({ refunds }: Order, amount: Amounts): bigint =>
  (refunds ?? [])
    .flatMap(({ transactions }) => transactions ?? [])
    .reduce((sum, { kind, status, amount: text }) => (kind === 'refund' && status !== 'failure' ? sum + amount('refunds', text) : sum), 0n);

const nameOf = ({ customer, billing_address: bill }: Order): string =>
  `${customer?.first_name ?? ''} ${customer?.last_name ?? ''}`.trim() || (bill?.name ?? '');

const placeOf = (address: Order['shipping_address']) =>
  addressOf({
    name: address?.name ?? `${address?.first_name ?? ''} ${address?.last_name ?? ''}`.trim(),
    company: address?.company ?? null,
    line1: address?.address1 ?? null,
    line2: address?.address2 ?? null,
    city: address?.city ?? null,
    region: address?.province_code ?? address?.province ?? null,
    postcode: address?.zip ?? null,
    country: address?.country_code ?? null,
    phone: address?.phone ?? null,
  });

function lineOf(line: Static<typeof Line>, at: string, amount: Amounts): ChannelOrderLine[] {
  if (line.quantity === 0) return [];
  const current = Math.min(line.quantity, line.current_quantity ?? line.quantity);
  const discounts = line.discount_allocations;
  return [
    {
      externalId: String(line.id),
      sku: (line.sku ?? '').trim(),
      title: line.title ?? '',
      kind: (line.requires_shipping ?? true) && !(line.gift_card ?? false) ? 'goods' : 'service',
      quantity: line.quantity,
      cancelled: line.quantity - current,
      fulfilled: Math.max(0, current - (line.fulfillable_quantity ?? current)),
      priceMinor: amount(`${at}.price`, line.price),
      discountMinor: discounts
        ? discounts.reduce((sum, one) => sum + amount(`${at}.discount_allocations`, one.amount), 0n)
        : amount(`${at}.total_discount`, line.total_discount),
      taxMinor: (line.tax_lines ?? []).reduce((sum, { price }) => sum + amount(`${at}.tax_lines`, price), 0n),
    },
  ];
}
