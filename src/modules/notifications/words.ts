import type { Brand } from '#kernel/brand';
import type { Instant } from '#kernel/time';

/**
 * What a message means to who reads it; one meaning about one subject is said once to one address. `purchase.reminder` goes to a
 * supplier, and its second time is a meaning of its own (`purchase.reminder:2`).
 */
export const meanings = [
  'order.confirmed',
  'order.delayed',
  'order.cancelled',
  'line.backordered',
  'parcel.shipped',
  'parcel.out_for_delivery',
  'parcel.attempt_failed',
  'parcel.ready_for_pickup',
  'parcel.delivered',
  'purchase.reminder',
] as const;
export type Meaning = (typeof meanings)[number];

export type MessageState = 'queued' | 'sending' | 'sent' | 'unknown' | 'suppressed' | 'failed';

/**
 * How doubt ends. A mail server that took a mail and did not answer may have delivered it, and nobody can be asked. A second copy
 * tells a shopper that something is wrong; a missing one is made good by the next message and by the tracking page, which always
 * tells the truth. So `unknown` is final: nothing is due any more and the message counts as said. `why_not` and the fact
 * (`message.sent` with `confirmed: false`) say that nobody confirmed it, and no person is troubled for one mail.
 */
export interface Sent {
  outcome: 'sent' | 'unconfirmed' | 'too_late';
  /** The mail server's own name of it, or ''. */
  reference: string;
  /** Why it was not sent, or not confirmed; '' when it was. */
  why: string;
}

export interface Message {
  id: string;
  order_id: string | null;
  subject_id: string;
  meaning: string;
  address: string;
  state: MessageState;
  due_at: Instant | null;
  subject: string;
  body_text: string;
  body_html: string;
  created_at: Instant;
  /** When this copy was read from the database, so that a mail too old to be useful is not sent. */
  loaded_at: Instant;
  brand: Brand;
}

/** What a template may name. All text is untrusted; amounts and dates are text for people already. */
export interface MessageData {
  orderNumber: string;
  customerName?: string;
  /** What this message is about: of this parcel, of these lines. */
  items?: readonly { title: string; quantity: number }[];
  carrier?: string;
  trackingNumber?: string;
  place?: string;
  /** Which parcel of how many, when there are several. */
  nth?: number;
  of?: number;
  /** An ISO instant, shown as a date. */
  expectedAt?: string;
  because?: string;
  /** Reminders to suppliers only. */
  purchaseNumber?: string;
  supplierName?: string;
  /** Overrides the order's tracking link: a supplier gets the link to its own page. */
  link?: string;
}

/** A message that somebody should get. */
export interface Wish {
  orderId: string | null;
  /** The order, parcel or purchase order it speaks of. */
  subjectId: string;
  meaning: Meaning;
  /** Which time it is said about this subject; left out: the first, and then never again. */
  nth?: number;
  address: string;
  data: MessageData;
  /** Why it should not be said, known already when it was wished for: kept with the message. */
  suppress?: string;
}

/** What `want` needs of the installation. */
export interface Voice {
  /** The address of the shopper's tracking page. */
  trackingUrl(orderId: string): string;
  /** The tenant only watches what the program would do: messages are kept and not sent. */
  observe?: boolean;
}

export interface WishedMessage {
  id: string;
  order_id: string | null;
  subject_id: string;
  meaning: string;
  state: 'queued' | 'suppressed';
}
