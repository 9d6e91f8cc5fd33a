import { sql } from 'kysely';
import { after, type Instant } from '#kernel/time';
import type { Tx } from '#platform/db';

/** A file that somebody looks at before it is imported. */
export interface FeedPreviewFile {
  id: string;
  supplier_id: string | null;
  name: string;
  bytes: bigint;
  created_at: Instant;
}

const keptHours = 24;
const mostKept = 100;

export async function addPreview(
  tx: Tx,
  it: { id: string; supplierId: string | null; name: string; bytes: number; actor: string },
): Promise<void> {
  await sql`
    insert into catalog.feed_preview (tenant_id, id, supplier_id, name, bytes, actor, created_at)
    values (${tx.tenant}, ${it.id}, ${it.supplierId}, ${it.name.slice(0, 200)}, ${it.bytes}, ${it.actor}, ${tx.now})`.execute(tx.db);
}

export async function findPreview(tx: Tx, id: string): Promise<FeedPreviewFile | null> {
  const { rows } = await sql<FeedPreviewFile>`
    select id, supplier_id, name, bytes, created_at from catalog.feed_preview where tenant_id = ${tx.tenant} and id = ${id}`.execute(tx.db);
  return rows[0] ?? null;
}

/** Those of yesterday, and more than anybody looks at, go; returns whose files can be removed. */
export async function dropPreviews(tx: Tx): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    delete from catalog.feed_preview
     where tenant_id = ${tx.tenant}
       and (created_at < ${after(tx.now, { hours: -keptHours })}
            or id not in (select id from catalog.feed_preview where tenant_id = ${tx.tenant} order by created_at desc, id desc limit ${mostKept}))
    returning id`.execute(tx.db);
  return rows.map(({ id }) => id);
}
