import { sql } from 'kysely';
import { after } from '#kernel/time';
import { json, type Tx } from '#platform/db';
import type { NewRun, Progress, Run, RunState } from './words.ts';

const columns = sql.raw(
  'id, kind, subject, state, settings, position, done_count, total_count, summary, problem, cancel_asked, holder, lease_until, created_at, ended_at',
);

/** Puts long work on the list; returns its id. Whoever claims it first does it. */
export async function startRun(tx: Tx, run: NewRun): Promise<string> {
  const id = run.id ?? tx.newId();
  await sql`
    insert into platform.run (tenant_id, id, kind, subject, state, settings, total_count, created_at)
    values (${tx.tenant}, ${id}, ${run.kind}, ${run.subject ?? ''}, 'waiting', ${json(run.settings ?? {})}, ${run.total ?? null}, ${tx.now})`.execute(
    tx.db,
  );
  return id;
}

/**
 * Takes the oldest run of these kinds that nobody works on, or whose holder has let its lease run out; null when there is none.
 * `holder` is a uuid of the claimer's own, new for every claim; `id` asks for one run alone.
 */
export async function claimRun(
  tx: Tx,
  want: { kinds: readonly string[]; holder: string; leaseSeconds: number; id?: string },
): Promise<Run | null> {
  const { rows } = await sql<Run>`
    update platform.run
       set state = 'running', holder = ${want.holder}, lease_until = ${after(tx.now, { seconds: want.leaseSeconds })}
     where tenant_id = ${tx.tenant}
       and id = (select id from platform.run
                  where tenant_id = ${tx.tenant}
                    and (state = 'waiting' or (state = 'running' and lease_until < ${tx.now}))
                    and kind = any(${want.kinds}::text[])
                    and (${want.id ?? null}::uuid is null or id = ${want.id ?? null})
                  order by created_at, id
                  limit 1
                    for update skip locked)
    returning ${columns}`.execute(tx.db);
  return rows[0] ?? null;
}

/** Says that its holder still works on it, and how far it is. `held` is false when another has taken it over or it has ended: stop. */
export async function renewRun(
  tx: Tx,
  mine: { id: string; holder: string; leaseSeconds: number },
  progress: Progress = {},
): Promise<{ held: boolean; cancelAsked: boolean }> {
  const { rows } = await sql<{ cancel_asked: boolean }>`
    update platform.run
       set lease_until = ${after(tx.now, { seconds: mine.leaseSeconds })},
           done_count = coalesce(${progress.done ?? null}, done_count),
           total_count = coalesce(${progress.total ?? null}, total_count),
           position = coalesce(${progress.position ? json(progress.position) : null}, position)
     where tenant_id = ${tx.tenant} and id = ${mine.id} and holder = ${mine.holder} and state = 'running'
    returning cancel_asked`.execute(tx.db);
  return { held: rows.length === 1, cancelAsked: rows[0]?.cancel_asked ?? false };
}

/** Asks for an end: one that waits ends at once, one that runs at its holder's next renewal. False when it has ended already. */
export async function cancelRun(tx: Tx, id: string): Promise<boolean> {
  const { rows } = await sql`
    update platform.run
       set cancel_asked = true,
           state = case when state = 'waiting' then 'cancelled' else state end,
           ended_at = case when state = 'waiting' then ${tx.now}::timestamptz else ended_at end
     where tenant_id = ${tx.tenant} and id = ${id} and state in ('waiting', 'running')
    returning id`.execute(tx.db);
  return rows.length === 1;
}

/**
 * Ends a run, in the transaction of its last change: false when another has taken it over meanwhile, and then that transaction has
 * to be given up.
 */
export async function finishRun(
  tx: Tx,
  mine: { id: string; holder: string },
  end: { state: Exclude<RunState, 'waiting' | 'running'>; summary?: object; problem?: string; done?: bigint },
): Promise<boolean> {
  const { rows } = await sql`
    update platform.run
       set state = ${end.state}, summary = ${json(end.summary ?? {})}, problem = ${end.problem ?? ''}, ended_at = ${tx.now},
           done_count = coalesce(${end.done ?? null}, done_count), holder = null, lease_until = null
     where tenant_id = ${tx.tenant} and id = ${mine.id} and holder = ${mine.holder} and state = 'running'
    returning id`.execute(tx.db);
  return rows.length === 1;
}

/** Puts a run that has ended back on the list, with settings added to its own. */
export async function repeatRun(tx: Tx, id: string, settings: object = {}): Promise<boolean> {
  const { rows } = await sql`
    update platform.run
       set state = 'waiting', settings = settings || ${json(settings)}, cancel_asked = false, problem = '', done_count = 0, ended_at = null
     where tenant_id = ${tx.tenant} and id = ${id} and state in ('done', 'failed', 'cancelled')
    returning id`.execute(tx.db);
  return rows.length === 1;
}

export async function findRun(tx: Tx, id: string): Promise<Run | null> {
  const { rows } = await sql<Run>`select ${columns} from platform.run where tenant_id = ${tx.tenant} and id = ${id}`.execute(tx.db);
  return rows[0] ?? null;
}
