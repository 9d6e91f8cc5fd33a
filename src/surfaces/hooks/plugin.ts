import type { FastifyInstance, FastifyRequest } from 'fastify';
import { problem } from '#kernel/problem';
import { after, type Instant, isBefore } from '#kernel/time';
import { openDoor } from '#modules/identity';
import { answerProblems, rawBodies } from '#platform/http';
import type { Log } from '#platform/log';
import { hashToken } from '#platform/secrets';
import type { HookOwner, HooksDeps } from './deps.ts';
import { makeIntake } from './intake.ts';

declare module 'fastify' {
  interface FastifyRequest {
    hookOwner: (HookOwner & { tenant: string }) | null;
  }
}

const mostBodyBytes = 1_048_576;
/** A door and its secrets are looked up again after this long: that is how late a new secret may be known. */
const keptMs = 5_000;
const mostKept = 10_000;
const keptAlways = ['content-type', 'user-agent'];

/** `POST /hooks/{token}`. For `server.register(hooksPlugin(deps), { prefix: '/hooks' })`. */
export const hooksPlugin =
  (deps: HooksDeps & { log: Log }) =>
  async (server: FastifyInstance): Promise<void> => {
    answerProblems(server, deps.log);
    rawBodies(server, mostBodyBytes);
    const ownerOf = makeOwners(deps);
    const intake = makeIntake(deps);
    server.decorateRequest('hookOwner', null);
    // Before the body is read: a stranger gets no further than this.
    server.addHook('onRequest', async (request) => {
      request.hookOwner = await ownerOf((request.params as { token: string }).token);
      if (request.hookOwner) return;
      deps.count?.('unknown');
      throw problem('not-found', 'Nobody is told anything at this address.', { fix: 'Copy the address from the channel once more.' });
    });
    server.addHook('onError', async (_request, _reply, error) => {
      if ((error as { code?: string }).code === 'FST_ERR_CTP_BODY_TOO_LARGE') deps.count?.('too-large');
    });
    server.post('/:token', async (request, reply) => {
      const owner = request.hookOwner;
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const heard = owner?.hear({ headers: textHeaders(request), body, now: deps.clock.now() });
      if (!owner || heard === undefined || heard.what === 'forged') {
        deps.count?.('bad-signature');
        throw problem('bad-signature', heard?.what === 'forged' ? heard.why : 'Nobody signed it.', {
          fix: "Sign the raw body as this kind of store does, with this channel's secret and the present time.",
        });
      }
      const label = { kind: heard.what, object: plain(heard.object, longestObject), name: plain(heard.topic, longestName) };
      const came = await intake.take(owner.tenant, { ...label, source: owner.source, headers: keptOf(request, owner.keeps), body });
      deps.count?.(came.fresh ? 'received' : 'again');
      return reply.code(202).send({ received: true });
    });
  };

const longestHeader = 500;

const longestName = 120;
const longestObject = 200;

/** The database keeps neither a zero byte nor half a character. */
const plain = (text: string, longest: number): string => text.replaceAll('\0', '').toWellFormed().slice(0, longest).toWellFormed();

const textHeaders = ({ headers }: FastifyRequest): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])));

const keptOf = (request: FastifyRequest, keeps: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    [...keptAlways, ...keeps].flatMap((name) => {
      const value = request.headers[name];
      return typeof value === 'string' ? [[name, value.slice(0, longestHeader)]] : [];
    }),
  );

/** Doors by token, remembered for some seconds, those that open nothing as well. */
function makeOwners({ db, clock, ownerOf }: HooksDeps): (token: string) => Promise<(HookOwner & { tenant: string }) | null> {
  const kept = new Map<string, { owner: Promise<(HookOwner & { tenant: string }) | null>; until: Instant }>();
  const look = async (token: string): Promise<(HookOwner & { tenant: string }) | null> => {
    const door = await openDoor(db, token, 'hook', clock.now());
    if (typeof door === 'string' || door.subject === null) return null;
    const subject = door.subject;
    const owner = await db.tx(door.tenant, (tx) => ownerOf(tx, subject));
    return owner && { ...owner, tenant: door.tenant };
  };
  return async (token) => {
    if (!/^[\w-]{20,200}$/.test(token)) return null;
    const hash = hashToken(token);
    const now = clock.now();
    const found = kept.get(hash);
    // A clock that was turned back must not keep an entry for ever.
    if (found && isBefore(now, found.until) && isBefore(found.until, after(now, { ms: keptMs + 1 }))) return found.owner;
    if (kept.size >= mostKept) kept.clear();
    const owner = look(token);
    kept.set(hash, { owner, until: after(now, { ms: keptMs }) });
    owner.catch(() => kept.delete(hash));
    return owner;
  };
}
