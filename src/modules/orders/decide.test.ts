import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { after, instant } from '#kernel/time';
import {
  type Cover,
  decideFollow,
  decideHeld,
  decideScreen,
  defaultScreenRules,
  type FollowFacts,
  type Order,
  type OrderPart,
  type ScreenFacts,
  statusOf,
} from './index.ts';

const now = instant('2026-11-20T09:00:00Z');
const line = (id: string, quantity = 2, cancelled = 0, more: Partial<Order['lines'][number]> = {}): Order['lines'][number] => ({
  id,
  order_id: 'o',
  position: 1,
  external_id: id,
  sku: id,
  title: id,
  kind: 'goods',
  variant_id: 'v',
  quantity,
  cancelled,
  elsewhere: 0,
  price_minor: 1n,
  discount_minor: 0n,
  tax_minor: 0n,
  ...more,
});
const order = (more: Partial<Order> = {}): Order => ({
  id: 'o',
  channel_id: 'c',
  external_id: '1',
  number: '#1',
  state: 'received',
  status: 'routing',
  placed_at: now,
  received_at: now,
  source_at: now,
  currency: 'EUR',
  total_minor: 2n,
  payment: 'paid',
  customer_name: '',
  email: '',
  ship_to: {} as never,
  country: 'DE',
  postcode: '',
  service: 'standard',
  likeness: new Uint8Array(),
  is_test: false,
  risk: '',
  is_history: false,
  routed_times: 0,
  cancel_asked_at: null,
  promised_at: null,
  closed_at: null,
  held_for: [],
  released: [],
  lines: [line('a')],
  ...more,
});
const screen = (more: Partial<ScreenFacts> = {}): ScreenFacts => ({
  lookAlikes: new Map(),
  inTheHour: new Map(),
  addresses: new Map(),
  rules: defaultScreenRules,
  ...more,
});

describe('screening', () => {
  const bad = { verdict: 'undeliverable', issues: [{ weight: 'error', sentence: 'There is no such street.' }] } as never;
  const cases: [what: string, order: Order, facts: ScreenFacts, to: string, reasons: string[]][] = [
    ['a paid order', order(), screen(), 'accepted', []],
    ['one whose money is promised', order({ payment: 'authorised' }), screen(), 'accepted', []],
    ['one whose money has not come', order({ payment: 'pending' }), screen(), 'received', []],
    [
      'one whose money has not come for days',
      order({ payment: 'pending', placed_at: after(now, { hours: -73 }) }),
      screen(),
      'held',
      ['payment'],
    ],
    ['one that a person released without money', order({ payment: 'pending', released: ['payment'] }), screen(), 'accepted', []],
    ['one whose payment was voided', order({ payment: 'voided' }), screen(), 'cancelled', []],
    ['one that was cancelled in the store', order({ cancel_asked_at: now }), screen(), 'cancelled', []],
    ['one of cancelled lines only', order({ lines: [line('a', 2, 2)] }), screen(), 'cancelled', []],
    ['one of services only', order({ lines: [line('gift', 1, 0, { kind: 'service', variant_id: null })] }), screen(), 'closed', []],
    ['a test order', order({ is_test: true }), screen(), 'held', ['test']],
    ['one of an unknown article', order({ lines: [line('a', 1, 0, { variant_id: null })] }), screen(), 'held', ['unmatched']],
    [
      'one whose unknown article was cancelled',
      order({ lines: [line('a'), line('b', 1, 1, { variant_id: null })] }),
      screen(),
      'accepted',
      [],
    ],
    ['one to nowhere', order(), screen({ addresses: new Map([['o', bad]]) }), 'held', ['address']],
    ['a look-alike', order(), screen({ lookAlikes: new Map([['o', ['#0']]]) }), 'held', ['duplicate']],
    ['the sixth within an hour', order(), screen({ inTheHour: new Map([['o', 6]]) }), 'held', ['velocity']],
    ['one that a person stopped', order({ held_for: ['manual'] }), screen(), 'held', ['manual']],
    [
      'one that was released for all of it',
      order({ is_test: true, released: ['test', 'duplicate'] }),
      screen({ lookAlikes: new Map([['o', ['#0']]]) }),
      'accepted',
      [],
    ],
    ['one with several reasons', order({ is_test: true }), screen({ addresses: new Map([['o', bad]]) }), 'held', ['test', 'address']],
  ];
  it.each(cases)('%s', (_what, given, facts, to, reasons) => {
    const plan = decideScreen(given, facts, now);
    expect([plan.to, (plan.made ?? []).map(({ reason }) => reason)]).toEqual([to, reasons]);
    expect(plan.raise?.length ?? 0).toBe(to === 'held' ? 1 : 0);
    // Whatever waits here has a time, or a person who was told.
    if (to === 'received') expect(plan.due).toEqual(after(given.placed_at, { hours: 72 }));
  });
});

const cover = (line_id: string, more: Partial<Cover> = {}): Cover => ({
  line_id,
  allocated: 2,
  accepted: 0,
  backordered: 0,
  shipped: 0,
  outForDelivery: 0,
  delivered: 0,
  ended: 0,
  ...more,
});
const part = (more: Partial<OrderPart> = {}): OrderPart => ({
  purchase_id: 'p',
  transmission: 'sent',
  cancel_asked: false,
  open: [{ line_id: 'a', quantity: 2 }],
  ...more,
});
const facts = (covers: Cover[], parts: OrderPart[] = []): FollowFacts =>
  ({ covers: new Map([['o', covers]]), parts: new Map([['o', parts]]), inReview: new Set() }) as never;
const following = (more: Partial<Order> = {}) => order({ state: 'in_fulfilment', routed_times: 1, ...more });

describe('following an order', () => {
  it('waits while its units are with suppliers, closes it when all of them have ended', () => {
    expect(decideFollow(following(), facts([cover('a')], [part()]), now)).toMatchObject({ to: 'in_fulfilment', due: null });
    expect(decideFollow(following(), facts([cover('a', { accepted: 2, shipped: 2, delivered: 2, ended: 2 })]), now)).toMatchObject({
      to: 'closed',
      set: { closed_at: now },
    });
  });

  it('routes again what was refused, and tells a person when that has happened too often', () => {
    expect(decideFollow(following(), facts([cover('a', { allocated: 0 })]), now)).toMatchObject({ to: 'accepted' });
    expect(decideFollow(following({ routed_times: 6 }), facts([cover('a', { allocated: 1 })]), now)).toMatchObject({
      to: 'held',
      raise: [{ kind: 'order_unroutable' }],
    });
  });

  it('asks back, once, a purchase order none of whose open units is wanted, and only such', () => {
    const cancelled = following({ lines: [line('a', 2, 2)] });
    expect(decideFollow(cancelled, facts([cover('a')], [part()]), now).made?.cancel).toMatchObject([{ purchase_id: 'p' }]);
    expect(decideFollow(cancelled, facts([cover('a')], [part({ cancel_asked: true })]), now).made?.cancel).toEqual([]);
    const half = following({ lines: [line('a', 2, 1)] });
    expect(decideFollow(half, facts([cover('a')], [part()]), now).made?.cancel).toEqual([]);
  });

  it('asks back what is not wanted while it routes again what is missing', () => {
    const mixed = following({ lines: [line('a', 2, 2), line('b')] });
    expect(decideFollow(mixed, facts([cover('a'), cover('b', { allocated: 0 })], [part()]), now)).toMatchObject({
      to: 'accepted',
      made: { cancel: [{ purchase_id: 'p' }] },
    });
  });

  it('is cancelled only when nothing of it is with a supplier any longer', () => {
    const cancelled = following({ lines: [line('a', 2, 2)] });
    expect(decideFollow(cancelled, facts([cover('a', { allocated: 0 })]), now).to).toBe('cancelled');
    expect(decideFollow(cancelled, facts([cover('a')], [part({ cancel_asked: true })]), now).to).toBe('in_fulfilment');
    expect(decideHeld(order({ state: 'held', held_for: ['manual'], lines: [line('a', 2, 2)] }), facts([])).to).toBe('cancelled');
    expect(decideHeld(order({ state: 'held', held_for: ['address'] }), facts([])).to).toBe('held');
    expect(decideHeld(order({ state: 'held', held_for: ['no_supplier'] }), facts([])).to).toBe('accepted');
  });
});

describe('the status', () => {
  it('never goes back while units only move on', () => {
    const rank = ['with_supplier', 'backordered', 'accepted', 'part_shipped', 'shipped', 'out_for_delivery', 'delivered'];
    const stages = fc.array(fc.constantFrom('accepted', 'shipped', 'outForDelivery', 'delivered'), { maxLength: 24 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), stages, (ordered, moves) => {
        const parts = {
          state: 'in_fulfilment' as const,
          payment: 'paid',
          heldFor: [],
          ordered,
          cancelled: 0,
          accepted: 0,
          backordered: 0,
          shipped: 0,
          delivered: 0,
          outForDelivery: 0,
          needsReview: false,
        };
        let before = 0;
        for (const move of moves) {
          if (move === 'accepted') parts.accepted = Math.min(ordered, parts.accepted + 1);
          if (move === 'shipped' && parts.shipped < parts.accepted) parts.shipped += 1;
          if (move === 'outForDelivery' && parts.outForDelivery + parts.delivered < parts.shipped) parts.outForDelivery += 1;
          if (move === 'delivered' && parts.outForDelivery > 0)
            Object.assign(parts, { outForDelivery: parts.outForDelivery - 1, delivered: parts.delivered + 1 });
          const at = rank.indexOf(statusOf(parts));
          expect(at).toBeGreaterThanOrEqual(before);
          before = at;
        }
      }),
    );
  });
});
