import { sql } from 'kysely';
import { Problem, problem } from '#kernel/problem';
import { json, type Tx } from '#platform/db';

/** The first answer to an idempotency key, to be given again. */
export interface KeptAnswer {
  status: number;
  body: unknown;
}

/**
 * Claims a key for this transaction and looks whether it was answered before. Claim, work and answer are one transaction: a crash
 * leaves neither the change nor the claim. Throws when the key is being worked on right now, or came with another request.
 */
export async function answeredBefore(tx: Tx, key: string, fingerprint: string): Promise<KeptAnswer | null> {
  // Two statements: the second must see what whoever held the lock before us has committed.
  const { rows: claims } = await sql<{ mine: boolean }>`
    select pg_try_advisory_xact_lock(hashtextextended(${`${tx.tenant} ${key}`}, 0)) as mine`.execute(tx.db);
  if (!claims[0]?.mine) {
    throw problem('idempotency-in-progress', 'The first request with this Idempotency-Key is still being handled.', {
      fix: 'Wait a second and send it again unchanged.',
    });
  }
  const { rows } = await sql<{ fingerprint: string; status: number | null; body: unknown }>`
    select fingerprint, status, body from platform.idempotency where tenant_id = ${tx.tenant} and key = ${key}`.execute(tx.db);
  const [kept] = rows;
  if (kept && kept.fingerprint !== fingerprint) {
    throw problem('idempotency-mismatch', 'This Idempotency-Key was used before for another request.', {
      param: 'Idempotency-Key',
      fix: 'Use a new key for a new request; repeat a request unchanged.',
    });
  }
  return kept ? { status: kept.status ?? 200, body: kept.body } : null;
}

/** In the transaction that claimed the key. */
export async function keepAnswer(tx: Tx, key: string, fingerprint: string, answer: KeptAnswer): Promise<void> {
  await sql`
    insert into platform.idempotency (tenant_id, key, fingerprint, status, body, created_at)
    values (${tx.tenant}, ${key}, ${fingerprint}, ${answer.status}, ${json(answer.body)}, ${tx.now})`.execute(tx.db);
}

/** Forgets answers older than `before`; the calendar calls it. */
export async function forgetAnswers(tx: Tx, before: Temporal.Instant): Promise<bigint> {
  const { numAffectedRows } = await sql`delete from platform.idempotency where tenant_id = ${tx.tenant} and created_at < ${before}`.execute(
    tx.db,
  );
  return numAffectedRows ?? 0n;
}

/** One of several in a transaction: when it ends in a `Problem`, what it wrote is undone, the others stay, and the problem is returned. */
export async function oneOfMany<T>(tx: Tx, work: () => Promise<T>): Promise<T | Problem> {
  await sql`savepoint one_of_many`.execute(tx.db);
  try {
    const result = await work();
    await sql`release savepoint one_of_many`.execute(tx.db);
    return result;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    await sql`rollback to savepoint one_of_many`.execute(tx.db);
    return error;
  }
}
