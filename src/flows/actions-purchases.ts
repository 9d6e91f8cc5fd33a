import { problem } from '#kernel/problem';
import { resolve } from '#modules/exceptions';
import {
  acceptFor,
  askCancel,
  cancelUnarrived,
  markFailedQueued,
  placeKey,
  type Purchase,
  purchase as purchaseThing,
  refuseOpen,
  countReminder,
} from '#modules/purchasing';
import type { Tx } from '#platform/db';
import { makeDue, type NewFact, settleByPerson, wakeReaders } from '#platform/work';
import type { Asked, Deed } from './acting.ts';
import { takeBack } from './answers.ts';

export async function purchaseOf(tx: Tx, id: string): Promise<Purchase> {
  const [found] = await purchaseThing.load(tx, [id]);
  if (!found) throw problem('not-found', 'There is no such purchase order.');
  return found;
}

export const purchaseFact = (purchase: Purchase, type: string, data: Record<string, unknown> = {}): NewFact => ({
  type,
  subject: { kind: 'purchase', id: purchase.id },
  order: purchase.order_id,
  data: { number: purchase.number, ...data },
});

const waiting = ['purchase_not_acknowledged', 'purchase_not_shipped', 'purchase_failed'];
const settleAbout = (tx: Tx, id: string, by: string, how: string, also: readonly string[] = []): Promise<void> =>
  resolve(
    tx,
    [...waiting, ...also].map((kind) => ({ kind, subject: id, how, actor: by })),
  );
/** Only who says whether it arrived ends the doubt. */
const doubt = ['purchase_unconfirmed'];

/** Only what certainly did not arrive is sent again; where that is not certain, a person says so first. */
export async function sendAgain(tx: Tx, { id, by }: Asked): Promise<Deed> {
  const purchase = await purchaseOf(tx, id);
  if (purchase.transmission !== 'failed') {
    throw problem('wrong-state', `${purchase.number} is ${purchase.transmission}; only one that was refused can be sent again.`, {
      fix: purchase.transmission === 'unknown' ? 'Say first whether they have it.' : 'Remind the supplier instead.',
    });
  }
  await settleByPerson(tx, [placeKey(purchase)], 'did-not-happen', by);
  await markFailedQueued(tx, [id]);
  await settleAbout(tx, id, by, 'Sent again.');
  return {
    said: `${purchase.number} is sent again, the same document under the same number.`,
    facts: [purchaseFact(purchase, 'person.sent_again')],
  };
}

export async function acceptForThem(tx: Tx, { id, by, input }: Asked): Promise<Deed> {
  const purchase = await purchaseOf(tx, id);
  if (!['sent', 'acknowledged'].includes(purchase.transmission))
    throw problem('wrong-state', `${purchase.number} is ${purchase.transmission}; an answer fits one that was sent.`);
  const lines = Array.isArray(input['lines'])
    ? new Map((input['lines'] as { position: number; quantity: number }[]).map(({ position, quantity }) => [position, quantity]))
    : undefined;
  await takeBack(tx, await acceptFor(tx, id, lines));
  await settleAbout(tx, id, by, 'A person entered the answer.');
  return {
    said: `${purchase.number} counts as answered by ${purchase.supplier.name}.`,
    facts: [purchaseFact(purchase, 'purchase.answered', { by, supplier: purchase.supplier.name, lines: [] })],
  };
}

export async function cancelPurchase(tx: Tx, { id, by, input }: Asked): Promise<Deed> {
  const purchase = await purchaseOf(tx, id);
  if (['closed', 'cancelled'].includes(purchase.transmission))
    throw problem('wrong-state', `${purchase.number} is ${purchase.transmission} already.`);
  await takeBack(
    tx,
    await askCancel(tx, [{ purchase_id: id, why: typeof input['because'] === 'string' ? input['because'] : 'A person asked for it.' }]),
  );
  await settleAbout(tx, id, by, 'Cancellation asked for.');
  const { transmission } = await purchaseOf(tx, id);
  const said =
    transmission === 'cancelled'
      ? `${purchase.supplier.name} does not have ${purchase.number}; it is cancelled, and its units are free.`
      : ['sent', 'acknowledged'].includes(transmission)
        ? `${purchase.supplier.name} is asked to cancel ${purchase.number}; its units are free once they agree.`
        : `${purchase.supplier.name} is asked to cancel ${purchase.number} as soon as it is certain that they have it.`;
  return { said, facts: [purchaseFact(purchase, 'person.asked_cancel')] };
}

/** Where nothing was ordered, or they said no, the units are free at once; otherwise the supplier is asked to let them go first. */
export async function routeElsewhere(tx: Tx, asked: Asked): Promise<Deed> {
  const purchase = await purchaseOf(tx, asked.id);
  if (purchase.transmission !== 'failed') return cancelPurchase(tx, asked);
  await takeBack(tx, await refuseOpen(tx, purchase.id, 'It could not be ordered there.'));
  await settleAbout(tx, purchase.id, asked.by, 'Routed elsewhere.');
  return {
    said: `The units of ${purchase.number} are routed to another supplier.`,
    facts: [purchaseFact(purchase, 'person.routed_elsewhere')],
  };
}

export async function remindThem(tx: Tx, { id, by }: Asked): Promise<Deed> {
  const purchase = await purchaseOf(tx, id);
  if (!['sent', 'acknowledged'].includes(purchase.transmission))
    throw problem('wrong-state', `${purchase.number} is ${purchase.transmission}; there is nothing to remind of.`);
  await countReminder(tx, id);
  await settleAbout(tx, id, by, 'Reminded.');
  await waitDay(tx, id);
  return {
    said: `${purchase.supplier.name} is reminded of ${purchase.number}.`,
    facts: [purchaseFact(purchase, 'purchase.reminded', { to: purchase.transmission === 'sent' ? 'acknowledge' : 'ship' })],
  };
}

/** It is looked at again in a day. */
export async function waitDay(tx: Tx, id: string): Promise<void> {
  await makeDue(tx, purchaseThing, [id], tx.now.add({ hours: 24 }));
}

/** A person ends the doubt, by what the supplier told them. */
export async function settleDoubt(tx: Tx, { id, by }: Asked, arrived: boolean): Promise<Deed> {
  const purchase = await purchaseOf(tx, id);
  if (purchase.transmission === 'sending')
    throw problem('wrong-state', `${purchase.number} is on the wire at this moment.`, { fix: 'Look again in a few minutes.' });
  if (purchase.transmission !== 'unknown')
    throw problem('wrong-state', `${purchase.number} is ${purchase.transmission}; there is no doubt about it.`);
  await settleByPerson(tx, [placeKey(purchase)], arrived ? 'happened' : 'did-not-happen', by);
  await makeDue(tx, purchaseThing, [id], tx.now);
  wakeReaders(tx, 'purchase', new Set(['unknown']));
  const freed = arrived ? [] : await cancelUnarrived(tx, [id]);
  await takeBack(tx, freed);
  await settleAbout(tx, id, by, arrived ? 'They have it.' : 'They do not have it.', doubt);
  return {
    said: arrived
      ? `${purchase.number} counts as sent.`
      : freed.length > 0
        ? `${purchase.number} is cancelled, as was asked for.`
        : `${purchase.number} is sent again under the same number.`,
    facts: [purchaseFact(purchase, arrived ? 'person.said_it_arrived' : 'person.said_it_did_not')],
  };
}

export async function askAgain(tx: Tx, { id, by }: Asked): Promise<Deed> {
  const purchase = await purchaseOf(tx, id);
  await makeDue(tx, purchaseThing, [id], tx.now);
  wakeReaders(tx, 'purchase', new Set(['unknown']));
  await settleAbout(tx, id, by, 'Asked their system again.', doubt);
  return {
    said: `${purchase.supplier.name}'s system is asked about ${purchase.number} once more.`,
    facts: [purchaseFact(purchase, 'person.asked_again')],
  };
}
