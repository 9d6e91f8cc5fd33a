/**
 * A *variant* is what we sell; a *listing* is a variant in a channel under that channel's SKU. An *offer* is a supplier's line with
 * its cost and stock; a *match* says that an offer can deliver a variant. What is *reserved* is promised and not yet shown in the
 * supplier's figures, and never more than the *ceiling*. A *feed* is a supplier's file of offers; a *feed run* applies one, or holds
 * it for a person.
 */
export {
  defaultFeedSettings,
  type FeedCounts,
  type FeedImport,
  type FeedLimits,
  type FeedOutcome,
  type FeedSettings,
  type Reflect,
} from './feed-words.ts';
export { guardFeed } from './decide-guard.ts';
export { importFeed } from './import.ts';
export { addListings, addMatches, addOffers, addVariants, matchByCode } from './store-add.ts';
export { dismissFeedRun, feedSettings, type FeedRun, findFeedRun, saveFeedSettings } from './store-runs.ts';
export { listUndo, rememberUndo, type ToRemember, undo, type UndoRow, type UndoRows } from './store-undo.ts';
export { offersFor, release, reserve, variantsBySku } from './store.ts';
export type { MatchState, NewListing, NewMatch, NewOffer, NewVariant, Offer, OfferState } from './words.ts';
