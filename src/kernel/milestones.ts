import { type Instant, isBefore, latest, msBetween } from './time.ts';

/**
 * What happens to a parcel, in the order in which it usually does. `delivery delayed` is no milestone: it lies over whatever the
 * parcel has reached.
 */
export const milestones = [
  'label_created',
  'picked_up',
  'in_transit',
  'out_for_delivery',
  'ready_for_pickup',
  'attempt_failed',
  'exception',
  'returning',
  'delivered',
  'returned',
  'lost',
] as const;
export type Milestone = (typeof milestones)[number];

/** A carrier has had it in hand: what marketplaces count as shipped. A label alone is none. */
export const isScan = (milestone: Milestone): boolean => milestone !== 'label_created' && milestone !== 'lost';

/** Nothing is awaited any more, though a delivered parcel may still come back. */
export const isFinal = (milestone: Milestone): boolean => milestone === 'delivered' || milestone === 'returned' || milestone === 'lost';

/** On the way a parcel may go back and forth: a failed attempt is followed by transit, an exception by another attempt. */
const onTheWay: readonly Milestone[] = ['in_transit', 'out_for_delivery', 'ready_for_pickup', 'attempt_failed', 'exception'];
const next: Readonly<Record<Milestone, readonly Milestone[]>> = {
  label_created: ['picked_up', ...onTheWay, 'returning', 'delivered', 'returned', 'lost'],
  picked_up: [...onTheWay, 'returning', 'delivered', 'returned', 'lost'],
  in_transit: [...onTheWay, 'returning', 'delivered', 'returned', 'lost'],
  out_for_delivery: [...onTheWay, 'returning', 'delivered', 'returned', 'lost'],
  ready_for_pickup: [...onTheWay, 'returning', 'delivered', 'returned', 'lost'],
  attempt_failed: [...onTheWay, 'returning', 'delivered', 'returned', 'lost'],
  exception: [...onTheWay, 'returning', 'delivered', 'returned', 'lost'],
  // On its way back: transit scans are of the way back, and a delivery is one to the sender.
  returning: ['returned', 'lost'],
  // A delivery that was scanned by mistake is put right by a return or by a person, never by a later scan.
  delivered: ['returned'],
  returned: [],
  // Lost parcels turn up: whatever is scanned then counts.
  lost: ['picked_up', ...onTheWay, 'returning', 'delivered', 'returned'],
};

/** Whether one may come after the other. The same again is no change. */
export const mayFollow = (from: Milestone, to: Milestone): boolean => next[from].includes(to);

export interface ParcelEvent {
  /** The carrier's own name of it, or one made from its content; two with the same key are one event. */
  key: string;
  milestone: Milestone;
  /** When it happened, by the carrier. */
  at: Instant;
}

/** What bounds the plausible: nothing before its label, nothing from the future, nothing once the number is used again. */
export interface FoldBounds {
  labelAt?: Instant;
  now?: Instant;
}

export interface SetAside<E extends ParcelEvent> {
  event: E;
  why: 'before-label' | 'in-the-future' | 'too-late' | 'after-delivery' | 'after-return';
}

export interface ParcelState<E extends ParcelEvent = ParcelEvent> {
  milestone: Milestone | null;
  /** The first time a carrier had it in hand. */
  firstScanAt: Instant | null;
  deliveredAt: Instant | null;
  lastEventAt: Instant | null;
  setAside: SetAside<E>[];
}

/** Clocks of depots and of label printers differ: this much early is still believed. */
const clockSlackMs = 24 * 3_600_000;
/** Carriers give a number out again after some months; a scan so long after the label belongs to another parcel. */
const numberReuseMs = 180 * 24 * 3_600_000;
const futureSlackMs = 24 * 3_600_000;

/**
 * Where a parcel stands after all its events, whatever order and however often they came. Events are taken by their own time;
 * those at the same instant by how far they lead. What cannot be is set aside with its reason, for a person to see.
 */
export function foldEvents<E extends ParcelEvent>(events: readonly E[], bounds: FoldBounds = {}): ParcelState<E> {
  const state: ParcelState<E> = { milestone: null, firstScanAt: null, deliveredAt: null, lastEventAt: null, setAside: [] };
  for (const event of inOrder(events)) {
    const why = implausible(event, bounds) ?? contradicts(state, event);
    if (why !== null) {
      state.setAside.push({ event, why });
      continue;
    }
    state.lastEventAt = state.lastEventAt === null ? event.at : latest(state.lastEventAt, event.at);
    if (isScan(event.milestone)) state.firstScanAt ??= event.at;
    const reached = state.milestone === 'returning' && event.milestone === 'delivered' ? 'returned' : event.milestone;
    if (reached === 'delivered') state.deliveredAt ??= event.at;
    if (state.milestone === null || mayFollow(state.milestone, reached)) state.milestone = reached;
  }
  return state;
}

const rank = (milestone: Milestone): number => milestones.indexOf(milestone);

/** Once each, by time. Of two versions under one key the one that is first by the same order counts, so that order of arrival never does. */
function inOrder<E extends ParcelEvent>(events: readonly E[]): E[] {
  const sorted = [...events].sort(
    (one, other) =>
      Temporal.Instant.compare(one.at, other.at) ||
      rank(one.milestone) - rank(other.milestone) ||
      (one.key < other.key ? -1 : one.key > other.key ? 1 : 0),
  );
  const seen = new Set<string>();
  return sorted.filter(({ key }) => !seen.has(key) && seen.add(key));
}

function implausible(event: ParcelEvent, { labelAt, now }: FoldBounds): SetAside<ParcelEvent>['why'] | null {
  if (labelAt !== undefined && msBetween(event.at, labelAt) > clockSlackMs) return 'before-label';
  if (labelAt !== undefined && msBetween(labelAt, event.at) > numberReuseMs) return 'too-late';
  if (now !== undefined && msBetween(now, event.at) > futureSlackMs) return 'in-the-future';
  return null;
}

function contradicts(state: ParcelState, event: ParcelEvent): SetAside<ParcelEvent>['why'] | null {
  if (state.milestone === 'returned' && event.milestone !== 'returned') return 'after-return';
  if (state.milestone !== 'delivered' || event.milestone === 'delivered' || event.milestone === 'returned') return null;
  // The same instant means that the depot wrote both in one go; nothing happened after.
  return state.deliveredAt !== null && isBefore(state.deliveredAt, event.at) ? 'after-delivery' : null;
}
