import type { ChannelOrder } from '#ports/channel';
import type { NewException, NewFact } from '#platform/work';
import { type Order, wantedOf } from './words.ts';

/** What a newer snapshot of the store's changes in an order that we have. */
export interface OrderChange {
  order: Order;
  incoming: ChannelOrder;
  /** Before anything is ordered all of it is taken over; later only payment and cancellations, as the rest is with suppliers. */
  whole: boolean;
  /** Lines were added, or asked for more units; taken over as a whole while nothing is ordered. */
  relined: boolean;
  /** New counts of cancelled units by line id; never fewer than before. */
  cancelled: { id: string; cancelled: number }[];
  facts: NewFact[];
  raise: NewException[];
}

const early = ['received', 'accepted', 'held'];

/** From the least to the most settled; of two snapshots of one second the further one counts, as stores stamp by the second. */
const payments: readonly Order['payment'][] = ['pending', 'authorised', 'paid', 'partially_refunded', 'refunded', 'voided'];
const furtherPayment = (one: Order['payment'], other: Order['payment']): Order['payment'] =>
  payments.indexOf(one) > payments.indexOf(other) ? one : other;

/** Of two snapshots: above 0 when the first is to be taken. */
export const compareSnapshots = (one: ChannelOrder, other: ChannelOrder): number =>
  Temporal.Instant.compare(one.changedAt, other.changedAt) ||
  payments.indexOf(one.payment) - payments.indexOf(other.payment) ||
  cancelledIn(one) - cancelledIn(other) ||
  one.lines.length - other.lines.length;

const cancelledIn = ({ cancelledAt, lines }: ChannelOrder): number =>
  cancelledAt ? Number.MAX_SAFE_INTEGER : lines.reduce((sum, { cancelled }) => sum + cancelled, 0);

/** Null when the snapshot says nothing newer. One with our very stamp is joined with what we have: whatever is further on counts. */
export function changeOf(order: Order, given: ChannelOrder): OrderChange | null {
  const newer = Temporal.Instant.compare(given.changedAt, order.source_at);
  if (newer < 0) return null;
  if (newer > 0) return changeBy(order, given);
  const change = changeBy(order, {
    ...given,
    payment: furtherPayment(given.payment, order.payment),
    lines: joinedLines(order, given),
    shipTo: order.ship_to,
  });
  return change.facts.length > 0 ? change : null;
}

/** Neither a line that is missing in one of them nor fewer units is a cancellation then. */
function joinedLines(order: Order, given: ChannelOrder): ChannelOrder['lines'] {
  const ours = new Map(order.lines.map((line) => [line.external_id, line]));
  const theirs = new Set(given.lines.map(({ externalId }) => externalId));
  return [
    ...given.lines.map((line) => ({ ...line, quantity: Math.max(line.quantity, ours.get(line.externalId)?.quantity ?? 0) })),
    ...order.lines
      .filter(({ external_id }) => !theirs.has(external_id))
      .map((line) => ({
        externalId: line.external_id,
        sku: line.sku,
        title: line.title,
        kind: line.kind,
        quantity: line.quantity,
        cancelled: line.cancelled,
        priceMinor: line.price_minor,
        discountMinor: line.discount_minor,
        taxMinor: line.tax_minor,
      })),
  ];
}

function changeBy(order: Order, incoming: ChannelOrder): OrderChange {
  const whole = early.includes(order.state) && order.routed_times === 0;
  const cancelled = cancelledUnits(order, incoming);
  const what = [
    ...(incoming.payment === order.payment ? [] : [`payment ${order.payment} → ${incoming.payment}`]),
    ...(cancelled.length === 0 ? [] : [`${cancelled.reduce((sum, line) => sum + line.more, 0)} units cancelled`]),
    ...(sameAddress(order, incoming) ? [] : ['address']),
    ...(sameLines(order, incoming) ? [] : ['lines']),
  ];
  const refunded = incoming.payment !== order.payment && ['refunded', 'voided'].includes(incoming.payment) && incoming.cancelledAt === null;
  const late = whole ? [] : [...what.filter((word) => word === 'address' || word === 'lines'), ...(refunded ? ['payment'] : [])];
  const over = order.state === 'closed' || order.state === 'cancelled';
  return {
    order,
    incoming,
    whole,
    relined: whole && what.includes('lines'),
    cancelled: over || (whole && what.includes('lines')) ? [] : cancelled.map(({ id, cancelled: units }) => ({ id, cancelled: units })),
    facts: what.length === 0 ? [] : [{ type: 'order.changed', subject: { kind: 'order', id: order.id }, order: order.id, data: { what } }],
    raise: late.length === 0 || over ? [] : [changedLate(order, late)],
  };
}

function cancelledUnits(order: Order, incoming: ChannelOrder): { id: string; cancelled: number; more: number }[] {
  const byExternal = new Map(incoming.lines.map((line) => [line.externalId, line]));
  return order.lines.flatMap((line) => {
    const now = byExternal.get(line.external_id);
    // A line that is gone from the snapshot, or has fewer units than before, was cancelled by that much.
    const left = incoming.cancelledAt || !now ? 0 : Math.max(0, now.quantity - now.cancelled);
    const cancelled = Math.min(line.quantity, Math.max(line.cancelled, line.quantity - left));
    return cancelled > line.cancelled ? [{ id: line.id, cancelled, more: cancelled - line.cancelled }] : [];
  });
}

const sameAddress = (order: Order, { shipTo }: ChannelOrder): boolean =>
  (['name', 'company', 'line1', 'line2', 'city', 'region', 'postcode', 'country'] as const).every(
    (field) => (order.ship_to[field] ?? '') === (shipTo[field] ?? ''),
  );

/** Whether it asks for more than before: new lines, or more units. Fewer are cancellations. */
function sameLines(order: Order, incoming: ChannelOrder): boolean {
  const ours = new Map(order.lines.map((line) => [line.external_id, line]));
  return incoming.lines.every((line) => {
    const known = ours.get(line.externalId);
    return known !== undefined && known.sku === line.sku && line.quantity - line.cancelled <= Math.max(wantedOf(known), known.quantity);
  });
}

function changedLate(order: Order, what: readonly string[]): NewException {
  return {
    kind: 'order_changed_late',
    subject: { kind: 'order', id: order.id },
    cause: 'order_changed_late',
    title: `Order ${order.number} was changed in the store (${what.join(', ')}) after it had gone to suppliers.`,
    detail: 'The suppliers were told the earlier version. Cancellations go out by themselves; this change does not.',
    evidence: { what },
    fixes: [
      {
        action: 'ask-cancel',
        label: 'Ask suppliers to cancel',
        effect: 'Every unit that is not shipped is asked back, and the order ends with what suppliers agree to.',
      },
      { action: 'dismiss', label: 'Leave it as it is', effect: 'The shopper gets what was ordered first.' },
    ],
    money: { minor: order.total_minor, currency: order.currency },
    concerns: { order: order.id, channel: order.channel_id },
  };
}
