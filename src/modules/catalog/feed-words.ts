import type { FeedBatch, FeedMapping } from '#formats/feed';
import type { Instant } from '#kernel/time';
import type { Tx } from '#platform/db';

/** What happens to an offer that the file no longer has: it keeps its last figures (and ages), has none left, or vanishes. */
export type Absence = 'keep' | 'zero' | 'vanish';

/** What a person confirmed about a supplier's feed. Shares run from 0 to 1. */
export interface FeedSettings {
  mapping?: FeedMapping;
  absence: Absence;
  /** With `keep`: after so many hours of files without it, it has none left after all; null: never. */
  keepHours: number | null;
  /** Units held back of each new offer. */
  buffer: number;
  /** Units that "in stock", without a number, stands for; null: the last known number. */
  wordUnits: number | null;
  /** A promise younger than this, at the moment the supplier counted, is not taken to be in its figures yet. */
  graceMinutes: number;
  /**
   * Byte for byte the file that was applied last: proof that nothing has changed, unless its date is older, or, where it is agreed that
   * the file changes each time, a sign that the supplier stopped writing it.
   */
  sameFile: 'hold' | 'fresh';
  /** Columns that are new, gone or have other names: waits for a person, or is read as far as the mapping holds. */
  newColumns: 'hold' | 'pass';
  /** What the last line begins with when the file is whole, such as `#END`; '' when it has no such line. */
  trailer: string;
  /** So many files are kept as they came, to be read again; and so many runs keep what they changed, to be gone back to. */
  keepFiles: number;
  keepRuns: number;
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
  /** Offers that would cost nothing. */
  zeroCost: number;
  /** Texts with letters that a wrong encoding leaves behind. */
  damaged: number;
  /** A file that has lost more of its rows than this, and does not end as it did, broke off. */
  shrunk: number;
}

export const defaultFeedSettings: FeedSettings = {
  absence: 'keep',
  keepHours: null,
  buffer: 0,
  wordUnits: null,
  graceMinutes: 60,
  sameFile: 'fresh',
  newColumns: 'hold',
  trailer: '',
  keepFiles: 5,
  keepRuns: 30,
  limits: { vanished: 0.2, costMove: 0.25, costRows: 0.1, zeroed: 0.3, yield: 0.8, zeroCost: 0.01, damaged: 0.02, shrunk: 0.1 },
};

/** What of a held file a person lets through; what is left out stays as it was. */
export interface FeedPart {
  stock: boolean;
  cost: boolean;
  texts: boolean;
  fresh: boolean;
  gone: boolean;
  /** The rows that the guards point at. */
  flagged: boolean;
}

/** What can be seen of a file before any row of it counts. */
export interface FileSeen {
  origin: string;
  bytes: number;
  headers: string[];
  reading: Readonly<Record<string, unknown>>;
  /** Share of texts in its beginning that look damaged, and one of them. */
  damaged: number;
  damagedText: string;
}

export interface FeedStage {
  name: 'fetch' | 'read' | 'map' | 'check' | 'hold' | 'apply';
  at: Instant;
  ms: number;
}

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
  /** Why it was held or failed, in sentences; of an applied one that it was the same file again; '' otherwise. */
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
  /** Only what a person let through. */
  part?: FeedPart;
  /** A file of before, read anew on purpose: that it is the same is no news. */
  isReplay?: boolean;
  /** What was seen of the file beforehand; left out where rows came without one. */
  seen?: FileSeen;
  /** Told when the next part of the work begins. */
  onStage?: (name: FeedStage['name']) => void;
  /** The last bytes that were read of it, for whether it is whole. */
  lastBytes?: () => Uint8Array;
}
