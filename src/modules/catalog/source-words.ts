import type { Instant } from '#kernel/time';

export const feedTransports = ['upload', 'http', 'sftp', 'ftp', 'folder', 'mail', 'rest'] as const;
export type FeedTransport = (typeof feedTransports)[number];

/** When we go and look. Nothing set: when somebody asks. */
export interface FeedSchedule {
  everyMinutes?: number;
  /** More often, as long as something new was found within the last three of the usual intervals. */
  whileChangingMinutes?: number;
  /** Times of the day, `06:30`, in the supplier's zone. */
  at?: readonly string[];
}

/** Where a supplier's files come from, and how fresh they are. */
export interface FeedSource {
  id: string;
  supplier_id: string;
  transport: FeedTransport;
  /** As the transport needs them: address, folder, pattern, sender. */
  settings: Readonly<Record<string, unknown>>;
  secrets: Uint8Array | null;
  schedule: FeedSchedule;
  target_minutes: number | null;
  state: 'waiting' | 'polled' | 'stopped' | 'paused';
  due_at: Instant | null;
  /** What was there last time, in the transport's own words. */
  seen: Readonly<Record<string, unknown>>;
  asked_at: Instant | null;
  new_at: Instant | null;
  fresh_at: Instant | null;
  stale_at: Instant | null;
  created_at: Instant;
  /** The supplier's. */
  code: string;
  name: string;
  time_zone: string;
  /** Whether the same bytes again prove that nothing changed. */
  same_is_fresh: boolean;
  /** When its last applied files were counted, the newest first. */
  rhythm: readonly Instant[];
}

/** What people set; left out stays as it is, a null takes it away. */
export interface FeedSourceChange {
  transport?: FeedTransport;
  settings?: Readonly<Record<string, unknown>>;
  secrets?: Uint8Array | null;
  schedule?: FeedSchedule;
  target_minutes?: number | null;
  isPaused?: boolean;
}
