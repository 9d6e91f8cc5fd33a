import type { Fault } from '#kernel/fault';
import { after, type Instant } from '#kernel/time';
import type { NewException, Plan } from '#platform/work';
import { about } from './decide-place.ts';
import type { Change, Purchase } from './words.ts';

/** How long a supplier may take to answer whether it cancels. */
const answerHours = 48;

/** The asking arrived; the supplier's answer comes the way all answers come, or a person looks after two days. */
export const decideChangeSent = (change: Change, _reply: unknown, now: Instant): Plan<'sent'> => ({
  to: 'sent',
  due: after(now, { hours: answerHours }),
  facts: [
    {
      type: 'change.sent',
      subject: { kind: 'change', id: change.id },
      order: change.purchase.order_id,
      data: { number: change.purchase.number, supplier: change.purchase.supplier.name },
    },
  ],
});

/** Two days without an answer. Where nothing is left to be cancelled, nobody needs to hear of it. */
export function decideChangeUnanswered(change: Change, now: Instant): Plan<'sent'> {
  const { purchase } = change;
  const over =
    ['closed', 'cancelled'].includes(purchase.transmission) ||
    purchase.lines.every(({ quantity, shipped, refused }) => shipped + refused >= quantity);
  const title = `${purchase.supplier.name} has not answered whether it cancels ${purchase.number}, which it was asked ${change.created_at.toString().slice(0, 16).replace('T', ' ')} UTC.`;
  return { to: 'sent', due: null, facts: [], ...(over ? {} : { raise: [changeException(purchase, title, now)] }) };
}

export function decideChangeRefused(change: Change, fault: Fault, now: Instant): Plan<'failed'> {
  return {
    to: 'failed',
    due: null,
    facts: [],
    raise: [
      changeException(
        change.purchase,
        `${change.purchase.supplier.name} could not be asked to cancel ${change.purchase.number}: ${fault.message}`,
        now,
      ),
    ],
  };
}

export const changeDoubtful = (change: Change, why: string, now: Instant): NewException =>
  changeException(
    change.purchase,
    `Whether ${change.purchase.supplier.name} was asked to cancel ${change.purchase.number} is not certain: ${why}`,
    now,
  );

export function changeMisconfigured(change: Change, fault: Fault, now: Instant): NewException {
  const { supplier } = change.purchase;
  return {
    kind: 'connection_broken',
    subject: { kind: 'supplier', id: supplier.id },
    cause: `connection_broken:${supplier.code}`,
    title: `${supplier.name} cannot be asked to cancel: ${fault.message}`,
    detail: 'Cancellations wait and are sent as soon as the connection works.',
    evidence: { code: fault.code, ...fault.evidence },
    fixes: [{ action: 'try-again', label: 'Try again', effect: 'Everything that waits is sent at once.' }],
    due: after(now, { hours: 2 }),
    concerns: { supplier: supplier.id },
  };
}

export function changeException(purchase: Purchase, title: string, now: Instant): NewException {
  return {
    ...about(purchase),
    kind: 'cancel_refused',
    cause: `cancel_refused:${purchase.supplier.code}`,
    title,
    detail: 'Unless they stop it, the goods are on their way; what comes can be returned.',
    fixes: [
      { action: 'it-arrived', label: 'They cancelled it', effect: 'Its open units count as cancelled.' },
      {
        action: 'ask-cancel',
        label: 'Ask them again',
        effect: 'One more cancellation goes out, unless one is still waiting for its answer.',
      },
      { action: 'dismiss', label: 'It is shipped anyway', effect: 'The purchase order goes on as it was.' },
    ],
    due: after(now, { hours: 8 }),
  };
}
