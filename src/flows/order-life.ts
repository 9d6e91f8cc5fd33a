/**
 * An order's whole life, top to bottom: it arrives, is screened, routed and ordered from suppliers; they answer and ship, parcels
 * travel, the shopper and the store hear of it, and it is closed. Each step says from which state it takes things, where they may go
 * and who decides.
 */
import { reserve } from '#modules/catalog';
import {
  channel,
  decidePolled as decideChannelPolled,
  decidePollFailed as decideChannelPollFailed,
  decideReported,
  decideReportRefused,
  recordPolled as recordChannelPolled,
  report,
  reportDoubtful,
  reportKey,
  reportMisconfigured,
} from '#modules/channels';
import { progressOf } from '#modules/insight';
import {
  decideRefused as decideMessageRefused,
  decideSent,
  doubtful as messageDoubtful,
  message,
  misconfigured as messageMisconfigured,
  recordSent,
  sendMail,
  whatBecameOf as whatBecameOfMail,
} from '#modules/notifications';
import { resolve } from '#modules/exceptions';
import { decideFollow, decideHeld, decideScreen, defaultScreenRules, order, recordHolds, releaseHolds, screenFacts } from '#modules/orders';
import {
  askCancel,
  cancelKey,
  change,
  changeDoubtful,
  changeMisconfigured,
  decideChangeRefused,
  decideChangeSent,
  decideChangeUnanswered,
  decideFollowPurchase,
  decidePlaced,
  decidePlaceRefused,
  documentOf,
  draft,
  placeDoubtful,
  placeKey,
  placeMisconfigured,
  purchase,
  recordPlaced,
} from '#modules/purchasing';
import { allocationsToOrder, carryTaken, lookAt, recordRouted } from '#modules/routing';
import { decideTracked, decideUntracked, followedMilestones, parcel, recordTracked } from '#modules/shipping';
import { decidePolled, decidePollFailed, recordPolled, supplier } from '#modules/suppliers';
import { arrival, arrive } from '#platform/inbox';
import { type AnyStep, inside, outside, reading } from '#platform/work';
import { milestones } from '#kernel/milestones';
import { takeBack } from './answers.ts';
import { draftedFacts, draftsOf, planRoute } from './decide-route.ts';
import type { Far, Given } from './far.ts';
import { decideRead, readAll, recordReadings } from './intake.ts';
import { tell } from './reactions.ts';

const pageSize = 100;

/** Orders of a store that were not heard of by webhook, or changed since; the cursor moves with what it brought. */
export const pollChannel = reading(channel, {
  name: 'pollChannel',
  from: ['connected', 'failing'],
  to: ['connected', 'failing'],
  account: ({ code }) => code,
  batch: 20,
  ask: (far: Far, store) => far.channel(store).orders(store.poll_cursor, pageSize),
  record: async (tx, polled) => {
    await arrive(
      tx,
      polled.flatMap(({ thing, reply }) =>
        reply.documents.map((one) => ({
          kind: 'order',
          source: `channel:${thing.id}`,
          object: one.object,
          name: one.name,
          headers: { by: 'poll' },
          body: one.body,
        })),
      ),
    );
    await recordChannelPolled(tx, polled);
  },
  decide: decideChannelPolled,
  refused: decideChannelPollFailed,
});

/** What suppliers left for us: acknowledgements and ship notices, whatever the transport. */
export const pollSupplier = reading(supplier, {
  name: 'pollSupplier',
  from: ['idle', 'stopped'],
  to: ['idle', 'stopped'],
  account: ({ code }) => code,
  batch: 20,
  ask: (far: Far, one) => far.supplier(one).fetch(one.poll_cursor, pageSize),
  record: async (tx, polled) => {
    await arrive(
      tx,
      polled.flatMap(({ thing, reply }) =>
        reply.documents.map((one) => ({ ...one, source: `supplier:${thing.id}`, headers: { ...one.headers, 'content-type': one.type } })),
      ),
    );
    await recordPolled(tx, polled);
  },
  decide: decidePolled,
  refused: decidePollFailed,
});

/** Everything that arrived is read once: orders are taken in, answers are folded into purchase orders. */
export const readArrival = (given: Given) =>
  inside(arrival, {
    name: 'readArrival',
    from: ['received'],
    to: ['read', 'refused'],
    batch: 400,
    look: (tx, arrivals) => readAll(tx, arrivals, given),
    decide: decideRead,
    record: (tx, plans) => recordReadings(tx, plans, given),
  });

/** New orders are accepted, or held for a reason a person can see and release. */
export const screenOrder = (given: Given) =>
  inside(order, {
    name: 'screenOrder',
    from: ['received'],
    to: ['received', 'accepted', 'held', 'closed', 'cancelled'],
    batch: 400,
    look: async (tx, orders) => {
      const reports = await given.addresses.validate(orders.map(({ ship_to }) => ship_to));
      return {
        ...(await screenFacts(tx, orders, defaultScreenRules)),
        addresses: new Map(orders.flatMap(({ id }, place) => (reports[place] ? [[id, reports[place]]] : []))),
      };
    },
    decide: decideScreen,
    record: (tx, plans) =>
      recordHolds(
        tx,
        plans.flatMap(({ thing, plan }) => (plan.made ?? []).map((hold) => ({ ...hold, order_id: thing.id }))),
        'step:screenOrder',
      ),
  });

/** Accepted orders find their suppliers, or wait for a person. */
export const routeOrder = inside(order, {
  name: 'routeOrder',
  from: ['accepted'],
  to: ['routed', 'held', 'in_fulfilment', 'cancelled'],
  batch: 400,
  look: lookAt,
  decide: planRoute,
  carry: (looked, _order, plan) => carryTaken(looked, plan.made?.takes ?? []),
  record: async (tx, plans, looked) => {
    const routed = plans.flatMap(({ thing, plan }) =>
      plan.made
        ? [{ orderId: thing.id, attempt: thing.routed_times + 1, again: thing.held_for.includes('no_supplier'), choice: plan.made }]
        : [],
    );
    await recordRouted(tx, routed, looked.version);
    await recordHolds(
      tx,
      routed.flatMap(({ orderId, choice }) =>
        choice.outcome === 'held' ? [{ order_id: orderId, reason: 'no_supplier' as const, detail: choice.because }] : [],
      ),
      'step:routeOrder',
    );
    await releaseHolds(
      tx,
      plans.flatMap(({ thing, plan }) => (plan.to === 'routed' && thing.held_for.length > 0 ? [thing.id] : [])),
      'step:routeOrder',
      'no_supplier',
    );
    // Last, as it locks the offers: others wait only for the commit.
    await reserve(
      tx,
      routed.flatMap(({ choice }) => choice.takes.map(({ offer, quantity }) => ({ offer_id: offer.id, quantity }))),
    );
  },
});

/** Each routed order becomes one purchase order per supplier. */
export const draftPurchases = (given: Given) =>
  inside(order, {
    name: 'draftPurchases',
    from: ['routed'],
    to: ['in_fulfilment'],
    batch: 400,
    look: allocationsToOrder,
    decide: (one, allocations) => ({
      to: 'in_fulfilment',
      due: null,
      facts: [],
      set: { status: 'with_supplier' },
      made: draftsOf(one, allocations.get(one.id) ?? []),
    }),
    record: async (tx, plans) => {
      const drafts = plans.flatMap(({ plan }) => plan.made ?? []);
      await tell(tx, given, draftedFacts(await draft(tx, drafts), drafts));
    },
  });

/** The one place where a supplier is told to deliver something. */
export const placePurchase = outside(purchase, {
  name: 'placePurchase',
  from: ['queued'],
  during: 'sending',
  doubt: 'unknown',
  to: ['sent', 'acknowledged', 'failed'],
  key: placeKey,
  account: ({ supplier: { code } }) => code,
  ask: (far: Far, one, key) => far.supplier(one.supplier).place(documentOf(one, far.buyer, far.answerUrl(one)), key),
  settle: (far, one, key) => far.supplier(one.supplier).whatBecameOf(documentOf(one, far.buyer, far.answerUrl(one)), key),
  record: async (tx, replies) => {
    await recordPlaced(tx, replies);
    await resolve(tx, connectionsThatWork(replies.map(({ thing }) => thing.supplier)));
  },
  decide: decidePlaced,
  refused: decidePlaceRefused,
  doubtful: placeDoubtful,
  misconfigured: placeMisconfigured,
});

/** What could not be sent has gone out, so that nobody need look at the connection any more, unless what they leave for us cannot be read. */
const connectionsThatWork = (suppliers: readonly { id: string; poll_state: string }[]) =>
  [...new Set(suppliers.flatMap(({ id, poll_state }) => (poll_state === 'stopped' ? [] : [id])))]
    .sort()
    .map((subject) => ({ kind: 'connection_broken', subject, how: 'A purchase order went out.', actor: 'step:placePurchase' }));

/** Purchase orders that were sent wait for an answer, then for goods; each wait ends in a reminder, then in a person. */
export const followPurchase = inside(purchase, {
  name: 'followPurchase',
  from: ['sent', 'acknowledged'],
  to: ['sent', 'acknowledged', 'closed', 'cancelled'],
  batch: 200,
  decide: (one, _nothing, now) => decideFollowPurchase(one, now),
});

/** Cancellations go out as deltas, at most once each. */
export const sendChange = outside(change, {
  name: 'sendChange',
  from: ['queued'],
  during: 'sending',
  doubt: 'unknown',
  to: ['sent', 'failed'],
  key: cancelKey,
  account: ({
    purchase: {
      supplier: { code },
    },
  }) => code,
  ask: (far: Far, one, key) =>
    far.supplier(one.purchase.supplier).cancel(documentOf(one.purchase, far.buyer, ''), one.purchase.reference, key),
  settle: (far, one, key) =>
    far.supplier(one.purchase.supplier).whatBecameOfCancel(documentOf(one.purchase, far.buyer, ''), one.purchase.reference, key),
  decide: decideChangeSent,
  refused: decideChangeRefused,
  doubtful: changeDoubtful,
  misconfigured: changeMisconfigured,
});

/** A supplier who does not say whether it cancels is told of to a person. */
export const followChange = inside(change, {
  name: 'followChange',
  from: ['sent'],
  to: ['sent'],
  batch: 200,
  decide: (one, _nothing, now) => decideChangeUnanswered(one, now),
});

/** An order with suppliers, looked at whenever one of its parts changed: routed again, taken back, or closed. */
export const followOrder = inside(order, {
  name: 'followOrder',
  from: ['in_fulfilment'],
  to: ['accepted', 'held', 'in_fulfilment', 'closed', 'cancelled'],
  batch: 200,
  look: progressOf,
  decide: decideFollow,
  record: async (tx, plans) => {
    await recordHolds(
      tx,
      plans.flatMap(({ thing, plan }) =>
        plan.to === 'held' ? [{ order_id: thing.id, reason: 'no_supplier' as const, detail: 'Suppliers refused it too often.' }] : [],
      ),
      'step:followOrder',
    );
    const cancel = plans.flatMap(({ plan }) => plan.made?.cancel ?? []);
    await takeBack(tx, await askCancel(tx, cancel));
    await resolve(
      tx,
      cancel.map(({ purchase_id }) => ({
        kind: 'purchase_failed',
        subject: purchase_id,
        how: 'It is not wanted any more.',
        actor: 'step:followOrder',
      })),
    );
  },
});

/** Held orders that found no supplier try again by themselves; those that were cancelled meanwhile end. */
export const retryHeld = inside(order, {
  name: 'retryHeld',
  from: ['held'],
  to: ['accepted', 'held', 'in_fulfilment', 'cancelled'],
  batch: 200,
  look: progressOf,
  decide: decideHeld,
});

/** Where parcels are, asked of their carriers. */
export const trackParcel = reading(parcel, {
  name: 'trackParcel',
  from: followedMilestones,
  to: milestones,
  account: ({ carrier }) => carrier,
  batch: 100,
  ask: (far: Far, one) => far.carrier.track(one.carrier, one.number),
  record: recordTracked,
  decide: decideTracked,
  refused: decideUntracked,
});

/** Each parcel is reported to its store, once. */
export const reportParcel = outside(report, {
  name: 'reportParcel',
  from: ['queued'],
  during: 'sending',
  doubt: 'unknown',
  to: ['sent', 'failed'],
  key: ({ id }) => reportKey(id),
  account: ({ channel: { code } }) => code,
  ask: (far: Far, one, key) => far.channel(one.channel).reportShipment(shipmentOf(far, one), key),
  settle: (far, one, key) => far.channel(one.channel).whatBecameOf(shipmentOf(far, one), key),
  decide: decideReported,
  refused: decideReportRefused,
  doubtful: reportDoubtful,
  misconfigured: reportMisconfigured,
});

const shipmentOf = (
  far: Far,
  one: { order_external_id: string; order_id: string; carrier: string; number: string; lines: { externalId: string; quantity: number }[] },
) => ({
  orderExternalId: one.order_external_id,
  carrier: one.carrier,
  number: one.number,
  trackingUrl: far.trackingUrl(one.order_id),
  lines: one.lines,
});

/** Messages go out by mail, at most once; a mail server that took one and did not answer is not asked twice. */
export const sendMessage = outside(message, {
  name: 'sendMessage',
  from: ['queued'],
  during: 'sending',
  doubt: 'unknown',
  to: ['sent', 'failed', 'suppressed', 'unknown'],
  key: ({ id, address }) => `message:${id}:${address}`,
  account: () => 'mail',
  ask: (far: Far, one, key) => sendMail(far.messages, one, key, far.buyer.email),
  settle: whatBecameOfMail,
  record: recordSent,
  decide: decideSent,
  refused: decideMessageRefused,
  doubtful: messageDoubtful,
  misconfigured: messageMisconfigured,
});

/** In reading order. */
export const orderLife = (given: Given): readonly AnyStep[] => [
  pollChannel,
  pollSupplier,
  readArrival(given),
  screenOrder(given),
  routeOrder,
  draftPurchases(given),
  placePurchase,
  followPurchase,
  sendChange,
  followChange,
  followOrder,
  retryHeld,
  trackParcel,
  reportParcel,
  sendMessage,
];
