import { sql } from 'kysely';
import type { Instant } from '#kernel/time';
import type { Tx } from '#platform/db';
import type { ListingKey, Step } from './words.ts';

export interface PriceRemembered {
  at: Instant;
  price_minor: bigint;
  compare_minor: bigint | null;
  before_minor: bigint | null;
  currency: string;
  rule_name: string;
  policy_version: number;
  by: string;
  publication_id: string | null;
  undone_at: Instant | null;
}

/** The published price with the way to it; amounts of steps were kept as text. */
export async function priceOf(tx: Tx, { channel_id, sku }: ListingKey) {
  const { rows } = await sql<{
    price: bigint;
    compare: bigint | null;
    currency: string;
    rule: string;
    version: number;
    steps: (Omit<Step, 'minor'> & { minor: string })[];
    by: string;
    at: Instant;
    cost: bigint | null;
  }>`
    select price_minor as price, compare_minor as compare, currency, rule_name as rule, policy_version as version, coalesce(why -> 'steps', '[]') as steps,
           by, published_at as at, cost_minor as cost
      from catalog.listing_price where tenant_id = ${tx.tenant} and channel_id = ${channel_id} and sku = ${sku}`.execute(tx.db);
  const [row] = rows;
  return row ? { ...row, steps: row.steps.map((step) => ({ ...step, minor: BigInt(step.minor) })) } : null;
}

/** The newest hundred. */
export async function priceHistoryOf(tx: Tx, { channel_id, sku }: ListingKey): Promise<PriceRemembered[]> {
  const { rows } = await sql<PriceRemembered>`
    select at, price_minor, compare_minor, (before ->> 'price_minor')::bigint as before_minor, currency, rule_name, policy_version, by, publication_id, undone_at
      from catalog.price_history where tenant_id = ${tx.tenant} and channel_id = ${channel_id} and sku = ${sku}
     order by at desc, id desc limit 100`.execute(tx.db);
  return rows;
}
