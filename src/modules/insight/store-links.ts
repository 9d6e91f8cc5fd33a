import { sql } from 'kysely';
import type { Address } from '#kernel/address';
import type { Instant } from '#kernel/time';
import type { Tx } from '#platform/db';
import { type PurchaseLineRow, purchaseLines, type Transmission } from './store-purchases.ts';

/** What a supplier who opens the link of a purchase order may see: that order, and what they said of it. */
export interface LinkedPurchase {
  id: string;
  number: string;
  version: number;
  supplier_id: string;
  supplier_name: string;
  order_number: string;
  transmission: Transmission;
  currency: string;
  service: string;
  ship_to: Address;
  created_at: Instant;
  ack_due_at: Instant | null;
  ship_due_at: Instant | null;
  lines: PurchaseLineRow[];
  /** What came through the link, newest first. */
  answers: { at: Instant; body: Uint8Array }[];
}

const mostAnswers = 20;

/** `object` is what arrivals through this link are kept under. */
export async function linkedPurchase(tx: Tx, id: string, object: string): Promise<LinkedPurchase | null> {
  const { rows } = await sql<Omit<LinkedPurchase, 'lines' | 'answers'>>`
    select p.id, p.number, p.version, p.supplier_id, s.name as supplier_name, o.number as order_number, p.transmission, p.currency, p.service, p.ship_to,
           p.created_at, p.ack_due_at, p.ship_due_at
      from purchasing.v_purchase p
      join suppliers.v_supplier s on s.tenant_id = p.tenant_id and s.id = p.supplier_id
      join orders.v_order o on o.tenant_id = p.tenant_id and o.id = p.order_id
     where p.tenant_id = ${tx.tenant} and p.id = ${id}`.execute(tx.db);
  const [found] = rows;
  if (!found) return null;
  const { rows: answers } = await sql<{ at: Instant; body: Uint8Array }>`
    select last_at as at, body from platform.v_arrival
     where tenant_id = ${tx.tenant} and source = ${`supplier:${found.supplier_id}`} and object = ${object}
     order by received_at desc, id desc
     limit ${mostAnswers}`.execute(tx.db);
  return { ...found, lines: await purchaseLines(tx, id), answers };
}
