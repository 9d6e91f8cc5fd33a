import { sql } from 'kysely';
import { after } from '#kernel/time';
import { type Tx } from '#platform/db';
import { type Thing, wakeReaders } from '#platform/work';
import type { Standing, StandingFacts } from './words.ts';

/** How far back a supplier's record goes. */
const recordDays = 60;

export const standing: Thing<Standing, Standing['state']> = {
  name: 'standing',
  table: 'catalog.standing',
  stateColumn: 'state',
  states: ['watched'],
  dated: false,
  columns: { usable: 'boolean', age: 'text', short_share: 'numeric' },
  load: async (tx, ids) => {
    const { rows } = await sql<Standing>`
      select id, usable, age, short_share::float8 as short_share, state from catalog.standing
       where tenant_id = ${tx.tenant} and id = any(${ids}::uuid[]) order by id`.execute(tx.db);
    return rows;
  },
};

/** What is so of these suppliers now. Of units on lines that were answered, those that a supplier did not have were short. */
export async function standingFacts(tx: Tx, ids: readonly string[]): Promise<Map<string, StandingFacts>> {
  const { rows } = await sql<StandingFacts & { id: string }>`
    select supplier.id, supplier.state in ('pilot', 'live', 'watch') as usable, feed.complete_at,
           coalesce(record.asked, 0)::int as asked, coalesce(record.short, 0)::int as short
      from suppliers.v_supplier as supplier
      left join catalog.feed on feed.tenant_id = supplier.tenant_id and feed.supplier_id = supplier.id
      left join (
        select purchase.supplier_id, sum(line.quantity) as asked, sum(line.refused) as short
          from purchasing.v_purchase as purchase
          join purchasing.v_line as line on line.tenant_id = purchase.tenant_id and line.purchase_id = purchase.id
         where purchase.tenant_id = ${tx.tenant} and purchase.supplier_id = any(${ids}::uuid[]) and line.answered_at >= ${after(tx.now, { days: -recordDays })}
         group by 1
      ) as record on record.supplier_id = supplier.id
     where supplier.tenant_id = ${tx.tenant} and supplier.id = any(${ids}::uuid[])`.execute(tx.db);
  return new Map(rows.map(({ id, ...facts }) => [id, facts]));
}

/** Something about these suppliers changed: they are looked at again at once. */
export async function lookAtStanding(tx: Tx, ids: readonly string[]): Promise<void> {
  await sql`update catalog.standing set due_at = ${tx.now} where tenant_id = ${tx.tenant} and id = any(${ids}::uuid[])`.execute(tx.db);
  wakeReaders(tx, standing.name, new Set(['watched']));
}

/** Watches suppliers that nobody watches yet. */
export async function watchSuppliers(tx: Tx): Promise<number> {
  const { rows } = await sql`
    insert into catalog.standing (tenant_id, id, usable, age, state, due_at)
    select ${tx.tenant}, id, false, 'each', 'watched', ${tx.now} from suppliers.v_supplier as supplier
     where tenant_id = ${tx.tenant} and not exists (select from catalog.standing as known where known.tenant_id = ${tx.tenant} and known.id = supplier.id)
        on conflict do nothing
    returning id`.execute(tx.db);
  if (rows.length > 0) wakeReaders(tx, standing.name, new Set(['watched']));
  return rows.length;
}
