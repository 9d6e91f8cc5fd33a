import { sql } from 'kysely';
import { after, type Instant } from '#kernel/time';
import { type CopyValue, copyInto, json, type Tx } from '#platform/db';
import type { PreviewSummary } from './preview.ts';
import { type PricePolicy, readPricePolicy } from './price-policy.ts';

export interface KeptPreview {
  id: string;
  policy: PricePolicy;
  inputs: string;
  summary: PreviewSummary;
  by: string;
  made_at: Instant;
}

const rowColumns = ['channel_id', 'sku', 'before_minor', 'price_minor', 'compare_minor', 'currency', 'rule_id'] as const;

/** By way of a table of this transaction: COPY into one that belongs to tenants is not allowed. */
export async function keepPreviewRows(tx: Tx, previewId: string, rows: Iterable<readonly CopyValue[]>): Promise<void> {
  await sql`
    create temp table if not exists previewed_now (
      channel_id uuid, sku text, before_minor bigint, price_minor bigint, compare_minor bigint, currency text, rule_id text) on commit drop`.execute(
    tx.db,
  );
  await sql`truncate previewed_now`.execute(tx.db);
  await copyInto(tx, 'previewed_now', rowColumns, rows);
  await sql`
    insert into catalog.price_preview_row (tenant_id, preview_id, channel_id, sku, before_minor, price_minor, compare_minor, currency, rule_id)
    select ${tx.tenant}, ${previewId}::uuid, channel_id, sku, before_minor, price_minor, compare_minor, currency, rule_id from previewed_now`.execute(
    tx.db,
  );
}

export async function keepPreview(tx: Tx, preview: Omit<KeptPreview, 'made_at'>): Promise<void> {
  await sql`
    insert into catalog.price_preview (tenant_id, id, rules, inputs, summary, by, made_at)
    values (${tx.tenant}, ${preview.id}, ${json(preview.policy)}, ${preview.inputs}, ${json(preview.summary)}, ${preview.by}, ${tx.now})`.execute(
    tx.db,
  );
}

export async function findPreview(tx: Tx, id: string): Promise<KeptPreview | null> {
  const { rows } = await sql<Omit<KeptPreview, 'policy'> & { rules: unknown }>`
    select id, rules, inputs, summary, by, made_at from catalog.price_preview where tenant_id = ${tx.tenant} and id = ${id}`.execute(tx.db);
  const [row] = rows;
  return row ? { ...row, policy: readPricePolicy(row.rules) } : null;
}

const keptHours = 24;

/** What nobody published goes after a day; the rows of what was published too, as the history has them. */
export async function forgetPreviews(tx: Tx): Promise<void> {
  const old = sql`
    select preview.id from catalog.price_preview as preview
     where preview.tenant_id = ${tx.tenant} and preview.made_at < ${after(tx.now, { hours: -keptHours })}
       and not exists (select from catalog.price_publication as waiting
                        where waiting.tenant_id = preview.tenant_id and waiting.preview_id = preview.id and waiting.state = 'scheduled')`;
  await sql`delete from catalog.price_preview_row where tenant_id = ${tx.tenant} and preview_id in (${old})`.execute(tx.db);
  await sql`delete from catalog.price_preview where tenant_id = ${tx.tenant} and id in (${old})`.execute(tx.db);
}
