import { problemKinds, problemsOf, requiredFields } from '#modules/catalog';
import { pipeline, type Readable, Transform } from 'node:stream';
import { Type } from 'typebox';
import { showId } from '#kernel/id';
import { problem } from '#kernel/problem';
import {
  channelsOf,
  listArrivals,
  listFeedRuns,
  listOffers,
  listeningOf,
  listVariants,
  measureDays,
  openPurchasesOf,
  policiesOf,
  supplierNumbers,
  suppliersOf,
} from '#modules/insight';
import { acts } from './act.ts';
import { idIn, idOf } from './check.ts';
import { callerIn, IdParam, pagingOf, reads, type Rooms, schemaOf } from './route.ts';
import { Id, List, ListQuery, Text } from './schemas.ts';
import { ChannelDetail, ChannelRow, OfferRow, Policies, SupplierDetail, SupplierRow, VariantRow } from './schemas-parties.ts';
import { FeedRunRow } from './schemas-work.ts';
import { at, pageOf, purchaseOf } from './show.ts';
import {
  arrivalOf,
  channelOf,
  feedRunOf,
  healthOfSupplier,
  listeningShown,
  numbersOf,
  offerOf,
  policyOf,
  supplierMore,
  supplierOf,
  variantOf,
  withoutSecrets,
} from './show-parties.ts';

export function supplierRoutes(rooms: Rooms): void {
  const of = 'Suppliers';
  const needs = 'suppliers:read';
  const Query = Type.Object({ state: Type.Optional(Text(40)) }, { additionalProperties: false });
  reads(
    rooms,
    '/suppliers',
    { needs, summary: 'All suppliers, by rank', of, query: Query, answer: List(SupplierRow) },
    async (tx, { query }) => ({
      data: (await suppliersOf(tx, query.state === undefined ? {} : { state: query.state })).map(supplierOf),
      next: null,
    }),
  );
  reads(
    rooms,
    '/suppliers/:id',
    { needs, summary: 'Everything about one supplier', of, params: IdParam, answer: SupplierDetail },
    async (tx, { params }) => {
      const id = idIn('supplier', params.id);
      const [row] = await suppliersOf(tx, { id });
      if (!row) return null;
      const numbers = await supplierNumbers(tx, id, measureDays);
      const runs = await listFeedRuns(tx, { supplier: id }, { limit: 14, after: null });
      return {
        ...supplierOf(row),
        ...supplierMore(row),
        health: healthOfSupplier(row, numbers),
        numbers: numbersOf(numbers, measureDays, row.currency),
        feedRuns: runs.rows.map(feedRunOf),
        purchases: (await openPurchasesOf(tx, id, 20)).map(purchaseOf),
      };
    },
  );
  const about = { needs: 'suppliers:write', of, kind: 'supplier' } as const;
  acts(rooms, '/suppliers/:id', { ...about, method: 'PATCH', summary: 'Change a supplier', action: 'change' });
  acts(rooms, '/suppliers/:id/pause', { ...about, summary: 'Send it no new orders', action: 'pause' });
  acts(rooms, '/suppliers/:id/resume', { ...about, summary: 'Let orders go there again', action: 'resume' });
}

export function channelRoutes(rooms: Rooms): void {
  const of = 'Channels';
  const needs = 'channels:read';
  reads(rooms, '/channels', { needs, summary: 'All channels', of, answer: List(ChannelRow) }, async (tx) => ({
    data: (await channelsOf(tx)).map(channelOf),
    next: null,
  }));
  reads(
    rooms,
    '/channels/:id',
    { needs, summary: 'One channel with what came from it', of, params: IdParam, answer: ChannelDetail },
    async (tx, { params }) => {
      const id = idIn('channel', params.id);
      const [row] = await channelsOf(tx, { id });
      if (!row) return null;
      const arrivals = await listArrivals(tx, { source: `channel:${id}` }, { limit: 20, after: null });
      return {
        ...channelOf(row),
        settings: withoutSecrets(row.settings),
        createdAt: at(row.created_at),
        arrivals: arrivals.rows.map(arrivalOf),
        reports: { waiting: row.reports_waiting, failed: row.reports_failed },
        listening: listeningShown(await listeningOf(tx, id)),
      };
    },
  );
  const about = { needs: 'channels:write', of, kind: 'channel' } as const;
  acts(rooms, '/channels', {
    ...about,
    summary: 'Connect a channel; answers its hook address and secret, this once',
    action: 'create',
    status: 201,
  });
  acts(rooms, '/channels/:id', { ...about, method: 'PATCH', summary: 'Change a channel', action: 'change' });
}

export function catalogRoutes(rooms: Rooms): void {
  const needs = 'catalog:read';
  const OfferQuery = ListQuery({
    supplier: Type.Optional(Text(60)),
    sku: Type.Optional(Text(200, { description: "The supplier's SKU, or ours of a matched variant" })),
    state: Type.Optional(Type.Enum(['live', 'held', 'vanished'])),
    gtin: Type.Optional(Type.String({ pattern: '^[0-9]{8,14}$' })),
    variant: Type.Optional(Text(60)),
    matched: Type.Optional(Type.Boolean()),
    q: Type.Optional(Text(100, { description: "The supplier's SKU, a GTIN, or a word of the title" })),
  });
  reads(
    rooms,
    '/offers',
    { needs, summary: 'What suppliers offer, by supplier and SKU', of: 'Catalog', query: OfferQuery, answer: List(OfferRow) },
    async (tx, { query }) => {
      const { supplier, sku, state, gtin, variant, matched, q } = query;
      const filter = {
        ...(supplier === undefined ? {} : { supplier: idOf('supplier', supplier, 'supplier') }),
        ...(variant === undefined ? {} : { variant: idOf('variant', variant, 'variant') }),
        ...(sku === undefined ? {} : { sku }),
        ...(state === undefined ? {} : { state }),
        ...(matched === undefined ? {} : { matched }),
        ...(q === undefined || q.trim() === '' ? {} : { q: q.trim() }),
        ...(gtin === undefined ? {} : { gtin: gtin.padStart(14, '0') }),
      };
      return pageOf(await listOffers(tx, filter, pagingOf(query)), offerOf);
    },
  );
  const VariantQuery = ListQuery({
    q: Type.Optional(Text(100, { description: 'What the SKU begins with, a GTIN, or a word of the title' })),
    brand: Type.Optional(Text(200)),
    category: Type.Optional(Text(300)),
    problem: Type.Optional(Type.Enum([...problemKinds])),
  });
  reads(
    rooms,
    '/variants',
    { needs, summary: 'What we sell, by SKU', of: 'Catalog', query: VariantQuery, answer: List(VariantRow) },
    async (tx, { query }) => {
      const { brand, category, problem: kind } = query;
      const q = query.q?.trim() ?? '';
      const filter = {
        ...(q === '' ? {} : { q }),
        ...(brand === undefined ? {} : { brand }),
        ...(category === undefined ? {} : { category }),
        ...(kind === undefined ? {} : { within: problemsOf(tx, await requiredFields(tx), kind) }),
      };
      return pageOf(await listVariants(tx, filter, pagingOf(query)), variantOf);
    },
  );
  const RunQuery = ListQuery({
    supplier: Type.Optional(Text(60)),
    state: Type.Optional(Type.Enum(['running', 'applied', 'held', 'failed', 'cancelled'])),
  });
  reads(
    rooms,
    '/feed-runs',
    { needs, summary: 'Feed runs, the newest first', of: 'Feeds', query: RunQuery, answer: List(FeedRunRow) },
    async (tx, { query }) => {
      const { supplier, state } = query;
      const filter = {
        ...(supplier === undefined ? {} : { supplier: idOf('supplier', supplier, 'supplier') }),
        ...(state === undefined ? {} : { state }),
      };
      return pageOf(await listFeedRuns(tx, filter, pagingOf(query)), feedRunOf);
    },
  );
  importRoute(rooms);
}

/** XLSX and ZIP come as application/octet-stream too, whatever else a browser calls them. */
export const feedTypes = [
  'text/csv',
  'application/zip',
  'application/x-ndjson',
  'application/jsonl',
  'application/vnd.ms-excel',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'text/tab-separated-values',
  'text/xml',
  'application/xml',
  'application/gzip',
  'application/x-gzip',
  'application/octet-stream',
  'text/plain',
];
export const mostFeedBytes = 2_147_483_648;

/** Ends with a problem once more than a feed may have has come; and with the sender's connection, when that breaks. */
export function bounded(body: Readable): Readable {
  let size = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      if (size > mostFeedBytes) done(problem('too-large', 'A feed has two gigabytes at most.'));
      else done(null, chunk);
    },
  });
  pipeline(body, counted, () => {});
  return counted;
}

/** The file is the body, as it is; its name stands in the query. It is streamed on, never held in memory. */
function importRoute(rooms: Rooms): void {
  const Query = Type.Object({ name: Type.Optional(Text(200)) }, { additionalProperties: false });
  const Answer = Type.Object({ run: Id('run') });
  const Params = Type.Object({ supplier: Type.String({ maxLength: 60 }) });
  const { deps } = rooms;
  void rooms.app.register(async (scope) => {
    for (const type of feedTypes) scope.addContentTypeParser(type, (_request, payload, done) => done(null, payload));
    scope.route({
      method: 'POST',
      url: '/feeds/:supplier/import',
      bodyLimit: mostFeedBytes,
      schema: schemaOf({
        needs: 'catalog:write',
        summary: "Import a supplier's feed file",
        of: 'Feeds',
        params: Params,
        query: Query,
        answer: Answer,
        status: 202,
      }),
      config: { needs: 'catalog:write' },
      handler: async (request, reply) => {
        if (!deps.importFeed) throw problem('not-ready', 'Feeds are not imported by this process.');
        const { supplier } = request.params as { supplier: string };
        const { name } = request.query as { name?: string };
        const type = request.headers['content-type']?.split(';')[0]?.trim() ?? '';
        if (!feedTypes.includes(type))
          throw problem('unsupported-content', 'A feed is sent as the body, as CSV, XML, gzip or application/octet-stream.');
        const caller = callerIn(request);
        const file = {
          supplier: idIn('supplier', supplier),
          name: name ?? 'upload',
          type,
          by: caller.actor,
          bytes: bounded(request.body as Readable),
        };
        const { run } = await deps.importFeed(caller.tenant.id, file);
        return reply.code(202).send({ run: showId('run', run) });
      },
    });
  });
}

export function policyRoutes(rooms: Rooms): void {
  const of = 'Routing';
  reads(
    rooms,
    '/policies/routing',
    { needs: 'routing:read', summary: 'The live policy, the draft and what was before', of, answer: Policies },
    async (tx) => {
      const all = (await policiesOf(tx)).map(policyOf);
      return {
        live: all.find(({ state }) => state === 'live') ?? null,
        draft: all.find(({ state }) => state === 'draft') ?? null,
        history: all.filter(({ state }) => state === 'retired'),
      };
    },
  );
  const about = { needs: 'routing:write', of, kind: 'policy' } as const;
  acts(rooms, '/policies/routing', { ...about, method: 'PUT', summary: 'Write the draft', action: 'draft' });
  acts(rooms, '/policies/routing/publish', { ...about, summary: 'Make the draft live', action: 'publish' });
}
