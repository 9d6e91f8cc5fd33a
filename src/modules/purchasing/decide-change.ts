import type { Fault } from '#kernel/fault';
import { after, type Instant } from '#kernel/time';
import type { NewException, Plan } from '#platform/work';
import { about } from './decide-place.ts';
import type { Change } from './words.ts';

/** The asking arrived; the supplier's answer comes the way all answers come, or a person looks after two days. */
export const decideChangeSent = (change: Change): Plan<'sent'> => ({
  to: 'sent', due: null, facts: [{ type: 'change.sent', subject: { kind: 'change', id: change.id }, order: change.purchase.order_id, data: { number: change.purchase.number, supplier: change.purchase.supplier.name } }],
});

export function decideChangeRefused(change: Change, fault: Fault, now: Instant): Plan<'failed'> {
  return { to: 'failed', due: null, facts: [], raise: [changeException(change, `${change.purchase.supplier.name} could not be asked to cancel ${change.purchase.number}: ${fault.message}`, now)] };
}

export const changeDoubtful = (change: Change, why: string, now: Instant): NewException =>
  changeException(change, `Whether ${change.purchase.supplier.name} was asked to cancel ${change.purchase.number} is not certain: ${why}`, now);

export function changeMisconfigured(change: Change, fault: Fault): NewException {
  const { supplier } = change.purchase;
  return {
    kind: 'connection_broken', subject: { kind: 'supplier', id: supplier.id }, cause: `connection_broken:${supplier.code}`,
    title: `${supplier.name} cannot be asked to cancel: ${fault.message}`, fixes: [{ action: 'try-again', label: 'Try again', effect: 'Everything that waits is sent at once.' }],
    concerns: { supplier: supplier.id },
  };
}

export function changeException(change: Change, title: string, now: Instant): NewException {
  return {
    ...about(change.purchase), kind: 'cancel_refused', cause: `cancel_refused:${change.purchase.supplier.code}`, title,
    detail: 'Unless they stop it, the goods are on their way; what comes can be returned.',
    fixes: [
      { action: 'it-arrived', label: 'They cancelled it', effect: 'Its open units count as cancelled.' },
      { action: 'dismiss', label: 'It is shipped anyway', effect: 'The purchase order goes on as it was.' },
    ],
    due: after(now, { hours: 8 }),
  };
}
