import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem, type ProblemCode, problem, problems } from '#kernel/problem';

/** RFC 9457. */
export interface ProblemBody {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  requestId: string;
  param?: string;
  fix?: string;
  [more: string]: unknown;
}

export function bodyOf(found: Problem, requestId: string): ProblemBody {
  const { status, title } = problems[found.code];
  return {
    ...found.more,
    type: `/problems/${found.code}`,
    title,
    status,
    detail: found.message,
    code: found.code,
    requestId,
    ...(found.param === undefined ? {} : { param: found.param }),
    ...(found.fix === undefined ? {} : { fix: found.fix }),
  };
}

/** What the web framework found wrong with a request before any route saw it. */
function asProblem(error: FastifyError | Error): Problem | null {
  if (error instanceof Problem) return error;
  const { code = '', statusCode = 500 } = error as FastifyError;
  const codes: Record<number, ProblemCode> = { 400: 'bad-request', 404: 'not-found', 413: 'too-large', 415: 'unsupported-content' };
  const known = codes[statusCode];
  if (known) return problem(known, error.message);
  if (statusCode >= 400 && statusCode < 500) return problem('bad-request', error.message);
  // The database is away or overloaded: the request did nothing and may be tried again.
  if (
    /^(ECONNREFUSED|ECONNRESET|57P0\d|57014|53300|08\w{3})$/.test(code) ||
    /timeout exceeded when trying to connect/.test(error.message)
  ) {
    return problem('not-ready', 'The database does not answer at the moment.', { fix: 'Try again in a few seconds.' });
  }
  return null;
}

export function sendProblem(reply: FastifyReply, found: Problem, requestId: string): FastifyReply {
  const body = bodyOf(found, requestId);
  return reply.code(body.status).type('application/problem+json').send(JSON.stringify(body));
}

/** Every error of every route becomes a problem with the request's id; what only we can mend says no more than that to the outside. */
export function answerWithProblems(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
    const found = asProblem(error);
    if (found) return sendProblem(reply, found, request.id);
    request.log.error({ err: error }, 'a request failed through a mistake of ours');
    return reply
      .code(500)
      .type('application/problem+json')
      .send(
        JSON.stringify({
          type: '/problems/internal',
          title: 'Something broke here',
          status: 500,
          detail: 'The request could not be handled through a mistake of ours. Nothing was changed.',
          code: 'internal',
          requestId: request.id,
          fix: 'Try once more; if it stays, give the request id to who runs this installation.',
        }),
      );
  });
}
