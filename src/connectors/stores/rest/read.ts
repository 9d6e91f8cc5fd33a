import { Compile } from 'typebox/compile';
import type { Address } from '#kernel/address';
import { readCountry } from '#kernel/countries';
import { readDecimal, showDecimal } from '#kernel/money';
import { type Instant, instant } from '#kernel/time';
import { Unreadable } from '#kernel/unreadable';
import type { ChannelOrder, ChannelOrderLine } from '#ports/channel';
import { StoreOrder } from './shapes.ts';

const shape = Compile(StoreOrder);
const payments = {
  pending: 'pending',
  authorized: 'authorised',
  paid: 'paid',
  partially_refunded: 'partially_refunded',
  refunded: 'refunded',
  voided: 'voided',
} as const;

/** Reads an order, alone or inside a webhook's `{type, data}`. Throws `Unreadable` with the field that does not fit. */
export function readRestOrder(bytes: Uint8Array): ChannelOrder {
  const value = parse(bytes);
  const order = isEnvelope(value) ? value.data : value;
  if (!shape.Check(order)) {
    const [first] = shape.Errors(order);
    const at = first?.instancePath.replaceAll('/', '.').replace(/^\./, '') || 'the order';
    throw new Unreadable('misfit', `${at} ${first?.message ?? 'is not as expected'}.`, {
      fix: 'Correct it in the store, or ask who runs the store what changed; then read it again.',
    });
  }
  return translate(order);
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new Unreadable('not-json', `It is not JSON in UTF-8: ${(error as Error).message}.`, {
      fix: 'Look at the raw bytes; a proxy may have answered in place of the store.',
      cause: error,
    });
  }
}

const isEnvelope = (value: unknown): value is { type: string; data: unknown } =>
  typeof value === 'object' && value !== null && 'data' in value && 'type' in value;

function translate(order: StoreOrder): ChannelOrder {
  const amount = (field: string, text: string): bigint => {
    const read = readDecimal(text, order.currency);
    if (!read)
      throw new Unreadable('amount', `${field} is "${text}", which is more precise than ${order.currency} can be paid.`, {
        fix: 'Correct the amount in the store.',
      });
    return read.minor;
  };
  const lines = order.lines.map(
    (line, place): ChannelOrderLine => ({
      externalId: line.id,
      sku: line.sku.trim(),
      title: line.title ?? '',
      kind: line.kind ?? 'goods',
      quantity: line.quantity,
      cancelled: Math.min(line.quantity, line.cancelled_quantity ?? 0),
      priceMinor: amount(`lines.${place}.unit_price`, line.unit_price),
      discountMinor: amount(`lines.${place}.discount`, line.discount ?? '0'),
      taxMinor: amount(`lines.${place}.tax`, line.tax ?? '0'),
    }),
  );
  const twice = lines.find((line, place) => lines.findIndex((other) => other.externalId === line.externalId) !== place);
  if (twice)
    throw new Unreadable('line-twice', `Line ${twice.externalId} is in the order twice.`, {
      fix: 'Lines need ids of their own; correct it in the store.',
    });
  const read: ChannelOrder = {
    externalId: order.id,
    number: order.number,
    placedAt: time('created_at', order.created_at),
    changedAt: time('updated_at', order.updated_at),
    currency: order.currency,
    payment: payments[order.financial_status],
    cancelledAt: order.cancelled_at === null ? null : time('cancelled_at', order.cancelled_at),
    isTest: order.test ?? false,
    customer: { name: order.customer.name ?? '', email: order.customer.email ?? '', phone: order.customer.phone ?? '' },
    shipTo: addressOf(order.shipping_address),
    service: order.shipping_service ?? 'standard',
    lines,
    subtotalMinor: amount('subtotal', order.subtotal),
    discountMinor: amount('discount_total', order.discount_total),
    shippingMinor: amount('shipping_total', order.shipping_total),
    taxMinor: amount('tax_total', order.tax_total),
    totalMinor: amount('total', order.total),
    note: order.note ?? '',
    tags: order.tags ?? [],
  };
  checkTotal(read);
  return read;
}

/** The store's own sums are recomputed: an order whose parts do not make its total has lost something on the way. */
function checkTotal(order: ChannelOrder): void {
  const goods = order.lines.reduce((sum, line) => sum + line.priceMinor * BigInt(line.quantity) - line.discountMinor, 0n);
  const total = goods - order.discountMinor + order.shippingMinor + order.taxMinor;
  if (total === order.totalMinor) return;
  const show = (minor: bigint): string => showDecimal({ minor, currency: order.currency });
  throw new Unreadable(
    'total',
    `The total is ${show(order.totalMinor)}, but its parts make ${show(total)} (goods ${show(goods)}, discount ${show(order.discountMinor)}, shipping ${show(order.shippingMinor)}, tax ${show(order.taxMinor)}).`,
    {
      fix: 'Look whether a line is missing; correct it in the store, then read it again.',
    },
  );
}

function time(field: string, text: string): Instant {
  try {
    return instant(text);
  } catch {
    throw new Unreadable('time', `${field} is "${text}", which is no instant such as 2026-11-25T10:00:00Z.`, {
      fix: 'Ask who runs the store; times need an offset.',
    });
  }
}

/** A country that nobody can name stays empty, so that screening holds the order for its address instead of guessing. */
function addressOf(address: StoreOrder['shipping_address']): Address {
  const { name, company, line1, line2, city, region, postcode, country, phone } = address;
  return {
    name: name ?? '',
    line1: line1 ?? '',
    city: city ?? '',
    country: country ? (readCountry(country) ?? '') : '',
    ...(company ? { company } : {}),
    ...(line2 ? { line2 } : {}),
    ...(region ? { region } : {}),
    ...(postcode ? { postcode } : {}),
    ...(phone ? { phone } : {}),
  };
}
