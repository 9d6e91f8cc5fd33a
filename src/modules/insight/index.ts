/**
 * A *list* is walked by cursor in a total order; a *page* is everything one screen shows of one thing. Both are read here and only
 * here, from the views of other modules; nothing is ever written. A *measure* is one of the figures a shop is steered by.
 */
export { type Page, type Paging } from './keyset.ts';
export * from './store-books.ts';
export * from './store-catalog.ts';
export * from './store-feeds.ts';
export * from './store-history.ts';
export * from './store-home.ts';
export * from './store-links.ts';
export * from './store-listings.ts';
export * from './store-matches.ts';
export * from './store-messages.ts';
export * from './store-orders.ts';
export * from './store-parties.ts';
export * from './store-pricing.ts';
export * from './store-progress.ts';
export * from './store-purchases.ts';
export * from './store-search.ts';
export * from './store-shipping.ts';
export * from './store-work.ts';
