import { after, type Instant, isBefore, msBetween } from '#kernel/time';
import { type Door, type Purpose, type Resource, type Right, type Role, resources, type Tenant } from './words.ts';

/** Long enough to open the mail, short enough that an old mail opens nothing. */
export const signInMinutes = 10;
/** A session ends this long after it was last used. */
export const sessionHours = 12;
/** And is renewed only this often, so that reading a page is not a write. */
const renewEveryMinutes = 5;

const all = (verb: 'read' | 'write'): Right[] => resources.map((resource): Right => `${resource}:${verb}`);
const without = (rights: Right[], ...left: Resource[]): Right[] =>
  rights.filter((right) => !left.some((resource) => right.startsWith(`${resource}:`)));

/** Who may do what, as data: the docs' table and the tests read it too. */
export const rightsOf: Readonly<Record<Role, ReadonlySet<Right>>> = {
  owner: new Set([...all('read'), ...all('write')]),
  admin: new Set([...all('read'), ...all('write')]),
  operations: new Set([...without(all('read'), 'keys'), ...without(all('write'), 'keys', 'channels', 'routing', 'facts')]),
  'read-only': new Set(without(all('read'), 'keys')),
};

/** A key has the rights it was given; whatever else stands in its scope counts for nothing. */
export function rightsOfKey(scope: Readonly<Record<string, unknown>>): ReadonlySet<Right> {
  const known: ReadonlySet<string> = rightsOf.owner;
  const given = Array.isArray(scope['scopes']) ? scope['scopes'] : [];
  return new Set(given.filter((right): right is Right => typeof right === 'string' && known.has(right)));
}

/** `sk_live_…`: whoever finds a key sees what it could break, and a key of one mode is never taken for another's. */
export const keyPrefix = (mode: Tenant['mode']): string => `sk_${mode}_`;

export type Refusal = 'unknown' | 'revoked' | 'expired' | 'used' | 'wrong-purpose';

/** Whether a door opens now, for this purpose. A sign-in link opens once. */
export function judgeDoor(door: Door | null, purpose: Purpose, now: Instant): Refusal | null {
  if (!door) return 'unknown';
  if (door.purpose !== purpose) return 'wrong-purpose';
  if (door.revoked) return 'revoked';
  if (door.expires && !isBefore(now, door.expires)) return 'expired';
  if (purpose === 'sign-in' && door.used) return 'used';
  return null;
}

/** When the session ends if it is used now; null when that is not worth a write yet. */
export function renewed(session: Door, now: Instant): Instant | null {
  const last = session.used ?? session.created;
  return msBetween(last, now) < renewEveryMinutes * 60_000 ? null : after(now, { hours: sessionHours });
}

/**
 * Whether a request that carries a cookie was made by our own page. Browsers say where a request comes from in `Origin`, newer ones
 * also in `Sec-Fetch-Site`; what says nothing at all is no browser's write, and is refused.
 */
export function isSameOrigin(
  request: { origin: string | undefined; fetchSite: string | undefined; host: string | undefined },
  own: string,
): boolean {
  if (request.fetchSite !== undefined && request.fetchSite !== 'same-origin') return false;
  if (request.origin === undefined) return request.fetchSite === 'same-origin';
  if (request.origin === own) return true;
  // Behind another name than the configured one (127.0.0.1 for localhost), the page's origin is still the host that was asked.
  return request.host !== undefined && [`http://${request.host}`, `https://${request.host}`].includes(request.origin);
}
