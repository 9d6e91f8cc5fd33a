import { type RawBuilder, sql } from 'kysely';
import { problem } from '#kernel/problem';
import { recordset, type Tx } from '#platform/db';
import { variantsTouched } from '../availability/store-signals.ts';
import { rememberUndo } from '../store-undo.ts';

export interface PairOf {
  offer_id: string;
  variant_id: string;
}

export interface ToConfirm extends PairOf {
  /** Units of ours in one of theirs; left out, as it was found. */
  units?: number;
}

/** What was decided, and the id by which it can be taken back. */
export interface Decided {
  count: number;
  undoId: string;
}

const pairColumns = { offer_id: 'uuid', variant_id: 'uuid' };

/** Every match of these offers, as one decision takes the other suggestions of an offer away. */
const allOf = (tx: Tx, offerIds: RawBuilder<unknown>, pairs: readonly PairOf[]): RawBuilder<unknown> => sql`(
  select match.variant_id, match.offer_id from catalog.match as match where match.tenant_id = ${tx.tenant} and match.offer_id in ${offerIds}
  union select given.variant_id, given.offer_id from ${recordset(pairs, pairColumns)} as given)`;

/**
 * A person says that these offers are these variants, whatever was found before. An offer that is matched to another variant already is
 * refused, unless `anyway`: one article may stand behind two of ours, but seldom does.
 */
export async function confirmPairs(tx: Tx, pairs: readonly ToConfirm[], by: string, anyway = false): Promise<Decided> {
  await mustExist(tx, pairs);
  if (!anyway) await mustBeFree(tx, pairs);
  const offerIds = pairs.map(({ offer_id }) => offer_id);
  const title = pairs.length === 1 ? '1 match approved' : `${pairs.length} matches approved`;
  const rows = [{ target: 'match' as const, keys: allOf(tx, sql`(select unnest(${offerIds}::uuid[]))`, pairs) }];
  const { undoId } = await rememberUndo(tx, { kind: 'matches.approve', title, actor: by, rows }, async () => {
    await sql`
      insert into catalog.match as ours (tenant_id, variant_id, offer_id, state, confidence, evidence, created_at, rule, units_per_offer, decided_at, decided_by)
      select ${tx.tenant}, variant_id, offer_id, 'confirmed', 1, 'A person said so.', ${tx.now}, 'person', coalesce(units, 1), ${tx.now}, ${by}
        from ${recordset(pairs, { ...pairColumns, units: 'int' })} as given
          on conflict (tenant_id, variant_id, offer_id) do update
         set state = 'confirmed', decided_at = excluded.decided_at, decided_by = excluded.decided_by,
             facts = ours.facts || coalesce((select jsonb_build_object('was', jsonb_build_object('title', left(offer.title, 300), 'brand', left(offer.brand, 100), 'gtin', offer.gtin))
                                               from catalog.offer where offer.tenant_id = ours.tenant_id and offer.id = ours.offer_id), '{}'),
             units_per_offer = coalesce((select units from ${recordset(pairs, { ...pairColumns, units: 'int' })} as given
                                          where given.offer_id = ours.offer_id and given.variant_id = ours.variant_id), ours.units_per_offer)`.execute(
      tx.db,
    );
    await dropOthers(tx, sql`(select unnest(${offerIds}::uuid[]))`);
  });
  await variantsTouched(tx, { of: pairs.map(({ variant_id }) => variant_id), costs: true });
  return { count: pairs.length, undoId };
}

async function dropOthers(tx: Tx, offerIds: RawBuilder<unknown>): Promise<void> {
  await sql`delete from catalog.match where tenant_id = ${tx.tenant} and offer_id in ${offerIds} and state in ('suggested', 'broken')`.execute(
    tx.db,
  );
}

async function mustExist(tx: Tx, pairs: readonly PairOf[]): Promise<void> {
  const { rows } = await sql<{ offers: bigint; variants: bigint }>`
    select (select count(*) from catalog.offer where tenant_id = ${tx.tenant} and id = any(${pairs.map(({ offer_id }) => offer_id)}::uuid[])) as offers,
           (select count(*) from catalog.variant where tenant_id = ${tx.tenant} and id = any(${pairs.map(({ variant_id }) => variant_id)}::uuid[])) as variants`.execute(
    tx.db,
  );
  const count = (ids: string[]): number => new Set(ids).size;
  if (Number(rows[0]?.offers) !== count(pairs.map(({ offer_id }) => offer_id))) throw problem('not-found', 'There is no such offer.');
  if (Number(rows[0]?.variants) !== count(pairs.map(({ variant_id }) => variant_id)))
    throw problem('not-found', 'There is no such variant.');
}

async function mustBeFree(tx: Tx, pairs: readonly PairOf[]): Promise<void> {
  const { rows } = await sql<{ supplier_sku: string; sku: string }>`
    select offer.supplier_sku, variant.sku
      from ${recordset(pairs, pairColumns)} as given
      join catalog.match on match.tenant_id = ${tx.tenant} and match.offer_id = given.offer_id and match.variant_id <> given.variant_id and match.state = 'confirmed'
      join catalog.offer on offer.tenant_id = ${tx.tenant} and offer.id = given.offer_id
      join catalog.variant on variant.tenant_id = ${tx.tenant} and variant.id = match.variant_id
     limit 1`.execute(tx.db);
  const [taken] = rows;
  const twice = pairs.length !== new Set(pairs.map(({ offer_id }) => offer_id)).size;
  if (twice) throw problem('invalid-field', 'One offer is named with two variants.', { param: 'pairs' });
  if (taken) {
    throw problem('conflict', `Offer ${taken.supplier_sku} is matched to ${taken.sku} already.`, {
      fix: 'Reject that match first, or send "anyway" when one article stands behind both.',
    });
  }
}

/** These pairs never come again. */
export async function rejectPairs(tx: Tx, pairs: readonly PairOf[], by: string): Promise<Decided> {
  await mustExist(tx, pairs);
  const title = pairs.length === 1 ? '1 match rejected' : `${pairs.length} matches rejected`;
  const rows = [{ target: 'match' as const, keys: pairs.map(({ variant_id, offer_id }) => ({ variant_id, offer_id })) }];
  const { undoId } = await rememberUndo(tx, { kind: 'matches.reject', title, actor: by, rows }, async () => {
    await sql`
      insert into catalog.match as ours (tenant_id, variant_id, offer_id, state, confidence, evidence, created_at, rule, decided_at, decided_by)
      select ${tx.tenant}, variant_id, offer_id, 'rejected', 1, 'A person said that it is not.', ${tx.now}, 'person', ${tx.now}, ${by}
        from ${recordset(pairs, pairColumns)} as given
          on conflict (tenant_id, variant_id, offer_id) do update
         set state = 'rejected', decided_at = excluded.decided_at, decided_by = excluded.decided_by`.execute(tx.db);
  });
  await variantsTouched(tx, { of: pairs.map(({ variant_id }) => variant_id), costs: true });
  return { count: pairs.length, undoId };
}

/** Which suggestions: of one certainty, and of one rule or supplier when they are given. */
export interface MatchGroup {
  certainty: 'exact' | 'likely' | 'possible';
  rule?: string;
  supplierId?: string;
}

/**
 * Confirms a whole group, less offers that are matched already or stand in it twice. Nothing that something speaks against is in a
 * group: conflicts are for a person, one by one. 100,000: 9 s, most of it to remember what was before.
 */
export async function confirmGroup(tx: Tx, group: MatchGroup, by: string): Promise<Decided> {
  await sql`create temp table group_match (variant_id uuid, offer_id uuid) on commit drop`.execute(tx.db);
  await sql`insert into group_match ${inGroup(tx, group)}`.execute(tx.db);
  await sql`analyze group_match`.execute(tx.db);
  const { rows: counted } = await sql<{ count: bigint }>`select count(*) as count from group_match`.execute(tx.db);
  const count = Number(counted[0]?.count);
  const title = `${count} ${group.certainty} ${count === 1 ? 'match' : 'matches'} approved`;
  const offers = sql`(select offer_id from group_match)`;
  const rows = [{ target: 'match' as const, keys: allOf(tx, offers, []) }];
  const { undoId } = await rememberUndo(tx, { kind: 'matches.approve', title, actor: by, rows }, async () => {
    await sql`
      update catalog.match as ours set state = 'confirmed', decided_at = ${tx.now}, decided_by = ${by}
        from group_match as given
       where ours.tenant_id = ${tx.tenant} and ours.variant_id = given.variant_id and ours.offer_id = given.offer_id`.execute(tx.db);
    await dropOthers(tx, offers);
  });
  await variantsTouched(tx, { of: sql`(select variant_id from group_match)`, costs: true });
  await sql`drop table group_match`.execute(tx.db);
  return { count, undoId };
}

const inGroup = (tx: Tx, { certainty, rule, supplierId }: MatchGroup): RawBuilder<unknown> => sql`
  select min(match.variant_id::text)::uuid as variant_id, match.offer_id
    from catalog.match as match
    join catalog.offer on offer.tenant_id = match.tenant_id and offer.id = match.offer_id
   where match.tenant_id = ${tx.tenant} and match.state = 'suggested' and match.certainty = ${certainty}
     and (${rule ?? null}::text is null or match.rule = ${rule ?? null}) and (${supplierId ?? null}::uuid is null or offer.supplier_id = ${supplierId ?? null})
     and not match.warnings && array['pack', 'price', 'brand', 'measure', 'colour', 'size', 'gtin-differs', 'gtin-twice', 'offer-twice', 'not-alike', 'changed']
     and not exists (select from catalog.match as other where other.tenant_id = match.tenant_id and other.offer_id = match.offer_id and other.state = 'confirmed')
   group by match.offer_id
  having count(*) = 1`;

/** A variant made of an offer, and matched to it. Throws a Problem when the SKU is taken, or no such offer is there. */
export async function variantFromOffer(
  tx: Tx,
  offerId: string,
  given: { sku: string; title?: string },
  by: string,
): Promise<Decided & { variantId: string }> {
  const { rows: taken } = await sql`select from catalog.variant where tenant_id = ${tx.tenant} and sku = ${given.sku}`.execute(tx.db);
  if (taken.length > 0)
    throw problem('conflict', `There is a variant ${given.sku} already.`, { param: 'sku', fix: 'Match the offer to it.' });
  const variantId = tx.newId();
  const offers = sql`(select ${offerId}::uuid)`;
  const rows = [
    { target: 'variant' as const, keys: [{ id: variantId }] },
    { target: 'match' as const, keys: allOf(tx, offers, [{ offer_id: offerId, variant_id: variantId }]) },
  ];
  const { undoId } = await rememberUndo(
    tx,
    { kind: 'matches.create', title: `${given.sku} made of an offer`, actor: by, rows },
    async () => {
      const { rows: made } = await sql`
      insert into catalog.variant (tenant_id, id, sku, title, brand, gtin, mpn, created_at)
      select ${tx.tenant}, ${variantId}, ${given.sku}, coalesce(${given.title ?? null}::text, title), brand, gtin, mpn, ${tx.now}
        from catalog.offer where tenant_id = ${tx.tenant} and id = ${offerId}
      returning id`.execute(tx.db);
      if (made.length === 0) throw problem('not-found', 'There is no such offer.');
      await sql`
      insert into catalog.match (tenant_id, variant_id, offer_id, state, confidence, evidence, created_at, rule, decided_at, decided_by)
      values (${tx.tenant}, ${variantId}, ${offerId}, 'confirmed', 1, 'The variant was made of this offer.', ${tx.now}, 'person', ${tx.now}, ${by})`.execute(
        tx.db,
      );
      await dropOthers(tx, offers);
    },
  );
  return { count: 1, undoId, variantId };
}
