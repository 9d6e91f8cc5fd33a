import { type Static, Type } from 'typebox';
import {
  allocationsOf,
  decisionsOf,
  documentsOf,
  eventsOf,
  exceptionsOfOrder,
  factsOfOrder,
  holdsOf,
  linesOf,
  listOrders,
  messagesOf,
  type OrderFilter,
  orderHead,
  packedIn,
  parcelsOf,
  purchasesOf,
  supplierNames,
} from '#modules/insight';
import type { Tx } from '#platform/db';
import { acts, actsOnMany } from './act.ts';
import { idIn, idOf, instantOf, listed } from './check.ts';
import type { ApiDeps } from './deps.ts';
import { IdParam, pagingOf, reads, type Rooms } from './route.ts';
import { List, ListQuery, Text } from './schemas.ts';
import { OrderDetail, OrderRow } from './schemas-orders.ts';
import { documentOf, exceptionOf, factOf, messageOf, pageOf, parcelWith, purchaseOf } from './show.ts';
import { decisionOf, headOf, holdOf, lineOf, orderOf } from './show-order.ts';

const Query = ListQuery({
  status: Type.Optional(Text(400, { description: 'One or several, with commas' })),
  state: Type.Optional(Text(200)),
  channel: Type.Optional(Text(60)),
  supplier: Type.Optional(Text(60)),
  country: Type.Optional(Type.String({ pattern: '^[A-Z]{2}$' })),
  hold: Type.Optional(Text(40)),
  test: Type.Optional(Type.Boolean()),
  attention: Type.Optional(Type.Boolean({ description: 'Only those with an open exception' })),
  placed_from: Type.Optional(Text(40)),
  placed_to: Type.Optional(Text(40)),
  q: Type.Optional(Text(200, { description: 'Number, name, e-mail, phone, postcode, tracking, purchase order or SKU' })),
});

function filterOf(query: Static<typeof Query>): OrderFilter {
  const { channel, supplier, country, hold, test, attention, placed_from, placed_to, q } = query;
  const status = listed(query.status);
  const state = listed(query.state);
  return {
    ...(status ? { status } : {}),
    ...(state ? { state } : {}),
    ...(channel === undefined ? {} : { channel: idOf('channel', channel, 'channel') }),
    ...(supplier === undefined ? {} : { supplier: idOf('supplier', supplier, 'supplier') }),
    ...(country === undefined ? {} : { country }),
    ...(hold === undefined ? {} : { hold }),
    ...(test === undefined ? {} : { test }),
    ...(attention === undefined ? {} : { attention }),
    ...(placed_from === undefined ? {} : { placedFrom: instantOf(placed_from, 'placed_from') }),
    ...(placed_to === undefined ? {} : { placedTo: instantOf(placed_to, 'placed_to') }),
    ...(q === undefined || q.trim() === '' ? {} : { q }),
  };
}

export function orderRoutes(rooms: Rooms): void {
  const of = 'Orders';
  reads(
    rooms,
    '/orders',
    { needs: 'orders:read', summary: 'List orders, the newest first', of, query: Query, answer: List(OrderRow) },
    async (tx, { query }) => pageOf(await listOrders(tx, filterOf(query), pagingOf(query)), orderOf),
  );
  reads(
    rooms,
    '/orders/:id',
    { needs: 'orders:read', summary: 'Everything about one order', of, params: IdParam, answer: OrderDetail },
    (tx, { params }) => orderPage(tx, idIn('order', params.id), rooms.deps),
  );
  const act = (action: string, summary: string) =>
    acts(rooms, `/orders/:id/${action}`, { needs: 'orders:write', summary, of, kind: 'order', action });
  act('hold', 'Keep an order from going on');
  act('release', 'Let a held order go on');
  act('cancel', 'Cancel an order, or some of it');
  act('route', 'Route an order now, or again');
  act('note', "Write into an order's timeline");
  actsOnMany(rooms, '/orders/bulk', 'order', { needs: 'orders:write', summary: 'The same action to many orders', of });
}

/** Asked one after the other on one connection: each is an index look-up, and they all see the same moment. */
async function orderPage(tx: Tx, id: string, deps: ApiDeps): Promise<OrderDetail | null> {
  const head = await orderHead(tx, id);
  if (!head) return null;
  const lines = await linesOf(tx, id);
  const allocations = await allocationsOf(tx, id);
  const parcels = await parcelsOf(tx, id);
  const parcelIds = parcels.map((parcel) => parcel.id);
  const events = parcelIds.length > 0 ? await eventsOf(tx, parcelIds) : [];
  const packed = parcelIds.length > 0 ? await packedIn(tx, parcelIds) : [];
  const purchases = await purchasesOf(tx, id);
  const documents =
    purchases.length > 0
      ? await documentsOf(
          tx,
          purchases.map((purchase) => purchase.id),
        )
      : [];
  const decisions = await decisionsOf(tx, id);
  const suppliers = decisions.length > 0 ? await supplierNames(tx) : new Map<string, string>();
  const parts = { currency: head.currency, allocations, parcels, packed };
  return {
    ...headOf(head),
    items: lines.map((line) => lineOf(line, parts)),
    holdHistory: (await holdsOf(tx, id)).map(holdOf),
    decisions: decisions.map((decision) => decisionOf(decision, lines, suppliers)),
    purchases: purchases.map(purchaseOf),
    documents: documents.map(documentOf),
    parcels: parcels.map((parcel) => parcelWith(parcel, events)),
    openExceptions: (await exceptionsOfOrder(tx, id)).map(exceptionOf),
    timeline: (await factsOfOrder(tx, id)).map(factOf),
    messages: (await messagesOf(tx, id)).map(messageOf),
    trackingUrl: (await deps.trackingUrl?.(tx, id)) ?? null,
  };
}
