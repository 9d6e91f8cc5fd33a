/** Magento Open Source and Adobe Commerce 2.4 by REST: orders by sweep, stock by source, prices with special ones, shipments with tracks. */
export { magentoKind } from './kind.ts';
