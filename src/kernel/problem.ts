/** The caller asked wrongly, or may not: RFC 9457, from this one table. The docs list and the API's schema are made from it. */
export const problems = {
  'bad-request': { status: 400, title: 'The request cannot be read' },
  'invalid-field': { status: 422, title: 'A value is not acceptable' },
  'not-signed-in': { status: 401, title: 'Sign in first' },
  'link-expired': { status: 410, title: 'The link is no longer valid' },
  'bad-signature': { status: 401, title: 'The signature does not fit' },
  'no-right': { status: 403, title: 'Not allowed' },
  'not-found': { status: 404, title: 'Not found' },
  conflict: { status: 409, title: 'It has changed meanwhile' },
  'wrong-state': { status: 409, title: 'Not possible in this state' },
  'idempotency-mismatch': { status: 409, title: 'The same idempotency key came with another body' },
  'idempotency-in-progress': { status: 409, title: 'The first request with this key is still being handled' },
  'changed-since': { status: 412, title: 'It has changed since you read it' },
  'too-large': { status: 413, title: 'Too large' },
  'unsupported-content': { status: 415, title: 'Content of this type is not read here' },
  'too-many': { status: 429, title: 'Too many requests' },
  'not-ready': { status: 503, title: 'Not ready' },
} as const satisfies Record<string, { status: number; title: string }>;
export type ProblemCode = keyof typeof problems;

export class Problem extends Error {
  readonly code: ProblemCode;
  readonly param: string | undefined;
  readonly fix: string | undefined;
  readonly more: Readonly<Record<string, unknown>>;

  constructor(code: ProblemCode, detail: string, more: { param?: string; fix?: string; more?: Record<string, unknown> } = {}) {
    super(detail);
    this.name = 'Problem';
    this.code = code;
    this.param = more.param;
    this.fix = more.fix;
    this.more = more.more ?? {};
  }
}

/** What was asked, what was found, and what to do: `detail` says the first two, `fix` the third. */
export const problem = (
  code: ProblemCode,
  detail: string,
  more: { param?: string; fix?: string; more?: Record<string, unknown> } = {},
): Problem => new Problem(code, detail, more);
