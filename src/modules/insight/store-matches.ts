import { sql } from 'kysely';
import type { Instant } from '#kernel/time';
import type { Tx } from '#platform/db';
import { after, every, type Keyset, oneMore, orderBy, type Page, type Paging, pageOf } from './keyset.ts';

/** An offer beside the variant that it may be. */
export interface MatchListed {
  variant_id: string;
  offer_id: string;
  state: 'suggested' | 'confirmed' | 'rejected' | 'broken';
  certainty: string;
  rule: string;
  confidence: number;
  /** In thousandths, by which the list is ordered. */
  score: number;
  evidence: string;
  facts: Readonly<Record<string, unknown>>;
  warnings: string[];
  units_per_offer: number;
  decided_at: Instant | null;
  decided_by: string;
  supplier_id: string;
  supplier_name: string;
  supplier_sku: string;
  offer_title: string;
  offer_brand: string;
  offer_gtin: string | null;
  offer_mpn: string | null;
  pack_size: number;
  cost_minor: bigint | null;
  offer_currency: string;
  quantity: number;
  offer_state: 'live' | 'held' | 'vanished';
  sku: string;
  title: string;
  brand: string;
  gtin: string | null;
  price_minor: bigint | null;
  currency: string | null;
}

export interface MatchFilter {
  state?: string[];
  certainty?: string[];
  rule?: string;
  supplier?: string;
  offer?: string;
  variant?: string;
  /** Only those that are held up by it. */
  warning?: string;
}

const bySurety: Keyset = {
  name: 'matches',
  parts: [
    { column: 'f.score', type: 'int' },
    { column: 'f.offer_id', type: 'uuid' },
    { column: 'f.variant_id', type: 'uuid' },
  ],
  direction: 'desc',
};

const matched = (tx: Tx, filter: MatchFilter) => sql`
  select m.variant_id, m.offer_id, m.state, m.certainty, m.rule, m.confidence::float8 as confidence, (m.confidence * 1000)::int as score, m.evidence, m.facts,
         m.warnings, m.units_per_offer, m.decided_at, m.decided_by, o.supplier_id, s.name as supplier_name, o.supplier_sku, o.title as offer_title,
         o.brand as offer_brand, o.gtin as offer_gtin, o.mpn as offer_mpn, o.pack_size, o.cost_minor, o.currency as offer_currency, o.quantity,
         o.state as offer_state, v.sku, v.title, v.brand, v.gtin, v.price_minor, v.currency
    from catalog.v_match m
    join catalog.v_offer o on o.tenant_id = m.tenant_id and o.id = m.offer_id
    join catalog.v_variant v on v.tenant_id = m.tenant_id and v.id = m.variant_id
    join suppliers.v_supplier s on s.tenant_id = m.tenant_id and s.id = o.supplier_id
   where ${every([
     sql`m.tenant_id = ${tx.tenant}`,
     filter.state === undefined ? null : sql`m.state = any(${filter.state}::text[])`,
     filter.certainty === undefined ? null : sql`m.certainty = any(${filter.certainty}::text[])`,
     filter.rule === undefined ? null : sql`m.rule = ${filter.rule}`,
     filter.supplier === undefined ? null : sql`o.supplier_id = ${filter.supplier}`,
     filter.offer === undefined ? null : sql`m.offer_id = ${filter.offer}`,
     filter.variant === undefined ? null : sql`m.variant_id = ${filter.variant}`,
     filter.warning === undefined ? null : sql`${filter.warning} = any(m.warnings)`,
   ])}`;

/** The surest first. */
export async function listMatches(tx: Tx, filter: MatchFilter, paging: Paging): Promise<Page<MatchListed>> {
  const { rows } = await sql<MatchListed>`
    select * from (${matched(tx, filter)}) as f where ${after(bySurety, paging.after)} ${orderBy(bySurety)} ${oneMore(paging)}`.execute(
    tx.db,
  );
  return pageOf(bySurety, paging, rows);
}

/** Five of a group, spread over it by chance that is the same each time, for who is about to approve all of it. */
export async function sampleMatches(tx: Tx, filter: MatchFilter): Promise<MatchListed[]> {
  const { rows } = await sql<MatchListed>`
    select * from (${matched(tx, filter)}) as f order by md5(f.offer_id::text || f.variant_id::text) limit 5`.execute(tx.db);
  return rows;
}

export interface MatchCount {
  state: string;
  certainty: string;
  rule: string;
  count: number;
}

/** Everything that was found or decided, by what it is and by the rule that found it. */
export async function countMatches(tx: Tx, supplier?: string): Promise<MatchCount[]> {
  const { rows } = await sql<Omit<MatchCount, 'count'> & { count: bigint }>`
    select m.state, m.certainty, m.rule, count(*) as count
      from catalog.v_match m
     where m.tenant_id = ${tx.tenant}
       and ${supplier === undefined ? sql`true` : sql`m.offer_id in (select id from catalog.v_offer o where o.tenant_id = ${tx.tenant} and o.supplier_id = ${supplier})`}
     group by m.state, m.certainty, m.rule
     order by m.state, m.certainty, m.rule`.execute(tx.db);
  return rows.map((row) => ({ ...row, count: Number(row.count) }));
}

export interface UnmatchedListed {
  id: string;
  supplier_id: string;
  supplier_name: string;
  supplier_sku: string;
  title: string;
  brand: string;
  gtin: string | null;
  mpn: string | null;
  pack_size: number;
  cost_minor: bigint | null;
  currency: string;
  quantity: number;
}

const byOffer: Keyset = { name: 'unmatched', parts: [{ column: 'f.id', type: 'uuid' }], direction: 'desc' };

const unmatched = (tx: Tx, supplier: string | undefined) => sql`
  o.tenant_id = ${tx.tenant} and o.state <> 'vanished' and ${supplier === undefined ? sql`true` : sql`o.supplier_id = ${supplier}`}
  and not exists (select from catalog.v_match m where m.tenant_id = o.tenant_id and m.offer_id = o.id and m.state <> 'rejected')`;

/** Offers of which nobody knows what they are, the newest first. */
export async function listUnmatched(tx: Tx, { supplier }: { supplier?: string }, paging: Paging): Promise<Page<UnmatchedListed>> {
  const { rows } = await sql<UnmatchedListed>`
    select f.*, s.name as supplier_name
      from (select o.id, o.supplier_id, o.supplier_sku, o.title, o.brand, o.gtin, o.mpn, o.pack_size, o.cost_minor, o.currency, o.quantity
              from catalog.v_offer o where ${unmatched(tx, supplier)}) as f
      join suppliers.v_supplier s on s.tenant_id = ${tx.tenant} and s.id = f.supplier_id
     where ${after(byOffer, paging.after)} ${orderBy(byOffer)} ${oneMore(paging)}`.execute(tx.db);
  return pageOf(byOffer, paging, rows);
}

/** Counting stops here: "10,000 and more" says enough. */
export const mostUnmatched = 10_000;

export async function countUnmatched(tx: Tx, supplier?: string): Promise<number> {
  const { rows } = await sql<{ count: bigint }>`
    select count(*) as count from (select from catalog.v_offer o where ${unmatched(tx, supplier)} limit ${mostUnmatched + 1}) as found`.execute(
    tx.db,
  );
  return Number(rows[0]?.count ?? 0);
}

/** Variants whose SKU begins with, or whose title has, what was typed; or whose GTIN it is. At most twenty. */
export async function searchVariants(
  tx: Tx,
  typed: string,
): Promise<
  { id: string; sku: string; title: string; brand: string; gtin: string | null; price_minor: bigint | null; currency: string | null }[]
> {
  const words = typed.trim().split(/\s+/).slice(0, 6);
  const pattern = (word: string): string => `%${word.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
  const { rows } = await sql<Awaited<ReturnType<typeof searchVariants>>[number]>`
    select v.id, v.sku, v.title, v.brand, v.gtin, v.price_minor, v.currency from catalog.v_variant v
     where v.tenant_id = ${tx.tenant}
       and (v.gtin = lpad(${typed.trim()}, 14, '0') or v.sku = ${typed.trim()}
            or (v.sku || ' ' || v.title || ' ' || v.brand) ilike all(${words.map(pattern)}::text[]))
     order by (v.sku = ${typed.trim()}) desc, length(v.title), v.sku
     limit 20`.execute(tx.db);
  return rows;
}
