import { Type } from 'typebox';
import { problem } from '#kernel/problem';
import {
  attemptsOf,
  changesOf,
  documentBytes,
  documentsOf,
  eventsOf,
  factsOfSubject,
  listParcels,
  listPurchases,
  parcelHead,
  parcelsOfPurchase,
  purchaseHead,
  purchaseLines,
} from '#modules/insight';
import type { Tx } from '#platform/db';
import { acts } from './act.ts';
import { idIn, idOf, listed } from './check.ts';
import { callerIn, IdParam, pagingOf, reads, type Rooms, schemaOf } from './route.ts';
import { List, ListQuery, Text } from './schemas.ts';
import { ParcelDetail, ParcelRow, PurchaseDetail, PurchaseRow } from './schemas-parts.ts';
import { addressOf, attemptOf, changeOf, documentOf, factOf, pageOf, parcelOf, parcelWith, purchaseLineOf, purchaseOf } from './show.ts';
import { showId } from '#kernel/id';

const Query = ListQuery({
  transmission: Type.Optional(Text(200, { description: 'One or several, with commas' })),
  supplier: Type.Optional(Text(60)),
  order: Type.Optional(Text(60)),
  late: Type.Optional(Type.Boolean({ description: 'Past the clock that runs on it' })),
  q: Type.Optional(Text(60, { description: 'What its number begins with' })),
});

const DocumentParams = Type.Object({ ...IdParam.properties, document: Type.String({ maxLength: 60 }) });

export function purchaseRoutes(rooms: Rooms): void {
  const of = 'Purchase orders';
  const needs = 'purchases:read';
  reads(
    rooms,
    '/purchases',
    { needs, summary: 'List purchase orders, the newest first', of, query: Query, answer: List(PurchaseRow) },
    async (tx, { query }) => {
      const { supplier, order, late, q } = query;
      const transmission = listed(query.transmission);
      const filter = {
        ...(transmission ? { transmission } : {}),
        ...(supplier === undefined ? {} : { supplier: idOf('supplier', supplier, 'supplier') }),
        ...(order === undefined ? {} : { order: idOf('order', order, 'order') }),
        ...(late === undefined ? {} : { late }),
        ...(q === undefined || q.trim() === '' ? {} : { q }),
      };
      return pageOf(await listPurchases(tx, filter, pagingOf(query)), purchaseOf);
    },
  );
  reads(
    rooms,
    '/purchases/:id',
    { needs, summary: 'Everything about one purchase order', of, params: IdParam, answer: PurchaseDetail },
    (tx, { params }) => purchasePage(tx, idIn('purchase', params.id)),
  );
  documentRoute(rooms, of);
  const act = (action: string, summary: string) =>
    acts(rooms, `/purchases/:id/${action}`, { needs: 'purchases:write', summary, of, kind: 'purchase', action });
  act('resend', 'Send it again, under the same key');
  act('accept', 'Accept it for the supplier');
  act('cancel', 'Ask the supplier to cancel it');
  act('remind', 'Remind the supplier');
}

async function purchasePage(tx: Tx, id: string): Promise<PurchaseDetail | null> {
  const head = await purchaseHead(tx, id);
  if (!head) return null;
  const documents = (await documentsOf(tx, [id])).map(documentOf);
  const changes = await changesOf(tx, id);
  return {
    ...purchaseOf(head),
    service: head.service,
    shipTo: addressOf(head.ship_to),
    items: (await purchaseLines(tx, id)).map((line) => purchaseLineOf(line, head.currency)),
    documents,
    answers: documents.filter(({ direction }) => direction === 'in'),
    changes: changes.map(changeOf),
    attempts: (await attemptsOf(tx, [id, ...changes.map((change) => change.id)])).map(attemptOf),
    parcels: (await parcelsOfPurchase(tx, id)).map(({ id: parcel, carrier, number, milestone }) => ({
      id: showId('parcel', parcel),
      carrier,
      number,
      milestone,
    })),
    timeline: (await factsOfSubject(tx, head.order_id, id)).map(factOf),
  };
}

/** Types that a browser may show beside our own page without running anything in them. */
const harmless = new Set(['application/pdf', 'text/plain', 'text/csv', 'application/json']);

/** The document as it went out or came in, byte for byte. */
function documentRoute({ app, deps }: Rooms, of: string): void {
  app.route({
    method: 'GET',
    url: '/purchases/:id/documents/:document',
    schema: {
      ...schemaOf({
        needs: 'purchases:read',
        summary: 'The very document, byte for byte',
        of,
        params: DocumentParams,
        answer: Type.Unknown(),
      }),
      produces: ['application/octet-stream'],
    },
    config: { needs: 'purchases:read' },
    handler: async (request, reply) => {
      const { id, document } = request.params as { id: string; document: string };
      const found = await deps.db.tx(callerIn(request).tenant.id, (tx) =>
        documentBytes(tx, idIn('purchase', id), idIn('document', document)),
      );
      if (!found) throw problem('not-found', 'This purchase order has no such document.');
      const plain = found.type.split(';')[0]?.trim().toLowerCase() ?? '';
      const type = harmless.has(plain) ? `${plain}${plain.startsWith('text/') ? '; charset=utf-8' : ''}` : 'application/octet-stream';
      const name = found.name.replaceAll(/[^\w.-]+/g, '_').slice(0, 120) || 'document';
      return reply
        .type(type)
        .header('content-disposition', `${harmless.has(plain) ? 'inline' : 'attachment'}; filename="${name}"`)
        .header('content-security-policy', "default-src 'none'; sandbox")
        .send(Buffer.from(found.bytes));
    },
  });
}

const ParcelQuery = ListQuery({
  milestone: Type.Optional(Text(400, { description: 'One or several, with commas' })),
  carrier: Type.Optional(Text(60)),
  number: Type.Optional(Text(60)),
  supplier: Type.Optional(Text(60)),
  delayed: Type.Optional(Type.Boolean()),
  unscanned: Type.Optional(Type.Boolean({ description: 'Labelled and never seen by the carrier' })),
});

export function parcelRoutes(rooms: Rooms): void {
  const of = 'Parcels';
  const needs = 'parcels:read';
  reads(
    rooms,
    '/parcels',
    { needs, summary: 'List parcels, the newest first', of, query: ParcelQuery, answer: List(ParcelRow) },
    async (tx, { query }) => {
      const { carrier, number, supplier, delayed, unscanned } = query;
      const milestone = listed(query.milestone);
      const filter = {
        ...(milestone ? { milestone } : {}),
        ...(carrier === undefined ? {} : { carrier }),
        ...(number === undefined ? {} : { number }),
        ...(supplier === undefined ? {} : { supplier: idOf('supplier', supplier, 'supplier') }),
        ...(delayed === undefined ? {} : { delayed }),
        ...(unscanned === undefined ? {} : { unscanned }),
      };
      return pageOf(await listParcels(tx, filter, pagingOf(query)), parcelOf);
    },
  );
  reads(
    rooms,
    '/parcels/:id',
    { needs, summary: 'One parcel with its events', of, params: IdParam, answer: ParcelDetail },
    async (tx, { params }) => {
      const id = idIn('parcel', params.id);
      const head = await parcelHead(tx, id);
      return head ? parcelWith(head, await eventsOf(tx, [id])) : null;
    },
  );
}
