import { sql } from 'kysely';
import type { Instant } from '#kernel/time';
import { recordset, type Tx } from '#platform/db';
import { type NewException, settleByPerson, wakeReaders } from '#platform/work';
import type { Acknowledged, LineAnswer } from '#ports/supplier';
import { about, subjectOf } from './decide-place.ts';
import { placeKey } from './document.ts';
import { foldAnswer } from './fold.ts';
import { keepDocuments, loadPurchases, refreshPurchases } from './store.ts';
import { takeCancelAnswer } from './store-change.ts';
import type { Answered, AnswersTaken, Purchase, PurchaseLine } from './words.ts';

const plain = (number: string): string => number.trim().toUpperCase();

/**
 * Takes in what suppliers said. An answer counts only for the supplier's own purchase orders; what fits none is told to a person.
 * An answer is evidence: a purchase order of which nobody knew whether it arrived has arrived.
 */
export async function takeAnswers(tx: Tx, given: readonly Answered[]): Promise<AnswersTaken> {
  const taken: AnswersTaken = { facts: [], raise: [], resolve: [], touched: [], refused: [], shipments: [] };
  const { rows } = await sql<{ id: string }>`
    select id from purchasing.purchase
     where tenant_id = ${tx.tenant} and number = any(${[...new Set(given.map(({ said }) => plain(said.purchase)))]})
     order by id
       for no key update`.execute(tx.db);
  const byName = new Map((await loadPurchases(tx, rows.map(({ id }) => id))).map((one) => [`${one.supplier_id} ${one.number}`, one]));
  const changed = new Map<string, Purchase>();
  const told = new Set<string>();
  for (const answered of [...given].sort((one, other) => Temporal.Instant.compare(atOf(one), atOf(other)))) {
    const purchase = byName.get(`${answered.supplierId} ${plain(answered.said.purchase)}`);
    if (!purchase) {
      taken.raise.push(fitsNothing(answered, `it speaks of ${answered.said.purchase}, which was never ordered from them`));
      continue;
    }
    told.add(purchase.id);
    if (answered.said.what === 'acknowledgement') takeAcknowledgement(purchase, answered.said, answered, taken, changed);
    else if (answered.said.what === 'cancellation') await takeCancelAnswer(tx, purchase, answered.said, taken, changed);
    else taken.shipments.push({ supplierId: answered.supplierId, arrivalId: answered.arrivalId, at: answered.at, said: answered.said });
  }
  await writeLines(tx, [...changed.values()].flatMap(({ lines }) => lines));
  await refreshPurchases(tx, [...changed.keys()]);
  await takeAsEvidence(tx, [...byName.values()].filter(({ id }) => told.has(id)));
  await keepDocuments(tx, given.flatMap((answered) => {
    const purchase = byName.get(`${answered.supplierId} ${plain(answered.said.purchase)}`);
    return purchase ? [{ purchase_id: purchase.id, direction: 'in' as const, kind: kinds[answered.said.what], name: answered.document.name, type: answered.document.type, base64: Buffer.from(answered.document.bytes).toString('base64') }] : [];
  }));
  taken.touched = [...new Set([...taken.touched, ...[...changed.values()].map(({ order_id }) => order_id)])];
  return taken;
}

const kinds = { acknowledgement: 'acknowledgement', shipment: 'ship-notice', cancellation: 'cancellation' } as const;
const atOf = ({ said, at }: Answered): Instant => (said.what === 'acknowledgement' ? (said.at ?? at) : at);

function takeAcknowledgement(purchase: Purchase, said: Acknowledged, answered: Answered, taken: AnswersTaken, changed: Map<string, Purchase>): void {
  const at = said.at ?? answered.at;
  const whole = said.all;
  const answers: LineAnswer[] = whole ? purchase.lines.map(({ position }) => ({ position, response: whole, ...(said.reason ? { reason: said.reason } : {}) })) : said.lines;
  const news: { sku: string; title: string; response: string; quantity: number }[] = [];
  for (const answer of answers) {
    const line = lineOf(purchase, answer);
    if (!line) {
      taken.raise.push(fitsNothing(answered, `${purchase.number} has no line ${answer.position ?? answer.sku ?? '?'}`));
      continue;
    }
    if (answer.quantity !== undefined && answer.quantity > line.quantity) taken.raise.push(fitsNothing(answered, `it accepts ${answer.quantity} of ${line.supplier_sku}, of which ${line.quantity} were ordered`));
    const folded = foldAnswer(line, answer, at);
    if (folded.takenBack > 0) taken.raise.push(lateAcceptance(purchase, line, folded.takenBack));
    if (!folded.changed && line.answered_at !== null) continue;
    Object.assign(line, folded.line);
    changed.set(purchase.id, purchase);
    news.push({ sku: line.supplier_sku, title: line.title, response: folded.line.response ?? '', quantity: folded.line.accepted });
    if (folded.newlyRefused > 0) taken.refused.push({ order_id: purchase.order_id, allocation_id: line.allocation_id, quantity: folded.newlyRefused });
    if (answer.response === 'substituted' || answer.response === 'repriced') taken.raise.push(theyChangedIt(purchase, line, answer));
  }
  if (said.reference && !purchase.reference) purchase.reference = said.reference;
  if (news.length > 0) {
    taken.facts.push({ type: 'purchase.answered', subject: subjectOf(purchase), order: purchase.order_id, actor: `supplier:${purchase.supplier_id}`, data: { number: purchase.number, supplier: purchase.supplier.name, lines: news } });
    taken.resolve.push({ kind: 'purchase_not_acknowledged', subject: purchase.id, how: 'They answered.', actor: `supplier:${purchase.supplier_id}` });
  }
}

function lineOf(purchase: Purchase, answer: { position?: number; sku?: string }): PurchaseLine | undefined {
  if (answer.position !== undefined) return purchase.lines.find(({ position }) => position === answer.position);
  const fitting = purchase.lines.filter(({ supplier_sku }) => supplier_sku === answer.sku);
  return fitting.length === 1 ? fitting[0] : undefined;
}

/** Counts of accepted and refused units of lines that an answer changed. */
export async function writeLines(tx: Tx, lines: readonly PurchaseLine[]): Promise<void> {
  if (lines.length === 0) return;
  await sql`
    update purchasing.line as ours
       set response = given.response, accepted = given.accepted, refused = given.refused, expected_at = given.expected_at, reason = given.reason, answered_at = given.answered_at
      from ${recordset(lines, {
        purchase_id: 'uuid', id: 'uuid', response: 'text', accepted: 'int', refused: 'int', expected_at: 'timestamptz', reason: 'text', answered_at: 'timestamptz',
      })} as given
     where ours.tenant_id = ${tx.tenant} and ours.purchase_id = given.purchase_id and ours.id = given.id`.execute(tx.db);
}

/** Whoever answers has it: what was not certain is settled, and the step that placed it goes on from there. */
async function takeAsEvidence(tx: Tx, purchases: readonly Purchase[]): Promise<void> {
  const open = purchases.filter(({ transmission }) => transmission === 'queued' || transmission === 'unknown' || transmission === 'failed');
  if (open.length === 0) return;
  const settled = await settleByPerson(tx, open.map(placeKey), 'happened', 'the supplier answered it');
  if (settled.size === 0) return;
  await sql`
    update purchasing.purchase
       set transmission = 'unknown', due_at = ${tx.now}
     where tenant_id = ${tx.tenant} and id = any(${open.filter((one) => settled.has(placeKey(one))).map(({ id }) => id)}::uuid[])`.execute(tx.db);
  wakeReaders(tx, 'purchase', new Set(['unknown']));
}

function fitsNothing({ supplierId, arrivalId, document }: Answered, why: string): NewException {
  return {
    kind: 'answer_unmatched', subject: { kind: 'arrival', id: arrivalId }, cause: `answer_unmatched:${supplierId}`,
    title: `An answer of a supplier fits nothing: ${why}.`, detail: 'What fits in it has been taken; this part changed nothing.', evidence: { document: document.name },
    fixes: [{ action: 'read-again', label: 'Read it again', effect: 'After a correction on our side.' }, { action: 'dismiss', label: 'Set it aside', effect: 'The document stays in the log.' }],
    concerns: { supplier: supplierId },
  };
}

function lateAcceptance(purchase: Purchase, line: PurchaseLine, units: number): NewException {
  return {
    ...about(purchase), kind: 'late_acceptance', cause: `late_acceptance:${purchase.supplier.code}`,
    title: `${purchase.supplier.name} now accepts ${units} × ${line.supplier_sku} of ${purchase.number}, which it had refused or was asked to cancel.`,
    detail: 'Those units may be with another supplier by now. If both ship, the shopper gets them twice.',
    fixes: [
      { action: 'ask-cancel', label: 'Ask them to cancel it', effect: 'A cancellation goes to this supplier.' },
      { action: 'dismiss', label: 'Leave it', effect: 'They were told by telephone, or will not ship.' },
    ],
  };
}

function theyChangedIt(purchase: Purchase, line: PurchaseLine, answer: LineAnswer): NewException {
  const what = answer.response === 'repriced' ? 'another price' : 'another article';
  return {
    ...about(purchase), kind: 'supplier_changed', cause: `supplier_changed:${purchase.supplier.code}`,
    title: `${purchase.supplier.name} offers ${what} for ${line.supplier_sku} of ${purchase.number}${answer.reason ? `: ${answer.reason}` : ''}.`,
    detail: 'Nothing of this line is accepted until you say so.',
    fixes: [
      { action: 'accept-for-them', label: 'Agree to it', effect: 'The line counts as accepted in full.' },
      { action: 're-route', label: 'Route to another supplier', effect: 'They are asked to cancel; the units go elsewhere.' },
    ],
  };
}
