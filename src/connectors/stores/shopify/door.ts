import { followPage, readSweep, sweepSince } from '#kernel/sweep';
import { Fault } from '#kernel/fault';
import { textOf } from '#kernel/text';
import type { Clock } from '#kernel/time';
import type { Api } from '#ports/api';
import type { ChannelDocument, ChannelDoor, Reported, ShipmentReport, StoreFound, WhatBecame } from '#ports/channel';
import {
  AddHook,
  addHook,
  Fulfil,
  fulfil,
  Hooks,
  hooks,
  Look,
  look,
  MoreLines,
  moreLines,
  OrdersNamed,
  ordersNamed,
  OrdersPage,
  ordersPage,
  ordersPerPage,
  Parcels,
  parcels,
  ToFulfil,
  toFulfil,
} from './documents.ts';
import { gidOf, type Graph, graphOf, insist, numberOf } from './graph.ts';
import { say, whatBecameOfSaying } from './say.ts';
import { scopes } from './scopes.ts';
import { isStockPlace, shelfOf } from './shelf.ts';

const topics = ['ORDERS_CREATE', 'ORDERS_UPDATED', 'ORDERS_CANCELLED', 'PRODUCTS_UPDATE', 'APP_UNINSTALLED'] as const;

export function shopifyStore(api: Api, clock: Clock, location: string): ChannelDoor {
  const graph = graphOf(api);
  const shelf = shelfOf(graph, location);
  return {
    orders: async (cursor, limit) => {
      const from = readSweep(cursor);
      const { orders } = await graph.ask(ordersPage, OrdersPage, {
        first: Math.min(limit, ordersPerPage),
        ...(from.id ? { after: from.id } : {}),
        ...(from.after ? { query: `updated_at:>='${from.after}'` } : {}),
      });
      const { hasNextPage, endCursor } = orders.pageInfo;
      const latest = orders.nodes.reduce<string>(
        (late, node) => laterOf(late, (node as { updatedAt?: unknown } | null)?.updatedAt),
        from.after,
      );
      // Pages go on by Shopify's own cursor from one beginning; the time moves when the sweep is at its end.
      const to = hasNextPage && endCursor ? { ...from, id: endCursor } : { ...from, after: latest, id: '' };
      return { documents: await wholeOf(graph, orders.nodes), ...followPage(from, to, hasNextPage, clock) };
    },
    since: sweepSince,
    named: async (ids) => {
      const documents: ChannelDocument[] = [];
      for (let from = 0; from < ids.length; from += ordersPerPage) {
        const some = ids.slice(from, from + ordersPerPage).map((id) => gidOf('Order', id));
        documents.push(...(await wholeOf(graph, (await graph.ask(ordersNamed, OrdersNamed, { ids: some })).nodes)));
      }
      return documents;
    },
    reportShipment: (report, key) => reportShipment(graph, report, key),
    whatBecameOf: (report) => whatBecameOf(graph, report),
    publish: (rows, currency, key) => shelf.publish(rows, currency, key),
    published: (cursor, currency) => shelf.published(cursor, currency),
    probe: () => probe(graph, location),
    listen: (url) => listen(graph, url),
    say: (order, saying, key) => say(graph, order, saying, key),
    whatBecameOfSaying: (order, saying) => whatBecameOfSaying(graph, order, saying),
  };
}

const laterOf = (one: string, other: unknown): string =>
  typeof other === 'string' && /^\d{4}-\d\d-\d\dT/.test(other) && other > one ? other : one;

type Lines = { nodes: unknown[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } };

/** Orders with all of their lines: those of more than the first ten are asked for the rest. One that is gone is left out. */
async function wholeOf(graph: Graph, nodes: readonly unknown[]): Promise<ChannelDocument[]> {
  const documents: ChannelDocument[] = [];
  for (const node of nodes) {
    if (node === null) continue;
    const order = node as { id?: unknown; name?: unknown; lineItems?: Lines };
    let { lineItems: lines } = order;
    while (lines?.pageInfo?.hasNextPage && lines.nodes.length < 10_000) {
      const more: Lines | undefined = (await graph.ask(moreLines, MoreLines, { id: order.id, after: lines.pageInfo.endCursor })).order
        ?.lineItems;
      if (!more || more.nodes.length === 0) break;
      lines = { nodes: [...lines.nodes, ...more.nodes], pageInfo: more.pageInfo };
    }
    const object = numberOf(textOf(order.id));
    const body = new TextEncoder().encode(JSON.stringify(lines ? { ...order, lineItems: lines } : order));
    documents.push({ object, name: `Order ${textOf(order.name, object)}`, body });
  }
  return documents;
}

/** Fulfilment orders that can be shipped from; those on hold or scheduled wait for somebody in the shop. */
const open = new Set(['OPEN', 'IN_PROGRESS', 'INCOMPLETE']);

const companies: Readonly<Record<string, string>> = {
  ups: 'UPS',
  usps: 'USPS',
  fedex: 'FedEx',
  dhl: 'DHL Express',
  gls: 'GLS',
  dpd: 'DPD',
};

/** One fulfilment for the parcel, with its units taken from the fulfilment orders that still have them. */
async function reportShipment(graph: Graph, report: ShipmentReport, key: string): Promise<Reported> {
  const { order } = await graph.ask(toFulfil, ToFulfil, { id: gidOf('Order', report.orderExternalId) });
  if (!order) throw new Fault('refused', 'no-such-order', `Shopify has no order ${report.orderExternalId}.`);
  const left = new Map(report.lines.map(({ externalId, quantity }) => [externalId, quantity]));
  const parts = order.fulfillmentOrders.nodes
    .filter(({ status }) => open.has(status))
    .map(({ id, lineItems }) => ({
      fulfillmentOrderId: id,
      fulfillmentOrderLineItems: lineItems.nodes.flatMap((line) => {
        const wanted = left.get(numberOf(line.lineItem.id)) ?? 0;
        const quantity = Math.min(wanted, line.remainingQuantity);
        if (quantity <= 0) return [];
        left.set(numberOf(line.lineItem.id), wanted - quantity);
        return [{ id: line.id, quantity }];
      }),
    }))
    .filter(({ fulfillmentOrderLineItems: lines }) => lines.length > 0);
  const missing = [...left].filter(([, quantity]) => quantity > 0);
  if (missing.length > 0) {
    const states = [...new Set(order.fulfillmentOrders.nodes.map(({ status }) => status.toLowerCase()))].join(', ') || 'none';
    throw new Fault(
      'refused',
      'nothing-to-fulfil',
      `Order ${order.name} has no more of line ${missing[0]?.[0]} to ship (${states}). Release its hold in Shopify, or leave it.`,
    );
  }
  const { fulfillmentCreate: made } = await graph.say(
    fulfil,
    Fulfil,
    {
      fulfillment: {
        lineItemsByFulfillmentOrder: parts,
        notifyCustomer: false,
        trackingInfo: {
          company: companies[report.carrier] ?? report.carrier,
          number: report.number,
          ...(report.trackingUrl ? { url: report.trackingUrl } : {}),
        },
      },
    },
    key,
  );
  insist(made?.userErrors, `the parcel of order ${order.name}`);
  return { reference: numberOf(made?.fulfillment?.id ?? '') };
}

async function whatBecameOf(graph: Graph, report: ShipmentReport): Promise<WhatBecame<Reported>> {
  const { order } = await graph.ask(parcels, Parcels, { id: gidOf('Order', report.orderExternalId) });
  const found = order?.fulfillments.find(
    ({ status, trackingInfo }) => status !== 'CANCELLED' && trackingInfo.some(({ number }) => number === report.number),
  );
  return found ? { outcome: 'happened', reply: { reference: numberOf(found.id) } } : { outcome: 'absent' };
}

async function probe(graph: Graph, location: string): Promise<StoreFound> {
  const { shop, locations, currentAppInstallation: app, productVariantsCount: count } = await graph.ask(look, Look);
  const places = locations.nodes.filter(isStockPlace);
  const chosen = location === '' ? places[0] : locations.nodes.find(({ id }) => numberOf(id) === location);
  const granted = new Set(app.accessScopes.map(({ handle }) => handle));
  // Who may write may read.
  const has = (scope: string): boolean => granted.has(scope) || granted.has(scope.replace(/^read_/, 'write_'));
  const missing = scopes.filter(({ name }) => !has(name));
  return {
    name: shop.name,
    currency: shop.currencyCode,
    zone: shop.ianaTimezone,
    words: [
      `${shop.name} keeps its books in ${shop.currencyCode}.`,
      ...(count ? [`It has ${count.count} variants.`] : []),
      ...(chosen ? [`Stock is kept at ${chosen.name}.`] : []),
      granted.has('read_all_orders') ? 'Orders of any age can be read.' : 'Orders of the last 60 days can be read.',
    ],
    troubles: [
      ...missing.map(({ name, why }) => `The app lacks the scope ${name}, ${why}.`),
      ...(chosen ? [] : [location === '' ? 'No location of it ships online orders.' : `It has no location ${location}.`]),
    ],
  };
}

/** One webhook a topic. Shopify takes those away whose deliveries fail for hours; what is missing is made again. */
async function listen(graph: Graph, url: string): Promise<{ topics: string[]; mended: number }> {
  const known = new Set((await graph.ask(hooks, Hooks, { uri: url })).webhookSubscriptions.nodes.map(({ topic }) => topic));
  let mended = 0;
  for (const topic of topics) {
    if (known.has(topic)) continue;
    mended += 1;
    const { webhookSubscriptionCreate: made } = await graph.say(
      addHook,
      AddHook,
      { topic, hook: { uri: url, format: 'JSON' } },
      `hook:${topic}`,
    );
    insist(made?.userErrors, `the webhook ${topic}`);
  }
  return { topics: topics.map((topic) => topic.toLowerCase().replace('_', '/')), mended };
}
