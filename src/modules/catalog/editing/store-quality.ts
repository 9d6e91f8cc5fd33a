import { type RawBuilder, sql } from 'kysely';
import { json, type Tx } from '#platform/db';

/** Fields that a variant can be required to have. */
export const requirable = ['brand', 'category', 'gtin', 'mpn', 'weight', 'price'] as const;
export type Requirable = (typeof requirable)[number];

/** By store's code; `*` is everywhere. */
export type Required = Readonly<Record<string, readonly Requirable[]>>;

const defaultRequired: Required = { '*': ['brand', 'gtin'] };

export const problemKinds = [
  'missing',
  'gtin_wrong',
  'gtin_twice',
  'mpn_twice',
  'title_twice',
  'below_cost',
  'price_odd',
  'no_offer',
] as const;
export type ProblemKind = (typeof problemKinds)[number];

export async function requiredFields(tx: Tx): Promise<Required> {
  const { rows } = await sql<{ required: Required }>`
    select required from catalog.quality_settings where tenant_id = ${tx.tenant}`.execute(tx.db);
  return rows[0]?.required ?? defaultRequired;
}

export async function saveRequired(tx: Tx, required: Required, by: string): Promise<void> {
  await sql`
    insert into catalog.quality_settings (tenant_id, required, changed_at, changed_by) values (${tx.tenant}, ${json(required)}, ${tx.now}, ${by})
        on conflict (tenant_id) do update set required = excluded.required, changed_at = excluded.changed_at, changed_by = excluded.changed_by`.execute(
    tx.db,
  );
}

const isEmpty: Readonly<Record<Requirable, RawBuilder<unknown>>> = {
  brand: sql`variant.brand = ''`,
  category: sql`variant.category = ''`,
  gtin: sql`variant.gtin is null`,
  mpn: sql`variant.mpn is null`,
  weight: sql`variant.weight_grams is null`,
  price: sql`variant.price_minor is null`,
};

/** The fields that a variant lacks, as an array: those required everywhere, and those of a store that lists it. */
function missingOf(tx: Tx, required: Required): RawBuilder<unknown> {
  const wheres = Object.entries(required).flatMap(([code, fields]) =>
    fields.map((field) => {
      const listed =
        code === '*'
          ? sql`true`
          : sql`exists (select from catalog.listing join channels.v_channel as channel on channel.tenant_id = listing.tenant_id and channel.id = listing.channel_id
                  where listing.tenant_id = ${tx.tenant} and listing.variant_id = variant.id and channel.code = ${code})`;
      return sql`case when ${isEmpty[field]} and ${listed} then ${field} end`;
    }),
  );
  return wheres.length === 0 ? sql`'{}'::text[]` : sql`array_remove(array[${sql.join(wheres)}]::text[], null)`;
}

/** An odd price is this many times its category's middle one, or that part of it; of so many variants at least. */
const oddTimes = 10;
const fewestPriced = 5;

/**
 * What is wrong with what we sell, one row for each variant and kind, by rules that look at the whole catalog at once. 100,000 variants:
 * 1.1 s for all kinds, 0.1 to 0.5 s for one.
 */
export function problemsOf(tx: Tx, required: Required, only?: ProblemKind): RawBuilder<unknown> {
  const here = sql`variant.tenant_id = ${tx.tenant}`;
  const twice = (by: RawBuilder<unknown>, where: RawBuilder<unknown>, kind: ProblemKind): RawBuilder<unknown> => sql`
    select variant.id, ${kind}::text as kind, 'the same as ' || string_agg(variant.sku, ', ') over (partition by ${by}) as detail, count(*) over (partition by ${by}) as times
      from catalog.variant where ${here} and ${where}`;
  const parts: Readonly<Record<ProblemKind, RawBuilder<unknown>>> = {
    missing: sql`
      select id, 'missing' as kind, 'has no ' || array_to_string(lacks, ', ') as detail
        from (select variant.id, ${missingOf(tx, required)} as lacks from catalog.variant where ${here}) as variant where cardinality(lacks) > 0`,
    gtin_wrong: sql`
      select variant.id, 'gtin_wrong' as kind, variant.gtin || ' has a wrong length or check digit' as detail from catalog.variant
       where ${here} and variant.gtin is not null
         and (variant.gtin !~ '^[0-9]{8,14}$'
              or (select sum(substr(lpad(variant.gtin, 14, '0'), place, 1)::int * case when place % 2 = 1 then 3 else 1 end) from generate_series(1, 14) as place) % 10 <> 0)`,
    gtin_twice: sql`select id, kind, detail from (${twice(sql`variant.gtin`, sql`variant.gtin is not null`, 'gtin_twice')}) as t where times > 1`,
    mpn_twice: sql`select id, kind, detail from (${twice(sql`lower(variant.brand), lower(variant.mpn)`, sql`variant.mpn is not null and variant.brand <> ''`, 'mpn_twice')}) as t where times > 1`,
    title_twice: sql`select id, kind, detail from (${twice(sql`lower(variant.title)`, sql`true`, 'title_twice')}) as t where times > 1`,
    below_cost: sql`
      select variant.id, 'below_cost' as kind, 'sells for ' || variant.price_minor || ', costs ' || min(offer.cost_minor) || ' ' || variant.currency || ' at least (minor units)' as detail
        from catalog.variant
        join catalog.match on match.tenant_id = variant.tenant_id and match.variant_id = variant.id and match.state = 'confirmed' and match.units_per_offer = 1
        join catalog.offer on offer.tenant_id = variant.tenant_id and offer.id = match.offer_id and offer.state = 'live' and offer.currency = variant.currency
       where ${here} and variant.price_minor is not null
       group by variant.id, variant.price_minor, variant.currency having variant.price_minor < min(offer.cost_minor)`,
    price_odd: sql`
      select variant.id, 'price_odd' as kind, 'is far from the ' || middle.price::bigint || ' of its category (minor units)' as detail
        from catalog.variant
        join (select category, currency, percentile_cont(0.5) within group (order by price_minor) as price from catalog.variant
               where ${here} and category <> '' and price_minor is not null group by category, currency having count(*) >= ${fewestPriced}) as middle
          on middle.category = variant.category and middle.currency = variant.currency
       where ${here} and (variant.price_minor > middle.price * ${oddTimes} or variant.price_minor * ${oddTimes} < middle.price)`,
    no_offer: sql`
      select variant.id, 'no_offer' as kind, 'no supplier offers it' as detail from catalog.variant
       where ${here} and not exists (select from catalog.match where match.tenant_id = ${tx.tenant} and match.variant_id = variant.id and match.state = 'confirmed')`,
  };
  return sql.join(only === undefined ? Object.values(parts) : [parts[only]], sql` union all `);
}

/** How many variants have each kind of problem. */
export async function countProblems(tx: Tx): Promise<{ kind: ProblemKind; count: number }[]> {
  const { rows } = await sql<{ kind: ProblemKind; count: number }>`
    select kind, count(*)::int as count from (${problemsOf(tx, await requiredFields(tx))}) as found group by kind order by count desc, kind`.execute(
    tx.db,
  );
  return rows;
}

/** What is wrong with these variants, in words. */
export async function problemsWith(tx: Tx, ids: readonly string[]): Promise<{ id: string; kind: ProblemKind; detail: string }[]> {
  const { rows } = await sql<{ id: string; kind: ProblemKind; detail: string }>`
    select id, kind, left(detail, 300) as detail from (${problemsOf(tx, await requiredFields(tx))}) as found
     where id = any(${ids}::uuid[]) order by id, kind`.execute(tx.db);
  return rows;
}
