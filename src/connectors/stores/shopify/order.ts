import { Compile } from 'typebox/compile';
import type { Static, TSchema } from 'typebox';
import type { Address } from '#kernel/address';
import { readCountry } from '#kernel/countries';
import { readDecimal, showDecimal } from '#kernel/money';
import { unexplainedOf } from '#kernel/order-sum';
import { type Instant, instant } from '#kernel/time';
import { Unreadable } from '#kernel/unreadable';
import type { ChannelOrder } from '#ports/channel';

/** What both shapes of an order have in common: amounts, times, addresses, sums. */
export const fix = 'Correct it in Shopify, or ask who runs the shop which app changed it; then read it again.';

/** A check of a shape that names the place that does not fit. */
export function fitting<S extends TSchema>(schema: S): (value: unknown) => Static<S> {
  const shape = Compile(schema);
  return (value) => {
    if (shape.Check(value)) return value as Static<S>;
    const [first] = shape.Errors(value);
    const at = first?.instancePath.replaceAll('/', '.').replace(/^\./, '') || 'the order';
    throw new Unreadable('misfit', `${at} ${first?.message ?? 'is not as expected'}.`, { fix });
  };
}

export const amounts =
  (currency: string) =>
  (field: string, text: string | null | undefined): bigint => {
    if (text === null || text === undefined) return 0n;
    const read = readDecimal(text, currency);
    if (!read) throw new Unreadable('amount', `${field} is "${text}", which is more precise than ${currency} can be paid.`, { fix });
    return read.minor;
  };

export function time(field: string, text: string | null | undefined): Instant {
  try {
    return instant(text ?? '');
  } catch {
    throw new Unreadable('time', `${field} is "${text ?? ''}", which is no instant such as 2026-11-25T10:00:00Z.`, { fix });
  }
}

const payments: Readonly<Record<string, ChannelOrder['payment']>> = {
  pending: 'pending',
  expired: 'pending',
  partially_paid: 'pending',
  authorized: 'authorised',
  paid: 'paid',
  partially_refunded: 'partially_refunded',
  refunded: 'refunded',
  voided: 'voided',
};

/** Of either shape, which differ in their capitals. A state that we do not know is not guessed at. */
export function paymentOf(status: string | null): ChannelOrder['payment'] {
  const known = payments[(status ?? 'pending').toLowerCase()];
  if (known) return known;
  throw new Unreadable('payment', `Its state of payment is "${status}", which is not known here.`, { fix: 'A newer program may know it.' });
}

export interface Place {
  name?: string | null;
  company?: string | null;
  line1?: string | null;
  line2?: string | null;
  city?: string | null;
  region?: string | null;
  postcode?: string | null;
  country?: string | null;
  phone?: string | null;
}

/** A country that nobody can name stays empty, so that screening holds the order for its address instead of guessing. */
export function addressOf({ name, company, line1, line2, city, region, postcode, country, phone }: Place): Address {
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

export const isExpress = (title: string): boolean => /express|overnight|next.?day/i.test(title);

/**
 * An order keeps every cent: what its parts do not explain is rounding, a minor unit a line at most, or what was edited later; more has
 * been lost on the way.
 */
export function balanced(order: ChannelOrder, wasEdited: boolean): ChannelOrder {
  const over = unexplainedOf(order);
  const most = BigInt(order.lines.length + 1);
  if (over === 0n) return order;
  if (wasEdited || (over <= most && over >= -most)) return { ...order, otherMinor: (order.otherMinor ?? 0n) + over };
  const show = (minor: bigint): string => showDecimal({ minor, currency: order.currency });
  throw new Unreadable('total', `The total is ${show(order.totalMinor)}, but its parts make ${show(order.totalMinor - over)}.`, {
    fix: 'Look whether an app adds something to the total; correct it in Shopify, then read it again.',
  });
}
