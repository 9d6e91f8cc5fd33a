import { sql } from 'kysely';
import type { Instant } from '#kernel/time';
import { json, type Tx } from '#platform/db';
import type { Guarded } from './decide-guard.ts';
import type { Absence, FeedLimits, FeedPart, FeedStage, FileSeen } from './feed-words.ts';
import { keepable } from './keepable.ts';
import { joinByKey, whatDiffers } from './store-feed.ts';

/** Of new offers so many are shown; of a held file so many of each kind. */
const mostShown = 1_000;
const mostHeld = 10_000;

/** What the rows of `feed_diff` tell beside what the guards on counts need. Moves: how many costs move by more than that many percent. */
export interface DiffTells {
  zeroCost: number;
  damagedTitles: number;
  fresh: number;
  moves: Readonly<Record<10 | 25 | 50 | 100, number>>;
  /** Between which ids all new offers lie; null when there are none. */
  freshIds: { from: string; to: string } | null;
}

export async function diffTells(tx: Tx): Promise<DiffTells> {
  const { rows } = await sql<
    Record<'zero' | 'damaged' | 'fresh' | 'by10' | 'by25' | 'by50' | 'by100', bigint> & {
      first: number | null;
      last: number | null;
      some: string | null;
    }
  >`
    select min(place) filter (where kind = 'new') as first, max(place) filter (where kind = 'new') as last,
           (select left(id::text, 28) from feed_diff where kind = 'new' limit 1) as some,
           count(*) filter (where cost_minor = 0 and was_cost is distinct from 0) as zero,
           count(*) filter (where strpos(title, ${'\ufffd'}) > 0) as damaged, count(*) as fresh,
           count(*) filter (where was_cost > 0 and abs(cost_minor - was_cost) > was_cost * 0.1) as by10,
           count(*) filter (where was_cost > 0 and abs(cost_minor - was_cost) > was_cost * 0.25) as by25,
           count(*) filter (where was_cost > 0 and abs(cost_minor - was_cost) > was_cost * 0.5) as by50,
           count(*) filter (where was_cost > 0 and abs(cost_minor - was_cost) > was_cost) as by100
      from feed_diff where kind in ('new', 'changed')`.execute(tx.db);
  const [told] = rows;
  const idAt = (place: number): string => `${told?.some ?? ''}${place.toString(16).padStart(8, '0')}`;
  return {
    // The ids of new offers end in their places.
    freshIds: told?.some ? { from: idAt(told.first ?? 0), to: idAt(told.last ?? 0) } : null,
    zeroCost: Number(told?.zero),
    damagedTitles: Number(told?.damaged),
    fresh: Number(told?.fresh),
    moves: { 10: Number(told?.by10), 25: Number(told?.by25), 50: Number(told?.by50), 100: Number(told?.by100) },
  };
}

/**
 * Whose numbers these are: of a few of them, how many each other supplier has. Asked only of a file that hardly fits its own supplier,
 * since it looks each of them up at every supplier.
 */
export async function whoseNumbers(tx: Tx, supplierId: string): Promise<{ name: string; share: number } | null> {
  const { rows } = await sql<{ name: string; share: number }>`
    with some_sku as materialized (select sku from feed_said order by place limit 500)
    select supplier.name, found.count::float8 / (select count(*) from some_sku) as share
      from suppliers.v_supplier as supplier
     cross join lateral (
       select count(*) as count from some_sku
        where exists (select from catalog.offer where offer.tenant_id = ${tx.tenant} and offer.supplier_id = supplier.id and offer.supplier_sku = some_sku.sku)
     ) as found
     where supplier.tenant_id = ${tx.tenant} and supplier.id <> ${supplierId} and found.count > 0
     order by found.count desc, supplier.id
     limit 1`.execute(tx.db);
  return rows[0] ?? null;
}

export interface LastFile {
  headers: string[] | null;
  reading: Readonly<Record<string, unknown>>;
  observed_at: Instant;
}

/** What the last applied file of this supplier was like, to hold the next against. */
export async function lastFile(tx: Tx, supplierId: string): Promise<LastFile | null> {
  const { rows } = await sql<LastFile>`
    select headers, reading, observed_at from catalog.feed_run
     where tenant_id = ${tx.tenant} and supplier_id = ${supplierId} and state = 'applied' and kind <> 'rollback' and part is null
     order by started_at desc, id desc limit 1`.execute(tx.db);
  return rows[0] ?? null;
}

export async function waitFor(tx: Tx, supplierId: string): Promise<string> {
  const { rows } = await sql<{ wait_for: string }>`
    select wait_for from catalog.feed where tenant_id = ${tx.tenant} and supplier_id = ${supplierId}`.execute(tx.db);
  return rows[0]?.wait_for ?? '';
}

/** The next file waits for a person, for this reason; '' takes it back. */
export async function setWaitFor(tx: Tx, supplierId: string, why: string): Promise<void> {
  await sql`update catalog.feed set wait_for = ${why.slice(0, 500)} where tenant_id = ${tx.tenant} and supplier_id = ${supplierId}`.execute(
    tx.db,
  );
}

/** Flags by what the guards count: the rows that a person should look at first. */
const flagsOf = (limits: FeedLimits) => sql`array_remove(array[
  case when diff.was_cost > 0 and abs(diff.cost_minor - diff.was_cost) > diff.was_cost * ${limits.costMove}::float8 then 'cost_jump' end,
  case when diff.cost_minor = 0 and diff.was_cost is distinct from 0 then 'zero_cost' end,
  case when diff.was_quantity > 0 and diff.quantity = 0 then 'zeroed' end,
  case when strpos(diff.title, ${'\ufffd'}) > 0 then 'damaged' end], null)`;

/**
 * Leaves of `feed_diff` and `feed_gone` what a person let through. A row that is kept back counts as one that could not be read: what
 * was known of its offer holds, and grows older.
 */
export async function keepBack(tx: Tx, part: FeedPart, limits: FeedLimits): Promise<void> {
  if (!part.flagged)
    await sql`
      update feed_diff as diff set kind = case when kind = 'new' then 'stranger' else 'refused' end
       where kind in ('new', 'changed') and cardinality(${flagsOf(limits)}) > 0`.execute(tx.db);
  if (!part.fresh) await sql`update feed_diff set kind = 'stranger' where kind = 'new'`.execute(tx.db);
  if (!part.gone) await sql`delete from feed_gone`.execute(tx.db);
  if (!part.cost)
    await sql`
      update feed_diff as diff set cost_minor = offer.cost_minor, currency = offer.currency
        from catalog.offer where diff.kind = 'changed' and offer.tenant_id = ${tx.tenant} and offer.id = diff.id`.execute(tx.db);
  if (!part.stock) await sql`update feed_diff set quantity = was_quantity where kind = 'changed'`.execute(tx.db);
  if (!part.texts)
    await sql`
      update feed_diff as diff
         set title = offer.title, brand = offer.brand, gtin = offer.gtin, mpn = offer.mpn, pack_size = offer.pack_size, lead_days = offer.lead_days
        from catalog.offer where diff.kind = 'changed' and offer.tenant_id = ${tx.tenant} and offer.id = diff.id`.execute(tx.db);
  await sql`
    update feed_diff as diff set kind = 'same'
      from catalog.offer
     where diff.kind = 'changed' and not diff.was_silent and offer.tenant_id = ${tx.tenant} and offer.id = diff.id and offer.state <> 'vanished'
       and (diff.cost_minor, diff.currency, diff.quantity, diff.title, diff.brand, diff.gtin, diff.mpn, diff.pack_size, diff.lead_days)
           is not distinct from (offer.cost_minor, offer.currency, offer.quantity, offer.title, offer.brand, offer.gtin, offer.mpn, offer.pack_size, offer.lead_days)`.execute(
    tx.db,
  );
  await sql`
    update feed_diff as diff set what = ${whatDiffers(offerNames)}
      from catalog.offer where diff.kind = 'changed' and offer.tenant_id = ${tx.tenant} and offer.id = diff.id`.execute(tx.db);
  await sql`analyze feed_diff`.execute(tx.db);
  await sql`analyze feed_gone`.execute(tx.db);
}

const offerNames = {
  cost: 'offer.cost_minor',
  stock: 'offer.quantity',
  currency: 'offer.currency',
  title: 'offer.title',
  brand: 'offer.brand',
  gtin: 'offer.gtin',
  mpn: 'offer.mpn',
  pack: 'offer.pack_size',
  lead: 'offer.lead_days',
  state: 'offer.state',
} as const;

export interface Keeping {
  runId: string;
  absence: Absence;
  limits: FeedLimits;
  isHeld: boolean;
}

/**
 * Writes down what changes, or of a held file what would, before it is written to the offers. Of new offers some; all of them lie
 * between two ids, which the run keeps. 50,000 of 1,000,000: 0.5 s.
 */
export async function keepDiff(tx: Tx, { runId, absence, limits, isHeld }: Keeping): Promise<void> {
  const most = isHeld ? sql`limit ${mostHeld}` : sql``;
  const first = isHeld ? sql`cardinality(${flagsOf(limits)}) desc,` : sql``;
  await sql`delete from catalog.offer_change where tenant_id = ${tx.tenant} and run_id = ${runId}`.execute(tx.db);
  await joinByKey(tx, true);
  await sql`
    insert into catalog.offer_change (tenant_id, run_id, offer_id, supplier_sku, what, flags, was_cost, cost, was_quantity, quantity, was_currency, currency,
           was_title, title, was_state)
    (select ${tx.tenant}::uuid, ${runId}::uuid, id, sku, what, ${flagsOf(limits)}, was_cost, cost_minor, was_quantity, quantity, was_currency, currency,
           was_title, title, was_state
      from feed_diff as diff where kind = 'changed' order by ${first} id ${most})
    union all
    (select ${tx.tenant}::uuid, ${runId}::uuid, offer.id, offer.supplier_sku, array['gone'], array[]::text[], offer.cost_minor, offer.cost_minor, offer.quantity,
           case when ${absence} = 'keep' then offer.quantity else 0 end, offer.currency, offer.currency, offer.title, offer.title, offer.state
      from (select id from feed_gone order by id ${most}) as gone
      join catalog.offer as offer on offer.tenant_id = ${tx.tenant} and offer.id = gone.id)
    union all
    (select ${tx.tenant}::uuid, ${runId}::uuid, diff.id, diff.sku, array['new'], ${flagsOf(limits)}, null, diff.cost_minor, null, diff.quantity, null, diff.currency,
           null, diff.title, null
      from feed_diff as diff where kind = 'new' ${isHeld ? sql`order by cardinality(${flagsOf(limits)}) desc, place` : sql``} limit ${mostShown})`.execute(
    tx.db,
  );
  await joinByKey(tx, false);
}

/** What was found out about a run, beside how it ended. */
export interface RunReview {
  runId: string;
  seen: FileSeen | null;
  guards: readonly Guarded[];
  part: FeedPart | null;
  hash: Uint8Array | null;
  endsWhole: boolean | null;
  hasChanges: boolean;
  freshIds: DiffTells['freshIds'];
}

export async function keepReview(tx: Tx, it: RunReview): Promise<void> {
  const reading = { ...it.seen?.reading, ...(it.endsWhole === null ? {} : { endsWhole: it.endsWhole }) };
  await sql`
    update catalog.feed_run
       set guards = ${json(keepable(it.guards))}, part = ${it.part && json(it.part)}, file_hash = ${it.hash && Buffer.from(it.hash)}, has_changes = ${it.hasChanges},
           headers = ${keepable(it.seen?.headers ?? null)}::text[], reading = ${json(keepable(reading))},
           new_from = ${it.freshIds?.from ?? null}, new_to = ${it.freshIds?.to ?? null}
     where tenant_id = ${tx.tenant} and id = ${it.runId}`.execute(tx.db);
}

/** Before a run begins: who brought the file, how and how large it is. The stages come as they are done. */
export async function noteRun(
  tx: Tx,
  run: string,
  it: { kind: 'file' | 'replay'; actor: string; origin: string; bytes: number; basedOn: string | null; hasFile: boolean },
): Promise<void> {
  await sql`
    update catalog.feed_run
       set kind = ${it.kind}, actor = ${it.actor}, origin = ${it.origin}, bytes = ${it.bytes}, based_on = ${it.basedOn}, has_file = ${it.hasFile}
     where tenant_id = ${tx.tenant} and id = ${run}`.execute(tx.db);
}

export async function noteStages(tx: Tx, run: string, stages: readonly FeedStage[]): Promise<void> {
  await sql`update catalog.feed_run set stages = ${json(stages.map(({ name, at, ms }) => ({ name, at: at.toString(), ms })))} where tenant_id = ${tx.tenant} and id = ${run}`.execute(
    tx.db,
  );
}
