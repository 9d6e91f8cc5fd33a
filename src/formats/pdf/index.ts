/** Documents on A4 for people. The same content gives the same bytes, so that a document sent twice is one document. */
export { type OrderLine, type Party, purchaseOrderPdf, type PurchaseOrderDocument } from './purchase-order.ts';
export { latin, type LatinText } from './latin.ts';
