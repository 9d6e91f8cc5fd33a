import type { Chance } from './chance.ts';
import type { Instant } from './time.ts';

/** The prefix says what an id belongs to, so that a pasted id can find its page. */
export const idPrefixes = {
  tenant: 'ten',
  user: 'usr',
  key: 'key',
  channel: 'chn',
  supplier: 'sup',
  offer: 'off',
  variant: 'var',
  listing: 'lst',
  order: 'ord',
  line: 'lin',
  decision: 'dec',
  policy: 'pol',
  purchase: 'po',
  purchaseLine: 'pol_line',
  change: 'chg',
  shipment: 'shp',
  parcel: 'par',
  message: 'msg',
  exception: 'exc',
  fact: 'evt',
  arrival: 'arr',
  effect: 'eff',
  run: 'run',
  document: 'doc',
  undo: 'und',
  feedPreview: 'fpv',
  pricePreview: 'prv',
  publication: 'pub',
} as const;
export type IdKind = keyof typeof idPrefixes;

/**
 * UUIDv7 (RFC 9562): 48 bits of milliseconds, then 74 bits of chance; sorts by time of birth. `nth` numbers those of one
 * millisecond in its first 12 bits (6.2, method 1), so that what one transaction makes sorts in the order it was made.
 */
export function uuidV7(at: Instant, chance: Chance, nth?: number): string {
  const random = chance.bytes(10);
  const overflow = nth === undefined ? 0 : Math.floor(nth / 4096);
  const time = (Math.max(0, at.epochMilliseconds) + overflow).toString(16).padStart(12, '0');
  if (nth !== undefined) {
    random[0] = (nth >> 8) & 0x0f;
    random[1] = nth & 0xff;
  }
  random[0] = 0x70 | ((random[0] ?? 0) & 0x0f);
  random[2] = 0x80 | ((random[2] ?? 0) & 0x3f);
  const tail = hex(random);
  return `${time.slice(0, 8)}-${time.slice(8)}-${tail.slice(0, 4)}-${tail.slice(4, 8)}-${tail.slice(8)}`;
}

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const uuidShape = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** `ord_01k…`: the uuid in 26 letters of Crockford's base 32, without the ones people confuse. */
export function showId(kind: IdKind, uuid: string): string {
  let rest = BigInt(`0x${uuid.replaceAll('-', '')}`);
  let letters = '';
  for (let place = 0; place < 26; place += 1) {
    letters = `${alphabet[Number(rest & 31n)]}${letters}`;
    rest >>= 5n;
  }
  return `${idPrefixes[kind]}_${letters}`;
}

/** The uuid behind a shown id; null when it is not an id of that kind. */
export function readId(kind: IdKind, shown: string): string | null {
  const prefix = `${idPrefixes[kind]}_`;
  if (!shown.startsWith(prefix) || shown.length !== prefix.length + 26) return null;
  let value = 0n;
  for (const letter of shown.slice(prefix.length).toLowerCase()) {
    const digit = alphabet.indexOf(letter);
    if (digit < 0) return null;
    value = (value << 5n) | BigInt(digit);
  }
  if (value >> 128n !== 0n) return null;
  const digits = value.toString(16).padStart(32, '0');
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-${digits.slice(12, 16)}-${digits.slice(16, 20)}-${digits.slice(20)}`;
}

export const isUuid = (text: string): boolean => uuidShape.test(text);

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
