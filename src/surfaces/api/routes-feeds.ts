import { Readable } from 'node:stream';
import { type Static, Type } from 'typebox';
import type { FeedMapping } from '#formats/feed';
import { readId, showId } from '#kernel/id';
import { problem } from '#kernel/problem';
import {
  appliedAfter,
  changesOf,
  countChanges,
  defaultFeedSettings,
  type FeedLimits,
  guardHistory,
  guardNames,
  moversOf,
  netChange,
  wouldFire,
} from '#modules/catalog';
import { feedRunSeen, feedsOf } from '#modules/insight';
import { acts } from './act.ts';
import { idIn, idOf } from './check.ts';
import type { FeedDesk } from './deps-feeds.ts';
import { callerIn, IdParam, reads, route, type Rooms, schemaOf } from './route.ts';
import { bounded, feedTypes, mostFeedBytes } from './routes-parties.ts';
import { Id, List, ListQuery, Text } from './schemas.ts';
import {
  FeedDetail,
  FeedPreview,
  FeedRow,
  FeedRunDetail,
  GuardHistory,
  OfferChangeRow,
  FeedPreviewAsk,
  FeedPreviewSource,
} from './schemas-feeds.ts';
import { changeOf, feedDetailOf, feedOf, feedRunDetailOf, previewOf } from './show-feeds.ts';

const of = 'Feeds';
const needs = 'catalog:read';

export function feedRoutes(rooms: Rooms): void {
  // What was put on the list by a request is worked on beside the next ones, not at the next sweep.
  rooms.app.addHook('onResponse', async (request, reply) => {
    if (request.method === 'POST' && reply.statusCode < 300 && /^\/v1\/(?:feed-runs|exceptions)\//.test(request.url) && request.caller)
      rooms.deps.feeds?.work(request.caller.tenant.id);
  });
  reads(rooms, '/feeds', { needs, summary: 'All feeds with their freshness and last runs', of, answer: List(FeedRow) }, async (tx) => ({
    data: (await feedsOf(tx)).map(feedOf),
    next: null,
  }));
  reads(
    rooms,
    '/feeds/:id',
    { needs, summary: "A supplier's feed with its settings", of, params: IdParam, answer: FeedDetail },
    async (tx, { params }) => {
      const [row] = await feedsOf(tx, { supplier: idIn('supplier', params.id) });
      return row ? feedDetailOf(row) : null;
    },
  );
  const about = { needs: 'catalog:write', of, kind: 'feed' } as const;
  acts(rooms, '/feeds/:id', { ...about, method: 'PATCH', summary: 'Change how a feed is read, guarded and fetched', action: 'change' });
  acts(rooms, '/feeds/:id/run', { ...about, summary: 'Look for a new file now', action: 'run' });
  acts(rooms, '/feeds/:id/pause', { ...about, summary: 'Look for no files', action: 'pause' });
  acts(rooms, '/feeds/:id/resume', { ...about, summary: 'Look for files again', action: 'resume' });
  guardRoutes(rooms);
  compareRoute(rooms);
  runRoutes(rooms);
  previewRoutes(rooms);
  fileRoutes(rooms);
}

const historyRuns = 30;
const Limits = Type.Object(
  Object.fromEntries(
    ['vanished', 'costRows', 'zeroed', 'yield', 'zeroCost', 'damaged', 'shrunk'].map((name) => [
      name,
      Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
    ]),
  ),
  { additionalProperties: false },
);
const limitOf: Readonly<Record<string, keyof FeedLimits>> = {
  vanished: 'vanished',
  cost_jump: 'costRows',
  zeroed: 'zeroed',
  yield: 'yield',
  zero_cost: 'zeroCost',
  damaged: 'damaged',
  truncated: 'shrunk',
};

function guardRoutes(rooms: Rooms): void {
  reads(
    rooms,
    '/feeds/:id/guards',
    {
      needs,
      summary: 'How often each guard held a run, and would have under other limits',
      of,
      params: IdParam,
      query: Limits,
      answer: GuardHistory,
    },
    async (tx, { params, query }) => {
      const supplier = idIn('supplier', params.id);
      const [row] = await feedsOf(tx, { supplier });
      if (!row) return null;
      const history = await guardHistory(tx, supplier, historyRuns);
      const limits = { ...defaultFeedSettings.limits, ...(row.settings['limits'] as Partial<FeedLimits> | undefined) };
      const asked = query as Partial<FeedLimits>;
      return {
        runs: history.length,
        guards: guardNames.map((guard) => {
          const key = limitOf[guard];
          const limit = key === undefined ? undefined : (asked[key] ?? limits[key]);
          const seen = history.flatMap(({ guards }) => guards.filter((one) => one.guard === guard));
          const shares = seen.flatMap(({ count, of: all, limit: was }) => (was === null || all === 0 ? [] : [count / all]));
          return {
            guard,
            limit: limit ?? null,
            fired: seen.filter(({ why }) => why !== '').length,
            wouldFire: seen.filter((one) => wouldFire(one, limit)).length,
            most: shares.length === 0 ? null : guard === 'yield' ? Math.min(...shares) : Math.max(...shares),
          };
        }),
      };
    },
  );
}

function compareRoute(rooms: Rooms): void {
  const CompareQuery = Type.Object(
    {
      from: Type.Optional(Text(60, { description: 'The run before last unless said' })),
      to: Type.Optional(Text(60, { description: 'The last applied run unless said' })),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
      after: Type.Optional(Text(60)),
    },
    { additionalProperties: false },
  );
  reads(
    rooms,
    '/feeds/:id/compare',
    {
      needs,
      summary: 'What lies between two applied runs, offer by offer',
      of,
      params: IdParam,
      query: CompareQuery,
      answer: List(OfferChangeRow),
    },
    async (tx, { params, query }) => {
      const supplier = idIn('supplier', params.id);
      const [row] = await feedsOf(tx, { supplier });
      if (!row) return null;
      const [last, before] = row.runs.filter(({ state }) => state === 'applied');
      const to = query.to === undefined ? last?.id : idOf('run', query.to, 'to');
      const from = query.from === undefined ? before?.id : idOf('run', query.from, 'from');
      if (to === undefined || from === undefined) return { data: [], next: null };
      const later = await appliedAfter(tx, supplier, from);
      const place = later.findIndex(({ id }) => id === to);
      const between = later.slice(0, place + 1);
      if (place < 0) throw problem('invalid-field', '"to" is no run of this feed that was applied after "from".', { param: 'to' });
      if (between.some(({ has_changes }) => !has_changes))
        throw problem('wrong-state', 'What runs between them changed is not kept any longer.', { fix: 'Choose later runs.' });
      const limit = query.limit ?? 100;
      const rows = await netChange(
        tx,
        between.map(({ id }) => id),
        { after: query.after ? idOf('offer', query.after, 'after') : null, limit: limit + 1 },
      );
      return pageOfChanges(rows.map(changeOf), limit);
    },
  );
}

const pageOfChanges = (rows: Static<typeof OfferChangeRow>[], limit: number) => ({
  data: rows.slice(0, limit),
  next: rows.length > limit ? (rows[limit - 1]?.offer ?? null) : null,
});

function runRoutes(rooms: Rooms): void {
  const shownMovers = 20;
  reads(
    rooms,
    '/feed-runs/:id',
    { needs, summary: 'One run of a feed, for review', of, params: IdParam, answer: FeedRunDetail },
    async (tx, { params }) => {
      const id = idIn('run', params.id);
      const row = await feedRunSeen(tx, id);
      return row && feedRunDetailOf(row, await countChanges(tx, id), await moversOf(tx, id, shownMovers));
    },
  );
  const Query = ListQuery({
    what: Type.Optional(Type.Enum(['new', 'gone', 'back', 'cost', 'stock', 'currency', 'title', 'brand', 'gtin', 'mpn', 'pack', 'lead'])),
    flagged: Type.Optional(Type.Boolean()),
  });
  reads(
    rooms,
    '/feed-runs/:id/changes',
    {
      needs,
      summary: 'What a run changed or would change, offer by offer',
      of,
      params: IdParam,
      query: Query,
      answer: List(OfferChangeRow),
    },
    async (tx, { params, query }) => {
      const id = idIn('run', params.id);
      if (!(await feedRunSeen(tx, id))) return null;
      const limit = query.limit ?? 50;
      const after = query.after === undefined ? null : readId('offer', query.after);
      if (query.after !== undefined && after === null)
        throw problem('bad-request', 'The cursor in "after" is not one of this list.', { param: 'after' });
      const { what, flagged } = query;
      const rows = await changesOf(tx, id, {
        after,
        limit: limit + 1,
        ...(what === undefined ? {} : { what }),
        ...(flagged === undefined ? {} : { flagged }),
      });
      return pageOfChanges(rows.map(changeOf), limit);
    },
  );
  const about = { needs: 'catalog:write', of, kind: 'feed-run' } as const;
  acts(rooms, '/feed-runs/:id/release', { ...about, summary: 'Apply a held run, whole or in part', action: 'release' });
  acts(rooms, '/feed-runs/:id/reject', { ...about, summary: 'Leave a held run aside', action: 'reject' });
  acts(rooms, '/feed-runs/:id/replay', { ...about, summary: 'Read its file again by the mapping of today', action: 'replay' });
  acts(rooms, '/feed-runs/:id/roll-back', {
    ...about,
    summary: 'Put stock and cost back to what they were after this run',
    action: 'roll-back',
  });
  acts(rooms, '/feed-runs/:id/cancel', { ...about, summary: 'End a run that waits or is worked on', action: 'cancel' });
}

const deskOf = (rooms: Rooms): FeedDesk => {
  if (!rooms.deps.feeds) throw problem('not-ready', 'Feeds are not worked on by this process.');
  return rooms.deps.feeds;
};

function previewRoutes(rooms: Rooms): void {
  const answering = async (tenant: string, id: string, how: Static<typeof FeedPreviewAsk>): Promise<FeedPreview> => {
    const began = performance.now();
    const seen = await deskOf(rooms).look(tenant, id, {
      supplierId: how.supplier === undefined ? null : idOf('supplier', how.supplier, 'supplier'),
      ...(how.mapping ? { mapping: how.mapping as FeedMapping } : {}),
      ...(how.currency ? { currency: how.currency } : {}),
    });
    return previewOf(seen, Math.round(performance.now() - began));
  };
  const about = { needs: 'catalog:write', of, answer: FeedPreview } as const;
  route(
    rooms,
    'POST',
    '/feeds/preview/source',
    { ...about, summary: 'Fetch the file that a source would give, and say how it would be read', body: FeedPreviewSource },
    async ({ body, request }) => {
      const { tenant, actor } = callerIn(request);
      const supplierId = body.supplier === undefined ? null : idOf('supplier', body.supplier, 'supplier');
      const id = await deskOf(rooms).fetch(tenant.id, {
        supplierId,
        by: actor,
        transport: body.transport,
        settings: body.settings,
        secrets: body.secrets ?? {},
      });
      return answering(tenant.id, id, body);
    },
  );
  route(
    rooms,
    'POST',
    '/feeds/preview/:id',
    { ...about, summary: 'Read a file that was sent before by another mapping', params: IdParam, body: FeedPreviewAsk },
    ({ params, body, request }) => answering(callerIn(request).tenant.id, idIn('feedPreview', params.id), body),
  );
  const ImportBody = Type.Object({ supplier: Text(60) }, { additionalProperties: false });
  route(
    rooms,
    'POST',
    '/feeds/preview/:id/import',
    {
      needs: 'catalog:write',
      of,
      summary: 'Import a file that was looked at',
      params: IdParam,
      body: ImportBody,
      answer: Type.Object({ run: Id('run') }),
      status: 202,
    },
    async ({ params, body, request }) => {
      const { tenant, actor } = callerIn(request);
      const run = await deskOf(rooms).importKept(
        tenant.id,
        idIn('feedPreview', params.id),
        idOf('supplier', body.supplier, 'supplier'),
        actor,
      );
      deskOf(rooms).work(tenant.id);
      return { run: showId('run', run) };
    },
  );
  uploadRoute(rooms, about, answering);
}

function uploadRoute(
  rooms: Rooms,
  about: { needs: 'catalog:write'; of: string; answer: typeof FeedPreview },
  answering: (tenant: string, id: string, how: Static<typeof FeedPreviewAsk>) => Promise<FeedPreview>,
): void {
  void rooms.app.register(async (scope) => {
    for (const type of feedTypes) scope.addContentTypeParser(type, (_request, payload, done) => done(null, payload));
    const Query = Type.Object(
      {
        name: Type.Optional(Text(200)),
        supplier: Type.Optional(Text(60)),
        currency: Type.Optional(Type.String({ pattern: '^[A-Z]{3}$' })),
      },
      { additionalProperties: false },
    );
    scope.route({
      method: 'POST',
      url: '/feeds/preview',
      bodyLimit: mostFeedBytes,
      schema: schemaOf({ ...about, summary: 'Send a file and hear how it would be read; nothing is changed', query: Query }),
      config: { needs: 'catalog:write' },
      handler: async (request, reply) => {
        const { name, supplier, currency } = request.query as Static<typeof Query>;
        const type = request.headers['content-type']?.split(';')[0]?.trim() ?? '';
        if (!feedTypes.includes(type))
          throw problem('unsupported-content', 'A feed is sent as the body, as CSV, XML, JSON lines, gzip or application/octet-stream.');
        const { tenant, actor } = callerIn(request);
        const supplierId = supplier === undefined ? null : idOf('supplier', supplier, 'supplier');
        const id = await deskOf(rooms).keep(tenant.id, {
          supplierId,
          name: name ?? 'upload',
          by: actor,
          bytes: bounded(request.body as Readable),
        });
        return reply.send(await answering(tenant.id, id, { ...(supplier ? { supplier } : {}), ...(currency ? { currency } : {}) }));
      },
    });
  });
}

/** What a run brought, and what of it was not taken, as files. */
function fileRoutes(rooms: Rooms): void {
  const answer = Type.String({ description: 'The bytes' });
  const files = [
    ['/feed-runs/:id/file', 'The file as it came'],
    ['/feed-runs/:id/rejects', 'The rows that were not taken, with reasons, as a CSV that can be imported again'],
  ] as const;
  for (const [url, summary] of files)
    rooms.app.route({
      method: 'GET',
      url,
      schema: { summary, tags: [of], params: IdParam, response: { 200: answer } },
      // Bytes, not JSON.
      serializerCompiler: () => (data) => String(data),
      config: { needs },
      handler: async (request, reply) => {
        const id = idIn('run', (request.params as { id: string }).id);
        const tenant = callerIn(request).tenant.id;
        const { name, bytes } = url.endsWith('/file')
          ? await deskOf(rooms).raw(tenant, id)
          : { name: 'rejects.csv', bytes: await deskOf(rooms).rejects(tenant, id) };
        const safe = name.replaceAll(/[^\w. ()+-]/g, '_');
        return reply
          .header('content-disposition', `attachment; filename="${safe}"`)
          .type(url.endsWith('/file') ? 'application/octet-stream' : 'text/csv; charset=utf-8')
          .send(Readable.from(bytes));
      },
    });
}
