/** What commands do, apart from reading the command line: each is a function that says lines and returns an exit code. */
export { type FeedCommand, feedImport, feedPreview, type PreviewCommand } from './feed.ts';
export { type FeedRunCommand, feedRuns } from './feed-runs.ts';
export { listings, type ListingsCommand } from './listings.ts';
export { matches, type MatchesCommand } from './matches.ts';
export { pricing, type PricingCommand } from './pricing.ts';
export { variants, type VariantsCommand } from './variants.ts';
