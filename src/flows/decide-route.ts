import { after, hoursBetween, type Instant } from '#kernel/time';
import { type Order, wantedOf, unroutable } from '#modules/orders';
import type { Draft, Drafted } from '#modules/purchasing';
import { type Choice, choose, type Looked, type ToOrder, type Want } from '#modules/routing';
import type { NewFact, Plan } from '#platform/work';

/** The longer it has found nobody, the less often it is tried again. */
const retryHours = (order: Order, now: Instant): number => Math.min(24, Math.max(1, hoursBetween(order.received_at, now) / 4));

/** What an order still wants: units that no supplier has to deliver yet, with what they earn. */
export function wantsOf(order: Order, allocated: ReadonlyMap<string, number>): Want[] {
  return order.lines.flatMap((line): Want[] => {
    const quantity = wantedOf(line) - (allocated.get(line.id) ?? 0);
    if (quantity <= 0) return [];
    const revenue = ((line.price_minor * BigInt(line.quantity) - line.discount_minor) * BigInt(quantity)) / BigInt(line.quantity);
    return [{ line_id: line.id, sku: line.sku, variant_id: line.variant_id ?? '', quantity, revenue_minor: revenue }];
  });
}

/** Routes what is wanted: to suppliers, or to a person with the reasons. */
export function planRoute(
  order: Order,
  looked: Looked,
  now: Instant,
): Plan<'routed' | 'held' | 'in_fulfilment' | 'cancelled', Choice> & { set: object } {
  const wants = wantsOf(order, looked.allocated);
  const anything = order.lines.some(({ id }) => (looked.allocated.get(id) ?? 0) > 0);
  if (wants.length === 0) {
    if (anything) return { to: 'in_fulfilment', facts: [], set: { status: 'with_supplier' } };
    return {
      to: 'cancelled',
      due: null,
      because: 'Nothing of it is wanted any longer.',
      set: { status: 'cancelled' },
      resolve: ['hold', 'order_unroutable'],
    };
  }
  const choice = choose(
    wants,
    { country: order.country, channel: order.channel_id, service: order.service, currency: order.currency },
    looked,
    now,
  );
  const subject = { kind: 'order', id: order.id };
  const set = { routed_times: order.routed_times + 1 };
  if (choice.outcome === 'held') {
    const skus =
      choice.lines
        .filter(({ candidates }) => !candidates.some(({ score }) => score !== null))
        .map(({ sku }) => sku)
        .join(', ') || 'all of it';
    return {
      to: 'held',
      due: after(now, { hours: retryHours(order, now) }),
      made: choice,
      set: { status: 'no_supplier' },
      facts: order.held_for.includes('no_supplier')
        ? []
        : [{ type: 'order.held', subject, data: { reasons: ['no_supplier'], because: choice.because } }],
      raise: [unroutable(order, `Order ${order.number} finds no supplier for ${skus}.`, choice.because, stoppedMostBy(choice))],
    };
  }
  const days = choice.lines.flatMap(({ candidates }) =>
    candidates.filter(({ given }) => given > 0).map(({ numbers }) => numbers?.days ?? null),
  );
  // Where one supplier never said how long it takes, nothing can be promised.
  const promised = days.every((one) => one !== null) ? after(now, { days: Math.max(0, ...days) }) : null;
  return {
    to: 'routed',
    made: choice,
    set: { ...set, status: 'routed', promised_at: order.promised_at ?? promised },
    facts: [
      {
        type: 'order.routed',
        subject,
        data: { suppliers: [...new Set(choice.takes.map(({ supplier }) => supplier.name))], because: choice.because },
      },
    ],
    resolve: order.routed_times > 0 || order.held_for.length > 0 ? ['order_unroutable', 'hold'] : [],
  };
}

/** The gate that stood in the way most often: what groups such orders, as one cure may free them all. */
function stoppedMostBy(choice: Choice): string {
  const gates = choice.lines.flatMap(({ candidates }) =>
    candidates.flatMap(({ gates: asked }) => asked.find(({ passed }) => !passed)?.gate ?? []),
  );
  const counts = [...Map.groupBy(gates, (gate) => gate)].toSorted(([, one], [, other]) => other.length - one.length);
  return counts[0]?.[0] ?? 'nobody_offers_it';
}

/** One purchase order per supplier and currency, lines in the order's own order. */
export function draftsOf(order: Order, allocations: readonly ToOrder[]): Draft[] {
  const place = new Map(order.lines.map(({ id, position, title }) => [id, { position, title }]));
  const sorted = [...allocations].sort((one, other) => (place.get(one.line_id)?.position ?? 0) - (place.get(other.line_id)?.position ?? 0));
  return [...Map.groupBy(sorted, ({ supplier_id, currency }) => `${supplier_id} ${currency}`).values()].flatMap((own) => {
    const [first] = own;
    if (!first) return [];
    return [
      {
        orderId: order.id,
        supplierId: first.supplier_id,
        currency: first.currency,
        shipTo: order.ship_to,
        service: order.service,
        transport: first.transport,
        lines: own.map((one) => ({
          orderLineId: one.line_id,
          allocationId: one.id,
          offerId: one.offer_id,
          supplierSku: one.supplier_sku,
          title: place.get(one.line_id)?.title ?? '',
          quantity: one.quantity,
          unitCostMinor: one.unit_cost_minor,
        })),
      },
    ];
  });
}

export function draftedFacts(drafted: readonly Drafted[], drafts: readonly Draft[]): (NewFact & { actor: string })[] {
  const transports = new Map(drafts.map((one) => [`${one.orderId} ${one.supplierId}`, one.transport]));
  return drafted.map((one) => ({
    type: 'purchase.drafted',
    subject: { kind: 'purchase', id: one.id },
    order: one.order_id,
    actor: 'step:draftPurchases',
    data: { number: one.number, supplier_id: one.supplier_id, transport: transports.get(`${one.order_id} ${one.supplier_id}`) ?? '' },
  }));
}
