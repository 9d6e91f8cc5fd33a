import { Fault } from '#kernel/fault';
import { msBetween } from '#kernel/time';
import type { Account, ApiDeps } from './api.ts';
import { templateOf } from './api.ts';
import { type Asked, faultOfError, faultOfStatus, retryAfter } from './faults.ts';

/** What the far side calls the version of a file, to ask whether there is a newer one. */
export interface Validators {
  etag?: string;
  lastModified?: string;
}

export interface Downloading {
  url: string;
  validators: Validators;
  mostBytes: number;
  accept?: string;
}

/** What stands before the bytes. */
export interface DownloadHead extends Validators {
  /** As the far side names it, else the end of its address. */
  name: string;
  type: string;
}

const wholeMs = 1_800_000;
const mostHops = 5;
const redirects = new Set([301, 302, 303, 307, 308]);

/**
 * Fetches one file, streamed to `take` as it comes; null when it is the one that the validators name. Redirects are followed, each
 * through the guard, and what proves who we are never goes to another host. Rate budget, breaker and trace are those of calls.
 */
export async function download<T>(
  account: Account,
  deps: ApiDeps,
  ask: Downloading,
  take: (bytes: AsyncIterable<Uint8Array>, head: DownloadHead) => Promise<T>,
): Promise<T | null> {
  const asked: Asked = { account: account.name, method: 'GET', reads: true, path: templateOf(URL.parse(ask.url)?.pathname ?? '/') };
  const breaker = `${account.tenant} ${account.name}`;
  if (account.rate) await deps.budget?.take(account.tenant, account.name, account.rate);
  deps.breakers.admit(breaker);
  const startedAt = deps.clock.now();
  const seen = { status: 0, bytes: 0 };
  let fault: Fault | undefined;
  try {
    return await fetchWhole(account, deps, ask, asked, seen, take);
  } catch (error) {
    if (error instanceof Fault) fault = error;
    throw error;
  } finally {
    const down = fault !== undefined && fault.kind !== 'misconfigured' && (seen.status === 0 || seen.status >= 500);
    deps.breakers.report(breaker, down);
    deps.trace?.({
      tenant: account.tenant,
      account: account.name,
      method: 'GET',
      path: asked.path,
      attempt: 1,
      status: seen.status,
      ms: msBetween(startedAt, deps.clock.now()),
      bytes: seen.bytes,
      ...(fault ? { fault: `${fault.kind} ${fault.code}` } : {}),
    });
  }
}

async function fetchWhole<T>(
  account: Account,
  deps: ApiDeps,
  ask: Downloading,
  asked: Asked,
  seen: { status: number; bytes: number },
  take: (bytes: AsyncIterable<Uint8Array>, head: DownloadHead) => Promise<T>,
): Promise<T | null> {
  const ending = new AbortController();
  const waiting = new AbortController();
  let timedOut = false;
  void deps.sleep(account.timeoutMs ?? wholeMs, waiting.signal).then(
    () => {
      timedOut = true;
      ending.abort(new Error('timed out'));
    },
    () => {},
  );
  try {
    const { reply, url } = await follow(account, deps, ask, asked, ending.signal);
    seen.status = reply.status;
    if (reply.status === 304) return null;
    if (!reply.ok) {
      const text = (await reply.text().catch(() => '')).slice(0, 4_096);
      throw faultOfStatus(asked, {
        status: reply.status,
        retryAfterMs: retryAfter(reply.headers.get('retry-after'), deps.clock.now()),
        text,
      });
    }
    return await take(counted(reply, ask.mostBytes, asked, seen), headOf(reply, url));
  } catch (error) {
    // Trouble with what was read is the reader's, not the network's.
    if (error instanceof Error && error.name === 'Problem') throw error;
    throw faultOfError(asked, error, timedOut);
  } finally {
    waiting.abort();
    ending.abort();
  }
}

async function follow(
  account: Account,
  deps: ApiDeps,
  { url: first, validators, accept }: Downloading,
  asked: Asked,
  signal: AbortSignal,
): Promise<{ reply: Response; url: URL }> {
  const base = URL.parse(first);
  if (!base) throw new Fault('misconfigured', 'bad-address', `The address of ${account.name} is no address. Correct it in its settings.`);
  const proof =
    typeof account.headers === 'function' ? await account.headers({ method: 'GET', url: base, body: undefined }) : account.headers;
  let url = base;
  for (let hop = 0; hop <= mostHops; hop += 1) {
    const headers: Record<string, string> = {
      accept: accept ?? '*/*',
      'user-agent': 'Stockless',
      ...(validators.etag ? { 'if-none-match': validators.etag } : {}),
      ...(validators.lastModified ? { 'if-modified-since': validators.lastModified } : {}),
      ...(url.origin === base.origin ? Object.fromEntries(Object.entries(proof).map(([name, value]) => [name.toLowerCase(), value])) : {}),
    };
    const reply = await deps.fetch(url.href, { method: 'GET', headers, signal, redirect: 'manual' });
    if (!redirects.has(reply.status)) return { reply, url };
    await reply.body?.cancel().catch(() => {});
    const next = URL.parse(reply.headers.get('location') ?? '', url.href);
    if (!next) throw faultOfStatus(asked, { status: reply.status, retryAfterMs: undefined, text: 'It does not say where to.' });
    url = next;
  }
  throw new Fault('misconfigured', 'redirects', `${account.name} leads on more than ${mostHops} times. Correct its address.`);
}

async function* counted(reply: Response, most: number, asked: Asked, seen: { bytes: number }): AsyncGenerator<Uint8Array> {
  const reader = reply.body?.getReader();
  try {
    while (reader) {
      const { done, value } = await reader.read();
      if (done) return;
      seen.bytes += value.byteLength;
      if (seen.bytes > most)
        throw new Fault('refused', 'too-large', `${asked.path} of ${asked.account} has more than ${most} bytes, the most that is taken.`, {
          evidence: { mostBytes: most },
        });
      yield value;
    }
  } finally {
    await reader?.cancel().catch(() => {});
  }
}

function headOf(reply: Response, url: URL): DownloadHead {
  const etag = reply.headers.get('etag');
  const lastModified = reply.headers.get('last-modified');
  const said = /filename="?([^";]+)"?/i.exec(reply.headers.get('content-disposition') ?? '')?.[1];
  const name = (said ?? decode(url.pathname.split('/').at(-1) ?? '')).replaceAll(/[^\p{L}\p{N} ._()+-]/gu, '_').slice(0, 150);
  return {
    name: name === '' ? url.hostname : name,
    type: reply.headers.get('content-type') ?? '',
    ...(etag ? { etag } : {}),
    ...(lastModified ? { lastModified } : {}),
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
