import { readDecimal, showDecimal } from '#kernel/money';
import { textOf } from '#kernel/text';
import { followPage, readSweep, sweepSince } from '#kernel/sweep';
import type { Clock } from '#kernel/time';
import type { Api } from '#ports/api';
import type { ChannelDoor, ChannelDocument, PublishedRow } from '#ports/channel';
import { Fulfilment, Fulfilments, InventoryPage, InventoryTaken, OrderPage } from './shapes.ts';

const itemsPerPage = 250;

export function restStore(api: Api, clock: Clock): ChannelDoor {
  return {
    async orders(cursor, limit) {
      const from = readSweep(cursor);
      const page = await api.get('/orders', OrderPage, {
        ...(from.after ? { updated_after: from.after } : {}),
        ...(from.id ? { after: from.id } : {}),
        limit: String(limit),
      });
      const to = { ...from };
      const documents = page.orders.map((order): ChannelDocument => {
        const { id, number, updated_at } = (order ?? {}) as { id?: unknown; number?: unknown; updated_at?: unknown };
        if (typeof updated_at === 'string' && typeof id === 'string') Object.assign(to, { after: updated_at, id });
        return { object: textOf(id), name: `Order ${textOf(number, textOf(id))}`, body: new TextEncoder().encode(JSON.stringify(order)) };
      });
      return { documents, ...followPage(from, to, page.more, clock) };
    },
    since: sweepSince,
    async reportShipment(report, key) {
      const body = {
        carrier: report.carrier,
        tracking_number: report.number,
        tracking_url: report.trackingUrl,
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
    async publish(rows, currency, key) {
      const decimal = (minor: bigint | null): string | null => (minor === null ? null : showDecimal({ minor, currency }));
      const items = rows.map(({ sku, quantity, priceMinor, compareMinor }) => ({
        sku,
        quantity,
        ...(priceMinor === null ? {} : { price: decimal(priceMinor), compare_at_price: decimal(compareMinor) }),
      }));
      const { results } = await api.post('/inventory', InventoryTaken, { items }, key);
      return { outcomes: results.map(({ sku, ok, error }) => ({ sku, ok, ...(error ? { why: error } : {}) })) };
    },
    async published(cursor, currency) {
      const { items, more } = await api.get('/inventory', InventoryPage, {
        limit: String(itemsPerPage),
        ...(cursor ? { after: cursor } : {}),
      });
      const amount = (text: string | null | undefined): bigint | null => (text ? (readDecimal(text, currency)?.minor ?? null) : null);
      const shown = items.map(
        ({ sku, quantity, price, compare_at_price }): PublishedRow => ({
          sku,
          quantity,
          priceMinor: amount(price),
          compareMinor: amount(compare_at_price),
        }),
      );
      // A page without end would be read for ever.
      const last = shown.at(-1)?.sku ?? '';
      return { rows: shown, cursor: last, more: more && last !== '' && last !== cursor };
    },
  };
}
