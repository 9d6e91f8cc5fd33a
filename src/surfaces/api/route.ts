import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Static, type TObject, type TSchema, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { problem } from '#kernel/problem';
import type { Caller, Right } from '#modules/identity';
import type { Paging } from '#modules/insight';
import type { Tx } from '#platform/db';
import type { Gate } from './caller.ts';
import type { ApiDeps } from './deps.ts';
import { ProblemAnswer } from './schemas.ts';

/** What the routes are built with. */
export interface Rooms {
  app: FastifyInstance;
  deps: ApiDeps;
  gate: Gate;
}

export interface About<P extends TObject, Q extends TObject, B extends TSchema, A extends TSchema> {
  needs: Right | 'anybody' | 'nobody';
  summary: string;
  /** The group in the documentation. */
  of: string;
  params?: P;
  query?: Q;
  body?: B;
  answer: A;
  /** Of a good answer, when it is not 200. */
  status?: number;
}

export interface Given<P extends TObject, Q extends TObject, B extends TSchema> {
  params: Static<P>;
  query: Static<Q>;
  body: Static<B>;
  request: FastifyRequest;
  reply: FastifyReply;
}

const None = Type.Object({});
/** What every id in a path may look like at most; whether it is one is said by 404. */
export const IdParam = Type.Object({ id: Type.String({ minLength: 1, maxLength: 60 }) });

export function schemaOf<P extends TObject, Q extends TObject, B extends TSchema, A extends TSchema>(about: About<P, Q, B, A>) {
  const { summary, of, params, query, body, answer, needs, status = 200 } = about;
  return {
    summary,
    tags: [of],
    ...(needs === 'nobody' ? { security: [] } : needs === 'anybody' ? {} : { description: `Needs the right \`${needs}\`.` }),
    ...(params ? { params } : {}),
    querystring: query ?? Type.Object({}, { additionalProperties: false }),
    ...(body ? { body } : {}),
    response: { [status]: answer, '4xx': ProblemAnswer },
  };
}

/** One route: what it needs, what it takes, what it answers. `handle` answers null for what is not there. */
export function route<
  P extends TObject = typeof None,
  Q extends TObject = typeof None,
  B extends TSchema = typeof None,
  A extends TSchema = TSchema,
>(
  { app, deps }: Rooms,
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  url: string,
  about: About<P, Q, B, A>,
  handle: (given: Given<P, Q, B>) => Promise<Static<A> | null>,
): void {
  const check = deps.checkAnswers ? Compile(about.answer) : null;
  app.route({
    method,
    url,
    schema: schemaOf(about),
    config: { needs: about.needs },
    handler: async (request, reply) => {
      const { params, query, body } = request as { params: Static<P>; query: Static<Q>; body: Static<B> };
      const answer = await handle({ params, query, body, request, reply });
      if (answer === null) throw problem('not-found', `There is nothing at ${request.url.split('?')[0]?.slice(0, 200)}.`);
      if (check) insist(check, answer, url);
      return reply.code(about.status ?? 200).send(answer);
    },
  });
}

function insist(check: { Check(value: unknown): boolean; Errors(value: unknown): unknown[] }, answer: unknown, url: string): void {
  const sent: unknown = JSON.parse(JSON.stringify(answer));
  if (!check.Check(sent))
    throw new Error(`the answer of ${url} is not what it promises: ${JSON.stringify(check.Errors(sent).slice(0, 3))}`);
}

/** A route that only reads, in one transaction of the caller's tenant. */
export function reads<P extends TObject = typeof None, Q extends TObject = typeof None, A extends TSchema = TSchema>(
  rooms: Rooms,
  url: string,
  about: About<P, Q, typeof None, A>,
  read: (tx: Tx, given: Given<P, Q, typeof None> & { caller: Caller }) => Promise<Static<A> | null>,
): void {
  route(rooms, 'GET', url, about, (given) => {
    const caller = callerIn(given.request);
    return rooms.deps.db.tx(caller.tenant.id, (tx) => read(tx, { ...given, caller }));
  });
}

export function callerIn(request: FastifyRequest): Caller {
  if (!request.caller) throw problem('not-signed-in', 'Sign in first.');
  return request.caller;
}

export const pagingOf = (query: { limit?: number; after?: string }): Paging => ({ limit: query.limit ?? 50, after: query.after ?? null });
