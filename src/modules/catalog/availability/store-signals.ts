import { type RawBuilder, sql } from 'kysely';
import { after } from '#kernel/time';
import { recordset, type Tx } from '#platform/db';
import { type Thing, wakeReaders } from '#platform/work';
import type { Signal } from './words.ts';

export const signal: Thing<Signal, Signal['state']> = {
  name: 'signal',
  table: 'catalog.signal',
  stateColumn: 'state',
  states: ['due', 'done'],
  dated: false,
  columns: { position: 'uuid' },
  load: loadSignals,
};

async function loadSignals(tx: Tx, ids: readonly string[]): Promise<Signal[]> {
  const { rows } = await sql<Signal>`
    select id, kind, ids, costs, position, state from catalog.signal
     where tenant_id = ${tx.tenant} and id = any(${ids}::uuid[]) order by id`.execute(tx.db);
  return rows;
}

/** As many as one signal names. */
const mostAtOnce = 500;
/** Where more than this changed, everything is counted anew. */
const mostNamed = 100_000;
/** What comes in quick succession is counted once. */
const gatheredForMs = 500;

export interface Touched {
  /** Ids, or a query in brackets that gives one uuid a row. */
  of: readonly string[] | RawBuilder<unknown>;
  /** Costs, lists of prices or whose offer it is may have changed too, not only how many there are. */
  costs: boolean;
}

/** Says that listings behind these offers have to be counted anew. Appends only: nobody waits for another. */
export const offersTouched = (tx: Tx, touched: Touched): Promise<void> => touch(tx, 'offer', touched);

/** The same of listings of these variants. */
export const variantsTouched = (tx: Tx, touched: Touched): Promise<void> => touch(tx, 'variant', touched);

/** All listings that have an offer of this supplier. */
export const suppliersTouched = (tx: Tx, suppliers: readonly { id: string; costs: boolean }[]): Promise<void> =>
  append(
    tx,
    suppliers.map(({ id, costs }) => ({ kind: 'supplier', ids: [id], costs })),
  );

export const everythingTouched = (tx: Tx, costs: boolean): Promise<void> => append(tx, [{ kind: 'all', ids: [], costs }]);

async function touch(tx: Tx, kind: 'offer' | 'variant', { of, costs }: Touched): Promise<void> {
  const ids = Array.isArray(of) ? [...new Set(of as readonly string[])] : await idsOf(tx, of as RawBuilder<unknown>);
  if (ids.length > mostNamed) return everythingTouched(tx, costs);
  const parts = Array.from({ length: Math.ceil(ids.length / mostAtOnce) }, (_, part) =>
    ids.slice(part * mostAtOnce, (part + 1) * mostAtOnce),
  );
  await append(
    tx,
    parts.map((part) => ({ kind, ids: part, costs })),
  );
}

async function idsOf(tx: Tx, query: RawBuilder<unknown>): Promise<string[]> {
  const { rows } = await sql<{
    id: string;
  }>`select distinct id from ${query} as named (id) where id is not null limit ${mostNamed + 1}`.execute(tx.db);
  return rows.map(({ id }) => id);
}

async function append(tx: Tx, signals: readonly { kind: Signal['kind']; ids: readonly string[]; costs: boolean }[]): Promise<void> {
  if (signals.length === 0) return;
  const rows = signals.map((one) => ({ ...one, ids: `{${one.ids.join(',')}}`, id: tx.newId() }));
  await sql`
    insert into catalog.signal (tenant_id, id, kind, ids, costs, state, due_at, created_at)
    select ${tx.tenant}, id, kind, ids::uuid[], costs, 'due', ${after(tx.now, { ms: gatheredForMs })}, ${tx.now}
      from ${recordset(rows, { id: 'uuid', kind: 'text', ids: 'text', costs: 'boolean' })} as given`.execute(tx.db);
  wakeReaders(tx, signal.name, new Set(['due']));
}

/** Those that are done leave nothing behind; what another is clearing away is passed over. */
export async function clearSignals(tx: Tx): Promise<void> {
  await sql`
    delete from catalog.signal
     where tenant_id = ${tx.tenant} and id in (
       select id from catalog.signal where tenant_id = ${tx.tenant} and state = 'done' order by id limit 500 for update skip locked)`.execute(
    tx.db,
  );
}

/** The variants of a supplier's confirmed offers, or all that are listed, after this one in the order of their ids. */
export async function variantsAfter(tx: Tx, { kind, ids, position }: Signal, most: number): Promise<string[]> {
  const beyond = position ?? '00000000-0000-0000-0000-000000000000';
  const { rows } =
    kind === 'all'
      ? await sql<{ id: string }>`
    select distinct variant_id as id from catalog.listing
     where tenant_id = ${tx.tenant} and variant_id > ${beyond} order by variant_id limit ${most}`.execute(tx.db)
      : await sql<{ id: string }>`
    select distinct match.variant_id as id
      from catalog.offer join catalog.match on match.tenant_id = ${tx.tenant} and match.offer_id = offer.id and match.state = 'confirmed'
     where offer.tenant_id = ${tx.tenant} and offer.supplier_id = ${ids[0] ?? null} and match.variant_id > ${beyond}
     order by 1 limit ${most}`.execute(tx.db);
  return rows.map(({ id }) => id);
}

/** The variants that confirmed matches of these offers stand for. */
export async function variantsOfOffers(tx: Tx, offerIds: readonly string[]): Promise<string[]> {
  if (offerIds.length === 0) return [];
  const { rows } = await sql<{ id: string }>`
    select distinct variant_id as id from catalog.match
     where tenant_id = ${tx.tenant} and offer_id = any(${offerIds}::uuid[]) and state = 'confirmed'`.execute(tx.db);
  return rows.map(({ id }) => id);
}
