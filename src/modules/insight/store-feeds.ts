import { sql } from 'kysely';
import type { Instant } from '#kernel/time';
import type { Tx } from '#platform/db';

export interface FeedRunBrief {
  id: string;
  state: 'running' | 'applied' | 'held' | 'failed' | 'cancelled';
  kind: string;
  at: string;
  changed: number;
}

/** A supplier's feed as a list shows it. */
export interface FeedListed {
  supplier_id: string;
  supplier_name: string;
  code: string;
  time_zone: string;
  currency: string;
  transport: string | null;
  state: 'waiting' | 'polled' | 'stopped' | 'paused' | null;
  source: Readonly<Record<string, unknown>> | null;
  schedule: Readonly<Record<string, unknown>> | null;
  has_secrets: boolean;
  target_minutes: number | null;
  due_at: Instant | null;
  asked_at: Instant | null;
  fresh_at: Instant | null;
  trouble: string;
  since: Instant;
  settings: Readonly<Record<string, unknown>>;
  told: bigint;
  complete_at: Instant | null;
  offers: number;
  /** Figures of the last run that was applied. */
  last_rows: bigint | null;
  last_changed: bigint | null;
  held: number;
  runs: FeedRunBrief[];
  rhythm: Instant[];
}

const shownRuns = 14;

/** All feeds, those of suppliers without one too; the one of a supplier when it is named. */
export async function feedsOf(tx: Tx, { supplier }: { supplier?: string } = {}): Promise<FeedListed[]> {
  const { rows } = await sql<FeedListed>`
    select supplier.id as supplier_id, supplier.name as supplier_name, supplier.code, supplier.time_zone, supplier.currency,
           source.transport, source.state, source.settings as source, source.schedule, coalesce(source.has_secrets, false) as has_secrets, source.target_minutes,
           source.due_at, source.asked_at, coalesce(source.fresh_at, feed.complete_at) as fresh_at, coalesce(source.trouble, '') as trouble,
           coalesce(source.created_at, supplier.created_at) as since,
           (case when supplier.transport_settings ? 'feed' then jsonb_build_object('mapping', supplier.transport_settings -> 'feed') else '{}' end) || coalesce(feed.settings, '{}') as settings,
           coalesce(feed.told, 0) as told, feed.complete_at,
           (select count(*)::int from catalog.v_offer as offer where offer.tenant_id = supplier.tenant_id and offer.supplier_id = supplier.id) as offers,
           good.rows_read as last_rows, good.rows_changed + good.rows_new + good.rows_gone as last_changed,
           (select count(*)::int from catalog.v_feed_run as run where run.tenant_id = supplier.tenant_id and run.supplier_id = supplier.id and run.state = 'held') as held,
           coalesce((select jsonb_agg(jsonb_build_object('id', id, 'state', state, 'kind', kind, 'at', started_at, 'changed', rows_new + rows_changed + rows_gone) order by started_at desc, id desc)
                       from (select * from catalog.v_feed_run as run where run.tenant_id = supplier.tenant_id and run.supplier_id = supplier.id
                              order by started_at desc, id desc limit ${shownRuns}) as last), '[]') as runs,
           coalesce((select array_agg(observed_at order by observed_at desc)
                       from (select observed_at from catalog.v_feed_run as run
                              where run.tenant_id = supplier.tenant_id and run.supplier_id = supplier.id and run.state = 'applied' and run.kind = 'file'
                              order by started_at desc limit 12) as last), '{}') as rhythm
      from suppliers.v_supplier as supplier
      left join catalog.v_feed_source as source on source.tenant_id = supplier.tenant_id and source.supplier_id = supplier.id
      left join catalog.v_feed as feed on feed.tenant_id = supplier.tenant_id and feed.supplier_id = supplier.id
      left join lateral (
        select rows_read, rows_changed, rows_new, rows_gone from catalog.v_feed_run as run
         where run.tenant_id = supplier.tenant_id and run.supplier_id = supplier.id and run.state = 'applied' and run.kind <> 'rollback'
         order by started_at desc, id desc limit 1) as good on true
     where supplier.tenant_id = ${tx.tenant} and (${supplier ?? null}::uuid is null or supplier.id = ${supplier ?? null})
     order by supplier.name, supplier.id`.execute(tx.db);
  return rows;
}

/** Everything about one run that is not a list. */
export interface FeedRunSeen {
  id: string;
  supplier_id: string;
  supplier_name: string;
  currency: string;
  name: string;
  state: 'waiting' | 'running' | 'applied' | 'held' | 'failed' | 'cancelled';
  rows_read: bigint;
  rows_new: bigint;
  rows_changed: bigint;
  rows_same: bigint;
  rows_refused: bigint;
  rows_gone: bigint;
  why: string;
  refused: unknown[];
  observed_at: Instant | null;
  started_at: Instant;
  ended_at: Instant | null;
  kind: string;
  actor: string;
  origin: string;
  bytes: bigint;
  has_file: boolean;
  has_changes: boolean;
  headers: string[] | null;
  reading: Readonly<Record<string, unknown>>;
  stages: unknown[];
  guards: unknown[];
  part: Readonly<Record<string, unknown>> | null;
  based_on: string | null;
  file_hash: string | null;
  done_count: bigint | null;
  total_count: bigint | null;
  before_headers: string[] | null;
  before_reading: Readonly<Record<string, unknown>> | null;
  before_id: string | null;
}

export async function feedRunSeen(tx: Tx, id: string): Promise<FeedRunSeen | null> {
  const { rows } = await sql<FeedRunSeen>`
    select coalesce(run.id, work.id) as id, supplier.id as supplier_id, supplier.name as supplier_name, supplier.currency,
           coalesce(run.name, '') as name,
           case when work.state in ('waiting', 'running') then work.state else coalesce(run.state, work.state) end as state,
           coalesce(run.rows_read, 0) as rows_read, coalesce(run.rows_new, 0) as rows_new, coalesce(run.rows_changed, 0) as rows_changed,
           coalesce(run.rows_same, 0) as rows_same, coalesce(run.rows_refused, 0) as rows_refused, coalesce(run.rows_gone, 0) as rows_gone,
           coalesce(run.why, work.problem, '') as why, coalesce(run.refused, '[]') as refused, run.observed_at,
           coalesce(run.started_at, work.created_at) as started_at, run.ended_at, coalesce(run.kind, 'file') as kind,
           coalesce(run.actor, '') as actor, coalesce(run.origin, '') as origin,
           greatest(run.bytes, work.total_count, 0) as bytes, coalesce(run.has_file, false) as has_file, coalesce(run.has_changes, false) as has_changes,
           run.headers, coalesce(run.reading, '{}') as reading, coalesce(run.stages, '[]') as stages, coalesce(run.guards, '[]') as guards, run.part, run.based_on,
           run.file_hash, work.done_count, work.total_count, before.headers as before_headers, before.reading as before_reading, before.id as before_id
      from (select ${id}::uuid as id) as asked
      left join catalog.v_feed_run as run on run.tenant_id = ${tx.tenant} and run.id = asked.id
      left join platform.v_run as work on work.tenant_id = ${tx.tenant} and work.id = asked.id
      join suppliers.v_supplier as supplier on supplier.tenant_id = ${tx.tenant} and supplier.id = run.supplier_id
      left join lateral (
        select id, headers, reading from catalog.v_feed_run as other
         where other.tenant_id = ${tx.tenant} and other.supplier_id = supplier.id and other.state = 'applied' and other.kind <> 'rollback'
           and other.started_at < coalesce(run.started_at, work.created_at) and other.id <> asked.id
         order by other.started_at desc, other.id desc limit 1) as before on true
     where run.id is not null`.execute(tx.db);
  return rows[0] ?? null;
}
