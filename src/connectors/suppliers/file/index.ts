/**
 * Suppliers who work from *lists*: a purchase order is a CSV in their folder, their answers are CSVs in another. A *profile* says
 * what a partner calls its columns and statuses, and how it writes figures and dates. Lists in mails are read by the same rules.
 */
export { fileSupplier, usable } from './door.ts';
export { type Settled, fileSettingsTrouble, plain, profileUnusable, sentence, settleFile } from './profile.ts';
export { type Given, readFileAnswer, readList } from './read.ts';
export { cancelBytes, cancelNameOf, fileNameOf, orderBytes, said } from './write.ts';
