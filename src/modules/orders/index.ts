/**
 * An *order* is what a shopper bought in a channel: *lines* of goods and services, where they go, and what was paid. It is taken in
 * as a snapshot of the store's and changed by newer ones. A *hold* stops it for a reason until it is released; its *status* is one
 * pure function of its parts.
 */
export { changeOf, type OrderChange } from './decide-change.ts';
export { decideScreen, type ScreenFacts, type ScreenRules, defaultScreenRules } from './decide-screen.ts';
export { coverOf, decideFollow, decideHeld, type Cover, type FollowFacts, type OrderPart, unroutable } from './decide-follow.ts';
export { statusOf, type OrderStatus, orderStatuses } from './status.ts';
export {
  addNote,
  findOrder,
  holdOrders,
  matchLines,
  moveOrders,
  order,
  recordHolds,
  releaseHolds,
  screenFacts,
  touch,
  cancelLines,
  variantsOrdered,
} from './store.ts';
export { lockOrders, takeIn, type TakenIn } from './store-intake.ts';
export { likenessOf, type Hold, type HoldReason, type Order, type OrderLine, type OrderState, orderStates, wantedOf } from './words.ts';
