/**
 * What a GraphQL server answers: *data* and *errors* side by side, with 200 even where it failed. `graphqlReply` is the shape of an
 * answer, `dataOf` the data in it, or the fault that its errors are.
 */
import Type, { type Static, type TSchema } from 'typebox';
import { Fault, type FaultKind } from '#kernel/fault';

const Failure = Type.Object({
  message: Type.String(),
  path: Type.Optional(Type.Array(Type.Union([Type.String(), Type.Number()]))),
  extensions: Type.Optional(Type.Object({ code: Type.Optional(Type.String()) })),
});

const Cost = Type.Object({
  requestedQueryCost: Type.Number(),
  throttleStatus: Type.Object({ currentlyAvailable: Type.Number(), restoreRate: Type.Number() }),
});

export const graphqlReply = <S extends TSchema>(data: S) =>
  Type.Object({
    data: Type.Optional(Type.Union([data, Type.Null()])),
    errors: Type.Optional(Type.Union([Type.Array(Failure, { maxItems: 1_000 }), Type.String()])),
    extensions: Type.Optional(Type.Object({ cost: Type.Optional(Cost) })),
  });

export interface GraphqlAnswer<Data> {
  data?: Data | null;
  errors?: Static<typeof Failure>[] | string;
  extensions?: { cost?: Static<typeof Cost> };
}

const askLater = new Set(['THROTTLED', 'TOO_MANY_REQUESTS', 'RATE_LIMITED']);
const notAllowed = new Set(['ACCESS_DENIED', 'FORBIDDEN', 'UNAUTHENTICATED', 'UNAUTHORIZED', 'SHOP_INACTIVE']);
const broken = new Set(['INTERNAL_SERVER_ERROR', 'TIMEOUT', 'SERVICE_UNAVAILABLE']);

/**
 * The data, or a `Fault`: one that says nothing was done (`transient`, `refused`, `misconfigured`) where the errors say so, and `unknown`
 * where something was said (`says`) and the server broke over it.
 */
export function dataOf<Data>(answer: GraphqlAnswer<Data>, what: string, says: boolean): Data {
  const errors = typeof answer.errors === 'string' ? [{ message: answer.errors }] : (answer.errors ?? []);
  const [first] = errors;
  if (!first && answer.data !== undefined && answer.data !== null) return answer.data;
  const codes = errors.map((error) => ('extensions' in error ? (error.extensions?.code ?? '') : ''));
  const code = codes.find((one) => one !== '') ?? 'graphql';
  const said = errors.length === 0 ? 'neither data nor an error' : errors.map(({ message }) => message).join('; ');
  const retryAfterMs = askLater.has(code) ? waitOf(answer.extensions?.cost) : undefined;
  throw new Fault(kindOf(codes, errors.length === 0, says), code, `${what} was answered with ${said.slice(0, 500)}`, {
    evidence: { code },
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

function kindOf(codes: readonly string[], isEmpty: boolean, says: boolean): FaultKind {
  if (codes.some((code) => askLater.has(code))) return 'transient';
  if (codes.some((code) => notAllowed.has(code))) return 'misconfigured';
  if (isEmpty || codes.some((code) => broken.has(code))) return says ? 'unknown' : 'transient';
  return 'refused';
}

/** Until the bucket holds what the question costs. */
function waitOf(cost: Static<typeof Cost> | undefined): number {
  if (!cost || cost.throttleStatus.restoreRate <= 0) return 1_000;
  const { currentlyAvailable, restoreRate } = cost.throttleStatus;
  return Math.min(60_000, Math.max(1_000, Math.ceil(((cost.requestedQueryCost - currentlyAvailable) / restoreRate) * 1_000)));
}
