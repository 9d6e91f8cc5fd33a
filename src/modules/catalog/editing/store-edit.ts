import { sql } from 'kysely';
import type { Instant } from '#kernel/time';
import { recordset, type Tx } from '#platform/db';
import { variantsTouched } from '../availability/store-signals.ts';
import { variantsToMatch } from '../matching/store-due.ts';
import { rememberUndo } from '../store-undo.ts';
import { decideEdit } from './decide-edit.ts';
import type { EditError, VariantEdit, VariantNow } from './words.ts';

export interface EditBy {
  /** As facts name actors. */
  by: string;
  source: 'screen' | 'file' | 'api';
  /** Whether locks give way. */
  isPerson: boolean;
}

export interface Edited {
  changed: number;
  same: number;
  errors: EditError[];
  /** By which it can be taken back; null when nothing changed. */
  undoId: string | null;
}

/** Variants by SKU, as they are, locked until the transaction ends. */
async function variantsNow(tx: Tx, skus: readonly string[]): Promise<Map<string, VariantNow>> {
  const { rows } = await sql<VariantNow>`
    select id, sku, title, brand, category, tags, gtin, mpn, weight_grams, price_minor, currency, map_minor, msrp_minor, locked
      from catalog.variant where tenant_id = ${tx.tenant} and sku = any(${[...new Set(skus)]}::text[])
     order by id for no key update`.execute(tx.db);
  return new Map(rows.map((row) => [row.sku, row]));
}

/** Edits variants: rows that are right are written, rows that are not say why; all of it can be taken back. 5,000 rows: 0.4 s. */
export async function editVariants(tx: Tx, edits: readonly VariantEdit[], { by, source, isPerson }: EditBy): Promise<Edited> {
  const known = await variantsNow(
    tx,
    edits.map(({ sku }) => sku),
  );
  const plan = decideEdit(edits, known, isPerson);
  if (plan.next.length === 0) return { changed: 0, same: plan.same, errors: plan.errors, undoId: null };
  const ids = plan.next.map(({ id }) => id);
  const title = ids.length === 1 ? `${plan.next[0]?.sku} edited` : `${ids.length} variants edited`;
  const { undoId } = await rememberUndo(
    tx,
    { kind: 'variants.edit', title, actor: by, rows: [{ target: 'variant', keys: ids.map((id) => ({ id })) }] },
    () => write(tx, plan.next),
  );
  const id = tx.newId();
  await sql`
    insert into catalog.variant_change (tenant_id, variant_id, id, field, before, after, source, by, at, undo_id)
    select ${tx.tenant}, variant_id, ${id}, field, left(before, 5000), left(after, 5000), ${source}, ${by}, ${tx.now}, ${undoId}
      from ${recordset(plan.changes, { variant_id: 'uuid', field: 'text', before: 'text', after: 'text' })} as given`.execute(tx.db);
  await variantsToMatch(tx, ids);
  await variantsTouched(tx, { of: ids, costs: true });
  return { changed: ids.length, same: plan.same, errors: plan.errors, undoId };
}

async function write(tx: Tx, next: readonly VariantNow[]): Promise<void> {
  const rows = next.map((row) => ({ ...row, tags: `{${row.tags.map(quoted).join(',')}}`, locked: `{${row.locked.join(',')}}` }));
  const columns = {
    id: 'uuid',
    title: 'text',
    brand: 'text',
    category: 'text',
    tags: 'text',
    gtin: 'text',
    mpn: 'text',
    weight_grams: 'int',
    price_minor: 'bigint',
    currency: 'text',
    map_minor: 'bigint',
    msrp_minor: 'bigint',
    locked: 'text',
  };
  await sql`
    update catalog.variant as ours
       set title = given.title, brand = given.brand, category = given.category, tags = given.tags::text[], gtin = given.gtin, mpn = given.mpn,
           weight_grams = given.weight_grams, price_minor = given.price_minor, currency = given.currency, map_minor = given.map_minor,
           msrp_minor = given.msrp_minor, locked = given.locked::text[]
      from ${recordset(rows, columns)} as given
     where ours.tenant_id = ${tx.tenant} and ours.id = given.id`.execute(tx.db);
}

/** An element of an array, as PostgreSQL reads it. */
const quoted = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

export interface VariantChangeRow {
  id: string;
  field: string;
  before: string | null;
  after: string | null;
  source: 'screen' | 'file' | 'api' | 'offer' | 'undo';
  by: string;
  at: Instant;
  undone_at: Instant | null;
}

/** Every value that a variant's fields had, the newest first; at most 200. */
export async function variantHistory(tx: Tx, variantId: string): Promise<VariantChangeRow[]> {
  const { rows } = await sql<VariantChangeRow>`
    select id, field, before, after, source, by, at, undone_at from catalog.v_variant_change
     where tenant_id = ${tx.tenant} and variant_id = ${variantId} order by at desc, id desc, field limit 200`.execute(tx.db);
  return rows;
}

/** Variants as they are, by SKU, after this one: for who writes all of them down. */
export async function variantsFrom(tx: Tx, afterSku: string, most: number): Promise<VariantNow[]> {
  const { rows } = await sql<VariantNow>`
    select id, sku, title, brand, category, tags, gtin, mpn, weight_grams, price_minor, currency, map_minor, msrp_minor, locked
      from catalog.variant where tenant_id = ${tx.tenant} and sku > ${afterSku} order by sku limit ${most}`.execute(tx.db);
  return rows;
}

/** One variant as it is; null when it is not there. */
export async function findVariant(tx: Tx, id: string): Promise<VariantNow | null> {
  const { rows } = await sql<VariantNow>`
    select id, sku, title, brand, category, tags, gtin, mpn, weight_grams, price_minor, currency, map_minor, msrp_minor, locked
      from catalog.variant where tenant_id = ${tx.tenant} and id = ${id}`.execute(tx.db);
  return rows[0] ?? null;
}
