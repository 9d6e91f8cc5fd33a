import { after, type Instant } from '#kernel/time';
import type { NewException, Plan } from '#platform/work';
import { statusOf } from './status.ts';
import { type Order, wantedOf } from './words.ts';

/** How far the units of one line have come, over all its allocations. Later stages count in the earlier ones. */
export interface Cover {
  line_id: string;
  /** Units that a supplier has to deliver: allocated, less what was refused. */
  allocated: number;
  accepted: number;
  backordered: number;
  shipped: number;
  outForDelivery: number;
  delivered: number;
  /** Units in parcels whose story is over: delivered, returned or lost. */
  ended: number;
}

/** A purchase order of it, as far as a cancellation has to know. */
export interface OrderPart {
  purchase_id: string;
  transmission: string;
  /** Whether it was asked to be cancelled before, whatever came of it. */
  cancel_asked: boolean;
  /** Units by order line that are neither refused nor shipped. */
  open: { line_id: string; quantity: number }[];
}

export interface FollowFacts {
  covers: Map<string, Cover[]>;
  parts: Map<string, OrderPart[]>;
  /** Orders about which an exception is open. */
  inReview: Set<string>;
  /** Orders of which a person was told before that a cancellation came too late. */
  toldTooLate: Set<string>;
}

export interface Followed {
  /** Purchase orders to be cancelled at the supplier. */
  cancel: { purchase_id: string; why: string }[];
}

const noCover = { allocated: 0, accepted: 0, backordered: 0, shipped: 0, outForDelivery: 0, delivered: 0, ended: 0 };
const mostRoutings = 6;

export function coverOf(facts: FollowFacts, order: Order, lineId: string): Omit<Cover, 'line_id'> {
  return facts.covers.get(order.id)?.find((cover) => cover.line_id === lineId) ?? noCover;
}

/** Looks at all parts of an order with suppliers: routes again what was refused, takes back what was cancelled, closes what is done. */
export function decideFollow(
  order: Order,
  facts: FollowFacts,
  now: Instant,
): Plan<'accepted' | 'held' | 'in_fulfilment' | 'closed' | 'cancelled', Followed> & { set: object } {
  const lines = order.lines
    .filter(({ kind }) => kind === 'goods')
    .map((line) => ({ line, wanted: wantedOf(line), cover: coverOf(facts, order, line.id) }));
  const status = (state: Order['state']) => ({ status: statusFrom(order, facts, state) });
  const missing = lines.filter(({ wanted, cover }) => wanted > cover.allocated);
  const nothingLeft = lines.every(({ wanted, cover }) => wanted === 0 && cover.allocated === 0);
  if (nothingLeft)
    return {
      to: 'cancelled',
      due: null,
      because: 'Every unit of it was cancelled.',
      set: { status: 'cancelled' },
      resolve: resolvedByEnd,
      made: { cancel: [] },
    };
  const cancel = partsToCancel(order, facts, lines);
  const raise = tooLate(order, facts, lines);
  if (missing.length > 0) {
    const skus = missing.map(({ line }) => line.sku).join(', ');
    if (order.routed_times < mostRoutings) return { to: 'accepted', facts: [], set: status('accepted'), made: { cancel }, raise };
    return {
      to: 'held',
      due: after(now, { hours: 24 }),
      set: { status: 'no_supplier' },
      made: { cancel },
      facts: [
        {
          type: 'order.held',
          subject: { kind: 'order', id: order.id },
          data: { reasons: ['no_supplier'], because: `Routed ${order.routed_times} times; ${skus} was refused each time.` },
        },
      ],
      raise: [
        ...raise,
        unroutable(
          order,
          `Order ${order.number}: ${skus} was refused by suppliers ${order.routed_times} times.`,
          'Each supplier that could deliver it has said no.',
          'refused',
        ),
      ],
    };
  }
  const done = lines.every(({ wanted, cover }) => cover.ended >= wanted && cover.ended >= cover.allocated);
  if (done)
    return {
      to: 'closed',
      due: null,
      set: { status: statusFrom(order, facts, 'closed'), closed_at: now },
      resolve: resolvedByEnd,
      made: { cancel: [] },
      raise,
    };
  return { to: 'in_fulfilment', due: null, set: status('in_fulfilment'), facts: [], made: { cancel }, raise };
}

/** Units that were cancelled although they are on their way: the shopper gets them and the shop has given the money back. Told once. */
function tooLate(
  order: Order,
  facts: FollowFacts,
  lines: readonly { line: { sku: string }; wanted: number; cover: { shipped: number } }[],
): NewException[] {
  const late = lines.filter(({ wanted, cover }) => cover.shipped > wanted);
  if (late.length === 0 || facts.toldTooLate.has(order.id)) return [];
  const what = late.map(({ line, wanted, cover }) => `${cover.shipped - wanted} × ${line.sku}`).join(', ');
  return [
    {
      kind: 'cancelled_too_late',
      subject: { kind: 'order', id: order.id },
      cause: 'cancelled_too_late',
      title: `Order ${order.number}: ${what} was cancelled in the store after the supplier had shipped it.`,
      detail:
        'The parcel is on its way and the supplier will want its money. Ask the shopper to keep it, to refuse it, or to send it back.',
      fixes: [{ action: 'dismiss', label: 'Settled with the shopper', effect: 'The parcel is followed to its end as before.' }],
      money: { minor: order.total_minor, currency: order.currency },
      concerns: { order: order.id, channel: order.channel_id },
    },
  ];
}

const resolvedByEnd = ['hold', 'order_unroutable'];

/** Held orders whose time has come: those that found no supplier try again, those that are over end. */
export function decideHeld(order: Order, facts: FollowFacts): Plan<'accepted' | 'held' | 'in_fulfilment' | 'cancelled'> & { set: object } {
  const nothingWanted = order.lines.some(({ kind }) => kind === 'goods') && order.lines.every((line) => wantedOf(line) === 0);
  const anything = (facts.covers.get(order.id) ?? []).some(({ allocated }) => allocated > 0);
  if ((order.cancel_asked_at !== null || nothingWanted) && !anything) {
    return { to: 'cancelled', due: null, because: 'It was cancelled in the store.', set: { status: 'cancelled' }, resolve: resolvedByEnd };
  }
  if (nothingWanted) return { to: 'in_fulfilment', facts: [], set: { status: statusFrom(order, facts, 'in_fulfilment') } };
  const onlyNoSupplier = order.held_for.every((reason) => reason === 'no_supplier');
  if (onlyNoSupplier) return { to: 'accepted', facts: [], set: { status: order.status } };
  return { to: 'held', due: null, set: { status: order.status } };
}

/** A purchase order is taken back when none of its open units is wanted any longer; asked once. */
function partsToCancel(
  order: Order,
  facts: FollowFacts,
  lines: readonly { line: { id: string }; wanted: number; cover: { allocated: number } }[],
): Followed['cancel'] {
  const excess = new Map(lines.map(({ line, wanted, cover }) => [line.id, Math.max(0, cover.allocated - wanted)]));
  return (facts.parts.get(order.id) ?? []).flatMap((part) => {
    const unwanted = part.open.length > 0 && part.open.every(({ line_id, quantity }) => (excess.get(line_id) ?? 0) >= quantity);
    if (!unwanted || part.cancel_asked || ['cancelled', 'closed'].includes(part.transmission)) return [];
    for (const { line_id, quantity } of part.open) excess.set(line_id, (excess.get(line_id) ?? 0) - quantity);
    return [{ purchase_id: part.purchase_id, why: 'The shopper or the shop cancelled it.' }];
  });
}

function statusFrom(order: Order, facts: FollowFacts, state: Order['state']): string {
  const total = { ordered: 0, cancelled: 0, accepted: 0, backordered: 0, shipped: 0, delivered: 0, outForDelivery: 0 };
  for (const line of order.lines) {
    if (line.kind !== 'goods') continue;
    const cover = coverOf(facts, order, line.id);
    total.ordered += line.quantity;
    total.cancelled += line.cancelled;
    total.accepted += cover.accepted;
    total.backordered += cover.backordered;
    total.shipped += cover.shipped;
    total.delivered += cover.delivered;
    total.outForDelivery += cover.outForDelivery;
  }
  return statusOf({ ...total, state, payment: order.payment, heldFor: order.held_for, needsReview: facts.inReview.has(order.id) });
}

export function unroutable(order: Order, title: string, detail: string, why: string): NewException {
  return {
    kind: 'order_unroutable',
    subject: { kind: 'order', id: order.id },
    cause: `order_unroutable:${why}`,
    title,
    detail: `${detail} The order page shows every candidate.`,
    fixes: [
      { action: 'try-again', label: 'Route it again', effect: 'Stock, prices and rules are looked at as they are now.' },
      { action: 'cancel-order', label: 'Cancel the order', effect: 'Nothing more is ordered. The refund is made in the store.' },
    ],
    money: { minor: order.total_minor, currency: order.currency },
    concerns: { order: order.id, channel: order.channel_id },
  };
}
