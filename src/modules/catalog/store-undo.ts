import { type RawBuilder, sql } from 'kysely';
import { invariant } from '#kernel/fault';
import { problem } from '#kernel/problem';
import { after, type Instant, isBefore } from '#kernel/time';
import { recordset, type Tx } from '#platform/db';
import { variantsTouched } from './availability/store-signals.ts';
import { type UndoTargetName, undoTarget, undoTargets } from './undo-targets.ts';

/** For how long a bulk change can be taken back. */
const undoMinutes = 15;

/** The rows that a change is going to touch: their keys, or a query in brackets that has the key's columns. */
export interface UndoRows {
  target: UndoTargetName;
  keys: readonly Readonly<Record<string, unknown>>[] | RawBuilder<unknown>;
}

export interface ToRemember {
  kind: string;
  /** In words for the list of what can be taken back: "412 exact matches approved". */
  title: string;
  actor: string;
  rows: readonly UndoRows[];
}

/** Something that can be, or was, taken back. */
export interface UndoRow {
  id: string;
  kind: string;
  title: string;
  actor: string;
  row_count: number;
  created_at: Instant;
  until: Instant;
  undone_at: Instant | null;
}

/**
 * Makes a change that can be taken back for a quarter of an hour: notes what the rows are, lets `change` write, and notes what became
 * of them, all in this transaction. Rows that the change left alone are not kept. The id is for `undo`.
 */
export async function rememberUndo<T>(
  tx: Tx,
  what: ToRemember,
  change: () => Promise<T>,
): Promise<{ undoId: string; rows: number; done: T }> {
  await forgetOld(tx);
  const undoId = tx.newId();
  await sql`
    insert into catalog.undo (tenant_id, id, kind, title, actor, created_at, until)
    values (${tx.tenant}, ${undoId}, ${what.kind}, ${what.title}, ${what.actor}, ${tx.now}, ${after(tx.now, { minutes: undoMinutes })})`.execute(
    tx.db,
  );
  for (const rows of what.rows) await noteBefore(tx, undoId, rows);
  const done = await change();
  for (const target of new Set(what.rows.map((rows) => rows.target))) await noteAfter(tx, undoId, target);
  const { rows } = await sql<{ row_count: number }>`
    update catalog.undo
       set row_count = (select count(*) from catalog.undo_row where tenant_id = ${tx.tenant} and undo_id = ${undoId})
     where tenant_id = ${tx.tenant} and id = ${undoId}
    returning row_count`.execute(tx.db);
  return { undoId, rows: rows[0]?.row_count ?? 0, done };
}

/** What has run out goes with the next thing that is remembered, so that nothing has to sweep. */
async function forgetOld(tx: Tx): Promise<void> {
  await sql`
    with old as (delete from catalog.undo where tenant_id = ${tx.tenant} and until < ${after(tx.now, { minutes: -24 * 60 })} returning id)
    delete from catalog.undo_row where tenant_id = ${tx.tenant} and undo_id in (select id from old)`.execute(tx.db);
}

async function noteBefore(tx: Tx, undoId: string, { target: name, keys }: UndoRows): Promise<void> {
  const target = undoTarget(name);
  const given = Array.isArray(keys) ? recordset(keys, target.key) : (keys as RawBuilder<unknown>);
  const names = Object.keys(target.key);
  const list = sql.raw(names.map((column) => `given.${column}`).join(', '));
  const key = sql.raw(`jsonb_build_object(${names.map((column) => `'${column}', given.${column}`).join(', ')})`);
  const same = sql.raw(names.map((column) => `ours.${column} = given.${column}`).join(' and '));
  await sql`
    insert into catalog.undo_row (tenant_id, undo_id, target, position, key, before)
    select ${tx.tenant}, ${undoId}, ${name}, coalesce((select max(position) from catalog.undo_row where tenant_id = ${tx.tenant} and undo_id = ${undoId}), 0)
             + row_number() over (), ${key}, case when ours.tenant_id is not null then ${snapshot(name)} end
      from (select distinct ${list} from ${given} as given) as given
      left join ${sql.raw(target.table)} as ours on ours.tenant_id = ${tx.tenant} and ${same}`.execute(tx.db);
}

async function noteAfter(tx: Tx, undoId: string, name: UndoTargetName): Promise<void> {
  await sql`
    update catalog.undo_row as kept set after = ${current(name)}
     where kept.tenant_id = ${tx.tenant} and kept.undo_id = ${undoId} and kept.target = ${name}`.execute(tx.db);
  await sql`
    delete from catalog.undo_row
     where tenant_id = ${tx.tenant} and undo_id = ${undoId} and target = ${name} and before is not distinct from after`.execute(tx.db);
}

/** A row's columns as kept, with the types' own spelling, so that before, after and now can be held against each other. */
const snapshot = (name: UndoTargetName): RawBuilder<unknown> =>
  sql.raw(
    `jsonb_build_object(${Object.keys(undoTarget(name).columns)
      .map((column) => `'${column}', ours.${column}`)
      .join(', ')})`,
  );

/** What the row of `kept` is now; null when it is not there. */
const current = (name: UndoTargetName): RawBuilder<unknown> => {
  const { table, key } = undoTarget(name);
  return sql`(select ${snapshot(name)} from ${sql.raw(table)} as ours where ours.tenant_id = kept.tenant_id and ${sql.raw(sameKey(key))})`;
};

const sameKey = (key: Readonly<Record<string, string>>): string =>
  Object.entries(key)
    .map(([column, type]) => `ours.${column} = (kept.key ->> '${column}')::${type}`)
    .join(' and ');

/**
 * Takes a change back: every row that is still as the change left it becomes what it was before; rows that were changed since stay, and
 * are counted in `left`. Throws a Problem when there is no such change, its time is over, or it was taken back already.
 */
export async function undo(tx: Tx, id: string, by: string): Promise<{ kind: string; title: string; restored: number; left: number }> {
  const { rows } = await sql<UndoRow>`
    select id, kind, title, actor, row_count, created_at, until, undone_at from catalog.undo
     where tenant_id = ${tx.tenant} and id = ${id} for update`.execute(tx.db);
  const [kept] = rows;
  if (!kept) throw problem('not-found', 'There is nothing like that to take back.');
  if (kept.undone_at) throw problem('wrong-state', `"${kept.title}" was taken back already.`);
  if (isBefore(kept.until, tx.now)) {
    throw problem('wrong-state', `"${kept.title}" cannot be taken back any longer: its ${undoMinutes} minutes are over.`);
  }
  await notePutBack(tx, id, by);
  let restored = 0;
  for (const target of Object.keys(undoTargets) as UndoTargetName[]) restored += await restore(tx, id, target);
  const left = kept.row_count - restored;
  await sql`
    update catalog.undo set undone_at = ${tx.now}, undone_by = ${by}, left_count = ${left} where tenant_id = ${tx.tenant} and id = ${id}`.execute(
    tx.db,
  );
  await variantsTouched(tx, {
    of: sql`(select coalesce(key ->> 'variant_id', key ->> 'id')::uuid from catalog.undo_row
              where tenant_id = ${tx.tenant} and undo_id = ${id} and target in ('match', 'variant'))`,
    costs: true,
  });
  return { kind: kept.kind, title: kept.title, restored, left };
}

/** What is about to be put back of variants stands in their history as a change, with the values the other way round. */
async function notePutBack(tx: Tx, undoId: string, by: string): Promise<void> {
  await sql`
    insert into catalog.variant_change (tenant_id, variant_id, id, field, before, after, source, by, at)
    select tenant_id, variant_id, ${tx.newId()}, field, after, before, 'undo', ${by}, ${tx.now}
      from catalog.variant_change as change
     where change.tenant_id = ${tx.tenant} and change.undo_id = ${undoId}
       and exists (select from catalog.undo_row as kept
                    where kept.tenant_id = ${tx.tenant} and kept.undo_id = ${undoId} and kept.target = 'variant'
                      and (kept.key ->> 'id')::uuid = change.variant_id and kept.after is not distinct from ${current('variant')})`.execute(
    tx.db,
  );
}

/** A column out of what was kept. */
function valueOf(from: string, column: string, type: string): string {
  if (type === 'jsonb') return `${from} -> '${column}'`;
  if (!type.endsWith('[]')) return `(${from} ->> '${column}')::${type}`;
  return `case when jsonb_typeof(${from} -> '${column}') = 'array' then array(select jsonb_array_elements_text(${from} -> '${column}'))::${type} end`;
}

/** Rows that came go, rows that went come back, and the others take their old values; all judged by what they are at this moment. */
async function restore(tx: Tx, undoId: string, name: UndoTargetName): Promise<number> {
  const { table, key, columns } = undoTarget(name);
  const names = Object.keys(columns);
  const all = [...Object.keys(key), ...names];
  const values = [
    ...Object.entries(key).map(([column, type]) => `(key ->> '${column}')::${type}`),
    ...Object.entries(columns).map(([column, type]) => valueOf('before', column, type)),
  ];
  const { rows } = await sql<{ restored: bigint }>`
    with intact as materialized (
      select kept.key, kept.before, kept.after from catalog.undo_row as kept
       where kept.tenant_id = ${tx.tenant} and kept.undo_id = ${undoId} and kept.target = ${name} and kept.after is not distinct from ${current(name)}
    ), came as (
      delete from ${sql.raw(table)} as ours using intact as kept
       where ours.tenant_id = ${tx.tenant} and ${sql.raw(sameKey(key))} and kept.before is null
      returning 1
    ), went as (
      insert into ${sql.raw(table)} (tenant_id, ${sql.raw(all.join(', '))})
      select ${tx.tenant}::uuid, ${sql.raw(values.join(', '))} from intact where after is null
      returning 1
    ), changed as (
      update ${sql.raw(table)} as ours set ${sql.raw(names.map((column) => `${column} = ${valueOf('kept.before', column, columns[column] ?? 'text')}`).join(', '))}
        from intact as kept
       where ours.tenant_id = ${tx.tenant} and ${sql.raw(sameKey(key))} and kept.before is not null and kept.after is not null
      returning 1
    )
    select (select count(*) from came) + (select count(*) from went) + (select count(*) from changed) as restored`.execute(tx.db);
  const restored = Number(rows[0]?.restored);
  invariant(Number.isSafeInteger(restored), 'rows that were put back are counted');
  return restored;
}

/** What can still be taken back, the newest first; at most twenty. */
export async function listUndo(tx: Tx): Promise<UndoRow[]> {
  const { rows } = await sql<UndoRow>`
    select id, kind, title, actor, row_count, created_at, until, undone_at from catalog.undo
     where tenant_id = ${tx.tenant} and until >= ${tx.now} and undone_at is null and row_count > 0
     order by created_at desc, id desc
     limit 20`.execute(tx.db);
  return rows;
}
