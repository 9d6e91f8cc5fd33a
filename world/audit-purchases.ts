import { type Check, groups, hours } from './audit-view.ts';

/** Files wait a quarter of an hour for the supplier's import; mails and requests take effect at once. */
const collectMs = hours(1);

/** I5: what went out took effect once, whatever was lost on the way. */
export const nothingSentTwice: Check = ({ memory }, say) => {
  for (const { supplier, number, version, acceptedAt } of Object.values(memory.purchases)) {
    if (acceptedAt.length > 1)
      say('I5', `${supplier} took ${number} version ${version} ${acceptedAt.length} times: ${acceptedAt.map(iso).join(', ')}`);
  }
  const reports = groups(memory.fulfilments, ({ channel, order, trackingNumber }) => `${channel} order ${order}, parcel ${trackingNumber}`);
  for (const [name, told] of reports)
    if (told.length > 1) say('I5', `${name} was reported ${told.length} times, under ${told.map(({ key }) => key).join(' and ')}`);
};

/** I6: every unit given to a supplier stands on a purchase order that was answered, is not yet late, or is in front of a person. */
export const noneForgotten: Check = ({ books, purchaseById, orderById, told, at, quiet }, say) => {
  if (!quiet) return;
  const lineOf = new Map(books.purchaseLines.map((line) => [line.allocation_id, line]));
  for (const allocation of books.allocations) {
    if (allocation.state === 'released') continue;
    const order = orderById.get(allocation.order_id);
    const name = `${order?.number ?? allocation.order_id}: ${allocation.quantity} units from ${allocation.supplier}`;
    const purchase = purchaseById.get(lineOf.get(allocation.id)?.purchase_id ?? '');
    if (told(purchase?.id ?? allocation.id, allocation.order_id)) continue;
    if (purchase === undefined) say('I6', `${name} stand on no purchase order`);
    else if (
      purchase.acknowledged_at === null &&
      !['closed', 'cancelled'].includes(purchase.transmission) &&
      (purchase.ack_due_at === null || purchase.ack_due_at.epochMilliseconds < at)
    ) {
      say('I6', `${name} stand on ${purchase.number}, which is ${purchase.transmission}, unanswered and overdue, and no exception says so`);
    }
  }
};

/** I7: nobody claims to know what was not settled. The books' word on a sending is held against what the supplier really has. */
export const unknownStaysUnknown: Check = ({ memory, books, told, at, quiet }, say) => {
  const judged = new Set(
    books.facts
      .filter(({ actor, subject_kind }) => subject_kind === 'purchase' && actor.startsWith('person'))
      .map(({ subject_id }) => subject_id),
  );
  const agreed = new Set(
    memory.cancels.filter(({ outcome }) => outcome === 'accepted').map(({ supplier, number }) => `${supplier}/${number}`),
  );
  for (const purchase of books.purchases) {
    const seen = memory.purchases[`${purchase.supplier}/${purchase.number}`];
    const arrived = seen !== undefined && seen.acceptedAt.length > 0;
    if (['sent', 'acknowledged'].includes(purchase.transmission) && !arrived && !judged.has(purchase.id)) {
      const waits = !quiet && purchase.sent_at !== null && at - purchase.sent_at.epochMilliseconds < collectMs;
      if (!waits) say('I7', `${purchase.number} is ${purchase.transmission} in the books, and ${purchase.supplier} never took it`);
    }
    if (['queued', 'failed'].includes(purchase.transmission) && arrived && !told(purchase.id)) {
      say(
        'I7',
        `${purchase.number} is ${purchase.transmission} in the books, though ${purchase.supplier} took it at ${iso(seen.acceptedAt[0] ?? 0)}`,
      );
    }
    const nothingComes =
      agreed.has(`${purchase.supplier}/${purchase.number}`) ||
      ((seen?.said.length ?? 0) > 0 && seen?.said.every(({ quantity }) => quantity === 0) === true);
    if (purchase.transmission === 'cancelled' && arrived && !nothingComes && !told(purchase.id, purchase.order_id)) {
      say('I7', `${purchase.number} is cancelled in the books, but ${purchase.supplier} has it and never agreed`);
    }
  }
};

/** I14, the suppliers' half: at rest the books say of every line what the supplier said. */
export const agreesWithSuppliers: Check = ({ memory, purchaseByName, purchaseLinesOf, told, quiet }, say) => {
  if (!quiet) return;
  for (const seen of Object.values(memory.purchases)) {
    const purchase = purchaseByName.get(`${seen.supplier}/${seen.number}`);
    if (purchase === undefined || seen.acceptedAt.length !== 1 || told(purchase.id, purchase.order_id)) continue;
    for (const { line, response, quantity } of seen.said) {
      const ours = (purchaseLinesOf.get(purchase.id) ?? []).find(({ position }) => position === line);
      if (ours === undefined) say('I14', `${seen.number}: ${seen.supplier} speaks of line ${line}, which is not in the books`);
      else if (response !== 'cancelled' && ours.response !== response)
        say('I14', `${seen.number} line ${line}: ${seen.supplier} said ${response}, the books say ${ours.response ?? 'nothing'}`);
      else if (response === 'short' && ours.accepted !== quantity)
        say('I14', `${seen.number} line ${line}: ${seen.supplier} has ${quantity} units, the books say ${ours.accepted}`);
    }
  }
  for (const parcel of Object.values(memory.parcels)) {
    const purchase = purchaseByName.get(`${parcel.supplier}/${parcel.purchase}`);
    if (purchase === undefined || told(purchase.id, purchase.order_id)) continue;
    for (const { line } of parcel.lines) {
      const ours = (purchaseLinesOf.get(purchase.id) ?? []).find(({ position }) => position === line);
      if (ours !== undefined && ours.shipped === 0)
        say('I14', `${parcel.purchase} line ${line}: went out with ${parcel.carrier} ${parcel.number}, and the books know of no shipment`);
    }
  }
};

/** I16: whatever the outside saw of us has its reason in the books. */
export const everyEffectHasAReason: Check = ({ memory, books, purchaseByName, orderByName }, say) => {
  for (const { supplier, number } of Object.values(memory.purchases))
    if (!purchaseByName.has(`${supplier}/${number}`)) say('I16', `${supplier} has ${number}, which is not in the books`);
  const asked = new Set(books.changes.map(({ purchase_id }) => purchase_id));
  for (const { supplier, number } of memory.cancels) {
    const purchase = purchaseByName.get(`${supplier}/${number}`);
    if (purchase === undefined || !asked.has(purchase.id))
      say('I16', `${supplier} was asked to cancel ${number}, and no change in the books says so`);
  }
  const parcels = new Map(books.parcels.map((parcel) => [parcel.number, parcel.order_id]));
  for (const { channel, order, trackingNumber } of memory.fulfilments) {
    const booked = orderByName.get(`${channel}/${order}`);
    if (booked === undefined || parcels.get(trackingNumber) === undefined)
      say('I16', `${channel} was told of parcel ${trackingNumber} for order ${order}, and the books have no such parcel`);
  }
  const things = new Set(
    [books.orders, books.purchases, books.changes, books.parcels, books.messages, books.reports].flatMap((rows) =>
      rows.map(({ id }) => id),
    ),
  );
  for (const { key, subject_kind, subject_id } of books.effects) {
    if (['order', 'purchase', 'change', 'parcel', 'message', 'report'].includes(subject_kind) && !things.has(subject_id))
      say('I16', `effect ${key} belongs to ${subject_kind} ${subject_id}, which is not in the books`);
  }
  const sentFor = new Set(books.effects.map(({ subject_id }) => subject_id));
  for (const { id, number, transmission } of books.purchases) {
    if (['sent', 'acknowledged'].includes(transmission) && !sentFor.has(id))
      say('I16', `${number} is ${transmission}, and no effect in the books says how it went out`);
  }
};

const iso = (ms: number): string => new Date(ms).toISOString();
