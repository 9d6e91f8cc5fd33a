/**
 * An *account* is a far side as one tenant uses it: where it is, how we prove who we are, how fast we may ask. A *call* is one
 * request on the wire and what came of it. The *guard* keeps calls out of networks that are nobody's business.
 */
export { type Account, type ApiDeps, type CallRecord, type Fetch, makeApi } from './api.ts';
export { makeBreakers, type Breakers } from './breaker.ts';
export { makeBudget, type Budget, type Rate } from './budget.ts';
export { checkedAddress } from './checked-address.ts';
export { download, type DownloadHead, type Downloading, type Validators } from './download.ts';
export { guardedFetch } from './guarded-fetch.ts';
export { addressRefused, type AllowList, readAllowList, urlRefused } from './guard.ts';
export { type RecordedCall, recordCalls, replayCalls } from './record.ts';
