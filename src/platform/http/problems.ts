import type { FastifyError, FastifyInstance } from 'fastify';
import { Problem, type ProblemCode, problem, problems } from '#kernel/problem';
import type { Log } from '#platform/log';

/** RFC 9457, with our `code` (also the end of `type`), the field it is about, what to do, and the id to quote. */
export interface ProblemBody {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  request_id: string;
  param?: string;
  fix?: string;
  [more: string]: unknown;
}

export const problemType = 'application/problem+json; charset=utf-8';

export function problemBody(error: Problem, requestId: string): ProblemBody {
  const { status, title } = problems[error.code];
  return {
    ...error.more,
    type: `urn:stockless:problem:${error.code}`,
    title,
    status,
    detail: error.message,
    code: error.code,
    ...(error.param === undefined ? {} : { param: error.param }),
    ...(error.fix === undefined ? {} : { fix: error.fix }),
    request_id: requestId,
  };
}

/** What the framework itself complains about, as one of our problems; null when it is none: a mistake of ours. */
export function asProblem(error: unknown): Problem | null {
  if (error instanceof Problem) return error;
  const { code = '', statusCode = 500, validation, validationContext } = error as Partial<FastifyError>;
  if (validation?.[0]) {
    const { instancePath, message = 'is not acceptable', params } = validation[0];
    const named = [
      params?.['missingProperty'],
      params?.['requiredProperties'],
      params?.['additionalProperty'],
      params?.['additionalProperties'],
    ]
      .flat()
      .find((name) => typeof name === 'string');
    const param = [instancePath.slice(1).replaceAll('/', '.'), named].filter((part) => part !== undefined && part !== '').join('.');
    return problem(
      'invalid-field',
      `${validationContext ?? 'body'}${param === '' ? '' : `.${param}`} ${message}.`,
      param === '' ? {} : { param },
    );
  }
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return problem('too-large', 'The body is longer than this address reads.', { fix: 'Send less at once.' });
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE')
    return problem('unsupported-content', 'The body is of a type that is not read here.', { fix: 'Send application/json.' });
  if (isDatabaseAway(error))
    return problem('not-ready', 'The database does not answer at the moment.', { fix: 'Try again in a few seconds.' });
  const byStatus: Partial<Record<number, ProblemCode>> = {
    404: 'not-found',
    413: 'too-large',
    415: 'unsupported-content',
    429: 'too-many',
  };
  const known = byStatus[statusCode] ?? (statusCode >= 400 && statusCode < 500 ? 'bad-request' : undefined);
  return known === undefined
    ? null
    : problem(known, 'The request cannot be read as it stands.', { fix: 'Look at its body, its headers and its address.' });
}

/** Nothing was done and it may be tried again: away, restarting, overloaded, or a statement that ran too long. */
function isDatabaseAway(error: unknown): boolean {
  const { code = '', message = '' } = error as { code?: unknown; message?: string };
  return (
    /^(ECONNREFUSED|ECONNRESET|57P0\d|57014|53300|08\w{3})$/.test(String(code)) || /timeout exceeded when trying to connect/.test(message)
  );
}

/**
 * Every trouble below this server leaves as RFC 9457. A problem says all it knows; a mistake of ours says nothing of its inside:
 * it goes to the log under an id, and the caller gets the id.
 */
export function answerProblems(server: FastifyInstance, log: Log): void {
  server.setErrorHandler((error, request, reply) => {
    const known = asProblem(error);
    if (known) {
      const wait = known.more['retry_after'];
      if (typeof wait === 'number') reply.header('retry-after', Math.ceil(wait));
      return reply
        .code(problems[known.code].status)
        .type(problemType)
        .send(JSON.stringify(problemBody(known, request.id)));
    }
    log.error('A request ended in a mistake of ours', {
      request: request.id,
      method: request.method,
      route: request.routeOptions.url ?? '',
      error,
    });
    const body: ProblemBody = {
      type: 'urn:stockless:problem:bug',
      title: 'A mistake of ours',
      status: 500,
      detail: 'The request could not be handled. Nothing you sent is wrong.',
      code: 'bug',
      fix: `Try again; if it stays, look in the log for ${request.id}.`,
      request_id: request.id,
    };
    return reply.code(500).type(problemType).send(JSON.stringify(body));
  });
  server.setNotFoundHandler((request, reply) => {
    const missing = problem('not-found', 'There is nothing at this address.');
    return reply
      .code(404)
      .type(problemType)
      .send(JSON.stringify(problemBody(missing, request.id)));
  });
}
