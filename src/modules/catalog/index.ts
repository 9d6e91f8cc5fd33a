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
  type FeedPart,
  type FeedSettings,
  type FeedStage,
  type FileSeen,
  type Reflect,
  type RefusedRow,
} from './feed-words.ts';
export {
  type AvailabilityPolicy,
  AvailabilityPolicyShape,
  checkAvailabilityPolicy,
  defaultAvailabilityPolicy,
} from './availability/availability-policy.ts';
export { type Concerned, concernedBy, countListings, type Wanted } from './availability/count.ts';
export { effectOfPolicy, type PolicyEffect } from './availability/effect.ts';
export { decideStanding } from './availability/decide-standing.ts';
export { availabilityPolicy, saveAvailabilityPolicy } from './availability/store-policy.ts';
export { clearSignals, everythingTouched, offersTouched, signal, suppliersTouched, variantsTouched } from './availability/store-signals.ts';
export { lookAtStanding, standing, standingFacts, watchSuppliers } from './availability/store-standing.ts';
export type { AvailabilityWhy, Signal } from './availability/words.ts';
export { type ColumnChange, compareColumns } from './decide-file.ts';
export { guardFeed, guardNames, type Guarded, wouldFire } from './decide-guard.ts';
export { allowedMinutes, decideFetched, decideFetchFailed, decideWaited, mayKeep, staleAt } from './decide-source.ts';
export { cellsOf } from './editing/decide-edit.ts';
export {
  type EditBy,
  type Edited,
  editVariants,
  findVariant,
  type VariantChangeRow,
  variantHistory,
  variantsFrom,
} from './editing/store-edit.ts';
export {
  countProblems,
  type ProblemKind,
  problemKinds,
  problemsOf,
  problemsWith,
  requirable,
  type Required,
  requiredFields,
  saveRequired,
} from './editing/store-quality.ts';
export { type EditError, type VariantCells, type VariantEdit, type VariantField, variantFields, type VariantNow } from './editing/words.ts';
export { importFeed } from './import.ts';
export { beginMatching, type Matched, matchSome } from './matching/run.ts';
export { confirmGroup, confirmPairs, type Decided, rejectPairs, variantFromOffer } from './matching/store-decide.ts';
export { countDue, everythingToMatch, variantsToMatch } from './matching/store-due.ts';
export { matchSettings, saveMatchSettings } from './matching/store-pairs.ts';
export { inspectFeed, type Preview, type PreviewColumn, previewFeed, type PreviewProblem, type PreviewRow } from './preview.ts';
export { windowCrossed } from './pricing/compile-policy.ts';
export type { CatalogFacts } from './pricing/facts.ts';
export { type Moved, type PreviewSummary } from './pricing/preview.ts';
export { decideHeld, type ToldOfHeld } from './pricing/decide-held.ts';
export { heldPrices } from './pricing/store-prices.ts';
export { priceEverything, type PricedListings, priceListings } from './pricing/price-listings.ts';
export { checkPricePolicy, defaultPricePolicy, PricePolicyShape, type PricePolicy } from './pricing/price-policy.ts';
export { carryOut, previewPrices, previewToPublish, type Published, publishPrices, undoPublication } from './pricing/publish.ts';
export { factsOf, factsStamp, ratesOf, saveRate } from './pricing/store-facts.ts';
export { livePricePolicy, draftPricePolicy, pricePolicyVersions, savePriceDraft } from './pricing/store-policy.ts';
export { endPublication, findPublication, nextDuePublication, publications, type Publication } from './pricing/store-publications.ts';
export { whyPrice } from './pricing/why.ts';
export { heldReasons, type ListingKey, type Step } from './pricing/words.ts';
export { type FeedSchedule, type FeedSource, type FeedSourceChange, type FeedTransport, feedTransports } from './source-words.ts';
export { addFromShelves, addListings, addMatches, addOffers, addVariants, type ShelfGood } from './store-add.ts';
export { noteRun, noteStages, setWaitFor } from './store-diff.ts';
export { addPreview, dropPreviews, type FeedPreviewFile, findPreview } from './store-previews.ts';
export {
  appliedAfter,
  changesOf,
  countChanges,
  dropOldRuns,
  emptySilent,
  guardHistory,
  moversOf,
  netChange,
  type OfferChange,
  runsWithFiles,
} from './store-review.ts';
export { goBack } from './store-rollback.ts';
export {
  beginFeedRun,
  dismissFeedRun,
  feedSettings,
  type FeedRun,
  findFeedRun,
  forgetFile,
  newestKept,
  saveFeedSettings,
} from './store-runs.ts';
export { feedSource, lookNow, noteFresh, readingOf, recordFetched, saveSource, sourceOf } from './store-sources.ts';
export { listUndo, rememberUndo, type ToRemember, undo, type UndoRow, type UndoRows } from './store-undo.ts';
export { hasVariant, offersFor, release, reserve, variantsBySku } from './store.ts';
export type { MatchState, NewListing, NewMatch, NewOffer, NewVariant, Offer, OfferState } from './words.ts';
