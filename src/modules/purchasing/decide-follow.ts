import { after, type Instant, isBefore, latest } from '#kernel/time';
import type { NewException, NewFact, Plan } from '#platform/work';
import { about, subjectOf } from './decide-place.ts';
import { awaitsAnswer, fulfilmentOf, responseOf } from './fold.ts';
import type { Purchase } from './words.ts';

/** The supplier's mail address hears at most so often of one purchase order. */
const mostReminders = 2;

/**
 * What a purchase order that was sent waits for: an answer, then goods. Silence is reminded of once and then told to a person;
 * what is answered and shipped in full is closed, what was refused in full is cancelled.
 */
export function decideFollowPurchase(
  purchase: Purchase,
  now: Instant,
): Plan<'sent' | 'acknowledged' | 'closed' | 'cancelled'> & { set: object } {
  const response = responseOf(purchase.lines);
  const fulfilment = fulfilmentOf(purchase.lines);
  const set = { response, fulfilment };
  if (purchase.lines.every((line) => line.refused === line.quantity))
    return { to: 'cancelled', due: null, set, facts: [ended(purchase, 'cancelled')], resolve: endings };
  if (purchase.lines.every((line) => line.shipped + line.refused >= line.quantity))
    return { to: 'closed', due: null, set, facts: [ended(purchase, 'closed')], resolve: endings };
  const plan =
    awaitsAnswer(purchase.lines) && purchase.transmission === 'sent' ? waitForAnswer(purchase, set, now) : waitForGoods(purchase, set, now);
  const agreed = purchase.response === 'changed' && response !== 'changed' ? ['supplier_changed'] : [];
  return { ...plan, resolve: [...(plan.resolve ?? []), ...agreed] };
}

const endings = ['purchase_not_acknowledged', 'purchase_not_shipped', 'purchase_unconfirmed', 'purchase_failed', 'supplier_changed'];
const ended = (purchase: Purchase, how: 'cancelled' | 'closed'): NewFact => ({
  type: `purchase.${how}`,
  subject: subjectOf(purchase),
  data: { number: purchase.number, supplier: purchase.supplier.name },
});

function waitForAnswer(purchase: Purchase, set: { response: string; fulfilment: string }, now: Instant): Plan<'sent'> & { set: object } {
  const due = purchase.ack_due_at ?? after(now, { hours: purchase.supplier.ack_hours });
  if (isBefore(now, due)) return { to: 'sent', due, set: { ...set, ack_due_at: due }, facts: [] };
  const half = after(now, { hours: Math.max(1, purchase.supplier.ack_hours / 2) });
  if (purchase.reminded === 0)
    return { to: 'sent', due: half, set: { ...set, reminded: 1, ack_due_at: half }, facts: [reminded(purchase, 'acknowledge')] };
  return {
    to: 'sent',
    due: null,
    set,
    facts: [],
    raise: [
      overdue(
        purchase,
        'purchase_not_acknowledged',
        `${purchase.supplier.name} has not answered ${purchase.response === 'awaited' ? '' : 'all of '}${purchase.number}, sent ${(purchase.sent_at ?? purchase.created_at).toString().slice(0, 16).replace('T', ' ')} UTC and reminded of it.`,
        now,
      ),
    ],
  };
}

/** Goods are due so many hours after the answer, or on the last day that the supplier named; a promise that has passed is treated like any other. */
function waitForGoods(
  purchase: Purchase,
  set: { response: string; fulfilment: string },
  now: Instant,
): Plan<'acknowledged'> & { set: object } {
  const expected = purchase.lines.flatMap(({ expected_at, shipped, refused, quantity }) =>
    expected_at && shipped + refused < quantity ? [expected_at] : [],
  );
  const agreed = after(purchase.acknowledged_at ?? now, { hours: purchase.supplier.ship_hours });
  const patience = purchase.reminded >= mostReminders && purchase.ship_due_at ? [purchase.ship_due_at] : [];
  const due = [...expected, ...patience].reduce(latest, agreed);
  const facts: NewFact[] =
    purchase.transmission === 'sent'
      ? [{ type: 'purchase.acknowledged', subject: subjectOf(purchase), data: { number: purchase.number, response: set.response } }]
      : [];
  const over = purchase.transmission === 'sent' ? { resolve: ['purchase_not_acknowledged'] } : {};
  if (isBefore(now, due)) return { to: 'acknowledged', due, set: { ...set, ship_due_at: due }, facts, ...over };
  const next = after(now, { hours: Math.max(4, purchase.supplier.ship_hours / 2) });
  if (purchase.reminded < mostReminders) {
    return {
      to: 'acknowledged',
      due: next,
      set: { ...set, reminded: Math.max(1, purchase.reminded) + 1, ship_due_at: next },
      facts: [...facts, reminded(purchase, 'ship')],
      ...over,
    };
  }
  const title = `${purchase.supplier.name} has not shipped all of ${purchase.number}; it was due ${due.toString().slice(0, 10)}.`;
  return { to: 'acknowledged', due: null, set, facts, raise: [overdue(purchase, 'purchase_not_shipped', title, now)], ...over };
}

const reminded = (purchase: Purchase, to: string): NewFact => ({
  type: 'purchase.reminded',
  subject: subjectOf(purchase),
  data: { number: purchase.number, to },
});

function overdue(purchase: Purchase, kind: string, title: string, now: Instant): NewException {
  const silent = kind === 'purchase_not_acknowledged';
  return {
    ...about(purchase),
    kind,
    cause: `${kind}:${purchase.supplier.code}`,
    title,
    detail:
      'The shopper is waiting. What the supplier has not refused may still be on its way, so it is asked back before another supplier is asked.',
    fixes: [
      {
        action: 're-route',
        label: 'Cancel there, route elsewhere',
        effect: 'The supplier is asked to cancel; its units go to another supplier once it has agreed.',
      },
      { action: 'remind', label: 'Remind them again', effect: 'One more mail; you are told again if nothing comes.' },
      ...(silent
        ? [
            {
              action: 'accept-for-them',
              label: 'They accepted it',
              effect: 'For an answer by telephone: every open unit counts as accepted.',
            },
          ]
        : [{ action: 'wait', label: 'Wait a day', effect: 'You are told again tomorrow.' }]),
    ],
    due: after(now, { hours: 8 }),
  };
}
