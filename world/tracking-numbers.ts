import { dice } from './dice.ts';

const tens = (sum: number): string => String((10 - (sum % 10)) % 10);
const digits = (value: number, width: number): string => String(value).padStart(width, '0').slice(-width);

/** Counted from the right, three times every second digit, as on a barcode. */
function barcodeCheck(body: string): string {
  let sum = 0;
  for (let back = 0; back < body.length; back += 1) sum += Number(body[body.length - 1 - back]) * (back % 2 === 0 ? 3 : 1);
  return tens(sum);
}

function upsCheck(body: string): string {
  let sum = 0;
  for (let at = 0; at < body.length; at += 1) {
    const code = body.charCodeAt(at);
    sum += (code >= 65 ? (code - 63) % 10 : code - 48) * (at % 2 === 0 ? 1 : 2);
  }
  return tens(sum);
}

function fedexCheck(body: string): string {
  const weights = [3, 1, 7];
  let sum = 0;
  for (let at = 0; at < body.length; at += 1) sum += Number(body[at]) * (weights[at % 3] ?? 1);
  return String((sum % 11) % 10);
}

/** ISO/IEC 7064 MOD 37,36. */
function dpdCheck(body: string): string {
  const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
  let carry = 36;
  for (const letter of body) {
    carry += alphabet.indexOf(letter);
    if (carry > 36) carry -= 36;
    carry = (carry * 2) % 37;
  }
  return alphabet[(37 - carry) % 36] ?? '0';
}

function glsCheck(body: string): string {
  let sum = 1;
  for (let back = 0; back < body.length; back += 1) sum += Number(body[body.length - 1 - back]) * (back % 2 === 0 ? 3 : 1);
  return tens(sum);
}

/** A number of the carrier's own shape, with its right check digit; each one once in a world. */
export function trackingNumber(carrier: string, count: number, seed: number): string {
  const spread = Math.floor(dice(seed, 'numbers', carrier).next() * 9000) + 1000;
  switch (carrier) {
    case 'ups': {
      const body = `W${digits(spread, 4)}9${'03'}${digits(count, 7)}`;
      return `1Z${body}${upsCheck(body)}`;
    }
    case 'usps': {
      const body = `94001${digits(spread, 4)}${digits(count, 12)}`;
      return `${body}${barcodeCheck(body)}`;
    }
    case 'fedex': {
      const body = `7${digits(spread, 4)}${digits(count, 6)}`;
      return `${body}${fedexCheck(body)}`;
    }
    case 'dhl': {
      const body = `003404${digits(spread, 4)}${digits(count, 9)}`;
      return `${body}${barcodeCheck(body)}`;
    }
    case 'dpd': {
      const body = `0${digits(spread, 4)}${digits(count, 9)}`;
      return `${body}${dpdCheck(body)}`;
    }
    default: {
      const body = `${digits(spread, 4)}${digits(count, 7)}`;
      return `${body}${glsCheck(body)}`;
    }
  }
}
