/**
 * JSON from partners. A *path* names a place in a value, `data.items[0].sku`; a *list* is an array read one element at a time,
 * so that its size does not matter; JSON *lines* are one value a line.
 */
export { jsonLimits, readJson } from './whole.ts';
export { valueAt } from './path.ts';
export { readJsonLines, readJsonList, type JsonRecord } from './stream.ts';
