/** Shopify by its Admin GraphQL API: orders by sweep and webhook, stock by compare-and-set, prices, parcels on their fulfilment orders. */
export { shopifyKind } from './kind.ts';
