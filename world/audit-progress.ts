import { type Check, groups, hours, type View } from './audit-view.ts';

/** How much later than planned something may happen before it counts as standing still. */
const graceMs = hours(2);

/** I12: what has ended stays ended, unless a person says otherwise. */
export const onlyForward: Check = ({ books }, say) => {
  const ends: Record<string, RegExp> = {
    order: /^order\.(closed|cancelled)$/,
    purchase: /^purchase\.(closed|cancelled)$/,
    parcel: /^parcel\.returned$/,
  };
  const goesOn: Record<string, RegExp> = {
    order: /^order\.(accepted|routed|in_fulfilment)$/,
    purchase: /^purchase\.(drafted|sent|acknowledged|unknown)$/,
    parcel: /^parcel\.(?!returned|created)/,
  };
  for (const [subject, facts] of groups(inOrder(books.facts), ({ subject_id }) => subject_id)) {
    let ended = '';
    for (const { type, subject_kind, actor } of facts) {
      if (ends[subject_kind]?.test(type)) ended = type;
      else if (ended !== '' && actor.startsWith('person')) ended = '';
      else if (ended !== '' && goesOn[subject_kind]?.test(type))
        say('I12', `${subject_kind} ${subject}: ${type} came after ${ended}, and no person had a hand in it`);
    }
  }
  for (const [parcel, facts] of groups(
    inOrder(books.facts).filter(({ type }) => type.startsWith('parcel.')),
    ({ subject_id }) => subject_id,
  )) {
    const delivered = facts.findIndex(({ type }) => type === 'parcel.delivered');
    const later =
      delivered < 0
        ? undefined
        : facts.slice(delivered + 1).find(({ type }) => !['parcel.delivered', 'parcel.returned', 'parcel.returning'].includes(type));
    if (later !== undefined) say('I12', `parcel ${parcel}: ${later.type} came after parcel.delivered`);
  }
};

const inOrder = (facts: View['books']['facts']): View['books']['facts'] =>
  [...facts].sort((one, other) =>
    one.number !== null && other.number !== null
      ? Number(one.number - other.number)
      : one.number === other.number
        ? 0
        : one.number === null
          ? 1
          : -1,
  );

/** I13: whatever failed is in front of a person, with a clock and something to do about it. */
export const everyFailureIsSeen: Check = ({ books, open, told, orderById }, say) => {
  for (const { id, number, state } of books.orders)
    if (state === 'held' && !told(id)) say('I13', `order ${number} is held, and no open exception says so`);
  for (const { id, number, transmission, due_at, order_id } of books.purchases) {
    const stuck = transmission === 'failed' || (transmission === 'unknown' && due_at === null);
    if (stuck && !told(id) && !['closed', 'cancelled'].includes(orderById.get(order_id)?.state ?? ''))
      say('I13', `${number} is ${transmission}, and no open exception says so`);
  }
  const others = [
    ['change', books.changes],
    ['message', books.messages],
    ['report', books.reports],
  ] as const;
  for (const [kind, rows] of others) {
    for (const { id, state, due_at } of rows) {
      // A mail that was taken without an answer counts as sent, unconfirmed: it is not said twice, and nobody can do more about it.
      const stuck = state === 'failed' || (kind !== 'message' && state === 'unknown' && due_at === null);
      if (stuck && !told(id)) say('I13', `${kind} ${id} is ${state}, and no open exception says so`);
    }
  }
  for (const { id, source, object, state } of books.arrivals)
    if (state === 'refused' && !told(id)) say('I13', `what ${source} sent about "${object}" was refused, and no open exception says so`);
  for (const { title, due_at, fixes } of open) {
    if (due_at === null) say('I13', `exception "${title}" has no clock`);
    if (fixes.length === 0) say('I13', `exception "${title}" proposes nothing to do`);
  }
};

/** I17: the facts are numbered without a gap, and their chain holds. */
export const historyHolds: Check = ({ books, quiet }, say) => {
  const { holds, why, last_number: last } = books.chain;
  if (!holds) say('I17', `the chain of facts does not hold: ${why}`);
  const numbers = books.facts
    .flatMap(({ number }) => (number === null ? [] : [number]))
    .sort((one, other) => (one < other ? -1 : one > other ? 1 : 0));
  let expected = 1n;
  for (const number of numbers) {
    if (number !== expected)
      return say(
        'I17',
        number < expected ? `fact number ${number} was given twice` : `fact number ${expected} is missing; ${number} comes next`,
      );
    expected += 1n;
  }
  if (last !== expected - 1n) say('I17', `the chain says that fact ${last} is the last, the last one there is ${expected - 1n}`);
  const unsealed = books.facts.length - numbers.length;
  if (quiet && unsealed > 0) say('I17', `${unsealed} facts are not sealed into the chain`);
};

/** I18: when all faults are over, everything has ended, waits for its own clock, or is in front of a person. */
export const nothingStandsStill: Check = ({ books, quiet, at, told, purchasesOf }, say) => {
  if (!quiet) return;
  const late = (due: { epochMilliseconds: number } | null): boolean => due !== null && due.epochMilliseconds < at - graceMs;
  for (const { id, number, state, due_at } of books.orders) {
    if (['closed', 'cancelled'].includes(state) || told(id)) continue;
    const watched = (purchasesOf.get(id) ?? []).some(
      ({ due_at: due, transmission }) => due !== null && !['closed', 'cancelled'].includes(transmission),
    );
    if (late(due_at)) say('I18', `order ${number} is ${state} and was due at ${String(due_at)}`);
    else if (due_at === null && !watched && !parcelsGo(books, id))
      say('I18', `order ${number} is ${state}, nothing will move it, and no exception says so`);
  }
  for (const { id, number, transmission, due_at, order_id } of books.purchases) {
    if (['closed', 'cancelled', 'failed'].includes(transmission) || told(id, order_id)) continue;
    if (late(due_at)) say('I18', `${number} is ${transmission} and was due at ${String(due_at)}`);
    else if (due_at === null) say('I18', `${number} is ${transmission}, nothing will move it, and no exception says so`);
  }
  const rest = [
    ['change', books.changes, ['accepted', 'refused', 'failed']],
    ['message', books.messages, ['sent', 'unknown', 'suppressed', 'failed']],
    ['report', books.reports, ['sent', 'failed']],
    ['arrival', books.arrivals, ['read', 'refused']],
  ] as const;
  for (const [kind, rows, final] of rest) {
    for (const row of rows) {
      const { id, state, due_at } = row;
      // A cancellation waits with its purchase order, while nobody knows whether that one arrived.
      if ((final as readonly string[]).includes(state) || told(id, 'purchase_id' in row ? row.purchase_id : null)) continue;
      if (due_at === null || late(due_at))
        say('I18', `${kind} ${id} is ${state}, ${due_at === null ? 'nothing will move it' : `and was due at ${String(due_at)}`}`);
    }
  }
  for (const { id, carrier, number, milestone, due_at, order_id } of books.parcels) {
    if (['delivered', 'returned', 'lost'].includes(milestone) || told(id, order_id)) continue;
    if (due_at === null || late(due_at)) say('I18', `parcel ${carrier} ${number} is ${milestone} and nobody asks about it any more`);
  }
};

const parcelsGo = (books: View['books'], order: string): boolean =>
  books.parcels.some(({ order_id, due_at }) => order_id === order && due_at !== null);
