import { sql } from 'kysely';
import type { Instant } from '#kernel/time';
import { json, type Tx } from '#platform/db';
import { defaultPricePolicy, type PricePolicy, readPricePolicy } from './price-policy.ts';

export interface KeptPolicy {
  /** 0: there is none yet, and nothing is priced. */
  version: number;
  state: 'draft' | 'live' | 'retired';
  policy: PricePolicy;
  note: string;
  created_at: Instant | null;
  published_at: Instant | null;
  /** Up to when its windows in time have been followed. */
  windows_at: Instant | null;
}

const nothingYet: KeptPolicy = {
  version: 0,
  state: 'live',
  policy: defaultPricePolicy,
  note: '',
  created_at: null,
  published_at: null,
  windows_at: null,
};

type Row = Omit<KeptPolicy, 'policy'> & { rules: unknown };
const keptOf = ({ rules, ...row }: Row): KeptPolicy => ({ ...row, policy: readPricePolicy(rules) });

/** What prices are made by now. */
export async function livePricePolicy(tx: Tx): Promise<KeptPolicy> {
  return (await inState(tx, 'live')) ?? nothingYet;
}

export const draftPricePolicy = (tx: Tx): Promise<KeptPolicy | null> => inState(tx, 'draft');

async function inState(tx: Tx, state: 'draft' | 'live'): Promise<KeptPolicy | null> {
  const { rows } = await sql<Row>`
    select version, state, rules, note, created_at, published_at, windows_at from catalog.price_policy
     where tenant_id = ${tx.tenant} and state = ${state} limit 1`.execute(tx.db);
  return rows[0] ? keptOf(rows[0]) : null;
}

/** The newest versions, without their rules. */
export async function pricePolicyVersions(tx: Tx): Promise<Omit<KeptPolicy, 'policy' | 'windows_at'>[]> {
  const { rows } = await sql<Omit<KeptPolicy, 'policy' | 'windows_at'>>`
    select version, state, note, created_at, published_at from catalog.price_policy
     where tenant_id = ${tx.tenant} order by version desc limit 50`.execute(tx.db);
  return rows;
}

/** There is one draft at most; saving replaces it. */
export async function savePriceDraft(tx: Tx, policy: PricePolicy, note: string): Promise<number> {
  await sql`delete from catalog.price_policy where tenant_id = ${tx.tenant} and state = 'draft'`.execute(tx.db);
  return addVersion(tx, policy, note, 'draft');
}

/**
 * These rules become the live ones, unless they are already; a draft of the same rules is one no more. Locks the live policy, so that
 * two publications follow one another.
 */
export async function makePricePolicyLive(tx: Tx, policy: PricePolicy, note: string): Promise<{ version: number; before: number }> {
  await sql`select pg_advisory_xact_lock(hashtextextended('catalog.price_policy ' || ${tx.tenant}, 0))`.execute(tx.db);
  const live = await livePricePolicy(tx);
  await sql`delete from catalog.price_policy where tenant_id = ${tx.tenant} and state = 'draft' and rules = ${json(policy)}`.execute(tx.db);
  const { rows } = await sql<{ same: boolean }>`
    select rules = ${json(policy)} as same from catalog.price_policy where tenant_id = ${tx.tenant} and state = 'live'`.execute(tx.db);
  if (rows[0]?.same) return { version: live.version, before: live.version };
  await sql`update catalog.price_policy set state = 'retired' where tenant_id = ${tx.tenant} and state = 'live'`.execute(tx.db);
  return { version: await addVersion(tx, policy, note, 'live'), before: live.version };
}

async function addVersion(tx: Tx, policy: PricePolicy, note: string, state: 'draft' | 'live'): Promise<number> {
  const published = state === 'live' ? tx.now : null;
  const { rows } = await sql<{ version: number }>`
    insert into catalog.price_policy (tenant_id, id, version, state, rules, note, created_at, published_at, windows_at)
    select ${tx.tenant}, ${tx.newId()}, coalesce(max(version), 0) + 1, ${state}, ${json(policy)}, ${note}, ${tx.now}, ${published}, ${published}
      from catalog.price_policy where tenant_id = ${tx.tenant}
    returning version`.execute(tx.db);
  return rows[0]?.version ?? 0;
}

/**
 * Back to the version before, if what is to be taken back is still the live one. Its rules are somebody's work: they become the draft,
 * unless there is another.
 */
export async function returnToVersion(tx: Tx, from: number, to: number): Promise<void> {
  const { numAffectedRows } = await sql`
    update catalog.price_policy
       set state = case when exists (select from catalog.price_policy as other where other.tenant_id = ${tx.tenant} and other.state = 'draft')
                        then 'retired' else 'draft' end, published_at = null
     where tenant_id = ${tx.tenant} and version = ${from} and state = 'live'`.execute(tx.db);
  if (numAffectedRows === 0n) return;
  await sql`
    update catalog.price_policy set state = 'live', windows_at = ${tx.now} where tenant_id = ${tx.tenant} and version = ${to}`.execute(
    tx.db,
  );
}

export async function windowsFollowed(tx: Tx, version: number): Promise<void> {
  await sql`update catalog.price_policy set windows_at = ${tx.now} where tenant_id = ${tx.tenant} and version = ${version}`.execute(tx.db);
}
