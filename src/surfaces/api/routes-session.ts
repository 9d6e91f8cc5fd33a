import { Type } from 'typebox';
import { showId } from '#kernel/id';
import { problem } from '#kernel/problem';
import { after } from '#kernel/time';
import {
  type Caller,
  keysOf,
  type KeyShown,
  makeKey,
  revokeDoorsOf,
  type Right,
  resources,
  rightsOf,
  signIn,
  signOut,
} from '#modules/identity';
import { idIn } from './check.ts';
import { callerIn, IdParam, reads, route, type Rooms } from './route.ts';
import { List } from './schemas.ts';
import { DemoAdvance, DemoBreak, DemoRun, DemoState, KeyMade, KeyNew, KeyRow, Me, SignIn } from './schemas-session.ts';
import { at, maybeAt } from './show.ts';

const Nothing = Type.Object({ done: Type.Boolean() });

const meOf = ({ tenant, person, rights }: Caller, now: Temporal.Instant): Me => ({
  tenant: { id: showId('tenant', tenant.id), name: tenant.name, mode: tenant.mode, brand: tenant.brand },
  person: person && { id: showId('user', person.id), name: person.name, email: person.email, role: person.role },
  rights: [...rights].toSorted(),
  now: at(now),
});

export function sessionRoutes(rooms: Rooms): void {
  const { deps, gate } = rooms;
  const of = 'Session and keys';
  reads(rooms, '/me', { needs: 'anybody', summary: 'Who asks, and what they may', of, answer: Me }, async (tx, { caller }) =>
    meOf(caller, tx.now),
  );
  const about = { needs: 'nobody', summary: 'Trade a sign-in link for a session', of, body: SignIn, answer: Nothing } as const;
  route(rooms, 'POST', '/session', about, async ({ body, reply }) => {
    const made = await signIn(deps.db, body.token, deps.realClock.now());
    if (typeof made === 'string') {
      throw problem('link-expired', 'This sign-in link is used up, too old or not one of ours.', {
        fix: 'Ask for a new link: it opens once, within ten minutes.',
      });
    }
    gate.setSession(reply, made.session);
    return { done: true };
  });
  route(rooms, 'DELETE', '/session', { needs: 'anybody', summary: 'Sign out', of, answer: Nothing }, async ({ request, reply }) => {
    if (request.session !== null) await signOut(deps.db, request.session, deps.realClock.now());
    gate.forget();
    gate.clearSession(reply);
    return { done: true };
  });
}

const keyOf = ({ id, name, shown, scopes, created, expires, used }: KeyShown): KeyRow => ({
  id: showId('key', id),
  name,
  shown,
  scopes,
  createdAt: at(created),
  expiresAt: maybeAt(expires),
  lastUsedAt: maybeAt(used),
});

export function keyRoutes(rooms: Rooms): void {
  const { deps, gate } = rooms;
  const of = 'Session and keys';
  reads(rooms, '/keys', { needs: 'keys:read', summary: 'All keys, without their secrets', of, answer: List(KeyRow) }, async (tx) => ({
    data: (await keysOf(tx)).map(keyOf),
    next: null,
  }));
  route(
    rooms,
    'POST',
    '/keys',
    { needs: 'keys:write', summary: 'Make a key; it is shown this once', of, body: KeyNew, answer: KeyMade, status: 201 },
    ({ body, request }) => {
      const caller = callerIn(request);
      const scopes = body.scopes.map((scope) => grantable(scope, caller));
      const now = deps.realClock.now();
      const expires = body.expiresInDays === undefined ? null : after(now, { days: body.expiresInDays });
      return deps.db.tx(caller.tenant.id, async (tx) => {
        const { id, key, shown } = await makeKey(tx, { name: body.name, scopes, expires }, now);
        return { ...keyOf({ id, name: body.name, shown, scopes, created: now, expires, used: null }), key };
      });
    },
  );
  route(
    rooms,
    'DELETE',
    '/keys/:id',
    { needs: 'keys:write', summary: 'Take a key away', of, params: IdParam, answer: Nothing },
    async ({ params, request }) => {
      const id = idIn('key', params.id);
      const gone = await deps.db.tx(callerIn(request).tenant.id, (tx) => revokeDoorsOf(tx, id, 'api-key', deps.realClock.now()));
      gate.forget();
      return gone.length > 0 ? { done: true } : null;
    },
  );
}

/** Nobody gives away a right that they do not have. */
function grantable(scope: string, caller: Caller): Right {
  if (!(rightsOf.owner as ReadonlySet<string>).has(scope)) {
    throw problem('invalid-field', `"${scope}" is not a right.`, {
      param: 'scopes',
      fix: `Rights are ${resources.join(', ')}, each with :read or :write.`,
    });
  }
  if (!(caller.rights as ReadonlySet<string>).has(scope))
    throw problem('no-right', `You lack the right ${scope}, so a key of yours cannot have it.`);
  return scope as Right;
}

/** The demo's clock and weather; there are none elsewhere. */
export function demoRoutes(rooms: Rooms): void {
  const { demo } = rooms.deps;
  const of = 'Demo';
  const about = { needs: 'demo:write', of, answer: DemoState } as const;
  const here = ({ tenant }: Caller) => {
    if (!demo || tenant.mode !== 'demo')
      throw problem('not-found', 'This is not a demo.', { fix: 'Start one with: stockless start --demo' });
    return { demo, tenant: tenant.id };
  };
  route(rooms, 'GET', '/demo', { ...about, needs: 'demo:read', summary: 'What time it is, and whether it runs' }, async ({ request }) => {
    const found = here(callerIn(request));
    return found.demo.state(found.tenant);
  });
  route(rooms, 'POST', '/demo/advance', { ...about, summary: 'Turn the clock forward', body: DemoAdvance }, async ({ request, body }) => {
    const found = here(callerIn(request));
    return found.demo.advance(found.tenant, body.minutes);
  });
  route(rooms, 'POST', '/demo/run', { ...about, summary: 'Let the clock run, or stop it', body: DemoRun }, async ({ request, body }) => {
    const found = here(callerIn(request));
    return found.demo.run(found.tenant, body.stop ? null : (body.minutesPerSecond ?? null));
  });
  route(rooms, 'POST', '/demo/break', { ...about, summary: 'Break something on purpose', body: DemoBreak }, async ({ request, body }) => {
    const found = here(callerIn(request));
    return found.demo.break(found.tenant, body.what);
  });
}
