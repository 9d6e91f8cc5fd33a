import type { Instant } from '#kernel/time';
import type { NewException } from '#platform/work';
import type { Acknowledged, CancelAnswered, LineAnswer } from '#ports/supplier';
import { changeException } from './decide-change.ts';
import { about, subjectOf } from './decide-place.ts';
import { foldAnswer } from './fold.ts';
import type { Answered, AnswersTaken, Change, Purchase, PurchaseLine, Refused } from './words.ts';

/** What a set of answers meets: the purchase orders it names, as they are now. */
export interface AnswersMet {
  purchases: readonly Purchase[];
  /** The latest change asked of each, by purchase order. */
  changes: ReadonlyMap<string, Pick<Change, 'id' | 'state' | 'why'>>;
  /** Those of which nothing was ever said to the supplier. */
  unsaid: ReadonlySet<string>;
}

/** What a set of answers comes to, before it is written. */
export interface AnswersPlan {
  taken: AnswersTaken;
  /** Lines to write. */
  lines: PurchaseLine[];
  /** Purchase orders of which something new was said. */
  changed: Purchase[];
  /** Purchase orders that the supplier must have, as it spoke of them. */
  proven: Purchase[];
  changes: { id: string; state: 'accepted' | 'refused' }[];
  references: { id: string; reference: string }[];
  documents: { purchase_id: string; answered: Answered; alone: boolean }[];
}

/** What is being put together, one purchase order after the other. */
interface Book {
  plan: AnswersPlan;
  met: AnswersMet;
  /** What fits nothing, by arrival: one exception for each. */
  strange: Map<string, { answered: Answered; why: string[]; order?: string }>;
  /** What contradicts an earlier answer, by purchase order. */
  late: Map<string, { purchase: Purchase; what: string[] }>;
  offers: Map<string, { purchase: Purchase; what: string[] }>;
  written: Map<string, PurchaseLine>;
  changed: Map<string, Purchase>;
}

export const plainNumber = (number: string): string => number.trim().toUpperCase();
const plainSku = (sku: string): string => sku.trim().toUpperCase();

/**
 * What suppliers' answers come to, oldest first. An answer counts only for the supplier's own purchase orders, and only for those that
 * were said to it; what fits none is told to a person. The purchase orders met are changed in place.
 */
export function decideAnswers(met: AnswersMet, given: readonly Answered[]): AnswersPlan {
  const plan: AnswersPlan = {
    taken: { facts: [], raise: [], resolve: [], touched: [], refused: [], shipments: [] },
    lines: [],
    changed: [],
    proven: [],
    changes: [],
    references: [],
    documents: [],
  };
  const book: Book = { plan, met, strange: new Map(), late: new Map(), offers: new Map(), written: new Map(), changed: new Map() };
  const byName = new Map(met.purchases.map((one) => [`${one.supplier_id} ${one.number}`, one]));
  const proven = new Map<string, Purchase>();
  const spokenOf = new Map<string, Set<string>>();
  for (const answered of [...given].sort((one, other) => Temporal.Instant.compare(atOf(one), atOf(other)))) {
    const purchase = byName.get(`${answered.supplierId} ${plainNumber(answered.said.purchase)}`);
    if (!purchase) {
      strange(book, answered, `it speaks of ${answered.said.purchase.slice(0, 60)}, which was never ordered from them`);
      continue;
    }
    if (met.unsaid.has(purchase.id)) {
      strange(book, answered, `it answers ${purchase.number}, which has not been sent to them`, purchase);
      continue;
    }
    spokenOf.set(answered.arrivalId, (spokenOf.get(answered.arrivalId) ?? new Set()).add(purchase.id));
    // That a cancellation is refused may mean that they know nothing of it.
    if (answered.said.what !== 'cancellation' || answered.said.outcome === 'accepted') proven.set(purchase.id, purchase);
    if (answered.said.what === 'acknowledgement') takeAcknowledgement(book, purchase, answered.said, answered);
    else if (answered.said.what === 'cancellation') takeCancellation(book, purchase, answered.said, answered);
    else
      plan.taken.shipments.push({ supplierId: answered.supplierId, arrivalId: answered.arrivalId, at: answered.at, said: answered.said });
    plan.documents.push({ purchase_id: purchase.id, answered, alone: true });
  }
  for (const document of plan.documents) document.alone = spokenOf.get(document.answered.arrivalId)?.size === 1;
  return closeBook(book, proven);
}

/** What a person has to hear is said once for each arrival and once for each purchase order, however many lines it is about. */
function closeBook({ plan, strange: unmatched, late, offers, written, changed }: Book, proven: ReadonlyMap<string, Purchase>): AnswersPlan {
  const { taken } = plan;
  taken.raise.push(
    ...[...unmatched.values()].map(({ answered, why, order }) => fitsNothing(answered, why, order)),
    ...[...late.values()].map(({ purchase, what }) => contradicted(purchase, what)),
    ...[...offers.values()].map(({ purchase, what }) => theyChangedIt(purchase, what)),
  );
  taken.touched = [...new Set([...taken.touched, ...[...changed.values()].map(({ order_id }) => order_id)])];
  return { ...plan, lines: [...written.values()], changed: [...changed.values()], proven: [...proven.values()] };
}

const atOf = ({ said, at }: Answered): Instant => (said.what === 'acknowledgement' ? (said.at ?? at) : at);
const actorOf = ({ supplier_id }: Purchase): string => `supplier:${supplier_id}`;

function takeAcknowledgement(book: Book, purchase: Purchase, said: Acknowledged, answered: Answered): void {
  const { taken, references } = book.plan;
  const news: { sku: string; title: string; response: string; quantity: number }[] = [];
  for (const { line, answer } of answersByLine(book, purchase, said, answered)) {
    const folded = foldAnswer(line, answer, atOf(answered));
    const what = `${line.supplier_sku} (line ${line.position})`;
    if (folded.contradicted > 0)
      note(
        book.late,
        purchase,
        `${folded.contradicted} × ${what}, which had been refused or cancelled, ${folded.contradicted === 1 ? 'is' : 'are'} accepted now`,
      );
    if (folded.refusedTooLate > 0)
      note(
        book.late,
        purchase,
        `${folded.refusedTooLate} × ${what}, which ${folded.refusedTooLate === 1 ? 'is' : 'are'} on the way already, ${folded.refusedTooLate === 1 ? 'is' : 'are'} refused now`,
      );
    if (!folded.changed) continue;
    Object.assign(line, folded.line);
    book.written.set(line.id, line);
    if (folded.newlyRefused > 0)
      taken.refused.push({ order_id: purchase.order_id, allocation_id: line.allocation_id, quantity: folded.newlyRefused });
    if (!folded.news) continue;
    book.changed.set(purchase.id, purchase);
    news.push({ sku: line.supplier_sku, title: line.title, response: line.response ?? '', quantity: line.accepted });
    if (line.response === 'substituted' || line.response === 'repriced') {
      note(
        book.offers,
        purchase,
        `${line.response === 'repriced' ? 'another price' : 'another article'} for ${what}${answer.reason ? `: ${answer.reason}` : ''}`,
      );
    }
  }
  if (said.reference && !purchase.reference) {
    purchase.reference = said.reference;
    references.push({ id: purchase.id, reference: said.reference });
  }
  if (news.length === 0) return;
  taken.facts.push({
    type: 'purchase.answered',
    subject: subjectOf(purchase),
    order: purchase.order_id,
    actor: actorOf(purchase),
    data: { number: purchase.number, supplier: purchase.supplier.name, lines: news },
  });
  taken.resolve.push({ kind: 'purchase_not_acknowledged', subject: purchase.id, how: 'They answered.', actor: actorOf(purchase) });
}

/** What is said of each line; what names none, or cannot be meant, is left out and told. */
function answersByLine(
  book: Book,
  purchase: Purchase,
  said: Acknowledged,
  answered: Answered,
): { line: PurchaseLine; answer: LineAnswer }[] {
  const whole = said.all;
  if (whole)
    return purchase.lines.map((line) => ({
      line,
      answer: { position: line.position, response: whole, ...(said.reason ? { reason: said.reason } : {}) },
    }));
  return said.lines.flatMap((answer) => {
    const fits = linesOf(purchase, answer);
    const named =
      `${answer.position === undefined ? '' : `line ${answer.position}`}${answer.position !== undefined && answer.sku ? ', ' : ''}${answer.sku ?? ''}` ||
      'a line without a number';
    if (fits.length === 0) {
      strange(book, answered, `${purchase.number} has no ${named}`, purchase);
      return [];
    }
    if (answer.response === 'short' && answer.quantity === undefined) {
      strange(book, answered, `${named} of ${purchase.number} falls short, and it does not say of how many units`, purchase);
      return [];
    }
    const ordered = fits.reduce((sum, { quantity }) => sum + quantity, 0);
    if (answer.quantity !== undefined && answer.quantity > ordered)
      strange(
        book,
        answered,
        `it speaks of ${answer.quantity} units of ${named} of ${purchase.number}, of which ${ordered} were ordered`,
        purchase,
      );
    return shared(fits, answer);
  });
}

/** A position and an SKU that contradict each other name no line: guessing would take the wrong one. */
const linesOf = (purchase: Purchase, { position, sku }: { position?: number; sku?: string }): PurchaseLine[] =>
  position === undefined && sku === undefined
    ? []
    : purchase.lines.filter(
        (line) =>
          (position === undefined || line.position === position) && (sku === undefined || plainSku(sku) === plainSku(line.supplier_sku)),
      );

/** The same SKU on two of our lines: the first gets what it ordered, the next what is left. */
function shared(lines: readonly PurchaseLine[], answer: LineAnswer): { line: PurchaseLine; answer: LineAnswer }[] {
  let left = answer.quantity ?? 0;
  return lines.map((line) => {
    if (answer.quantity === undefined) return { line, answer };
    const quantity = Math.min(line.quantity, left);
    left -= quantity;
    return { line, answer: { ...answer, quantity } };
  });
}

/** What a supplier answered to the asking for a cancellation: the open units come free, or a person hears that they do not. */
function takeCancellation(book: Book, purchase: Purchase, said: CancelAnswered, answered: Answered): void {
  const { taken, changes } = book.plan;
  const asked = book.met.changes.get(purchase.id);
  if (!asked)
    return strange(
      book,
      answered,
      `it ${said.outcome === 'accepted' ? 'agrees to cancel' : 'does not cancel'} ${purchase.number}, which was not asked for`,
      purchase,
    );
  if (asked.state === said.outcome) return;
  if (asked.state === 'accepted') return note(book.late, purchase, 'what it had agreed to cancel is not cancelled after all');
  asked.state = said.outcome;
  changes.push({ id: asked.id, state: said.outcome });
  taken.facts.push({
    type: `change.${said.outcome}`,
    subject: { kind: 'change', id: asked.id },
    order: purchase.order_id,
    actor: actorOf(purchase),
    data: { number: purchase.number, because: said.reason ?? '' },
  });
  taken.touched.push(purchase.order_id);
  if (said.outcome === 'accepted') {
    taken.refused.push(...refuseLines(purchase, said.reason || 'Cancelled as asked.', answered.at));
    for (const line of purchase.lines) book.written.set(line.id, line);
    book.changed.set(purchase.id, purchase);
    taken.resolve.push({ kind: 'cancel_refused', subject: purchase.id, how: 'They cancelled it.', actor: actorOf(purchase) });
    return;
  }
  taken.raise.push(
    changeException(
      purchase,
      `${purchase.supplier.name} does not cancel ${purchase.number}${said.reason ? `: ${said.reason}` : ''}.`,
      answered.at,
    ),
  );
}

/**
 * Refuses every unit that is neither shipped nor refused yet; returns them. The lines are changed in place, for whoever writes them.
 * `at` is when the supplier said so; without it they said nothing, and whatever they say of it is a contradiction.
 */
export function refuseLines(purchase: Purchase, reason: string, at: Instant | null): Refused[] {
  return purchase.lines.flatMap((line) => {
    const open = line.quantity - line.refused - line.shipped;
    if (open <= 0) return [];
    const answered =
      at !== null && (line.answered_at === null || Temporal.Instant.compare(at, line.answered_at) > 0) ? at : line.answered_at;
    Object.assign(line, {
      refused: line.refused + open,
      accepted: line.shipped,
      reason: line.reason || reason,
      response: line.shipped > 0 ? 'short' : 'rejected',
      answered_at: answered,
    });
    return [{ order_id: purchase.order_id, allocation_id: line.allocation_id, quantity: open }];
  });
}

function note(kept: Map<string, { purchase: Purchase; what: string[] }>, purchase: Purchase, what: string): void {
  const before = kept.get(purchase.id)?.what ?? [];
  kept.set(purchase.id, { purchase, what: before.includes(what) ? before : [...before, what] });
}

function strange({ strange: kept }: Book, answered: Answered, why: string, purchase?: Purchase): void {
  const before = kept.get(answered.arrivalId)?.why ?? [];
  kept.set(answered.arrivalId, {
    answered,
    why: before.includes(why) ? before : [...before, why],
    ...(purchase ? { order: purchase.order_id } : {}),
  });
}

const listed = (what: readonly string[]): string =>
  (what.length > 3 ? [...what.slice(0, 3), `and ${what.length - 3} more`] : what).join('; ');

function fitsNothing({ supplierId, arrivalId, document }: Answered, why: readonly string[], order: string | undefined): NewException {
  return {
    kind: 'answer_unmatched',
    subject: { kind: 'arrival', id: arrivalId },
    cause: `answer_unmatched:${supplierId}`,
    title: `An answer of a supplier fits nothing: ${listed(why)}.`,
    detail: 'What fits in it has been taken; this part changed nothing.',
    evidence: { document: document.name, why },
    fixes: [
      { action: 'read-again', label: 'Read it again', effect: 'After a correction on our side.' },
      { action: 'dismiss', label: 'Set it aside', effect: 'The document stays in the log.' },
    ],
    concerns: { supplier: supplierId, ...(order ? { order } : {}) },
  };
}

function contradicted(purchase: Purchase, what: readonly string[]): NewException {
  return {
    ...about(purchase),
    kind: 'late_acceptance',
    cause: `late_acceptance:${purchase.supplier.code}`,
    title: `${purchase.supplier.name} contradicts itself about ${purchase.number}: ${listed(what)}.`,
    detail:
      'Units that were refused may be with another supplier by now: if both ship, the shopper gets them twice. What is on its way counts as shipped.',
    evidence: { what },
    fixes: [
      {
        action: 'ask-cancel',
        label: 'Ask them to cancel it',
        effect: 'A cancellation goes to this supplier for everything that is not shipped.',
      },
      { action: 'keep', label: 'Leave it', effect: 'It stays as it is: they were told by telephone, or will not ship.' },
    ],
  };
}

function theyChangedIt(purchase: Purchase, what: readonly string[]): NewException {
  return {
    ...about(purchase),
    kind: 'supplier_changed',
    cause: `supplier_changed:${purchase.supplier.code}`,
    title: `${purchase.supplier.name} offers ${listed(what)} of ${purchase.number}.`,
    detail: 'Nothing of it is accepted until you say so.',
    evidence: { what },
    fixes: [
      { action: 'accept-for-them', label: 'Agree to it', effect: 'Every open unit of the purchase order counts as accepted.' },
      {
        action: 're-route',
        label: 'Route to another supplier',
        effect: 'They are asked to cancel; the units go elsewhere once they agree.',
      },
    ],
  };
}
