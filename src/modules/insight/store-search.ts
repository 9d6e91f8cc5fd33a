import { sql } from 'kysely';
import type { Instant } from '#kernel/time';
import type { Tx } from '#platform/db';
import { beginsWith } from './keyset.ts';
import { foundBy } from './store-orders.ts';

export interface Hit {
  kind: 'order' | 'purchase' | 'parcel' | 'supplier' | 'variant' | 'offer';
  id: string;
  title: string;
  detail: string;
  at: Instant | null;
  order_id: string | null;
}

const mostOfAKind = 6;

/** The newest few of each kind that `q` points to, what it names exactly first. */
export async function search(tx: Tx, q: string): Promise<Hit[]> {
  const text = q.trim().replaceAll('\0', '');
  if (text.length < 2) return [];
  const upper = text.toUpperCase();
  const { rows } = await sql<Hit>`
    (select 'order' as kind, o.id, o.number as title, o.customer_name || ' · ' || o.status as detail, o.placed_at as at, o.id as order_id
       from orders.v_order o where o.tenant_id = ${tx.tenant} and o.id = any(array(${foundBy(tx, text)}))
      order by o.placed_at desc, o.id desc limit ${mostOfAKind})
    union all
    (select 'purchase', p.id, p.number, p.transmission, p.created_at, p.order_id
       from purchasing.v_purchase p where p.tenant_id = ${tx.tenant} and ${beginsWith('p.number', upper)} order by p.number limit ${mostOfAKind})
    union all
    (select 'parcel', c.id, c.number, c.carrier || ' · ' || c.milestone, c.label_at, c.order_id
       from shipping.v_parcel c where c.tenant_id = ${tx.tenant} and c.number in (${text}, ${upper.replaceAll(/\s/g, '')}) limit ${mostOfAKind})
    union all
    (select 'supplier', s.id, s.name, s.code || ' · ' || s.state, null, null
       from suppliers.v_supplier s
      where s.tenant_id = ${tx.tenant} and (position(lower(${text}) in lower(s.name)) > 0 or starts_with(s.code, ${upper}))
      order by s.rank, s.name limit ${mostOfAKind})
    union all
    (select 'variant', v.id, v.sku, v.title, null, null
       from catalog.v_variant v where v.tenant_id = ${tx.tenant} and ((${beginsWith('v.sku', text)}) or (${beginsWith('v.sku', upper)}))
      order by v.sku limit ${mostOfAKind})
    union all
    (select 'offer', f.id, f.supplier_sku, f.title, null, null
       from catalog.v_offer f
      where f.tenant_id = ${tx.tenant} and f.supplier_id = any(array(select s.id from suppliers.v_supplier s where s.tenant_id = ${tx.tenant}))
        and f.supplier_sku in (${text}, ${upper}) limit ${mostOfAKind})`.execute(tx.db);
  return rows;
}
