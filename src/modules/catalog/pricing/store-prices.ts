import { sql } from 'kysely';
import { type CopyValue, copyInto, recordset, type Tx } from '#platform/db';
import type { HeldPrices } from './decide-held.ts';
import type { ListingKey } from './words.ts';

/** What was decided for listings, in a table of this transaction: `outcome` is `priced`, or why it is not. */
const stagedColumns = [
  'channel_id',
  'sku',
  'history_id',
  'outcome',
  'price_minor',
  'compare_minor',
  'currency',
  'breaks',
  'rule_id',
  'rule_name',
  'why',
  'cost_minor',
  'cost_currency',
  'offer_id',
] as const;

export async function stagePrices(tx: Tx, rows: Iterable<readonly CopyValue[]>): Promise<void> {
  await sql`
    create temp table if not exists priced_now (
      channel_id uuid, sku text, history_id uuid, outcome text, price_minor bigint, compare_minor bigint, currency text, breaks jsonb,
      rule_id text, rule_name text, why jsonb, cost_minor bigint, cost_currency text, offer_id uuid, primary key (channel_id, sku)
    ) on commit drop`.execute(tx.db);
  await sql`truncate priced_now`.execute(tx.db);
  await copyInto(tx, 'priced_now', stagedColumns, rows);
  await sql`analyze priced_now`.execute(tx.db);
}

export interface LeftOut {
  /** `changed`: it would be another price now; `gone`: no such listing; `not_new`; or why it is held. */
  why: string;
  count: number;
  skus: string[];
}

/** Of what is staged only that stays which is priced as it was previewed; says what does not, by reason. */
export async function keepOnlyPreviewed(tx: Tx, previewId: string, onlyNew: boolean): Promise<LeftOut[]> {
  const judged = sql`
    select before.channel_id, before.sku,
           case when staged.sku is null then 'gone'
                when staged.outcome <> 'priced' then staged.outcome
                when staged.price_minor <> before.price_minor or staged.compare_minor is distinct from before.compare_minor then 'changed'
                when ${onlyNew} and before.before_minor is not null then 'not_new' end as why
      from catalog.price_preview_row as before
      left join priced_now as staged on staged.channel_id = before.channel_id and staged.sku = before.sku
     where before.tenant_id = ${tx.tenant} and before.preview_id = ${previewId}`;
  const { rows } = await sql<LeftOut>`
    select why, count(*)::int as count, (array_agg(sku order by sku))[1:20] as skus from (${judged}) as judged
     where why is not null group by why order by count desc, why`.execute(tx.db);
  await sql`
    delete from priced_now as staged
     where not exists (select from (${judged}) as judged where judged.channel_id = staged.channel_id and judged.sku = staged.sku and judged.why is null)`.execute(
    tx.db,
  );
  return rows;
}

/**
 * Writes what is staged and priced; what changes a price is remembered with all that was there before, so that it can be put back.
 * Both parts see the prices as they were. Returns how many prices changed.
 */
export async function writePrices(
  tx: Tx,
  { version, by, publicationId }: { version: number; by: string; publicationId: string | null },
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    with written as (
      insert into catalog.listing_price as ours (
        tenant_id, channel_id, sku, price_minor, compare_minor, currency, breaks, rule_id, rule_name, policy_version, why, cost_minor,
        cost_currency, offer_id, publication_id, by, published_at)
      select ${tx.tenant}, channel_id, sku, price_minor, compare_minor, currency, breaks, rule_id, rule_name, ${version}, why, cost_minor,
             cost_currency, offer_id, ${publicationId}::uuid, ${by}, ${tx.now}
        from priced_now where outcome = 'priced'
       order by channel_id, sku
          on conflict (tenant_id, channel_id, sku) do update
         set price_minor = excluded.price_minor, compare_minor = excluded.compare_minor, currency = excluded.currency, breaks = excluded.breaks,
             rule_id = excluded.rule_id, rule_name = excluded.rule_name, policy_version = excluded.policy_version, why = excluded.why,
             cost_minor = excluded.cost_minor, cost_currency = excluded.cost_currency, offer_id = excluded.offer_id,
             publication_id = case when ours.price_minor = excluded.price_minor and ours.compare_minor is not distinct from excluded.compare_minor
                                   then ours.publication_id else excluded.publication_id end,
             by = excluded.by, published_at = excluded.published_at
    ), remembered as (
      insert into catalog.price_history (
        tenant_id, channel_id, sku, id, at, price_minor, compare_minor, currency, rule_id, rule_name, policy_version, by, publication_id, before)
      select ${tx.tenant}, staged.channel_id, staged.sku, staged.history_id, ${tx.now}, staged.price_minor, staged.compare_minor, staged.currency,
             staged.rule_id, staged.rule_name, ${version}, ${by}, ${publicationId}::uuid, to_jsonb(old)
        from priced_now as staged
        left join catalog.listing_price as old on old.tenant_id = ${tx.tenant} and old.channel_id = staged.channel_id and old.sku = staged.sku
       where staged.outcome = 'priced'
         and (old.price_minor is distinct from staged.price_minor or old.compare_minor is distinct from staged.compare_minor or old.currency <> staged.currency)
      returning 1
    )
    select count(*)::int as count from remembered`.execute(tx.db);
  return rows[0]?.count ?? 0;
}

export interface NewProblem extends ListingKey {
  kind: string;
  detail: string;
  cost_minor: bigint | null;
  offer_id: string | null;
}

/** Says of these listings what is wrong; of those that are fine again, that nothing is. */
export async function writeProblems(tx: Tx, problems: readonly NewProblem[], fine: readonly ListingKey[]): Promise<void> {
  if (fine.length > 0) {
    await sql`
      delete from catalog.price_problem as ours
       using ${recordset(fine, { channel_id: 'uuid', sku: 'text' })} as given
       where ours.tenant_id = ${tx.tenant} and ours.channel_id = given.channel_id and ours.sku = given.sku`.execute(tx.db);
  }
  if (problems.length === 0) return;
  await sql`
    insert into catalog.price_problem as ours (tenant_id, channel_id, sku, kind, detail, cost_minor, offer_id, since, at)
    select ${tx.tenant}, channel_id, sku, kind, detail, cost_minor, offer_id, ${tx.now}, ${tx.now}
      from ${recordset(problems, { channel_id: 'uuid', sku: 'text', kind: 'text', detail: 'text', cost_minor: 'bigint', offer_id: 'uuid' })} as given
        on conflict (tenant_id, channel_id, sku) do update
       set kind = excluded.kind, detail = excluded.detail, cost_minor = excluded.cost_minor, offer_id = excluded.offer_id, at = excluded.at,
           since = case when ours.kind = excluded.kind then ours.since else excluded.since end`.execute(tx.db);
}

/** Which of these are listed as problems. */
export async function problemsAmong(tx: Tx, listings: readonly ListingKey[]): Promise<ListingKey[]> {
  const { rows } = await sql<ListingKey>`
    select ours.channel_id, ours.sku
      from ${recordset(listings, { channel_id: 'uuid', sku: 'text' })} as given
      join catalog.price_problem as ours on ours.tenant_id = ${tx.tenant} and ours.channel_id = given.channel_id and ours.sku = given.sku`.execute(
    tx.db,
  );
  return rows;
}

/** How many prices are held at each store, and three of them in words. 100,000 held: 60 ms. */
export async function heldPrices(tx: Tx): Promise<HeldPrices[]> {
  const { rows } = await sql<HeldPrices>`
    select counted.channel_id, channel.code, channel.name, counted.count, shown.examples
      from (select channel_id, count(*)::int as count from catalog.price_problem where tenant_id = ${tx.tenant} group by channel_id) as counted
      join channels.v_channel as channel on channel.tenant_id = ${tx.tenant} and channel.id = counted.channel_id
     cross join lateral (
       select array_agg(first.sku || ': ' || first.detail) as examples
         from (select sku, detail from catalog.price_problem as ours
                where ours.tenant_id = ${tx.tenant} and ours.channel_id = counted.channel_id order by sku limit 3) as first) as shown
     order by counted.channel_id`.execute(tx.db);
  return rows;
}
