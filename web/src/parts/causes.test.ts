import { expect, test } from 'vitest';
import { causeTitle } from './causes.ts';

const one = { kind: 'order_unroutable', cause: 'order_unroutable', title: 'Order TR-1006 finds no supplier.', count: 1 };

test('one exception says its own sentence', () => {
  expect(causeTitle(one)).toBe('Order TR-1006 finds no supplier.');
});

test('several say what they have in common', () => {
  expect(causeTitle({ ...one, count: 9 })).toBe('9 orders find no supplier');
  expect(causeTitle({ ...one, kind: 'hold', cause: 'hold:address', count: 5 })).toBe('5 orders are held: doubtful address');
  expect(causeTitle({ ...one, kind: 'purchase_not_acknowledged', count: 2, supplier: { name: 'Old Mill' } })).toBe(
    'Old Mill has not answered 2 purchase orders',
  );
});

test('where the supplier is not known, or the kind is new, the oldest speaks for all', () => {
  expect(causeTitle({ ...one, kind: 'purchase_not_shipped', title: 'Old Mill has not shipped PO-7.', count: 3 })).toBe(
    'Old Mill has not shipped PO-7, and 2 more like it',
  );
  expect(causeTitle({ ...one, kind: 'something_new', count: 2 })).toBe('Order TR-1006 finds no supplier, and 1 more like it');
});
