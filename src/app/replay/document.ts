import { requiredFields } from '#kernel/address';
import { postcodeForms } from '#kernel/address-postcodes';
import { readCountry } from '#kernel/countries';
import type { Instant } from '#kernel/time';
import type { Invoice } from './read.ts';

const decimal = (pence: number): string => `${Math.floor(pence / 100)}.${String(pence % 100).padStart(2, '0')}`;

/**
 * An order as a REST store writes it, as it stands when so many units of each line are cancelled. The file knows neither addresses
 * nor e-mail: who has a number is written to under it at a domain that nobody can own, and lives at an address that says of itself
 * that it is not in the data.
 */
export function documentOf(invoice: Invoice, cancelled: readonly number[], changedAt: Instant): Uint8Array {
  const { number, customer, lines } = invoice;
  const name = customer === '' ? `Guest ${number}` : `Customer ${customer}`;
  const total = lines.reduce((sum, { quantity, price }) => sum + quantity * price, 0);
  const units = cancelled.reduce((sum, count) => sum + count, 0);
  const isOver = units > 0 && lines.every(({ kind, quantity }, place) => kind === 'service' || cancelled[place] === quantity);
  const order = {
    id: number,
    number,
    created_at: invoice.at.toString(),
    updated_at: changedAt.toString(),
    currency: 'GBP',
    financial_status: isOver ? 'refunded' : units > 0 ? 'partially_refunded' : 'paid',
    cancelled_at: isOver ? changedAt.toString() : null,
    test: false,
    customer: { name, email: customer === '' ? '' : `customer-${customer}@history.example`, phone: '' },
    shipping_address: addressOf(invoice.country, customer === '' ? number : customer, name),
    shipping_service: 'standard',
    lines: lines.map(({ sku, title, kind, quantity, price }, place) => ({
      id: `${number}-${place + 1}`,
      sku,
      title,
      kind,
      quantity,
      unit_price: decimal(price),
      cancelled_quantity: cancelled[place] ?? 0,
    })),
    subtotal: decimal(total),
    discount_total: '0.00',
    shipping_total: '0.00',
    tax_total: '0.00',
    total: decimal(total),
    note: '',
    tags: ['history'],
  };
  return new TextEncoder().encode(JSON.stringify(order));
}

/** One real pair each where the state has to fit the postcode. */
const pairs: Readonly<Record<string, { region: string; postcode: string }>> = {
  US: { region: 'OR', postcode: '97201' },
  CA: { region: 'ON', postcode: 'M5V 2T6' },
  AU: { region: 'NSW', postcode: '2000' },
};

/**
 * The same for the same shopper. The country goes on as the file has it, so that the store's own reader has to make sense of "EIRE"
 * and "RSA", and "Channel Islands" or "Unspecified" is held for its address.
 */
export function addressOf(country: string, shopper: string, name: string): Record<string, string> {
  const code = readCountry(country);
  const house = 1 + ([...shopper].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9_973, 7) % 300);
  const place = { name, line1: `Not in the data ${house}`, city: 'Not in the data', country };
  if (code === null) return place;
  const pair = pairs[code];
  if (pair) return { ...place, ...pair };
  const needed = requiredFields(code);
  const form = postcodeForms[code]?.split('|')[0];
  return {
    ...place,
    ...(form ? { postcode: form.replaceAll('9', '1').replaceAll('*', '1') } : {}),
    ...(needed.includes('region') ? { region: 'Not in the data' } : {}),
  };
}
