import type { Fault } from '#kernel/fault';
import { foldEvents, isFinal, isScan, mayFollow, type Milestone } from '#kernel/milestones';
import { after, earliest, hoursBetween, type Instant, isBefore, latest } from '#kernel/time';
import type { Fix, NewException, NewFact, Plan } from '#platform/work';
import type { CarrierEvent } from '#ports/carrier';
import type { KnownEvent, Parcel, Tracked } from './words.ts';

/** Hours until the carrier is asked again. Near the door it is minutes that matter, on the sea it is not. */
const askAgainHours: Readonly<Partial<Record<Milestone, number>>> = {
  label_created: 2,
  out_for_delivery: 0.5,
  ready_for_pickup: 4,
  attempt_failed: 2,
  lost: 24,
};
const askAgainOtherwise = 3;
/** A lost parcel is asked about so much longer. */
const lostForHours = 14 * 24;

/** Hours without a scan after which a person is told, and what is said then. */
const stillness: Readonly<Partial<Record<Milestone, { hours: number; what: string }>>> = {
  label_created: { hours: 72, what: 'has a label, but no carrier has scanned it' },
  picked_up: { hours: 7 * 24, what: 'was picked up and has not been scanned since' },
  in_transit: { hours: 7 * 24, what: 'is in transit and has not been scanned since' },
  out_for_delivery: { hours: 48, what: 'went out for delivery and has not been scanned since' },
  attempt_failed: { hours: 5 * 24, what: 'could not be handed over, and was not tried again' },
  ready_for_pickup: { hours: 7 * 24, what: 'waits at a pick-up point and was not collected' },
  exception: { hours: 72, what: 'is held up at the carrier' },
  returning: { hours: 21 * 24, what: 'is on its way back and has not been scanned since' },
};
const stillnessOtherwise = { hours: 7 * 24, what: 'has not been scanned' };
/** While nothing moves, it is said again this often. */
const saidAgainHours = 72;
/** So long after the first warning, a silent parcel is presumed lost. */
const presumedLostHours = 23 * 24;
/** A carrier that gives no answer at all for this long is somebody's business. */
const silentCarrierHours = 24;

/** Countries whose parcels end under the other's name in carriers' books, both ways. */
const sameEnd: readonly (readonly string[])[] = [
  ['US', 'PR', 'VI', 'GU', 'AS', 'MP', 'UM'],
  ['GB', 'GG', 'JE', 'IM'],
  ['FR', 'MC', 'RE', 'GP', 'MQ', 'GF', 'YT'],
  ['IT', 'SM', 'VA'],
  ['CH', 'LI'],
  ['ES', 'IC', 'AD'],
  ['FI', 'AX'],
  ['DK', 'FO', 'GL'],
  ['NO', 'SJ'],
  ['CN', 'HK', 'MO'],
  ['NL', 'AW', 'CW', 'SX', 'BQ'],
];
const lastMile: readonly (Milestone | null)[] = ['out_for_delivery', 'ready_for_pickup', 'attempt_failed', 'delivered'];

/** What all known events of a parcel come to. */
export interface Reading {
  milestone: Milestone;
  delayed: boolean;
  first_scan_at: Instant | null;
  last_event_at: Instant | null;
  delivered_at: Instant | null;
  /** Events to write: new ones, and known ones about which the judgement has changed. */
  changed: KnownEvent[];
  /** New events that are believed, by time. */
  fresh: KnownEvent[];
}

/** Folds what was known and what came into one reading. Order, repetition and forgetfulness of the carrier do not matter. */
export function readTracked(parcel: Parcel, { events }: Tracked, now: Instant): Reading {
  const before = new Map(parcel.events.map((event) => [keyOf(event), event]));
  const all = new Map<string, CarrierEvent>([
    ...before,
    ...events.map((event) => [keyOf(event), before.get(keyOf(event)) ?? event] as const),
  ]);
  const foldable = [...all].flatMap(([key, event]) =>
    event.milestone === null || endsElsewhere(parcel, event) ? [] : [{ key, at: event.at, milestone: event.milestone }],
  );
  const folded = foldEvents(foldable, { labelAt: parcel.label_at, now });
  const why = new Map<string, string>(folded.setAside.map(({ event, why: reason }) => [event.key, reason]));
  const judged = [...all].map(([key, event]): [string, KnownEvent] => [
    key,
    { ...event, setAside: event.milestone === null ? '' : endsElsewhere(parcel, event) ? 'another-country' : (why.get(key) ?? '') },
  ]);
  const reached = folded.milestone ?? 'label_created';
  // What was reached stays reached: a carrier's later memory may not undo an end that was told to the shopper.
  const milestone = parcel.milestone === reached || mayFollow(parcel.milestone, reached) ? reached : parcel.milestone;
  return {
    milestone,
    delayed: isLate(parcel.expected_at, milestone, now),
    first_scan_at: folded.firstScanAt,
    last_event_at: folded.lastEventAt,
    delivered_at: milestone === 'delivered' || milestone === 'returned' ? folded.deliveredAt : null,
    changed: judged.flatMap(([key, event]) => (before.get(key)?.setAside === event.setAside ? [] : [event])),
    fresh: judged
      .flatMap(([key, event]) => (before.has(key) || event.setAside !== '' || event.milestone === null ? [] : [event]))
      .sort((one, other) => Temporal.Instant.compare(one.at, other.at)),
  };
}

export const keyOf = ({ at, milestone, code, text }: CarrierEvent): string =>
  JSON.stringify([at.epochMilliseconds, milestone ?? '', code, text]);

/** The last mile in another country is another parcel's: carriers give numbers out again. On the way, any country is possible. */
function endsElsewhere({ destination }: Parcel, { milestone, country }: CarrierEvent): boolean {
  if (!lastMile.includes(milestone) || destination === '' || country === '' || country === destination) return false;
  return !sameEnd.some((together) => together.includes(country) && together.includes(destination));
}

const isLate = (expectedAt: Instant | null, milestone: Milestone, now: Instant): boolean =>
  expectedAt !== null && !isFinal(milestone) && isBefore(after(expectedAt, { hours: 24 }), now);

/** Where the parcel stands after what the carrier answered: its milestone, when to ask again, and what a person has to see. */
export function decideTracked(parcel: Parcel, reply: Tracked, now: Instant): Plan<Milestone> {
  const reading = readTracked(parcel, reply, now);
  const moved = reading.fresh.length > 0;
  const raise = warnings({ ...parcel, ...reading }, parcel, moved, now);
  return {
    to: reading.milestone,
    due: askAgainAt(reading.milestone, reading.last_event_at ?? parcel.created_at, now),
    facts: factsOf(parcel, reading),
    ...(raise.length > 0 ? { raise } : {}),
    resolve: moved ? (reading.milestone === 'lost' ? ['parcel_stuck'] : ['parcel_stuck', 'parcel_lost']) : [],
  };
}

/** The carrier did not answer, or does not know the number yet. The parcel stays where it is, but its clocks run on. */
export function decideUntracked(parcel: Parcel, fault: Fault, now: Instant): Plan<Milestone> {
  const normal = askAgainAt(parcel.milestone, parcel.last_event_at ?? parcel.created_at, now);
  const due = normal && fault.kind !== 'refused' ? latest(normal, after(now, { ms: fault.retryAfterMs ?? 1_800_000 })) : normal;
  const raise = warnings(parcel, parcel, false, now);
  const silentSince = after(parcel.tracked_at ?? parcel.created_at, { hours: silentCarrierHours });
  if (fault.kind !== 'refused' && crosses(silentSince, parcel.changed_at, now)) raise.push(silentCarrier(parcel, fault));
  return { to: parcel.milestone, due, facts: [], ...(raise.length > 0 ? { raise } : {}) };
}

function askAgainAt(milestone: Milestone, lastEventAt: Instant, now: Instant): Instant | null {
  if (milestone === 'delivered' || milestone === 'returned') return null;
  if (milestone === 'lost' && hoursBetween(lastEventAt, now) > lostForHours) return null;
  return after(now, { hours: askAgainHours[milestone] ?? askAgainOtherwise });
}

/** One fact for every step that was newly passed, by time, so that the timeline has no gap between two looks. */
function factsOf(parcel: Parcel, reading: Reading): NewFact[] {
  const about = { subject: { kind: 'parcel', id: parcel.id }, order: parcel.order_id };
  const passed = new Map<Milestone, KnownEvent | null>();
  let standing = parcel.milestone;
  for (const event of reading.fresh) {
    const late = parcel.last_event_at !== null && isBefore(event.at, parcel.last_event_at);
    if (event.milestone === null || late || event.milestone === standing || !mayFollow(standing, event.milestone)) continue;
    standing = event.milestone;
    passed.delete(standing);
    passed.set(standing, event);
  }
  if (standing !== reading.milestone) {
    passed.delete(reading.milestone);
    passed.set(reading.milestone, reading.fresh.findLast(({ milestone }) => milestone === reading.milestone) ?? null);
  }
  const facts: NewFact[] = [...passed].map(([milestone, event]) => ({
    ...about,
    type: `parcel.${milestone}`,
    data: event ? { at: event.at.toString(), ...(event.place ? { place: event.place } : {}) } : {},
  }));
  if (reading.delayed && !parcel.delayed)
    facts.push({ ...about, type: 'parcel.delayed', data: { expectedAt: parcel.expected_at?.toString() } });
  return facts;
}

type Standing = Pick<Parcel, 'milestone' | 'last_event_at' | 'first_scan_at'>;

/** What a person has to see now and was not shown at the last look. */
function warnings(standing: Standing, parcel: Parcel, moved: boolean, now: Instant): NewException[] {
  if (standing.milestone === 'lost') return parcel.milestone === 'lost' ? [] : [lost(parcel, 'The carrier says that it is lost.')];
  if (moved || isFinal(standing.milestone)) return [];
  const { hours, what } = stillness[standing.milestone] ?? stillnessOtherwise;
  const since = standing.last_event_at && isScan(standing.milestone) ? standing.last_event_at : parcel.label_at;
  const stuckAt = after(since, { hours });
  const lostAt = after(stuckAt, { hours: presumedLostHours });
  if (!isBefore(now, lostAt)) {
    return isBefore(parcel.changed_at, lostAt)
      ? [lost(parcel, `Nothing was heard of it for ${Math.round(hoursBetween(since, now) / 24)} days.`)]
      : [];
  }
  return crosses(stuckAt, parcel.changed_at, now) ? [stuck(parcel, standing.milestone, what, since, now)] : [];
}

/** Whether the limit, or a repetition of it, fell between the last look and this one. */
function crosses(limit: Instant, lastLook: Instant, now: Instant): boolean {
  const rounds = (at: Instant): number => Math.floor(hoursBetween(limit, at) / saidAgainHours);
  return !isBefore(now, limit) && rounds(earliest(lastLook, now)) < rounds(now);
}

const askSupplier: Fix = {
  action: 'ask-supplier',
  label: 'Ask the supplier',
  effect: 'The supplier is reminded of the purchase order by mail; you are told again if nothing moves.',
};

function about(parcel: Parcel): Pick<NewException, 'subject' | 'concerns' | 'evidence'> {
  return {
    subject: { kind: 'parcel', id: parcel.id },
    concerns: { order: parcel.order_id, supplier: parcel.supplier_id },
    evidence: {
      carrier: parcel.carrier,
      number: parcel.number,
      milestone: parcel.milestone,
      lastEventAt: parcel.last_event_at?.toString() ?? null,
    },
  };
}

const stuck = (parcel: Parcel, milestone: Milestone, what: string, since: Instant, now: Instant): NewException => ({
  ...about(parcel),
  kind: 'parcel_stuck',
  cause: milestone === 'label_created' ? `parcel_stuck:no_scan:${parcel.supplier_id}` : `parcel_stuck:${parcel.carrier}`,
  title: `Parcel ${parcel.number} (${parcel.carrier}) ${what}: ${Math.floor(hoursBetween(since, now) / 24)} days`,
  detail: 'The shopper sees the same on the tracking page.',
  fixes: [askSupplier, { action: 'wait', label: 'Wait', effect: 'It is looked at again in three days; the carrier is asked meanwhile.' }],
});

const lost = (parcel: Parcel, why: string): NewException => ({
  ...about(parcel),
  kind: 'parcel_lost',
  cause: `parcel_lost:${parcel.carrier}`,
  title: `Parcel ${parcel.number} (${parcel.carrier}) is lost`,
  detail: `${why} Decide with the supplier whether to send again or to refund.`,
  fixes: [
    askSupplier,
    { action: 'dismiss', label: 'Dismiss', effect: 'Nothing is changed; should the parcel turn up, it goes on by itself.' },
  ],
});

const silentCarrier = (parcel: Parcel, fault: Fault): NewException => ({
  ...about(parcel),
  kind: 'connection_broken',
  cause: `connection_broken:carrier:${parcel.carrier}`,
  title: `${parcel.carrier} has not answered about parcels for a day: ${fault.message}`.slice(0, 300),
  detail: 'Parcels stay where they were last seen. Check the carrier connection in the settings; nothing is lost meanwhile.',
  fixes: [{ action: 'try-again', label: 'Try again', effect: 'The carrier is asked about this parcel at once.' }],
});
