import { type Check, groups, hours, sums } from './audit-view.ts';
import type { SeenParcel } from './memory.ts';

/** I10: nobody hears the same thing twice. */
export const heardOnce: Check = ({ memory, books }, say) => {
  const mails = groups(
    memory.mails.filter(({ subject }) => !/^purchase order/i.test(subject)),
    ({ to, key }) => `${to} ${key}`,
  );
  for (const same of mails.values())
    if (same.length > 1) say('I10', `${same[0]?.to} got "${same[0]?.subject}" ${same.length} times under the key ${same[0]?.key}`);
  const rows = sums(
    books.messages,
    ({ subject_id, meaning, channel, address }) => `${meaning} of ${subject_id} to ${address} by ${channel}`,
    () => 1,
  );
  for (const [name, count] of rows) if (count > 1) say('I10', `${name} is in the books ${count} times`);
  const meant = sums(
    books.messages.filter(({ state }) => state !== 'suppressed'),
    ({ address }) => address.toLowerCase(),
    () => 1,
  );
  for (const [address, count] of sums(
    memory.mails.filter(({ audience }) => audience === 'shopper'),
    ({ to }) => to,
    () => 1,
  )) {
    if (count > (meant.get(address) ?? 0))
      say('I16', `${address} got ${count} mails, and the books have ${meant.get(address) ?? 0} messages for that address`);
  }
};

/** I11: of every parcel that moves its shopper heard, or the books say why not, or a person knows. */
export const everybodyHeard: Check = ({ memory, books, told, quiet, at }, say) => {
  if (!quiet) return;
  const bySubject = groups(books.messages, ({ subject_id }) => subject_id);
  const byOrder = groups(books.messages, ({ order_id }) => order_id ?? '');
  for (const parcel of books.parcels) {
    const seen = memory.parcels[`${parcel.carrier}/${parcel.number}`];
    if (
      seen === undefined ||
      !seen.scans.some(({ code, shownAt }) => code === 'picked_up' && shownAt < at - hours(24)) ||
      told(parcel.id, parcel.order_id)
    )
      continue;
    const notices = [
      ...(bySubject.get(parcel.id) ?? []),
      ...(byOrder.get(parcel.order_id) ?? []).filter(({ meaning }) => /ship/.test(meaning)),
    ];
    if (!notices.some(({ state }) => ['sent', 'unknown', 'suppressed'].includes(state)))
      say('I11', `nobody was told of parcel ${parcel.carrier} ${parcel.number}, and no message in the books says why not`);
  }
  const arrived = sums(
    memory.mails,
    ({ to }) => to,
    () => 1,
  );
  const sent = sums(
    books.messages.filter(({ state, channel }) => state === 'sent' && channel === 'email'),
    ({ address }) => address.toLowerCase(),
    () => 1,
  );
  for (const [address, count] of sent) {
    if ((arrived.get(address) ?? 0) < count)
      say('I11', `the books say that ${count} messages were sent to ${address}; ${arrived.get(address) ?? 0} arrived`);
  }
};

/** I20: what is said of a parcel is said of this one. */
export const tracksTheRightParcel: Check = ({ memory, books, purchaseById, quiet, at, told }, say) => {
  const events = groups(books.parcelEvents, ({ parcel_id }) => parcel_id);
  for (const parcel of books.parcels) {
    const name = `${parcel.carrier} ${parcel.number}`;
    const seen = memory.parcels[`${parcel.carrier}/${parcel.number}`];
    const purchase = purchaseById.get(parcel.purchase_id);
    if (seen === undefined) {
      say('I20', `parcel ${name} is in the books, and no carrier was ever given it`);
      continue;
    }
    if (purchase?.number !== seen.purchase)
      say('I20', `parcel ${name} stands under ${purchase?.number ?? 'nothing'} in the books and was sent for ${seen.purchase}`);
    for (const event of events.get(parcel.id) ?? []) {
      const early = event.set_aside === '' && seen.labelAt - event.at.epochMilliseconds > hours(24 + 24);
      if (early) say('I20', `parcel ${name}: "${event.milestone}" at ${event.at.toString()} lies before its label and is believed`);
    }
    const truth = endOf(seen, at);
    if (['delivered', 'returned', 'lost'].includes(parcel.milestone) && parcel.milestone !== truth)
      say('I20', `parcel ${name} is ${parcel.milestone} in the books and ${truth ?? 'on its way'} in truth`);
    const known = endOf(seen, at - hours(48));
    if (quiet && known !== null && known === truth && parcel.milestone !== known && !told(parcel.id, parcel.order_id)) {
      say('I14', `parcel ${name} is ${parcel.milestone} in the books, though its carrier says ${known} for two days`);
    }
  }
};

/** How the journey ended by then, as far as the carrier shows it; null while it goes on. */
function endOf({ scans, labelAt }: SeenParcel, by: number): string | null {
  const shown = scans.filter(({ at, shownAt }) => shownAt <= by && at >= labelAt - hours(48));
  return shown.findLast(({ code }) => code === 'delivered' || code === 'returned' || code === 'lost')?.code ?? null;
}
