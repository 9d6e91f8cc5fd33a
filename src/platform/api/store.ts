import { sql } from 'kysely';
import type { Tx } from '#platform/db';

export interface Draw {
  account: string;
  /** Tokens that come back per second, and how many can lie there at most. */
  perSecond: number;
  burst: number;
  /** Taken at once when twice as many lie there; otherwise one is. */
  many: number;
  /** How far ahead one may be promised: tokens below zero. */
  mostDebt: number;
}

/**
 * Takes tokens from the account's bucket, which all processes share. Below zero a token is a promise: it may be used once the
 * bucket is back at zero. Null when that would be too far ahead; then nothing was taken.
 */
export async function takeTokens(tx: Tx, draw: Draw): Promise<{ taken: number; tokens: number } | null> {
  const { rows } = await sql<{ taken: number; tokens: number }>`
    with before as (
      select tokens, refilled_at
        from platform.rate_budget
       where tenant_id = ${tx.tenant} and account = ${draw.account}
         for no key update
    ), have as (
      select least(${draw.burst}::float8,
                   coalesce(tokens + greatest(0, extract(epoch from (${tx.now}::timestamptz - refilled_at))) * ${draw.perSecond}::float8,
                            ${draw.burst}::float8)) as tokens
        from (select 1) as one left join before on true
    ), share as (
      select tokens, case when tokens >= 2 * ${draw.many}::float8 then ${draw.many}::int else 1 end as taken
        from have
    )
    insert into platform.rate_budget as ours (tenant_id, account, tokens, refilled_at)
    select ${tx.tenant}, ${draw.account}, tokens - taken, ${tx.now}
      from share
     where tokens - taken >= -${draw.mostDebt}::float8
    on conflict (tenant_id, account) do update
       -- Without a row before, somebody else made it meanwhile: what they took counts too.
       set tokens = case when exists (select from before) then excluded.tokens else ours.tokens - (select taken from share) end,
           refilled_at = greatest(ours.refilled_at, excluded.refilled_at)
    returning tokens, (select taken from share) as taken`.execute(tx.db);
  return rows[0] ?? null;
}

/** The far side says that we are too fast: what lies there is gone, and stays gone for that long. */
export async function emptyBucket(tx: Tx, account: string, perSecond: number, waitMs: number): Promise<void> {
  await sql`
    update platform.rate_budget
       set tokens = least(tokens, -${perSecond}::float8 * ${waitMs}::float8 / 1000),
           refilled_at = greatest(refilled_at, ${tx.now}::timestamptz)
     where tenant_id = ${tx.tenant} and account = ${account}`.execute(tx.db);
}
