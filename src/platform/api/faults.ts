import { Fault } from '#kernel/fault';
import { type Instant, msBetween } from '#kernel/time';
import { maskText } from '#platform/log';

export interface Asked {
  account: string;
  method: 'GET' | 'POST' | 'PUT';
  /** It changes nothing at the far side. */
  reads: boolean;
  /** The path without ids and query. */
  path: string;
}

/** What the network says when nothing of ours has left yet: no connection was ever made. */
const beforeSending = new Set(
  `ECONNREFUSED ENOTFOUND EAI_AGAIN EAI_FAIL EAI_NODATA EHOSTUNREACH ENETUNREACH ENETDOWN EADDRNOTAVAIL UND_ERR_CONNECT_TIMEOUT
   CERT_HAS_EXPIRED CERT_NOT_YET_VALID CERT_REVOKED CERT_UNTRUSTED CERT_REJECTED CERT_SIGNATURE_FAILURE DEPTH_ZERO_SELF_SIGNED_CERT
   SELF_SIGNED_CERT_IN_CHAIN UNABLE_TO_VERIFY_LEAF_SIGNATURE UNABLE_TO_GET_ISSUER_CERT UNABLE_TO_GET_ISSUER_CERT_LOCALLY
   ERR_TLS_CERT_ALTNAME_INVALID ERR_TLS_HANDSHAKE_TIMEOUT EPROTO`
    .trim()
    .split(/\s+/),
);

/** The system's code, which undici and fetch keep in the cause, sometimes several deep. */
export function codeOf(error: unknown): string {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 6; depth += 1) {
    const { code } = at as { code?: unknown };
    if (typeof code === 'string') return code;
    const inner = at instanceof AggregateError ? at.errors[0] : undefined;
    at = at.cause ?? inner;
  }
  return '';
}

/** A port that no browser would call (mail, remote shells): fetch refuses it without a code. */
const isBadPort = (error: unknown): boolean => error instanceof Error && error.cause instanceof Error && error.cause.message === 'bad port';

const isTls = (code: string): boolean => code.startsWith('ERR_SSL_');

/** A call that got no answer. Only what is certain not to have left is `transient`; a question may always be asked again. */
export function faultOfError(asked: Asked, error: unknown, timedOut: boolean): Fault {
  if (error instanceof Fault) return error;
  const code = timedOut ? 'timeout' : codeOf(error) || 'no-answer';
  const where = `${asked.method} ${asked.path} of ${asked.account}`;
  const more = { cause: error, evidence: { method: asked.method, path: asked.path, network: code } };
  if (code === 'ADDRESS_REFUSED') {
    return new Fault(
      'misconfigured',
      'address-refused',
      `${where} was not sent. ${errorText(error)} Correct the address, or allow it in STOCKLESS_ALLOW_HOSTS.`,
      more,
    );
  }
  if (code === 'ERR_INVALID_URL' || isBadPort(error))
    return new Fault(
      'misconfigured',
      'bad-address',
      `${where} was not sent: its address is no address. Correct the account's base address.`,
      more,
    );
  if (beforeSending.has(code) || isTls(code))
    return new Fault('transient', 'not-connected', `${where} was not sent: no connection (${code}).`, more);
  const said = timedOut ? 'was not answered in time' : `broke off without an answer (${code})`;
  if (asked.reads) return new Fault('transient', timedOut ? 'timeout' : 'broke-off', `${where} ${said}.`, more);
  return new Fault('unknown', timedOut ? 'timeout' : 'broke-off', `${where} ${said}; it may have arrived.`, more);
}

const errorText = (error: unknown): string => {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 6; at = at.cause, depth += 1) {
    if ((at as { code?: unknown }).code === 'ADDRESS_REFUSED') return at.message;
  }
  return error instanceof Error ? error.message : String(error);
};

export interface Answered {
  status: number;
  retryAfterMs: number | undefined;
  /** The beginning of what was said, not masked yet. */
  text: string;
  location?: string | null;
}

/** A call that was answered with something else than 2xx. */
export function faultOfStatus(asked: Asked, { status, retryAfterMs, text, location }: Answered): Fault {
  const where = `${asked.method} ${asked.path} of ${asked.account}`;
  const said = maskText(text).replaceAll(/\s+/g, ' ').trim().slice(0, 300);
  const evidence = { method: asked.method, path: asked.path, status, ...(said === '' ? {} : { said }) };
  const code = `http-${status}`;
  const found = `${where} was answered ${status}${said === '' ? '' : `: ${said}`}`;
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  if (status === 401 || status === 403 || status === 407) {
    return new Fault('misconfigured', code, `${found}. Check the account's key and what it may do.`, { evidence });
  }
  // After something was said, 302 and 303 mean "done, now look there" as often as "not here".
  if (status === 302 || status === 303) {
    const kind = asked.reads ? 'misconfigured' : 'unknown';
    return new Fault(kind, code, `${found}. Redirects are not followed${to(location)}.`, { evidence });
  }
  if (status >= 300 && status < 400) {
    return new Fault('misconfigured', code, `${found}. Redirects are not followed; correct the account's base address${to(location)}.`, {
      evidence,
    });
  }
  if (status === 429 || status === 408 || status === 425) return new Fault('transient', code, `${found}.`, { evidence, ...wait });
  if (status >= 400 && status < 500) return new Fault('refused', code, `${found}.`, { evidence });
  if (status === 501 || status === 505) return new Fault('refused', code, `${found}.`, { evidence });
  if (asked.reads) return new Fault('transient', code, `${found}.`, { evidence, ...wait });
  return new Fault('unknown', code, `${found}; it may have been done all the same.`, { evidence, ...wait });
}

const to = (location: string | null | undefined): string => (location ? ` (it points to ${maskText(location).slice(0, 200)})` : '');

const longestWaitMs = 3_600_000;

/** `Retry-After`, in seconds or as a date, in milliseconds from now, between 0 and an hour; undefined when there is none we can read. */
export function retryAfter(header: string | null, now: Instant): number | undefined {
  if (header === null) return undefined;
  const text = header.trim();
  const ms = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : dateMs(text, now);
  return ms === undefined ? undefined : Math.min(Math.max(0, Math.ceil(ms)), longestWaitMs);
}

function dateMs(text: string, now: Instant): number | undefined {
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : msBetween(now, Temporal.Instant.fromEpochMilliseconds(at));
}
