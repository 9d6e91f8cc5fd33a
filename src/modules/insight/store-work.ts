import { type RawBuilder, sql } from 'kysely';
import type { Instant } from '#kernel/time';
import type { Tx } from '#platform/db';
import { after, every, type Keyset, oneMore, orderBy, type Page, type Paging, pageOf } from './keyset.ts';

// ── exceptions ───────────────────────────────────────────────────────────────────────────────────────────────────────

export interface ExceptionListed {
  id: string;
  kind: string;
  cause: string;
  title: string;
  detail: string;
  subject_kind: string;
  subject_id: string;
  order_id: string | null;
  order_number: string | null;
  supplier_id: string | null;
  supplier_name: string | null;
  channel_id: string | null;
  channel_name: string | null;
  evidence: Record<string, unknown>;
  fixes: unknown;
  money_minor: bigint;
  currency: string;
  state: 'open' | 'snoozed' | 'resolved';
  opened_at: Instant;
  due_at: Instant | null;
  times: number;
  resolved_at: Instant | null;
  resolved_by: string;
  resolution: string;
}

export interface ExceptionFilter {
  state?: string;
  kind?: string;
  cause?: string;
  supplier?: string;
  channel?: string;
  order?: string;
}

const byOpened: Keyset = {
  name: 'exceptions',
  parts: [
    { column: 'e.opened_at', type: 'timestamptz' },
    { column: 'e.id', type: 'uuid' },
  ],
  direction: 'asc',
};
/** What is over is looked at from its end. */
const byOpenedBack: Keyset = { ...byOpened, name: 'resolved', direction: 'desc' };

const shown = sql`
  e.id, e.kind, e.cause, e.title, e.detail, e.subject_kind, e.subject_id, e.order_id, e.supplier_id, e.channel_id, e.evidence, e.fixes,
  e.money_minor, e.currency, e.state, e.opened_at, e.due_at, e.times, e.resolved_at, e.resolved_by, e.resolution,
  (select o.number from orders.v_order o where o.tenant_id = e.tenant_id and o.id = e.order_id) as order_number,
  (select s.name from suppliers.v_supplier s where s.tenant_id = e.tenant_id and s.id = e.supplier_id) as supplier_name,
  (select c.name from channels.v_channel c where c.tenant_id = e.tenant_id and c.id = e.channel_id) as channel_name`;

/** The oldest first; those that are over, the newest first. */
export async function listExceptions(tx: Tx, filter: ExceptionFilter, paging: Paging): Promise<Page<ExceptionListed>> {
  const keyset = filter.state === 'resolved' ? byOpenedBack : byOpened;
  const { rows } = await sql<ExceptionListed>`
    with page as (
      select e.* from exceptions.v_exception e
       where e.tenant_id = ${tx.tenant} and ${every([after(keyset, paging.after), ...ofFilter(filter)])}
       ${orderBy(keyset)} ${oneMore(paging)})
    select ${shown} from page e ${orderBy(keyset)}`.execute(tx.db);
  return pageOf(keyset, paging, rows);
}

function ofFilter({ state, kind, cause, supplier, channel, order }: ExceptionFilter): (RawBuilder<unknown> | null)[] {
  return [
    sql`e.state = ${state ?? 'open'}`,
    kind === undefined ? null : sql`e.kind = ${kind}`,
    cause === undefined ? null : sql`e.cause = ${cause}`,
    supplier === undefined ? null : sql`e.supplier_id = ${supplier}`,
    channel === undefined ? null : sql`e.channel_id = ${channel}`,
    order === undefined ? null : sql`e.order_id = ${order}`,
  ];
}

export async function exceptionById(tx: Tx, id: string): Promise<ExceptionListed | null> {
  const { rows } = await sql<ExceptionListed>`
    select ${shown} from exceptions.v_exception e where e.tenant_id = ${tx.tenant} and e.id = ${id}`.execute(tx.db);
  return rows[0] ?? null;
}

export async function exceptionsOfOrder(tx: Tx, order: string): Promise<ExceptionListed[]> {
  const { rows } = await sql<ExceptionListed>`
    select ${shown} from exceptions.v_exception e
     where e.tenant_id = ${tx.tenant} and e.order_id = ${order} and e.state <> 'resolved' order by e.opened_at, e.id limit 50`.execute(
    tx.db,
  );
  return rows;
}

export interface GroupRow {
  cause: string;
  kind: string;
  title: string;
  count: number;
  money: { minor: string; currency: string }[];
  oldest_at: Instant;
  due_at: Instant | null;
}

const mostGroups = 200;

/** What has the same root counts once: most money first, then the longest waiting. */
export async function exceptionGroups(tx: Tx, filter: ExceptionFilter): Promise<GroupRow[]> {
  const { rows } = await sql<GroupRow>`
    with counted as (
      select e.cause, e.currency, min(e.kind) as kind, count(*) as count, sum(e.money_minor) as minor, min(e.opened_at) as oldest_at,
             min(e.due_at) as due_at, (array_agg(e.title order by e.opened_at, e.id))[1] as title
        from exceptions.v_exception e where e.tenant_id = ${tx.tenant} and ${every(ofFilter(filter))}
       group by e.cause, e.currency)
    select cause, min(kind) as kind, (array_agg(title order by oldest_at))[1] as title, sum(count)::int as count,
           jsonb_agg(jsonb_build_object('minor', minor::text, 'currency', currency) order by minor desc) as money,
           min(oldest_at) as oldest_at, min(due_at) as due_at
      from counted group by cause order by max(minor) desc, min(oldest_at), cause limit ${mostGroups}`.execute(tx.db);
  return rows;
}

/** The oldest ten of each of these causes. */
export async function exceptionsOfCauses(tx: Tx, filter: ExceptionFilter, causes: readonly string[]): Promise<ExceptionListed[]> {
  const { rows } = await sql<ExceptionListed>`
    with page as (
      select e.* from unnest(${causes}::text[]) as wanted (cause)
       cross join lateral (select * from exceptions.v_exception e
                            where e.tenant_id = ${tx.tenant} and e.cause = wanted.cause and ${every(ofFilter(filter))}
                            order by e.opened_at, e.id limit 10) e)
    select ${shown} from page e order by e.opened_at, e.id`.execute(tx.db);
  return rows;
}

// ── what arrived ─────────────────────────────────────────────────────────────────────────────────────────────────────

export interface ArrivalListed {
  id: string;
  kind: string;
  source: string;
  source_name: string;
  object: string;
  name: string;
  state: 'received' | 'read' | 'refused';
  received_at: Instant;
  note: string;
  again: number;
  size: number;
}

export interface ArrivalFilter {
  state?: string;
  kind?: string;
  source?: string;
}

const arrivalsById: Keyset = { name: 'arrivals', parts: [{ column: 'a.id', type: 'uuid' }], direction: 'desc' };

const arrivalShown = sql`
  a.id, a.kind, a.source, a.object, a.name, a.state, a.received_at, a.note, a.again, octet_length(a.body) as size,
  coalesce((select c.name from channels.v_channel c where c.tenant_id = a.tenant_id and a.source = 'channel:' || c.id),
           (select s.name from suppliers.v_supplier s where s.tenant_id = a.tenant_id and a.source = 'supplier:' || s.id), a.source) as source_name`;

/** The newest first. */
export async function listArrivals(tx: Tx, { state, kind, source }: ArrivalFilter, paging: Paging): Promise<Page<ArrivalListed>> {
  const { rows } = await sql<ArrivalListed>`
    with page as (
      select a.* from platform.v_arrival a
       where a.tenant_id = ${tx.tenant} and ${every([
         after(arrivalsById, paging.after),
         state === undefined ? null : sql`a.state = ${state}`,
         kind === undefined ? null : sql`a.kind = ${kind}`,
         source === undefined ? null : sql`a.source = ${source}`,
       ])}
       ${orderBy(arrivalsById)} ${oneMore(paging)})
    select ${arrivalShown} from page a ${orderBy(arrivalsById)}`.execute(tx.db);
  return pageOf(arrivalsById, paging, rows);
}

export interface ArrivalWhole extends ArrivalListed {
  headers: Record<string, unknown>;
  body: Uint8Array;
  last_at: Instant;
}

/** With the first `most` bytes of its body. */
export async function arrivalById(tx: Tx, id: string, most: number): Promise<ArrivalWhole | null> {
  const { rows } = await sql<ArrivalWhole>`
    select ${arrivalShown}, a.headers, substring(a.body from 1 for ${most}) as body, a.last_at
      from platform.v_arrival a where a.tenant_id = ${tx.tenant} and a.id = ${id}`.execute(tx.db);
  return rows[0] ?? null;
}

// ── facts ────────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface FactListed {
  id: string;
  type: string;
  subject_kind: string;
  subject_id: string;
  order_id: string | null;
  order_number: string | null;
  at: Instant;
  actor: string;
  actor_name: string;
  data: Record<string, unknown>;
  number: bigint | null;
}

const factsById: Keyset = { name: 'facts', parts: [{ column: 'f.id', type: 'uuid' }], direction: 'desc' };

const factShown = sql`
  f.id, f.type, f.subject_kind, f.subject_id, f.order_id, f.at, f.actor, f.data, f.number,
  (select o.number from orders.v_order o where o.tenant_id = f.tenant_id and o.id = f.order_id) as order_number,
  coalesce((select p.name from identity.v_person p where p.tenant_id = f.tenant_id and f.actor = 'person:' || p.id), '') as actor_name`;

/** The newest first; ids are born in the order of time. */
export async function listFacts(tx: Tx, filter: { type?: string; actor?: string }, paging: Paging): Promise<Page<FactListed>> {
  const { rows } = await sql<FactListed>`
    with page as (
      select f.* from audit.v_fact f
       where f.tenant_id = ${tx.tenant} and ${every([
         after(factsById, paging.after),
         filter.type === undefined ? null : sql`f.type = ${filter.type}`,
         filter.actor === undefined ? null : sql`f.actor = ${filter.actor}`,
       ])}
       ${orderBy(factsById)} ${oneMore(paging)})
    select ${factShown} from page f ${orderBy(factsById)}`.execute(tx.db);
  return pageOf(factsById, paging, rows);
}

/** An order's whole story, oldest first: at most its last 500 facts. */
export async function factsOfOrder(tx: Tx, order: string): Promise<FactListed[]> {
  const { rows } = await sql<FactListed>`
    with page as (select f.* from audit.v_fact f where f.tenant_id = ${tx.tenant} and f.order_id = ${order} order by f.at desc, f.id desc limit 500)
    select ${factShown} from page f order by f.at, f.seq`.execute(tx.db);
  return rows;
}

/** What happened to one thing of an order. */
export async function factsOfSubject(tx: Tx, order: string, subject: string): Promise<FactListed[]> {
  const { rows } = await sql<FactListed>`
    with page as (
      select f.* from audit.v_fact f
       where f.tenant_id = ${tx.tenant} and f.order_id = ${order} and f.subject_id = ${subject} order by f.at desc, f.id desc limit 500)
    select ${factShown} from page f order by f.at, f.seq`.execute(tx.db);
  return rows;
}

/**
 * For those who listen: facts with a number above `number` in their order, then those that have none yet, which are new or still on
 * their way to one. The same fact may come both ways; whoever asks remembers what it has seen.
 */
export async function factsSince(tx: Tx, number: bigint, most: number): Promise<FactListed[]> {
  const { rows } = await sql<FactListed>`
    with page as (
      (select f.* from audit.v_fact f where f.tenant_id = ${tx.tenant} and f.number > ${number} order by f.number limit ${most})
      union all
      (select f.* from audit.v_fact f where f.tenant_id = ${tx.tenant} and f.number is null order by f.at desc, f.id desc limit ${most}))
    select ${factShown} from page f order by f.number nulls last, f.seq`.execute(tx.db);
  return rows;
}

/** The number of the newest sealed fact; 0 when there is none. */
export async function lastFactNumber(tx: Tx): Promise<bigint> {
  const { rows } = await sql<{ last: bigint | null }>`
    select (select f.number from audit.v_fact f where f.tenant_id = ${tx.tenant} and f.number is not null order by f.number desc limit 1) as last`.execute(
    tx.db,
  );
  return rows[0]?.last ?? 0n;
}

// ── long runs ────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface RunRow {
  id: string;
  kind: string;
  subject: string;
  state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';
  done_count: bigint;
  total_count: bigint | null;
  summary: Record<string, unknown>;
  problem: string;
  created_at: Instant;
  ended_at: Instant | null;
}

export async function runById(tx: Tx, id: string): Promise<RunRow | null> {
  const { rows } = await sql<RunRow>`
    select id, kind, subject, state, done_count, total_count, summary, problem, created_at, ended_at
      from platform.v_run where tenant_id = ${tx.tenant} and id = ${id}`.execute(tx.db);
  return rows[0] ?? null;
}
