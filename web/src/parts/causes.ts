import { reasonOf } from './facts.ts';
import { counted } from './format.ts';

/** What a group of exceptions has in common, said once: the API's title is that of the oldest one. Pure. */
export interface Caused {
  kind: string;
  cause: string;
  title: string;
  count: number;
  supplier?: { name: string } | null;
  channel?: { name: string } | null;
}

const orders = (count: number): string => counted(count, 'order');
const purchases = (count: number): string => counted(count, 'purchase order');

type Say = (count: number, who: string, cause: string) => string;
/** Those that name a supplier are only said when it is known. */
const bySupplier: Record<string, Say> = {
  supplier_rejected: (count, who) => `${who} rejected ${purchases(count)}`,
  supplier_changed: (count, who) => `${who} changed ${purchases(count)}`,
  purchase_unconfirmed: (count, who) => `Nobody knows whether ${who} has ${purchases(count)}`,
  purchase_failed: (count, who) => `${who} did not take ${purchases(count)}`,
  purchase_not_acknowledged: (count, who) => `${who} has not answered ${purchases(count)}`,
  purchase_not_shipped: (count, who) => `${who} has not shipped ${purchases(count)}`,
  late_acceptance: (count, who) => `${who} accepted ${purchases(count)} too late`,
  cancel_refused: (count, who) => `${who} refused ${counted(count, 'cancellation')}`,
  answer_unmatched: (count, who) => `${counted(count, 'answer')} of ${who} match no purchase order`,
};
const byItself: Record<string, Say> = {
  order_unroutable: (count) => `${orders(count)} find no supplier`,
  hold: (count, _who, cause) => `${orders(count)} are held: ${reasonOf(cause.split(':')[1] ?? '')}`,
  order_changed_late: (count) => `${orders(count)} were changed in the shop after they had gone to suppliers`,
  arrival_refused: (count, who) => `${counted(count, 'document')}${who ? ` of ${who}` : ''} could not be read`,
  parcel_stuck: (count) => `${counted(count, 'parcel')} have not been scanned for days`,
  parcel_lost: (count) => `${counted(count, 'parcel')} are lost`,
  message_failed: (count) => `${counted(count, 'message')} could not be sent`,
};

export function causeTitle({ kind, cause, title, count, supplier, channel }: Caused): string {
  if (count < 2) return title;
  const who = supplier?.name ?? channel?.name ?? '';
  const said = byItself[kind] ?? (supplier ? bySupplier[kind] : undefined);
  return said ? said(count, who, cause) : `${title.replace(/\.$/, '')}, and ${count - 1} more like it`;
}
