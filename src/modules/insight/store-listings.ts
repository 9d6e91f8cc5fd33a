import { sql } from 'kysely';
import type { Instant } from '#kernel/time';
import type { Tx } from '#platform/db';
import { after, every, type Keyset, oneMore, orderBy, type Page, type Paging, pageOf } from './keyset.ts';

/** A variant in a store: what the store should show of it, and what it was told last. */
export interface ListingListed {
  channel_id: string;
  channel: string;
  channel_name: string;
  kind: string;
  currency: string;
  sku: string;
  variant_id: string;
  variant_sku: string;
  title: string;
  want_quantity: number | null;
  want_price_minor: bigint | null;
  want_compare_minor: bigint | null;
  wanted_at: Instant | null;
  why: Readonly<Record<string, unknown>>;
  quantity: number | null;
  price_minor: bigint | null;
  compare_minor: bigint | null;
  told_at: Instant | null;
  stale_since: Instant | null;
  is_on_its_way: boolean;
  trouble: string;
  seen_at: Instant | null;
}

export interface ListingFilter {
  channel?: string;
  variant?: string;
  /** `stale`: not told yet; `refused`: the store did not take it; `empty`: none to sell. */
  state?: 'stale' | 'refused' | 'empty';
  /** Beginning of its SKU. */
  q?: string;
}

const byName: Keyset = {
  name: 'listings',
  parts: [
    { column: 'f.channel_id', type: 'uuid' },
    { column: 'f.sku', type: 'text' },
  ],
  direction: 'asc',
};

const listed = (tx: Tx, filter: ListingFilter) => sql`
  select l.channel_id, l.sku, l.variant_id, t.want_quantity, t.want_price_minor, t.want_compare_minor, t.wanted_at, coalesce(t.why, '{}') as why, t.quantity,
         t.price_minor, t.compare_minor, t.told_at, t.stale_since, t.push_id is not null as is_on_its_way, coalesce(t.trouble, '') as trouble, t.seen_at
    from catalog.v_listing l
    left join channels.v_told t on t.tenant_id = l.tenant_id and t.channel_id = l.channel_id and t.sku = l.sku
   where ${every([
     sql`l.tenant_id = ${tx.tenant}`,
     filter.channel === undefined ? null : sql`l.channel_id = ${filter.channel}`,
     filter.variant === undefined ? null : sql`l.variant_id = ${filter.variant}`,
     filter.q === undefined ? null : sql`starts_with(l.sku, ${filter.q})`,
     filter.state === 'stale' ? sql`t.stale_since is not null` : null,
     filter.state === 'refused' ? sql`t.trouble <> ''` : null,
     filter.state === 'empty' ? sql`t.want_quantity = 0` : null,
   ])}`;

/** Store by store, by SKU. */
export async function listListings(tx: Tx, filter: ListingFilter, paging: Paging): Promise<Page<ListingListed>> {
  const { rows } = await sql<ListingListed>`
    select f.*, c.code as channel, c.name as channel_name, c.kind, c.currency, v.sku as variant_sku, v.title
      from (select * from (${listed(tx, filter)}) as f where ${after(byName, paging.after)} ${orderBy(byName)} ${oneMore(paging)}) as f
      join channels.v_channel c on c.tenant_id = ${tx.tenant} and c.id = f.channel_id
      join catalog.v_variant v on v.tenant_id = ${tx.tenant} and v.id = f.variant_id
     ${orderBy(byName)}`.execute(tx.db);
  return pageOf(byName, paging, rows);
}

/** How one store stands: what it shows, what it has not been told yet, and when its own figures were read last. */
export interface ShelfListed {
  id: string;
  code: string;
  name: string;
  kind: string;
  listings: number;
  in_stock: number;
  stale: number;
  oldest_stale: Instant | null;
  on_their_way: number;
  refused: number;
  told_last: Instant | null;
  reconciled_at: Instant | null;
  reads_next: Instant | null;
  seen: number;
  drifted: number;
  unknown: number;
  trouble: string;
}

/** One row a store. 1,000,000 listings: 0.4 s, so a page shows it once and not with each of its rows. */
export async function listShelves(tx: Tx): Promise<ShelfListed[]> {
  const { rows } = await sql<ShelfListed>`
    select c.id, c.code, c.name, c.kind, coalesce(t.listings, 0)::int as listings, coalesce(t.in_stock, 0)::int as in_stock, coalesce(t.stale, 0)::int as stale,
           t.oldest_stale, coalesce(t.on_their_way, 0)::int as on_their_way, coalesce(t.refused, 0)::int as refused, t.told_last,
           s.reconciled_at, s.due_at as reads_next, coalesce(s.seen, 0) as seen, coalesce(s.drifted, 0) as drifted, coalesce(s.unknown, 0) as unknown,
           coalesce(s.trouble, '') as trouble
      from channels.v_channel c
      left join channels.v_shelf s on s.tenant_id = c.tenant_id and s.id = c.id
      left join (
        select channel_id, count(*) as listings, count(*) filter (where want_quantity > 0) as in_stock, count(*) filter (where stale_since is not null) as stale,
               min(stale_since) as oldest_stale, count(*) filter (where push_id is not null) as on_their_way, count(*) filter (where trouble <> '') as refused,
               max(told_at) as told_last
          from channels.v_told where tenant_id = ${tx.tenant} group by channel_id
      ) t on t.channel_id = c.id
     where c.tenant_id = ${tx.tenant}
     order by c.code`.execute(tx.db);
  return rows;
}
