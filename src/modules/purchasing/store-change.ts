import { sql } from 'kysely';
import { recordset, type Tx } from '#platform/db';
import { effectsOf, type Thing, wakeReaders } from '#platform/work';
import type { CancelAnswered } from '#ports/supplier';
import { changeException } from './decide-change.ts';
import { placeKey } from './document.ts';
import { loadPurchases, refreshPurchases } from './store.ts';
import { writeLines } from './store-answers.ts';
import type { AnswersTaken, Change, Purchase, Refused } from './words.ts';

export const change: Thing<Change, Change['state']> = {
  name: 'change', table: 'purchasing.change', stateColumn: 'state', states: ['queued', 'sending', 'sent', 'unknown', 'accepted', 'refused', 'failed'], dated: true,
  load: loadChanges, orderOf: ({ purchase }) => purchase.order_id,
};

async function loadChanges(tx: Tx, ids: readonly string[]): Promise<Change[]> {
  const { rows } = await sql<Omit<Change, 'purchase'>>`
    select id, purchase_id, kind, state, why, created_at from purchasing.change where tenant_id = ${tx.tenant} and id = any(${ids}::uuid[]) order by created_at, id`.execute(tx.db);
  const purchases = new Map((await loadPurchases(tx, [...new Set(rows.map(({ purchase_id }) => purchase_id))])).map((one) => [one.id, one]));
  return rows.flatMap((row) => {
    const purchase = purchases.get(row.purchase_id);
    return purchase ? [{ ...row, purchase }] : [];
  });
}

/** Refuses every unit that is neither shipped nor refused yet; returns them. The lines are changed in place, for whoever writes them. */
function refuseLines(purchase: Purchase, reason: string): Refused[] {
  return purchase.lines.flatMap((line) => {
    const open = line.quantity - line.refused - line.shipped;
    if (open <= 0) return [];
    Object.assign(line, { refused: line.refused + open, accepted: line.shipped, reason: line.reason || reason, response: line.shipped > 0 ? 'short' : 'rejected' });
    return [{ order_id: purchase.order_id, allocation_id: line.allocation_id, quantity: open }];
  });
}

/**
 * Asks suppliers to cancel what is not shipped. What was never said to them is cancelled here and now; what may be on the wire at
 * this moment is asked for when its outcome is known. Returns the units that came free at once.
 */
export async function askCancel(tx: Tx, asked: readonly { purchase_id: string; why: string }[]): Promise<Refused[]> {
  if (asked.length === 0) return [];
  await sql`select from purchasing.purchase where tenant_id = ${tx.tenant} and id = any(${asked.map(({ purchase_id }) => purchase_id)}::uuid[]) order by id for no key update`.execute(tx.db);
  const purchases = (await loadPurchases(tx, asked.map(({ purchase_id }) => purchase_id))).filter(({ transmission }) => transmission !== 'closed' && transmission !== 'cancelled');
  const said = await effectsOf(tx, purchases.map(placeKey));
  const unsaid = purchases.filter((one) => (one.transmission === 'queued' || one.transmission === 'failed') && !['sending', 'unknown', 'done'].includes(said.get(placeKey(one))?.state ?? 'none'));
  const local = new Set(unsaid.map(({ id }) => id));
  const rest = purchases.filter(({ id }) => !local.has(id));
  await sql`
    insert into purchasing.change (tenant_id, id, purchase_id, kind, state, due_at, why, created_at, changed_at)
    select ${tx.tenant}, id, purchase_id, 'cancel', 'queued', ${tx.now}, why, ${tx.now}, ${tx.now}
      from ${recordset(rest.map(({ id }) => ({ id: tx.newId(), purchase_id: id, why: asked.find((one) => one.purchase_id === id)?.why ?? '' })), { id: 'uuid', purchase_id: 'uuid', why: 'text' })} as given
        on conflict do nothing`.execute(tx.db);
  if (rest.length > 0) wakeReaders(tx, 'change', new Set(['queued']));
  const refused = unsaid.flatMap((one) => refuseLines(one, 'Cancelled before it was sent.'));
  await writeLines(tx, unsaid.flatMap(({ lines }) => lines));
  if (unsaid.length > 0) {
    await sql`
      update purchasing.purchase set transmission = 'cancelled', response = 'rejected', due_at = null, changed_at = ${tx.now}
       where tenant_id = ${tx.tenant} and id = any(${[...local]}::uuid[])`.execute(tx.db);
  }
  return refused;
}

/** What a supplier answered to the asking: the open units come free, or a person hears that they do not. */
export async function takeCancelAnswer(tx: Tx, purchase: Purchase, said: CancelAnswered, taken: AnswersTaken, changed: Map<string, Purchase>): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    update purchasing.change
       set state = ${said.outcome}, due_at = null, answered_at = ${tx.now}, changed_at = ${tx.now}
     where tenant_id = ${tx.tenant} and purchase_id = ${purchase.id} and state not in ('accepted', 'refused')
    returning id`.execute(tx.db);
  const [asked] = rows;
  if (!asked) return;
  const subject = { kind: 'change', id: asked.id };
  taken.facts.push({ type: `change.${said.outcome}`, subject, order: purchase.order_id, actor: `supplier:${purchase.supplier_id}`, data: { number: purchase.number, because: said.reason ?? '' } });
  taken.touched.push(purchase.order_id);
  if (said.outcome === 'accepted') {
    taken.refused.push(...refuseLines(purchase, said.reason ?? 'Cancelled as asked.'));
    changed.set(purchase.id, purchase);
    taken.resolve.push({ kind: 'cancel_refused', subject: purchase.id, how: 'They cancelled it.', actor: `supplier:${purchase.supplier_id}` });
    return;
  }
  const [full] = await loadChanges(tx, [asked.id]);
  if (full) taken.raise.push(changeException(full, `${purchase.supplier.name} does not cancel ${purchase.number}${said.reason ? `: ${said.reason}` : ''}.`, tx.now));
}

/** A person decides that a purchase order's open units will not come from there; they come free. */
export async function refuseOpen(tx: Tx, id: string, reason: string): Promise<Refused[]> {
  const [purchase] = await loadPurchases(tx, [id]);
  if (!purchase) return [];
  const refused = refuseLines(purchase, reason);
  await writeLines(tx, purchase.lines);
  const over = purchase.transmission === 'failed' || purchase.transmission === 'queued';
  if (over) {
    await sql`update purchasing.purchase set transmission = 'cancelled', response = 'rejected', due_at = null, changed_at = ${tx.now} where tenant_id = ${tx.tenant} and id = ${id}`.execute(tx.db);
  } else await refreshPurchases(tx, [id]);
  return refused;
}

/** A person says what the supplier said by telephone: every open unit is accepted, or the counts given by line position. */
export async function acceptFor(tx: Tx, id: string, counts?: ReadonlyMap<number, number>): Promise<Refused[]> {
  const [purchase] = await loadPurchases(tx, [id]);
  if (!purchase) return [];
  const refused = purchase.lines.flatMap((line) => {
    const open = line.quantity - line.refused;
    const accepted = Math.max(line.shipped, Math.min(open, counts?.get(line.position) ?? open));
    Object.assign(line, { accepted, refused: line.quantity - accepted, response: accepted === line.quantity ? 'accepted' : accepted === 0 ? 'rejected' : 'short', answered_at: tx.now });
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

export async function recordReminded(tx: Tx, id: string): Promise<void> {
  await sql`update purchasing.purchase set reminded = reminded + 1 where tenant_id = ${tx.tenant} and id = ${id}`.execute(tx.db);
}
