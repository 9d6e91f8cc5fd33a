import { type Milestone, milestones } from '#kernel/milestones';
import type { Instant } from '#kernel/time';
import type { NewException, NewFact } from '#platform/work';
import type { CarrierEvent } from '#ports/carrier';

/** What a supplier says it has sent: one ship notice, all its parcels. */
export interface ShipmentSaid {
  what: 'shipment';
  /** Our purchase order's number, as they quote it. */
  purchase: string;
  /** Their name for this shipment; '' when they give none, and then its tracking numbers name it. */
  reference: string;
  shippedAt: Instant;
  parcels: readonly {
    carrier: string;
    number: string;
    /** No lines at all: everything of the purchase order that is still to come. */
    lines: readonly { position?: number; sku?: string; quantity: number }[];
  }[];
}

export interface ShipmentNotice {
  /** Who said it: a notice counts only for purchase orders sent to this supplier. */
  supplierId: string;
  /** What it was read from, for the exception when it fits nothing. */
  arrivalId: string;
  /** When it arrived. */
  at: Instant;
  said: ShipmentSaid;
}

/** Units of a purchase order's line that were not known to be on their way before. */
export interface NewlyShipped {
  purchase_id: string;
  /** `purchasing.line.id`. */
  line_id: string;
  order_line_id: string;
  quantity: number;
}

export interface NewParcel {
  id: string;
  shipment_id: string;
  purchase_id: string;
  order_id: string;
  supplier_id: string;
  carrier: string;
  number: string;
  /** The parcel whose place it takes, when a number was corrected. */
  replaces: string | null;
}

/** What a set of ship notices came to. `facts` and `raise` are for the caller to hand on; nothing in them was written yet. */
export interface ShipmentsTaken {
  parcels: NewParcel[];
  shipped: NewlyShipped[];
  facts: NewFact[];
  raise: NewException[];
}

/** Something a supplier handed to a carrier, under one number. */
export interface Parcel {
  id: string;
  shipment_id: string;
  purchase_id: string;
  order_id: string;
  supplier_id: string;
  carrier: string;
  number: string;
  milestone: Milestone;
  delayed: boolean;
  due_at: Instant | null;
  label_at: Instant;
  first_scan_at: Instant | null;
  last_event_at: Instant | null;
  delivered_at: Instant | null;
  expected_at: Instant | null;
  /** When the carrier last answered. */
  tracked_at: Instant | null;
  created_at: Instant;
  /** When it was last looked at, whether or not the carrier answered. */
  changed_at: Instant;
  /** ISO country where it has to end; '' when not known. */
  destination: string;
  /** What is known of its way, believed or not, oldest first. */
  events: readonly KnownEvent[];
}

/** An event we have, with why it is not believed; '' when it is. */
export interface KnownEvent extends CarrierEvent {
  setAside: string;
}

/** What a carrier answered about a parcel. */
export interface Tracked {
  events: readonly CarrierEvent[];
}

/**
 * Milestones in which the carrier is still asked; the others are the end of the journey. A lost parcel sometimes turns up, so it is
 * asked about for two more weeks.
 */
export const followedMilestones: readonly Milestone[] = milestones.filter(
  (milestone) => milestone !== 'delivered' && milestone !== 'returned',
);
