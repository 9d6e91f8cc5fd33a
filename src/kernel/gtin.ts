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

/** The check digit of the first thirteen digits. */
export function gtinCheckDigit(thirteen: string): string {
  let sum = 0;
  for (let place = 0; place < 13; place += 1) sum += Number(thirteen[place]) * (place % 2 === 0 ? 3 : 1);
  return String((10 - (sum % 10)) % 10);
}
