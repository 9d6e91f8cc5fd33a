/**
 * A *feed* is a supplier's file of offers in whatever form they send it. A *guess* says how it was understood and how sure
 * that is; a *mapping* is what a person confirmed. A *refused* row is not taken and says why; a *doubt* is one cell left out of
 * a row that was taken.
 */
export { openFeed, readFeed } from './open.ts';
export {
  feedFields,
  type Feed,
  type FeedBatch,
  type FeedField,
  type FeedFormat,
  type FeedGuess,
  type FeedMapping,
  type FeedOptions,
  type FeedRow,
  type FeedTransform,
  type RefusedFeedRow,
} from './words.ts';
