import type { Realm } from './realm.ts';
import type { FaultName } from './weather.ts';

/** A request as a server sees it. */
export interface Asked {
  method: string;
  host: string;
  path: string;
  query: URLSearchParams;
  header(name: string): string;
  body: string;
}

export interface Answered {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
}

export const json = (status: number, body: unknown, headers: Record<string, string> = {}): Answered => ({ status, body, headers });

/** What undici's fetch throws when the wire fails. */
export function wireError(code: string, message: string): TypeError {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(message), { code }) });
}

/** Faults that come down before the server does anything. */
const early: readonly [FaultName, (realm: Realm, asked: Asked) => Answered | TypeError][] = [
  ['refused', (_, { host }) => wireError('ECONNREFUSED', `connect ECONNREFUSED ${host}:443`)],
  ['reset', () => wireError('ECONNRESET', 'read ECONNRESET')],
  ['timeout', () => wireError('UND_ERR_HEADERS_TIMEOUT', 'Headers Timeout Error')],
  ['error', () => json(500, { error: 'internal error' })],
  [
    'limited',
    (realm, { path }) =>
      json(429, { error: 'too many requests' }, realm.is(0.6, 'retry-after', path, realm.now()) ? { 'retry-after': '20' } : {}),
  ],
  ['unavailable', () => json(503, { error: 'down for maintenance' }, { 'retry-after': '60' })],
];

/** Faults that come down after it was done: the far side remembers, the caller does not hear. */
const late: readonly [FaultName, () => string | Answered | TypeError][] = [
  ['lost', () => wireError('UND_ERR_HEADERS_TIMEOUT', 'Headers Timeout Error')],
  ['applied_error', () => json(500, { error: 'internal error' })],
  ['html', () => '<!doctype html><title>Please wait</title><p>We will be right back.</p>'],
];

/** One exchange with a server: weather before, the server itself, weather after. Nothing waits; a time-out is over at once. */
export function exchange(realm: Realm, asked: Asked, serve: (asked: Asked) => Answered, losesAlways = false): Response {
  const name = `${asked.method} ${asked.host}${asked.path}`;
  const names = [name, asked.query.toString(), realm.now(), realm.nth(name)] as const;
  for (const [fault, happen] of early) {
    if (!realm.goesWrong(fault, ...names)) continue;
    realm.say(asked.host, `${asked.method} ${asked.path} ${fault}`);
    return throwOr(happen(realm, asked));
  }
  const answer = serve(asked);
  const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
  realm.say(asked.host, `${asked.method} ${asked.path} ${answer.status}`, text);
  if (losesAlways && answer.status < 300) throw wireError('UND_ERR_HEADERS_TIMEOUT', 'Headers Timeout Error');
  for (const [fault, happen] of late) {
    if (!realm.goesWrong(fault, ...names)) continue;
    realm.say(asked.host, `${asked.method} ${asked.path} ${fault}`);
    const instead = happen();
    if (typeof instead === 'string') return new Response(instead, { status: 200, headers: { 'content-type': 'text/html' } });
    return throwOr(instead);
  }
  if (text.length > 2 && realm.goesWrong('truncated', ...names)) return respond(answer, text.slice(0, Math.floor(text.length / 2)));
  return respond(answer, text);
}

function throwOr(what: Answered | TypeError): Response {
  if (what instanceof TypeError) throw what;
  return respond(what, JSON.stringify(what.body));
}

function respond({ status, headers, body }: Answered, text: string): Response {
  const type = typeof body === 'string' ? 'text/csv; charset=utf-8' : 'application/json; charset=utf-8';
  return new Response(status === 204 ? null : text, { status, headers: { 'content-type': type, ...headers } });
}
