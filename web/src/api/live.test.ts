import { expect, test } from 'vitest';
import { staleBy } from './live.ts';

test('a fact makes stale what shows it, and an unknown one at least home', () => {
  expect(staleBy('order.routed')).toContain('orders');
  expect(staleBy('purchase.answered')).toEqual(expect.arrayContaining(['purchases', 'orders', 'exceptions']));
  expect(staleBy('arrival.refused')).toContain('arrivals');
  expect(staleBy('moon.rose')).toEqual(['home']);
});
