import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { recordset, type Tx } from '#platform/db';
import { type Thing, wakeReaders } from '#platform/work';
import type { Arrival, Arrived, Came } from './words.ts';

export const arrival: Thing<Arrival, Arrival['state']> = {
  name: 'arrival',
  table: 'platform.arrival',
  stateColumn: 'state',
  states: ['received', 'read', 'refused'],
  dated: false,
  load: loadArrivals,
};

/** In the order in which they came, as a later word about the same thing wins. */
async function loadArrivals(tx: Tx, ids: readonly string[]): Promise<Arrival[]> {
  const { rows } = await sql<Arrival>`
    select id, kind, source, object, name, headers, body, state, received_at, note
      from platform.arrival
     where tenant_id = ${tx.tenant}
       and id = any(${ids}::uuid[])
     order by received_at, id`.execute(tx.db);
  return rows;
}

/**
 * Keeps what came, in one statement, and answers in the same order. What came before with the same content is only counted.
 * The bytes travel as one array of hex, since JSON cannot hold them. 1,000 of 600 bytes: 21 ms.
 */
export async function arrive(tx: Tx, arrivals: readonly Arrived[]): Promise<Came[]> {
  if (arrivals.length === 0) return [];
  const rows = arrivals.map((came) => ({
    ...came,
    id: tx.newId(),
    hash: createHash('sha256').update(came.body).digest('hex'),
    headers: { ...came.headers },
    body: undefined,
  }));
  const keyOf = (row: { source: string; object: string; hash: string }) => `${row.source}\n${row.object}\n${row.hash}`;
  const first = new Map<string, (typeof rows)[number]>();
  const times = new Map<string, number>();
  for (const row of rows) {
    const key = keyOf(row);
    if (!first.has(key)) first.set(key, row);
    times.set(key, (times.get(key) ?? 0) + 1);
  }
  const unique = rows.filter((row) => first.get(keyOf(row)) === row);
  // Sorted, so that two deliveries of the same things never wait for each other in a ring.
  unique.sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
  const bodies = new Map(rows.map((row, place) => [row, arrivals[place]?.body ?? new Uint8Array()]));
  const { rows: kept } = await sql<{ id: string; source: string; object: string; hash: string; fresh: boolean }>`
    insert into platform.arrival as ours
      (tenant_id, id, kind, source, object, content_hash, name, headers, body, state, due_at, received_at, last_at, again)
    select ${tx.tenant}, given.id, given.kind, given.source, given.object, decode(given.hash, 'hex'), given.name, given.headers,
           decode(bytes.body, 'hex'), 'received', ${tx.now}, ${tx.now}, ${tx.now}, given.times - 1
      from ${recordset(
        unique.map((row) => ({ ...row, times: times.get(keyOf(row)) })),
        {
          id: 'uuid',
          kind: 'text',
          source: 'text',
          object: 'text',
          hash: 'text',
          name: 'text',
          headers: 'jsonb',
          times: 'int',
        },
      )} with ordinality as given
      join unnest(${unique.map((row) => Buffer.from(bodies.get(row) as Uint8Array).toString('hex'))}::text[]) with ordinality as bytes (body, ordinality)
           using (ordinality)
        on conflict (tenant_id, source, object, content_hash) do update
       set again = ours.again + excluded.again + 1,
           last_at = excluded.last_at
    returning id, source, object, encode(content_hash, 'hex') as hash, (xmax = 0) as fresh`.execute(tx.db);
  if (kept.some(({ fresh }) => fresh)) wakeReaders(tx, 'arrival', new Set(['received']));
  const found = new Map(kept.map((row) => [keyOf(row), row]));
  return rows.map((row) => {
    const came = found.get(keyOf(row));
    if (!came) throw new Error(`an arrival of ${row.source} was not kept`);
    return { id: came.id, fresh: came.fresh && first.get(keyOf(row)) === row };
  });
}

/** What was read from each, or why it was refused. The state itself is written by the step. */
export async function recordRead(tx: Tx, notes: readonly { id: string; note: string }[]): Promise<void> {
  if (notes.length === 0) return;
  await sql`
    update platform.arrival as ours
       set note = given.note
      from ${recordset(notes, { id: 'uuid', note: 'text' })} as given
     where ours.tenant_id = ${tx.tenant}
       and ours.id = given.id`.execute(tx.db);
}

/** Lets the step read them once more, whatever became of them before; returns how many there were. */
export async function readAgain(tx: Tx, ids: readonly string[]): Promise<number> {
  const { numAffectedRows } = await sql`
    update platform.arrival
       set state = 'received',
           due_at = ${tx.now}
     where tenant_id = ${tx.tenant}
       and id = any(${ids}::uuid[])`.execute(tx.db);
  wakeReaders(tx, 'arrival', new Set(['received']));
  return Number(numAffectedRows ?? 0);
}
