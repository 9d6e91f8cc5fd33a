/**
 * A *portal* is a page for people without an account: a signed link, or something only they know, lets them in, and they see what
 * concerns them and nothing else.
 */
export { readPortalAnswer, type SupplierOptions, supplierPages } from './supplier/index.ts';
export { type TrackingOptions, trackingPages } from './tracking/index.ts';
