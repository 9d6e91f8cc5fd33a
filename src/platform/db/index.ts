/**
 * A *database* is a pool that works under a role which owns nothing. A *transaction* (`Tx`) belongs to one tenant, knows what
 * time it is and makes ids; every statement of the program runs in one. A *migration* is a numbered SQL file that is applied
 * once, in order, and never edited afterwards.
 */
export { type CopyValue, copyBatchesInto, copyInto, copyOut, copyOutBinary, copyTextInto, readOnlyValue } from './copy.ts';
export { type Database, type DatabaseOptions, appRole, openDatabase } from './database.ts';
export { type Embedded, type EmbeddedOptions, startEmbedded } from './embedded.ts';
export { type Migration, knownMigrations, migrate } from './migrate.ts';
export { schemaText } from './schema-text.ts';
export type { Tables } from './tables.ts';
export { type Tx, json, recordset } from './tx.ts';
export { toJson } from './types.ts';
