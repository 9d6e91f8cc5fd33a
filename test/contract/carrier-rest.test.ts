import { describe, expect, it } from 'vitest';
import { Value } from 'typebox/value';
import { Fault } from '#kernel/fault';
import { milestones } from '#kernel/milestones';
import { instant } from '#kernel/time';
import type { Api } from '#ports/api';
import { carrierDoor, milestoneOf, readEvents, TrackReply } from '#connectors/carriers/rest';

/** As a carrier sent it: newest first, one code we do not know, members that nobody asked for. */
const recorded = {
  number: 'JD0002',
  events: [
    { at: '2026-11-24T08:12:00+01:00', code: 'out_for_delivery', text: 'With the driver', place: 'Hamburg', country: 'DE', driver: 17 },
    { at: '2026-11-23T22:40:00+01:00', code: 'hub_sort_b', text: 'Sorted\r\nagain', place: 'Hamburg', country: 'de' },
    { at: '2026-11-23T03:00:00Z', code: 'customs', text: null, place: null, country: null },
    { at: '2026-11-22T18:00:00-05:00', code: 'picked_up', text: 'Picked up', place: 'Newark, NJ', country: 'US' },
  ],
};

/** An Api that answers with a recorded reply and remembers what it was asked. */
function recordedApi(reply: unknown): { api: Api; asked: string[] } {
  const asked: string[] = [];
  const never = (): never => {
    throw new Error('tracking only reads');
  };
  return {
    asked,
    api: {
      get: async (path, schema) => {
        asked.push(path);
        return Value.Parse(schema, reply);
      },
      ask: never,
      post: never,
      put: never,
    },
  };
}

describe('the carrier connector', () => {
  it('asks for one parcel, and keeps names of carriers and numbers from becoming paths', async () => {
    const { api, asked } = recordedApi({ events: [] });
    expect(await carrierDoor(api).track('fast/../post', 'A?b#c')).toEqual({ events: [] });
    expect(asked).toEqual(['/v1/track/fast%2F..%2Fpost/A%3Fb%23c']);
  });

  it('reads scans oldest first, in the time and place where they were made', async () => {
    const { events } = await carrierDoor(recordedApi(recorded).api).track('swiftpost', 'JD0002');
    expect(events.map(({ milestone }) => milestone)).toEqual(['picked_up', 'in_transit', null, 'out_for_delivery']);
    expect(events[0]).toEqual({
      at: instant('2026-11-22T23:00:00Z'),
      code: 'picked_up',
      milestone: 'picked_up',
      text: 'Picked up',
      place: 'Newark, NJ',
      country: 'US',
      offsetMinutes: -300,
    });
    expect(events[1]).toMatchObject({ text: '', place: '', country: '', offsetMinutes: null });
  });

  it('keeps the words of a code it does not know, and lets it move nothing', () => {
    const [event] = readEvents({ events: [{ at: '2026-11-23T22:40:00+01:00', code: 'hub_sort_b', text: 'Sorted\r\nagain' }] });
    expect(event).toMatchObject({ code: 'hub_sort_b', milestone: null, text: 'Sorted again' });
    expect(milestoneOf('constructor')).toBeNull();
  });

  it('knows every code of the protocol', () => {
    const codes =
      'label_created picked_up in_transit arrived_at_facility customs out_for_delivery ready_for_pickup attempt_failed delivered exception returning returned lost';
    expect(new Set(codes.split(' ').map(milestoneOf))).toEqual(new Set(milestones));
  });

  it('refuses a time that names no instant, and says which', () => {
    for (const at of ['2026-11-23T22:40:00', '23.11.2026', '']) {
      const refused = expect.objectContaining({ kind: 'refused', message: expect.stringContaining('events[0].at') });
      expect(() => readEvents({ events: [{ at, code: 'in_transit' }] })).toThrow(refused);
    }
    expect(() => readEvents({ events: [{ at: 'x', code: 'y' }] })).toThrow(Fault);
  });

  it('finds a scan without a time a broken answer', () => {
    expect(Value.Check(TrackReply, recorded)).toBe(true);
    expect(Value.Check(TrackReply, { events: [{ code: 'delivered' }] })).toBe(false);
  });
});
