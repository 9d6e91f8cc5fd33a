import { readDecimal, showDecimal } from '#kernel/money';
import { textOf } from '#kernel/text';
import { after, type Clock, earliest, hoursBetween, type Instant, instant } from '#kernel/time';
import type { Api } from '#ports/api';
import type { ChannelDoor, ChannelDocument, PublishedRow } from '#ports/channel';
import { Fulfilment, Fulfilments, InventoryPage, InventoryTaken, OrderPage } from './shapes.ts';

/**
 * Where a sweep over changed orders stands: `<iso> <id> <iso of the last deep sweep>`. The id tells two orders apart that changed in
 * one instant. A store's pages shift while they are read and rows appear late, so every sweep begins a little before the last one
 * ended, and once a day some days before: what was seen is known by its content and costs a look.
 */
interface Cursor {
  after: string;
  id: string;
  deepAt: string;
}

const overlap = { minutes: 15 };
const deepOverlap = { days: 3 };
const deepEveryHours = 24;

function readCursor(text: string): Cursor {
  const [after = '', id = '', deepAt = ''] = text.split(' ');
  return { after, id: id === '-' ? '' : id, deepAt };
}

const showCursor = ({ after, id, deepAt }: Cursor): string => (after === '' ? '' : `${after} ${id || '-'} ${deepAt}`);

/** Where the next sweep begins. A store that says strange times is swept from where it was, and never from the future. */
function nextSweep(ended: Cursor, moved: boolean, now: Instant): Cursor {
  const lastDeep = instantOrNull(ended.deepAt);
  if (lastDeep === null || hoursBetween(lastDeep, now) >= deepEveryHours) {
    return { after: before(now, { hours: deepOverlap.days * 24 }).toString(), id: '', deepAt: now.toString() };
  }
  const last = moved ? instantOrNull(ended.after) : null;
  return last === null ? ended : { after: before(earliest(last, now), overlap).toString(), id: '', deepAt: ended.deepAt };
}

const before = (at: Instant, wait: { hours?: number; minutes?: number }): Instant =>
  after(at, { hours: -(wait.hours ?? 0), minutes: -(wait.minutes ?? 0) });

function instantOrNull(text: string): Instant | null {
  try {
    return instant(text);
  } catch {
    return null;
  }
}

const itemsPerPage = 250;

export function restStore(api: Api, clock: Clock): ChannelDoor {
  return {
    async orders(cursor, limit) {
      const from = readCursor(cursor);
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
      const moved = to.after !== from.after || to.id !== from.id;
      const more = page.more && moved;
      // The first sweep reads everything there is, so the first deep one is a day away.
      const ended = from.deepAt === '' ? { ...to, deepAt: clock.now().toString() } : to;
      return { documents, cursor: showCursor(more ? to : nextSweep(ended, moved, clock.now())), more };
    },
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
