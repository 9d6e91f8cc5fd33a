/**
 * A *channel* is a connected store: orders come from it by webhook, by poll and by file, and it is told of parcels by *reports*. Its
 * *trouble* is what is wrong with it, in words. What it should show of a listing is *wanted*, what we said last is *told*; a *push* is
 * some of them on their way, a *shelf* the store's own figures, read once a day. A *nudge* is an order that a store says has changed, an *ear* how
 * its webhooks are kept alive.
 */
export { decidePolled, decidePollFailed, decideReported, decideReportRefused, reportDoubtful, reportMisconfigured } from './decide.ts';
export {
  decideLetGo,
  decidePublished,
  decidePublishRefused,
  decideReconciled,
  decideReconcileFailed,
  publishDoubtful,
  publishMisconfigured,
  pushKey,
} from './decide-push.ts';
export { decideListened, decideListenFailed, decideNudged, decideNudgeFailed, saidGoodbye } from './decide-hear.ts';
export { ear, heardFrom, keepEars, listenNow, recordListened } from './store-ear.ts';
export { endNudges, heardOf, nudge } from './store-nudge.ts';
export { letGo, planPushes, push, recordPublished, tellAgain, withoutTrouble } from './store-push.ts';
export { keepShelves, reconcileNow, reconcileSoon, recordShelves, shelf } from './store-shelf.ts';
export { keepWanted, lockTold } from './store-told.ts';
export { addChannels, changeChannel, channel, findChannel, recordPolled, report, reportKey, requeueReports, wantReports } from './store.ts';
export type { Channel, ChannelSettings, Ear, Listened, NewChannel, Nudge, Polled, Push, Report, Shelf } from './words.ts';
