import { readId } from '#kernel/id';
import { problem } from '#kernel/problem';
import { resolve } from '#modules/exceptions';
import {
  addNote,
  cancelLines,
  findOrder,
  holdOrders,
  type HoldReason,
  matchLines,
  type Order,
  recordHolds,
  releaseHolds,
  touch,
  wantedOf,
} from '#modules/orders';
import type { Tx } from '#platform/db';
import { makeDue, type NewFact, wakeReaders } from '#platform/work';
import { order as orderThing } from '#modules/orders';
import type { Asked, Deed } from './acting.ts';
import { moveOrder } from './move.ts';

export async function orderOf(tx: Tx, id: string): Promise<Order> {
  const found = await findOrder(tx, id);
  if (!found) throw problem('not-found', 'There is no such order.');
  return found;
}

const factOf = (order: Order, type: string, data: Record<string, unknown> = {}): NewFact => ({
  type,
  subject: { kind: 'order', id: order.id },
  order: order.id,
  data,
});
const text = (value: unknown, otherwise: string): string => (typeof value === 'string' && value.trim() !== '' ? value : otherwise);

/** Stops an order that is not with suppliers yet; what is with them is cancelled, not held. */
export async function holdOrder(tx: Tx, { id, by, input }: Asked): Promise<Deed> {
  const order = await orderOf(tx, id);
  if (!['received', 'accepted', 'held'].includes(order.state)) {
    throw problem(
      'wrong-state',
      `Order ${order.number} is ${order.state.replace('_', ' ')}; only orders that are not with suppliers can be held.`,
      { fix: 'Cancel it instead; suppliers are then asked to stop.' },
    );
  }
  const reason = text(input['reason'], 'manual') as HoldReason;
  await recordHolds(tx, [{ order_id: id, reason, detail: text(input['detail'], 'A person stopped it.') }], by);
  await holdOrders(tx, [id]);
  return {
    said: `Order ${order.number} is on hold.`,
    facts: [factOf(order, 'order.held', { reasons: [reason], because: text(input['detail'], 'A person stopped it.') })],
  };
}

export async function releaseOrder(tx: Tx, { id, by, input }: Asked): Promise<Deed> {
  const order = await orderOf(tx, id);
  if (order.state !== 'held') throw problem('wrong-state', `Order ${order.number} is not on hold.`);
  const only = typeof input['reason'] === 'string' ? input['reason'] : undefined;
  const released = await releaseHolds(tx, [id], by, only);
  const left = only ? order.held_for.filter((reason) => reason !== only) : [];
  if (left.length > 0)
    return {
      said: `Order ${order.number} is still held for ${left.join(', ')}.`,
      facts: [factOf(order, 'order.released', { reasons: released, still: left })],
    };
  if (released.includes('unmatched')) await matchLines(tx, [id]);
  await moveOrder(tx, id, order.routed_times > 0 || released.includes('no_supplier') ? 'accepted' : 'received', 'routing');
  await resolve(tx, [
    { kind: 'hold', subject: id, how: 'Released.', actor: by },
    { kind: 'order_unroutable', subject: id, how: 'Released.', actor: by },
  ]);
  return { said: `Order ${order.number} goes on.`, facts: [factOf(order, 'order.released', { reasons: released })] };
}

/** Cancels the whole order, or units of lines. What suppliers have is asked back; what they have shipped cannot be stopped here. */
export async function cancelOrder(tx: Tx, { id, by, input }: Asked): Promise<Deed> {
  const order = await orderOf(tx, id);
  if (order.state === 'closed' || order.state === 'cancelled')
    throw problem('wrong-state', `Order ${order.number} is ${order.state} already.`);
  const lines = linesToCancel(order, input['lines']);
  await cancelLines(tx, lines);
  const units = lines.reduce((sum, line) => sum + line.units, 0);
  const whole = order.lines.every((line) => wantedOf(line) === (lines.find(({ line_id }) => line_id === line.id)?.units ?? 0));
  if (['received', 'accepted'].includes(order.state)) await makeDue(tx, orderThing, [id], tx.now);
  await touch(tx, [id]);
  wakeReaders(tx, 'order', new Set(['received', 'accepted', 'held', 'in_fulfilment']));
  await resolve(tx, [
    { kind: 'hold', subject: id, how: 'Cancelled.', actor: by },
    { kind: 'order_unroutable', subject: id, how: 'Cancelled.', actor: by },
  ]);
  return {
    said: whole
      ? `Order ${order.number} is being cancelled; suppliers are asked to stop what they have.`
      : `${units} units of order ${order.number} are being cancelled.`,
    facts: [
      factOf(order, 'order.changed', { what: [`${units} units cancelled`], because: text(input['because'], 'A person cancelled it.') }),
    ],
  };
}

function linesToCancel(order: Order, given: unknown): { order_id: string; line_id: string; cancelled: number; units: number }[] {
  if (!Array.isArray(given))
    return order.lines.map((line) => ({ order_id: order.id, line_id: line.id, cancelled: line.quantity, units: wantedOf(line) }));
  return (given as { line: string; quantity: number }[]).map(({ line: shown, quantity }) => {
    const line = order.lines.find(({ id }) => id === readId('line', shown));
    if (!line) throw problem('invalid-field', `Order ${order.number} has no line ${shown}.`, { param: 'lines' });
    if (quantity > wantedOf(line))
      throw problem('invalid-field', `${quantity} of ${line.sku} cannot be cancelled; ${wantedOf(line)} are still wanted.`, {
        param: 'lines',
      });
    return { order_id: order.id, line_id: line.id, cancelled: line.cancelled + quantity, units: quantity };
  });
}

export async function routeAgain(tx: Tx, { id, by }: Asked): Promise<Deed> {
  const order = await orderOf(tx, id);
  if (order.state === 'in_fulfilment') {
    await touch(tx, [id]);
    return { said: `Order ${order.number} is looked at again.`, facts: [] };
  }
  if (!['held', 'accepted'].includes(order.state))
    throw problem('wrong-state', `Order ${order.number} is ${order.state}; there is nothing to route.`);
  const others = order.held_for.filter((reason) => reason !== 'no_supplier');
  if (others.length > 0)
    throw problem('wrong-state', `Order ${order.number} is held for ${others.join(', ')}.`, { fix: 'Release it first.' });
  await moveOrder(tx, id, 'accepted', 'routing');
  return { said: `Order ${order.number} is routed again.`, facts: [factOf(order, 'person.routed_again', { by })] };
}

export async function noteOrder(tx: Tx, { id, input }: Asked): Promise<Deed> {
  const order = await orderOf(tx, id);
  const note = text(input['text'], '');
  await addNote(tx, id, note);
  return { said: `The note is in the timeline of order ${order.number}.`, facts: [factOf(order, 'person.noted', { text: note })] };
}
