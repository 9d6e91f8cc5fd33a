import { sql } from 'kysely';
import type { Instant } from '#kernel/time';
import { json, type Tx } from '#platform/db';
import { offersTouched } from './availability/store-signals.ts';

/** Runs to go back over, in the order in which they were applied, and what offers they brought. */
export interface GoingBack {
  supplierId: string;
  /** The run of the going back itself. */
  runId: string;
  target: { id: string; observed_at: Instant };
  over: readonly { id: string; new_from: string | null; new_to: string | null }[];
  actor: string;
}

/**
 * Puts stock and cost of a supplier's offers back to what they were after an earlier run, and writes down what that changes, so that
 * it can be taken back as well. Offers that came since then have none left and vanish; what is promised stays promised. Returns how
 * many offers change.
 */
export async function goBack(tx: Tx, it: GoingBack): Promise<{ changed: number; vanished: number }> {
  await sql`select from catalog.feed where tenant_id = ${tx.tenant} and supplier_id = ${it.supplierId} for update`.execute(tx.db);
  await sql`
    insert into catalog.feed_run (tenant_id, id, supplier_id, name, state, observed_at, started_at, ended_at, kind, actor, origin, based_on, has_changes)
    values (${tx.tenant}, ${it.runId}, ${it.supplierId}, 'Roll back', 'applied', ${it.target.observed_at}, ${tx.now}, ${tx.now}, 'rollback', ${it.actor}, '', ${it.target.id}, true)`.execute(
    tx.db,
  );
  // First, as one that came since and was changed again goes as well.
  const vanished = await noteVanishing(tx, it);
  const changed = await noteBack(tx, it);
  await sql`
    with locked as materialized (
      select offer.id from catalog.offer join catalog.offer_change as back on back.tenant_id = offer.tenant_id and back.offer_id = offer.id
       where offer.tenant_id = ${tx.tenant} and back.run_id = ${it.runId}
       order by offer.id for no key update of offer
    )
    update catalog.offer as ours
       set cost_minor = back.cost, currency = back.currency, quantity = back.quantity,
           ceiling = greatest(back.quantity - ours.buffer, ours.reserved, 0),
           state = case when ours.state = 'held' then 'held' when 'gone' = any(back.what) then 'vanished' else 'live' end,
           observed_at = ${it.target.observed_at}, silent_since = coalesce(ours.silent_since, ${tx.now}), changed_at = ${tx.now}, feed_run_id = ${it.runId}, row_print = null
      from locked join catalog.offer_change as back on back.tenant_id = ${tx.tenant} and back.run_id = ${it.runId} and back.offer_id = locked.id
     where ours.tenant_id = ${tx.tenant} and ours.id = locked.id`.execute(tx.db);
  await sql`
    update catalog.feed_run set rows_read = ${changed + vanished}, rows_changed = ${changed}, rows_gone = ${vanished}, stages = ${json([])}
     where tenant_id = ${tx.tenant} and id = ${it.runId}`.execute(tx.db);
  await offersTouched(tx, {
    of: sql`(select offer_id from catalog.offer_change where tenant_id = ${tx.tenant} and run_id = ${it.runId})`,
    costs: true,
  });
  return { changed, vanished };
}

/** Each offer's oldest value before any of the runs, where it is another than now. */
async function noteBack(tx: Tx, { runId, over }: GoingBack): Promise<number> {
  const runs = over.map(({ id }) => id);
  const { numAffectedRows } = await sql`
    insert into catalog.offer_change (tenant_id, run_id, offer_id, supplier_sku, what, was_cost, cost, was_quantity, quantity, was_currency, currency, was_title, title, was_state)
    select ${tx.tenant}::uuid, ${runId}::uuid, offer.id, offer.supplier_sku,
           array_remove(array[case when first.was_cost is distinct from offer.cost_minor then 'cost' end,
                              case when first.was_quantity <> offer.quantity then 'stock' end,
                              case when first.was_currency <> offer.currency then 'currency' end,
                              case when first.was_state = 'vanished' and offer.state <> 'vanished' then 'gone' end,
                              case when first.was_state <> 'vanished' and offer.state = 'vanished' then 'back' end], null),
           offer.cost_minor, first.was_cost, offer.quantity, first.was_quantity, offer.currency, first.was_currency, offer.title, offer.title, offer.state
      from (select distinct on (offer_id) offer_id, was_cost, was_quantity, was_currency, was_state, what
              from catalog.offer_change
             where tenant_id = ${tx.tenant} and run_id = any(${runs}::uuid[])
             order by offer_id, array_position(${runs}::uuid[], run_id)) as first
      join catalog.offer as offer on offer.tenant_id = ${tx.tenant} and offer.id = first.offer_id
     where first.was_quantity is not null
       and (first.was_cost is distinct from offer.cost_minor or first.was_quantity <> offer.quantity or first.was_currency <> offer.currency
            or (first.was_state = 'vanished') <> (offer.state = 'vanished'))
        on conflict do nothing`.execute(tx.db);
  return Number(numAffectedRows ?? 0n);
}

async function noteVanishing(tx: Tx, { runId, over, supplierId }: GoingBack): Promise<number> {
  const ranges = over.flatMap(({ new_from, new_to }) => (new_from && new_to ? [{ new_from, new_to }] : []));
  const { numAffectedRows } = await sql`
    insert into catalog.offer_change (tenant_id, run_id, offer_id, supplier_sku, what, was_cost, cost, was_quantity, quantity, was_currency, currency, was_title, title, was_state)
    select ${tx.tenant}::uuid, ${runId}::uuid, id, supplier_sku, array['gone'], cost_minor, cost_minor, quantity, 0, currency, currency, title, title, state
      from catalog.offer
     where tenant_id = ${tx.tenant} and supplier_id = ${supplierId} and state <> 'vanished'
       and exists (select from jsonb_to_recordset(${json(ranges)}) as range (new_from uuid, new_to uuid) where offer.id between range.new_from and range.new_to)`.execute(
    tx.db,
  );
  return Number(numAffectedRows ?? 0n);
}
