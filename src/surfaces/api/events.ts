import type { ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { problem } from '#kernel/problem';
import { type FactListed, factsSince, lastFactNumber } from '#modules/insight';
import type { ApiDeps } from './deps.ts';
import { callerIn, schemaOf } from './route.ts';
import { at, factOf } from './show.ts';

/**
 * Live screens: every fact of a tenant as it happens, over server-sent events. One statement a second and tenant serves all who
 * listen. `id:` is the number of the last sealed fact, so that who reconnects gets what it missed; a fact may come twice around a
 * reconnect and carries its own id for that.
 */
const pollMs = 1_000;
const mostFacts = 500;
const mostRemembered = 5_000;
/** Longer than this a listener has to come again, and show its session or key once more. */
const longestMs = 900_000;
const mostUnsentBytes = 1_048_576;
const heartbeatPolls = 15;

interface Listener {
  out: ServerResponse;
  until: number;
}

interface Channel {
  listeners: Set<Listener>;
  last: bigint;
  seen: Set<string>;
  polls: number;
}

export interface Live {
  /** Ends every stream: for who stops the server. */
  close(): void;
}

export function eventRoutes(app: FastifyInstance, deps: ApiDeps): Live {
  const channels = new Map<string, Channel>();
  const stopping = new AbortController();
  const most = deps.limits?.listenersPerTenant ?? 100;

  const poll = async (tenant: string, channel: Channel): Promise<void> => {
    while (channel.listeners.size > 0 && !stopping.signal.aborted) {
      await pollOnce(deps, tenant, channel);
      await deps.sleep(pollMs, stopping.signal).catch(() => {});
    }
    channels.delete(tenant);
  };

  const listen = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const { tenant } = callerIn(request);
    const found = channels.get(tenant.id);
    if (stopping.signal.aborted) throw problem('not-ready', 'The server is stopping.', { more: { retry_after: 2 } });
    if (found && found.listeners.size >= most) {
      throw problem('too-many', `${most} pages of this workspace already listen.`, { fix: 'Close some.', more: { retry_after: 60 } });
    }
    const from = lastEventId(request);
    const { last, missed } = await deps.db.tx(tenant.id, async (tx) => ({
      last: await lastFactNumber(tx),
      missed: from === null ? [] : await factsSince(tx, from, mostFacts),
    }));
    const listener = { out: reply.raw, until: deps.realClock.now().epochMilliseconds + longestMs };
    open(reply);
    reply.raw.write(`retry: 2000\n\n${missed.map(eventOf).join('')}${tickOf(deps)}`);
    const channel = channels.get(tenant.id) ?? { listeners: new Set(), last, seen: new Set(), polls: 0 };
    channel.listeners.add(listener);
    reply.raw.on('close', () => channel.listeners.delete(listener));
    if (channels.get(tenant.id) === channel) return;
    channels.set(tenant.id, channel);
    void poll(tenant.id, channel);
  };

  app.route({
    method: 'GET',
    url: '/events',
    schema: {
      ...schemaOf({ needs: 'facts:read', summary: 'Facts as they happen (server-sent events)', of: 'Facts', answer: Type.Unknown() }),
      produces: ['text/event-stream'],
    },
    config: { needs: 'facts:read' },
    handler: listen,
  });
  const close = (): void => {
    stopping.abort();
    for (const { listeners } of channels.values()) for (const { out } of listeners) out.end();
  };
  app.addHook('preClose', async () => close());
  return { close };
}

/** Fastify's own headers of this reply (limits, security) go out with the stream's. */
function open(reply: FastifyReply): void {
  reply.hijack();
  const own = Object.fromEntries(
    Object.entries(reply.getHeaders()).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  reply.raw.writeHead(200, {
    ...own,
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
}

function lastEventId(request: FastifyRequest): bigint | null {
  const given = request.headers['last-event-id'];
  return typeof given === 'string' && /^\d{1,18}$/.test(given) ? BigInt(given) : null;
}

async function pollOnce(deps: ApiDeps, tenant: string, channel: Channel): Promise<void> {
  let text = '';
  channel.polls += 1;
  try {
    const facts = await deps.db.tx(tenant, (tx) => factsSince(tx, channel.last, mostFacts));
    // What was not numbered when we began may be old: the first look only learns what is there.
    const fresh = channel.polls === 1 ? [] : facts.filter(({ id }) => !channel.seen.has(id));
    for (const fact of facts) {
      channel.seen.add(fact.id);
      if (fact.number !== null && fact.number > channel.last) channel.last = fact.number;
    }
    text = fresh.map(eventOf).join('');
  } catch (error) {
    deps.log.warn('Facts could not be read for live screens; the next second tries again', { tenant, error });
  }
  while (channel.seen.size > mostRemembered) channel.seen.delete(channel.seen.values().next().value ?? '');
  text += deps.demo || channel.polls % heartbeatPolls === 0 ? tickOf(deps) : '';
  const now = deps.realClock.now().epochMilliseconds;
  for (const listener of channel.listeners) {
    if (text !== '') listener.out.write(text);
    // Who does not read, or has listened for long, comes again.
    if (now > listener.until || listener.out.writableLength > mostUnsentBytes) {
      channel.listeners.delete(listener);
      listener.out.end();
    }
  }
}

function eventOf(fact: FactListed): string {
  const { id, type, at: when, subject, order, actor, data } = factOf(fact);
  const shown = { id, type, at: when, subject, order: order?.id ?? null, number: order?.number ?? null, actor, data };
  return `${fact.number === null ? '' : `id: ${fact.number}\n`}event: fact\ndata: ${JSON.stringify(shown)}\n\n`;
}

const tickOf = (deps: ApiDeps): string => `event: tick\ndata: ${JSON.stringify({ now: at(deps.db.clock.now()) })}\n\n`;
