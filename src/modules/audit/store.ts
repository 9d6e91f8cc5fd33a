import { sql } from 'kysely';
import { recordset, type Tx } from '#platform/db';
import type { NewFact } from '#platform/work';
import { chainHash, type SealedFact } from './decide.ts';

/** Writes facts with the change that they tell of; returns the ids, in order. */
export async function appendFacts(tx: Tx, facts: readonly (NewFact & { actor: string })[]): Promise<string[]> {
  if (facts.length === 0) return [];
  const rows = facts.map((fact) => ({
    id: tx.newId(),
    type: fact.type,
    subject_kind: fact.subject.kind,
    subject_id: fact.subject.id,
    order_id: fact.order ?? null,
    actor: fact.actor,
    data: fact.data ?? {},
  }));
  await sql`
    insert into audit.fact (tenant_id, id, type, subject_kind, subject_id, order_id, at, actor, data)
    select ${tx.tenant}, id, type, subject_kind, subject_id, order_id, ${tx.now}, actor, data
      from ${recordset(rows, { id: 'uuid', type: 'text', subject_kind: 'text', subject_id: 'uuid', order_id: 'uuid', actor: 'text', data: 'jsonb' })} as given`.execute(
    tx.db,
  );
  return rows.map(({ id }) => id);
}

/**
 * Numbers and chains up to `most` facts that are not sealed yet; returns how many. The chain's row is locked, so one writer at a
 * time. A transaction that is still open may add older facts later; they get later numbers, which is what a number means here.
 */
export async function seal(tx: Tx, most = 2_000): Promise<number> {
  await sql`insert into audit.chain (tenant_id, last_number, last_hash) values (${tx.tenant}, 0, '\\x') on conflict do nothing`.execute(
    tx.db,
  );
  const { rows: chains } = await sql<{ last_number: bigint; last_hash: Buffer }>`
    select last_number, last_hash from audit.chain where tenant_id = ${tx.tenant} for update skip locked`.execute(tx.db);
  const chain = chains[0];
  if (!chain) return 0;
  const { rows: facts } = await sql<Omit<SealedFact, 'number'>>`
    select id, type, subject_kind, subject_id, order_id, at, actor, data
      from audit.fact
     where tenant_id = ${tx.tenant}
       and number is null
     order by seq
     limit ${most}`.execute(tx.db);
  if (facts.length === 0) return 0;
  let number = chain.last_number;
  let hash: Uint8Array = chain.last_hash;
  const sealed = facts.map((fact) => {
    number += 1n;
    hash = chainHash(hash, { ...fact, number });
    return { id: fact.id, number, hash: Buffer.from(hash).toString('hex') };
  });
  await sql`
    update audit.fact as ours
       set number = given.number,
           hash = decode(given.hash, 'hex')
      from ${recordset(sealed, { id: 'uuid', number: 'bigint', hash: 'text' })} as given
     where ours.tenant_id = ${tx.tenant}
       and ours.id = given.id`.execute(tx.db);
  await sql`
    update audit.chain
       set last_number = ${number}, last_hash = decode(${Buffer.from(hash).toString('hex')}, 'hex')
     where tenant_id = ${tx.tenant}`.execute(tx.db);
  return sealed.length;
}

/** Recomputes the chain from its beginning, a page at a time; `why` is '' when it holds. */
export async function verifyChain(tx: Tx): Promise<{ holds: boolean; why: string; last_number: bigint }> {
  let number = 0n;
  let hash: Uint8Array = new Uint8Array();
  for (;;) {
    const page = await sealedAfter(tx, number);
    for (const fact of page) {
      if (fact.number !== number + 1n) return { holds: false, why: `fact ${number + 1n} is missing`, last_number: number };
      hash = chainHash(hash, fact);
      if (!Buffer.from(hash).equals(fact.hash))
        return { holds: false, why: `fact ${fact.number} (${fact.type}) is not as it was when it was sealed`, last_number: number };
      number = fact.number;
    }
    if (page.length < pageSize) break;
  }
  const { rows } = await sql<{ last_number: bigint; last_hash: Buffer }>`
    select last_number, last_hash from audit.chain where tenant_id = ${tx.tenant}`.execute(tx.db);
  const said = rows[0];
  if (!said && number > 0n) return { holds: false, why: `there is no chain that says where ${number} facts end`, last_number: number };
  if (said && (said.last_number !== number || !said.last_hash.equals(Buffer.from(hash)))) {
    return { holds: false, why: `the chain says it ends at ${said.last_number}, its facts end at ${number}`, last_number: number };
  }
  return { holds: true, why: '', last_number: number };
}

const pageSize = 5_000;

async function sealedAfter(tx: Tx, number: bigint): Promise<(SealedFact & { hash: Buffer })[]> {
  const { rows } = await sql<SealedFact & { hash: Buffer }>`
    select id, number, hash, type, subject_kind, subject_id, order_id, at, actor, data
      from audit.fact
     where tenant_id = ${tx.tenant}
       and number > ${number}
     order by number
     limit ${pageSize}`.execute(tx.db);
  return rows;
}
