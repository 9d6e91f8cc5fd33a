import { type Check, sums } from './audit-view.ts';

/** So many listings may be emptied within an hour by chance. */
const mostEmptied = 4;

/** I4, as far as stores go: no store was ever told of more than suppliers had said. */
export const nothingInvented: Check = ({ memory }, say) => {
  for (const { channel, sku, at, what } of memory.wronged)
    say('I4', `${channel} was told of ${sku} at ${new Date(at).toISOString()}: ${what}`);
};

/** I19: no list of a supplier emptied a shop or had something sold for less than anybody asks for it. */
export const shopKept: Check = ({ memory }, say) => {
  const emptied = sums(
    memory.zeroed,
    ({ channel, at }) => `${channel} in the hour of ${new Date(at).toISOString().slice(0, 13)}:00`,
    () => 1,
  );
  for (const [where, count] of emptied)
    if (count > mostEmptied) say('I19', `${count} listings of ${where} were emptied while suppliers had plenty`);
  for (const order of Object.values(memory.orders)) {
    for (const { sku, price, worth } of order.lines) {
      if (price !== undefined && worth !== undefined && worth > 0 && price < worth)
        say('I19', `${order.number}: ${sku} was sold for ${price} and costs ${worth} at least`);
    }
  }
};

/** I14, as far as stores go: at rest every store shows what it should, and we know what that is. */
export const agreesWithShelves: Check = ({ memory, books, quiet }, say) => {
  if (!quiet) return;
  for (const { channel, sku, want_quantity, quantity, stale_since, trouble, kind } of books.listings) {
    if (kind === 'csv' || trouble !== '') continue;
    const shown = memory.shown[`${channel}/${sku}`];
    if (stale_since !== null) say('I14', `${channel} was not told that it has ${want_quantity} of ${sku}`);
    else if (shown && shown.quantity !== quantity) say('I14', `${channel} was told ${shown.quantity} of ${sku}, the books say ${quantity}`);
    else if (quantity !== want_quantity) say('I14', `${channel} shows ${quantity} of ${sku} and should show ${want_quantity}`);
  }
};
