import type { Instant } from '#kernel/time';

export type RunState = 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';

export interface Run {
  id: string;
  /** feed-import, replay, export. */
  kind: string;
  /** What it is about: the id of a supplier, say. */
  subject: string;
  state: RunState;
  settings: Readonly<Record<string, unknown>>;
  /** Where to go on after an interruption; empty: from the beginning. */
  position: Readonly<Record<string, unknown>>;
  done_count: bigint;
  total_count: bigint | null;
  summary: Readonly<Record<string, unknown>>;
  /** Why it failed, '' otherwise. */
  problem: string;
  cancel_asked: boolean;
  holder: string | null;
  lease_until: Instant | null;
  created_at: Instant;
  ended_at: Instant | null;
}

export interface NewRun {
  id?: string;
  kind: string;
  subject?: string;
  settings?: object;
  total?: bigint | null;
}

/** How far it is. What is left out stays as it is. */
export interface Progress {
  done?: bigint;
  total?: bigint;
  position?: object;
}
