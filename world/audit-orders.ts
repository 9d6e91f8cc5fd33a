import { type Check, hours, type Say, sums, type View } from './audit-view.ts';
import type { BookedOrder } from './books.ts';
import type { SeenOrder } from './memory.ts';

/** How long an order may be on its way to us: a lost webhook, a file every other hour, and the poll that finds it. */
const reconcileMs = hours(4);

/** I1: every paid order of the stores is in the books, or an open exception names it. */
export const noneLost: Check = ({ memory, orderByName, open, at, quiet }, say) => {
  for (const seen of Object.values(memory.orders)) {
    if (seen.paidAt === null || seen.test || (!quiet && at - Math.max(seen.placedAt, seen.paidAt) < reconcileMs)) continue;
    if (orderByName.has(`${seen.channel}/${seen.id}`)) continue;
    if (
      open.some(
        ({ order_id, title, detail }) =>
          order_id === null && (title.includes(seen.number) || detail.includes(seen.number) || detail.includes(seen.id)),
      )
    )
      continue;
    say(
      'I1',
      `order ${seen.number} of ${seen.channel} was paid at ${iso(seen.paidAt)} and is neither in the books nor named by an open exception`,
    );
  }
};

/** I2: no order is in the books twice, or without a store that knows it; twins are not both dispatched by a machine. */
export const noneTwice: Check = (view, say) => {
  const { memory, books, orderByName } = view;
  const counts = sums(
    books.orders,
    ({ channel, external_id }) => `${channel}/${external_id}`,
    () => 1,
  );
  for (const [name, count] of counts) if (count > 1) say('I2', `order ${name} is in the books ${count} times`);
  for (const order of books.orders) {
    const seen = memory.orders[`${order.channel}/${order.external_id}`];
    if (seen === undefined)
      say('I2', `order ${order.number} is in the books, but ${order.channel} never had an order ${order.external_id}`);
    else sameContent(view, order, seen, say);
  }
  for (const [one, other] of memory.twins) {
    const both = [orderByName.get(one), orderByName.get(other)];
    if (!both.every((order) => order !== undefined && dispatched(view, order))) continue;
    const judged = books.holds.some(
      ({ order_id, reason, released_by }) =>
        reason === 'duplicate' && released_by.startsWith('person') && both.some((order) => order?.id === order_id),
    );
    if (!judged)
      say(
        'I2',
        `orders ${both[0]?.number} and ${both[1]?.number} are one basket sent twice, and both were dispatched without a person saying so`,
      );
  }
};

const dispatched = ({ purchasesOf }: View, order: BookedOrder): boolean =>
  (purchasesOf.get(order.id) ?? []).some(({ transmission }) => ['sent', 'acknowledged', 'closed'].includes(transmission));

function sameContent({ linesOf }: View, order: BookedOrder, seen: SeenOrder, say: Say): void {
  if (order.total_minor !== BigInt(seen.totalMinor) || order.currency !== seen.currency) {
    say(
      'I2',
      `order ${order.number} has ${order.total_minor} ${order.currency} in the books and ${seen.totalMinor} ${seen.currency} in ${seen.channel}`,
    );
  }
  const ours = sums(
    linesOf.get(order.id) ?? [],
    ({ sku }) => sku,
    ({ quantity }) => quantity,
  );
  const theirs = sums(
    seen.lines,
    ({ sku }) => sku,
    ({ quantity }) => quantity,
  );
  for (const sku of new Set([...ours.keys(), ...theirs.keys()])) {
    if (ours.get(sku) !== theirs.get(sku))
      say('I2', `order ${order.number} has ${ours.get(sku) ?? 0} of ${sku} in the books and ${theirs.get(sku) ?? 0} in ${seen.channel}`);
  }
}

/** I3: every unit ordered is with one supplier, cancelled, or in front of a person; never with two. */
export const eachUnitOnce: Check = ({ books, orderById, told }, say) => {
  const allocated = sums(
    books.allocations.filter(({ state }) => state !== 'released'),
    ({ line_id }) => line_id,
    ({ quantity }) => quantity,
  );
  const settled = new Set(['routed', 'in_fulfilment', 'closed']);
  for (const line of books.lines) {
    const order = orderById.get(line.order_id);
    if (order === undefined) {
      say('I3', `line ${line.id} belongs to no order in the books`);
      continue;
    }
    const placed = (allocated.get(line.id) ?? 0) + line.cancelled;
    // What was cancelled too late is with a supplier and cancelled at once; then a person has been told.
    if (placed > line.quantity && !told(order.id))
      say('I3', `${order.number}, ${line.sku}: ${placed} units are allocated or cancelled, but ${line.quantity} were ordered`);
    const rest = line.kind === 'goods' && settled.has(order.state) && placed < line.quantity;
    if (rest && !told(order.id))
      say(
        'I3',
        `${order.number}, ${line.sku}: ${line.quantity - placed} of ${line.quantity} units are with nobody, and no exception says so`,
      );
  }
};

/** I4: what is promised of an offer is what its open allocations say, and never more than there is. */
export const nothingOversold: Check = ({ books }, say) => {
  const live = sums(
    books.allocations.filter(({ state }) => state === 'live'),
    ({ offer_id }) => offer_id,
    ({ quantity }) => quantity,
  );
  for (const offer of books.offers) {
    const name = `${offer.supplier} ${offer.supplier_sku}`;
    if (offer.reserved > offer.ceiling) say('I4', `${name}: ${offer.reserved} units are promised and ${offer.ceiling} may be`);
    if (offer.reserved !== (live.get(offer.id) ?? 0))
      say('I4', `${name}: ${offer.reserved} units are counted as promised, its allocations add up to ${live.get(offer.id) ?? 0}`);
    live.delete(offer.id);
  }
  for (const [offer, quantity] of live) say('I4', `${quantity} units are allocated from offer ${offer}, which is not in the books`);
};

const paymentOf: Readonly<Record<string, string>> = { authorized: 'authorised' };

/** I14: at rest the books agree with the stores, in whatever order and however often we were told. */
export const agreesWithStores: Check = ({ memory, orderByName, linesOf, purchasesOf, told, quiet }, say) => {
  if (!quiet) return;
  for (const seen of Object.values(memory.orders)) {
    const order = orderByName.get(`${seen.channel}/${seen.id}`);
    if (order === undefined || told(order.id)) continue;
    const payment = paymentOf[seen.payment] ?? seen.payment;
    if (order.payment !== payment)
      say('I14', `${order.number}: payment is ${order.payment} in the books and ${payment} in ${seen.channel}`);
    if (order.country !== seen.country || order.postcode.replaceAll(' ', '') !== seen.postcode.replaceAll(' ', '')) {
      say(
        'I14',
        `${order.number}: goes to ${order.country} ${order.postcode} in the books and to ${seen.country} ${seen.postcode} in ${seen.channel}`,
      );
    }
    const shipped = (purchasesOf.get(order.id) ?? []).some(({ fulfilment }) => fulfilment !== 'none');
    if (seen.cancelledAt !== null && order.state !== 'cancelled' && !shipped)
      say('I14', `${order.number} was cancelled in ${seen.channel} and is ${order.state} in the books`);
    const cut = sums(
      seen.lines,
      ({ sku }) => sku,
      ({ cancelled }) => cancelled,
    );
    const ours = sums(
      linesOf.get(order.id) ?? [],
      ({ sku }) => sku,
      ({ cancelled }) => cancelled,
    );
    for (const [sku, units] of cut) {
      if ((ours.get(sku) ?? 0) < units && !shipped)
        say('I14', `${order.number}, ${sku}: ${units} units were cancelled in ${seen.channel}, ${ours.get(sku) ?? 0} in the books`);
    }
  }
};

const iso = (ms: number): string => new Date(ms).toISOString();
