import { expect, test } from 'vitest';
import { withChanges } from './search.ts';

test('an empty value takes its name out of the address, the rest stays', () => {
  expect(withChanges({ q: 'lamp', status: 'on_hold', open: 'ord_1' }, { q: '', open: undefined, country: 'US' })).toEqual({
    status: 'on_hold',
    country: 'US',
  });
});
