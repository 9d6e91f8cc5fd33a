import type { Fault } from '#kernel/fault';
import { after, type Instant } from '#kernel/time';
import type { NewException, Plan } from '#platform/work';
import type { Placed } from '#ports/supplier';
import type { Purchase } from './words.ts';

/** It arrived. An answer that was faster than the reply counts at once; else it is due so many hours from now. */
export function decidePlaced(purchase: Purchase, placed: Placed, now: Instant): Plan<'sent' | 'acknowledged'> {
  const facts = [
    {
      type: 'purchase.sent',
      subject: subjectOf(purchase),
      data: { number: purchase.number, supplier: purchase.supplier.name, reference: placed.reference ?? '' },
    },
  ];
  const over = ['purchase_unconfirmed', 'purchase_failed'];
  if (purchase.acknowledged_at) return { to: 'acknowledged', facts, resolve: over };
  const due = after(now, { hours: purchase.supplier.ack_hours });
  return { to: 'sent', facts, resolve: over, due, set: { ack_due_at: due } };
}

/** It certainly did not arrive, and saying it again as it is would not help. */
export function decidePlaceRefused(purchase: Purchase, fault: Fault, now: Instant): Plan<'failed'> {
  return {
    to: 'failed',
    due: null,
    facts: [{ type: 'purchase.failed', subject: subjectOf(purchase), data: { number: purchase.number, because: fault.message } }],
    raise: [
      {
        ...about(purchase),
        kind: 'purchase_failed',
        cause: `purchase_failed:${purchase.supplier.code}`,
        title: `${purchase.supplier.name} did not take ${purchase.number}: ${fault.message}`,
        detail: 'It was not ordered: the supplier answered with a refusal, or could not be reached after several tries.',
        evidence: { kind: fault.kind, code: fault.code, ...fault.evidence },
        fixes: [
          {
            action: 're-route',
            label: 'Route to another supplier',
            effect: `Its units go back to routing; ${purchase.supplier.name} is left out for them.`,
          },
          { action: 'try-again', label: 'Send it again', effect: 'The same document under the same number.' },
        ],
        due: after(now, { hours: 4 }),
      },
    ],
  };
}

/** Nobody can say whether it arrived; only evidence or a person ends that. */
export function placeDoubtful(purchase: Purchase, why: string, now: Instant): NewException {
  return {
    ...about(purchase),
    kind: 'purchase_unconfirmed',
    cause: `purchase_unconfirmed:${purchase.supplier.code}`,
    title: `Whether ${purchase.supplier.name} has ${purchase.number} is not certain: ${why}`,
    detail: 'It is not sent again by itself, as the supplier would then deliver twice. Ask them, then say here what they told you.',
    evidence: { number: purchase.number, why },
    fixes: [
      { action: 'it-arrived', label: 'They have it', effect: 'It counts as sent; their acknowledgement is waited for.' },
      { action: 'it-did-not', label: 'They do not have it', effect: 'It is sent again under the same number.' },
      { action: 'ask-again', label: 'Ask their system again', effect: 'Looks it up once more where their transport can.' },
    ],
    due: after(now, { hours: 4 }),
  };
}

/** One for the connection, however many purchase orders wait for it. */
export function placeMisconfigured(purchase: Purchase, fault: Fault, now: Instant): NewException {
  return {
    kind: 'connection_broken',
    subject: { kind: 'supplier', id: purchase.supplier_id },
    cause: `connection_broken:${purchase.supplier.code}`,
    title: `Purchase orders cannot be sent to ${purchase.supplier.name}: ${fault.message}`,
    detail: 'They wait and are sent as soon as the connection works.',
    evidence: { code: fault.code, ...fault.evidence },
    fixes: [{ action: 'try-again', label: 'Try again', effect: 'Everything that waits is sent at once.' }],
    due: after(now, { hours: 2 }),
    concerns: { supplier: purchase.supplier_id },
  };
}

export const subjectOf = ({ id }: { id: string }) => ({ kind: 'purchase', id });

/** What every exception about a purchase order says of it. */
export const about = (purchase: Purchase): Pick<NewException, 'subject' | 'money' | 'concerns'> => ({
  subject: subjectOf(purchase),
  money: { minor: purchase.cost_minor, currency: purchase.currency },
  concerns: { order: purchase.order_id, supplier: purchase.supplier_id },
});
