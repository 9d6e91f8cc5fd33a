import type { Readable } from 'node:stream';
import type { FeedMapping } from '#formats/feed';
import type { FeedSettings, Preview } from '#modules/catalog';

/** A file that is looked at before it is imported. */
export interface LookedAtFeed {
  id: string;
  name: string;
  bytes: number;
  preview: Preview;
  settings: FeedSettings;
}

export interface FeedLineShown {
  file: string;
  line: number;
  cells: { column: string; text: string; field: string | null }[];
}

/** Where files of feeds lie and are worked on; only in processes that have that folder. Throws Problems. */
export interface FeedDesk {
  /** Keeps a file to be looked at; returns its id. */
  keep(tenant: string, file: { supplierId: string | null; name: string; by: string; bytes: Readable }): Promise<string>;
  /** The same of the file that a source would give. */
  fetch(
    tenant: string,
    ask: { supplierId: string | null; by: string; transport: string; settings: Record<string, unknown>; secrets: Record<string, string> },
  ): Promise<string>;
  look(tenant: string, id: string, how: { supplierId: string | null; mapping?: FeedMapping; currency?: string }): Promise<LookedAtFeed>;
  /** Imports what was looked at; returns its run. */
  importKept(tenant: string, id: string, supplierId: string, by: string): Promise<string>;
  raw(tenant: string, run: string): Promise<{ name: string; bytes: AsyncIterable<Uint8Array> }>;
  rejects(tenant: string, run: string): Promise<AsyncIterable<string>>;
  /** A supplier's own line about an offer, or a sentence why there is none. */
  line(tenant: string, of: { supplierId: string; sku: string }): Promise<FeedLineShown | string>;
  /** Works on what waits, beside the request. */
  work(tenant: string): void;
}
