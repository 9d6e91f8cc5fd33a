/**
 * Suppliers with a REST interface. A *profile* says where things lie in it: paths, names of members, words for statuses. An *update*
 * is one thing they tell us, numbered; updates are fetched page by page.
 */
export { restSupplier } from './door.ts';
export { restSettingsTrouble } from './profile.ts';
export { readRestAnswer } from './read.ts';
