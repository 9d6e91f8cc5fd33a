/** GTIN-8, -12, -13 and -14 with a valid check digit (GS1 General Specifications 7.9), padded to 14 digits; else null. */
export function readGtin(text: string): string | null {
  // Feeds have millions of them, nearly all bare digits: those are not searched for spaces first.
  if (text.length > 40) return null;
  return fromDigits(text) ?? (/[\s-]/.test(text) ? fromDigits(text.replaceAll(/[\s-]/g, '')) : null);
}

function fromDigits(digits: string): string | null {
  const { length } = digits;
  if (length !== 13 && length !== 12 && length !== 14 && length !== 8) return null;
  let sum = 0;
  for (let at = 0; at < length; at += 1) {
    const digit = digits.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return null;
    sum += (length - at) % 2 === 0 ? digit * 3 : digit;
  }
  return sum % 10 === 0 ? digits.padStart(14, '0') : null;
}

/**
 * A GTIN as people and spreadsheets leave it: whole, as the short UPC-E of small packs, or without the zeros that it began with. Those
 * that had to be repaired are named, as a person should know; null when no way of reading it has a valid check digit.
 */
export function recoverGtin(text: string): { gtin: string; how: 'whole' | 'upc-e' | 'padded' } | null {
  const whole = readGtin(text);
  if (whole !== null) return /^0+$/.test(whole) ? null : { gtin: whole, how: 'whole' };
  const digits = text.trim().replaceAll(/[\s-]/g, '');
  if (!/^\d{7,11}$/.test(digits)) return null;
  const short = digits.length <= 8 ? readGtin(expandUpcE(digits.padStart(8, '0')) ?? '') : null;
  if (short !== null && !/^0+$/.test(short)) return { gtin: short, how: 'upc-e' };
  // Seven digits were an EAN-8, nine to eleven a UPC-A or an EAN-13 (whose padded forms are the same number).
  const padded = digits.length === 7 ? readGtin(digits.padStart(8, '0')) : digits.length >= 9 ? readGtin(digits.padStart(12, '0')) : null;
  return padded === null || /^0+$/.test(padded) ? null : { gtin: padded, how: 'padded' };
}

/** UPC-E (number system 0 or 1, six digits, check digit) written out as UPC-A (GS1 General Specifications 5.2.2.4). */
function expandUpcE(eight: string): string | null {
  const found = /^([01])(\d)(\d)(\d)(\d)(\d)(\d)(\d)$/.exec(eight);
  if (!found) return null;
  const [, system, one, two, three, four, five, last, check] = found as unknown as string[];
  const middle =
    last === '0' || last === '1' || last === '2'
      ? `${one}${two}${last}0000${three}${four}${five}`
      : last === '3'
        ? `${one}${two}${three}00000${four}${five}`
        : last === '4'
          ? `${one}${two}${three}${four}00000${five}`
          : `${one}${two}${three}${four}${five}0000${last}`;
  return `${system}${middle}${check}`;
}

/** Whether the number names a product for everybody: not one that a shop gave for its own shelves (GS1 prefixes 02, 04 and 20 to 29). */
export const isGlobalGtin = (gtin14: string): boolean => {
  const thirteen = gtin14.slice(1);
  return !/^(?:2|02|04)/.test(thirteen) && !/^0+$/.test(gtin14);
};

/** The check digit of the first thirteen digits. */
export function gtinCheckDigit(thirteen: string): string {
  let sum = 0;
  for (let place = 0; place < 13; place += 1) sum += Number(thirteen[place]) * (place % 2 === 0 ? 3 : 1);
  return String((10 - (sum % 10)) % 10);
}
