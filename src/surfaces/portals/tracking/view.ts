import { isScan, type Milestone } from '#kernel/milestones';
import { after, type Instant, isBefore, latest } from '#kernel/time';
import type { FollowedOrder, FollowedParcel } from '#modules/shipping';

export type Sentence =
  | 'ordered'
  | 'confirmed'
  | 'onItsWay'
  | 'comesToday'
  | 'delivered'
  | 'cancelled'
  | 'late'
  | 'partly'
  | 'care'
  | 'back';
export type Hint = 'hintNoScan' | 'hintAttempt' | 'hintPickup' | 'hintDelivered' | 'hintCare';

/** What the page says of an order: one sentence, one date, how many of the five steps are done, and what is in which parcel. */
export interface View {
  sentence: Sentence;
  /** Steps reached, 1 to 5, by what is least far; 0 for a cancelled order, which has no steps to go. */
  reached: number;
  date: { what: 'dateExpected' | 'dateDelivered' | 'dateWas'; at: Instant } | null;
  delivered: number;
  parcels: { parcel: FollowedParcel; reached: number; hint: Hint | null; open: boolean }[];
  toCome: { title: string; quantity: number }[];
  cancelled: { title: string; quantity: number }[];
}

const stepOf: Readonly<Record<Milestone, number>> = {
  label_created: 2,
  picked_up: 3,
  in_transit: 3,
  exception: 3,
  lost: 3,
  returning: 3,
  returned: 3,
  attempt_failed: 4,
  out_for_delivery: 4,
  ready_for_pickup: 4,
  delivered: 5,
};
const hintOf: Readonly<Partial<Record<Milestone, Hint>>> = {
  label_created: 'hintNoScan',
  attempt_failed: 'hintAttempt',
  ready_for_pickup: 'hintPickup',
  delivered: 'hintDelivered',
  exception: 'hintCare',
  lost: 'hintCare',
  returning: 'hintCare',
  returned: 'hintCare',
};

/** Pure: the same order at the same time always reads the same. */
export function viewOf(order: FollowedOrder, now: Instant): View {
  const parcels = order.parcels.map((parcel) => ({
    parcel,
    reached: stepOf[parcel.milestone],
    hint: hintOf[parcel.milestone] ?? null,
    open: order.parcels.length === 1 || (parcel.milestone !== 'delivered' && isScan(parcel.milestone)),
  }));
  const toCome = order.lines
    .map(({ title, quantity, cancelled, shipped }) => ({ title, quantity: Math.max(0, quantity - cancelled - shipped) }))
    .filter(({ quantity }) => quantity > 0);
  const cancelled = order.lines.map(({ title, cancelled: quantity }) => ({ title, quantity })).filter(({ quantity }) => quantity > 0);
  const delivered = order.parcels.filter(({ milestone }) => milestone === 'delivered').length;
  const isCancelled = order.state === 'cancelled' && order.parcels.length === 0;
  const preparing = order.state === 'received' || order.state === 'held' ? 1 : 2;
  const reached = isCancelled
    ? 0
    : Math.min(5, ...parcels.map((entry) => entry.reached), ...(toCome.length > 0 || parcels.length === 0 ? [preparing] : []));
  const date = isCancelled ? null : dateOf(order, reached, toCome.length > 0, now);
  return {
    sentence: sentenceOf(order, { reached, isCancelled, delivered, late: date?.what === 'dateWas' }),
    reached,
    date,
    delivered,
    parcels,
    toCome,
    cancelled,
  };
}

function sentenceOf(order: FollowedOrder, seen: { reached: number; isCancelled: boolean; delivered: number; late: boolean }): Sentence {
  const any = (...wanted: Milestone[]): boolean => order.parcels.some(({ milestone }) => wanted.includes(milestone));
  if (seen.isCancelled) return 'cancelled';
  if (seen.reached === 5) return 'delivered';
  if (any('returning', 'returned')) return 'back';
  if (any('exception', 'attempt_failed', 'lost')) return 'care';
  if (seen.reached === 4 && any('out_for_delivery')) return 'comesToday';
  if (seen.late) return 'late';
  if (seen.delivered > 0) return 'partly';
  if (order.parcels.some(({ milestone }) => isScan(milestone))) return 'onItsWay';
  return seen.reached === 1 ? 'ordered' : 'confirmed';
}

/** The last day on which something is expected, as only then it is all there. A date that has passed by a day is called what it is. */
function dateOf(order: FollowedOrder, reached: number, waits: boolean, now: Instant): View['date'] {
  if (reached === 5) {
    const at = order.parcels.flatMap(({ delivered_at }) => delivered_at ?? []);
    return at.length > 0 ? { what: 'dateDelivered', at: at.reduce(latest) } : null;
  }
  const open = order.parcels.filter(({ milestone }) => !['delivered', 'returning', 'returned', 'lost'].includes(milestone));
  const expected = [
    ...open.flatMap(({ expected_at }) => expected_at ?? order.promised_at ?? []),
    ...(waits && order.promised_at ? [order.promised_at] : []),
  ];
  if (expected.length === 0)
    return open.length === 0 && !waits && order.parcels.length > 0 ? null : order.promised_at ? dated(order.promised_at, now) : null;
  return dated(expected.reduce(latest), now);
}

const dated = (at: Instant, now: Instant): View['date'] => ({
  what: isBefore(after(at, { hours: 24 }), now) ? 'dateWas' : 'dateExpected',
  at,
});
