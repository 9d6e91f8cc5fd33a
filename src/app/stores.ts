import { findStoreKind } from '#connectors/stores';
import { readFields } from '#flows/store-fields';
import { Fault } from '#kernel/fault';
import { problem } from '#kernel/problem';
import { textOf } from '#kernel/text';
import { type Instant, instant, isBefore } from '#kernel/time';
import type { Channel, Listened } from '#modules/channels';
import { type Account, makeApi, makeBreakers } from '#platform/api';
import type { Api } from '#ports/api';
import type { ChannelDoor, StoreFound } from '#ports/channel';
import type { StoreAccount, StoreGiven, StoreKind, StoreSession } from '#ports/store';
import { type Outside, type Shared, wireOf } from './wire.ts';

/** What kind of store a channel is. Its kind was checked when it was connected; a newer program may have known more. */
export function storeKindOf({ kind, name }: Pick<Channel, 'kind' | 'name'>): StoreKind {
  const found = findStoreKind(kind);
  if (!found) throw new Fault('misconfigured', 'unknown-kind', `${name} is a store of kind ${kind}, which this program does not know.`);
  return found;
}

/** What came of asking a store for its webhooks. One that sends none, or cannot reach us, is polled: no fault of anybody's. */
export async function armHooks(
  door: ChannelDoor,
  { url, secret, reachable }: { url: string; secret: string; reachable: boolean | undefined },
): Promise<Listened> {
  if (!door.listen) return { topics: [], mended: 0, trouble: '' };
  const found = URL.parse(url);
  const isPublic =
    found?.protocol === 'https:' && found.hostname.includes('.') && !/^[\d.]+$|\.(local|internal|test)$/.test(found.hostname);
  if (!(reachable ?? isPublic)) {
    const trouble = `Stores cannot reach ${found?.origin ?? 'this address'}, so that they send no webhooks; orders are asked for every few minutes instead. Give STOCKLESS_PUBLIC_URL a public address with https.`;
    return { topics: [], mended: 0, trouble };
  }
  return { ...(await door.listen(url, secret)), trouble: '' };
}

export interface Connection {
  tenant: string;
  channel: Pick<Channel, 'kind' | 'name' | 'code' | 'currency' | 'settings'>;
  secrets: StoreGiven;
}

/** The texts among a channel's settings: those that its kind asks for. */
export const givenOf = (settings: Readonly<Record<string, unknown>>): StoreGiven =>
  Object.fromEntries(Object.entries(settings).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])));

export function openStore({ tenant, channel, secrets }: Connection, outside: Outside, shared: Shared): ChannelDoor {
  const kind = storeKindOf(channel);
  const { clock } = shared.options;
  const given = { settings: givenOf(channel.settings), secrets };
  const name = `channel:${channel.code}`;
  const { chance } = shared.options;
  const nonce = (): string => Array.from({ length: 4 }, () => Math.floor(chance.next() * 2 ** 32).toString(36)).join('');
  const account = kind.account(given, { clock, nonce });
  const apiWith = (headers: Account['headers']): Api => makeApi({ tenant, name, ...account, headers }, wireOf(outside, shared));
  const plain = apiWith(account.headers);
  const { session } = kind;
  const api = session ? withSession(apiWith, account, () => session(plain, given, clock.now()), clock.now.bind(clock)) : plain;
  return beginningAt(textOf(channel.settings['since']), kind.open(api, { clock, currency: channel.currency, settings: given.settings }));
}

/** Orders from before this day are left alone, where a day was given. */
const beginningAt = (since: string, door: ChannelDoor): ChannelDoor =>
  since === '' || !door.since
    ? door
    : { ...door, orders: (cursor, limit) => door.orders(cursor || (door.since?.(instant(since)) ?? ''), limit) };

/** A login is thrown away this long before it ends, so that none ends on the way. */
const marginMs = 60_000;

/**
 * Calls with a login that is asked for when there is none. A call that is answered "who are you?" was not done, whatever it was: it is
 * sent once more with a new login.
 */
function withSession(
  apiWith: (headers: Account['headers']) => Api,
  account: StoreAccount,
  login: () => Promise<StoreSession>,
  now: () => Instant,
): Api {
  let current: Promise<StoreSession> | null = null;
  // Calls that begin together share one login, and one that failed is not kept.
  const begin = (): Promise<StoreSession> => {
    const asked = login();
    current = asked;
    asked.catch(() => {
      if (current === asked) current = null;
    });
    return asked;
  };
  const sessionNow = async (): Promise<StoreSession> => {
    const asked = current ?? begin();
    const known = await asked;
    const isGood = known.expiresAt === null || isBefore(now(), known.expiresAt.subtract({ milliseconds: marginMs }));
    return isGood ? known : current === asked || current === null ? begin() : current;
  };
  const api = apiWith(async (request) => {
    const own = typeof account.headers === 'function' ? account.headers(request) : account.headers;
    return { ...own, ...(await sessionNow()).headers };
  });
  const twice = async <Reply>(call: () => Promise<Reply>): Promise<Reply> => {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'http-401' || current === null) throw error;
      current = null;
      return call();
    }
  };
  return {
    get: (path, reply, query) => twice(() => api.get(path, reply, query)),
    ask: (path, reply, body) => twice(() => api.ask(path, reply, body)),
    post: (path, reply, body, key) => twice(() => api.post(path, reply, body, key)),
    put: (path, reply, body, key) => twice(() => api.put(path, reply, body, key)),
  };
}

/** What a look at a store finds, with what a person typed and before it is connected. Whatever goes wrong is said in words. */
export async function probeStore(
  { tenant, kind: name, currency, fields }: { tenant: string; kind: string; currency: string; fields: StoreGiven },
  outside: Outside,
  shared: Shared,
): Promise<StoreFound> {
  const kind = findStoreKind(name);
  if (!kind) throw problem('invalid-field', `There is no kind of store "${name}".`, { param: 'kind' });
  const { settings, secrets } = readFields(kind, fields);
  const channel = { kind: name, name: kind.name, code: 'probe', currency, settings };
  const found: StoreFound = { name: '', currency: '', zone: '', words: [], troubles: [] };
  try {
    const door = openStore({ tenant, channel, secrets }, outside, { ...shared, breakers: makeBreakers(shared.options.clock) });
    if (door.probe) return await door.probe();
    const { rows } = await door.published('', currency);
    return { ...found, words: [`It answers, and shows ${rows.length} products on its first page.`] };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { ...found, troubles: [error.message] };
  }
}
