/** Money is whole minor units of one currency; it is never a floating-point number. */
export interface Money {
  readonly minor: bigint;
  readonly currency: string;
}

export const money = (minor: bigint | number, currency: string): Money => ({ minor: BigInt(minor), currency });

/** Digits after the decimal sign, as ISO 4217 has them: 2 for USD, 0 for JPY, 3 for BHD. */
export function minorDigits(currency: string): number {
  const known = digitsByCurrency.get(currency);
  if (known !== undefined) return known;
  if (!/^[A-Z]{3}$/.test(currency)) throw new RangeError(`"${currency}" is not a currency code of three capital letters`);
  const digits = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  digitsByCurrency.set(currency, digits);
  return digits;
}
const digitsByCurrency = new Map<string, number>();

/** Reads "12.5", "-3" or "1200.00" with a point as decimal sign; null when it is not a number or too precise to be money. */
export function readDecimal(text: string, currency: string): Money | null {
  const match = /^\s*([+-]?)(\d{1,15})(?:\.(\d{1,8}))?\s*$/.exec(text);
  if (!match) return null;
  const digits = minorDigits(currency);
  const fraction = match[3] ?? '';
  if (/[1-9]/.test(fraction.slice(digits))) return null;
  const minor = BigInt((match[2] ?? '0') + fraction.slice(0, digits).padEnd(digits, '0'));
  return { minor: match[1] === '-' ? -minor : minor, currency };
}

/** "12.50": the plain decimal, for files and interfaces. */
export function showDecimal(amount: Money): string {
  const digits = minorDigits(amount.currency);
  const sign = amount.minor < 0n ? '-' : '';
  const figures = (amount.minor < 0n ? -amount.minor : amount.minor).toString().padStart(digits + 1, '0');
  return digits === 0 ? sign + figures : `${sign}${figures.slice(0, -digits)}.${figures.slice(-digits)}`;
}

/** "$12.50" or "12,50 €": for people. */
export function showMoney(amount: Money, locale = 'en-US'): string {
  return formatFor(locale, amount.currency)
    .format(showDecimal(amount) as Intl.StringNumericLiteral)
    .replace('-', '−');
}

/** Making a format costs a hundred times what using it does. */
function formatFor(locale: string, currency: string): Intl.NumberFormat {
  const key = `${locale} ${currency}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(locale, { style: 'currency', currency });
    formats.set(key, format);
  }
  return format;
}
const formats = new Map<string, Intl.NumberFormat>();

export function add(one: Money, other: Money): Money {
  return { minor: one.minor + sameCurrency(one, other).minor, currency: one.currency };
}

export function subtract(one: Money, other: Money): Money {
  return { minor: one.minor - sameCurrency(one, other).minor, currency: one.currency };
}

function sameCurrency(one: Money, other: Money): Money {
  if (one.currency !== other.currency) throw new RangeError(`cannot add ${other.currency} to ${one.currency}`);
  return other;
}

/** Splits a whole by weights so that the parts add up to it exactly: largest remainders get the odd units. */
export function allocate(whole: bigint, weights: readonly bigint[]): bigint[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0n);
  if (weights.length === 0) return [];
  if (total <= 0n || weights.some((weight) => weight < 0n)) throw new RangeError('weights must not be negative, and not all zero');
  const sign = whole < 0n ? -1n : 1n;
  const amount = whole * sign;
  const parts = weights.map((weight, index) => ({ index, part: (amount * weight) / total, rest: (amount * weight) % total }));
  let odd = amount - parts.reduce((sum, { part }) => sum + part, 0n);
  for (const entry of [...parts].sort((one, other) =>
    other.rest === one.rest ? one.index - other.index : other.rest > one.rest ? 1 : -1,
  )) {
    if (odd === 0n) break;
    entry.part += 1n;
    odd -= 1n;
  }
  return parts.map(({ part }) => part * sign);
}
