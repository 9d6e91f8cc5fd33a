import { raise } from '#modules/exceptions';
import { lockOrders, takeIn } from '#modules/orders';
import { takeAnswers } from '#modules/purchasing';
import { supplier as supplierThing } from '#modules/suppliers';
import { type Channel, channel as channelThing, heardFrom, heardOf, reconcileSoon, saidGoodbye } from '#modules/channels';
import { type Instant, instant, isBefore } from '#kernel/time';
import { Unreadable } from '#kernel/unreadable';
import type { ChannelOrder } from '#ports/channel';
import type { SupplierSaid } from '#ports/supplier';
import type { Tx } from '#platform/db';
import { type Arrival, recordRead } from '#platform/inbox';
import type { NewException, Plan, Planned } from '#platform/work';
import { settleAnswers } from './answers.ts';
import type { Given } from './far.ts';
import { tell } from './reactions.ts';

/** What was read from an arrival, or why it could not be. */
export type Reading =
  | { what: 'orders'; channelId: string; orders: ChannelOrder[]; actFrom: Instant | null }
  | { what: 'answers'; supplierId: string; said: SupplierSaid[] }
  | { what: 'nudge' | 'shelf' | 'goodbye' | 'other'; channel: Channel }
  | { what: 'refused'; why: string; fix: string };

export type Readings = Map<string, Reading>;

/** Reads every document of the batch. Reading is pure and costs no statement; whom it came from is asked for once. */
export async function readAll(tx: Tx, arrivals: readonly Arrival[], given: Given): Promise<Readings> {
  const idsOf = (kind: string): string[] => [
    ...new Set(arrivals.flatMap(({ source }) => (source.startsWith(`${kind}:`) ? [source.slice(kind.length + 1)] : []))),
  ];
  const channels = new Map((await channelThing.load(tx, idsOf('channel'))).map((one) => [one.id, one]));
  const suppliers = new Map((await supplierThing.load(tx, idsOf('supplier'))).map((one) => [one.id, one]));
  const readings: Readings = new Map();
  for (const arrival of arrivals) {
    const [kind, id = ''] = arrival.source.split(':');
    const channel = kind === 'channel' ? channels.get(id) : undefined;
    const supplier = kind === 'supplier' ? suppliers.get(id) : undefined;
    readings.set(
      arrival.id,
      await readOne(arrival, async () => {
        if (channel && isSignal(arrival.kind)) return { what: arrival.kind, channel };
        if (channel)
          return { what: 'orders', channelId: channel.id, orders: await given.readOrder(channel, arrival), actFrom: actFromOf(channel) };
        if (supplier) return { what: 'answers', supplierId: supplier.id, said: await given.readAnswer(supplier, arrival) };
        throw new Unreadable('no-sender', `Nobody is known as ${arrival.source}.`, { fix: 'The connection was removed; set it aside.' });
      }),
    );
  }
  return readings;
}

type Signal = 'nudge' | 'shelf' | 'goodbye' | 'other';
const isSignal = (kind: string): kind is Signal => ['nudge', 'shelf', 'goodbye', 'other'].includes(kind);

/** Orders from before this are history: what is not shipped of them waits for a person. */
function actFromOf({ settings }: Channel): Instant | null {
  const text = settings['actFrom'];
  return typeof text === 'string' && text !== '' ? instant(text) : null;
}

async function readOne(arrival: Arrival, read: () => Promise<Reading>): Promise<Reading> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof Unreadable)) throw new Error(`${arrival.name}: ${(error as Error).message}`, { cause: error });
    return { what: 'refused', why: error.message, fix: error.fix };
  }
}

/** What is read moves on; what cannot be read is kept, and a person is told where and why. */
export function decideRead(arrival: Arrival, readings: Readings): Plan<'read' | 'refused', Reading> {
  const reading = readings.get(arrival.id);
  if (!reading) throw new Error(`arrival ${arrival.id} was not read`);
  if (reading.what === 'refused') return { to: 'refused', due: null, facts: [], made: reading, raise: [unreadable(arrival, reading)] };
  return { to: 'read', due: null, facts: [], made: reading, resolve: arrival.note ? ['arrival_refused', 'answer_unmatched'] : [] };
}

export async function recordReadings(tx: Tx, plans: readonly Planned<Arrival, 'read' | 'refused', Reading>[], given: Given): Promise<void> {
  const made = plans.flatMap(({ thing, plan }) => (plan.made ? [{ arrival: thing, reading: plan.made }] : []));
  const incoming = made.flatMap(({ reading }) =>
    reading.what === 'orders'
      ? reading.orders.map((order) => ({
          channelId: reading.channelId,
          order,
          isHistory: reading.actFrom !== null && isBefore(order.placedAt, reading.actFrom),
        }))
      : [],
  );
  const answered = made.flatMap(({ arrival, reading }) =>
    reading.what === 'answers'
      ? reading.said.map((said) => ({
          supplierId: reading.supplierId,
          arrivalId: arrival.id,
          at: arrival.received_at,
          said,
          document: { name: arrival.name, type: arrival.headers['content-type'] ?? 'application/octet-stream', bytes: arrival.body },
        }))
      : [],
  );
  await takeSignals(tx, made);
  // Purchase orders and changes before orders, as every step locks its own thing before the order that it belongs to; and of those all
  // at once, as two who take them piece by piece wait for each other in a ring.
  const answers = answered.length > 0 ? await takeAnswers(tx, answered) : null;
  if (answers) await lockOrders(tx, answers.orders, incoming);
  const taken = await takeIn(tx, incoming);
  await tell(
    tx,
    given,
    taken.facts.map((fact) => ({ ...fact, actor: 'step:readArrival' })),
  );
  await raise(tx, taken.raise);
  if (answers) await settleAnswers(tx, given, answers);
  const notes = made
    .filter(({ reading, arrival }) => reading.what === 'refused' || arrival.note !== '')
    .map(({ arrival, reading }) => ({
      id: arrival.id,
      note: reading.what === 'refused' ? `${reading.why} ${reading.fix}` : 'Read after all.',
    }));
  await recordRead(tx, notes);
}

/** What stores say without sending an order: which to ask for, that their goods changed, or that it is over. */
async function takeSignals(tx: Tx, made: readonly { arrival: Arrival; reading: Reading }[]): Promise<void> {
  const came = (what: Signal) =>
    made.flatMap(({ arrival, reading }) => (reading.what === what ? [{ channel: reading.channel, object: arrival.object }] : []));
  await heardOf(
    tx,
    came('nudge').flatMap(({ channel, object }) => (object === '' ? [] : [{ channel_id: channel.id, object }])),
  );
  await reconcileSoon(tx, [...new Set(came('shelf').map(({ channel }) => channel.id))].sort());
  await raise(
    tx,
    came('goodbye').map(({ channel }) => saidGoodbye(channel)),
  );
  const byHook = made.filter(({ arrival }) => arrival.headers['by'] === undefined && arrival.source.startsWith('channel:'));
  await heardFrom(tx, [...new Set(byHook.map(({ arrival }) => arrival.source.slice('channel:'.length)))].sort());
}

function unreadable(arrival: Arrival, { why, fix }: { why: string; fix: string }): NewException {
  const [kind, id = ''] = arrival.source.split(':');
  return {
    kind: 'arrival_refused',
    subject: { kind: 'arrival', id: arrival.id },
    cause: `arrival_refused:${arrival.source}`,
    title: `${arrival.name || arrival.object || 'A document'} cannot be read: ${why}`,
    detail: `${fix} The bytes are kept as they came.`,
    fixes: [
      { action: 'read-again', label: 'Read it again', effect: 'After the cause is corrected; nothing was taken from it yet.' },
      { action: 'dismiss', label: 'Set it aside', effect: 'It stays in the log of the connection.' },
    ],
    concerns: kind === 'channel' ? { channel: id } : kind === 'supplier' ? { supplier: id } : {},
  };
}
