/** The generic REST store: orders by page and by webhook, parcels back by `fulfilments`, once per key. */
export { restStore } from './door.ts';
export { readRestOrder } from './read.ts';
