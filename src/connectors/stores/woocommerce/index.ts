/** WooCommerce by its REST interface v3: orders by page and webhook, stock and prices in batches, parcels as data and notes of the order. */
export { wooKind } from './kind.ts';
