import { textOf } from '#kernel/text';
import type { Api } from '#ports/api';
import type { ChannelDoor, ChannelDocument } from '#ports/channel';
import { Fulfilment, Fulfilments, OrderPage } from './shapes.ts';

/** A cursor is the last order's change and id, as `<iso> <id>`: two orders changed in one instant are told apart. */
const readCursor = (cursor: string): { updated_after?: string; after?: string } => {
  const [updated_after, after] = cursor.split(' ');
  return { ...(updated_after ? { updated_after } : {}), ...(after ? { after } : {}) };
};

export function restStore(api: Api): ChannelDoor {
  return {
    async orders(cursor, limit) {
      const page = await api.get('/orders', OrderPage, { ...readCursor(cursor), limit: String(limit) });
      let last = cursor;
      const documents = page.orders.map((order): ChannelDocument => {
        const { id, number, updated_at } = (order ?? {}) as { id?: unknown; number?: unknown; updated_at?: unknown };
        if (typeof updated_at === 'string' && typeof id === 'string') last = `${updated_at} ${id}`;
        return { object: textOf(id), name: `Order ${textOf(number, textOf(id))}`, body: new TextEncoder().encode(JSON.stringify(order)) };
      });
      return { documents, cursor: last, more: page.more && last !== cursor };
    },
    async reportShipment(report, key) {
      const body = {
        carrier: report.carrier, tracking_number: report.number, tracking_url: report.trackingUrl,
        lines: report.lines.map(({ externalId, quantity }) => ({ line_id: externalId, quantity })),
      };
      const { id } = await api.post(`/orders/${encodeURIComponent(report.orderExternalId)}/fulfilments`, Fulfilment, body, key);
      return { reference: id };
    },
    async whatBecameOf(report, key) {
      const { fulfilments } = await api.get(`/orders/${encodeURIComponent(report.orderExternalId)}/fulfilments`, Fulfilments);
      const found = fulfilments.find((one) => one.key === key || one.tracking_number === report.number);
      return found ? { outcome: 'happened', reply: { reference: found.id } } : { outcome: 'absent' };
    },
  };
}
