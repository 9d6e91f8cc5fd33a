import { after, type Instant } from '#kernel/time';
import type { Database, Tx } from '#platform/db';
import { hashToken, newToken } from '#platform/secrets';
import { judgeDoor, keyPrefix, type Refusal, renewed, rightsOf, rightsOfKey, sessionHours, signInMinutes } from './decide.ts';
import { addDoors, doorOf, personOf, revokeDoor, tenantOf, touchDoor, useOnce } from './store.ts';
import type { Caller, Door, Purpose, Right } from './words.ts';

/**
 * What people and programs do with tokens. `now` is given apart from the transaction's, since these age by the real clock: turning
 * the demo's clock forward must sign nobody out.
 */

/** A link's token for this person: opens once, for ten minutes. */
export async function makeSignIn(tx: Tx, person: string, now: Instant): Promise<string> {
  return makeDoor(tx, { purpose: 'sign-in', subject: person, expires: after(now, { minutes: signInMinutes }) }, now);
}

/** A door of the transaction's tenant; returns the token, which is kept nowhere. */
export async function makeDoor(
  tx: Tx,
  door: { purpose: Purpose; subject: string | null; scope?: Readonly<Record<string, unknown>>; expires: Instant | null },
  now: Instant,
): Promise<string> {
  const { token, hash } = newToken();
  await addDoors(tx, [{ ...door, hash, tenant: tx.tenant }], now);
  return token;
}

/** Trades a sign-in link for a session; of two who try at once, one gets it. */
export async function signIn(
  db: Database,
  token: string,
  now: Instant,
): Promise<{ session: string; expires: Instant; tenant: string; person: string } | Refusal> {
  return db.outsideTenants(async (tx) => {
    const door = await doorOf(tx, token);
    const refusal = judgeDoor(door, 'sign-in', now);
    if (refusal || !door) return refusal ?? 'unknown';
    if (!(await useOnce(tx, door.hash, now))) return 'used';
    const expires = after(now, { hours: sessionHours });
    const made = newToken();
    await addDoors(tx, [{ hash: made.hash, tenant: door.tenant, purpose: 'session', subject: door.subject, expires }], now);
    return { session: made.token, expires, tenant: door.tenant, person: door.subject ?? '' };
  });
}

export async function signOut(db: Database, session: string, now: Instant): Promise<void> {
  await db.outsideTenants((tx) => revokeDoor(tx, hashToken(session), now));
}

/** A key with these rights and no others; `key` is shown once. */
export async function makeKey(
  tx: Tx,
  asked: { name: string; scopes: readonly Right[]; expires: Instant | null },
  now: Instant,
): Promise<{ id: string; key: string; shown: string }> {
  const tenant = await tenantOf(tx, tx.tenant);
  const prefix = keyPrefix(tenant?.mode ?? 'live');
  const key = prefix + newToken().token;
  const shown = `${prefix}…${key.slice(-4)}`;
  const id = tx.newId();
  const scope = { name: asked.name, shown, scopes: asked.scopes };
  await addDoors(tx, [{ hash: hashToken(key), tenant: tx.tenant, purpose: 'api-key', subject: id, scope, expires: asked.expires }], now);
  return { id, key, shown };
}

/** The caller that a session or key stands for, and the session's new end when it was renewed; a refusal when it opens nothing. */
export async function callerOf(
  db: Database,
  token: string,
  purpose: 'session' | 'api-key',
  now: Instant,
): Promise<{ caller: Caller; renewedUntil: Instant | null } | Refusal> {
  const found = await db.outsideTenants(async (tx) => {
    const door = await doorOf(tx, token);
    const refusal = judgeDoor(door, purpose, now);
    if (refusal || !door) return refusal ?? 'unknown';
    const until = renewed(door, now);
    if (until) await touchDoor(tx, door.hash, now, purpose === 'session' ? until : null);
    const tenant = await tenantOf(tx, door.tenant);
    return tenant ? { door, tenant, renewedUntil: purpose === 'session' ? until : null } : 'unknown';
  });
  if (typeof found === 'string') return found;
  const { door, tenant, renewedUntil } = found;
  if (purpose === 'api-key') {
    return { caller: { tenant, person: null, actor: `key:${door.subject}`, rights: rightsOfKey(door.scope) }, renewedUntil };
  }
  const person = await db.tx(door.tenant, (tx) => personOf(tx, door.subject ?? ''));
  if (!person) return 'unknown';
  return { caller: { tenant, person, actor: `person:${person.id}`, rights: rightsOf[person.role] }, renewedUntil };
}

/** The door of a hook or of a signed link, when it opens now. */
export async function openDoor(db: Database, token: string, purpose: Purpose, now: Instant): Promise<Door | Refusal> {
  return db.outsideTenants(async (tx) => {
    const door = await doorOf(tx, token);
    return judgeDoor(door, purpose, now) ?? (door as Door);
  });
}
