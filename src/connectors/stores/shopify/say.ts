import { Fault } from '#kernel/fault';
import { showDecimal } from '#kernel/money';
import type { Reported, StoreSaying, WhatBecame } from '#ports/channel';
import { AddTags, addTags, CancelOrder, cancelOrder, Payments, payments, Refund, refund, WriteNote, writeNote } from './documents.ts';
import { gidOf, type Graph, insist, numberOf } from './graph.ts';

export async function say(graph: Graph, order: string, saying: StoreSaying, key: string): Promise<Reported> {
  const id = gidOf('Order', order);
  switch (saying.kind) {
    case 'cancel': {
      const { orderCancel: said } = await graph.say(cancelOrder, CancelOrder, { id, reason: 'OTHER', note: saying.reason }, key);
      insist(said?.orderCancelUserErrors, `the cancellation of order ${order}`);
      return { reference: numberOf(said?.job?.id ?? id) };
    }
    case 'refund':
      return giveBack(graph, order, saying, key);
    case 'note': {
      // It is one field of the order, so that what stands there stays.
      const known = (await graph.ask(payments, Payments, { id })).order?.note ?? '';
      const note = known === '' ? saying.text : `${known}\n${saying.text}`;
      const { orderUpdate: said } = await graph.say(writeNote, WriteNote, { input: { id, note } }, key);
      insist(said?.userErrors, `the note of order ${order}`);
      return { reference: order };
    }
    case 'tag': {
      const { tagsAdd: said } = await graph.say(addTags, AddTags, { id, tags: saying.tags }, key);
      insist(said?.userErrors, `the tags of order ${order}`);
      return { reference: order };
    }
  }
}

/** Money goes back by the way it came. Shopify does it once per key. */
async function giveBack(graph: Graph, order: string, saying: Extract<StoreSaying, { kind: 'refund' }>, key: string): Promise<Reported> {
  const id = gidOf('Order', order);
  const found = (await graph.ask(payments, Payments, { id })).order;
  if (!found) throw new Fault('refused', 'no-such-order', `Shopify has no order ${order}.`);
  const paid = found.transactions.find(({ kind, status }) => ['SALE', 'CAPTURE'].includes(kind) && status === 'SUCCESS');
  if (!paid) throw new Fault('refused', 'not-paid', `Order ${order} has no payment that could be given back.`);
  const input = {
    orderId: id,
    note: saying.note,
    notify: false,
    refundLineItems: saying.lines.map(({ externalId, quantity }) => ({
      lineItemId: gidOf('LineItem', externalId),
      quantity,
      restockType: 'NO_RESTOCK',
    })),
    transactions: [
      {
        orderId: id,
        parentId: paid.id,
        gateway: paid.gateway ?? '',
        kind: 'REFUND',
        amount: showDecimal({ minor: saying.amountMinor, currency: found.currencyCode }),
      },
    ],
  };
  const { refundCreate: said } = await graph.say(refund, Refund, { input, key }, key);
  insist(said?.userErrors, `the refund of order ${order}`);
  return { reference: numberOf(said?.refund?.id ?? '') };
}

export async function whatBecameOfSaying(graph: Graph, order: string, saying: StoreSaying): Promise<WhatBecame<Reported>> {
  // Tags are a set, and a refund is made once per key: saying them again does no harm.
  if (saying.kind === 'tag' || saying.kind === 'refund') return { outcome: 'repeat' };
  const found = (await graph.ask(payments, Payments, { id: gidOf('Order', order) })).order;
  const isSo = saying.kind === 'cancel' ? found?.cancelledAt !== null && found !== null : (found?.note ?? '').includes(saying.text);
  return isSo ? { outcome: 'happened', reply: { reference: order } } : { outcome: 'absent' };
}
