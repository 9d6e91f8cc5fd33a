import { expect, test } from 'vitest';
import { lookOf, optionsOf, purchaseLook } from './status.ts';

test('every word of a badge is short enough for its column', () => {
  for (const of of ['order', 'transmission', 'response', 'fulfilment', 'parcel', 'supplier', 'channel', 'feed', 'arrival', 'change']) {
    for (const { label } of optionsOf(of)) expect(label.length, label).toBeLessThanOrEqual(18);
  }
});

test('a status that the table does not know is still said in words', () => {
  expect(lookOf('order', 'in_customs')).toEqual({ tone: 'neutral', glyph: 'none', word: 'In customs' });
});

test('a purchase order shows the most urgent of its three axes', () => {
  expect(purchaseLook({ transmission: 'unknown', response: 'awaited', fulfilment: 'none' }).word).toBe('Sent, unconfirmed');
  expect(purchaseLook({ transmission: 'acknowledged', response: 'rejected', fulfilment: 'part_shipped' }).word).toBe('Rejected');
  expect(purchaseLook({ transmission: 'acknowledged', response: 'accepted', fulfilment: 'shipped' }).word).toBe('Shipped');
  expect(purchaseLook({ transmission: 'sent', response: 'awaited', fulfilment: 'none' }).word).toBe('Awaiting reply');
});

test('one that is over says so, whatever happened before', () => {
  expect(purchaseLook({ transmission: 'cancelled', response: 'rejected', fulfilment: 'none' }).word).toBe('Cancelled');
});
