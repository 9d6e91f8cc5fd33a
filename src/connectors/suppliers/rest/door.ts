import { textOf } from '#kernel/text';
import Type from 'typebox';
import { Fault } from '#kernel/fault';
import { showDecimal } from '#kernel/money';
import type { Api } from '#ports/api';
import type { WhatBecame } from '#ports/channel';
import type { Fetched, Placed, PurchaseOrder, SupplierDocument, SupplierDoor } from '#ports/supplier';
import { fileNameOf, said, usable } from '#connectors/suppliers/file';
import { memberAt, objectOf } from './members.ts';
import { type SettledRest, settleRest } from './profile.ts';

/** Where members lie is the profile's business, so that replies are checked after it is known. */
const AnyObject = Type.Object({});
const mostUpdates = 200;

/**
 * A supplier with a REST interface. `profile` is the supplier's own settings. Whether an order arrived is looked up by its number;
 * a look-up that is refused is no proof of anything.
 */
export function restSupplier({ api, profile }: { api: Api; profile: unknown }): SupplierDoor {
  const settled = (): SettledRest => usable(() => settleRest(profile));
  return {
    async place(order, key) {
      const now = settled();
      const body = orderBody(order, now);
      try {
        const reply = await api.post(now.paths.orders, AnyObject, body, key);
        return placed(order, body, idIn(reply, now.placedId));
      } catch (error) {
        if (!(error instanceof Fault) || error.code !== 'http-409') throw error;
        return placed(order, body, await knownAs(api, now, order, error));
      }
    },
    async whatBecameOf(order) {
      const now = settled();
      return answered(async () => {
        const found = await find(api, now, order.number);
        if (found !== null) return { outcome: 'happened', reply: placed(order, orderBody(order, now), found) };
        return now.dedupes ? { outcome: 'repeat' } : { outcome: 'absent' };
      });
    },
    async cancel(order, reference, key) {
      const now = settled();
      const id = reference || (await find(api, now, order.number).catch(refusedIsNone)) || order.number;
      const body = objectOf([[now.order.number, order.number]]);
      await api.post(now.paths.cancel.replaceAll('{id}', encodeURIComponent(id)), AnyObject, body, key);
      return { reference: id, documents: [jsonOf(`CANCEL-${fileNameOf(order, 'json')}`, body)] };
    },
    // Asking once more for the same cancellation asks for nothing else.
    whatBecameOfCancel: async () => ({ outcome: 'repeat' }),
    fetch: async (cursor, limit) => fetchUpdates(api, settled(), cursor, Math.min(limit, mostUpdates)),
  };
}

function orderBody(order: PurchaseOrder, { order: names, line: inner }: SettledRest): Record<string, unknown> {
  const { name, company, line1, line2, city, region, postcode, country, phone } = order.shipTo;
  return objectOf([
    [names.number, order.number],
    [names.orderNumber, order.orderNumber],
    [names.shipTo, { name, company, line1, line2, city, region, postcode, country, phone }],
    [names.service, order.service],
    [names.currency, order.currency],
    [
      names.lines,
      order.lines.map((line) =>
        objectOf([
          [inner.position, line.position],
          [inner.sku, line.supplierSku],
          [inner.quantity, line.quantity],
          [inner.unitCost, showDecimal({ minor: line.unitCostMinor, currency: order.currency })],
        ]),
      ),
    ],
  ]);
}

const jsonOf = (name: string, body: unknown) => said(name, 'application/json', new TextEncoder().encode(JSON.stringify(body)));
const placed = (order: PurchaseOrder, body: unknown, reference: string): Placed => ({
  reference,
  documents: [jsonOf(fileNameOf(order, 'json'), body)],
});

function idIn(reply: unknown, path: string): string {
  const id = memberAt(reply, path);
  return typeof id === 'string' || typeof id === 'number' ? String(id).slice(0, 200) : '';
}

/** They have it already: under which number of theirs is in the answer, or else looked up. It is there, whatever the look-up says. */
async function knownAs(api: Api, profile: SettledRest, order: PurchaseOrder, conflict: Fault): Promise<string> {
  const inside = idIn(parsed(String(conflict.evidence['said'] ?? '')), profile.placedId);
  if (inside !== '') return inside;
  const found = await find(api, profile, order.number).catch(() => null);
  if (found !== null) return found;
  throw new Fault('unknown', conflict.code, `${conflict.message} It may have been taken before; it is looked up once more.`, {
    evidence: conflict.evidence,
    cause: conflict,
  });
}

function refusedIsNone(error: unknown): null {
  if (error instanceof Fault && error.kind === 'refused') return null;
  throw error;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Their number of the order; null when they have none under ours. Throws when the answer does not say either. */
async function find(api: Api, { paths, queries, lookup }: SettledRest, number: string): Promise<string | null> {
  const reply = await ask(api, paths.orders, { [queries.number]: number });
  const list = memberAt(reply, lookup.orders);
  if (!Array.isArray(list))
    throw new Fault('refused', 'bad-reply', `The look-up of ${number} was answered without a list "${lookup.orders}".`);
  // A far side that does not know the query answers with everything it has.
  const own = list.find((one) => memberAt(one, lookup.number) === number);
  return own === undefined ? null : idIn(own, lookup.id);
}

/** A refused look-up proves nothing and is for a person. */
async function answered(look: () => Promise<WhatBecame<Placed>>): Promise<WhatBecame<Placed>> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof Fault) || error.kind !== 'refused') throw error;
    return { outcome: 'ask-a-person', why: `their look-up does not say: ${error.message}` };
  }
}

/** A page of HTML or half a reply in place of the answer passes: the question is asked once more. */
async function ask(api: Api, path: string, query: Record<string, string>): Promise<unknown> {
  try {
    return await api.get(path, AnyObject, query);
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'reply-misfit') throw error;
    throw new Fault('transient', error.code, error.message, { evidence: error.evidence, cause: error });
  }
}

async function fetchUpdates(
  api: Api,
  { paths, queries, page, update, kinds }: SettledRest,
  cursor: string,
  limit: number,
): Promise<Fetched> {
  const query = { ...(cursor === '' ? {} : { [queries.cursor]: cursor }), [queries.limit]: String(limit) };
  const reply = await ask(api, paths.updates, query);
  const updates = memberAt(reply, page.updates);
  const next = memberAt(reply, page.cursor);
  if (!Array.isArray(updates) || !(typeof next === 'string' || typeof next === 'number')) {
    throw new Fault('refused', 'bad-reply', `Updates were answered without a list "${page.updates}" and a "${page.cursor}".`);
  }
  const documents = updates.map((one): SupplierDocument => {
    const word = textOf(memberAt(one, update.type));
    const seq = idIn(one, page.seq);
    return {
      kind: kindOf[kinds.get(word.toLowerCase()) ?? 'cancellation'],
      object: seq,
      name: `Update ${seq} ${word} ${idIn(one, update.purchase)}`.replaceAll(/\s+/g, ' ').trim().slice(0, 200),
      type: 'application/json',
      headers: { transport: 'rest', 'content-type': 'application/json' },
      body: new TextEncoder().encode(JSON.stringify(one)),
    };
  });
  return { documents, cursor: String(next), more: documents.length >= limit && String(next) !== cursor };
}

const kindOf = { acknowledgement: 'acknowledgement', shipment: 'ship-notice', cancellation: 'answer' } as const;
