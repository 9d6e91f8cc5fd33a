import { expect, test } from 'vitest';
import { sentenceOf, whoOf } from './facts.ts';

test('facts are said in prose', () => {
  expect(sentenceOf({ type: 'order.routed', data: { suppliers: ['Kestrel', 'Oakline'], because: 'cheapest in time' } })).toBe(
    'Routed to Kestrel and Oakline: cheapest in time.',
  );
  expect(sentenceOf({ type: 'order.routed', data: { suppliers: ['Kestrel'], because: 'Kestrel: the only one that could.' } })).toBe(
    'Routed to Kestrel: the only one that could.',
  );
  expect(sentenceOf({ type: 'order.held', data: { reasons: ['address', 'velocity'] } })).toBe(
    'Put on hold for doubtful address and too many at once.',
  );
  expect(sentenceOf({ type: 'order.received', data: { number: '1042', total: { minor: '4120', currency: 'USD' } } })).toBe(
    'The order came in, $41.20.',
  );
});

test('an answer of many lines is cut short', () => {
  const lines = ['A', 'B', 'C', 'D', 'E'].map((sku) => ({ sku, response: 'accepted', quantity: 1 }));
  expect(sentenceOf({ type: 'purchase.answered', data: { number: 'PO-1', supplier: 'Kestrel', lines } })).toBe(
    'Kestrel answered PO-1: 1 × A accepted, 1 × B accepted, 1 × C accepted and 2 more.',
  );
});

test('milestones and facts that nobody wrote a sentence for are still told', () => {
  expect(sentenceOf({ type: 'parcel.out_for_delivery', data: { place: 'Reno' } })).toBe('Parcel: out for delivery, Reno.');
  expect(sentenceOf({ type: 'policy.published', data: { because: 'peak season.' } })).toBe('Policy published: peak season.');
});

test('messages are called by what they mean to people', () => {
  expect(sentenceOf({ type: 'message.sent', data: { meaning: 'parcel.shipped', to: 'na…@shop.test' } })).toBe(
    'Sent the shipping notice to na…@shop.test.',
  );
  expect(sentenceOf({ type: 'message.failed', data: { meaning: 'order.delayed:2', because: 'No such mailbox' } })).toBe(
    'The delay notice could not be sent: No such mailbox.',
  );
});

test('what people did reads like the rest', () => {
  expect(sentenceOf({ type: 'person.resolved', data: { said: 'Order 1042 is released.' } })).toBe('Order 1042 is released.');
  expect(sentenceOf({ type: 'person.paused_supplier', data: { name: 'Kestrel' } })).toBe('Paused supplier Kestrel.');
});

test('data that is not what was promised breaks no timeline', () => {
  expect(sentenceOf({ type: 'purchase.answered', data: { lines: 'none' } })).toBe('The supplier answered the purchase order.');
  expect(sentenceOf({ type: 'order.cancelled', data: { because: 7 } })).toBe('Cancelled: 7.');
});

test('who did it is a name, a trade or a kind', () => {
  expect(whoOf('person:usr_1', 'Ada')).toBe('Ada');
  expect(whoOf('step:trackParcel', '')).toBe('tracking');
  expect(whoOf('supplier:sup_1', '')).toBe('supplier');
});
