import type { FeedBatch, FeedMapping } from '#formats/feed';
import type { Instant } from '#kernel/time';
import type { Tx } from '#platform/db';

/** What happens to an offer that the file no longer has: it keeps its last figures (and ages), has none left, or vanishes. */
export type Absence = 'keep' | 'zero' | 'vanish';

/** What a person confirmed about a supplier's feed. Shares run from 0 to 1. */
export interface FeedSettings {
  mapping?: FeedMapping;
  absence: Absence;
  /** Units held back of each new offer. */
  buffer: number;
  /** Units that "in stock", without a number, stands for; null: the last known number. */
  wordUnits: number | null;
  /** A promise younger than this, at the moment the supplier counted, is not taken to be in its figures yet. */
  graceMinutes: number;
  limits: FeedLimits;
}

/** Beyond these a file waits for a person. */
export interface FeedLimits {
  vanished: number;
  /** A cost that moves by more than `costMove` counts; more than `costRows` of the offers may not. */
  costMove: number;
  costRows: number;
  zeroed: number;
  /** The least share of rows that must be readable. */
  yield: number;
}

export const defaultFeedSettings: FeedSettings = {
  absence: 'keep',
  buffer: 0,
  wordUnits: null,
  graceMinutes: 60,
  limits: { vanished: 0.2, costMove: 0.25, costRows: 0.1, zeroed: 0.3, yield: 0.8 },
};

export interface RefusedRow {
  line: number;
  field: string | null;
  value: string;
  why: string;
}

/** `rows_read` is the sum of new, changed, same and refused. */
export interface FeedCounts {
  rows_read: number;
  rows_new: number;
  rows_changed: number;
  rows_same: number;
  /** Unreadable ones, and those whose number stands again further down. */
  rows_refused: number;
  /** Offers that the file no longer has. */
  rows_gone: number;
}

export interface FeedOutcome extends FeedCounts {
  run: string;
  supplier: string;
  state: 'applied' | 'held' | 'failed' | 'cancelled';
  /** Why it was held or failed, in sentences; '' otherwise. */
  why: string;
  /** The first thousand. */
  refused: RefusedRow[];
}

/**
 * Takes it that the supplier's own figures show these offers' promises from before that moment. Returns the units that need not be
 * held against the offers any longer.
 */
export type Reflect = (
  tx: Tx,
  promised: { supplierId: string; offerIds: readonly string[]; before: Instant },
) => Promise<{ offer_id: string; quantity: number }[]>;

export interface FeedImport {
  supplierId: string;
  /** The id of its feed run; a run that was held or broken off is done again under the same id. */
  runId: string;
  name: string;
  /** When the supplier counted; when it is not known, when the file came. */
  observedAt: Instant;
  /** The file, from its beginning each time it is opened; or rows that were read already. */
  content: { open(): AsyncIterable<Uint8Array> } | { rows: AsyncIterable<FeedBatch> };
  /** `off` when a person has looked at it and released it. */
  guard: 'on' | 'off';
  reflect: Reflect;
  /** Called now and then with the bytes (or rows) read so far; what it throws ends the import. */
  onProgress?: (done: number) => Promise<void>;
  /** True: give up and leave everything as it was. */
  cancelled?: () => boolean;
  /** The last thing in the transaction that ends the run, whatever its end. */
  record?: (tx: Tx, outcome: FeedOutcome) => Promise<void>;
  /** Reads every line, known or not. */
  readAll?: boolean;
}
