/** Rows are read by `sql` text with the shape said where they are read; the builder needs no table types yet. */
// biome-ignore lint: an open record until the types are generated from the migrated database
export type Tables = Record<string, Record<string, unknown>>;
