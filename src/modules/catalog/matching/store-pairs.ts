import { sql } from 'kysely';
import { recordset, type Tx } from '#platform/db';
import type { Known } from './decide-offer.ts';
import { defaultMatchSettings, type Judged, type MatchSettings, type Pair } from './words.ts';

/** A word that an offer is looked for by, and how much it tells. */
export interface Asked {
  offer_id: string;
  word: string;
  weight: number;
}

/** So many variants are looked at for each offer. */
const mostCandidates = 8;

/**
 * The variants that share the most telling words with each offer: an index look-up per word, then a sum. Titles of those few are held
 * against each other by their trigrams. Figures: `npm run bench -- matching` (100,000 offers against 100,000 variants).
 */
export async function pairsFor(tx: Tx, asked: readonly Asked[]): Promise<Pair[]> {
  if (asked.length === 0) return [];
  const { rows } = await sql<Pair>`
    with hit as (
      select asked.offer_id, known.variant_id, sum(asked.weight) as weight
        from unnest(${asked.map(({ offer_id }) => offer_id)}::uuid[], ${asked.map(({ word }) => word)}::text[],
                    ${asked.map(({ weight }) => weight)}::float8[]) as asked (offer_id, word, weight)
        join catalog.match_word as known on known.tenant_id = ${tx.tenant} and known.word = asked.word
       group by asked.offer_id, known.variant_id
    ), best as materialized (
      select offer_id, variant_id
        from (select *, row_number() over (partition by offer_id order by weight desc, variant_id) as place from hit) as ranked
       where place <= ${mostCandidates}
    )
    select best.offer_id, best.variant_id, catalog.title_likeness(offer.title, variant.title) as likeness
      from best
      join catalog.offer as offer on offer.tenant_id = ${tx.tenant} and offer.id = best.offer_id
      join catalog.variant as variant on variant.tenant_id = ${tx.tenant} and variant.id = best.variant_id`.execute(tx.db);
  return rows;
}

/** What a person, or an earlier look, said of these offers. */
export async function knownOf(tx: Tx, offerIds: readonly string[]): Promise<Map<string, Known[]>> {
  const { rows } = await sql<Known & { offer_id: string }>`
    select offer_id, variant_id, state, facts -> 'was' as was from catalog.match
     where tenant_id = ${tx.tenant} and offer_id = any(${offerIds}::uuid[])`.execute(tx.db);
  return Map.groupBy(rows, ({ offer_id }) => offer_id);
}

/** The same for new offers of a file that is being applied, by GTIN and SKU alone: one more than `most` when there are more. */
export async function pairsOfImport(tx: Tx, most: number): Promise<Pair[]> {
  const { rows } = await sql<Pair>`
    with fresh as materialized (select id, sku, title, gtin from feed_diff where kind = 'new')
    select offer_id, variant_id, catalog.title_likeness(theirs, ours) as likeness
      from (select fresh.id as offer_id, variant.id as variant_id, fresh.title as theirs, variant.title as ours
              from fresh join catalog.variant on variant.tenant_id = ${tx.tenant} and variant.gtin = fresh.gtin
             union
            select fresh.id, variant.id, fresh.title, variant.title
              from fresh join catalog.variant on variant.tenant_id = ${tx.tenant} and variant.sku = fresh.sku) as pair
     limit ${most + 1}`.execute(tx.db);
  return rows;
}

const columns = {
  variant_id: 'uuid',
  offer_id: 'uuid',
  state: 'text',
  confidence: 'numeric',
  evidence: 'text',
  rule: 'text',
  certainty: 'text',
  warnings: 'text[]',
  units_per_offer: 'int',
  facts: 'jsonb',
};

export interface ToKeep extends Judged {
  state: 'suggested' | 'confirmed';
  evidence: string;
}

/**
 * Suggestions of these offers become those given: what stands already keeps its date, what is no longer found goes. What a person
 * decided is not touched.
 */
export async function keepJudged(tx: Tx, offerIds: readonly string[], rows: readonly ToKeep[]): Promise<void> {
  await sql`
    with given as materialized (select * from ${recordset(rows, columns)} as given)
    delete from catalog.match as ours
     where ours.tenant_id = ${tx.tenant} and ours.offer_id = any(${offerIds}::uuid[]) and ours.state = 'suggested'
       and not exists (select from given where given.offer_id = ours.offer_id and given.variant_id = ours.variant_id)`.execute(tx.db);
  if (rows.length === 0) return;
  await sql`
    insert into catalog.match as ours (tenant_id, variant_id, offer_id, state, confidence, evidence, created_at, rule, certainty, warnings, units_per_offer, facts)
    select ${tx.tenant}, variant_id, offer_id, state, confidence, evidence, ${tx.now}, rule, certainty, warnings, units_per_offer, facts
      from ${recordset(rows, columns)} as given
     order by variant_id, offer_id
        on conflict (tenant_id, variant_id, offer_id) do update
       set state = excluded.state, confidence = excluded.confidence, evidence = excluded.evidence, rule = excluded.rule, certainty = excluded.certainty,
           warnings = excluded.warnings, units_per_offer = excluded.units_per_offer, facts = excluded.facts
     where ours.state = 'suggested'
       and (ours.state, ours.confidence, ours.rule, ours.certainty, ours.warnings, ours.facts)
           is distinct from (excluded.state, excluded.confidence, excluded.rule, excluded.certainty, excluded.warnings, excluded.facts)`.execute(
    tx.db,
  );
}

/** Their offers became other products: they are not ordered any longer until a person has looked. */
export async function breakMatches(tx: Tx, pairs: readonly { variant_id: string; offer_id: string }[]): Promise<void> {
  if (pairs.length === 0) return;
  await sql`
    update catalog.match as ours set state = 'broken', certainty = 'conflict', warnings = '{changed}'
      from ${recordset(pairs, { variant_id: 'uuid', offer_id: 'uuid' })} as given
     where ours.tenant_id = ${tx.tenant} and ours.variant_id = given.variant_id and ours.offer_id = given.offer_id and ours.state = 'confirmed'`.execute(
    tx.db,
  );
}

export async function matchSettings(tx: Tx): Promise<MatchSettings> {
  const { rows } = await sql<MatchSettings>`
    select auto_exact, cost_least::float8 as cost_least, cost_most::float8 as cost_most from catalog.match_settings where tenant_id = ${tx.tenant}`.execute(
    tx.db,
  );
  return rows[0] ?? defaultMatchSettings;
}

export async function saveMatchSettings(tx: Tx, settings: MatchSettings, by: string): Promise<void> {
  await sql`
    insert into catalog.match_settings (tenant_id, auto_exact, cost_least, cost_most, changed_at, changed_by)
    values (${tx.tenant}, ${settings.auto_exact}, ${settings.cost_least}, ${settings.cost_most}, ${tx.now}, ${by})
        on conflict (tenant_id) do update
       set auto_exact = excluded.auto_exact, cost_least = excluded.cost_least, cost_most = excluded.cost_most, changed_at = excluded.changed_at,
           changed_by = excluded.changed_by`.execute(tx.db);
}
