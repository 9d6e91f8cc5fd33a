import { sql } from 'kysely';
import type { Instant } from '#kernel/time';
import type { Tx } from '#platform/db';
import type { Absence } from './feed-words.ts';
import { joinByKey } from './store-feed.ts';

export interface Applying {
  supplierId: string;
  runId: string;
  observedAt: Instant;
}

/**
 * Writes what changed. Each row is found by its key, in the order of ids: every other writer takes offers in that order too, so that
 * none waits for another in a ring, and it is quicker than the scan of all offers that the planner would choose.
 * No column of an index is among those that feeds change often, so most rows stay on their page. 50,000 of 1,000,000: 0.45 s.
 */
export async function applyChanges(tx: Tx, at: Applying): Promise<void> {
  await joinByKey(tx, true);
  await sql`
    update catalog.offer as ours
       set title = diff.title, brand = diff.brand, gtin = diff.gtin, mpn = diff.mpn, cost_minor = diff.cost_minor, currency = diff.currency,
           quantity = diff.quantity,
           -- Never below what is promised already; with the promises of this very moment.
           ceiling = greatest(diff.quantity - ours.buffer, ours.reserved, 0),
           pack_size = diff.pack_size, lead_days = diff.lead_days, row_print = diff.print,
           state = case when ours.state = 'vanished' then 'live' else ours.state end,
           silent_since = null, observed_at = ${at.observedAt},
           changed_at = case when diff.kind = 'changed' then ${tx.now}::timestamptz else ours.changed_at end,
           feed_run_id = ${at.runId}
      from (select * from feed_diff where kind in ('changed', 'stamp') order by id) as diff
     where ours.tenant_id = ${tx.tenant} and ours.id = diff.id`.execute(tx.db);
  await joinByKey(tx, false);
}

/**
 * Offers that the file no longer has, and those whose row could not be read: their figures are as old as the file before. Gone ones
 * are left without stock or vanish, when that is the rule.
 */
export async function applySilence(tx: Tx, at: Applying, absence: Absence): Promise<void> {
  await joinByKey(tx, true);
  await sql`
    update catalog.offer as ours
       set silent_since = coalesce(ours.silent_since, ${at.observedAt}),
           observed_at = case when ours.silent_since is null then greatest(ours.observed_at, feed.complete_at) else ours.observed_at end,
           row_print = null,
           quantity = case when silent.is_gone and ${absence} <> 'keep' then 0 else ours.quantity end,
           ceiling = case when silent.is_gone and ${absence} <> 'keep' then ours.reserved else ours.ceiling end,
           state = case when silent.is_gone and ${absence} = 'vanish' then 'vanished' else ours.state end,
           changed_at = case when silent.is_gone and ${absence} <> 'keep' then ${tx.now}::timestamptz else ours.changed_at end,
           feed_run_id = ${at.runId}
      from (select id, true as is_gone from feed_gone
            union all select id, false from feed_diff where kind = 'refused' and (not was_silent or was_print is not null)
            order by id) as silent
      left join catalog.feed as feed on feed.tenant_id = ${tx.tenant} and feed.supplier_id = ${at.supplierId}
     where ours.tenant_id = ${tx.tenant} and ours.id = silent.id`.execute(tx.db);
  await joinByKey(tx, false);
}

/** Offers that were not there, in the file's order, which a first file's rows have already. 1,000,000: 6 s, most of it for the indexes. */
export async function addNew(tx: Tx, at: Applying, { buffer, isFirst }: { buffer: number; isFirst: boolean }): Promise<void> {
  await sql`
    insert into catalog.offer (tenant_id, id, supplier_id, supplier_sku, title, brand, gtin, mpn, cost_minor, currency, quantity, buffer, ceiling, pack_size,
           lead_days, observed_at, changed_at, feed_run_id, row_print)
    select ${tx.tenant}, id, ${at.supplierId}, sku, title, brand, gtin, mpn, cost_minor, currency, quantity, ${buffer}::int, greatest(quantity - ${buffer}::int, 0),
           pack_size, lead_days, ${at.observedAt}, ${tx.now}, ${at.runId}, print
      from feed_diff
     where kind = 'new' ${isFirst ? sql`` : sql`order by place`}`.execute(tx.db);
}
