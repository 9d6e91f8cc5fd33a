import type { Instant } from '#kernel/time';
import type { Fix } from '#platform/work';

export interface ExceptionRow {
  id: string;
  kind: string;
  subject_kind: string;
  subject_id: string;
  order_id: string | null;
  supplier_id: string | null;
  channel_id: string | null;
  cause: string;
  title: string;
  state: 'open' | 'snoozed' | 'resolved';
  fixes: Fix[];
  evidence: Readonly<Record<string, unknown>>;
  opened_at: Instant;
  due_at: Instant | null;
}
