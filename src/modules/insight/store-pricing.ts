import { sql } from 'kysely';
import type { Instant } from '#kernel/time';
import type { Tx } from '#platform/db';
import { after, beginsWith, every, type Keyset, oneMore, orderBy, type Page, type Paging, pageOf } from './keyset.ts';

export interface PriceListed {
  channel_id: string;
  channel_name: string;
  sku: string;
  title: string;
  price_minor: bigint;
  compare_minor: bigint | null;
  currency: string;
  rule_name: string;
  policy_version: number;
  published_at: Instant;
}

const byListing = (name: string, row: string): Keyset => ({
  name,
  parts: [
    { column: `${row}.channel_id`, type: 'uuid' },
    { column: `${row}.sku`, type: 'text' },
  ],
  direction: 'asc',
});
const pricesByListing = byListing('prices', 'p');
const problemsByListing = byListing('price-problems', 'w');

export interface PriceFilter {
  channel?: string;
  /** What the SKU begins with. */
  q?: string;
}

/** Published prices, by channel and SKU. */
export async function listPrices(tx: Tx, { channel, q }: PriceFilter, paging: Paging): Promise<Page<PriceListed>> {
  const { rows } = await sql<PriceListed>`
    with page as (
      select p.* from catalog.v_listing_price p
       where p.tenant_id = ${tx.tenant} and ${every([
         after(pricesByListing, paging.after),
         channel === undefined ? null : sql`p.channel_id = ${channel}`,
         q === undefined ? null : beginsWith('p.sku', q),
       ])}
       ${orderBy(pricesByListing)} ${oneMore(paging)})
    select p.channel_id, coalesce(c.name, '') as channel_name, p.sku, coalesce(v.title, '') as title, p.price_minor, p.compare_minor, p.currency, p.rule_name,
           p.policy_version, p.published_at
      from page p
      left join channels.v_channel c on c.tenant_id = p.tenant_id and c.id = p.channel_id
      left join catalog.v_listing l on l.tenant_id = p.tenant_id and l.channel_id = p.channel_id and l.sku = p.sku
      left join catalog.v_variant v on v.tenant_id = p.tenant_id and v.id = l.variant_id
     ${orderBy(pricesByListing)}`.execute(tx.db);
  return pageOf(pricesByListing, paging, rows);
}

export interface PriceProblemListed {
  channel_id: string;
  channel_name: string;
  channel_currency: string;
  sku: string;
  kind: string;
  detail: string;
  cost_minor: bigint | null;
  price_minor: bigint | null;
  since: Instant;
}

/** Listings that keep their price since a new one cannot be trusted. */
export async function listPriceProblems(
  tx: Tx,
  { channel, kind }: { channel?: string; kind?: string },
  paging: Paging,
): Promise<Page<PriceProblemListed>> {
  const { rows } = await sql<PriceProblemListed>`
    with page as (
      select w.* from catalog.v_price_problem w
       where w.tenant_id = ${tx.tenant} and ${every([
         after(problemsByListing, paging.after),
         channel === undefined ? null : sql`w.channel_id = ${channel}`,
         kind === undefined ? null : sql`w.kind = ${kind}`,
       ])}
       ${orderBy(problemsByListing)} ${oneMore(paging)})
    select w.channel_id, coalesce(c.name, '') as channel_name, coalesce(c.currency, 'USD') as channel_currency, w.sku, w.kind, w.detail, w.cost_minor,
           p.price_minor, w.since
      from page w
      left join channels.v_channel c on c.tenant_id = w.tenant_id and c.id = w.channel_id
      left join catalog.v_listing_price p on p.tenant_id = w.tenant_id and p.channel_id = w.channel_id and p.sku = w.sku
     ${orderBy(problemsByListing)}`.execute(tx.db);
  return pageOf(problemsByListing, paging, rows);
}
