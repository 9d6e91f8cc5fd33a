import '@fastify/cookie';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { problem } from '#kernel/problem';
import { after, type Instant, isBefore } from '#kernel/time';
import { type Caller, callerOf, isSameOrigin, type Right, sessionHours } from '#modules/identity';
import { hashToken } from '#platform/secrets';
import type { ApiDeps } from './deps.ts';
import { makeLimiter } from './limit.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; null on the routes that need nobody. */
    caller: Caller | null;
    /** The session's token, when it came by cookie. */
    session: string | null;
  }
  interface FastifyContextConfig {
    /** `nobody` may ask it, `anybody` who is signed in, or who has this right. */
    needs?: Right | 'anybody' | 'nobody';
  }
}

/** A door is looked up again after this long: that is how late a revoked key may still open in another process. */
const keptMs = 5_000;
const mostKept = 10_000;

export interface Gate {
  /** Forgets what was looked up, after a key or session was taken away. */
  forget(): void;
  setSession(reply: FastifyReply, token: string): void;
  clearSession(reply: FastifyReply): void;
}

/** Makes every route below `app` say who asks before it reads a body: by session or key, with the right the route needs, at a bearable rate. */
export function guard(app: FastifyInstance, deps: ApiDeps): Gate {
  const secure = deps.publicUrl.startsWith('https:');
  // The prefix binds a cookie to this very host, which needs https.
  const cookie = secure ? '__Host-stockless' : 'stockless_session';
  const own = new URL(deps.publicUrl).origin;
  const settings = { path: '/', httpOnly: true, sameSite: 'lax', secure } as const;
  const limiter = makeLimiter({ perSecond: deps.limits?.requestsPerSecond ?? 100, burst: deps.limits?.burst ?? 300 });
  const strangers = makeLimiter({ perSecond: 5, burst: deps.limits?.strangersBurst ?? 60 });
  const kept = new Map<string, { caller: Caller; until: Instant }>();

  const gate: Gate = {
    forget: () => kept.clear(),
    setSession: (reply, token) => void reply.setCookie(cookie, token, { ...settings, maxAge: sessionHours * 3_600 }),
    clearSession: (reply) => void reply.clearCookie(cookie, settings),
  };

  const look = async (token: string, purpose: 'session' | 'api-key', reply: FastifyReply): Promise<Caller | null> => {
    const now = deps.realClock.now();
    const hash = hashToken(token);
    const found = kept.get(hash);
    if (found && isBefore(now, found.until)) return found.caller;
    const opened = await callerOf(deps.db, token, purpose, now);
    if (typeof opened === 'string') return null;
    if (opened.renewedUntil) gate.setSession(reply, token);
    if (kept.size >= mostKept) kept.clear();
    kept.set(hash, { caller: opened.caller, until: after(now, { ms: keptMs }) });
    return opened.caller;
  };

  app.decorateRequest('caller', null);
  app.decorateRequest('session', null);
  app.addHook('onRequest', async (request, reply) => {
    const needs = request.routeOptions.config.needs ?? 'anybody';
    const { token, purpose } = tokenOf(request, cookie);
    const caller = token === null ? null : await look(token, purpose, reply);
    const allowance = caller ? limiter(caller.actor, deps.realClock.now()) : strangers(request.ip, deps.realClock.now());
    reply.header('ratelimit-limit', allowance.limit).header('ratelimit-remaining', allowance.remaining);
    reply.header('ratelimit-reset', allowance.resetSeconds);
    if (!allowance.allowed) {
      throw problem('too-many', 'These are more requests than one caller may send.', {
        fix: `Wait ${allowance.resetSeconds} s.`,
        more: { retry_after: allowance.resetSeconds },
      });
    }
    const writes = request.method !== 'GET' && request.method !== 'HEAD';
    if (writes && needs === 'nobody') sameOriginOnly(request, own, token === null);
    else if (writes && caller && purpose === 'session') sameOriginOnly(request, own, false);
    if (needs === 'nobody') return;
    if (!caller) {
      throw problem('not-signed-in', 'This needs a session or a key, and none that is valid came.', {
        fix: 'Sign in with a link, or send "Authorization: Bearer sk_…".',
      });
    }
    if (needs !== 'anybody' && !caller.rights.has(needs)) {
      const who = caller.person ? `Your role, ${caller.person.role},` : 'This key';
      throw problem('no-right', `${who} lacks the right ${needs}.`, {
        fix: 'Ask an owner or admin of this workspace.',
        more: { right: needs },
      });
    }
    request.caller = caller;
    request.session = purpose === 'session' ? token : null;
  });
  return gate;
}

/** A key in the header wins over a cookie: a script in the console's browser may act with its own key. */
function tokenOf(request: FastifyRequest, cookie: string): { token: string | null; purpose: 'session' | 'api-key' } {
  const header = request.headers.authorization;
  if (header !== undefined) {
    const key = /^Bearer (sk_[A-Za-z0-9_-]{20,200})$/.exec(header)?.[1] ?? null;
    return { token: key, purpose: 'api-key' };
  }
  const value = request.cookies[cookie];
  return { token: value !== undefined && /^[A-Za-z0-9_-]{20,200}$/.test(value) ? value : null, purpose: 'session' };
}

/** Another site's page may make a browser send our cookie along; only our own page may change something with it. */
function sameOriginOnly(request: FastifyRequest, own: string, scriptsToo: boolean): void {
  const { origin, host } = request.headers;
  const fetchSite = request.headers['sec-fetch-site'];
  const site = typeof fetchSite === 'string' ? fetchSite : undefined;
  if (scriptsToo && origin === undefined && site === undefined) return;
  if (isSameOrigin({ origin, fetchSite: site, host }, own)) return;
  throw problem('no-right', 'A change by session has to come from our own page.', { fix: 'Use a key for calls from elsewhere.' });
}
