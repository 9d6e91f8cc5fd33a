import { sql } from 'kysely';
import type { Instant } from '#kernel/time';
import { json, type Tx } from '#platform/db';
import { type AvailabilityPolicy, defaultAvailabilityPolicy } from './availability-policy.ts';

export interface KeptAvailability {
  /** 0: nobody has changed it yet. */
  version: number;
  policy: AvailabilityPolicy;
  changed_at: Instant | null;
  changed_by: string;
}

export async function availabilityPolicy(tx: Tx): Promise<KeptAvailability> {
  const { rows } = await sql<{ settings: Partial<AvailabilityPolicy>; version: number; changed_at: Instant; changed_by: string }>`
    select settings, version, changed_at, changed_by from catalog.availability_policy where tenant_id = ${tx.tenant}`.execute(tx.db);
  const [row] = rows;
  if (!row) return { version: 0, policy: defaultAvailabilityPolicy, changed_at: null, changed_by: '' };
  const { settings, ...kept } = row;
  return { ...kept, policy: { ...defaultAvailabilityPolicy, ...settings } };
}

/** Replaces it. Whoever saves it has every listing counted anew. */
export async function saveAvailabilityPolicy(tx: Tx, policy: AvailabilityPolicy, by: string): Promise<void> {
  await sql`
    insert into catalog.availability_policy as ours (tenant_id, settings, version, changed_at, changed_by)
    values (${tx.tenant}, ${json(policy)}, 1, ${tx.now}, ${by})
        on conflict (tenant_id) do update
       set settings = excluded.settings, version = ours.version + 1, changed_at = excluded.changed_at, changed_by = excluded.changed_by`.execute(
    tx.db,
  );
}
