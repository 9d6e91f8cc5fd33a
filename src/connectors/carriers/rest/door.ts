import Type, { type Static } from 'typebox';
import { Fault } from '#kernel/fault';
import type { Api } from '#ports/api';
import type { CarrierDoor, CarrierEvent } from '#ports/carrier';
import { milestoneOf } from './codes.ts';

/** What the carrier answers. Unknown members are let through unread; a missing `at` or `code` is a broken answer. */
export const TrackReply = Type.Object({
  events: Type.Array(
    Type.Object({
      at: Type.String({ maxLength: 40 }),
      code: Type.String({ maxLength: 100 }),
      text: Type.Optional(Type.Union([Type.String({ maxLength: 2_000 }), Type.Null()])),
      place: Type.Optional(Type.Union([Type.String({ maxLength: 500 }), Type.Null()])),
      country: Type.Optional(Type.Union([Type.String({ maxLength: 100 }), Type.Null()])),
    }),
    { maxItems: 2_000 },
  ),
});

/** The carrier's door. All that goes over the wire, its limits and its faults are the `Api`'s. */
export const carrierDoor = (api: Api): CarrierDoor => ({
  async track(carrier, number) {
    const reply = await api.get(`/v1/track/${encodeURIComponent(carrier)}/${encodeURIComponent(number)}`, TrackReply);
    return { events: readEvents(reply) };
  },
});

/** Pure: the carrier's scans in our words, oldest first. Throws a `refused` Fault that names the scan whose time cannot be read. */
export function readEvents({ events }: Static<typeof TrackReply>): CarrierEvent[] {
  return events
    .map(({ at, code, text, place, country }, index) => ({
      ...readTime(at, index),
      code: oneLine(code),
      milestone: milestoneOf(code),
      text: oneLine(text ?? '').slice(0, 300),
      place: oneLine(place ?? '').slice(0, 100),
      country: /^[A-Za-z]{2}$/.test(country ?? '') ? (country ?? '').toUpperCase() : '',
    }))
    .sort((one, other) => Temporal.Instant.compare(one.at, other.at));
}

/** A time without an offset names no instant: reading it as ours would put scans of far places before the label. */
function readTime(text: string, index: number): { at: Temporal.Instant; offsetMinutes: number | null } {
  const offset = /(Z|[+-]\d{2}:?\d{2})$/i.exec(text)?.[1];
  try {
    if (!offset) throw new RangeError('it has no offset from UTC');
    const at = Temporal.Instant.from(text);
    // "Z" is how a machine writes an instant, not what the clock at the place said.
    return { at, offsetMinutes: /^z$/i.test(offset) ? null : minutesOf(offset) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Fault('refused', 'bad-reply', `The carrier's answer cannot be read: events[${index}].at is "${text}" (${why}).`);
  }
}

function minutesOf(offset: string): number {
  const digits = offset.replaceAll(/\D/g, '');
  return (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2))) * (offset.startsWith('-') ? -1 : 1);
}

const oneLine = (text: string): string => text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
