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
