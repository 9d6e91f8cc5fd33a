import { instant } from '#kernel/time';
import type { Books } from './books.ts';
import { emptyMemory, type Memory } from './memory.ts';

export const ms = (text: string): number => Date.parse(text);
export const now = instant('2026-03-10T12:00:00Z');

/** One order for two units, bought, shipped, delivered and told of: nothing is wrong with it. */
export function memoryOf(): Memory {
  const memory = emptyMemory();
  const placedAt = ms('2026-03-01T10:00:00Z');
  for (const [id, number] of [
    ['11', 'HO-1001'],
    ['12', 'HO-1002'],
  ] as const) {
    memory.orders[`home/${id}`] = {
      channel: 'home',
      id,
      number,
      placedAt,
      updatedAt: placedAt,
      paidAt: placedAt,
      cancelledAt: null,
      payment: 'paid',
      test: false,
      country: 'US',
      postcode: '97205',
      currency: 'USD',
      totalMinor: 2595,
      lines: [{ id: '1', sku: 'LIG-1', quantity: 2, cancelled: 0 }],
    };
  }
  memory.twins.push(['home/11', 'home/12']);
  memory.purchases['KESTREL/PO-100001'] = {
    supplier: 'KESTREL',
    number: 'PO-100001',
    version: 1,
    reference: 'KE1',
    acceptedAt: [placedAt + 60_000],
    repeats: 0,
    refused: '',
    lines: [{ line: 1, sku: 'KL-1', quantity: 2 }],
    said: [{ line: 1, response: 'accepted', quantity: 2 }],
    country: 'US',
  };
  const labelAt = ms('2026-03-02T10:00:00Z');
  memory.parcels['ups/1Z1'] = {
    carrier: 'ups',
    number: '1Z1',
    supplier: 'KESTREL',
    purchase: 'PO-100001',
    labelAt,
    lines: [{ line: 1, sku: 'KL-1', quantity: 2 }],
    to: { city: 'Portland', country: 'US' },
    from: { city: 'Joliet', country: 'US' },
    scans: (['label_created', 'picked_up', 'delivered'] as const).map((code, day) => ({
      at: labelAt + day * 86_400_000,
      shownAt: labelAt + day * 86_400_000,
      code,
      text: code,
      place: '',
      country: 'US',
    })),
  };
  memory.fulfilments.push({ channel: 'home', order: '11', id: 'f1', key: 'k1', carrier: 'ups', trackingNumber: '1Z1', at: labelAt });
  memory.mails.push({
    key: 'm1',
    to: 'ada@shopper.test',
    subject: 'HO-1001 is on its way',
    at: labelAt,
    answerLost: false,
    audience: 'shopper',
  });
  return memory;
}

/** The books of a program that did everything right. */
export const booksOf = (): Books => ({ at: now, ...selling(), ...buying(), ...telling(), ...history() });

const selling = (): Pick<Books, 'orders' | 'lines' | 'holds' | 'exceptions' | 'arrivals'> => ({
  orders: [order('o1', '11', 'HO-1001'), { ...order('o2', '12', 'HO-1002'), state: 'held', status: 'on_hold' }],
  lines: [line('l1', 'o1'), line('l2', 'o2')],
  holds: [{ order_id: 'o2', reason: 'duplicate', released_at: null, released_by: '' }],
  exceptions: [
    {
      id: 'x1',
      kind: 'hold',
      subject_kind: 'order',
      subject_id: 'o2',
      order_id: 'o2',
      title: 'HO-1002 looks like HO-1001',
      detail: '',
      fixes: ['release'],
      state: 'open',
      opened_at: now,
      due_at: now,
      resolved_by: '',
    },
  ],
  arrivals: [],
});

const order = (id: string, external: string, number: string): Books['orders'][number] => ({
  id,
  channel: 'home',
  external_id: external,
  number,
  state: 'closed',
  status: 'delivered',
  payment: 'paid',
  currency: 'USD',
  total_minor: 2595n,
  country: 'US',
  postcode: '97205',
  is_test: false,
  due_at: null,
  received_at: instant('2026-03-01T10:01:00Z'),
});

const line = (id: string, order_id: string): Books['lines'][number] => ({
  id,
  order_id,
  external_id: '1',
  sku: 'LIG-1',
  kind: 'goods',
  quantity: 2,
  cancelled: 0,
});

const buying = (): Pick<Books, 'allocations' | 'listings' | 'offers' | 'purchases' | 'purchaseLines' | 'changes' | 'effects'> => ({
  allocations: [{ id: 'a1', order_id: 'o1', line_id: 'l1', offer_id: 'f1', supplier: 'KESTREL', quantity: 2, state: 'live' }],
  listings: [{ channel: 'home', kind: 'rest', sku: 'LIG-1', want_quantity: 6, quantity: 6, stale_since: null, trouble: '' }],
  offers: [{ id: 'f1', supplier: 'KESTREL', supplier_sku: 'KL-1', quantity: 9, buffer: 1, reserved: 2, ceiling: 8 }],
  purchases: [
    {
      id: 'p1',
      number: 'PO-100001',
      supplier: 'KESTREL',
      order_id: 'o1',
      version: 1,
      transmission: 'acknowledged',
      response: 'accepted',
      fulfilment: 'all',
      due_at: instant('2026-03-11T00:00:00Z'),
      sent_at: instant('2026-03-01T10:02:00Z'),
      ack_due_at: instant('2026-03-01T18:00:00Z'),
      acknowledged_at: instant('2026-03-01T11:00:00Z'),
      reference: 'KE1',
    },
  ],
  purchaseLines: [
    {
      id: 'pl1',
      purchase_id: 'p1',
      position: 1,
      order_line_id: 'l1',
      allocation_id: 'a1',
      supplier_sku: 'KL-1',
      quantity: 2,
      accepted: 2,
      refused: 0,
      shipped: 2,
      response: 'accepted',
    },
  ],
  changes: [],
  effects: [{ key: 'e1', step: 'placePurchase', subject_kind: 'purchase', subject_id: 'p1', state: 'done', attempt: 1, absences: 0 }],
});

const telling = (): Pick<Books, 'messages' | 'parcels' | 'parcelEvents' | 'reports'> => ({
  messages: [
    {
      id: 'm1',
      order_id: 'o1',
      subject_id: 'c1',
      meaning: 'parcel.shipped',
      channel: 'email',
      address: 'ada@shopper.test',
      state: 'sent',
      due_at: null,
      why_not: '',
    },
  ],
  parcels: [
    {
      id: 'c1',
      purchase_id: 'p1',
      order_id: 'o1',
      carrier: 'ups',
      number: '1Z1',
      milestone: 'delivered',
      label_at: instant('2026-03-02T10:00:00Z'),
      due_at: null,
    },
  ],
  parcelEvents: [{ parcel_id: 'c1', at: instant('2026-03-04T10:00:00Z'), milestone: 'delivered', source: 'carrier', set_aside: '' }],
  reports: [{ id: 'r1', channel: 'home', order_id: 'o1', parcel_id: 'c1', state: 'sent', due_at: null }],
});

const history = (): Pick<Books, 'facts' | 'chain'> => ({
  facts: [
    fact(1n, 'order.received', 'order', 'o1'),
    fact(2n, 'order.routed', 'order', 'o1'),
    fact(3n, 'purchase.sent', 'purchase', 'p1'),
    fact(4n, 'parcel.delivered', 'parcel', 'c1'),
    fact(5n, 'order.closed', 'order', 'o1'),
  ],
  chain: { holds: true, why: '', last_number: 5n },
});

const fact = (number: bigint, type: string, subject_kind: string, subject_id: string): Books['facts'][number] => ({
  number,
  type,
  subject_kind,
  subject_id,
  order_id: 'o1',
  at: now,
  actor: 'step:x',
});
