import { sql } from 'kysely';
import type { Instant } from '#kernel/time';
import type { Tx } from '#platform/db';
import type { Guarded } from './decide-guard.ts';

/**
 * Runs beyond the newest lose their files, older ones their changes as well; a run that waits for a person keeps both. Returns the
 * runs whose files can go.
 */
export async function dropOldRuns(tx: Tx, supplierId: string, keep: { files: number; runs: number }): Promise<string[]> {
  const { rows } = await sql<{ id: string; file: boolean }>`
    with ranked as (
      select id, state, has_file, has_changes, row_number() over (order by started_at desc, id desc) as place
        from catalog.feed_run
       where tenant_id = ${tx.tenant} and supplier_id = ${supplierId} and (has_file or has_changes)
    ), old as (
      select id, has_file and place > ${keep.files} as file, has_changes and place > ${keep.runs} as changes
        from ranked
       where state not in ('held', 'running')
         and not exists (select from catalog.feed_run as again where again.tenant_id = ${tx.tenant} and again.based_on = ranked.id and again.state in ('held', 'running'))
    ), gone as (
      delete from catalog.offer_change using old where offer_change.tenant_id = ${tx.tenant} and offer_change.run_id = old.id and old.changes
    )
    update catalog.feed_run as ours
       set has_file = ours.has_file and not old.file, has_changes = ours.has_changes and not old.changes
      from old
     where ours.tenant_id = ${tx.tenant} and ours.id = old.id and (old.file or old.changes)
    returning ours.id, old.file`.execute(tx.db);
  return rows.filter(({ file }) => file).map(({ id }) => id);
}

/** Which of these runs still need their raw files, or have not been worked on. */
export async function runsWithFiles(tx: Tx, ids: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from catalog.feed_run where tenant_id = ${tx.tenant} and id = any(${[...ids]}::uuid[]) and (has_file or state in ('running', 'held'))`.execute(
    tx.db,
  );
  return rows.map(({ id }) => id);
}

export interface OfferChange {
  offer_id: string;
  supplier_sku: string;
  what: string[];
  flags: string[];
  was_cost: bigint | null;
  cost: bigint | null;
  was_quantity: number | null;
  quantity: number | null;
  was_currency: string | null;
  currency: string | null;
  was_title: string | null;
  title: string | null;
  was_state: string | null;
}

const changeColumns = sql.raw(
  'offer_id, supplier_sku, what, flags, was_cost, cost, was_quantity, quantity, was_currency, currency, was_title, title, was_state',
);

/** What a run changed: of one kind, of flagged rows alone, by number; after the offer that was last. */
export async function changesOf(
  tx: Tx,
  run: string,
  { what, flagged, after, limit }: { what?: string; flagged?: boolean; after: string | null; limit: number },
): Promise<OfferChange[]> {
  const { rows } = await sql<OfferChange>`
    select ${changeColumns} from catalog.offer_change
     where tenant_id = ${tx.tenant} and run_id = ${run}
       and (${what ?? null}::text is null or ${what ?? ''} = any(what))
       and (not ${flagged ?? false} or cardinality(flags) > 0)
       and (${after}::uuid is null or offer_id > ${after})
     order by offer_id
     limit ${limit}`.execute(tx.db);
  return rows;
}

/** The costs that move most, and the stock. */
export async function moversOf(tx: Tx, run: string, limit: number): Promise<OfferChange[]> {
  const { rows } = await sql<OfferChange>`
    select ${changeColumns} from catalog.offer_change
     where tenant_id = ${tx.tenant} and run_id = ${run} and what && array['cost', 'stock', 'gone']
     order by cardinality(flags) desc,
              abs(coalesce(cost, 0) - coalesce(was_cost, 0))::float8 / greatest(was_cost, 1) desc,
              abs(coalesce(quantity, 0) - coalesce(was_quantity, 0)) desc, offer_id
     limit ${limit}`.execute(tx.db);
  return rows;
}

/** How many of each kind, and how many are flagged. */
export async function countChanges(tx: Tx, run: string): Promise<Record<string, number>> {
  const { rows } = await sql<{ what: string; count: number }>`
    select each.kind as what, count(*)::int as count from catalog.offer_change, unnest(what) as each (kind)
     where tenant_id = ${tx.tenant} and run_id = ${run} group by each.kind
    union all
    select 'flagged', count(*)::int from catalog.offer_change where tenant_id = ${tx.tenant} and run_id = ${run} and cardinality(flags) > 0`.execute(
    tx.db,
  );
  return Object.fromEntries(rows.map(({ what, count }) => [what, count]));
}

/** What the guards measured in the last runs of a supplier, the newest first. */
export async function guardHistory(
  tx: Tx,
  supplierId: string,
  runs: number,
): Promise<{ id: string; state: string; at: Instant; guards: Guarded[] }[]> {
  const { rows } = await sql<{ id: string; state: string; at: Instant; guards: Guarded[] }>`
    select id, state, started_at as at, guards from catalog.feed_run
     where tenant_id = ${tx.tenant} and supplier_id = ${supplierId} and kind = 'file' and jsonb_array_length(guards) > 0
     order by started_at desc, id desc limit ${runs}`.execute(tx.db);
  return rows;
}

interface Passed {
  id: string;
  state: string;
  at: Instant;
  has_changes: boolean;
  new_from: string | null;
  new_to: string | null;
}

/** Runs of a supplier that were applied after another, in the order in which they were. */
export async function appliedAfter(tx: Tx, supplierId: string, run: string): Promise<Passed[]> {
  const { rows } = await sql<Passed>`
    select later.id, later.state, later.ended_at as at, later.has_changes, later.new_from, later.new_to
      from catalog.feed_run as target
      join catalog.feed_run as later on later.tenant_id = target.tenant_id and later.supplier_id = target.supplier_id and later.state = 'applied'
       and (later.ended_at, later.id) > (target.ended_at, target.id)
     where target.tenant_id = ${tx.tenant} and target.supplier_id = ${supplierId} and target.id = ${run}
     order by later.ended_at, later.id`.execute(tx.db);
  return rows;
}

/** From what stood after one run to what stood after another: the first value before and the last value after, where they differ. */
export async function netChange(
  tx: Tx,
  runs: readonly string[],
  { after, limit }: { after: string | null; limit: number },
): Promise<OfferChange[]> {
  const { rows } = await sql<OfferChange>`
    with steps as (
      select *, array_position(${[...runs]}::uuid[], run_id) as place from catalog.offer_change
       where tenant_id = ${tx.tenant} and run_id = any(${[...runs]}::uuid[]) and (${after}::uuid is null or offer_id > ${after})
    ), net as (
      select distinct on (offer_id) offer_id, supplier_sku,
             first_value(was_cost) over way as was_cost, last_value(cost) over way as cost,
             first_value(was_quantity) over way as was_quantity, last_value(quantity) over way as quantity,
             first_value(was_currency) over way as was_currency, last_value(currency) over way as currency,
             first_value(was_title) over way as was_title, last_value(title) over way as title,
             first_value(was_state) over way as was_state, last_value(what) over way as last_what
        from steps
      window way as (partition by offer_id order by place rows between unbounded preceding and unbounded following)
    )
    select offer_id, supplier_sku,
           array_remove(array[case when was_quantity is null then 'new' end, case when 'gone' = any(last_what) then 'gone' end,
             case when was_quantity is not null and cost is distinct from was_cost then 'cost' end,
             case when was_quantity is not null and quantity is distinct from was_quantity then 'stock' end,
             case when was_quantity is not null and title is distinct from was_title then 'title' end], null) as what,
           array[]::text[] as flags, was_cost, cost, was_quantity, quantity, was_currency, currency, was_title, title, was_state
      from net
     where (cost, quantity, title) is distinct from (was_cost, was_quantity, was_title) or 'gone' = any(last_what)
     order by offer_id limit ${limit}`.execute(tx.db);
  return rows;
}

/**
 * Offers that keep their figures for some hours only have none left when later files were still without them. Promises stay. Returns
 * how many by supplier.
 */
export async function emptySilent(tx: Tx): Promise<{ supplier_id: string; count: number }[]> {
  const { rows } = await sql<{ supplier_id: string; count: number }>`
    with patient as (
      select supplier_id, complete_at, (settings ->> 'keepHours')::int as hours from catalog.feed
       where tenant_id = ${tx.tenant} and coalesce(settings ->> 'absence', 'keep') = 'keep' and settings ->> 'keepHours' is not null
    ), locked as materialized (
      select offer.id from catalog.offer join patient on patient.supplier_id = offer.supplier_id
       where offer.tenant_id = ${tx.tenant} and offer.quantity > 0 and offer.silent_since < patient.complete_at
         and offer.silent_since <= ${tx.now}::timestamptz - patient.hours * interval '1 hour'
       order by offer.id for no key update of offer
    ), emptied as (
      update catalog.offer as ours set quantity = 0, ceiling = ours.reserved, changed_at = ${tx.now} from locked
       where ours.tenant_id = ${tx.tenant} and ours.id = locked.id
      returning ours.supplier_id
    )
    select supplier_id, count(*)::int as count from emptied group by supplier_id order by supplier_id`.execute(tx.db);
  return rows;
}
