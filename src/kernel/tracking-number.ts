import { isCountry } from './countries.ts';
import { carriersByPattern } from './tracking-number-patterns.ts';

/** A carrier that may have given this number. `certain`: its published check digit fits, and its shape is no other carrier's. */
export interface TrackingCandidate {
  carrier: string;
  certain: boolean;
}

/** "1z 879-e93 0346834440" as carriers print it: capitals and digits without spaces, dashes and dots. */
export const plainTrackingNumber = (text: string): string => text.toUpperCase().replaceAll(/[\s.\-_]/g, '');

/**
 * Who may have given this number, the likeliest first; none when it is nobody's here. Numbers of 10 to 16 bare digits are
 * used by many carriers: they stay uncertain even where a check digit fits by chance.
 */
export function trackingCandidates(text: string): TrackingCandidate[] {
  const number = plainTrackingNumber(text);
  if (number.length < 8 || number.length > 40 || !/^[A-Z0-9]+$/.test(number)) return [];
  const found = new Map<string, TrackingCandidate & { weight: number }>();
  const add = (carrier: string, certain: boolean, weight: number): void => {
    const before = found.get(carrier);
    if (!before || before.weight < weight) found.set(carrier, { carrier, certain: certain || (before?.certain ?? false), weight });
  };
  const postal = readS10(number);
  if (postal) add(postal.carrier, true, 10);
  for (const { carrier, shape, check, unmistakable, weight } of carriersByPattern) {
    if (!shape.test(number)) continue;
    if (check && !check(number)) continue;
    add(carrier, unmistakable && check !== undefined, weight ?? (check ? 6 : 3));
  }
  return [...found.values()].sort((one, other) => other.weight - one.weight).map(({ carrier, certain }) => ({ carrier, certain }));
}

/** Postal operators by the country at the end of an S10 number; the rest of the world is `post-<country>`. */
const posts: Readonly<Record<string, string>> = {
  US: 'usps',
  GB: 'royal-mail',
  FR: 'la-poste',
  DE: 'dhl',
  CA: 'canada-post',
  AU: 'australia-post',
  NL: 'postnl',
  BE: 'bpost',
  CH: 'swiss-post',
  AT: 'austrian-post',
  ES: 'correos',
  IT: 'poste-italiane',
  SE: 'postnord',
  DK: 'postnord',
  NO: 'posten',
  FI: 'posti',
  IE: 'an-post',
  PL: 'poczta-polska',
  PT: 'ctt',
  CZ: 'ceska-posta',
  CN: 'china-post',
  HK: 'hongkong-post',
  JP: 'japan-post',
  SG: 'singapore-post',
  KR: 'korea-post',
  IN: 'india-post',
  BR: 'correios',
  NZ: 'nz-post',
  UA: 'ukrposhta',
};

/** UPU S10: two letters, eight digits and a check digit, the country of the post that gave it. Null when the check digit or country is wrong. */
function readS10(number: string): { carrier: string; country: string } | null {
  const match = /^[A-Z]{2}(\d{8})(\d)([A-Z]{2})$/.exec(number);
  const country = match?.[3] ?? '';
  if (!match || !isCountry(country)) return null;
  const weights = [8, 6, 4, 2, 3, 5, 9, 7];
  const sum = [...(match[1] ?? '')].reduce((total, digit, at) => total + Number(digit) * (weights[at] ?? 0), 0);
  const rest = 11 - (sum % 11);
  const check = rest === 10 ? 0 : rest === 11 ? 5 : rest;
  return Number(match[2]) === check ? { carrier: posts[country] ?? `post-${country.toLowerCase()}`, country } : null;
}
