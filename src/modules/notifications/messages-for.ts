import { textOf } from '#kernel/text';
import type { Meaning, MessageData, Wish } from './words.ts';

/** A fact as the reactions see it. */
export interface Said {
  type: string;
  subject: { kind: string; id: string };
  order: string | null;
  data: Readonly<Record<string, unknown>>;
}

/** What has to be known to write about them: one question per kind for the whole set. Ids are the keys. */
export interface MessageContext {
  orders: ReadonlyMap<
    string,
    {
      number: string;
      email: string;
      customer_name: string;
      promised_at?: Temporal.Instant | null;
      is_test?: boolean;
      lines?: readonly { title: string; quantity: number }[];
    }
  >;
  parcels: ReadonlyMap<
    string,
    {
      carrier: string;
      number: string;
      expected_at?: Temporal.Instant | null;
      nth: number;
      of: number;
      items: readonly { title: string; quantity: number }[];
    }
  >;
  /** Only for reminders: whom at the supplier to write to, and how often it was done. */
  purchases?: ReadonlyMap<
    string,
    {
      number: string;
      supplier_name: string;
      supplier_email: string;
      reminded: number;
      link?: string;
      items?: readonly { title: string; quantity: number }[];
    }
  >;
}

/** Sent on evidence of a carrier: a label alone would lead to an empty tracking page. */
const meaningOf: Readonly<Record<string, Meaning>> = {
  'order.accepted': 'order.confirmed',
  'order.cancelled': 'order.cancelled',
  'order.delayed': 'order.delayed',
  'parcel.delayed': 'order.delayed',
  'parcel.picked_up': 'parcel.shipped',
  'parcel.in_transit': 'parcel.shipped',
  'parcel.out_for_delivery': 'parcel.out_for_delivery',
  'parcel.attempt_failed': 'parcel.attempt_failed',
  'parcel.ready_for_pickup': 'parcel.ready_for_pickup',
  'parcel.delivered': 'parcel.delivered',
  'purchase.answered': 'line.backordered',
  'purchase.reminded': 'purchase.reminder',
};

/**
 * Who should hear what of a set of facts. A meaning comes up once per subject; what is overtaken within the same set (out for
 * delivery, when the parcel has been delivered) is wished for as suppressed, so that its silence has a reason on record.
 */
export function messagesFor(facts: readonly Said[], context: MessageContext): Wish[] {
  const delivered = new Set(facts.filter(({ type }) => type === 'parcel.delivered').map(({ subject }) => subject.id));
  const wishes = new Map<string, Wish>();
  for (const fact of facts) {
    const meaning = meaningOf[fact.type];
    if (!meaning) continue;
    const wish = meaning === 'purchase.reminder' ? reminder(fact, context) : forShopper(fact, meaning, context);
    if (!wish) continue;
    if (delivered.has(wish.subjectId) && meaning !== 'parcel.delivered') wish.suppress = 'It was delivered meanwhile.';
    const key = `${wish.subjectId} ${meaning} ${wish.nth ?? 1}`;
    if (!wishes.has(key)) wishes.set(key, wish);
  }
  return [...wishes.values()];
}

function forShopper(fact: Said, meaning: Meaning, context: MessageContext): Wish | null {
  const order = fact.order ? context.orders.get(fact.order) : undefined;
  if (!fact.order || !order) return null;
  const isParcel = fact.subject.kind === 'parcel';
  const parcel = isParcel ? context.parcels.get(fact.subject.id) : undefined;
  // Its number was corrected meanwhile: the parcel that took its place speaks for it.
  if (isParcel && !parcel) return null;
  const backordered = meaning === 'line.backordered' ? backorderedLines(fact) : null;
  if (backordered?.length === 0) return null;
  const data: MessageData = {
    orderNumber: order.number,
    customerName: order.customer_name,
    ...(parcel ? { carrier: parcel.carrier, trackingNumber: parcel.number, nth: parcel.nth, of: parcel.of } : {}),
    items: backordered ?? parcel?.items ?? order.lines ?? [],
    ...dated(parcel?.expected_at ?? order.promised_at),
    ...(typeof fact.data['place'] === 'string' ? { place: fact.data['place'] } : {}),
  };
  return {
    orderId: fact.order,
    // The shopper hears of a delay once per order, however many parcels are late.
    subjectId: meaning === 'order.delayed' ? fact.order : fact.subject.id,
    meaning,
    address: order.email,
    data,
    ...(order.is_test ? { suppress: 'It is a test order.' } : {}),
  };
}

const dated = (at: Temporal.Instant | null | undefined): { expectedAt?: string } => (at ? { expectedAt: at.toString() } : {});

function backorderedLines(fact: Said): { title: string; quantity: number }[] {
  const lines = Array.isArray(fact.data['lines']) ? (fact.data['lines'] as Record<string, unknown>[]) : [];
  return lines
    .filter(({ response }) => response === 'backordered')
    .map(({ title, sku, quantity }) => ({ title: textOf(title, textOf(sku)), quantity: Number(quantity ?? 0) }));
}

function reminder(fact: Said, context: MessageContext): Wish | null {
  const purchase = context.purchases?.get(fact.subject.id);
  if (!purchase) return null;
  return {
    orderId: fact.order,
    subjectId: fact.subject.id,
    meaning: 'purchase.reminder',
    nth: Math.max(1, purchase.reminded),
    address: purchase.supplier_email,
    data: {
      orderNumber: '',
      purchaseNumber: purchase.number,
      supplierName: purchase.supplier_name,
      items: purchase.items ?? [],
      ...(purchase.link ? { link: purchase.link } : {}),
    },
  };
}
