import { Fault } from '#kernel/fault';
import { followPage, readSweep, sweepSince } from '#kernel/sweep';
import { textOf } from '#kernel/text';
import { instant } from '#kernel/time';
import type { Clock } from '#kernel/time';
import type { Api } from '#ports/api';
import type { ChannelDocument, ChannelDoor, Reported, ShipmentReport, StoreFound, StoreSaying, WhatBecame } from '#ports/channel';
import { search } from './search.ts';
import { Anything, Configs, Made, MagentoOrder, Orders, Shipments, Yes } from './shapes.ts';
import { publish, published } from './shelf.ts';

const perPage = 100;

export function magentoStore(api: Api, source: string, clock: Clock): ChannelDoor {
  return {
    orders: async (cursor, limit) => {
      const from = readSweep(cursor);
      const size = Math.min(limit, perPage);
      const page = Number(from.id || '1');
      const found = await api.get('/V1/orders', Orders, {
        ...search(from.after ? [['updated_at', 'gteq', plain(from.after)]] : [], { size, page, sort: 'updated_at' }),
      });
      const items = found.items ?? [];
      const last = items.reduce<string>(
        (late, order) => laterOf(late, textOf((order as { updated_at?: unknown } | null)?.updated_at)),
        from.after,
      );
      // As many as share one second are told apart by the page; what lies further is asked for from its own second on, as pages shift.
      const to = last === from.after ? { ...from, id: String(page + 1) } : { ...from, after: last, id: '' };
      // Beyond the last page Magento gives the last one again, so that only its own count tells the end.
      const more = items.length >= size && page * size < found.total_count;
      return { documents: items.map(documentOf), ...followPage(from, to, more, clock) };
    },
    since: sweepSince,
    named: async (ids) => {
      const wanted = ids.filter((id) => /^\d{1,16}$/.test(id));
      if (wanted.length === 0) return [];
      const found = await api.get(
        '/V1/orders',
        Orders,
        search([['entity_id', 'in', wanted.join(',')]], { size: perPage, page: 1, sort: 'entity_id' }),
      );
      return (found.items ?? []).map(documentOf);
    },
    reportShipment: (report, key) => reportShipment(api, report, key),
    whatBecameOf: (report) => whatBecameOf(api, report),
    publish: (rows, currency, key) => publish(api, source, rows, currency, key, clock.now()),
    published: (cursor, currency) => published(api, source, cursor, currency),
    probe: () => probe(api),
    say: (order, saying, key) => say(api, order, saying, key),
    whatBecameOfSaying: (order, saying) => whatBecameOfSaying(api, order, saying),
  };
}

/** `2026-11-25 10:00:00`, as Magento writes times. */
const plain = (at: string): string => instant(at).toString({ smallestUnit: 'second' }).replace('T', ' ').replace('Z', '');

const laterOf = (one: string, other: string): string => {
  const stamp = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(other) ? `${other.replace(' ', 'T')}Z` : '';
  return stamp > one ? stamp : one;
};

function documentOf(order: unknown): ChannelDocument {
  const { entity_id: id, increment_id: number } = (order ?? {}) as { entity_id?: unknown; increment_id?: unknown };
  const object = textOf(id);
  return { object, name: `Order ${textOf(number, object)}`, body: new TextEncoder().encode(JSON.stringify(order)) };
}

/** Carriers that Magento knows by itself; others are its "custom". */
const carriers = new Set(['ups', 'usps', 'fedex', 'dhl']);

async function reportShipment(api: Api, report: ShipmentReport, key: string): Promise<Reported> {
  const body = {
    items: report.lines.map(({ externalId, quantity }) => ({ order_item_id: Number(externalId), qty: quantity })),
    notify: false,
    tracks: [
      {
        track_number: report.number,
        title: report.carrier.toUpperCase(),
        carrier_code: carriers.has(report.carrier) ? report.carrier : 'custom',
      },
    ],
  };
  const made = await api.post(`/V1/order/${encodeURIComponent(report.orderExternalId)}/ship`, Made, body, key);
  return { reference: String(made) };
}

async function whatBecameOf(api: Api, report: ShipmentReport): Promise<WhatBecame<Reported>> {
  const found = await api.get(
    '/V1/shipments',
    Shipments,
    search([['order_id', 'eq', report.orderExternalId]], { size: perPage, page: 1, sort: 'entity_id' }),
  );
  const its = (found.items ?? []).find(({ tracks }) => tracks?.some(({ track_number: number }) => number === report.number));
  return its ? { outcome: 'happened', reply: { reference: String(its.entity_id) } } : { outcome: 'absent' };
}

async function probe(api: Api): Promise<StoreFound> {
  const configs = await api.get('/V1/store/storeConfigs', Configs);
  const orders = await api.get('/V1/orders', Orders, search([], { size: 1, page: 1, sort: 'entity_id' }));
  const first = configs.find(({ code }) => code === 'default') ?? configs[0];
  return {
    name: URL.parse(first?.base_url ?? '')?.hostname ?? '',
    currency: first?.base_currency_code ?? '',
    zone: first?.timezone ?? '',
    words: [`It has ${configs.length === 1 ? 'one store view' : `${configs.length} store views`}.`, `It has ${orders.total_count} orders.`],
    troubles: [],
  };
}

const pathOf = (order: string): string => `/V1/orders/${encodeURIComponent(order)}`;

async function say(api: Api, order: string, saying: StoreSaying, key: string): Promise<Reported> {
  if (saying.kind === 'cancel') {
    if (await api.post(`${pathOf(order)}/cancel`, Yes, {}, key)) return { reference: order };
    throw new Fault('refused', 'not-cancelled', `Magento does not cancel order ${order} any more.`);
  }
  if (saying.kind === 'note') {
    await api.post(
      `${pathOf(order)}/comments`,
      Anything,
      { statusHistory: { comment: saying.text, is_customer_notified: 0, is_visible_on_front: 0, parent_id: Number(order) } },
      key,
    );
    return { reference: order };
  }
  throw new Fault(
    'refused',
    'not-there',
    saying.kind === 'tag'
      ? 'Orders of Magento have no tags. Write a note instead.'
      : 'Make the credit memo in Magento, which knows what it pays back.',
  );
}

async function whatBecameOfSaying(api: Api, order: string, saying: StoreSaying): Promise<WhatBecame<Reported>> {
  if (saying.kind !== 'cancel' && saying.kind !== 'note') return { outcome: 'absent' };
  const { state, status_histories: notes } = await api.get(pathOf(order), MagentoOrder);
  const isSo = saying.kind === 'cancel' ? state === 'canceled' : (notes ?? []).some(({ comment }) => comment === saying.text);
  return isSo ? { outcome: 'happened', reply: { reference: order } } : { outcome: 'absent' };
}
