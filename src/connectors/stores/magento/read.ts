import { Compile } from 'typebox/compile';
import type { Address } from '#kernel/address';
import { readCountry } from '#kernel/countries';
import { minorDigits, showDecimal } from '#kernel/money';
import { unexplainedOf } from '#kernel/order-sum';
import { type Instant, instant } from '#kernel/time';
import { Unreadable } from '#kernel/unreadable';
import type { ChannelOrder, ChannelOrderLine } from '#ports/channel';
import { type MagentoAddress, type MagentoItem, MagentoOrder } from './shapes.ts';

const shape = Compile(MagentoOrder);
const fix = 'Correct it in Magento, or ask who runs the shop which extension changed it; then read it again.';

export function readMagentoOrder(bytes: Uint8Array): ChannelOrder[] {
  const order = parse(bytes);
  if (shape.Check(order)) return [translate(order)];
  const [first] = shape.Errors(order);
  const at = first?.instancePath.replaceAll('/', '.').replace(/^\./, '') || 'the order';
  throw new Unreadable('misfit', `${at} ${first?.message ?? 'is not as expected'}.`, { fix });
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new Unreadable('not-json', `It is not JSON in UTF-8: ${(error as Error).message}.`, {
      fix: 'Look at the raw bytes; something else may have answered in place of Magento.',
      cause: error,
    });
  }
}

type Amounts = (figure: number | null | undefined) => bigint;

/** Magento reckons with four places and shows the currency's: what is beyond them is rounded as it does. */
const amounts =
  (currency: string): Amounts =>
  (figure) =>
    BigInt(Math.round(Number(((figure ?? 0) * 10 ** minorDigits(currency)).toFixed(3))));

function translate(order: MagentoOrder): ChannelOrder {
  const amount = amounts(order.order_currency_code);
  const extras = order.extension_attributes;
  const state = stateOf(order);
  const changedAt = time('updated_at', order.updated_at);
  const shipTo = extras?.shipping_assignments?.[0]?.shipping.address;
  const title = order.shipping_description ?? '';
  const read: ChannelOrder = {
    externalId: String(order.entity_id),
    number: order.increment_id,
    placedAt: time('created_at', order.created_at),
    changedAt,
    currency: order.order_currency_code,
    payment: paymentOf(order, state),
    cancelledAt: state === 'canceled' ? changedAt : null,
    isTest: false,
    customer: {
      name: `${order.customer_firstname ?? ''} ${order.customer_lastname ?? ''}`.trim() || nameOf(order.billing_address),
      email: order.customer_email ?? '',
      phone: order.billing_address?.telephone ?? '',
    },
    shipTo: addressOf(shipTo),
    billTo: addressOf(order.billing_address),
    service: /express|overnight|next.?day/i.test(title) ? 'express' : 'standard',
    serviceName: title,
    lines: linesOf(order.items, amount),
    subtotalMinor: amount(order.subtotal),
    discountMinor: amount(order.shipping_discount_amount),
    shippingMinor: amount(order.shipping_amount),
    taxMinor: amount(order.tax_amount),
    otherMinor:
      amount(order.discount_tax_compensation_amount) +
      amount(order.shipping_discount_tax_compensation_amount) -
      amount(extras?.gift_cards_amount) -
      amount(extras?.customer_balance_amount),
    totalMinor: amount(order.grand_total),
    refundedMinor: amount(order.total_refunded),
    note: order.customer_note ?? '',
    tags: [],
  };
  return balanced(read);
}

const states = new Set(['new', 'pending_payment', 'payment_review', 'processing', 'complete', 'closed', 'canceled', 'holded']);

/** States are Magento's own, unlike statuses, which every shop may name. One that is not known is not guessed at. */
function stateOf({ state }: MagentoOrder): string {
  if (state && states.has(state)) return state;
  throw new Unreadable('state', `Its state is "${state ?? ''}", which is not one of Magento's.`, { fix });
}

/** An order on hold there is not worked on here either: it counts as not paid until it is released. */
function paymentOf(
  { total_paid: paid, total_refunded: refunded, grand_total: total, payment }: MagentoOrder,
  state: string,
): ChannelOrder['payment'] {
  const isPaid = total <= 0 || (paid ?? 0) >= total - 0.005;
  if (state === 'closed') return 'refunded';
  if (state === 'canceled') return isPaid && total > 0 ? 'paid' : 'voided';
  if (['pending_payment', 'payment_review', 'holded'].includes(state)) return 'pending';
  if ((refunded ?? 0) > 0) return 'partially_refunded';
  if (isPaid) return 'paid';
  return (payment?.amount_authorized ?? 0) > 0 || state === 'processing' || state === 'complete' ? 'authorised' : 'pending';
}

/** Sold as such and never sent. */
const notSent = new Set(['virtual', 'downloadable', 'giftcard']);

/**
 * A configurable product stands twice: as what was chosen, with the price, and as the thing itself below it, which is left out. Of a bundle
 * the parts are sent, and the whole carries what they do not cost themselves.
 */
function linesOf(items: readonly MagentoItem[], amount: Amounts): ChannelOrderLine[] {
  const types = new Map(items.map(({ item_id, product_type }) => [item_id, product_type ?? 'simple']));
  return items.flatMap((item, place) => {
    const parent = item.parent_item_id ? types.get(item.parent_item_id) : undefined;
    if (parent !== undefined && parent !== 'bundle') return [];
    const quantity = whole(item.qty_ordered, `items.${place}.qty_ordered`);
    if (quantity === 0) return [];
    const row = amount(item.row_total);
    if (row < 0n) throw new Unreadable('negative', `items.${place} (${item.sku}) costs less than nothing: ${item.row_total}.`, { fix });
    const units = BigInt(quantity);
    const price = (row + units - 1n) / units;
    const type = item.product_type ?? 'simple';
    const cancelled = Math.min(quantity, whole((item.qty_canceled ?? 0) + (item.qty_refunded ?? 0), `items.${place}.qty_canceled`));
    return [
      {
        externalId: String(item.item_id),
        sku: item.sku.trim(),
        title: item.name ?? '',
        kind: notSent.has(type) || type === 'bundle' ? 'service' : 'goods',
        quantity,
        cancelled,
        fulfilled: Math.min(quantity - cancelled, whole(item.qty_shipped ?? 0, `items.${place}.qty_shipped`)),
        priceMinor: price,
        discountMinor: price * units - row + amount(item.discount_amount),
        taxMinor: amount(item.tax_amount),
      },
    ];
  });
}

/** Magento can sell by weight; whoever ships pieces cannot. */
function whole(units: number, field: string): number {
  if (Number.isInteger(units)) return units;
  throw new Unreadable('fraction', `${field} is ${units}, and parts of a unit cannot be ordered.`, {
    fix: 'Sell it by the piece in Magento, or ship this order by hand.',
  });
}

/** Taxes are rounded by line and again as a whole, so that a minor unit a line may be over; more has been lost on the way. */
function balanced(order: ChannelOrder): ChannelOrder {
  const over = unexplainedOf(order);
  const most = BigInt(order.lines.length + 1);
  if (over <= most && over >= -most) return over === 0n ? order : { ...order, otherMinor: (order.otherMinor ?? 0n) + over };
  const show = (minor: bigint): string => showDecimal({ minor, currency: order.currency });
  throw new Unreadable('total', `The total is ${show(order.totalMinor)}, but its parts make ${show(order.totalMinor - over)}.`, {
    fix: 'Look whether an extension adds something to the total without a line; correct it in Magento, then read it again.',
  });
}

/** `2026-11-25 10:00:00`, in UTC whatever the zone of the shop. */
function time(field: string, text: string): Instant {
  try {
    return instant(`${text.trim().replace(' ', 'T')}${/Z$|[+-]\d\d:?\d\d$/.test(text) ? '' : 'Z'}`);
  } catch {
    throw new Unreadable('time', `${field} is "${text}", which is no time such as 2026-11-25 10:00:00.`, { fix });
  }
}

const nameOf = (address: MagentoAddress | null | undefined): string => `${address?.firstname ?? ''} ${address?.lastname ?? ''}`.trim();

/** A country that nobody can name stays empty, so that screening holds the order for its address instead of guessing. */
function addressOf(address: MagentoAddress | null | undefined): Address {
  const [line1 = '', ...rest] = address?.street ?? [];
  const region = address?.region_code || address?.region;
  const line2 = rest.filter((line) => line !== '').join(', ');
  return {
    name: nameOf(address),
    line1,
    city: address?.city ?? '',
    country: address?.country_id ? (readCountry(address.country_id) ?? '') : '',
    ...(address?.company ? { company: address.company } : {}),
    ...(line2 ? { line2 } : {}),
    ...(region ? { region } : {}),
    ...(address?.postcode ? { postcode: address.postcode } : {}),
    ...(address?.telephone ? { phone: address.telephone } : {}),
  };
}
