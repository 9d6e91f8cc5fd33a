import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fault } from '#kernel/fault';
import { mayFollow, type Milestone, milestones } from '#kernel/milestones';
import { after, instant } from '#kernel/time';
import type { CarrierEvent } from '#ports/carrier';
import { decideTracked, decideUntracked, keyOf, readTracked } from './decide-tracked.ts';
import type { KnownEvent, Parcel } from './words.ts';

const labelled = instant('2026-11-20T08:00:00Z');
const hours = (count: number) => after(labelled, { hours: count });

const parcel = (more: Partial<Parcel> = {}): Parcel => ({
  id: 'parcel',
  shipment_id: 'shipment',
  purchase_id: 'po',
  order_id: 'order',
  supplier_id: 'kestrel',
  carrier: 'swiftpost',
  number: 'N1',
  milestone: 'label_created',
  delayed: false,
  due_at: null,
  label_at: labelled,
  first_scan_at: null,
  last_event_at: null,
  delivered_at: null,
  expected_at: null,
  tracked_at: null,
  created_at: labelled,
  changed_at: labelled,
  destination: 'DE',
  events: [],
  ...more,
});

const scan = (milestone: Milestone | null, hour: number, more: Partial<CarrierEvent> = {}): CarrierEvent => ({
  at: hours(hour),
  code: milestone ?? 'odd',
  milestone,
  text: '',
  place: '',
  country: '',
  offsetMinutes: null,
  ...more,
});

/** The parcel as the database would hold it after a look at that hour. */
function looked(before: Parcel, events: readonly CarrierEvent[], hour: number): Parcel {
  const reading = readTracked(before, { events }, hours(hour));
  const known = new Map<string, KnownEvent>(before.events.map((event) => [keyOf(event), event]));
  for (const event of reading.changed) known.set(keyOf(event), event);
  return { ...before, ...reading, events: [...known.values()], tracked_at: hours(hour), changed_at: hours(hour) };
}

describe('what a carrier answers', () => {
  it('moves the parcel, says every step it passed, and asks again sooner near the door', () => {
    const events = [scan('picked_up', 5, { place: 'Lyon' }), scan('in_transit', 9), scan('out_for_delivery', 30)];
    const plan = decideTracked(parcel(), { events }, hours(31));
    expect(plan.to).toBe('out_for_delivery');
    expect(plan.facts?.map(({ type }) => type)).toEqual(['parcel.picked_up', 'parcel.in_transit', 'parcel.out_for_delivery']);
    expect(plan.facts?.[0]?.data).toEqual({ at: hours(5).toString(), place: 'Lyon' });
    expect(plan.due).toEqual(hours(31.5));
  });

  it('says nothing when it is the same as before', () => {
    const events = [scan('picked_up', 5)];
    expect(decideTracked(looked(parcel(), events, 6), { events }, hours(9))).toMatchObject({ to: 'picked_up', facts: [], resolve: [] });
  });

  it('with a code nobody knows keeps its text and moves nothing', () => {
    const reading = readTracked(parcel(), { events: [scan(null, 5, { text: 'Sorted' })] }, hours(6));
    expect(reading).toMatchObject({ milestone: 'label_created', fresh: [], changed: [{ text: 'Sorted', setAside: '' }] });
  });

  it('is final once delivered', () => {
    expect(decideTracked(parcel(), { events: [scan('delivered', 40)] }, hours(41))).toMatchObject({ to: 'delivered', due: null });
  });

  it('about an older parcel of the same number, or one that ends in another country, is set aside and tells nobody', () => {
    const foreign = [
      scan('delivered', -2000),
      scan('delivered', 20, { country: 'BR', place: 'Recife' }),
      scan('in_transit', 25, { country: 'NL' }),
    ];
    const plan = decideTracked(parcel(), { events: foreign }, hours(30));
    expect(plan).toMatchObject({ to: 'in_transit', facts: [{ type: 'parcel.in_transit' }] });
    expect(readTracked(parcel(), { events: foreign }, hours(30)).changed.map(({ setAside }) => setAside)).toEqual([
      'before-label',
      'another-country',
      '',
    ]);
  });

  it('takes islands and principalities for the country that brings their parcels', () => {
    const monaco = parcel({ destination: 'MC' });
    expect(decideTracked(monaco, { events: [scan('delivered', 40, { country: 'FR' })] }, hours(41)).to).toBe('delivered');
  });

  it('that it is lost goes to a person once, and a parcel that turns up ends that', () => {
    const plan = decideTracked(parcel(), { events: [scan('lost', 40)] }, hours(41));
    expect(plan.raise).toMatchObject([{ kind: 'parcel_lost' }]);
    const gone = looked(parcel(), [scan('lost', 40)], 41);
    expect(decideTracked(gone, { events: [] }, hours(65)).raise).toBeUndefined();
    const found = decideTracked(gone, { events: [scan('out_for_delivery', 70)] }, hours(71));
    expect(found).toMatchObject({ to: 'out_for_delivery', resolve: ['parcel_stuck', 'parcel_lost'] });
  });

  it('later than expected by a day marks it as delayed, once', () => {
    const due = parcel({ expected_at: hours(48), milestone: 'in_transit', events: [] });
    expect(decideTracked(due, { events: [scan('in_transit', 40)] }, hours(71)).facts).toEqual([]);
    const plan = decideTracked(due, { events: [scan('in_transit', 40)] }, hours(73));
    expect(plan.facts).toMatchObject([{ type: 'parcel.delayed', data: { expectedAt: hours(48).toString() } }]);
    expect(decideTracked({ ...due, delayed: true }, { events: [] }, hours(80)).facts).toEqual([]);
  });
});

describe('a parcel that does not move', () => {
  it('goes to a person after 72 hours without a scan, again every three days, and is presumed lost in the end', () => {
    const raised: [number, string][] = [];
    let standing = parcel();
    for (let hour = 2; hour < 24 * 40; hour += 2) {
      const plan = decideTracked(standing, { events: [] }, hours(hour));
      for (const { kind } of plan.raise ?? []) raised.push([hour, kind]);
      standing = looked(standing, [], hour);
    }
    expect(raised[0]).toEqual([72, 'parcel_stuck']);
    expect(raised[1]).toEqual([144, 'parcel_stuck']);
    expect(raised.at(-1)).toEqual([72 + 23 * 24, 'parcel_lost']);
    expect(raised.filter(([, kind]) => kind === 'parcel_lost')).toHaveLength(1);
  });

  it('in transit is given seven days from its last scan', () => {
    const moving = looked(parcel(), [scan('in_transit', 10)], 11);
    expect(decideTracked({ ...moving, changed_at: hours(170) }, { events: [] }, hours(177)).raise).toBeUndefined();
    expect(decideTracked({ ...moving, changed_at: hours(177) }, { events: [] }, hours(178)).raise).toMatchObject([
      { kind: 'parcel_stuck' },
    ]);
  });

  it('has its clock run on while the carrier gives no answer', () => {
    const silent = new Fault('transient', 'timeout', 'No answer within 10 s');
    const plan = decideUntracked(parcel({ changed_at: hours(70) }), silent, hours(73));
    expect(plan).toMatchObject({ to: 'label_created', raise: [{ kind: 'parcel_stuck' }], facts: [] });
    expect(decideUntracked(parcel({ changed_at: hours(23) }), silent, hours(25)).raise).toMatchObject([{ kind: 'connection_broken' }]);
    const unknown = new Fault('refused', 'http-404', 'Not known');
    expect(decideUntracked(parcel({ changed_at: hours(23) }), unknown, hours(25)).raise).toBeUndefined();
  });
});

describe('any scans, in any order, however often and in whatever portions', () => {
  const anyScan = fc
    .record({
      milestone: fc.constantFrom(null, ...milestones),
      hour: fc.integer({ min: -60, max: 300 }),
      country: fc.constantFrom('', 'DE', 'FR', 'BR'),
    })
    // One and the same scan is in one country: only the words of another can differ at the same hour.
    .map(({ milestone, hour, country }) => scan(milestone, hour, { country, text: `${hour} ${country}` }));

  it('come to the same end as when the carrier tells all at once', () => {
    fc.assert(
      fc.property(fc.array(anyScan, { maxLength: 12 }), fc.array(fc.nat(11), { maxLength: 12 }), (events, order) => {
        const shuffled = [...order.flatMap((place) => events[place] ?? []), ...events];
        const whole = readTracked(parcel(), { events }, hours(400));
        const parts = readTracked(looked(parcel(), shuffled.slice(0, shuffled.length / 2), 400), { events: shuffled }, hours(400));
        expect(parts.last_event_at).toEqual(whole.last_event_at);
        expect(parts.first_scan_at).toEqual(whole.first_scan_at);
        // What was told stays told, even when what came later would have led elsewhere.
        if (parts.milestone !== whole.milestone) expect(mayFollow(parts.milestone, whole.milestone)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it('never lead backwards, say no step twice in one answer, and never end by a delivery in a foreign country', () => {
    fc.assert(
      fc.property(fc.array(fc.array(anyScan, { maxLength: 5 }), { maxLength: 5 }), (answers) => {
        let standing = parcel();
        answers.forEach((events, count) => {
          const hour = 310 + count * 3;
          const plan = decideTracked(standing, { events }, hours(hour));
          expect(plan.to === standing.milestone || mayFollow(standing.milestone, plan.to)).toBe(true);
          const types = (plan.facts ?? []).map(({ type }) => type);
          expect(new Set(types).size).toBe(types.length);
          standing = looked(standing, events, hour);
          expect(plan.to).toBe(standing.milestone);
          const home = standing.events.some(
            ({ milestone, country, setAside }) => milestone === 'delivered' && setAside === '' && (country === '' || country === 'DE'),
          );
          if (standing.milestone === 'delivered') expect(home).toBe(true);
        });
      }),
      { numRuns: 500 },
    );
  });
});
