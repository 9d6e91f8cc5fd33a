import { type RawBuilder, sql } from 'kysely';
import type { Instant } from '#kernel/time';
import { copyInto, copyOutBinary, readOnlyValue, type Tx } from '#platform/db';
import type { Absence, FeedLimits, RefusedRow } from './feed-words.ts';
import type { Prints } from './prints.ts';

/**
 * The tables of one import, seen by its transaction alone: `feed_said` what the file says, `feed_lost` lines that it no longer has,
 * `feed_diff` what would change, `feed_gone` offers that are no longer told of.
 */
export async function makeStaging(tx: Tx): Promise<void> {
  await sql`set local work_mem = '128MB'`.execute(tx.db);
  // One statement may have millions of rows before it.
  await sql`set local statement_timeout = '30min'`.execute(tx.db);
  // Statistics of a moment, for tables whose size is all that the planner has to know.
  await sql`set local default_statistics_target = 5`.execute(tx.db);
  await sql`create temp table feed_said (
    place int, line int, sku text, title text, brand text, gtin text, mpn text, cost_minor bigint, currency text, quantity int, available boolean,
    pack_size int, lead_days int, print bigint, refused boolean) on commit drop`.execute(tx.db);
  await sql`create temp table feed_lost (print bigint) on commit drop`.execute(tx.db);
  await sql`create temp table feed_gone (id uuid) on commit drop`.execute(tx.db);
  await sql`create temp table feed_diff (
    kind text, id uuid, place int, sku text, title text, brand text, gtin text, mpn text, cost_minor bigint, currency text, quantity int, pack_size int,
    lead_days int, print bigint, was_print bigint, was_quantity int, was_cost bigint, was_silent boolean, was_title text, was_currency text, was_state text,
    what text[]) on commit drop`.execute(tx.db);
}

export const saidColumns = [
  'place',
  'line',
  'sku',
  'title',
  'brand',
  'gtin',
  'mpn',
  'cost_minor',
  'currency',
  'quantity',
  'available',
  'pack_size',
  'lead_days',
  'print',
  'refused',
] as const;

/** Rows whose number stands again further down, and the lines of all rows with such a number. */
export interface Repeated {
  count: number;
  first: RefusedRow[];
  lines: Int32Array;
}

/**
 * Of rows with one number the last readable one stays; their lines are read anew next time, since a line alone does not tell which of
 * them counts. Returns how many readable ones went, the first of them, and the lines of all. A million rows: 0.5 s.
 */
export async function dropRepeated(tx: Tx, most: number): Promise<Repeated> {
  await sql`analyze feed_said`.execute(tx.db);
  await sql`create temp table feed_twice (sku text, place int) on commit drop`.execute(tx.db);
  const { numAffectedRows } = await sql`
    insert into feed_twice
    select sku, coalesce(max(place) filter (where not refused), max(place)) from feed_said group by sku having count(*) > 1`.execute(tx.db);
  if (numAffectedRows === 0n) return { count: 0, first: [], lines: new Int32Array(0) };
  await sql`create temp table feed_repeated (place int, line int, sku text, refused boolean, counts_on int) on commit drop`.execute(tx.db);
  await sql`
    insert into feed_repeated
    select said.place, said.line, said.sku, said.refused, case when said.place <> twice.place then stays.line end
      from feed_twice as twice
      join feed_said as said on said.sku = twice.sku
      join feed_said as stays on stays.place = twice.place`.execute(tx.db);
  await sql`update feed_said as said set print = null from feed_twice as twice where said.place = twice.place`.execute(tx.db);
  await sql`delete from feed_said as said using feed_twice as twice where said.sku = twice.sku and said.place <> twice.place`.execute(
    tx.db,
  );
  const { rows } = await sql<{ line: number; sku: string; by: number; count: bigint }>`
    select line, left(sku, 200) as sku, counts_on as by, count(*) over () as count
      from feed_repeated where counts_on is not null and not refused order by place limit ${most}`.execute(tx.db);
  return {
    count: Number(rows[0]?.count ?? 0n),
    first: rows.map(({ line, sku, by }) => ({
      line,
      field: 'supplierSku',
      value: sku,
      why: `The same number stands on line ${by} again, which counts`,
    })),
    lines: await linesOf(tx),
  };
}

/** By COPY and in one value: of a file in which every number stands twice these are as many as its rows. */
async function linesOf(tx: Tx): Promise<Int32Array> {
  const bytes = await readOnlyValue(copyOutBinary(tx, `select string_agg(int4send(line), ''::bytea) from feed_repeated`));
  const view = bytes && new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Int32Array.from({ length: (bytes?.length ?? 0) / 4 }, (_, at) => view?.getInt32(4 * at) ?? 0);
}

export interface Comparing {
  supplierId: string;
  currency: string;
  wordUnits: number | null;
  /** A uuid whose last eight digits are replaced by the place of a new offer's row, so that ids are in the file's order. */
  firstId: string;
  /** Whether lines were held against the file before: then what is not in `feed_said` is as it was, unless its line is lost. */
  byLines: boolean;
}

const wasNames = {
  cost: 'was_cost',
  stock: 'was_quantity',
  currency: 'was_currency',
  title: 'was_title',
  brand: 'was_brand',
  gtin: 'was_gtin',
  mpn: 'was_mpn',
  pack: 'was_pack',
  lead: 'was_lead',
  state: 'was_state',
} as const;

/** The names of what differs between a row of `feed_diff` and its offer, whose columns `was` names. */
export const whatDiffers = (was: Readonly<Record<keyof typeof wasNames, string>>) => {
  const of = (name: keyof typeof wasNames) => sql.ref(was[name]);
  return sql`array_remove(array[
    case when diff.cost_minor is distinct from ${of('cost')} then 'cost' end,
    case when diff.quantity <> ${of('stock')} then 'stock' end,
    case when diff.currency <> ${of('currency')} then 'currency' end,
    case when diff.title <> ${of('title')} then 'title' end,
    case when diff.brand <> ${of('brand')} then 'brand' end,
    case when diff.gtin is distinct from ${of('gtin')} then 'gtin' end,
    case when diff.mpn is distinct from ${of('mpn')} then 'mpn' end,
    case when diff.pack_size <> ${of('pack')} then 'pack' end,
    case when diff.lead_days is distinct from ${of('lead')} then 'lead' end,
    case when diff.was_silent or ${of('state')} = 'vanished' then 'back' end], null)`;
};

/**
 * What the rows would change. What a row does not say stays as it was. All kinds are kept when few rows were read, since the guard
 * against a number that stands on a known line as well needs them. 1,000,000 rows against 1,000,000 offers: 1.8 s; 50,000: 0.4 s.
 */
export async function compare(tx: Tx, how: Comparing): Promise<void> {
  // A few rows find their offers by key; the planner would rather walk a million offers for them.
  if (how.byLines) await joinByKey(tx, true);
  await sql`
    insert into feed_diff
    with held as (
      select said.place, said.sku, said.refused, said.print, offer.id,
             coalesce(said.title, offer.title, '') as title, coalesce(said.brand, offer.brand, '') as brand, coalesce(said.gtin, offer.gtin) as gtin,
             coalesce(said.mpn, offer.mpn) as mpn, coalesce(said.cost_minor, offer.cost_minor) as cost_minor,
             case when said.cost_minor is null then coalesce(offer.currency, said.currency, ${how.currency}) else coalesce(said.currency, ${how.currency}) end as currency,
             coalesce(said.quantity, case when said.available then ${how.wordUnits}::int end, offer.quantity, 0) as quantity,
             coalesce(said.pack_size, offer.pack_size, 1) as pack_size, coalesce(said.lead_days, offer.lead_days) as lead_days,
             offer.row_print as was_print, offer.quantity as was_quantity, offer.cost_minor as was_cost, offer.silent_since is not null as was_silent,
             offer.title as was_title, offer.brand as was_brand, offer.gtin as was_gtin, offer.mpn as was_mpn, offer.currency as was_currency,
             offer.pack_size as was_pack, offer.lead_days as was_lead, offer.state as was_state
        from feed_said as said
        left join catalog.offer as offer on offer.tenant_id = ${tx.tenant} and offer.supplier_id = ${how.supplierId} and offer.supplier_sku = said.sku
    ), judged as (
      select case when refused then case when id is null then 'stranger' else 'refused' end
                  when id is null then 'new'
                  when quantity <> was_quantity or cost_minor is distinct from was_cost or currency <> was_currency or title <> was_title
                    or brand <> was_brand or gtin is distinct from was_gtin or mpn is distinct from was_mpn or pack_size <> was_pack
                    or lead_days is distinct from was_lead or was_silent or was_state = 'vanished' then 'changed'
                  when print is distinct from was_print then 'stamp'
                  else 'same' end as kind, *
        from held
    )
    select kind, coalesce(id, (left(${how.firstId}, 28) || lpad(to_hex(place), 8, '0'))::uuid), place, sku, title, brand, gtin, mpn, cost_minor, currency,
           quantity, pack_size, lead_days, print, was_print, was_quantity, was_cost, was_silent, was_title, was_currency, was_state,
           case when kind = 'changed' then ${whatDiffers(wasNames)} end
      from judged as diff
     where ${how.byLines} or kind in ('new', 'changed', 'stamp', 'refused')`.execute(tx.db);
  if (how.byLines) await joinByKey(tx, false);
  await sql`analyze feed_diff`.execute(tx.db);
}

/** Whether the supplier has no offers yet. */
export async function hasNone(tx: Tx, supplierId: string): Promise<boolean> {
  const { rows } = await sql`
    select from catalog.offer where tenant_id = ${tx.tenant} and supplier_id = ${supplierId} limit 1`.execute(tx.db);
  return rows.length === 0;
}

/** The same where there are no offers yet: what the rows change is what they say, and a second copy of a million of them takes 2 s. */
export async function compareFirst(tx: Tx, { currency, wordUnits, firstId }: Comparing): Promise<void> {
  await sql`drop table feed_diff`.execute(tx.db);
  await sql`
    create temp view feed_diff as
    select 'new'::text as kind, (${sql.lit(firstId.slice(0, 28))} || lpad(to_hex(place), 8, '0'))::uuid as id, place, sku, coalesce(title, '') as title,
           coalesce(brand, '') as brand, gtin, mpn, cost_minor, coalesce(currency, ${sql.lit(currency)}) as currency,
           coalesce(quantity, case when available then ${sql.lit(wordUnits)}::int end, 0) as quantity, coalesce(pack_size, 1) as pack_size, lead_days, print,
           null::bigint as was_print, null::int as was_quantity, null::bigint as was_cost, false as was_silent, null::text as was_title,
           null::text as was_currency, null::text as was_state, null::text[] as what
      from feed_said where not refused`.execute(tx.db);
}

/**
 * Whether the rows read anew are those of the lost lines, one for one. Held by their number and the sums of their halves: then
 * nothing is gone and nothing stands twice, and the lost lines need not be told to the database.
 */
export async function accountsFor(tx: Tx, lost: Prints, unlisted: number): Promise<boolean> {
  const { rows } = await sql<{ lost: bigint; unlisted: bigint; high: string; low: string }>`
    select count(was_print) as lost, count(*) filter (where was_print is null and not was_silent and kind not in ('new', 'stranger')) as unlisted,
           coalesce(sum((was_print >> 32) & 4294967295), 0)::text as high, coalesce(sum(was_print & 4294967295), 0)::text as low
      from feed_diff`.execute(tx.db);
  const [told] = rows;
  const sums = lost.sums();
  return (
    Number(told?.lost) === lost.length &&
    Number(told?.unlisted) === unlisted &&
    told?.high === String(sums.high) &&
    told.low === String(sums.low)
  );
}

/**
 * Tells which lines are lost. True when a number was read anew although its line of before is still there: it stands twice, and only
 * the whole file tells which one is the last.
 */
export async function standsTwice(tx: Tx, lost: Prints): Promise<boolean> {
  function* rows(): Generator<[bigint]> {
    for (let place = 0; place < lost.length; place += 1) yield [lost.at(place)];
  }
  await copyInto(tx, 'feed_lost', ['print'], rows());
  await sql`analyze feed_lost`.execute(tx.db);
  const { rows: found } = await sql`
    select from feed_diff where was_print is not null and was_print not in (select print from feed_lost) limit 1`.execute(tx.db);
  return found.length > 0;
}

/**
 * Offers that the file no longer tells of: returns how many. By lines, those whose line is lost, or was read each time, and that were
 * not read now; otherwise all that are not in the file. A refused row is no absence.
 */
export async function findGone(tx: Tx, supplierId: string, absence: Absence, byLines: boolean): Promise<number> {
  const { numAffectedRows } = await sql`
    insert into feed_gone
    select offer.id
      from catalog.offer as offer
     where offer.tenant_id = ${tx.tenant} and offer.supplier_id = ${supplierId}
       and (not ${byLines} or offer.row_print is null or offer.row_print in (select print from feed_lost))
       and (offer.silent_since is null
            or (${absence} = 'zero' and offer.quantity > 0) or (${absence} = 'vanish' and offer.state <> 'vanished'))
       and not exists (select from feed_said as said where said.sku = offer.supplier_sku)`.execute(tx.db);
  await sql`analyze feed_gone`.execute(tx.db);
  return Number(numAffectedRows ?? 0n);
}

/** Whether there are offers whose row could not be read before, that are not told of now either, and that the rule has something left to do to. */
export async function silentLeft(tx: Tx, supplierId: string, absence: Absence): Promise<boolean> {
  if (absence === 'keep') return false;
  const { rows } = await sql`
    select from catalog.offer as offer
     where offer.tenant_id = ${tx.tenant} and offer.supplier_id = ${supplierId} and offer.silent_since is not null
       and case when ${absence} = 'zero' then offer.quantity > 0 else offer.state <> 'vanished' end
       and not exists (select from feed_said as said where said.sku = offer.supplier_sku)
     limit 1`.execute(tx.db);
  return rows.length > 0;
}

/**
 * For the statements until it is taken back: rows are found one by one by their key, in the order that they are given in. Offers that
 * came a moment ago have no statistics yet, and the planner, taking them for a handful, would walk all of them for each row.
 */
export async function joinByKey(tx: Tx, wanted: boolean): Promise<void> {
  const setting = sql.raw(wanted ? 'off' : 'on');
  await sql`set local enable_hashjoin = ${setting}`.execute(tx.db);
  await sql`set local enable_mergejoin = ${setting}`.execute(tx.db);
  await sql`set local enable_material = ${setting}`.execute(tx.db);
}

export interface Totals {
  fresh: number;
  changed: number;
  costMoved: number;
  zeroed: number;
}

export async function totals(tx: Tx, limits: FeedLimits): Promise<Totals> {
  const { rows } = await sql<{ fresh: bigint; changed: bigint; moved: bigint; zeroed: bigint }>`
    select count(*) filter (where kind = 'new') as fresh, count(*) filter (where kind = 'changed') as changed,
           count(*) filter (where kind = 'changed' and was_cost > 0 and abs(cost_minor - was_cost) > was_cost * ${limits.costMove}::float8) as moved,
           count(*) filter (where kind = 'changed' and was_quantity > 0 and quantity = 0) as zeroed
      from feed_diff`.execute(tx.db);
  const [sums] = rows;
  return { fresh: Number(sums?.fresh), changed: Number(sums?.changed), costMoved: Number(sums?.moved), zeroed: Number(sums?.zeroed) };
}

/** Offers of this file, with stock told, that have promises from before that moment. */
export async function offersToReflect(tx: Tx, supplierId: string, before: Instant): Promise<string[]> {
  const { rows } = await sql<{ offer_id: string }>`
    select distinct promised.offer_id
      from routing.v_allocation as promised
      join catalog.offer as offer on offer.tenant_id = promised.tenant_id and offer.id = promised.offer_id
     where promised.tenant_id = ${tx.tenant} and promised.supplier_id = ${supplierId} and promised.state = 'live' and promised.created_at < ${before}
       and (offer.silent_since is null or exists (select from feed_diff as diff where diff.id = offer.id and diff.kind = 'changed'))
       and not exists (select from feed_gone as gone where gone.id = offer.id)
       and not exists (select from feed_said as said where said.sku = offer.supplier_sku and (said.refused or (said.quantity is null)))`.execute(
    tx.db,
  );
  return rows.map(({ offer_id }) => offer_id);
}

/** Variants whose confirmed offers this feed changes or no longer tells of; a query in brackets. */
export const variantsChanged = (tx: Tx): RawBuilder<unknown> => sql`(
  select match.variant_id
    from (select id from feed_diff where kind = 'changed' union all select id from feed_gone) as changed
    join catalog.match on match.tenant_id = ${tx.tenant} and match.offer_id = changed.id and match.state = 'confirmed')`;
