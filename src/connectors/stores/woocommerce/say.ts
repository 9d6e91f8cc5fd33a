import Type from 'typebox';
import { Fault } from '#kernel/fault';
import { showDecimal } from '#kernel/money';
import type { Api } from '#ports/api';
import type { Reported, StoreSaying, WhatBecame } from '#ports/channel';
import { Made, WooNotes, WooOrder, WooRefunds } from './shapes.ts';

/** Our key stands in the refund, as WooCommerce has none of its own: it is how one that may have been made is found. */
const keyName = '_stockless_key';
const Cancelled = Type.Object({ id: Type.Integer(), status: Type.String() });

const pathOf = (order: string): string => `/orders/${encodeURIComponent(order)}`;

export async function say(api: Api, order: string, saying: StoreSaying, key: string): Promise<Reported> {
  const path = pathOf(order);
  switch (saying.kind) {
    case 'cancel': {
      const { id } = await api.put(path, Cancelled, { status: 'cancelled' }, key);
      return { reference: String(id) };
    }
    case 'note': {
      const { id } = await api.post(`${path}/notes`, Made, { note: saying.text, customer_note: false }, key);
      return { reference: String(id) };
    }
    case 'refund': {
      const { currency } = await api.get(path, WooOrder);
      const body = {
        amount: showDecimal({ minor: saying.amountMinor, currency }),
        reason: saying.note,
        // The money itself is sent by the payment plugin only when a person says so in the shop.
        api_refund: false,
        api_restock: false,
        line_items: saying.lines.map(({ externalId, quantity }) => ({ id: Number(externalId), quantity })),
        meta_data: [{ key: keyName, value: key }],
      };
      const { id } = await api.post(`${path}/refunds`, Made, body, key);
      return { reference: String(id) };
    }
    case 'tag':
      throw new Fault('refused', 'no-tags', 'Orders of WooCommerce have no tags. Write a note instead.');
  }
}

export async function whatBecameOfSaying(api: Api, order: string, saying: StoreSaying, key: string): Promise<WhatBecame<Reported>> {
  const path = pathOf(order);
  const happened = (id: number | undefined): WhatBecame<Reported> =>
    id === undefined ? { outcome: 'absent' } : { outcome: 'happened', reply: { reference: String(id) } };
  if (saying.kind === 'cancel') {
    const { id, status } = await api.get(path, WooOrder);
    return happened(status === 'cancelled' ? id : undefined);
  }
  if (saying.kind === 'note') return happened((await api.get(`${path}/notes`, WooNotes)).find(({ note }) => note === saying.text)?.id);
  const refunds = await api.get(`${path}/refunds`, WooRefunds, { per_page: '100' });
  return happened(refunds.find(({ meta_data: meta }) => meta?.some(({ key: name, value }) => name === keyName && value === key))?.id);
}
