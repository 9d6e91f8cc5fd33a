import { between, type Chance, pick } from '#kernel/chance';
import { dice } from './dice.ts';
import type { StoreOrder } from './shops.ts';
import { firstNames, type Land, lands, lastNames, markets } from './shopper-words.ts';

export type ShippingAddress = StoreOrder['shipping_address'];
export interface Shopper {
  name: string;
  email: string;
  phone: string;
  address: ShippingAddress;
  /** What is wrong with the address; '' when it is good. */
  flaw: '' | 'no-postcode' | 'wrong-postcode' | 'no-street' | 'no-city' | 'nonsense';
}

const flaws = ['no-postcode', 'wrong-postcode', 'no-street', 'no-city', 'nonsense'] as const;

/** Somebody who buys in that currency's market. Two in a hundred cannot be delivered to as they wrote it. */
export function inventShopper(seed: number, name: string, market: 'USD' | 'EUR'): Shopper {
  const chance = dice(seed, 'shopper', name);
  const land = landOf(chance, market);
  const first = pick(chance, firstNames);
  const last = pick(chance, lastNames);
  const full = `${first} ${last}`;
  const place = pick(chance, land.places);
  const phone = land.phone.replace('##', String(between(chance, 10, 99)));
  const good: ShippingAddress = {
    name: full,
    company: chance.next() < 0.06 ? `${last} Studio` : '',
    line1: land.line.replace('#', String(between(chance, 2, 240))).replace('%', pick(chance, land.streets)),
    line2: chance.next() < 0.15 ? `Apt ${between(chance, 1, 40)}` : '',
    city: place.city,
    region: place.region,
    postcode: place.postcode,
    country: land.country,
    phone,
  };
  const flaw = chance.next() < 0.02 ? pick(chance, flaws) : '';
  return { name: full, email: emailOf(first, last, between(chance, 1, 999)), phone, address: spoil(good, flaw), flaw };
}

/** The mail address of a person of that name; `.test` belongs to nobody (RFC 6761). */
function emailOf(first: string, last: string, number: number): string {
  const plain = (text: string): string =>
    text
      .normalize('NFD')
      .toLowerCase()
      .replaceAll(/[^a-z]/g, '');
  return `${plain(first)}.${plain(last)}${number}@shopper.test`;
}

function landOf(chance: Chance, market: 'USD' | 'EUR'): Land {
  const open = lands.filter((land) => markets[market].includes(land.country));
  let drawn = chance.next() * open.reduce((sum, land) => sum + land.weight, 0);
  for (const land of open) {
    drawn -= land.weight;
    if (drawn < 0) return land;
  }
  return pick(chance, open);
}

function spoil(address: ShippingAddress, flaw: Shopper['flaw']): ShippingAddress {
  switch (flaw) {
    case 'no-postcode':
      return { ...address, postcode: '' };
    case 'wrong-postcode':
      return { ...address, postcode: '999' };
    case 'no-street':
      return { ...address, line1: '', line2: '' };
    case 'no-city':
      return { ...address, city: '' };
    case 'nonsense':
      return { ...address, line1: 'asdf', city: 'x', postcode: '00000' };
    default:
      return address;
  }
}

/** One hand behind many names: one address, one telephone, throwaway mail, in one evening. */
export function inventThief(seed: number, burst: number, at: number): Shopper {
  const shared = inventShopper(seed, `thief/${burst}`, 'USD');
  const own = inventShopper(seed, `thief/${burst}/${at}`, 'USD');
  const address = {
    ...shared.address,
    name: own.name,
    line1: shared.address.line1 || '77 Larkspur Lane',
    city: 'Tucson',
    region: 'AZ',
    postcode: '85701',
    country: 'US',
  };
  return { name: own.name, email: `buyer${burst}${at}@throwaway.test`, phone: shared.phone, address, flaw: '' };
}
