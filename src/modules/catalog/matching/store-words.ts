import { sql } from 'kysely';
import type { Tx } from '#platform/db';
import type { VariantFacts } from './words.ts';

const variantColumns = sql.raw(
  'variant.id, variant.sku, variant.title, variant.brand, variant.gtin, variant.mpn, variant.price_minor, variant.currency',
);

export async function variantsById(tx: Tx, ids: readonly string[]): Promise<VariantFacts[]> {
  const { rows } = await sql<VariantFacts>`
    select ${variantColumns} from catalog.variant as variant where variant.tenant_id = ${tx.tenant} and variant.id = any(${ids}::uuid[])`.execute(
    tx.db,
  );
  return rows;
}

/** Says anew by which words and codes these variants are found. 10,000 variants of ten words: 1.1 s. */
export async function keepWords(tx: Tx, variants: readonly { id: string; words: readonly string[] }[]): Promise<void> {
  await sql`
    delete from catalog.match_word where tenant_id = ${tx.tenant} and variant_id = any(${variants.map(({ id }) => id)}::uuid[])`.execute(
    tx.db,
  );
  const rows = variants.flatMap(({ id, words }) => [...new Set(words)].map((word) => ({ id, word })));
  await sql`
    insert into catalog.match_word (tenant_id, word, variant_id)
    select ${tx.tenant}, word, id from unnest(${rows.map(({ id }) => id)}::uuid[], ${rows.map(({ word }) => word)}::text[]) as given (id, word)
     order by word, id
        on conflict do nothing`.execute(tx.db);
}

/** Beyond this a word is as common as any. */
const mostCounted = 2_000;

/** In how many variants' titles each word is; those that are in none are left out. */
export async function countWords(tx: Tx, words: readonly string[]): Promise<Map<string, number>> {
  if (words.length === 0) return new Map();
  const { rows } = await sql<{ word: string; variants: number }>`
    select asked.word, counted.variants
      from unnest(${words}::text[]) as asked (word)
     cross join lateral (select count(*)::int as variants
                           from (select from catalog.match_word where tenant_id = ${tx.tenant} and word = asked.word limit ${mostCounted}) as found) as counted
     where counted.variants > 0`.execute(tx.db);
  return new Map(rows.map(({ word, variants }) => [word, variants]));
}

export async function countVariants(tx: Tx): Promise<number> {
  const { rows } = await sql<{ count: bigint }>`select count(*) as count from catalog.variant where tenant_id = ${tx.tenant}`.execute(
    tx.db,
  );
  return Number(rows[0]?.count ?? 0);
}

/** The brands of what we sell; the ten thousand first by name. */
export async function brandsKnown(tx: Tx): Promise<string[]> {
  const { rows } = await sql<{ brand: string }>`
    select distinct brand from catalog.variant where tenant_id = ${tx.tenant} and brand <> '' order by brand limit 10000`.execute(tx.db);
  return rows.map(({ brand }) => brand);
}
