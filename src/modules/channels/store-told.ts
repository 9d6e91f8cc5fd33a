import { type RawBuilder, sql } from 'kysely';
import { type CopyValue, copyInto, recordset, toJson, type Tx } from '#platform/db';
import type { PublishedRow } from '#ports/channel';

export interface ToldKey {
  channel_id: string;
  sku: string;
}

/** What a store should say of a listing. A price of null is the store's own affair. */
export interface ToWant extends ToldKey {
  quantity: number;
  /** One that is not, and of which the store was never told anything, is left alone: it is the shop's own. */
  managed: boolean;
  price_minor: bigint | null;
  compare_minor: bigint | null;
  /** A price that rules did not make is said only where one that they made was said before. */
  by_rules: boolean;
  why: object;
}

/** Locks what is known of these listings, in the order given, until the transaction ends; those that nobody has counted yet begin here. */
export async function lockTold(tx: Tx, listings: readonly ToldKey[]): Promise<void> {
  if (listings.length === 0) return;
  const keys = listings.map(({ channel_id, sku }) => ({ channel_id, sku }));
  await sql`
    insert into channels.told (tenant_id, channel_id, sku)
    select ${tx.tenant}, channel_id, sku from ${recordset(keys, { channel_id: 'uuid', sku: 'text' })} as given
     where not exists (select from channels.told as known where known.tenant_id = ${tx.tenant} and known.channel_id = given.channel_id and known.sku = given.sku)
     order by channel_id, sku
        on conflict do nothing`.execute(tx.db);
  await sql`
    select from channels.told as ours
      join ${recordset(keys, { channel_id: 'uuid', sku: 'text' })} as given on given.channel_id = ours.channel_id and given.sku = ours.sku
     where ours.tenant_id = ${tx.tenant} order by ours.channel_id, ours.sku for no key update of ours`.execute(tx.db);
}

/**
 * Keeps what stores should say. A listing is stale from the first moment on which that is not what we last told; one that comes back to
 * it is in agreement again without a word. Returns how many of them a store has to be told of. 5,000 of 1,000,000: 110 ms.
 */
export async function keepWanted(tx: Tx, rows: readonly ToWant[]): Promise<number> {
  if (rows.length === 0) return 0;
  const said = rows.length > mostAsParameter ? await stage(tx, rows) : recordset(rows, wantColumns);
  const { rows: kept } = await sql<{ stale: boolean }>`
    with given as materialized (
      select said.channel_id, said.sku, case when said.managed or known.told_at is not null then said.quantity end as quantity, said.why, case when counts then said.price_minor end as price_minor,
             case when counts then said.compare_minor end as compare_minor
        from ${said} as said
        join channels.told as known on known.tenant_id = ${tx.tenant} and known.channel_id = said.channel_id and known.sku = said.sku
       cross join lateral (select said.by_rules or known.want_price_minor is not null as counts) as price
    )
    update channels.told as ours
       set want_quantity = given.quantity, want_price_minor = coalesce(given.price_minor, ours.want_price_minor),
           want_compare_minor = case when given.price_minor is null then ours.want_compare_minor else given.compare_minor end,
           wanted_at = ${tx.now}, why = given.why,
           trouble = case when ${sameAsWanted} then ours.trouble else '' end,
           stale_since = case when given.quantity is null or ${sameAsTold} or (ours.trouble <> '' and ${sameAsWanted}) then null else coalesce(ours.stale_since, ${tx.now}::timestamptz) end
      from given
     where ours.tenant_id = ${tx.tenant} and ours.channel_id = given.channel_id and ours.sku = given.sku
       and (ours.wanted_at is null or not ${sameAsWanted} or ours.why is distinct from given.why)
    returning ours.stale_since is not null as stale`.execute(tx.db);
  return kept.filter(({ stale }) => stale).length;
}

const sameAsWanted = sql`(ours.want_quantity is not distinct from given.quantity
  and (given.price_minor is null or (ours.want_price_minor is not distinct from given.price_minor and ours.want_compare_minor is not distinct from given.compare_minor)))`;
const sameAsTold = sql`(ours.quantity is not distinct from given.quantity
  and (given.price_minor is null or (ours.price_minor is not distinct from given.price_minor and ours.compare_minor is not distinct from given.compare_minor)))`;

const wantColumns = {
  channel_id: 'uuid',
  sku: 'text',
  quantity: 'int',
  managed: 'boolean',
  price_minor: 'bigint',
  compare_minor: 'bigint',
  by_rules: 'boolean',
  why: 'jsonb',
} as const;

/** A parameter larger than this takes longer than a table of this transaction. */
const mostAsParameter = 5_000;

async function stage(tx: Tx, rows: readonly ToWant[]): Promise<RawBuilder<unknown>> {
  await sql`
    create temp table if not exists wanted_now (
      channel_id uuid, sku text, quantity int, managed boolean, price_minor bigint, compare_minor bigint, by_rules boolean, why jsonb, primary key (channel_id, sku)
    ) on commit drop`.execute(tx.db);
  await sql`truncate wanted_now`.execute(tx.db);
  await copyInto(
    tx,
    'wanted_now',
    Object.keys(wantColumns),
    rows.map((row): CopyValue[] => [
      row.channel_id,
      row.sku,
      row.quantity,
      row.managed,
      row.price_minor,
      row.compare_minor,
      row.by_rules,
      toJson(row.why),
    ]),
  );
  return sql`wanted_now`;
}

/** Names longer than this are no names. */
const longestRef = 1_000;

/**
 * What a store itself says, from a page of its own list: where that is not what we had told, it is told again. Rows that are on their
 * way are left alone. Returns how many said something else, and how many we do not list.
 */
export async function compareTold(tx: Tx, channelId: string, rows: readonly PublishedRow[]): Promise<{ drifted: number; unknown: number }> {
  if (rows.length === 0) return { drifted: 0, unknown: 0 };
  const given = recordset(
    rows.map(({ sku, ref, quantity, priceMinor, compareMinor }) => ({
      sku,
      ref: (ref ?? '').slice(0, longestRef),
      quantity,
      price_minor: priceMinor,
      compare_minor: compareMinor,
    })),
    { sku: 'text', ref: 'text', quantity: 'int', price_minor: 'bigint', compare_minor: 'bigint' },
  );
  const { rows: compared } = await sql<{ drifted: boolean }>`
    with locked as materialized (
      select sku from channels.told
       where tenant_id = ${tx.tenant} and channel_id = ${channelId} and sku in (select sku from ${given} as given)
       order by sku for no key update
    ), before as materialized (
      select told.sku, told.quantity, told.price_minor, told.told_at
        from channels.told join locked using (sku) where told.tenant_id = ${tx.tenant} and told.channel_id = ${channelId}
    )
    update channels.told as ours
       set seen_at = ${tx.now}, ref = given.ref, trouble = case when ours.ref = '' and given.ref <> '' then '' else ours.trouble end, quantity = given.quantity, price_minor = given.price_minor, compare_minor = given.compare_minor,
           stale_since = case
             when ours.want_quantity is null or (ours.trouble <> '' and (ours.ref <> '' or given.ref = '')) then ours.stale_since
             when ours.want_quantity = given.quantity
              and (ours.want_price_minor is null or (ours.want_price_minor is not distinct from given.price_minor and ours.want_compare_minor is not distinct from given.compare_minor)) then null
             else coalesce(ours.stale_since, ${tx.now}::timestamptz) end
      from ${given} as given join before on before.sku = given.sku
     where ours.tenant_id = ${tx.tenant} and ours.channel_id = ${channelId} and ours.sku = given.sku and ours.push_id is null
    returning before.told_at is not null and (before.quantity is distinct from given.quantity or before.price_minor is distinct from given.price_minor) as drifted`.execute(
    tx.db,
  );
  const { rows: known } = await sql<{ count: number }>`
    select count(*)::int as count from channels.told
     where tenant_id = ${tx.tenant} and channel_id = ${channelId} and sku = any(${rows.map(({ sku }) => sku)}::text[])`.execute(tx.db);
  return { drifted: compared.filter(({ drifted }) => drifted).length, unknown: rows.length - (known[0]?.count ?? 0) };
}
