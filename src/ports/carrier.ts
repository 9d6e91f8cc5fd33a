import type { Milestone } from '#kernel/milestones';
import type { Instant } from '#kernel/time';

/** One scan, as the carrier told it. */
export interface CarrierEvent {
  /** When it happened, at the place where it happened. */
  at: Instant;
  /** The carrier's own code, kept whatever we make of it. */
  code: string;
  /** What the code means; null when we do not know the code, and then it moves nothing. */
  milestone: Milestone | null;
  /** The carrier's words. Hostile text, like everything from outside. */
  text: string;
  place: string;
  /** ISO 3166-1 alpha-2, '' when the carrier did not say. */
  country: string;
  /** Minutes that the clock at the place was ahead of UTC; null when the carrier did not say. */
  offsetMinutes: number | null;
}

/** Who knows where parcels are. Asking changes nothing there, so it may be asked again. */
export interface CarrierDoor {
  /**
   * Everything the carrier knows of one parcel, oldest first; no events when it has a label and nothing was scanned.
   * Throws a `Fault`; `refused` with code `http-404` when the carrier does not know the number (yet).
   */
  track(carrier: string, number: string): Promise<{ events: CarrierEvent[] }>;
}
