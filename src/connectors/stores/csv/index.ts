/** The CSV channel: files with one row per order line, taken from a folder; one document per order, its own rows under the header. */
export { csvStore } from './door.ts';
export { csvOrderColumns, readCsvOrders, splitOrders } from './read.ts';
