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

/** Null when the snapshot is not newer, or the order is over. */
export function changeOf(order: Order, incoming: ChannelOrder): OrderChange | null {
  if (Temporal.Instant.compare(incoming.changedAt, order.source_at) <= 0) return null;
  const whole = early.includes(order.state) && order.routed_times === 0;
  const cancelled = cancelledUnits(order, incoming);
  const what = [
    ...(incoming.payment === order.payment ? [] : [`payment ${order.payment} → ${incoming.payment}`]),
    ...(cancelled.length === 0 ? [] : [`${cancelled.reduce((sum, line) => sum + line.more, 0)} units cancelled`]),
    ...(sameAddress(order, incoming) ? [] : ['address']),
    ...(sameLines(order, incoming) ? [] : ['lines']),
  ];
  const late = whole ? [] : what.filter((word) => word === 'address' || word === 'lines');
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
  (['name', 'company', 'line1', 'line2', 'city', 'region', 'postcode', 'country'] as const).every((field) => (order.ship_to[field] ?? '') === (shipTo[field] ?? ''));

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
      { action: 'ask-cancel', label: 'Ask suppliers to cancel', effect: 'Every unit that is not shipped is asked back; then route the order again.' },
      { action: 'dismiss', label: 'Leave it as it is', effect: 'The shopper gets what was ordered first.' },
    ],
    money: { minor: order.total_minor, currency: order.currency },
    concerns: { order: order.id, channel: order.channel_id },
  };
}
