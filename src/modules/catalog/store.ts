import { sql } from 'kysely';
import { invariant } from '#kernel/fault';
import { recordset, type Tx } from '#platform/db';
import { offersTouched } from './availability/store-signals.ts';
import type { Offer } from './words.ts';

/**
 * Confirmed offers of these variants, their rows locked in id order (for no key update) until the transaction ends: whoever asks
 * second sees what the first one took. An offer behind two of the variants comes once for each.
 */
export async function offersFor(tx: Tx, variantIds: readonly string[]): Promise<Offer[]> {
  if (variantIds.length === 0) return [];
  const { rows } = await sql<Offer>`
    with wanted as (
      select variant_id, offer_id
        from catalog.match
       where tenant_id = ${tx.tenant} and variant_id = any(${variantIds}::uuid[]) and state = 'confirmed'
    ), locked as materialized (
      select offer.*
        from catalog.offer
       where tenant_id = ${tx.tenant} and id = any(array(select offer_id from wanted))
       order by id
         for no key update
    )
    select locked.id, locked.supplier_id, wanted.variant_id, locked.supplier_sku, locked.title, locked.cost_minor, locked.currency,
           locked.quantity, locked.buffer, locked.reserved, locked.ceiling, locked.pack_size, locked.lead_days, locked.state,
           case when locked.silent_since is null then greatest(locked.observed_at, feed.complete_at) else locked.observed_at end as observed_at
      from wanted join locked on locked.id = wanted.offer_id
      left join catalog.feed on feed.tenant_id = locked.tenant_id and feed.supplier_id = locked.supplier_id
     order by wanted.variant_id, locked.id`.execute(tx.db);
  return rows;
}

/**
 * Promises units, summed per offer, in one statement; the rows are taken in id order, so that two of these never wait for each other
 * in a ring. Throws (23514, `promised_within_ceiling`) when more would be promised than there is.
 */
export async function reserve(tx: Tx, takes: readonly { offer_id: string; quantity: number }[]): Promise<void> {
  await move(tx, summed(takes, 1));
}

/** Gives units back; what is reserved never falls below 0. */
export async function release(tx: Tx, gives: readonly { offer_id: string; quantity: number }[]): Promise<void> {
  await move(tx, summed(gives, -1));
}

async function move(tx: Tx, moves: readonly { offer_id: string; quantity: number }[]): Promise<void> {
  if (moves.length === 0) return;
  const { rows } = await sql`
    with given as materialized (
      select offer_id, quantity from ${recordset(moves, { offer_id: 'uuid', quantity: 'int' })} as given
    ), locked as materialized (
      select id from catalog.offer
       where tenant_id = ${tx.tenant} and id = any(array(select offer_id from given))
       order by id
         for no key update
    )
    update catalog.offer as ours
       set reserved = greatest(ours.reserved + given.quantity, 0),
           -- Held up only by promises that were made before the supplier said less, it comes down with them.
           ceiling = case when given.quantity < 0 then least(ours.ceiling, greatest(ours.quantity - ours.buffer, ours.reserved + given.quantity, 0)) else ours.ceiling end
      from locked join given on given.offer_id = locked.id
     where ours.tenant_id = ${tx.tenant} and ours.id = locked.id
    returning ours.id`.execute(tx.db);
  invariant(rows.length === moves.length, 'units are promised of offers that exist');
  await offersTouched(tx, { of: moves.map(({ offer_id }) => offer_id), costs: false });
}

function summed(parts: readonly { offer_id: string; quantity: number }[], sign: 1 | -1): { offer_id: string; quantity: number }[] {
  const sums = new Map<string, number>();
  for (const { offer_id, quantity } of parts) {
    invariant(Number.isSafeInteger(quantity) && quantity >= 0, 'units are whole and not below 0');
    sums.set(offer_id, (sums.get(offer_id) ?? 0) + quantity);
  }
  return [...sums].filter(([, quantity]) => quantity > 0).map(([offer_id, quantity]) => ({ offer_id, quantity: sign * quantity }));
}

/** What we sell under these SKUs in this channel: its listing first, otherwise our variant of that very SKU. Unknown ones are left out. */
export async function variantsBySku(
  tx: Tx,
  channelId: string,
  skus: readonly string[],
): Promise<Map<string, { id: string; sku: string; title: string }>> {
  if (skus.length === 0) return new Map();
  const { rows } = await sql<{ asked: string; id: string; sku: string; title: string }>`
    select asked.sku as asked, variant.id, variant.sku, variant.title
      from unnest(${[...new Set(skus)]}::text[]) as asked (sku)
      left join catalog.listing on listing.tenant_id = ${tx.tenant} and listing.channel_id = ${channelId} and listing.sku = asked.sku
      join catalog.variant on variant.tenant_id = ${tx.tenant}
       and variant.id = coalesce(listing.variant_id, (select own.id from catalog.variant as own where own.tenant_id = ${tx.tenant} and own.sku = asked.sku))`.execute(
    tx.db,
  );
  return new Map(rows.map(({ asked, id, sku, title }) => [asked, { id, sku, title }]));
}

export async function hasVariant(tx: Tx, id: string): Promise<boolean> {
  const { rows } = await sql`select from catalog.variant where tenant_id = ${tx.tenant} and id = ${id}`.execute(tx.db);
  return rows.length > 0;
}
