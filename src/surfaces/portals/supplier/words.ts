import type { Instant } from '#kernel/time';
import type { LinkedPurchase } from '#modules/insight';
import type { PortalAnswer } from './said.ts';

type Line = LinkedPurchase['lines'][number];

export const dayOf = (at: Instant): string =>
  at.toLocaleString('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
export const clockOf = (at: Instant): string =>
  `${at.toLocaleString('en-GB', { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', timeZone: 'UTC' })} UTC`;

/** What an answer says, in sentences for who gave it. */
export function sentences(answer: PortalAnswer, purchase: LinkedPurchase): string[] {
  const nameOf = (position: number | undefined): string => {
    const line = purchase.lines.find((one) => one.position === position);
    return line ? `${line.supplier_sku} (line ${line.position})` : `line ${position}`;
  };
  return answer.said.flatMap((said): string[] => {
    if (said.what === 'shipment') {
      return said.parcels.map(
        ({ carrier, number, lines }) =>
          `On its way: ${carrier} ${number} with ${lines.map(({ position, quantity }) => `${quantity} × ${nameOf(position)}`).join(', ')}.`,
      );
    }
    const why = said.reason ? ` Reason: ${said.reason}.` : '';
    if (said.all === 'accepted') return ['Everything that is ordered is confirmed.'];
    if (said.all === 'rejected') return [`The whole order is rejected.${why}`];
    return said.lines.map(({ position, response, quantity = 0, expectedAt, reason }) => {
      const ordered = purchase.lines.find((one) => one.position === position)?.quantity ?? quantity;
      const units =
        response === 'rejected'
          ? `none of ${ordered}`
          : response === 'short'
            ? `${quantity} of ${ordered}, the rest not`
            : response === 'backordered'
              ? `all ${ordered}, but not all at once or not yet`
              : `all ${ordered}`;
      return `${nameOf(position)}: ${units}${expectedAt ? `, by ${dayOf(expectedAt)}` : ''}.${reason ? ` Reason: ${reason}.` : ''}`;
    });
  });
}

/** Where a line stands by what was said of it before; '' when nothing was. */
export function standing({ quantity, response, accepted, refused, shipped, expected_at }: Line): string {
  const parts = [
    response === 'backordered'
      ? `waits for stock${expected_at ? ` until ${dayOf(expected_at)}` : ''}`
      : accepted > 0
        ? `${accepted === quantity ? 'all' : accepted} confirmed${expected_at ? ` for ${dayOf(expected_at)}` : ''}`
        : '',
    response === 'substituted' || response === 'repriced' ? 'you offered a change, which is being looked at' : '',
    refused > 0 ? `${refused === quantity ? 'all' : refused} declined or cancelled` : '',
    shipped > 0 ? `${shipped} on the way` : '',
  ].filter((part) => part !== '');
  return parts.join(', ');
}

/** What an answer changes, line by line: before and now. Lines it says nothing of, or the same again, are left out. */
export function changes(answer: PortalAnswer, purchase: LinkedPurchase): { name: string; before: string; now: string }[] {
  const [said] = answer.said;
  if (said?.what !== 'acknowledgement') return [];
  return purchase.lines.flatMap((line) => {
    const own = said.all
      ? { response: said.all, quantity: said.all === 'accepted' ? line.quantity : 0 }
      : said.lines.find(({ position }) => position === line.position);
    const before = standing(line);
    if (!own || before === '') return [];
    // What was declined may be with another supplier by now, and what is on its way cannot be called back.
    const possible = line.quantity - line.refused;
    const wanted = own.response === 'backordered' ? 0 : (own.quantity ?? line.quantity);
    const units = Math.max(line.shipped, Math.min(wanted, possible));
    const now =
      own.response === 'backordered'
        ? 'waits for stock'
        : units === 0
          ? 'all declined'
          : `${units === line.quantity ? 'all' : units} confirmed${units < line.quantity ? `, ${line.quantity - units} declined` : ''}`;
    return before === now ? [] : [{ name: `${line.supplier_sku} (line ${line.position})`, before, now }];
  });
}
