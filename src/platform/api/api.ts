import type { Static, TSchema } from 'typebox';
import type { Chance } from '#kernel/chance';
import { Fault } from '#kernel/fault';
import { type Clock, msBetween } from '#kernel/time';
import { maskText } from '#platform/log';
import type { Sleep } from '#platform/time';
import type { Api } from '#ports/api';
import type { Breakers } from './breaker.ts';
import type { Budget, Rate } from './budget.ts';
import { type Asked, faultOfError, faultOfStatus, retryAfter } from './faults.ts';
import { readReply } from './reply.ts';

export interface Request {
  method: 'GET' | 'POST' | 'PUT';
  url: URL;
  body: string | undefined;
}

/** What `fetch` is to us: the global one, `guardedFetch`, or a server of the world in the same process. */
export type Fetch = (
  url: string,
  init: { method: string; headers: Record<string, string>; body?: string; signal: AbortSignal; redirect: 'manual' },
) => Promise<Response>;

export interface Account {
  tenant: string;
  /** Names it in traces, budget and breaker: `supplier:sup_…`, `channel:chn_…`. */
  name: string;
  /** `https://shop.example/api/2026-10`; the paths of calls are put behind it. */
  baseUrl: string;
  /** Headers that prove who we are; a function where each request is signed. */
  headers:
    | Readonly<Record<string, string>>
    | ((request: Request) => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>);
  /** The header that carries the key of a POST or PUT, where the far side knows one: `Idempotency-Key`. */
  keyHeader?: string;
  /** The whole of one call, 20 s unless said. */
  timeoutMs?: number;
  /** The longest answer that is read, after unpacking; 10 MB unless said. */
  mostBytes?: number;
  rate?: Rate;
}

/** One call as a trace shows it: no ids, no query, no bodies, nothing of a person. */
export interface CallRecord {
  tenant: string;
  account: string;
  method: string;
  path: string;
  attempt: number;
  /** 0 when there was no answer. */
  status: number;
  ms: number;
  /** Of the answer, as far as it was read. */
  bytes: number;
  fault?: string;
}

export interface ApiDeps {
  fetch: Fetch;
  clock: Clock;
  chance: Chance;
  sleep: Sleep;
  breakers: Breakers;
  /** Left out where nothing is shared: a test, the world. */
  budget?: Budget;
  trace?: (call: CallRecord) => void;
}

const timeoutMs = 20_000;
const mostBytes = 10_000_000;
const tries = 3;
const firstBackOffMs = 250;
/** A wait longer than this is the step's business: the fault says how long, and the thing becomes due then. */
const longestPauseMs = 10_000;

/** The door to one account of a far side. Faults and their kinds: `faults.ts`. Only what changes nothing is repeated here. */
export function makeApi(account: Account, deps: ApiDeps): Api {
  return {
    get: (path, reply, query) => repeat(account, deps, { method: 'GET', reads: true, path, query }, reply),
    ask: (path, reply, body) => repeat(account, deps, { method: 'POST', reads: true, path, body }, reply),
    post: (path, reply, body, key) => call(account, deps, { method: 'POST', reads: false, path, body, key }, reply, 1),
    put: (path, reply, body, key) => call(account, deps, { method: 'PUT', reads: false, path, body, key }, reply, 1),
  };
}

interface Ask {
  method: 'GET' | 'POST' | 'PUT';
  /** It changes nothing, so that it may be repeated. */
  reads: boolean;
  path: string;
  query?: Readonly<Record<string, string>> | undefined;
  body?: unknown;
  key?: string;
}

/** Up to three tries while it is worth it, with a pause of chance between them (full jitter) or as long as the far side asks for. */
async function repeat<S extends TSchema>(account: Account, deps: ApiDeps, ask: Ask, reply: S): Promise<Static<S>> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call(account, deps, ask, reply, attempt);
    } catch (error) {
      if (!(error instanceof Fault) || error.kind !== 'transient' || attempt >= tries) throw error;
      if (error.code === 'breaker-open' || error.code === 'rate-budget') throw error;
      const jittered = deps.chance.next() * firstBackOffMs * 4 ** attempt;
      const pauseMs = Math.max(error.retryAfterMs ?? 0, jittered);
      if (pauseMs > longestPauseMs) throw error;
      await deps.sleep(pauseMs);
    }
  }
}

async function call<S extends TSchema>(account: Account, deps: ApiDeps, ask: Ask, schema: S, attempt: number): Promise<Static<S>> {
  const asked: Asked = { account: account.name, method: ask.method, reads: ask.reads, path: templateOf(ask.path) };
  const url = addressOf(account, asked, ask);
  const breaker = `${account.tenant} ${account.name}`;
  // Before the breaker: a call that was admitted must report, or its probe would never end.
  if (account.rate) await deps.budget?.take(account.tenant, account.name, account.rate);
  deps.breakers.admit(breaker);
  const startedAt = deps.clock.now();
  const seen = { status: 0, bytes: 0 };
  let fault: Fault | undefined;
  try {
    return await converse(account, deps, ask, asked, url, schema, seen);
  } catch (error) {
    if (error instanceof Fault) fault = error;
    throw error;
  } finally {
    deps.breakers.report(breaker, isDown(seen.status, fault));
    deps.trace?.({
      tenant: account.tenant,
      account: account.name,
      method: ask.method,
      path: asked.path,
      attempt,
      status: seen.status,
      ms: msBetween(startedAt, deps.clock.now()),
      bytes: seen.bytes,
      ...(fault ? { fault: `${fault.kind} ${fault.code}` } : {}),
    });
    if (seen.status === 429 && account.rate) {
      await deps.budget?.tooFast(account.tenant, account.name, account.rate, Math.min(fault?.retryAfterMs ?? 1_000, 60_000));
    }
  }
}

async function converse<S extends TSchema>(
  account: Account,
  deps: ApiDeps,
  ask: Ask,
  asked: Asked,
  url: URL,
  schema: S,
  seen: { status: number; bytes: number },
): Promise<Static<S>> {
  const body = bodyOf(ask.body);
  const headers = await headersOf(account, ask, { method: ask.method, url, body: body?.text }, body?.type);
  const ending = new AbortController();
  const waiting = new AbortController();
  let timedOut = false;
  void deps.sleep(account.timeoutMs ?? timeoutMs, waiting.signal).then(
    () => {
      timedOut = true;
      ending.abort(new Error('timed out'));
    },
    () => {},
  );
  try {
    const reply = await deps.fetch(url.href, {
      method: ask.method,
      headers,
      signal: ending.signal,
      redirect: 'manual',
      ...(body ? { body: body.text } : {}),
    });
    seen.status = reply.status;
    const most = account.mostBytes ?? mostBytes;
    const { text, whole } = await readText(reply, reply.ok ? most : 4_096, seen);
    if (!reply.ok) {
      const wait = retryAfter(reply.headers.get('retry-after'), deps.clock.now());
      throw faultOfStatus(asked, { status: reply.status, retryAfterMs: wait, text, location: reply.headers.get('location') });
    }
    if (!whole) throw tooLong(asked, most);
    return readReply(asked, schema, text);
  } catch (error) {
    throw faultOfError(asked, error, timedOut);
  } finally {
    waiting.abort();
  }
}

/** Answered 2xx, so a POST has happened although the answer is not read: `unknown`. */
const tooLong = (asked: Asked, most: number): Fault =>
  new Fault(
    asked.reads ? 'refused' : 'unknown',
    'reply-too-long',
    `${asked.method} ${asked.path} of ${asked.account} was answered with more than ${most} bytes. Ask for fewer at once.`,
    {
      evidence: { method: asked.method, path: asked.path, mostBytes: most },
    },
  );

const isDown = (status: number, fault: Fault | undefined): boolean =>
  fault !== undefined &&
  fault.kind !== 'misconfigured' &&
  (status === 0 || status >= 500 || fault.code === 'timeout' || fault.code === 'broke-off');

function addressOf(account: Account, asked: Asked, ask: Ask): URL {
  const outside = !ask.path.startsWith('/') || ask.path.startsWith('//') || /(^|\/)\.{1,2}(\/|$|\?)|[\\\s]|%2e|%2f%2e/i.test(ask.path);
  if (outside) throw new Error(`A path begins with one "/" and stays below the account's address; this one does not: ${asked.path}`);
  const base = URL.parse(account.baseUrl);
  if (!base) {
    throw new Fault(
      'misconfigured',
      'bad-address',
      `The base address of ${account.name} is no address. Correct it in the account's settings.`,
    );
  }
  const url = new URL(`${base.origin}${base.pathname.replace(/\/+$/, '')}${ask.path}`);
  for (const [name, value] of base.searchParams) url.searchParams.append(name, value);
  for (const [name, value] of Object.entries(ask.query ?? {})) url.searchParams.append(name, value);
  return url;
}

async function headersOf(account: Account, ask: Ask, request: Request, type: string | undefined): Promise<Record<string, string>> {
  const own = typeof account.headers === 'function' ? await account.headers(request) : account.headers;
  return {
    accept: 'application/json, text/xml;q=0.9, */*;q=0.5',
    'user-agent': 'Stockless',
    ...(type ? { 'content-type': type } : {}),
    ...(account.keyHeader && ask.key ? { [account.keyHeader.toLowerCase()]: ask.key } : {}),
    ...Object.fromEntries(Object.entries(own).map(([name, value]) => [name.toLowerCase(), value])),
  };
}

/** Text goes as XML, a form as a form, everything else as JSON in which 64-bit numbers are text. */
function bodyOf(body: unknown): { text: string; type: string } | undefined {
  if (body === undefined) return undefined;
  if (typeof body === 'string') return { text: body, type: 'text/xml; charset=utf-8' };
  if (body instanceof URLSearchParams) return { text: body.toString(), type: 'application/x-www-form-urlencoded' };
  return {
    text: JSON.stringify(body, (_name, part: unknown) => (typeof part === 'bigint' ? part.toString() : part)),
    type: 'application/json',
  };
}

/** At most so many bytes of an answer, counted after unpacking, so that a small packet cannot become a large one. */
async function readText(reply: Response, most: number, seen: { bytes: number }): Promise<{ text: string; whole: boolean }> {
  const chunks: Uint8Array[] = [];
  const reader = reply.body?.getReader();
  let whole = true;
  while (reader) {
    const { done, value } = await reader.read();
    if (done) break;
    seen.bytes += value.byteLength;
    chunks.push(value);
    if (seen.bytes > most) {
      whole = false;
      await reader.cancel().catch(() => {});
      break;
    }
  }
  return { text: new TextDecoder().decode(Buffer.concat(chunks)), whole };
}

/** `/orders/450789469/refunds?x=1` → `/orders/:id/refunds`: a part with a digit in it, or a long one, is taken for an id. */
export function templateOf(path: string): string {
  const parts = (path.split(/[?#]/)[0] ?? '').split('/');
  const isVersion = (part: string): boolean => /^v\d{1,2}$/i.test(part) || /^\d{4}-\d{2}$/.test(part);
  return maskText(
    parts
      .map((part) =>
        !isVersion(part) && (/\d/.test(part) || part.length > 32 || part.includes('@') || part.includes('%'))
          ? `:id${suffixOf(part)}`
          : part,
      )
      .join('/'),
  );
}

const suffixOf = (part: string): string => /\.(json|xml)$/.exec(part)?.[0] ?? '';
