import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Static, type TObject, type TSchema, Type } from 'typebox';
import { type IdKind, showId } from '#kernel/id';
import { Problem, problem } from '#kernel/problem';
import type { Right } from '#modules/identity';
import type { Tx } from '#platform/db';
import { answeredBefore, keepAnswer, oneOfMany } from '#platform/http';
import { checkerOf, idIn } from './check.ts';
import { type ActionKind, actionsOf, type Asked, type Outcome } from './deps.ts';
import { callerIn, IdParam, route, type Rooms } from './route.ts';
import { BulkDone, Done } from './schemas.ts';
import { inputOf } from './schemas-actions.ts';

export const WriteQuery = Type.Object(
  { dry_run: Type.Optional(Type.Boolean({ description: 'Do it, say what came of it, and undo it', default: false })) },
  { additionalProperties: false },
);

const idKindOf: Partial<Record<ActionKind, IdKind>> = {
  order: 'order',
  purchase: 'purchase',
  exception: 'exception',
  supplier: 'supplier',
  feed: 'supplier',
  'feed-run': 'run',
  channel: 'channel',
  arrival: 'arrival',
  price: 'publication',
  match: 'variant',
  undo: 'undo',
};

/** Carries the answer of a dry run out of the transaction that it undoes. */
class Undone extends Error {
  readonly answer: unknown;

  constructor(answer: unknown) {
    super('a dry run is undone');
    this.answer = answer;
  }
}

/** Work, its dry run and its repetition under a key, in one transaction. */
async function once<T>(
  { deps }: Rooms,
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  const caller = callerIn(request);
  const dryRun = (request.query as { dry_run?: boolean }).dry_run ?? false;
  const key = dryRun ? null : keyOf(request);
  const fingerprint = fingerprintOf(request);
  try {
    return await deps.db.tx(caller.tenant.id, async (tx) => {
      const before = key === null ? null : await answeredBefore(tx, key, fingerprint);
      if (before) {
        reply.header('idempotent-replay', 'true');
        return before.body as T;
      }
      const answer = await work(tx);
      if (dryRun) throw new Undone(answer);
      if (key !== null) await keepAnswer(tx, key, fingerprint, { status, body: answer });
      return answer;
    });
  } catch (error) {
    if (error instanceof Undone) return error.answer as T;
    throw error;
  }
}

function keyOf(request: FastifyRequest): string | null {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return null;
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw problem('bad-request', 'The Idempotency-Key has 1 to 255 visible ASCII letters.', { param: 'Idempotency-Key' });
  }
  return key;
}

/** Two requests are the same when method, address, body and caller are. */
const fingerprintOf = (request: FastifyRequest): string =>
  createHash('sha256')
    .update(JSON.stringify([request.method, request.url, request.body ?? null, request.caller?.actor]))
    .digest('base64url');

function doneOf(kind: ActionKind, { facts, said, made, more }: Outcome, dryRun: boolean): Done {
  const idKind = idKindOf[kind];
  return {
    dryRun,
    said,
    facts: facts.map(({ type, data }) => ({ type, data: { ...data } })),
    ...(made === undefined ? {} : { id: idKind ? showId(idKind, made) : made }),
    ...(more === undefined ? {} : { more: { ...more } }),
  };
}

export interface ActAbout {
  needs: Right;
  summary: string;
  of: string;
  kind: ActionKind;
  action: string;
  method?: 'POST' | 'PUT' | 'PATCH';
  status?: number;
}

/** A route that does one action: to what its path names, or to what the action makes. */
export function acts(rooms: Rooms, url: string, about: ActAbout): void {
  const { kind, action, status = 200 } = about;
  const idKind = idKindOf[kind];
  const params = url.includes(':id') ? IdParam : Type.Object({});
  route<TObject, typeof WriteQuery, TSchema, typeof Done>(
    rooms,
    about.method ?? 'POST',
    url,
    { ...about, params, query: WriteQuery, body: inputOf(kind, action), answer: Done, status },
    ({ params: given, query, body, request, reply }) => {
      const shown = (given as { id?: string }).id;
      const id = shown === undefined ? '' : idIn(idKind ?? 'order', shown);
      return once(rooms, request, reply, status, async (tx) =>
        doneOf(kind, await rooms.deps.act(tx, askedOf(request, kind, action, id, body)), query.dry_run ?? false),
      );
    },
  );
}

const askedOf = (request: FastifyRequest, kind: ActionKind, action: string, id: string, body: unknown): Asked => ({
  kind,
  action,
  id,
  by: callerIn(request).actor,
  input: (body ?? {}) as Record<string, unknown>,
});

const mostAtOnce = 200;
const Bulk = (kind: ActionKind) =>
  Type.Object(
    {
      action: Type.Enum([...(actionsOf[kind] as readonly string[])]),
      ids: Type.Array(Type.String({ maxLength: 60 }), { minItems: 1, maxItems: mostAtOnce, uniqueItems: true }),
      input: Type.Optional(Type.Record(Type.String({ maxLength: 60 }), Type.Unknown(), { maxProperties: 20 })),
    },
    { additionalProperties: false },
  );

/** The same action to many: each succeeds or fails for itself, all in one transaction, so that a repeated request repeats none. */
export function actsOnMany(rooms: Rooms, url: string, kind: ActionKind, about: { needs: Right; summary: string; of: string }): void {
  const idKind = idKindOf[kind] ?? 'order';
  route(rooms, 'POST', url, { ...about, query: WriteQuery, body: Bulk(kind), answer: BulkDone }, ({ query, body, request, reply }) => {
    const input = checkedInput(kind, body.action, body.input ?? {});
    return once(rooms, request, reply, 200, async (tx) => {
      const results: Static<typeof BulkDone>['results'] = [];
      for (const shown of body.ids) {
        const outcome = await oneOfMany(tx, async () =>
          rooms.deps.act(tx, askedOf(request, kind, body.action, idIn(idKind, shown), input)),
        );
        results.push(outcome instanceof Problem ? failedOf(shown, outcome) : { id: shown, said: outcome.said, problem: null });
      }
      const failed = results.filter((result) => result.problem !== null).length;
      return { dryRun: query.dry_run ?? false, done: results.length - failed, failed, results };
    });
  });
}

const failedOf = (id: string, { code, message, fix }: Problem): Static<typeof BulkDone>['results'][number] => ({
  id,
  said: '',
  problem: { code, detail: message, ...(fix === undefined ? {} : { fix }) },
});

/** An exception's action is named in the path, by the fix that its card shows. */
export function fixes(rooms: Rooms): void {
  const Named = Type.Object({ ...IdParam.properties, action: Type.String({ maxLength: 60 }) });
  const about = { needs: 'exceptions:write', summary: 'Fix an exception', of: 'Exceptions', params: Named, query: WriteQuery } as const;
  route(
    rooms,
    'POST',
    '/exceptions/:id/actions/:action',
    { ...about, body: Type.Record(Type.String({ maxLength: 60 }), Type.Unknown(), { maxProperties: 20 }), answer: Done },
    ({ params, query, body, request, reply }) => {
      const id = idIn('exception', params.id);
      if (!(actionsOf.exception as readonly string[]).includes(params.action)) {
        throw problem('not-found', `No exception has an action "${params.action.slice(0, 60)}".`, { fix: 'Use one of its fixes.' });
      }
      const input = checkedInput('exception', params.action, body);
      return once(rooms, request, reply, 200, async (tx) =>
        doneOf('exception', await rooms.deps.act(tx, askedOf(request, 'exception', params.action, id, input)), query.dry_run ?? false),
      );
    },
  );
}

const checkers = new Map<string, (value: unknown) => unknown>();

function checkedInput(kind: ActionKind, action: string, input: unknown): Record<string, unknown> {
  const name = `${kind}.${action}`;
  const check =
    checkers.get(name) ??
    (checkerOf({ schema: inputOf(kind, action), method: 'POST', url: '', httpPart: 'body' }) as (value: unknown) => unknown);
  checkers.set(name, check);
  const { value, error } = check(input) as { value?: Record<string, unknown>; error?: Error };
  if (error) throw error;
  return value ?? {};
}
