import { appendFacts } from '#modules/audit';
import { lookAtStanding, variantsTouched } from '#modules/catalog';
import { wantReports } from '#modules/channels';
import { addDoors } from '#modules/identity';
import { ordersForMessages, parcelLinesForStores, purchasesForMessages } from '#modules/insight';
import { messagesFor, want } from '#modules/notifications';
import { touch, variantsOrdered } from '#modules/orders';
import { parcelsFor } from '#modules/shipping';
import { after } from '#kernel/time';
import { textOf } from '#kernel/text';
import type { Tx } from '#platform/db';
import { type NewFact, wake } from '#platform/work';
import type { Given } from './far.ts';

type Fact = NewFact & { actor: string };

/** What follows from which fact, all of it. Each takes the whole set of its facts, in the transaction of the change. */
const reactions: readonly { on: (type: string) => boolean; react: (tx: Tx, facts: readonly Fact[], given: Given) => Promise<void> }[] = [
  { on: (type) => type === 'purchase.drafted', react: openSupplierLinks },
  { on: (type) => type === 'parcel.created', react: openTrackingLinks },
  { on: (type) => type === 'parcel.created', react: reportToStores },
  { on: (type) => type.startsWith('parcel.') || type.startsWith('change.'), react: lookAtOrders },
  { on: (type) => takesStock.has(type), react: countOrdered },
  { on: (type) => /^person\..*_supplier$/.test(type), react: lookAtSuppliers },
  { on: (type) => messaged.has(type), react: tellShoppers },
];

const messaged = new Set([
  'order.cancelled',
  'order.delayed',
  'parcel.delayed',
  'parcel.picked_up',
  'parcel.in_transit',
  'parcel.out_for_delivery',
  'parcel.attempt_failed',
  'parcel.ready_for_pickup',
  'parcel.delivered',
  'purchase.answered',
  'purchase.reminded',
]);

/** What an order that has no supplier yet takes from the shelf, or gives back to it. What suppliers are asked for, offers know. */
const takesStock = new Set(['order.received', 'order.changed', 'order.cancelled']);

/** Writes facts and does what follows from them. */
export async function tell(tx: Tx, given: Given, facts: readonly Fact[]): Promise<void> {
  if (facts.length === 0) return;
  await appendFacts(tx, facts);
  for (const { on, react } of reactions) {
    const meant = facts.filter(({ type }) => on(type));
    if (meant.length > 0) await react(tx, meant, given);
  }
}

const linkDays = 180;

/** Suppliers who are written to answer on a page: its door must be there before the mail is. */
async function openSupplierLinks(tx: Tx, facts: readonly Fact[], given: Given): Promise<void> {
  const mailed = facts.filter(({ data }) => data?.['transport'] === 'email');
  await addDoors(
    tx,
    mailed.map(({ subject, data }) => ({
      hash: given.supplierToken(subject.id).hash,
      tenant: tx.tenant,
      purpose: 'supplier-link' as const,
      subject: subject.id,
      scope: { supplier: data?.['supplier_id'] },
      expires: after(tx.now, { days: linkDays }),
    })),
    tx.now,
  );
}

async function openTrackingLinks(tx: Tx, facts: readonly Fact[], given: Given): Promise<void> {
  const orders = [...new Set(facts.flatMap(({ order }) => (order ? [order] : [])))];
  await openTracking(tx, given, orders);
}

/** The doors of these orders' tracking pages; one that is open already stays. */
export async function openTracking(tx: Tx, given: Pick<Given, 'trackingToken'>, orders: readonly string[]): Promise<void> {
  await addDoors(
    tx,
    orders.map((order) => ({
      hash: given.trackingToken(order).hash,
      tenant: tx.tenant,
      purpose: 'tracking-link' as const,
      subject: order,
      scope: {},
      expires: after(tx.now, { days: linkDays * 2 }),
    })),
    tx.now,
  );
}

async function reportToStores(tx: Tx, facts: readonly Fact[]): Promise<void> {
  const parcels = facts.map(({ subject }) => subject.id);
  const orders = await ordersForMessages(tx, [...new Set(facts.flatMap(({ order }) => (order ? [order] : [])))]);
  const lines = await parcelLinesForStores(tx, parcels);
  await wantReports(
    tx,
    facts.flatMap(({ subject, order, data }) => {
      const ours = orders.get(order ?? '');
      return ours && lines.has(subject.id)
        ? [
            {
              channel_id: ours.channel_id,
              order_id: ours.id,
              order_external_id: ours.external_id,
              order_number: ours.number,
              parcel_id: subject.id,
              carrier: textOf(data?.['carrier']),
              number: textOf(data?.['number']),
              lines: lines.get(subject.id) ?? [],
            },
          ]
        : [];
    }),
  );
}

async function lookAtOrders(tx: Tx, facts: readonly Fact[]): Promise<void> {
  await touch(tx, [...new Set(facts.flatMap(({ order }) => (order ? [order] : [])))]);
}

async function countOrdered(tx: Tx, facts: readonly Fact[]): Promise<void> {
  const orders = [...new Set(facts.map(({ subject }) => subject.id))];
  await variantsTouched(tx, { of: await variantsOrdered(tx, orders), costs: false });
}

async function lookAtSuppliers(tx: Tx, facts: readonly Fact[]): Promise<void> {
  await lookAtStanding(tx, [...new Set(facts.map(({ subject }) => subject.id))]);
}

async function tellShoppers(tx: Tx, facts: readonly Fact[], given: Given): Promise<void> {
  const idsOf = (kind: string): string[] => [...new Set(facts.flatMap(({ subject }) => (subject.kind === kind ? [subject.id] : [])))];
  const orders = await ordersForMessages(tx, [...new Set(facts.flatMap(({ order }) => (order ? [order] : [])))]);
  const parcels = new Map((await parcelsFor(tx, idsOf('parcel'))).map((one) => [one.id, one]));
  const purchases = new Map(
    [...(await purchasesForMessages(tx, idsOf('purchase')))].map(([id, one]) => [
      id,
      { ...one, link: one.transport === 'email' ? given.supplierUrl(id) : '' },
    ]),
  );
  const wishes = messagesFor(
    facts.map(({ type, subject, order, data }) => ({ type, subject, order: order ?? null, data: data ?? {} })),
    { orders, parcels, purchases },
  );
  await want(tx, wishes, { trackingUrl: given.trackingUrl });
  if (wishes.length > 0) wake(tx, 'message');
}
