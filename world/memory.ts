/**
 * What the outside saw, and never forgets: orders shoppers placed, purchase orders suppliers took, parcels handed over, mails in
 * mailboxes. The program never sees it; the auditor holds the program's books against it. Times are epoch milliseconds, so that
 * the whole of it can be saved as JSON.
 */
export interface Memory {
  /** By `channel/id`. */
  orders: Record<string, SeenOrder>;
  /** Pairs of `channel/id` that are one basket sent twice by the store. */
  twins: [string, string][];
  /** By `supplier/number`. */
  purchases: Record<string, SeenPurchase>;
  cancels: { supplier: string; number: string; at: number; outcome: 'accepted' | 'refused' | 'unknown-order' }[];
  fulfilments: SeenFulfilment[];
  mails: SeenMail[];
  /** By `carrier/number`. */
  parcels: Record<string, SeenParcel>;
  /** What stores were told last, by `channel/sku`; amounts in cents. */
  shown: Record<string, { quantity: number; price: number; at: number }>;
  /** What a store was told that no supplier had said. */
  wronged: { channel: string; sku: string; at: number; what: string }[];
  /** What was all but emptied in a store although a supplier of it has plenty. */
  zeroed: { channel: string; sku: string; at: number }[];
}

export interface SeenOrder {
  channel: string;
  id: string;
  number: string;
  placedAt: number;
  updatedAt: number;
  /** When it was first paid or authorised; null while it is pending. */
  paidAt: number | null;
  cancelledAt: number | null;
  payment: string;
  test: boolean;
  country: string;
  postcode: string;
  currency: string;
  totalMinor: number;
  /** `price` and `worth` of one unit: what the shopper pays after discount, and the least that any supplier asks. */
  lines: { id: string; sku: string; quantity: number; cancelled: number; price?: number; worth?: number }[];
}

export interface SeenPurchase {
  supplier: string;
  number: string;
  version: number;
  reference: string;
  /** When each acceptance took effect: more than one is a purchase order that was sent twice. */
  acceptedAt: number[];
  /** Tries that the supplier knew again and did not act on. */
  repeats: number;
  refused: string;
  lines: { line: number; sku: string; quantity: number }[];
  /** The supplier's last word on each line of the first acceptance. */
  said: { line: number; response: string; quantity: number }[];
  country: string;
}

export interface SeenFulfilment {
  channel: string;
  order: string;
  id: string;
  key: string;
  carrier: string;
  trackingNumber: string;
  at: number;
}

export interface SeenMail {
  key: string;
  to: string;
  subject: string;
  at: number;
  /** Delivered into the mailbox; the sender may not have heard so. */
  answerLost: boolean;
  audience: 'shopper' | 'supplier' | 'other';
}

export interface SeenParcel {
  carrier: string;
  number: string;
  supplier: string;
  purchase: string;
  labelAt: number;
  lines: { line: number; sku: string; quantity: number }[];
  to: { city: string; country: string };
  from: { city: string; country: string };
  /** All of its journey, past and to come. */
  scans: Scan[];
}

export interface Scan {
  at: number;
  /** When the carrier's interface shows it. */
  shownAt: number;
  code: string;
  text: string;
  place: string;
  country: string;
}

export const emptyMemory = (): Memory => ({
  orders: {},
  twins: [],
  purchases: {},
  cancels: [],
  fulfilments: [],
  mails: [],
  parcels: {},
  shown: {},
  wronged: [],
  zeroed: [],
});
