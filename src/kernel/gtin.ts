/** GTIN-8, -12, -13 and -14 with a valid check digit (GS1 General Specifications 7.9), padded to 14 digits; else null. */
export function readGtin(text: string): string | null {
  const digits = text.replaceAll(/[\s-]/g, '');
  if (!/^(\d{8}|\d{12,14})$/.test(digits)) return null;
  const padded = digits.padStart(14, '0');
  return gtinCheckDigit(padded.slice(0, 13)) === padded[13] ? padded : null;
}

/** The check digit of the first thirteen digits. */
export function gtinCheckDigit(thirteen: string): string {
  let sum = 0;
  for (let place = 0; place < 13; place += 1) sum += Number(thirteen[place]) * (place % 2 === 0 ? 3 : 1);
  return String((10 - (sum % 10)) % 10);
}
