import { type RawBuilder, sql } from 'kysely';
import { after, type Instant } from '#kernel/time';
import { json, type Tx } from '#platform/db';
import type { LeftOut } from './store-prices.ts';

const undoMinutes = 15;

export interface Publication {
  id: string;
  preview_id: string;
  state: 'scheduled' | 'done' | 'undone' | 'cancelled' | 'failed';
  scope: 'all' | 'new';
  anyway: boolean;
  due_at: Instant | null;
  version: number | null;
  before_version: number | null;
  published: number;
  left_out: LeftOut[];
  note: string;
  by: string;
  made_at: Instant;
  done_at: Instant | null;
  undo_until: Instant | null;
  undone_at: Instant | null;
}

export async function addPublication(
  tx: Tx,
  one: Pick<Publication, 'preview_id' | 'scope' | 'anyway' | 'due_at' | 'note' | 'by'>,
): Promise<Publication> {
  const id = tx.newId();
  await sql`
    insert into catalog.price_publication (tenant_id, id, preview_id, state, scope, anyway, due_at, note, by, made_at)
    values (${tx.tenant}, ${id}, ${one.preview_id}, 'scheduled', ${one.scope}, ${one.anyway}, ${one.due_at ?? tx.now}, ${one.note}, ${one.by}, ${tx.now})`.execute(
    tx.db,
  );
  const made = await findPublication(tx, id);
  if (!made) throw new Error('a publication that was just written is not there');
  return made;
}

/** Locked until the transaction ends. */
export async function findPublication(tx: Tx, id: string): Promise<Publication | null> {
  const { rows } = await sql<Publication>`
    select id, preview_id, state, scope, anyway, due_at, version, before_version, published, left_out, note, by, made_at, done_at, undo_until, undone_at
      from catalog.price_publication where tenant_id = ${tx.tenant} and id = ${id} for update`.execute(tx.db);
  return rows[0] ?? null;
}

export async function publications(tx: Tx, limit: number): Promise<Publication[]> {
  const { rows } = await sql<Publication>`
    select id, preview_id, state, scope, anyway, due_at, version, before_version, published, left_out, note, by, made_at, done_at, undo_until, undone_at
      from catalog.price_publication where tenant_id = ${tx.tenant} order by made_at desc, id desc limit ${limit}`.execute(tx.db);
  return rows;
}

/** The one that has been due longest; others that work on theirs are passed over. */
export async function nextDuePublication(tx: Tx): Promise<string | null> {
  const { rows } = await sql<{ id: string }>`
    select id from catalog.price_publication
     where tenant_id = ${tx.tenant} and state = 'scheduled' and due_at <= ${tx.now}
     order by due_at, id limit 1 for update skip locked`.execute(tx.db);
  return rows[0]?.id ?? null;
}

export async function publicationDone(
  tx: Tx,
  id: string,
  it: { version: number; before: number; published: number; leftOut: readonly LeftOut[] },
): Promise<Instant> {
  const until = after(tx.now, { minutes: undoMinutes });
  await sql`
    update catalog.price_publication
       set state = 'done', version = ${it.version}, before_version = ${it.before}, published = ${it.published}, left_out = ${json(it.leftOut)},
           done_at = ${tx.now}, undo_until = ${until}
     where tenant_id = ${tx.tenant} and id = ${id}`.execute(tx.db);
  return until;
}

export async function endPublication(tx: Tx, id: string, state: 'cancelled' | 'failed', note: string): Promise<void> {
  await sql`
    update catalog.price_publication set state = ${state}, note = left(${note}, 500), done_at = ${tx.now}
     where tenant_id = ${tx.tenant} and id = ${id} and state = 'scheduled'`.execute(tx.db);
}

/**
 * Puts back the prices that this publication replaced, where they are still the ones it wrote; a listing that had none has none again.
 * Returns how many are back, and how many somebody had changed since.
 */
export async function putBackPrices(
  tx: Tx,
  id: string,
  by: string,
): Promise<{ back: { channel_id: string; sku: string }[]; left: number }> {
  const { rows } = await sql<{ channel_id: string; sku: string; had: boolean; is_back: boolean }>`
    with written as (
      select history.channel_id, history.sku, history.id, history.before,
             coalesce(ours.publication_id = ${id}::uuid, false) as is_back
        from catalog.price_history as history
        left join catalog.listing_price as ours on ours.tenant_id = ${tx.tenant} and ours.channel_id = history.channel_id and ours.sku = history.sku
       where history.tenant_id = ${tx.tenant} and history.publication_id = ${id}::uuid and history.undone_at is null
    ), emptied as (
      delete from catalog.listing_price as ours using written
       where ours.tenant_id = ${tx.tenant} and ours.channel_id = written.channel_id and ours.sku = written.sku and written.is_back and written.before is null
    ), returned as (
      update catalog.listing_price as ours
         set price_minor = old.price_minor, compare_minor = old.compare_minor, currency = old.currency, breaks = old.breaks, rule_id = old.rule_id,
             rule_name = old.rule_name, policy_version = old.policy_version, why = old.why, cost_minor = old.cost_minor,
             cost_currency = old.cost_currency, offer_id = old.offer_id, publication_id = old.publication_id, by = ${by}, published_at = ${tx.now}
        from written cross join lateral jsonb_populate_record(null::catalog.listing_price, written.before) as old
       where ours.tenant_id = ${tx.tenant} and ours.channel_id = written.channel_id and ours.sku = written.sku and written.is_back and written.before is not null
    ), marked as (
      update catalog.price_history as history set undone_at = ${tx.now}
        from written
       where history.tenant_id = ${tx.tenant} and history.channel_id = written.channel_id and history.sku = written.sku and history.id = written.id and written.is_back
    )
    select channel_id, sku, before is not null as had, is_back from written`.execute(tx.db);
  await sql`update catalog.price_publication set state = 'undone', undone_at = ${tx.now} where tenant_id = ${tx.tenant} and id = ${id}`.execute(
    tx.db,
  );
  const back = rows.filter(({ is_back }) => is_back).map(({ channel_id, sku }) => ({ channel_id, sku }));
  return { back, left: rows.length - back.length };
}

/** Variants whose prices a publication wrote; a query in brackets. */
export const variantsPriced = (tx: Tx, id: string): RawBuilder<unknown> => sql`(
  select listing.variant_id
    from catalog.price_history as history
    join catalog.listing on listing.tenant_id = history.tenant_id and listing.channel_id = history.channel_id and listing.sku = history.sku
   where history.tenant_id = ${tx.tenant} and history.publication_id = ${id})`;
