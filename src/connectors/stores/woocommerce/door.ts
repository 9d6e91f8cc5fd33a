import { Fault } from '#kernel/fault';
import { followPage, readSweep, sweepSince } from '#kernel/sweep';
import { textOf } from '#kernel/text';
import { type Clock, instant } from '#kernel/time';
import type { Api } from '#ports/api';
import type { ChannelDocument, ChannelDoor, ShipmentReport, StoreFound, WhatBecame, Reported } from '#ports/channel';
import { say, whatBecameOfSaying } from './say.ts';
import { Made, Page, Status, WooHooks, WooOrder, WooRefunds } from './shapes.ts';
import { published, publish } from './shelf.ts';

const perPage = 100;
const topics = ['order.created', 'order.updated', 'product.updated'] as const;

export function wooStore(api: Api, clock: Clock): ChannelDoor {
  return {
    orders: async (cursor, limit) => {
      const from = readSweep(cursor);
      const size = Math.min(limit, perPage);
      const found = await api.get('/orders', Page, {
        ...(from.after ? { modified_after: secondBefore(from.after) } : {}),
        dates_are_gmt: 'true',
        orderby: 'modified',
        order: 'asc',
        per_page: String(size),
        page: from.id || '1',
      });
      // As many as share one second are told apart by the page; what lies further is asked for from its own second on, as pages shift.
      const last = found.reduce<string>(
        (latest, order) => laterOf(latest, textOf((order as { date_modified_gmt?: unknown } | null)?.date_modified_gmt)),
        from.after,
      );
      const to = last === from.after ? { ...from, id: String(Number(from.id || '1') + 1) } : { ...from, after: last, id: '' };
      return { documents: await documentsOf(api, found), ...followPage(from, to, found.length >= size, clock) };
    },
    since: sweepSince,
    named: async (ids) =>
      documentsOf(api, await api.get('/orders', Page, { include: ids.filter(isId).join(',') || '0', per_page: String(perPage) })),
    reportShipment: (report, key) => reportShipment(api, report, key),
    whatBecameOf: (report) => whatBecameOf(api, report),
    publish: (rows, currency, key) => publish(api, rows, currency, key),
    published: (cursor, currency) => published(api, cursor, currency),
    probe: () => probe(api),
    listen: (url, secret) => listen(api, url, secret),
    say: (order, saying, key) => say(api, order, saying, key),
    whatBecameOfSaying: (order, saying, key) => whatBecameOfSaying(api, order, saying, key),
  };
}

const isId = (id: string): boolean => /^\d{1,16}$/.test(id);

/** Stamps are whole seconds, and "after" leaves out the second itself. */
const secondBefore = (at: string): string =>
  instant(at.endsWith('Z') ? at : `${at}Z`)
    .subtract({ seconds: 1 })
    .toString()
    .slice(0, 19);

const laterOf = (one: string, other: string): string => {
  const stamp = other === '' || other.endsWith('Z') ? other : `${other}Z`;
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(stamp) && stamp > one ? stamp : one;
};

/** Orders with what was refunded of them, which stands apart: asked for only where there is something. */
async function documentsOf(api: Api, orders: readonly unknown[]): Promise<ChannelDocument[]> {
  const documents: ChannelDocument[] = [];
  for (const order of orders) {
    const { id, number, refunds } = (order ?? {}) as { id?: unknown; number?: unknown; refunds?: unknown };
    const object = textOf(id);
    const isRefunded = Array.isArray(refunds) && refunds.length > 0 && isId(object);
    const whole = isRefunded ? { order, refunds: await api.get(`/orders/${object}/refunds`, Page, { per_page: String(perPage) }) } : order;
    documents.push({ object, name: `Order ${textOf(number, object)}`, body: new TextEncoder().encode(JSON.stringify(whole)) });
  }
  return documents;
}

/** Where we keep what we said of an order's parcels: WooCommerce has no place of its own. */
const parcelsKey = '_stockless_parcels';
interface Parcel {
  carrier: string;
  number: string;
  url: string;
  lines: { id: string; quantity: number }[];
}

const parcelsOf = ({ meta_data: meta }: WooOrder): Parcel[] => {
  const kept = meta?.find(({ key }) => key === parcelsKey)?.value;
  try {
    const read: unknown = typeof kept === 'string' ? JSON.parse(kept) : [];
    return Array.isArray(read) ? (read as Parcel[]) : [];
  } catch {
    return [];
  }
};

/** The parcel is kept with the order, which is completed with its last one; a note says it to who looks at the order. */
async function reportShipment(api: Api, report: ShipmentReport, key: string): Promise<Reported> {
  const path = `/orders/${encodeURIComponent(report.orderExternalId)}`;
  const order = await api.get(path, WooOrder);
  const parcel: Parcel = {
    carrier: report.carrier,
    number: report.number,
    url: report.trackingUrl,
    lines: report.lines.map(({ externalId, quantity }) => ({ id: externalId, quantity })),
  };
  const stranger = parcel.lines.find(
    ({ id, quantity }) => !order.line_items.some((line) => String(line.id) === id && quantity <= line.quantity),
  );
  if (stranger)
    throw new Fault('refused', 'no-such-line', `Order ${order.number} has no line ${stranger.id} of ${stranger.quantity} units.`);
  const parcels = [...parcelsOf(order).filter(({ number }) => number !== parcel.number), parcel];
  const refunds = order.refunds.length === 0 ? [] : await api.get(`${path}/refunds`, WooRefunds, { per_page: String(perPage) });
  const isOpen = ['processing', 'on-hold', 'pending'].includes(order.status);
  await api.put(
    path,
    Made,
    {
      meta_data: [{ key: parcelsKey, value: JSON.stringify(parcels) }],
      ...(isOpen && isAllSent(order, refunds, parcels) ? { status: 'completed' } : {}),
    },
    key,
  );
  const note = `Shipped with ${report.carrier}: ${report.number}${report.trackingUrl ? ` ${report.trackingUrl}` : ''}`;
  // The note is for people; the parcel is told without it.
  await api.post(`${path}/notes`, Made, { note, customer_note: false }, `${key}:note`).catch(onlyFault);
  return { reference: report.number };
}

function onlyFault(error: unknown): void {
  if (!(error instanceof Fault)) throw error;
}

function isAllSent(order: WooOrder, refunds: WooRefunds, parcels: readonly Parcel[]): boolean {
  const sent = (id: number): number =>
    parcels.flatMap(({ lines }) => lines).reduce((sum, line) => sum + (line.id === String(id) ? line.quantity : 0), 0);
  const back = (id: number): number =>
    refunds
      .flatMap(({ line_items: lines }) => lines)
      .reduce(
        (sum, line) => sum - (Number(line.meta_data?.find(({ key }) => key === '_refunded_item_id')?.value) === id ? line.quantity : 0),
        0,
      );
  return order.line_items.every(({ id, quantity }) => sent(id) + back(id) >= quantity);
}

async function whatBecameOf(api: Api, report: ShipmentReport): Promise<WhatBecame<Reported>> {
  const order = await api.get(`/orders/${encodeURIComponent(report.orderExternalId)}`, WooOrder);
  const found = parcelsOf(order).some(({ number }) => number === report.number);
  return found ? { outcome: 'happened', reply: { reference: report.number } } : { outcome: 'absent' };
}

async function probe(api: Api): Promise<StoreFound> {
  const orders = await api.get('/orders', Page, { per_page: '1' });
  const status = await api.get('/system_status', Status, { _fields: 'environment,settings' }).catch((error: unknown) => {
    if (!(error instanceof Fault)) throw error;
    return null;
  });
  const products = await api.get('/products', Page, { per_page: '100' });
  const version = status?.environment?.version;
  return {
    name: URL.parse(status?.environment?.home_url ?? '')?.hostname ?? '',
    currency: status?.settings?.currency ?? '',
    zone: '',
    words: [
      `It is WooCommerce${version ? ` ${version}` : ''}.`,
      orders.length > 0 ? 'It has orders.' : 'It has no orders yet.',
      products.length >= perPage ? `It has ${perPage} products or more.` : `It has ${products.length} products.`,
    ],
    troubles: [],
  };
}

/** One webhook a topic. Those that the shop switched off after failures are switched on again. */
async function listen(api: Api, url: string, secret: string): Promise<{ topics: string[]; mended: number }> {
  const known = (await api.get('/webhooks', WooHooks, { per_page: String(perPage) })).filter((hook) => hook.delivery_url === url);
  let mended = 0;
  for (const topic of topics) {
    const its = known.find((hook) => hook.topic === topic);
    if (its?.status === 'active') continue;
    mended += 1;
    if (its) await api.put(`/webhooks/${its.id}`, Made, { status: 'active', secret }, `hook:${topic}`);
    else
      await api.post(
        '/webhooks',
        Made,
        { name: `Stockless ${topic}`, topic, delivery_url: url, secret, status: 'active' },
        `hook:${topic}`,
      );
  }
  return { topics: [...topics], mended };
}
