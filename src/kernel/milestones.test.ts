import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldEvents, isFinal, isScan, mayFollow, type Milestone, milestones, type ParcelEvent } from './milestones.ts';
import { fromMs, instant } from './time.ts';

const at = (text: string) => instant(`2026-11-${text}Z`);
const event = (milestone: Milestone, when: string, key = `${milestone} ${when}`): ParcelEvent => ({ key, milestone, at: at(when) });

describe('a parcel', () => {
  it('that was delivered only comes back, whatever is scanned later', () => {
    expect(milestones.filter((milestone) => mayFollow('delivered', milestone))).toEqual(['returned']);
    const state = foldEvents([event('delivered', '05T10:00'), event('in_transit', '06T10:00')]);
    expect(state).toMatchObject({ milestone: 'delivered', deliveredAt: at('05T10:00'), lastEventAt: at('05T10:00') });
    expect(state.setAside).toMatchObject([{ why: 'after-delivery', event: { milestone: 'in_transit' } }]);
    expect(foldEvents([event('delivered', '05T10:00'), event('returned', '09T10:00')]).milestone).toBe('returned');
  });

  it('is shipped by its first scan, not by its label', () => {
    expect(foldEvents([event('label_created', '01T08:00')]).firstScanAt).toBeNull();
    expect(
      foldEvents([event('label_created', '01T08:00'), event('in_transit', '02T03:00'), event('picked_up', '01T18:00')]).firstScanAt,
    ).toEqual(at('01T18:00'));
  });

  it('may be tried again after a failed attempt and turn up after it was lost', () => {
    expect(foldEvents([event('attempt_failed', '03T12:00'), event('out_for_delivery', '04T08:00')]).milestone).toBe('out_for_delivery');
    expect(foldEvents([event('lost', '20T00:00'), event('delivered', '21T00:00')]).milestone).toBe('delivered');
  });

  it('does not take the scans of a number that was given out again', () => {
    const state = foldEvents([event('delivered', '02T00:00', 'old'), event('in_transit', '20T00:00')], {
      labelAt: at('19T00:00'),
      now: at('21T00:00'),
    });
    expect(state).toMatchObject({ milestone: 'in_transit', deliveredAt: null });
    expect(state.setAside).toMatchObject([{ why: 'before-label' }]);
  });

  it('does not believe the future, or a year later', () => {
    expect(foldEvents([event('delivered', '28T00:00')], { now: at('20T00:00') }).setAside).toMatchObject([{ why: 'in-the-future' }]);
    const late: ParcelEvent = { key: 'late', milestone: 'delivered', at: instant('2027-11-01T00:00Z') };
    expect(foldEvents([late], { labelAt: at('01T00:00') }).setAside).toMatchObject([{ why: 'too-late' }]);
  });

  it('never leaves a final milestone but to come back or turn up', () => {
    for (const from of milestones.filter(isFinal)) {
      for (const to of milestones) if (from !== 'lost' && mayFollow(from, to)) expect([from, to]).toEqual(['delivered', 'returned']);
    }
    expect(mayFollow('in_transit', 'label_created')).toBe(false);
    expect(isScan('label_created')).toBe(false);
  });
});

const anyEvents = fc.array(
  fc
    .record({ key: fc.stringMatching(/^[a-h]$/), milestone: fc.constantFrom(...milestones), hours: fc.integer({ min: -100, max: 6000 }) })
    .map(({ key, milestone, hours }): ParcelEvent => ({ key, milestone, at: fromMs(Date.UTC(2026, 10, 1) + hours * 3_600_000) })),
  { maxLength: 14 },
);
const bounds = { labelAt: instant('2026-11-01T00:00Z'), now: instant('2027-03-01T00:00Z') };

describe('folding events', () => {
  it('gives the same whatever order and however often they come', () => {
    fc.assert(
      fc.property(
        anyEvents.chain((events) =>
          fc.tuple(fc.constant(events), fc.shuffledSubarray([...events, ...events], { minLength: events.length * 2 })),
        ),
        ([events, shuffled]) => {
          expect(foldEvents(shuffled, bounds)).toEqual(foldEvents(events, bounds));
        },
      ),
    );
  });

  it('keeps first scan, delivery and last event in order', () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        const state = foldEvents(events, bounds);
        const { firstScanAt, deliveredAt, lastEventAt } = state;
        if (deliveredAt !== null) expect(['delivered', 'returned']).toContain(state.milestone);
        if (state.milestone === 'delivered') expect(deliveredAt).not.toBeNull();
        if (firstScanAt && deliveredAt) expect(Temporal.Instant.compare(firstScanAt, deliveredAt)).toBeLessThanOrEqual(0);
        if (firstScanAt && lastEventAt) expect(Temporal.Instant.compare(firstScanAt, lastEventAt)).toBeLessThanOrEqual(0);
      }),
    );
  });
});
