import { expect, test } from 'vitest';
import { addressLines, countryName } from './address.ts';

const base = {
  name: 'Amara Barlow',
  company: '',
  line1: '21 Fox Hollow Road',
  line2: '',
  city: 'Columbus',
  region: 'OH',
  postcode: '43215',
  country: 'US',
};

test('an address stands as its country writes it, without empty lines', () => {
  expect(addressLines(base)).toEqual(['Amara Barlow', '21 Fox Hollow Road', 'Columbus, OH 43215', 'United States']);
  expect(addressLines({ ...base, city: 'Utrecht', region: '', postcode: '3511 LN', country: 'NL' }).slice(2)).toEqual([
    '3511 LN Utrecht',
    'Netherlands',
  ]);
  expect(addressLines({ ...base, city: 'Leeds', region: '', postcode: 'LS1 4AP', country: 'GB' }).slice(2)).toEqual([
    'Leeds',
    'LS1 4AP',
    'United Kingdom',
  ]);
});

test('what is missing leaves no comma behind', () => {
  expect(addressLines({ line1: '1 Quay', city: 'Reno', postcode: '', country: 'US' })).toEqual(['1 Quay', 'Reno', 'United States']);
});

test('a code that is no country stays what it is', () => {
  expect(countryName('Narnia')).toBe('Narnia');
});
