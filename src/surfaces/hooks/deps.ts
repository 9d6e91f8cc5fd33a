import type { Clock, Instant } from '#kernel/time';
import type { Database, Tx } from '#platform/db';
import type { StoreHeard } from '#ports/store';

/** One thing that came, as `arrive` of `#platform/inbox` wants it. */
export interface Arrived {
  /** order | nudge | shelf | goodbye | other */
  kind: string;
  /** `channel:<uuid>` or `supplier:<uuid>` */
  source: string;
  /** The far side's name of the thing it speaks of; '' when it has none. */
  object: string;
  /** The topic, for people. */
  name: string;
  headers: Readonly<Record<string, string>>;
  body: Uint8Array;
}

/** Keeps what came, in one statement; answers in the same order. */
export type Arrive = (tx: Tx, arrivals: readonly Arrived[]) => Promise<readonly { id: string; fresh: boolean }[]>;

/** Who stands behind a hook address, and how what comes there is told from what others could send. */
export interface HookOwner {
  /** `channel:<uuid>` or `supplier:<uuid>` */
  source: string;
  /** Total: whatever comes, it says what it is. */
  hear(call: { headers: Readonly<Record<string, string>>; body: Uint8Array; now: Instant }): StoreHeard;
  /** Headers kept beside it, in small letters. */
  keeps: readonly string[];
}

export interface HooksDeps {
  db: Database;
  arrive: Arrive;
  /** Looks up whom a door's `subject_id` names and opens their secrets; null when they are gone. Kept for some seconds. */
  ownerOf: (tx: Tx, subject: string) => Promise<HookOwner | null>;
  /** The clock that the senders' timestamps are judged by; the program's. */
  clock: Clock;
  /** Counts what happened, for /metrics. */
  count?(outcome: 'received' | 'again' | 'bad-signature' | 'unknown' | 'too-large' | 'failed'): void;
}
