import { after, type Instant, isBefore } from '#kernel/time';
import type { AddressReport } from '#ports/address-validator';
import type { NewException, Plan } from '#platform/work';
import { earlyStatus } from './status.ts';
import { type Hold, type Order, wantedOf } from './words.ts';

export interface ScreenRules {
  /** A second order of the same likeness within so many hours is held. */
  duplicateHours: number;
  /** More orders of one e-mail address or one street address within an hour than this are held. */
  perHour: number;
  /** How long an unpaid order waits before a person is told. */
  paymentHours: number;
}

export const defaultScreenRules: ScreenRules = { duplicateHours: 24, perHour: 5, paymentHours: 72 };

export interface ScreenFacts {
  /** By order: earlier orders of the same likeness, by number. */
  lookAlikes: Map<string, string[]>;
  /** By order: orders of the same e-mail address within the hour before, itself counted. */
  inTheHour: Map<string, number>;
  addresses: Map<string, AddressReport>;
  rules: ScreenRules;
}

/** Whether an order may go to a supplier: accepted, held with reasons, waiting for its money, or over before it began. */
export function decideScreen(
  order: Order,
  facts: ScreenFacts,
  now: Instant,
): Plan<'accepted' | 'held' | 'received' | 'closed' | 'cancelled', Hold[]> & { set: object } {
  if (wasSentElsewhere(order)) {
    return {
      to: 'closed',
      due: null,
      because: 'All of it had been shipped before it came here.',
      set: { status: 'shipped', closed_at: now },
      made: [],
    };
  }
  if (isOver(order)) {
    return {
      to: 'cancelled',
      due: null,
      because: order.payment === 'voided' ? 'The payment was voided.' : 'It was cancelled in the store.',
      set: { status: 'cancelled' },
      made: [],
    };
  }
  const paymentDue = after(order.placed_at, { hours: facts.rules.paymentHours });
  if (order.payment === 'pending' && isBefore(now, paymentDue) && !order.released.includes('payment')) {
    return { to: 'received', due: paymentDue, set: { status: 'awaiting_payment' }, made: [] };
  }
  if (order.payment !== 'pending' && !order.lines.some(({ kind }) => kind === 'goods')) {
    return {
      to: 'closed',
      due: null,
      because: 'Nothing of it is sent: it is of services only.',
      set: { status: 'delivered', closed_at: now },
      made: [],
    };
  }
  const holds = holdsOf(order, facts).filter(({ reason }) => !order.released.includes(reason));
  if (holds.length === 0)
    return {
      to: 'accepted',
      set: { status: earlyStatus('accepted', order.payment) },
      made: [],
      resolve: order.status === 'on_hold' ? ['hold'] : [],
    };
  return {
    to: 'held',
    due: null,
    made: holds,
    set: { status: 'on_hold' },
    facts: [
      {
        type: 'order.held',
        subject: { kind: 'order', id: order.id },
        data: { reasons: holds.map(({ reason }) => reason), because: holds.map(({ detail }) => sentence(detail)).join(' ') },
      },
    ],
    raise: [heldException(order, holds)],
  };
}

/** Nothing is left to send, and not because it was cancelled. */
const wasSentElsewhere = ({ lines, cancel_asked_at }: Order): boolean =>
  cancel_asked_at === null && lines.some(({ elsewhere }) => elsewhere > 0) && lines.every((line) => wantedOf(line) === 0);

const isOver = (order: Order): boolean =>
  order.payment === 'voided' ||
  order.payment === 'refunded' ||
  order.cancel_asked_at !== null ||
  (order.lines.length > 0 && order.lines.every((line) => line.cancelled === line.quantity));

function holdsOf(order: Order, facts: ScreenFacts): Hold[] {
  const holds: Hold[] = [];
  if (order.held_for.includes('manual')) holds.push({ reason: 'manual', detail: 'A person stopped it.' });
  if (order.is_test) holds.push({ reason: 'test', detail: 'The store marks it as a test order; nothing is sent to a supplier.' });
  if (order.is_history)
    holds.push({ reason: 'history', detail: 'It was placed before the store was connected, and is not shipped there.' });
  if (order.risk === 'high') holds.push({ reason: 'risk', detail: 'The store thinks that it is likely a fraud.' });
  if (order.payment === 'pending')
    holds.push({ reason: 'payment', detail: `Not paid ${facts.rules.paymentHours} hours after it was placed.` });
  const unknown = order.lines.filter((line) => wantedOf(line) > 0 && line.variant_id === null).map(({ sku }) => sku);
  if (unknown.length > 0)
    holds.push({
      reason: 'unmatched',
      detail: `Nobody has said what ${unknown.length === 1 ? `SKU ${unknown[0]} is` : `these SKUs are: ${unknown.slice(0, 5).join(', ')}`}.`,
    });
  const report = facts.addresses.get(order.id);
  if (report && report.verdict !== 'deliverable') {
    holds.push({
      reason: 'address',
      detail:
        report.issues
          .filter(({ weight }) => weight !== 'note')
          .map(({ sentence }) => sentence)
          .join(' ') || 'The address cannot be delivered to.',
    });
  }
  const alike = facts.lookAlikes.get(order.id) ?? [];
  if (alike.length > 0)
    holds.push({
      reason: 'duplicate',
      detail: `Same shopper, address and basket as ${alike.slice(0, 3).join(', ')} within ${facts.rules.duplicateHours} hours.`,
    });
  const times = facts.inTheHour.get(order.id) ?? 0;
  if (times > facts.rules.perHour)
    holds.push({
      reason: 'velocity',
      detail: `${times} orders of this e-mail address within an hour; ${facts.rules.perHour} are usual at most.`,
    });
  return holds;
}

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

function heldException(order: Order, holds: readonly Hold[]): NewException {
  return {
    kind: 'hold',
    subject: { kind: 'order', id: order.id },
    cause: `hold:${holds[0]?.reason}`,
    title: `Order ${order.number} is held: ${holds.map(({ detail }) => sentence(detail)).join(' ')}`,
    detail: 'Nothing has been ordered from a supplier.',
    evidence: { reasons: holds.map(({ reason }) => reason) },
    fixes: [
      holds.every(({ reason }) => reason === 'unmatched')
        ? {
            action: 'release',
            label: 'Look the SKUs up again',
            effect: 'Add them to what you sell first; what is still unknown then cannot be routed.',
          }
        : { action: 'release', label: 'Release the order', effect: 'It goes on to routing; the same reasons do not hold it again.' },
      { action: 'cancel-order', label: 'Cancel the order', effect: 'Nothing is ordered. The refund is made in the store.' },
    ],
    money: { minor: order.total_minor, currency: order.currency },
    concerns: { order: order.id, channel: order.channel_id },
  };
}
