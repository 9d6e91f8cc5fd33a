/** The generic REST store: orders by page and by webhook, parcels back by `fulfilments`, once per key. */
export { restKind } from './kind.ts';
