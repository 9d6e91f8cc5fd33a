import { sql } from 'kysely';
import type { Instant } from '#kernel/time';
import { json, recordset, type Tx } from '#platform/db';
import { type Thing, wakeReaders } from '#platform/work';
import type { FeedFetched } from '#ports/feed-door';
import { staleAt } from './decide-source.ts';
import { defaultFeedSettings, type FeedSettings } from './feed-words.ts';
import type { FeedSource, FeedSourceChange } from './source-words.ts';
import { settingsOf } from './store-runs.ts';

export const feedSource: Thing<FeedSource, FeedSource['state']> = {
  name: 'feedSource',
  table: 'catalog.feed_source',
  stateColumn: 'state',
  states: ['waiting', 'polled', 'stopped', 'paused'],
  dated: false,
  columns: { stale_at: 'timestamptz' },
  load: loadSources,
};

/** So many runs tell a feed's rhythm. */
const rhythmRuns = 12;

const sources = (tx: Tx, which: ReturnType<typeof sql>) => sql<FeedSource>`
  select source.*, supplier.code, supplier.name, supplier.time_zone, coalesce(feed.settings ->> 'sameFile', ${defaultFeedSettings.sameFile}) = 'fresh' as same_is_fresh,
         coalesce((select array_agg(observed_at order by observed_at desc)
                     from (select observed_at from catalog.feed_run as run
                            where run.tenant_id = source.tenant_id and run.supplier_id = source.supplier_id and run.state = 'applied' and run.kind = 'file'
                            order by started_at desc limit ${rhythmRuns}) as last), '{}') as rhythm
    from catalog.feed_source as source
    join suppliers.v_supplier as supplier on supplier.tenant_id = source.tenant_id and supplier.id = source.supplier_id
    left join catalog.feed on feed.tenant_id = source.tenant_id and feed.supplier_id = source.supplier_id
   where source.tenant_id = ${tx.tenant} and ${which}`;

async function loadSources(tx: Tx, ids: readonly string[]): Promise<FeedSource[]> {
  const { rows } = await sources(tx, sql`source.id = any(${ids}::uuid[]) order by supplier.code`).execute(tx.db);
  return rows;
}

export async function sourceOf(tx: Tx, supplierId: string): Promise<FeedSource | null> {
  const { rows } = await sources(tx, sql`source.supplier_id = ${supplierId}`).execute(tx.db);
  return rows[0] ?? null;
}

/** What a file of this supplier is read by. Null: there is no such supplier. */
export async function readingOf(tx: Tx, supplierId: string): Promise<{ settings: FeedSettings; currency: string; name: string } | null> {
  const { rows } = await sql<{ settings: object; said: object | null; currency: string; name: string }>`
    select coalesce(feed.settings, '{}') as settings, supplier.transport_settings -> 'feed' as said, supplier.currency, supplier.name
      from suppliers.v_supplier as supplier
      left join catalog.feed on feed.tenant_id = supplier.tenant_id and feed.supplier_id = supplier.id
     where supplier.tenant_id = ${tx.tenant} and supplier.id = ${supplierId}`.execute(tx.db);
  const [found] = rows;
  if (!found) return null;
  return {
    settings: settingsOf({ ...(found.said ? { mapping: found.said } : {}), ...found.settings }),
    currency: found.currency,
    name: found.name,
  };
}

/** Makes or changes a supplier's source. Another transport begins anew: what was seen of the old one says nothing. It is looked at at once. */
export async function saveSource(tx: Tx, supplierId: string, change: FeedSourceChange): Promise<void> {
  const before = await sourceOf(tx, supplierId);
  const transport = change.transport ?? before?.transport ?? 'upload';
  const isOther = before !== null && (transport !== before.transport || change.settings !== undefined);
  const paused = change.isPaused ?? before?.state === 'paused';
  const state = paused ? 'paused' : transport === 'upload' ? 'waiting' : 'polled';
  const secrets = change.secrets === undefined ? (before?.secrets ?? null) : change.secrets;
  await sql`
    insert into catalog.feed_source as ours (tenant_id, id, supplier_id, transport, settings, secrets, schedule, target_minutes, state, due_at, created_at)
    values (${tx.tenant}, ${before?.id ?? tx.newId()}, ${supplierId}, ${transport}, ${json(change.settings ?? before?.settings ?? {})},
            ${secrets && Buffer.from(secrets)}, ${json(change.schedule ?? before?.schedule ?? {})},
            ${change.target_minutes === undefined ? (before?.target_minutes ?? null) : change.target_minutes}, ${state}, ${paused ? null : tx.now}, ${tx.now})
        on conflict (tenant_id, supplier_id) do update
       set transport = excluded.transport, settings = excluded.settings, secrets = excluded.secrets, schedule = excluded.schedule,
           target_minutes = excluded.target_minutes, state = excluded.state, due_at = excluded.due_at, trouble = '',
           seen = case when ${isOther} then '{}' else ours.seen end`.execute(tx.db);
  if (!paused) wakeReaders(tx, feedSource.name, new Set([state]));
}

/** Looks at once. False when there is none that could be asked. */
export async function lookNow(tx: Tx, supplierId: string): Promise<boolean> {
  const { rows } = await sql<{ state: string }>`
    update catalog.feed_source set due_at = ${tx.now}
     where tenant_id = ${tx.tenant} and supplier_id = ${supplierId} and state in ('polled', 'stopped') returning state`.execute(tx.db);
  wakeReaders(tx, feedSource.name, new Set(rows.map(({ state }) => state)));
  return rows.length > 0;
}

/** What was found out moves with the files that it stands for, in one transaction. That nothing is new is as good as a file that says the same. */
export async function recordFetched(tx: Tx, replies: readonly { thing: FeedSource; reply: FeedFetched }[]): Promise<void> {
  const rows = replies.map(({ thing, reply }) => ({
    id: thing.id,
    seen: reply.seen,
    is_new: reply.files.length > 0,
    is_fresh: reply.isCurrent && reply.files.length === 0 && thing.same_is_fresh,
  }));
  const columns = { id: 'uuid', seen: 'jsonb', is_new: 'boolean', is_fresh: 'boolean' };
  await sql`
    update catalog.feed_source as ours
       set seen = given.seen, asked_at = ${tx.now}, trouble = '',
           new_at = case when given.is_new then ${tx.now}::timestamptz else ours.new_at end,
           fresh_at = case when given.is_fresh then ${tx.now}::timestamptz else ours.fresh_at end
      from ${recordset(rows, columns)} as given
     where ours.tenant_id = ${tx.tenant} and ours.id = given.id`.execute(tx.db);
  const fresh = replies.flatMap(({ thing }, at) => (rows[at]?.is_fresh ? [thing.supplier_id] : []));
  // One that is imported at this moment will say so itself.
  if (fresh.length > 0)
    await sql`
      update catalog.feed set complete_at = greatest(complete_at, ${tx.now})
       where tenant_id = ${tx.tenant} and complete_at is not null
         and supplier_id in (select supplier_id from catalog.feed where tenant_id = ${tx.tenant} and supplier_id = any(${fresh}::uuid[]) for update skip locked)`.execute(
      tx.db,
    );
}

/** A file was applied: the feed is fresh, and its clock begins anew. Returns the source's id. */
export async function noteFresh(tx: Tx, supplierId: string, at: Instant): Promise<string> {
  const source = await sourceOf(tx, supplierId);
  if (!source) {
    const id = tx.newId();
    await sql`
      insert into catalog.feed_source (tenant_id, id, supplier_id, transport, state, due_at, new_at, fresh_at, created_at)
      values (${tx.tenant}, ${id}, ${supplierId}, 'upload', 'waiting', null, ${tx.now}, ${at}, ${tx.now}) on conflict do nothing`.execute(
      tx.db,
    );
    return id;
  }
  const due = source.state === 'waiting' ? staleAt({ ...source, fresh_at: at }) : source.due_at;
  await sql`
    update catalog.feed_source
       set fresh_at = greatest(fresh_at, ${at}), new_at = ${tx.now}, stale_at = null, due_at = ${due}
     where tenant_id = ${tx.tenant} and id = ${source.id}`.execute(tx.db);
  return source.id;
}
