import { expect, test } from 'vitest';
import { addressLines } from './address-lines.ts';

test.each([
  ['US', { city: 'Tucson', region: 'AZ', postcode: '85701' }, ['Tucson, AZ 85701', 'United States']],
  ['DE', { city: 'Kiel', region: '', postcode: '24103' }, ['24103 Kiel', 'Germany']],
  ['GB', { city: 'Leeds', postcode: 'LS1 4AP' }, ['Leeds', 'LS1 4AP', 'United Kingdom']],
  ['IT', { city: 'Pisa', region: 'PI', postcode: '56126' }, ['56126 Pisa, PI', 'Italy']],
  ['SG', { city: '', postcode: '049315' }, ['049315', 'Singapore']],
])('the town stands as it is written in %s', (country, place, lines) => {
  expect(addressLines({ line1: '1 Quay', country, ...place }).slice(1)).toEqual(lines);
});

test('company and phone stand at their ends, and nothing is left of what is empty', () => {
  expect(
    addressLines({ company: 'Barlow & Co', line1: '1 Quay', line2: '', city: 'Reno', country: 'US', phone: '+1 775 555 0100' }),
  ).toEqual(['Barlow & Co', '1 Quay', 'Reno', 'United States', '+1 775 555 0100']);
});
