import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { after, instant } from '#kernel/time';
import { type AvailabilityPolicy, defaultAvailabilityPolicy } from './availability-policy.ts';
import { decideAvailability } from './decide-availability.ts';
import type { ListingFacts, StockFacts } from './words.ts';

const now = instant('2026-11-20T12:00:00Z');
const hoursAgo = (hours: number) => after(now, { hours: -hours });
const offer = (given: Partial<StockFacts> = {}): StockFacts => ({
  offer_id: 'o',
  supplier: 'KESTREL',
  supplier_sku: 'K-1',
  usable: true,
  paused: '',
  state: 'live',
  rank: 10,
  quantity: 20,
  feed_buffer: 0,
  promised: 0,
  sellable: 20,
  pack_size: 1,
  units_per_offer: 1,
  observed_at: hoursAgo(1),
  short_share: 0,
  ...given,
});
const listing = (offers: StockFacts[], waiting = 0): ListingFacts => ({
  channel_id: 'c',
  channel: 'home',
  sku: 'LAMP',
  variant_id: 'v',
  waiting,
  offers,
});
const policy = (given: Partial<AvailabilityPolicy> = {}): AvailabilityPolicy => ({ ...defaultAvailabilityPolicy, ...given });
const left = (facts: ListingFacts, given: Partial<AvailabilityPolicy> = {}): number => decideAvailability(facts, policy(given), now).left;

describe('what a store shows of a listing', () => {
  const two = listing([offer({ sellable: 12, rank: 2 }), offer({ supplier: 'NORD', sellable: 5, rank: 1 })]);
  it.each([
    ['the best offer, as one supplier should be able to send it all', two, {}, 12],
    ['all of them together', two, { combine: 'sum' }, 17],
    ['the first by rank that has any', two, { combine: 'preferred' }, 5],
    [
      'the next by rank where the first has none',
      listing([offer({ sellable: 12, rank: 2 }), offer({ sellable: 0, rank: 1 })]),
      { combine: 'preferred' },
      12,
    ],
    ['nothing without an offer', listing([]), {}, 0],
    ['less by what orders wait for', listing([offer()], 3), {}, 17],
    ['nothing, and not less, where more is waited for', listing([offer()], 30), {}, 0],
    ['nothing of a supplier that gets no orders', listing([offer({ usable: false })]), {}, 0],
    ['nothing of an offer that is held', listing([offer({ state: 'held' })]), {}, 0],
    ['nothing of what comes in packs', listing([offer({ units_per_offer: 6 })]), {}, 0],
    ['half of a figure that grows old', listing([offer({ observed_at: hoursAgo(48), sellable: 21 })]), {}, 10],
    ['nothing of one that is too old', listing([offer({ observed_at: hoursAgo(168) })]), {}, 0],
    [
      'all of it for ever, when that is the rule',
      listing([offer({ observed_at: hoursAgo(9_000) })]),
      { wholeHours: null, noneHours: null },
      20,
    ],
    ['less by so many units', listing([offer()]), { buffer: { kind: 'fixed', units: 4 } }, 16],
    ['less by a share, which is rounded up', listing([offer({ sellable: 21 })]), { buffer: { kind: 'percent', percent: 10 } }, 18],
    ['all of one who never falls short', listing([offer()]), { buffer: { kind: 'learned' } }, 20],
    ['less by twice the share that it falls short by', listing([offer({ short_share: 0.1 })]), { buffer: { kind: 'learned' } }, 16],
    [
      'less by one at least for who falls short at all',
      listing([offer({ short_share: 0.001, sellable: 3 })]),
      { buffer: { kind: 'learned' } },
      2,
    ],
    ["less by the supplier's own buffer", listing([offer()]), { suppliers: { KESTREL: { buffer: { kind: 'fixed', units: 15 } } } }, 5],
    ['no more than the cap', listing([offer()]), { cap: 7 }, 7],
    ["no more than the channel's cap, which counts instead", listing([offer()]), { cap: 7, channels: { home: { cap: 9 } } }, 9],
    ["the channel's share of it", listing([offer({ sellable: 21 })]), { channels: { home: { share: 50 } } }, 10],
  ] as [string, ListingFacts, Partial<AvailabilityPolicy>, number][])('is %s', (_, facts, given, expected) => {
    expect(left(facts, given)).toBe(expected);
  });

  it('says why, in figures that add up', () => {
    const why = decideAvailability(listing([offer({ promised: 3, feed_buffer: 2, sellable: 15 })], 4), policy({ cap: 5 }), now);
    expect(why).toEqual({
      offers: [{ supplier: 'KESTREL', sku: 'K-1', stock: 20, promised: 3, buffer: 2, share: 100, left: 15, why: '' }],
      combine: 'best',
      combined: 15,
      waiting: 4,
      capped: 6,
      left: 5,
    });
  });
});

describe('whatever the facts and the policy', () => {
  const anyOffer = fc
    .record({
      usable: fc.boolean(),
      state: fc.constantFrom('live', 'held', 'vanished'),
      rank: fc.nat(5),
      quantity: fc.nat(500),
      promised: fc.nat(100),
      feed_buffer: fc.nat(20),
      pack_size: fc.constantFrom(1, 1, 1, 6),
      hours: fc.nat(300),
      short_share: fc.constantFrom(0, 0.02, 0.3, 1),
    })
    .map(({ hours, ...given }) =>
      offer({
        ...given,
        state: given.state as StockFacts['state'],
        observed_at: hoursAgo(hours),
        sellable: Math.max(0, given.quantity - given.promised - given.feed_buffer),
      }),
    );
  const anyPolicy = fc.record({
    combine: fc.constantFrom('best', 'sum', 'preferred'),
    buffer: fc.oneof(
      fc.record({ kind: fc.constant('fixed'), units: fc.nat(50) }),
      fc.record({ kind: fc.constant('percent'), percent: fc.nat(100) }),
      fc.record({ kind: fc.constant('learned') }),
    ),
    cap: fc.option(fc.nat(100)),
    channels: fc.constantFrom({}, { home: { share: 30 } }, { home: { cap: 3 } }),
  }) as fc.Arbitrary<Partial<AvailabilityPolicy>>;

  it('is whole, not below 0, and never more than the offers have; waiting orders never make it more', () => {
    fc.assert(
      fc.property(fc.array(anyOffer, { maxLength: 5 }), fc.nat(50), anyPolicy, (offers, waiting, given) => {
        const units = left(listing(offers, waiting), given);
        expect(Number.isInteger(units)).toBe(true);
        expect(units).toBeGreaterThanOrEqual(0);
        expect(units).toBeLessThanOrEqual(offers.reduce((sum, { sellable }) => sum + sellable, 0));
        expect(units).toBeLessThanOrEqual(left(listing(offers, 0), given));
      }),
    );
  });
});
