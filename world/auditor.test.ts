import { describe, expect, test } from 'vitest';
import { instant } from '#kernel/time';
import { audit } from './auditor.ts';
import type { Books } from './books.ts';
import { booksOf, memoryOf, ms, now } from './auditor-sample.ts';
import type { Memory } from './memory.ts';

const first = <T>(rows: T[]): T => {
  const [row] = rows;
  if (row === undefined) throw new Error('the sample is empty');
  return row;
};
const second = <T>(rows: T[]): T => first(rows.slice(1));

test('books that agree with the world are found whole, and every invariant of the list is looked at', () => {
  const found = audit(memoryOf(), booksOf(), { quiet: true, traces: ['a', 'a'] });
  expect(found.broken).toEqual([]);
  expect(found.checked).toEqual([
    'I1',
    'I2',
    'I3',
    'I4',
    'I5',
    'I6',
    'I7',
    'I10',
    'I11',
    'I12',
    'I13',
    'I14',
    'I16',
    'I17',
    'I18',
    'I19',
    'I20',
    'I24',
  ]);
});

describe('every check can fail', () => {
  const sabotage: [string, string, (memory: Memory, books: Books) => void, RegExp][] = [
    ['I1', 'an order that was dropped', (_, books) => void books.orders.shift(), /HO-1001 of home was paid .* neither in the books/],
    [
      'I2',
      'an order taken twice',
      (_, books) => void books.orders.push({ ...first(books.orders), id: 'o3' }),
      /home\/11 is in the books 2 times/,
    ],
    ['I2', 'an order nobody placed', (_, books) => (first(books.orders).external_id = '99'), /never had an order 99/],
    ['I2', 'another total', (_, books) => (first(books.orders).total_minor = 1n), /has 1 USD in the books and 2595 USD in home/],
    ['I2', 'another quantity', (_, books) => (first(books.lines).quantity = 3), /has 3 of LIG-1 in the books and 2 in home/],
    [
      'I2',
      'twins dispatched by a machine',
      (_, books) => void books.purchases.push({ ...first(books.purchases), id: 'p2', number: 'PO-100002', order_id: 'o2' }),
      /one basket sent twice/,
    ],
    [
      'I3',
      'a unit given twice',
      (_, books) => void books.allocations.push({ ...first(books.allocations), id: 'a2', quantity: 1 }),
      /3 units are allocated or cancelled, but 2 were ordered/,
    ],
    ['I3', 'a unit forgotten', (_, books) => (first(books.allocations).quantity = 1), /1 of 2 units are with nobody/],
    ['I4', 'more promised than there is', (_, books) => (first(books.offers).ceiling = 1), /2 units are promised and 1 may be/],
    ['I4', 'a count that drifted', (_, books) => (first(books.offers).reserved = 5), /5 units are counted as promised/],
    [
      'I4',
      'a store told of what nobody has',
      (memory) => void memory.wronged.push({ channel: 'home', sku: 'LIG-1', at: 0, what: '99 shown, 9 said by suppliers' }),
      /home was told of LIG-1 .* 99 shown/,
    ],
    [
      'I14',
      'a store that was not told',
      (_, books) => (first(books.listings).stale_since = now),
      /home was not told that it has 6 of LIG-1/,
    ],
    ['I14', 'a store told something else', (_, books) => (first(books.listings).quantity = 7), /home shows 7 of LIG-1 and should show 6/],
    [
      'I19',
      'a shop emptied by a list',
      (memory) => memory.zeroed.push(...Array.from({ length: 11 }, (_, at) => ({ channel: 'home', sku: `LIG-${at}`, at: 0 }))),
      /11 listings of home .* were emptied/,
    ],
    [
      'I19',
      'something sold for less than it costs',
      (memory) => Object.assign(first(first(Object.values(memory.orders)).lines), { price: 10, worth: 900 }),
      /LIG-1 was sold for 10 and costs 900/,
    ],
    [
      'I5',
      'a purchase order sent twice',
      (memory) => void memory.purchases['KESTREL/PO-100001']?.acceptedAt.push(ms('2026-03-01T11:00:00Z')),
      /took PO-100001 version 1 2 times/,
    ],
    [
      'I5',
      'a parcel reported twice',
      (memory) => void memory.fulfilments.push({ ...first(memory.fulfilments), key: 'k2' }),
      /was reported 2 times, under k1 and k2/,
    ],
    [
      'I6',
      'an answer that never came',
      (_, books) => Object.assign(first(books.purchases), { acknowledged_at: null, transmission: 'sent' }),
      /unanswered and overdue/,
    ],
    [
      'I6',
      'an allocation without a purchase order',
      (_, books) => (first(books.purchaseLines).allocation_id = 'other'),
      /stand on no purchase order/,
    ],
    ['I7', 'a claim to have sent it', (memory) => (memory.purchases = {}), /KESTREL never took it/],
    [
      'I7',
      'a claim to have failed',
      (_, books) => (first(books.purchases).transmission = 'failed'),
      /is failed in the books, though KESTREL took it/,
    ],
    ['I7', 'a cancellation nobody agreed to', (_, books) => (first(books.purchases).transmission = 'cancelled'), /has it and never agreed/],
    ['I10', 'a mail sent twice', (memory) => void memory.mails.push(first(memory.mails)), /got "HO-1001 is on its way" 2 times/],
    [
      'I10',
      'a message booked twice',
      (_, books) => void books.messages.push({ ...first(books.messages), id: 'm2' }),
      /is in the books 2 times/,
    ],
    ['I11', 'a shopper who was not told', (_, books) => (books.messages = []), /nobody was told of parcel ups 1Z1/],
    ['I11', 'a message that never arrived', (memory) => (memory.mails = []), /1 messages were sent to ada@shopper.test; 0 arrived/],
    [
      'I12',
      'a closed order that goes on',
      (_, books) => void books.facts.push({ ...second(books.facts), number: 6n }),
      /order.routed came after order.closed/,
    ],
    [
      'I12',
      'a delivered parcel that moves',
      (_, books) => (
        (first(books.facts).type = 'parcel.in_transit'),
        Object.assign(first(books.facts), { subject_id: 'c1', subject_kind: 'parcel', number: 6n })
      ),
      /parcel.in_transit came after parcel.delivered/,
    ],
    ['I13', 'a hold nobody sees', (_, books) => (first(books.exceptions).state = 'resolved'), /HO-1002 is held/],
    ['I13', 'an exception without a clock', (_, books) => (first(books.exceptions).due_at = null), /has no clock/],
    ['I13', 'an exception without a fix', (_, books) => (first(books.exceptions).fixes = []), /proposes nothing/],
    ['I13', 'a message that failed quietly', (_, books) => (first(books.messages).state = 'failed'), /message m1 is failed/],
    [
      'I13',
      'an arrival refused quietly',
      (_, books) =>
        void books.arrivals.push({ id: 'r', source: 'supplier:KESTREL', kind: 'mail', object: 'x', state: 'refused', due_at: null }),
      /was refused/,
    ],
    [
      'I14',
      'a payment missed',
      (memory) => Object.assign(memory.orders['home/11'] ?? {}, { payment: 'refunded' }),
      /payment is paid in the books and refunded/,
    ],
    [
      'I14',
      'a cancellation missed',
      (memory, books) => (Object.assign(memory.orders['home/11'] ?? {}, { cancelledAt: 1 }), (first(books.purchases).fulfilment = 'none')),
      /was cancelled in home/,
    ],
    [
      'I14',
      'an answer misread',
      (_, books) => (first(books.purchaseLines).response = 'rejected'),
      /KESTREL said accepted, the books say rejected/,
    ],
    ['I14', 'a shipment missed', (_, books) => (first(books.purchaseLines).shipped = 0), /the books know of no shipment/],
    [
      'I14',
      'a delivery missed',
      (_, books) => Object.assign(first(books.parcels), { milestone: 'in_transit', due_at: now }),
      /its carrier says delivered for two days/,
    ],
    [
      'I16',
      'a purchase order out of nowhere',
      (memory) =>
        (memory.purchases['KESTREL/PO-9'] = {
          ...(memory.purchases['KESTREL/PO-100001'] as never as Memory['purchases'][string]),
          number: 'PO-9',
        }),
      /PO-9, which is not in the books/,
    ],
    [
      'I16',
      'a cancellation out of nowhere',
      (memory) => void memory.cancels.push({ supplier: 'KESTREL', number: 'PO-100001', at: 1, outcome: 'refused' }),
      /asked to cancel PO-100001/,
    ],
    ['I16', 'a mail out of nowhere', (memory) => void memory.mails.push({ ...first(memory.mails), key: 'm9' }), /got 2 mails/],
    [
      'I16',
      'an effect without a thing',
      (_, books) => (first(books.effects).subject_id = 'nobody'),
      /effect e1 belongs to purchase nobody/,
    ],
    ['I17', 'a fact taken out', (_, books) => void books.facts.splice(1, 1), /fact number 2 is missing/],
    [
      'I17',
      'a fact rewritten',
      (_, books) => (books.chain = { holds: false, why: 'hash of fact 3 differs', last_number: 5n }),
      /hash of fact 3 differs/,
    ],
    ['I17', 'the last fact taken out', (_, books) => void books.facts.pop(), /says that fact 5 is the last/],
    [
      'I18',
      'an order that stands still',
      (_, books) => Object.assign(first(books.orders), { state: 'routed', due_at: instant('2026-03-02T00:00:00Z') }),
      /is routed and was due/,
    ],
    ['I18', 'a purchase order nothing will move', (_, books) => (first(books.purchases).due_at = null), /nothing will move it/],
    ['I18', 'a parcel nobody asks about', (_, books) => (first(books.parcels).milestone = 'in_transit'), /nobody asks about it/],
    [
      'I20',
      'a scan from before the label',
      (_, books) => (first(books.parcelEvents).at = instant('2026-01-01T00:00:00Z')),
      /lies before its label/,
    ],
    [
      'I20',
      'a delivery that was none',
      (memory) => void memory.parcels['ups/1Z1']?.scans.pop(),
      /is delivered in the books and on its way in truth/,
    ],
    ['I20', 'the number of another parcel', (_, books) => (first(books.parcels).number = '1Z2'), /no carrier was ever given it/],
  ];
  test.each(sabotage)('%s finds %s', (id, _what, spoil, message) => {
    const memory = memoryOf();
    const books = booksOf();
    spoil(memory, books);
    const found = audit(memory, books, { quiet: true });
    expect(
      found.broken
        .filter((one) => one.id === id)
        .map(({ what }) => what)
        .join('\n'),
    ).toMatch(message);
  });

  test('I24 finds a story that was told differently', () => {
    expect(audit(memoryOf(), booksOf(), { quiet: false, traces: ['a', 'b'] }).broken).toEqual([
      { id: 'I24', what: 'the same seed told another story: a and b' },
    ]);
  });

  test('what may still be on its way is not called lost', () => {
    const memory = memoryOf();
    const books = booksOf();
    const late = memory.orders['home/11'];
    if (late === undefined) throw new Error('the sample is empty');
    memory.orders['home/13'] = {
      ...late,
      id: '13',
      number: 'HO-1003',
      paidAt: now.epochMilliseconds - 60_000,
      placedAt: now.epochMilliseconds - 60_000,
    };
    expect(audit(memory, books, { quiet: false }).broken).toEqual([]);
    expect(audit(memory, books, { quiet: true }).broken).toMatchObject([{ id: 'I1' }]);
  });
});
