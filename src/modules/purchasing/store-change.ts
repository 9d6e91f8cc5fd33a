import { sql } from 'kysely';
import { appendFacts } from '#modules/audit';
import { recordset, type Tx } from '#platform/db';
import { effectsOf, type Thing, wakeReaders } from '#platform/work';
import { refuseLines } from './decide-answers.ts';
import { subjectOf } from './decide-place.ts';
import { placeKey } from './document.ts';
import { loadPurchases, lockedPurchases, refreshPurchases } from './store.ts';
import { writeLines } from './store-answers.ts';
import type { Change, Purchase, Refused } from './words.ts';

export const change: Thing<Change, Change['state']> = {
  name: 'change',
  table: 'purchasing.change',
  stateColumn: 'state',
  states: ['queued', 'sending', 'sent', 'unknown', 'accepted', 'refused', 'failed'],
  dated: true,
  load: loadChanges,
  orderOf: ({ purchase }) => purchase.order_id,
};

async function loadChanges(tx: Tx, ids: readonly string[]): Promise<Change[]> {
  const { rows } = await sql<Omit<Change, 'purchase'>>`
    select id, purchase_id, kind, state, why, created_at from purchasing.change where tenant_id = ${tx.tenant} and id = any(${ids}::uuid[]) order by created_at, id`.execute(
    tx.db,
  );
  const purchases = new Map(
    (await loadPurchases(tx, [...new Set(rows.map(({ purchase_id }) => purchase_id))])).map((one) => [one.id, one]),
  );
  return rows.flatMap((row) => {
    const purchase = purchases.get(row.purchase_id);
    return purchase ? [{ ...row, purchase }] : [];
  });
}

/**
 * Asks suppliers to cancel what is not shipped. What was never said to them is cancelled here and now; where it is not certain yet
 * whether it arrived, the asking waits for that. Returns the units that came free at once.
 */
export async function askCancel(tx: Tx, asked: readonly { purchase_id: string; why: string }[]): Promise<Refused[]> {
  if (asked.length === 0) return [];
  const why = new Map(asked.map((one) => [one.purchase_id, one.why]));
  const purchases = (await lockedPurchases(tx, [...why.keys()])).filter(
    ({ transmission }) => transmission !== 'closed' && transmission !== 'cancelled',
  );
  const unsaid = await certainlyUnsaid(tx, purchases);
  const rest = purchases.filter((one) => !unsaid.includes(one));
  if (rest.length > 0) {
    await sql`
      insert into purchasing.change (tenant_id, id, purchase_id, kind, state, due_at, why, created_at, changed_at)
      select ${tx.tenant}, id, purchase_id, 'cancel', 'queued', due_at, why, ${tx.now}, ${tx.now}
        from ${recordset(
          rest.map(({ id, transmission }) => ({
            id: tx.newId(),
            purchase_id: id,
            why: why.get(id) ?? '',
            due_at: arrived.includes(transmission) ? tx.now : null,
          })),
          {
            id: 'uuid',
            purchase_id: 'uuid',
            why: 'text',
            due_at: 'timestamptz',
          },
        )} as given
          on conflict do nothing`.execute(tx.db);
    wakeReaders(tx, 'change', new Set(['queued']));
  }
  return cancelHere(tx, unsaid, (one) => why.get(one.id) ?? '');
}

const arrived: readonly string[] = ['sent', 'acknowledged'];

/** Those that the supplier certainly does not have: nothing was said under their key, or what was said did not arrive. */
async function certainlyUnsaid(tx: Tx, purchases: readonly Purchase[]): Promise<Purchase[]> {
  const maybe = purchases.filter(({ transmission }) => !arrived.includes(transmission));
  if (maybe.length === 0) return [];
  const said = await effectsOf(tx, maybe.map(placeKey));
  return maybe.filter((one) => !['sending', 'unknown', 'done'].includes(said.get(placeKey(one))?.state ?? 'none'));
}

/** Cancels what the supplier does not have: its units come free, and nothing of it is said any more. */
async function cancelHere(tx: Tx, purchases: readonly Purchase[], why: (purchase: Purchase) => string): Promise<Refused[]> {
  if (purchases.length === 0) return [];
  const refused = purchases.flatMap((one) => refuseLines(one, 'Cancelled before it was ordered.', null));
  await writeLines(
    tx,
    purchases.flatMap(({ lines }) => lines),
  );
  await sql`
    update purchasing.purchase set transmission = 'cancelled', response = 'rejected', due_at = null, changed_at = ${tx.now}
     where tenant_id = ${tx.tenant} and id = any(${purchases.map(({ id }) => id)}::uuid[])`.execute(tx.db);
  await closeChanges(
    tx,
    purchases.map(({ id }) => id),
  );
  await appendFacts(
    tx,
    purchases.map((one) => ({
      type: 'purchase.cancelled',
      subject: subjectOf(one),
      order: one.order_id,
      actor: 'step:askCancel',
      data: { number: one.number, supplier: one.supplier.name, because: why(one) },
    })),
  );
  return refused;
}

/** Nothing is left to be cancelled, so that nobody waits for an answer any more. */
async function closeChanges(tx: Tx, purchases: readonly string[]): Promise<void> {
  await sql`
    update purchasing.change set state = 'accepted', due_at = null, answered_at = ${tx.now}, changed_at = ${tx.now}
     where tenant_id = ${tx.tenant} and purchase_id = any(${purchases}::uuid[]) and state not in ('accepted', 'refused', 'failed', 'sending')`.execute(
    tx.db,
  );
}

/** A cancellation that was asked for while nobody knew whether the order had arrived, now that it certainly has not. Returns the freed units. */
export async function cancelUnarrived(tx: Tx, ids: readonly string[]): Promise<Refused[]> {
  const { rows } = await sql<{ purchase_id: string; why: string }>`
    select purchase_id, why from purchasing.change
     where tenant_id = ${tx.tenant} and purchase_id = any(${ids}::uuid[]) and state not in ('accepted', 'refused', 'failed')
     order by purchase_id`.execute(tx.db);
  return askCancel(tx, rows);
}

/** A person decides, or was told, that a purchase order's open units will not come from there; they come free. */
export async function refuseOpen(tx: Tx, id: string, reason: string): Promise<Refused[]> {
  const [purchase] = await lockedPurchases(tx, [id]);
  if (!purchase) return [];
  if (purchase.transmission === 'failed' || purchase.transmission === 'queued') return cancelHere(tx, [purchase], () => reason);
  const refused = refuseLines(purchase, reason, null);
  await writeLines(tx, purchase.lines);
  await closeChanges(tx, [id]);
  await refreshPurchases(tx, [id]);
  return refused;
}

/** A person says what the supplier said by telephone: every open unit is accepted, or the counts given by line position. */
export async function acceptFor(tx: Tx, id: string, counts?: ReadonlyMap<number, number>): Promise<Refused[]> {
  const [purchase] = await lockedPurchases(tx, [id]);
  if (!purchase) return [];
  const refused = purchase.lines.flatMap((line) => {
    const open = line.quantity - line.refused;
    const accepted = Math.max(line.shipped, Math.min(open, counts?.get(line.position) ?? open));
    Object.assign(line, {
      accepted,
      refused: line.quantity - accepted,
      response: accepted === line.quantity ? 'accepted' : accepted === 0 ? 'rejected' : 'short',
      answered_at: tx.now,
    });
    return open > accepted ? [{ order_id: purchase.order_id, allocation_id: line.allocation_id, quantity: open - accepted }] : [];
  });
  await writeLines(tx, purchase.lines);
  await refreshPurchases(tx, [id]);
  return refused;
}

/** A refused one is put in the queue again; its effect must have been opened again by who asks for this. */
export async function markFailedQueued(tx: Tx, ids: readonly string[]): Promise<void> {
  await sql`
    update purchasing.purchase set transmission = case when transmission = 'failed' then 'queued' else transmission end, due_at = ${tx.now}, changed_at = ${tx.now}
     where tenant_id = ${tx.tenant} and id = any(${ids}::uuid[]) and transmission in ('failed', 'queued', 'unknown')`.execute(tx.db);
  wakeReaders(tx, 'purchase', new Set(['queued', 'unknown']));
}

/** One more reminder is about to go out; the count makes it a message of its own. */
export async function countReminder(tx: Tx, id: string): Promise<void> {
  await sql`update purchasing.purchase set reminded = reminded + 1 where tenant_id = ${tx.tenant} and id = ${id}`.execute(tx.db);
}
