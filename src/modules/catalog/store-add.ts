import { sql } from 'kysely';
import { recoverGtin } from '#kernel/gtin';
import { type CopyValue, copyInto, recordset, type Tx } from '#platform/db';
import { offersTouched, variantsTouched } from './availability/store-signals.ts';
import { offersToMatch, variantsToMatch } from './matching/store-due.ts';
import { forgetLines } from './store-runs.ts';
import type { NewListing, NewMatch, NewOffer, NewVariant } from './words.ts';

/** Adds variants by SKU; those that are there take what is said of them now, but for what is locked. Returns the ids by SKU. */
export async function addVariants(tx: Tx, rows: readonly NewVariant[]): Promise<Map<string, string>> {
  // The last of two rows of one SKU wins, as one statement may touch a row only once.
  const given = [...new Map(rows.map((row) => [row.sku, row])).values()].map((row) => ({
    id: tx.newId(),
    sku: row.sku,
    title: row.title,
    brand: row.brand ?? '',
    gtin: row.gtin ? (recoverGtin(row.gtin)?.gtin ?? row.gtin) : null,
    mpn: row.mpn ?? null,
    price_minor: row.price_minor ?? null,
    currency: row.currency ?? null,
    weight_grams: row.weight_grams ?? null,
  }));
  const columns = {
    id: 'uuid',
    sku: 'text',
    title: 'text',
    brand: 'text',
    gtin: 'text',
    mpn: 'text',
    price_minor: 'bigint',
    currency: 'text',
    weight_grams: 'int',
  };
  const added = await asTable(tx, given, columns, async (from) => {
    const { rows: kept } = await sql<{ id: string; sku: string }>`
      insert into catalog.variant as ours (tenant_id, id, sku, title, brand, gtin, mpn, price_minor, currency, weight_grams, created_at)
      select ${tx.tenant}, id, sku, title, brand, gtin, mpn, price_minor, currency, weight_grams, ${tx.now} from ${from} as given
          on conflict (tenant_id, sku) do update
         set title = case when 'title' = any(ours.locked) then ours.title else excluded.title end,
             brand = case when 'brand' = any(ours.locked) then ours.brand else excluded.brand end,
             gtin = case when 'gtin' = any(ours.locked) then ours.gtin else excluded.gtin end,
             price_minor = case when ours.locked && '{price,currency}' then ours.price_minor else excluded.price_minor end,
             currency = case when ours.locked && '{price,currency}' then ours.currency else excluded.currency end,
             mpn = case when 'mpn' = any(ours.locked) then ours.mpn else coalesce(excluded.mpn, ours.mpn) end,
             weight_grams = case when 'weight' = any(ours.locked) then ours.weight_grams else coalesce(excluded.weight_grams, ours.weight_grams) end
      returning id, sku`.execute(tx.db);
    return kept;
  });
  await variantsToMatch(
    tx,
    added.map(({ id }) => id),
  );
  return new Map(added.map(({ id, sku }) => [sku, id]));
}

/** Says which variant stands behind a channel's SKU; a later word replaces an earlier one. */
export async function addListings(tx: Tx, rows: readonly NewListing[]): Promise<void> {
  const given = [...new Map(rows.map((row) => [`${row.channel_id} ${row.sku}`, row])).values()];
  await asTable(tx, given, { channel_id: 'uuid', sku: 'text', variant_id: 'uuid' }, async (from) => {
    await sql`
      insert into catalog.listing (tenant_id, channel_id, sku, variant_id)
      select ${tx.tenant}, channel_id, sku, variant_id from ${from} as given
          on conflict (tenant_id, channel_id, sku) do update set variant_id = excluded.variant_id`.execute(tx.db);
    return [];
  });
  await variantsTouched(tx, { of: given.map(({ variant_id }) => variant_id), costs: true });
}

/** Something that a store sells, as its own list says. */
export interface ShelfGood {
  channel_id: string;
  currency: string;
  sku: string;
  title: string;
  brand: string;
  gtin: string;
  price_minor: bigint | null;
}

/**
 * What a store sells and we do not list yet becomes a listing: of the variant with its SKU, or of a new one. A variant that is known keeps
 * what is known of it. Returns how many listings and variants were made. 250 new ones: 25 ms.
 */
export async function addFromShelves(tx: Tx, goods: readonly ShelfGood[]): Promise<{ listings: number; variants: number }> {
  const keys = recordset(
    goods.map(({ channel_id, sku }) => ({ channel_id, sku })),
    { channel_id: 'uuid', sku: 'text' },
  );
  const { rows: unknown } = await sql<{ channel_id: string; sku: string; variant_id: string | null }>`
    select distinct given.channel_id, given.sku, variant.id as variant_id
      from ${keys} as given
      left join catalog.variant on variant.tenant_id = ${tx.tenant} and variant.sku = given.sku
     where not exists (select from catalog.listing where listing.tenant_id = ${tx.tenant} and listing.channel_id = given.channel_id and listing.sku = given.sku)`.execute(
    tx.db,
  );
  if (unknown.length === 0) return { listings: 0, variants: 0 };
  const byKey = new Map(goods.map((one) => [`${one.channel_id} ${one.sku}`, one]));
  const fresh = unknown.flatMap(({ channel_id, sku, variant_id }) => {
    const its = variant_id === null ? byKey.get(`${channel_id} ${sku}`) : undefined;
    return its
      ? [
          {
            sku,
            title: its.title,
            brand: its.brand,
            ...(its.gtin ? { gtin: its.gtin } : {}),
            price_minor: its.price_minor,
            currency: its.currency,
          },
        ]
      : [];
  });
  const made = await addVariants(tx, fresh);
  const listings = unknown.flatMap(({ channel_id, sku, variant_id }) => {
    const variant = variant_id ?? made.get(sku);
    return variant ? [{ channel_id, sku, variant_id: variant }] : [];
  });
  await addListings(tx, listings);
  return { listings: listings.length, variants: made.size };
}

/** Says which offers stand behind a variant; a later word replaces an earlier one. */
export async function addMatches(tx: Tx, rows: readonly NewMatch[]): Promise<void> {
  const given = [...new Map(rows.map((row) => [`${row.variant_id} ${row.offer_id}`, row])).values()].map((row) => ({
    variant_id: row.variant_id,
    offer_id: row.offer_id,
    state: row.state ?? 'confirmed',
    confidence: row.confidence ?? 1,
    evidence: row.evidence ?? '',
  }));
  await asTable(
    tx,
    given,
    { variant_id: 'uuid', offer_id: 'uuid', state: 'text', confidence: 'numeric', evidence: 'text' },
    async (from) => {
      await sql`
      insert into catalog.match (tenant_id, variant_id, offer_id, state, confidence, evidence, created_at)
      select ${tx.tenant}, variant_id, offer_id, state, confidence, evidence, ${tx.now} from ${from} as given
          on conflict (tenant_id, variant_id, offer_id) do update
         set state = excluded.state, confidence = excluded.confidence, evidence = excluded.evidence`.execute(tx.db);
      return [];
    },
  );
  await variantsTouched(tx, { of: given.map(({ variant_id }) => variant_id), costs: true });
}

/**
 * Offers that are told to us otherwise than by a file. What is there takes the new figures; promises that were made are kept.
 * Returns the ids by `supplier_id supplier_sku`.
 */
export async function addOffers(tx: Tx, rows: readonly NewOffer[]): Promise<Map<string, string>> {
  const given = [...new Map(rows.map((row) => [`${row.supplier_id} ${row.supplier_sku}`, row])).values()].map((row) => ({
    id: tx.newId(),
    supplier_id: row.supplier_id,
    supplier_sku: row.supplier_sku,
    title: row.title ?? '',
    brand: row.brand ?? '',
    gtin: row.gtin ? (recoverGtin(row.gtin)?.gtin ?? row.gtin) : null,
    mpn: row.mpn ?? null,
    cost_minor: row.cost_minor,
    currency: row.currency,
    quantity: row.quantity,
    buffer: row.buffer ?? 0,
    pack_size: row.pack_size ?? 1,
    lead_days: row.lead_days ?? null,
  }));
  const columns = {
    id: 'uuid',
    supplier_id: 'uuid',
    supplier_sku: 'text',
    title: 'text',
    brand: 'text',
    gtin: 'text',
    mpn: 'text',
    cost_minor: 'bigint',
    currency: 'text',
    quantity: 'int',
    buffer: 'int',
    pack_size: 'int',
    lead_days: 'int',
  };
  const added = await asTable(tx, given, columns, async (from) => {
    const { rows: kept } = await sql<{ id: string; key: string }>`
      insert into catalog.offer as ours (tenant_id, id, supplier_id, supplier_sku, title, brand, gtin, mpn, cost_minor, currency, quantity, buffer, ceiling,
             pack_size, lead_days, observed_at, changed_at)
      select ${tx.tenant}, id, supplier_id, supplier_sku, title, brand, gtin, mpn, cost_minor, currency, quantity, buffer, greatest(quantity - buffer, 0),
             pack_size, lead_days, ${tx.now}, ${tx.now} from ${from} as given
          on conflict (tenant_id, supplier_id, supplier_sku) do update
         set title = excluded.title, brand = excluded.brand, gtin = excluded.gtin, mpn = excluded.mpn, cost_minor = excluded.cost_minor,
             currency = excluded.currency, quantity = excluded.quantity, buffer = excluded.buffer,
             ceiling = greatest(excluded.quantity - excluded.buffer, ours.reserved), pack_size = excluded.pack_size, lead_days = excluded.lead_days,
             state = case when ours.state = 'vanished' then 'live' else ours.state end, silent_since = null, observed_at = excluded.observed_at, changed_at = excluded.changed_at
      returning id, supplier_id || ' ' || supplier_sku as key`.execute(tx.db);
    return kept;
  });
  await forgetLines(tx, [...new Set(given.map(({ supplier_id }) => supplier_id))]);
  const ids = added.map(({ id }) => id);
  await offersToMatch(tx, sql`(select id, supplier_id from catalog.offer where tenant_id = ${tx.tenant} and id = any(${ids}::uuid[]))`);
  await offersTouched(tx, { of: ids, costs: true });
  return new Map(added.map(({ id, key }) => [key, id]));
}

type Given = ReturnType<typeof recordset>;

/** Few rows are one parameter; many go by COPY into a table that this transaction alone sees. */
async function asTable<T>(
  tx: Tx,
  rows: readonly object[],
  columns: Readonly<Record<string, string>>,
  write: (from: Given) => Promise<T[]>,
): Promise<T[]> {
  if (rows.length === 0) return [];
  if (rows.length <= mostAsParameter) return write(recordset(rows, columns));
  const names = Object.keys(columns);
  await sql`create temp table given_rows (${sql.raw(names.map((name) => `${name} ${columns[name]}`).join(', '))}) on commit drop`.execute(
    tx.db,
  );
  await copyInto(tx, 'given_rows', names, lines(rows, names));
  const written = await write(sql`given_rows`);
  await sql`drop table given_rows`.execute(tx.db);
  return written;
}

const mostAsParameter = 5_000;

function* lines(rows: readonly object[], names: readonly string[]): Generator<CopyValue[]> {
  for (const row of rows) {
    const by = row as Record<string, CopyValue>;
    yield names.map((name) => by[name] ?? null);
  }
}
