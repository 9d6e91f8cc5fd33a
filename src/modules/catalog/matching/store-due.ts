import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '#platform/db';
import type { OfferFacts } from './words.ts';

/** Beyond so many at once, the supplier as a whole is looked at instead: one row says it. */
const mostOneByOne = 5_000;

/** These variants are new, or are named otherwise than before: offers may be theirs now. */
export async function variantsToMatch(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await sql`
    insert into catalog.match_due (tenant_id, kind, id, since)
    select ${tx.tenant}, 'variant', id, ${tx.now} from unnest(${ids}::uuid[]) as given (id)
        on conflict do nothing`.execute(tx.db);
}

/** The same for offers. `from` is a query in brackets with the columns id and supplier_id. */
export async function offersToMatch(tx: Tx, from: RawBuilder<unknown>): Promise<void> {
  await sql`
    with given as materialized (select id, supplier_id from ${from} as given),
         counted as (select count(*) as count from given)
    insert into catalog.match_due (tenant_id, kind, id, since)
    select ${tx.tenant}::uuid, 'offer', id, ${tx.now}::timestamptz from given, counted where count <= ${mostOneByOne}
    union all
    select distinct ${tx.tenant}::uuid, 'supplier', supplier_id, ${tx.now}::timestamptz from given, counted where count > ${mostOneByOne}
        on conflict (tenant_id, kind, id) do update set position = ''`.execute(tx.db);
}

/** Offers of a file that is being applied that are new, or whose name or codes changed. */
export const importToMatch = (tx: Tx, supplierId: string): Promise<void> =>
  offersToMatch(
    tx,
    sql`(select id, ${supplierId}::uuid as supplier_id from feed_diff
          where kind = 'new' or (kind = 'changed' and what && array['title', 'brand', 'gtin', 'mpn', 'pack']))`,
  );

/** All offers of one supplier, or of all, are looked at anew. */
export async function everythingToMatch(tx: Tx, supplierId: string | null): Promise<void> {
  // They are among their suppliers' offers.
  if (supplierId === null) await sql`delete from catalog.match_due where tenant_id = ${tx.tenant} and kind = 'offer'`.execute(tx.db);
  await sql`
    insert into catalog.match_due (tenant_id, kind, id, since)
    select tenant_id, 'supplier', id, ${tx.now} from suppliers.v_supplier
     where tenant_id = ${tx.tenant} and (${supplierId}::uuid is null or id = ${supplierId})
        on conflict (tenant_id, kind, id) do update set position = ''`.execute(tx.db);
}

/** Some that are due, locked until the transaction ends; those that another process holds are passed over. */
export async function claimDueOf(
  tx: Tx,
  kind: 'offer' | 'variant' | 'supplier',
  most: number,
): Promise<{ id: string; position: string }[]> {
  const { rows } = await sql<{ id: string; position: string }>`
    select id, position from catalog.match_due where tenant_id = ${tx.tenant} and kind = ${kind} order by id limit ${most} for update skip locked`.execute(
    tx.db,
  );
  return rows;
}

export async function noLongerDue(tx: Tx, kind: 'offer' | 'variant' | 'supplier', ids: readonly string[]): Promise<void> {
  await sql`delete from catalog.match_due where tenant_id = ${tx.tenant} and kind = ${kind} and id = any(${ids}::uuid[])`.execute(tx.db);
}

export async function goneTo(tx: Tx, supplierId: string, position: string): Promise<void> {
  await sql`
    update catalog.match_due set position = ${position} where tenant_id = ${tx.tenant} and kind = 'supplier' and id = ${supplierId}`.execute(
    tx.db,
  );
}

/** How many wait, and for how many suppliers all offers do. */
export async function countDue(tx: Tx): Promise<{ offers: number; suppliers: number }> {
  const { rows } = await sql<{ offers: bigint; suppliers: bigint }>`
    select count(*) filter (where kind <> 'supplier') as offers, count(*) filter (where kind = 'supplier') as suppliers
      from catalog.match_due where tenant_id = ${tx.tenant}`.execute(tx.db);
  return { offers: Number(rows[0]?.offers ?? 0), suppliers: Number(rows[0]?.suppliers ?? 0) };
}

const offerColumns = sql.raw(
  'offer.id, offer.supplier_id, offer.supplier_sku as sku, offer.title, offer.brand, offer.gtin, offer.mpn, offer.pack_size, offer.cost_minor, offer.currency',
);

export async function offersById(tx: Tx, ids: readonly string[]): Promise<OfferFacts[]> {
  const { rows } = await sql<OfferFacts>`
    select ${offerColumns} from catalog.offer as offer
     where offer.tenant_id = ${tx.tenant} and offer.id = any(${ids}::uuid[]) and offer.state <> 'vanished'`.execute(tx.db);
  return rows;
}

/** The supplier's next offers in the order of its own numbers. */
export async function offersAfter(tx: Tx, supplierId: string, position: string, most: number): Promise<OfferFacts[]> {
  const { rows } = await sql<OfferFacts>`
    select ${offerColumns} from catalog.offer as offer
     where offer.tenant_id = ${tx.tenant} and offer.supplier_id = ${supplierId} and offer.supplier_sku > ${position}
     order by offer.supplier_sku
     limit ${most}`.execute(tx.db);
  return rows;
}

/**
 * Offers without a match that may be one of a few variants: by their codes, or a rare word in the title. One walk over all offers, so it
 * is asked for few variants only: 1,000,000 offers against 40 words take some seconds.
 */
export async function offersThatMayBe(
  tx: Tx,
  by: { gtins: readonly string[]; skus: readonly string[]; mpns: readonly string[]; words: readonly string[] },
): Promise<void> {
  const patterns = by.words.map((word) => `%${word.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`);
  await sql`
    insert into catalog.match_due (tenant_id, kind, id, since)
    select tenant_id, 'offer', id, ${tx.now}
      from catalog.offer as offer
     where offer.tenant_id = ${tx.tenant} and offer.state <> 'vanished'
       and (offer.gtin = any(${by.gtins}::text[]) or offer.supplier_sku = any(${by.skus}::text[]) or offer.mpn = any(${by.mpns}::text[])
            or lower(offer.title) like any(${patterns}::text[]))
       and not exists (select from catalog.match where match.tenant_id = offer.tenant_id and match.offer_id = offer.id and match.state = 'confirmed')
       and not exists (select from catalog.match_due as due
                        where due.tenant_id = offer.tenant_id and due.kind = 'supplier' and due.id = offer.supplier_id and due.position = '')
        on conflict do nothing`.execute(tx.db);
}
