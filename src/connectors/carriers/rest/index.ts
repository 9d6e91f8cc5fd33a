/**
 * The carrier protocol: one question per parcel, `GET /v1/track/{carrier}/{number}`, answered with every scan so far. A *code* is
 * the carrier's word for what a scan means; the table turns it into a milestone, and a code that is not in the table moves nothing.
 */
export { carrierDoor, readEvents, TrackReply } from './door.ts';
export { milestoneOf } from './codes.ts';
