/**
 * A *shipment* is what one ship notice of a supplier says it sent; a *parcel* is one thing a carrier carries under a number, and it
 * holds units of purchase lines, never more than were wanted. An *event* is one scan, kept as the carrier told it; those that cannot
 * be of this parcel are set aside and move nothing. A *milestone* is how far the parcel has come, folded from all its events, so that
 * neither their order nor their repetition matters.
 */
export { decideTracked, decideUntracked } from './decide-tracked.ts';
export { type FollowedLine, type FollowedOrder, type FollowedParcel, findFollowed, followedOrder } from './store-page.ts';
export { parcel, parcelsFor, type ParcelForMessage, recordTracked, takeShipments } from './store.ts';
export {
  followedMilestones,
  type NewlyShipped,
  type NewParcel,
  type Parcel,
  type ShipmentNotice,
  type ShipmentSaid,
  type ShipmentsTaken,
  type Tracked,
} from './words.ts';
