import type { Milestone } from '#kernel/milestones';

/** Codes of the protocol. Spelling varies between carriers that speak it, so letters and gaps are compared loosely; meaning is not. */
const table: Readonly<Record<string, Milestone>> = {
  label_created: 'label_created',
  picked_up: 'picked_up',
  in_transit: 'in_transit',
  arrived_at_facility: 'in_transit',
  departed_facility: 'in_transit',
  // Customs hold parcels up, but that is part of the way; what is wrong comes as an exception.
  customs: 'in_transit',
  out_for_delivery: 'out_for_delivery',
  ready_for_pickup: 'ready_for_pickup',
  attempt_failed: 'attempt_failed',
  delivered: 'delivered',
  exception: 'exception',
  returning: 'returning',
  returned: 'returned',
  lost: 'lost',
};

/** What a code means; null for a code that is not known here: its text is shown, and the parcel stays where it was. */
export function milestoneOf(code: string): Milestone | null {
  const plain = code
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_');
  return Object.hasOwn(table, plain) ? (table[plain] ?? null) : null;
}
