import { Compile } from 'typebox/compile';
import type { Address } from '#kernel/address';
import { readCountry } from '#kernel/countries';
import { readDecimal, showDecimal } from '#kernel/money';
import { unexplainedOf } from '#kernel/order-sum';
import { type Instant, instant } from '#kernel/time';
import { Unreadable } from '#kernel/unreadable';
import type { ChannelOrder, ChannelOrderLine } from '#ports/channel';
import { WooOrder, WooRefunds } from './shapes.ts';

const orderShape = Compile(WooOrder);
const refundsShape = Compile(WooRefunds);
const fix = 'Correct it in the shop, or ask who runs it which plugin changed it; then read it again.';

/** Statuses of WooCommerce itself. Plugins bring others, which say nothing that we could rely on. */
const drafts = new Set(['checkout-draft', 'auto-draft']);
const unpaid = new Set(['pending', 'on-hold', 'failed']);
const cancelled = new Set(['cancelled', 'trash']);

/** Reads an order, alone as in a webhook, or with its refunds as a poll keeps it. A cart that is no order yet gives none. */
export function readWooOrder(bytes: Uint8Array): ChannelOrder[] {
  const value = parse(bytes);
  if (isLegacy(value))
    throw new Unreadable('legacy', 'It is of the old interface that WooCommerce had before version 3, which is not read.', {
      fix: 'Set the webhook to the API version "WP REST API Integration v3".',
    });
  const whole =
    typeof value === 'object' && value !== null && 'order' in value ? (value as { order: unknown; refunds?: unknown }) : { order: value };
  const order = fitting<WooOrder>(orderShape, whole.order, 'the order');
  const refunds = fitting<WooRefunds>(refundsShape, whole.refunds ?? [], 'the refunds');
  return drafts.has(order.status) ? [] : [translate(order, refunds)];
}

/** The interface of before 2017 wraps its answers, and calls addresses otherwise. */
function isLegacy(value: unknown): boolean {
  const { order, orders } = (value ?? {}) as { order?: unknown; orders?: unknown };
  const [one] = Array.isArray(orders) ? (orders as unknown[]) : [order];
  return typeof one === 'object' && one !== null && 'billing_address' in one;
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new Unreadable('not-json', `It is not JSON in UTF-8: ${(error as Error).message}.`, {
      fix: 'Look at the raw bytes; a plugin or a proxy may have answered in place of the shop.',
      cause: error,
    });
  }
}

interface Shape<T> {
  Check(value: unknown): value is T;
  Errors(value: unknown): { instancePath: string; message: string }[];
}

function fitting<T>(shape: unknown, value: unknown, what: string): T {
  const known = shape as Shape<T>;
  if (known.Check(value)) return value;
  const [first] = known.Errors(value);
  const at = first?.instancePath.replaceAll('/', '.').replace(/^\./, '') || what;
  throw new Unreadable('misfit', `${at} ${first?.message ?? 'is not as expected'}.`, { fix });
}

function translate(order: WooOrder, refunds: WooRefunds): ChannelOrder {
  const amount = (field: string, text: string): bigint => {
    const read = readDecimal(text, order.currency);
    if (!read) throw new Unreadable('amount', `${field} is "${text}", which is more precise than ${order.currency} can be paid.`, { fix });
    return read.minor;
  };
  const back = unitsBack(refunds);
  const lines = order.line_items.flatMap((line, place) => lineOf(line, `line_items.${place}`, amount, back, order.status));
  const subtotal = order.line_items.reduce((sum, line, place) => sum + amount(`line_items.${place}.subtotal`, line.subtotal), 0n);
  const fees = order.fee_lines.reduce((sum, fee, place) => sum + amount(`fee_lines.${place}.total`, fee.total), 0n);
  const changedAt = time('date_modified_gmt', order.date_modified_gmt ?? order.date_created_gmt);
  const refunded = order.refunds.reduce((sum, refund, place) => sum - amount(`refunds.${place}.total`, refund.total), 0n);
  const read: ChannelOrder = {
    externalId: String(order.id),
    number: order.number,
    placedAt: time('date_created_gmt', order.date_created_gmt),
    changedAt,
    currency: order.currency,
    payment: paymentOf(order, refunded),
    cancelledAt: cancelled.has(order.status) ? changedAt : null,
    isTest: false,
    customer: {
      name: nameOf(order.billing),
      email: order.billing.email ?? '',
      phone: order.billing.phone ?? '',
    },
    shipTo: addressOf(order.shipping, order.billing.phone),
    billTo: addressOf(order.billing),
    service: order.shipping_lines.some(({ method_title: title }) => /express|overnight|next.?day/i.test(title ?? ''))
      ? 'express'
      : 'standard',
    serviceName: order.shipping_lines.map(({ method_title: title }) => title ?? '').join(', '),
    lines,
    subtotalMinor: subtotal,
    // Coupons are spread over the lines by the shop itself.
    discountMinor: 0n,
    shippingMinor: amount('shipping_total', order.shipping_total),
    taxMinor: amount('total_tax', order.total_tax),
    otherMinor: fees,
    totalMinor: amount('total', order.total),
    refundedMinor: refunded,
    note: order.customer_note,
    tags: [],
  };
  return balanced(read);
}

type Line = WooOrder['line_items'][number];

/**
 * The shop gives sums, which need not divide into units: the unit's price is rounded up, and the rest is a discount, so that the line
 * keeps every cent. A line of no units, as editing leaves it, is none.
 */
function lineOf(
  line: Line,
  at: string,
  amount: (field: string, text: string) => bigint,
  back: ReadonlyMap<number, number>,
  status: string,
): ChannelOrderLine[] {
  if (line.quantity === 0) return [];
  const units = BigInt(line.quantity);
  const [subtotal, total] = [amount(`${at}.subtotal`, line.subtotal), amount(`${at}.total`, line.total)];
  if (subtotal < 0n || total < 0n)
    throw new Unreadable('negative', `${at} (${line.name ?? line.id}) costs less than nothing: ${line.total}.`, { fix });
  const most = subtotal > total ? subtotal : total;
  const price = (most + units - 1n) / units;
  const gone = Math.min(line.quantity, back.get(line.id) ?? 0);
  return [
    {
      externalId: String(line.id),
      sku: (line.sku ?? '').trim() || `#${line.variation_id || line.product_id}`,
      title: line.name ?? '',
      kind: 'goods',
      quantity: line.quantity,
      cancelled: gone,
      fulfilled: status === 'completed' ? line.quantity - gone : 0,
      priceMinor: price,
      discountMinor: price * units - total,
      taxMinor: amount(`${at}.total_tax`, line.total_tax),
    },
  ];
}

/** Units that were refunded, by line of the order. */
function unitsBack(refunds: WooRefunds): Map<number, number> {
  const back = new Map<number, number>();
  for (const { quantity, meta_data: meta } of refunds.flatMap(({ line_items: lines }) => lines)) {
    const line = Number(meta?.find(({ key }) => key === '_refunded_item_id')?.value);
    if (Number.isSafeInteger(line)) back.set(line, (back.get(line) ?? 0) - quantity);
  }
  return back;
}

/** A status of a plugin's says nothing of the money: the day on which it was paid does. Cash on delivery is worked on before it is paid. */
function paymentOf({ status, date_paid_gmt: paid, total }: WooOrder, refunded: bigint): ChannelOrder['payment'] {
  if (status === 'refunded') return 'refunded';
  if (unpaid.has(status)) return 'pending';
  if (cancelled.has(status)) return paid === null ? 'voided' : 'paid';
  if (refunded > 0n) return 'partially_refunded';
  if (paid !== null || /^0+(\.0+)?$/.test(total)) return 'paid';
  return status === 'processing' || status === 'completed' ? 'authorised' : 'pending';
}

/** Taxes are rounded by line and again as a whole, so that a minor unit a line may be over; more has been lost on the way. */
function balanced(order: ChannelOrder): ChannelOrder {
  const over = unexplainedOf(order);
  const most = BigInt(order.lines.length + 1);
  if (over <= most && over >= -most) return over === 0n ? order : { ...order, otherMinor: (order.otherMinor ?? 0n) + over };
  const show = (minor: bigint): string => showDecimal({ minor, currency: order.currency });
  throw new Unreadable('total', `The total is ${show(order.totalMinor)}, but its parts make ${show(order.totalMinor - over)}.`, {
    fix: 'Look whether a plugin adds something to the total without a line; correct it in the shop, then read it again.',
  });
}

function time(field: string, text: string | null): Instant {
  try {
    // The `_gmt` times come without a zone, from some hosts with one.
    return instant(/Z$|[+-]\d\d:?\d\d$/.test(text ?? '') ? (text ?? '') : `${text}Z`);
  } catch {
    throw new Unreadable('time', `${field} is "${text}", which is no time such as 2026-11-25T10:00:00.`, { fix });
  }
}

const nameOf = ({ first_name: first, last_name: last }: WooOrder['billing']): string => `${first} ${last}`.trim();

/** A country that nobody can name stays empty, so that screening holds the order for its address instead of guessing. */
function addressOf(address: WooOrder['billing'], otherPhone = ''): Address {
  const phone = address.phone || otherPhone;
  return {
    name: nameOf(address),
    line1: address.address_1,
    city: address.city,
    country: address.country ? (readCountry(address.country) ?? '') : '',
    ...(address.company ? { company: address.company } : {}),
    ...(address.address_2 ? { line2: address.address_2 } : {}),
    ...(address.state ? { region: address.state } : {}),
    ...(address.postcode ? { postcode: address.postcode } : {}),
    ...(phone ? { phone } : {}),
  };
}
