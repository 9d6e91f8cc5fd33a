import { expect, test } from 'vitest';
import { carrierName } from './carriers.ts';

test('carriers are called as they call themselves, however their word is written; a stranger keeps its own', () => {
  expect(['fedex', 'USPS', 'royal_mail', 'Royal Mail', 'dhl-ecommerce', 'Nordfracht GmbH', ''].map(carrierName)).toEqual([
    'FedEx',
    'USPS',
    'Royal Mail',
    'Royal Mail',
    'DHL eCommerce',
    'Nordfracht GmbH',
    '',
  ]);
});
