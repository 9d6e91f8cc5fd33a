/**
 * A *purchase order* (`purchase`) asks one supplier for lines of one order. Three axes are kept apart: *transmission*, how far the
 * saying of it has come; *response*, what the supplier answered per line; *fulfilment*, what is on its way. A *change* asks for a
 * cancellation afterwards, and its answer is tracked like an order's.
 */
export { changeDoubtful, changeMisconfigured, decideChangeRefused, decideChangeSent, decideChangeUnanswered } from './decide-change.ts';
export { decideFollowPurchase } from './decide-follow.ts';
export { decidePlaced, decidePlaceRefused, placeDoubtful, placeMisconfigured } from './decide-place.ts';
export { documentOf, placeKey, cancelKey } from './document.ts';
export { acceptFor, askCancel, cancelUnarrived, change, markFailedQueued, refuseOpen, countReminder } from './store-change.ts';
export { draft, type Drafted, purchase, recordPlaced, recordShipped } from './store.ts';
export { takeAnswers } from './store-answers.ts';
export type { Answered, AnswersTaken, Change, Draft, Purchase, PurchaseLine, Refused } from './words.ts';
