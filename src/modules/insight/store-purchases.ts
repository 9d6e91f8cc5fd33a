import { type RawBuilder, sql } from 'kysely';
import type { Instant } from '#kernel/time';
import type { Tx } from '#platform/db';
import { after, beginsWith, every, type Keyset, oneMore, orderBy, type Page, type Paging, pageOf } from './keyset.ts';

export type Transmission = 'queued' | 'sending' | 'sent' | 'unknown' | 'failed' | 'acknowledged' | 'closed' | 'cancelled';

export interface PurchaseListed {
  id: string;
  number: string;
  supplier_id: string;
  supplier_name: string;
  order_id: string;
  order_number: string;
  transmission: Transmission;
  response: string;
  fulfilment: string;
  transport: string;
  currency: string;
  cost_minor: bigint;
  lines: number;
  units: number;
  reference: string;
  created_at: Instant;
  sent_at: Instant | null;
  acknowledged_at: Instant | null;
  ack_due_at: Instant | null;
  ship_due_at: Instant | null;
  reminded: number;
  service: string;
  ship_to: Record<string, unknown>;
}

export interface PurchaseFilter {
  transmission?: readonly string[];
  supplier?: string;
  order?: string;
  /** Past the clock that runs on it. */
  late?: boolean;
  q?: string;
}

const byCreated: Keyset = {
  name: 'purchases',
  parts: [
    { column: 'p.created_at', type: 'timestamptz' },
    { column: 'p.id', type: 'uuid' },
  ],
  direction: 'desc',
};

const shown = sql`
  p.id, p.number, p.supplier_id, p.order_id, p.transmission, p.response, p.fulfilment, p.transport, p.currency, p.cost_minor, p.reference,
  p.created_at, p.sent_at, p.acknowledged_at, p.ack_due_at, p.ship_due_at, p.reminded, p.service, p.ship_to,
  coalesce((select s.name from suppliers.v_supplier s where s.tenant_id = p.tenant_id and s.id = p.supplier_id), '') as supplier_name,
  coalesce((select o.number from orders.v_order o where o.tenant_id = p.tenant_id and o.id = p.order_id), '') as order_number,
  counted.lines, counted.units`;

const counted = sql`
  cross join lateral (select count(*)::int as lines, coalesce(sum(l.quantity), 0)::int as units
                        from purchasing.v_line l where l.tenant_id = p.tenant_id and l.purchase_id = p.id) counted`;

/** The newest first. */
export async function listPurchases(tx: Tx, filter: PurchaseFilter, paging: Paging): Promise<Page<PurchaseListed>> {
  const { rows } = await sql<PurchaseListed>`
    with page as (
      select p.* from purchasing.v_purchase p
       where p.tenant_id = ${tx.tenant} and ${every([after(byCreated, paging.after), ...conditions(tx, filter)])}
       ${orderBy(byCreated)} ${oneMore(paging)})
    select ${shown} from page p ${counted} ${orderBy(byCreated)}`.execute(tx.db);
  return pageOf(byCreated, paging, rows);
}

function conditions(tx: Tx, { transmission, supplier, order, late, q }: PurchaseFilter): (RawBuilder<unknown> | null)[] {
  return [
    transmission?.length === 1
      ? sql`p.transmission = ${transmission[0]}`
      : transmission?.length
        ? sql`p.transmission = any(${transmission}::text[])`
        : null,
    supplier === undefined ? null : sql`p.supplier_id = ${supplier}`,
    order === undefined ? null : sql`p.order_id = ${order}`,
    late ? sql`p.transmission in ('sent', 'acknowledged') and p.clock_at < ${tx.now}` : null,
    q === undefined ? null : beginsWith('p.number', q.trim().toUpperCase().replaceAll('\0', '')),
  ];
}

export async function purchaseHead(tx: Tx, id: string): Promise<PurchaseListed | null> {
  const { rows } = await sql<PurchaseListed>`
    select ${shown} from purchasing.v_purchase p ${counted} where p.tenant_id = ${tx.tenant} and p.id = ${id}`.execute(tx.db);
  return rows[0] ?? null;
}

export async function purchasesOf(tx: Tx, order: string): Promise<PurchaseListed[]> {
  const { rows } = await sql<PurchaseListed>`
    select ${shown} from purchasing.v_purchase p ${counted}
     where p.tenant_id = ${tx.tenant} and p.order_id = ${order} order by p.id limit 200`.execute(tx.db);
  return rows;
}

/** A supplier's open ones, the oldest first. */
export async function openPurchasesOf(tx: Tx, supplier: string, most: number): Promise<PurchaseListed[]> {
  const { rows } = await sql<PurchaseListed>`
    with page as (
      select p.* from purchasing.v_purchase p
       where p.tenant_id = ${tx.tenant} and p.supplier_id = ${supplier} and p.transmission = any('{queued,sending,sent,unknown,failed,acknowledged}')
       order by p.created_at, p.id limit ${most})
    select ${shown} from page p ${counted} order by p.created_at, p.id`.execute(tx.db);
  return rows;
}

export interface PurchaseLineRow {
  id: string;
  position: number;
  supplier_sku: string;
  title: string;
  quantity: number;
  unit_cost_minor: bigint;
  response: 'accepted' | 'short' | 'backordered' | 'substituted' | 'repriced' | 'rejected' | null;
  accepted: number;
  refused: number;
  shipped: number;
  expected_at: Instant | null;
  reason: string;
  answered_at: Instant | null;
}

export async function purchaseLines(tx: Tx, purchase: string): Promise<PurchaseLineRow[]> {
  const { rows } = await sql<PurchaseLineRow>`
    select id, position, supplier_sku, title, quantity, unit_cost_minor, response, accepted, refused, shipped, expected_at, reason, answered_at
      from purchasing.v_line where tenant_id = ${tx.tenant} and purchase_id = ${purchase} order by position`.execute(tx.db);
  return rows;
}

export interface DocumentRow {
  id: string;
  purchase_id: string;
  direction: 'out' | 'in';
  kind: string;
  name: string;
  type: string;
  size: number;
  at: Instant;
}

/** Without their bytes, the oldest first. */
export async function documentsOf(tx: Tx, purchases: readonly string[]): Promise<DocumentRow[]> {
  const { rows } = await sql<DocumentRow>`
    select id, purchase_id, direction, kind, name, type, octet_length(bytes) as size, at
      from purchasing.v_document where tenant_id = ${tx.tenant} and purchase_id = any(${purchases}::uuid[])
     order by at, id limit 500`.execute(tx.db);
  return rows;
}

export async function documentBytes(
  tx: Tx,
  purchase: string,
  document: string,
): Promise<{ name: string; type: string; bytes: Uint8Array } | null> {
  const { rows } = await sql<{ name: string; type: string; bytes: Uint8Array }>`
    select name, type, bytes from purchasing.v_document
     where tenant_id = ${tx.tenant} and purchase_id = ${purchase} and id = ${document}`.execute(tx.db);
  return rows[0] ?? null;
}

export interface ChangeRow {
  id: string;
  kind: string;
  state: string;
  why: string;
  created_at: Instant;
  answered_at: Instant | null;
}

export async function changesOf(tx: Tx, purchase: string): Promise<ChangeRow[]> {
  const { rows } = await sql<ChangeRow>`
    select id, kind, state, why, created_at, answered_at from purchasing.v_change
     where tenant_id = ${tx.tenant} and purchase_id = ${purchase} order by id limit 100`.execute(tx.db);
  return rows;
}

export interface AttemptRow {
  key: string;
  step: string;
  attempt: number;
  state: 'sending' | 'waiting' | 'unknown' | 'refused' | 'done';
  intended_at: Instant;
  settled_at: Instant | null;
  fault: { kind?: unknown; code?: unknown; message?: unknown } | null;
}

/** What was said to the outside about these things, and what came of it. */
export async function attemptsOf(tx: Tx, subjects: readonly string[]): Promise<AttemptRow[]> {
  const { rows } = await sql<AttemptRow>`
    select key, step, attempt, state, intended_at, settled_at, fault from platform.v_effect
     where tenant_id = ${tx.tenant} and subject_id = any(${subjects}::uuid[]) order by intended_at, key limit 200`.execute(tx.db);
  return rows;
}
