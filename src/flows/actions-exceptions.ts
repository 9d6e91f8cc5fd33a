import { instant } from '#kernel/time';
import { problem } from '#kernel/problem';
import { feedSource, signal, standing } from '#modules/catalog';
import {
  channel as channelThing,
  push as pushThing,
  pushKey,
  report as reportThing,
  reportKey,
  requeueReports,
  shelf,
  tellAgain,
} from '#modules/channels';
import { type ExceptionRow, findException, resolve, snooze } from '#modules/exceptions';
import { message as messageThing, sayAgain } from '#modules/notifications';
import { ordersForMessages } from '#modules/insight';
import { order as orderThing } from '#modules/orders';
import { change as changeThing, purchase as purchaseThing, refuseOpen, countReminder } from '#modules/purchasing';
import { parcel as parcelThing } from '#modules/shipping';
import { supplier as supplierThing } from '#modules/suppliers';
import { textOf } from '#kernel/text';
import type { Tx } from '#platform/db';
import { arrival as arrivalThing, readAgain } from '#platform/inbox';
import { makeDue, settleByPerson, type Thing, wake } from '#platform/work';
import { cancelOrder, releaseOrder, routeAgain } from './actions-orders.ts';
import {
  acceptForThem,
  askAgain,
  cancelPurchase,
  purchaseOf,
  remindThem,
  routeElsewhere,
  sendAgain,
  settleDoubt,
  waitDay,
  purchaseFact,
} from './actions-purchases.ts';
import type { Asked, Deed } from './acting.ts';
import { takeBack } from './answers.ts';
import { releaseFeed } from './feed-life.ts';

// oxlint-disable-next-line no-explicit-any
const things: Readonly<Record<string, Thing<any, any>>> = {
  order: orderThing,
  purchase: purchaseThing,
  change: changeThing,
  parcel: parcelThing,
  message: messageThing,
  arrival: arrivalThing,
  channel: channelThing,
  supplier: supplierThing,
  feedSource,
  report: reportThing,
  push: pushThing,
  shelf,
  signal,
  standing,
};

type Fixing = (tx: Tx, exception: ExceptionRow, asked: Asked) => Promise<Deed>;

const about = (exception: ExceptionRow, asked: Asked): Asked => ({ ...asked, id: exception.subject_id });
const deed = (said: string): Deed => ({ said, facts: [] });

/** Fixes by their name; each is asked of what the exception is about. */
const fixes: Readonly<Record<string, Fixing>> = {
  release: (tx, exception, asked) => releaseOrder(tx, about(exception, asked)),
  'cancel-order': (tx, exception, asked) => cancelOrder(tx, { ...asked, id: exception.order_id ?? exception.subject_id, input: {} }),
  'try-again': tryAgain,
  're-route': (tx, exception, asked) => routeElsewhere(tx, about(exception, asked)),
  'ask-again': (tx, exception, asked) => askAgain(tx, about(exception, asked)),
  'it-arrived': (tx, exception, asked) =>
    exception.kind === 'cancel_refused' ? theyCancelled(tx, exception) : settleDoubt(tx, about(exception, asked), true),
  'it-did-not': (tx, exception, asked) => settleDoubt(tx, about(exception, asked), false),
  remind: (tx, exception, asked) => remindThem(tx, about(exception, asked)),
  'accept-for-them': (tx, exception, asked) => acceptForThem(tx, about(exception, asked)),
  wait: async (tx, exception) => {
    if (exception.subject_kind === 'purchase') await waitDay(tx, exception.subject_id);
    return deed('You are told again tomorrow if nothing has changed.');
  },
  'ask-cancel': askToCancel,
  'read-again': async (tx, exception) => {
    await readAgain(tx, [exception.subject_id]);
    return deed('It is read again.');
  },
  'ask-supplier': askSupplier,
  'release-feed': async (tx, exception, asked) => {
    await releaseFeed(tx, textOf(exception.evidence['run']), asked.by);
    return deed('The feed is applied as it is.');
  },
  keep: async () => deed('It stays as it is.'),
  dismiss: async () => deed('Set aside.'),
};

/** Does what a fix says, then closes the exception, in one transaction; the fact names the person. */
export async function actOnException(tx: Tx, asked: Asked): Promise<Deed> {
  const exception = await findException(tx, asked.id);
  if (!exception) throw problem('not-found', 'There is no such exception.');
  if (exception.state === 'resolved') throw problem('wrong-state', 'It has been resolved meanwhile.');
  if (asked.action === 'snooze') return snoozed(tx, exception, asked);
  const offered = exception.fixes.map(({ action }) => action);
  const fixing = fixes[asked.action];
  if (!fixing || !offered.includes(asked.action))
    throw problem('wrong-state', `"${asked.action}" is no way out of this one; ${offered.join(', ')} are.`);
  const done = await fixing(tx, exception, asked);
  await resolve(tx, [{ kind: exception.kind, subject: exception.subject_id, how: done.said, actor: asked.by }]);
  return {
    ...done,
    facts: [
      ...done.facts,
      {
        type: 'person.resolved',
        subject: { kind: exception.subject_kind, id: exception.subject_id },
        order: exception.order_id,
        data: { kind: exception.kind, action: asked.action, said: done.said },
      },
    ],
  };
}

async function snoozed(tx: Tx, exception: ExceptionRow, { input }: Asked): Promise<Deed> {
  const until = instant(String(input['until']));
  if (Temporal.Instant.compare(until, tx.now) <= 0) throw problem('invalid-field', 'The time has passed already.', { param: 'until' });
  await snooze(tx, exception.id, until);
  return { said: `It comes back ${until.toString().slice(0, 16).replace('T', ' ')} UTC, or when it changes.`, facts: [] };
}

/** Of a parcel: its supplier is reminded of the purchase order; one that is closed is for the telephone. */
async function askSupplier(tx: Tx, exception: ExceptionRow, asked: Asked): Promise<Deed> {
  const [parcel] = await parcelThing.load(tx, [exception.subject_id]);
  if (!parcel) throw problem('not-found', 'There is no such parcel.');
  const purchase = await purchaseOf(tx, parcel.purchase_id);
  await countReminder(tx, purchase.id);
  return {
    said: `${purchase.supplier.name} is asked by mail about ${purchase.number}.`,
    facts: [purchaseFact(purchase, 'purchase.reminded', { to: 'trace', parcel: parcel.number, by: asked.by })],
  };
}

/** Whatever it is about is looked at again now; a message that was refused becomes a new one, as its key stays refused. */
async function tryAgain(tx: Tx, exception: ExceptionRow, asked: Asked): Promise<Deed> {
  if (exception.kind === 'order_unroutable') return routeAgain(tx, about(exception, asked));
  if (exception.kind === 'purchase_failed') return sendAgain(tx, about(exception, asked));
  if (exception.kind === 'message_failed') {
    const order = exception.order_id ? (await ordersForMessages(tx, [exception.order_id])).get(exception.order_id) : undefined;
    const again = order ? await sayAgain(tx, [{ id: exception.subject_id, address: order.email }]) : [];
    return deed(again.length > 0 ? 'The message is sent again.' : 'There is no address to send it to.');
  }
  if (exception.kind === 'report_failed' || exception.kind === 'report_unconfirmed') {
    await settleByPerson(tx, [reportKey(exception.subject_id)], 'did-not-happen', asked.by);
    await requeueReports(tx, [exception.subject_id]);
    return deed('The store is told again.');
  }
  if (exception.kind === 'publish_failed') {
    const { doubtful, refused } = await tellAgain(tx, exception.subject_id);
    const keys = doubtful.map((id) => pushKey({ id }));
    await settleByPerson(tx, keys, 'did-not-happen', asked.by);
    return deed(`The store is told again: ${refused} listings that it refused, and ${doubtful.length} calls that it did not answer.`);
  }
  const thing = things[exception.subject_kind];
  if (thing) {
    await makeDue(tx, thing, [exception.subject_id], tx.now);
    wake(tx, thing.name);
  }
  if (exception.subject_kind === 'supplier') wake(tx, 'purchase', 'change');
  return deed('It is tried again.');
}

async function askToCancel(tx: Tx, exception: ExceptionRow, asked: Asked): Promise<Deed> {
  if (exception.subject_kind === 'purchase') return cancelPurchase(tx, about(exception, asked));
  return cancelOrder(tx, { ...asked, id: exception.order_id ?? exception.subject_id, input: {} });
}

/** The supplier said by telephone that it cancelled: its open units are free. */
async function theyCancelled(tx: Tx, exception: ExceptionRow): Promise<Deed> {
  const purchase = await purchaseOf(tx, exception.subject_id);
  await takeBack(tx, await refuseOpen(tx, purchase.id, 'Cancelled, as they said.'));
  return deed(`${purchase.supplier.name} counts as having cancelled ${purchase.number}.`);
}
