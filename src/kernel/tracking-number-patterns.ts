/**
 * The shapes of carriers' numbers and their check digits: facts that carriers and the GS1 publish in their label guides,
 * checked against collected numbers where those are at hand. A shape without a published check digit never makes certain.
 */
export interface TrackingPattern {
  carrier: string;
  shape: RegExp;
  check?: (number: string) => boolean;
  /** No other carrier's numbers look like this. */
  unmistakable: boolean;
  /** How likely beside others, where the usual order would mislead. */
  weight?: number;
}

/** Weights in turn from the left, then the difference to the next ten. Letters count (code − 63) mod 10, as UPS has it. */
function tensFromLeft(body: string, weights: readonly [number, number]): number {
  let sum = 0;
  for (let at = 0; at < body.length; at += 1) {
    const code = body.charCodeAt(at);
    const value = code >= 65 ? (code - 63) % 10 : code - 48;
    sum += value * (weights[at % 2] ?? 1);
  }
  return (10 - (sum % 10)) % 10;
}

const split = (number: string): [string, number] => [number.slice(0, -1), Number(number.at(-1))];

/** UPS 1Z: the sixteen characters after 1Z, every second one doubled. */
const upsCheck = (number: string): boolean => {
  const [body, check] = split(number.slice(2));
  return tensFromLeft(body, [1, 2]) === check;
};

/** UPS waybill: the letter is not part of the sum. */
const waybillCheck = (number: string): boolean => {
  const [body, check] = split(number.slice(1));
  return tensFromLeft(body, [1, 2]) === check;
};

/** GS1's: three times every second digit counted from the right, as on a barcode. */
export const gs1Check = (number: string): boolean => {
  let sum = 0;
  for (let back = 1; back < number.length; back += 1) sum += Number(number[number.length - 1 - back]) * (back % 2 === 1 ? 3 : 1);
  return (10 - (sum % 10)) % 10 === Number(number.at(-1));
};

const luhnCheck = (number: string): boolean => {
  let sum = 0;
  for (let back = 0; back < number.length; back += 1) {
    const digit = Number(number[number.length - 1 - back]);
    const doubled = back % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
};

/** FedEx Express: 3, 1, 7 in turn from the left; the rest by eleven, ten counting as nought. */
const fedexCheck =
  (from: number, weights: readonly number[], dropped = 0) =>
  (number: string): boolean => {
    const [body, check] = split(number.slice(from, number.length - dropped));
    const sum = [...body].reduce((total, digit, at) => total + Number(digit) * (weights[at % weights.length] ?? 0), 0);
    return (sum % 11) % 10 === check;
  };

/** DHL Express: the whole number before the last digit by seven. */
const dhlExpressCheck = (number: string): boolean => {
  const [body, check] = split(number);
  return Number(BigInt(body) % 7n) === check;
};

/** ISO/IEC 7064 MOD 37,36, as DPD prints after its numbers. */
const mod3736Check = (number: string): boolean => {
  const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
  let carry = 36;
  for (const letter of number.slice(0, -1)) {
    carry += alphabet.indexOf(letter);
    if (carry > 36) carry -= 36;
    carry *= 2;
    if (carry >= 37) carry -= 37;
  }
  return alphabet[(37 - carry) % 36] === number.at(-1);
};

/** DHL Paket, identcode: 4 and 9 in turn from the left. */
const identcodeCheck = (number: string): boolean => {
  const [body, check] = split(number);
  return (10 - ([...body].reduce((sum, digit, at) => sum + Number(digit) * (at % 2 === 0 ? 4 : 9), 0) % 10)) % 10 === check;
};

/** USPS counts only from the application identifier on; a routing prefix of 420 and a ZIP code may stand before. */
const uspsBody = (number: string): string => number.replace(/^420\d{5}(?:\d{4})?(?=9[1-5]\d{20}$|9[1-5]\d{24}$)/, '');
const uspsCheck = (number: string): boolean => gs1Check(uspsBody(number));
/** The older labels leave the leading 91 away when they print, not when they count. */
const uspsLegacyCheck = (number: string): boolean => gs1Check(`91${number.slice(-20)}`);

/** OnTrac: the letter counts as a digit of its own. */
const onTracCheck = (number: string): boolean => {
  const digits = (number.startsWith('C') ? '4' : '5') + number.slice(1);
  const [body, check] = split(digits);
  return tensFromLeft(body, [1, 2]) === check;
};

export const carriersByPattern: readonly TrackingPattern[] = [
  { carrier: 'ups', shape: /^1Z[A-Z0-9]{15}\d$/, check: upsCheck, unmistakable: true, weight: 10 },
  { carrier: 'ups', shape: /^[AHJKTV]\d{10}$/, check: waybillCheck, unmistakable: false },

  { carrier: 'fedex', shape: /^96\d{20}$/, check: (number) => fedexGroundCheck(number.slice(7)), unmistakable: true, weight: 9 },
  { carrier: 'fedex', shape: /^96\d{32}$/, check: fedexCheck(20, [1, 7, 3]), unmistakable: true, weight: 9 },
  { carrier: 'fedex', shape: /^[0-8]\d{33}$/, check: fedexCheck(20, [1, 7, 3]), unmistakable: true, weight: 9 },
  { carrier: 'fedex', shape: /^3\d{31}$/, check: fedexCheck(16, [3, 1, 7], 4), unmistakable: true, weight: 9 },
  { carrier: 'fedex', shape: /^\d{12}$/, check: fedexCheck(0, [3, 1, 7]), unmistakable: false },
  { carrier: 'fedex', shape: /^\d{15}$/, check: (number) => fedexGroundCheck(number), unmistakable: false },
  { carrier: 'fedex', shape: /^00\d{16}$/, check: gs1Check, unmistakable: false, weight: 4 },

  { carrier: 'usps', shape: /^(?:420\d{5}(?:\d{4})?)?9[1-5](?:\d{20}|\d{24})$/, check: uspsCheck, unmistakable: true, weight: 10 },
  { carrier: 'usps', shape: /^(?:420\d{5}(?:\d{4})?)?\d{20}$/, check: uspsLegacyCheck, unmistakable: false, weight: 5 },
  { carrier: 'usps', shape: /^(?:0[0-9]|7\d|2\d)\d{18}$/, check: gs1Check, unmistakable: false, weight: 6 },

  { carrier: 'dhl', shape: /^JJ?D\d{10,18}$/, unmistakable: true, weight: 5 },
  { carrier: 'dhl', shape: /^J[A-Z]{2,3}\d{9,10}$/, unmistakable: true, weight: 5 },
  { carrier: 'dhl', shape: /^\d{10,11}$/, check: dhlExpressCheck, unmistakable: false },
  { carrier: 'dhl', shape: /^003404\d{14}$/, check: gs1Check, unmistakable: true, weight: 9 },
  { carrier: 'dhl', shape: /^\d{12}$/, check: identcodeCheck, unmistakable: false, weight: 4 },
  { carrier: 'dhl-ecommerce', shape: /^(?:GM|LX|RX|UV|CN|SG|TH|IN|HK|MY)(?=[A-Z]*\d)[A-Z0-9]{10,39}$/, unmistakable: false },
  { carrier: 'dhl-ecommerce', shape: /^\d{14}$/, unmistakable: false, weight: 1 },

  { carrier: 'dpd', shape: /^\d{27}[A-Z0-9]$/, check: mod3736Check, unmistakable: true, weight: 9 },
  { carrier: 'dpd', shape: /^\d{14}[A-Z0-9]$/, check: mod3736Check, unmistakable: false, weight: 7 },
  { carrier: 'dpd', shape: /^\d{14}$/, unmistakable: false, weight: 2 },

  { carrier: 'gls', shape: /^\d{12}$/, check: (number) => glsCheck(number), unmistakable: false, weight: 4 },
  { carrier: 'gls', shape: /^\d{11}$/, unmistakable: false, weight: 2 },
  { carrier: 'gls', shape: /^Z[A-Z0-9]{7}$/, unmistakable: false, weight: 2 },

  { carrier: 'la-poste', shape: /^\d[A-Z]\d{11}$/, unmistakable: false, weight: 5 },
  { carrier: 'canada-post', shape: /^\d{16}$/, check: gs1Check, unmistakable: false },
  { carrier: 'purolator', shape: /^[0-5]\d{11}$/, check: luhnCheck, unmistakable: false, weight: 4 },
  { carrier: 'ontrac', shape: /^[CD]\d{14}$/, check: onTracCheck, unmistakable: true, weight: 9 },
  { carrier: 'amazon-logistics', shape: /^TB[ACM]\d{12}$/, unmistakable: true, weight: 8 },
  { carrier: 'lasership', shape: /^L[AIEHNX][1-3]\d{7}$/, unmistakable: true },
  { carrier: 'lasership', shape: /^1LS(?:7[12]\d{10}(?:\d1)?|CX[0-9A-Z]{10})$/, unmistakable: true, weight: 8 },
  { carrier: 'yodel', shape: /^JJ?D\d{16}$/, unmistakable: false, weight: 5 },
  { carrier: 'yunexpress', shape: /^YT\d{16}$/, unmistakable: true, weight: 8 },
  { carrier: 'landmark', shape: /^LTN\d{8}N1$/, unmistakable: true, weight: 8 },
  { carrier: 'speedee', shape: /^SP\d{18}$/, unmistakable: true, weight: 8 },
  { carrier: 'gofo', shape: /^GFUS\d{14}$/, unmistakable: true, weight: 8 },
  { carrier: 'canpar', shape: /^[CDKLSUXZ]\d{21}$/, unmistakable: true, weight: 6 },
];

/** FedEx Ground: three times every second digit from the right, over the fifteen digits. */
function fedexGroundCheck(fifteen: string): boolean {
  return gs1Check(fifteen);
}

/** GLS parcel number: three times every digit at an odd place from the left, plus one, to the next ten. */
function glsCheck(number: string): boolean {
  const [body, check] = split(number);
  const sum = [...body].reduce((total, digit, at) => total + Number(digit) * (at % 2 === 0 ? 3 : 1), 1);
  return (10 - (sum % 10)) % 10 === check;
}
