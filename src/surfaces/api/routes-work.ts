import { type Static, Type } from 'typebox';
import { type IdKind, showId } from '#kernel/id';
import {
  arrivalById,
  type ExceptionFilter,
  exceptionById,
  exceptionGroups,
  exceptionsOfCauses,
  listArrivals,
  listExceptions,
  listFacts,
  runById,
  search,
} from '#modules/insight';
import { acts, actsOnMany, fixes } from './act.ts';
import { idIn, idOf } from './check.ts';
import { makeHome } from './home.ts';
import { asText, maskBody, maskHeaders } from './mask.ts';
import { IdParam, pagingOf, reads, type Rooms } from './route.ts';
import { Fact, List, ListQuery, Text } from './schemas.ts';
import { ExceptionGroup, ExceptionRow } from './schemas-parts.ts';
import { ArrivalDetail, ArrivalRow, Home, RunDetail, SearchAnswer } from './schemas-work.ts';
import { at, exceptionOf, factOf, groupOf, maybeAt, pageOf } from './show.ts';
import { arrivalOf, runOf } from './show-parties.ts';

export function homeRoutes(rooms: Rooms): void {
  const home = makeHome(rooms.deps);
  reads(
    rooms,
    '/home',
    { needs: 'orders:read', summary: 'Is today all right, what needs me, what drifts', of: 'Home', answer: Home },
    (tx, { caller }) => home(tx, caller.tenant),
  );
  const Query = Type.Object({ q: Type.String({ minLength: 1, maxLength: 200 }) }, { additionalProperties: false });
  reads(
    rooms,
    '/search',
    { needs: 'orders:read', summary: 'Find anything by what people call it', of: 'Home', query: Query, answer: SearchAnswer },
    async (tx, { query }) => ({
      data: (await search(tx, query.q)).map((hit) => ({
        kind: hit.kind,
        id: showId(hit.kind, hit.id),
        title: hit.title,
        detail: hit.detail,
        at: maybeAt(hit.at),
        order: hit.order_id === null ? null : showId('order', hit.order_id),
      })),
    }),
  );
  reads(
    rooms,
    '/runs/:id',
    { needs: 'catalog:read', summary: 'How far a long run is', of: 'Feeds', params: IdParam, answer: RunDetail },
    async (tx, { params }) => {
      const run = await runById(tx, idIn('run', params.id));
      return run ? runOf(run) : null;
    },
  );
}

const ExceptionQuery = ListQuery({
  grouped: Type.Optional(Type.Boolean({ description: 'By cause: `data` are groups then' })),
  state: Type.Optional(Type.Enum(['open', 'snoozed', 'resolved'])),
  kind: Type.Optional(Text(60)),
  cause: Type.Optional(Text(300)),
  supplier: Type.Optional(Text(60)),
  channel: Type.Optional(Text(60)),
  order: Type.Optional(Text(60)),
});

function exceptionFilter(query: Static<typeof ExceptionQuery>): ExceptionFilter {
  const { state, kind, cause } = query;
  const of = (name: IdKind & ('supplier' | 'channel' | 'order')) =>
    query[name] === undefined ? {} : { [name]: idOf(name, query[name], name) };
  return {
    ...(state === undefined ? {} : { state }),
    ...(kind === undefined ? {} : { kind }),
    ...(cause === undefined ? {} : { cause }),
    ...of('supplier'),
    ...of('channel'),
    ...of('order'),
  };
}

export function exceptionRoutes(rooms: Rooms): void {
  const of = 'Exceptions';
  const needs = 'exceptions:read';
  const Answer = Type.Union([List(ExceptionRow), List(ExceptionGroup)]);
  reads(
    rooms,
    '/exceptions',
    { needs, summary: 'What needs a person, the longest waiting first, or by cause', of, query: ExceptionQuery, answer: Answer },
    async (tx, { query }) => {
      const filter = exceptionFilter(query);
      if (!query.grouped) return pageOf(await listExceptions(tx, filter, pagingOf(query)), exceptionOf);
      const groups = await exceptionGroups(tx, filter);
      const items = await exceptionsOfCauses(
        tx,
        filter,
        groups.map(({ cause }) => cause),
      );
      return { data: groups.map((group) => groupOf(group, items)), next: null };
    },
  );
  reads(
    rooms,
    '/exceptions/:id',
    { needs, summary: 'One exception', of, params: IdParam, answer: ExceptionRow },
    async (tx, { params }) => {
      const found = await exceptionById(tx, idIn('exception', params.id));
      return found ? exceptionOf(found) : null;
    },
  );
  fixes(rooms);
  actsOnMany(rooms, '/exceptions/bulk', 'exception', { needs: 'exceptions:write', summary: 'The same fix to many', of });
  acts(rooms, '/exceptions/:id/snooze', {
    needs: 'exceptions:write',
    summary: 'Put it off until an instant',
    of,
    kind: 'exception',
    action: 'snooze',
  });
}

const mostBodyBytes = 262_144;

export function arrivalRoutes(rooms: Rooms): void {
  const of = 'Arrivals';
  const needs = 'arrivals:read';
  const Query = ListQuery({
    state: Type.Optional(Type.Enum(['received', 'read', 'refused'])),
    kind: Type.Optional(Text(40)),
    channel: Type.Optional(Text(60)),
    supplier: Type.Optional(Text(60)),
  });
  reads(
    rooms,
    '/arrivals',
    { needs, summary: 'What came in, the newest first', of, query: Query, answer: List(ArrivalRow) },
    async (tx, { query }) => {
      const { state, kind, channel, supplier } = query;
      const source =
        channel !== undefined
          ? `channel:${idOf('channel', channel, 'channel')}`
          : supplier !== undefined
            ? `supplier:${idOf('supplier', supplier, 'supplier')}`
            : undefined;
      const filter = {
        ...(state === undefined ? {} : { state }),
        ...(kind === undefined ? {} : { kind }),
        ...(source === undefined ? {} : { source }),
      };
      return pageOf(await listArrivals(tx, filter, pagingOf(query)), arrivalOf);
    },
  );
  reads(
    rooms,
    '/arrivals/:id',
    { needs, summary: 'One of them as it came', of, params: IdParam, answer: ArrivalDetail },
    async (tx, { params, caller }) => {
      const found = await arrivalById(tx, idIn('arrival', params.id), mostBodyBytes);
      if (!found) return null;
      const { text, isText } = asText(found.body);
      const whole = caller.rights.has('arrivals:write');
      return {
        ...arrivalOf(found),
        headers: maskHeaders(found.headers),
        body: whole || !isText ? (whole ? text : '') : maskBody(text),
        isText,
        cut: found.size > mostBodyBytes,
        lastAt: at(found.last_at),
      };
    },
  );
  acts(rooms, '/arrivals/:id/read-again', {
    needs: 'arrivals:write',
    summary: 'Read it once more',
    of,
    kind: 'arrival',
    action: 'read-again',
  });
}

export function factRoutes(rooms: Rooms): void {
  const Query = ListQuery({ type: Type.Optional(Text(80)), actor: Type.Optional(Text(80)) });
  reads(
    rooms,
    '/facts',
    { needs: 'facts:read', summary: 'What happened, the newest first', of: 'Facts', query: Query, answer: List(Fact) },
    async (tx, { query }) => {
      const { type, actor } = query;
      const filter = { ...(type === undefined ? {} : { type }), ...(actor === undefined ? {} : { actor: rawActor(actor) }) };
      return pageOf(await listFacts(tx, filter, pagingOf(query)), factOf);
    },
  );
}

const actorKinds: Record<string, IdKind> = { person: 'user', key: 'key', supplier: 'supplier', channel: 'channel' };

/** An actor as it was shown, the way it is kept. */
function rawActor(shown: string): string {
  const [kind = '', id = ''] = shown.split(':');
  return actorKinds[kind] && id !== '' ? `${kind}:${idOf(actorKinds[kind], id, 'actor')}` : shown;
}
