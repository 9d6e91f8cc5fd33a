import { lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { Agent, buildConnector, fetch as undiciFetch } from 'undici';
import { type AllowList, addressRefused, allowNothing, isAllowedHost, urlRefused } from './guard.ts';
import type { Fetch } from './api.ts';

const connectMs = 5_000;
const headersMs = 30_000;
const idleMs = 30_000;

/** An error as the system's own look like, so that one table tells what each means. */
const refuse = (why: string): Error => Object.assign(new Error(`This address is not called: ${why}.`), { code: 'ADDRESS_REFUSED' });

export interface GuardedFetch {
  fetch: Fetch;
  close(): Promise<void>;
}

/**
 * `fetch` into the public internet, and nowhere else but what `allow` names: the address is checked as written, every address
 * its name stands for is checked when it is looked up, and the one that was connected to is checked again. So a name that
 * changes its mind between two look-ups gains nothing. Redirects are not followed; the connection is pinned to a checked address.
 */
export function guardedFetch(allow: AllowList = allowNothing, lookup: LookupFunction = systemLookup as LookupFunction): GuardedFetch {
  const agent = agentOf(allow, lookup);
  /** Hosts that are allowed by name may stand for any address. */
  const open = agentOf(null, lookup);
  return {
    fetch: async (url, init) => {
      const target = new URL(url);
      const why = urlRefused(target, allow);
      if (why) throw refuse(why);
      const dispatcher = isAllowedHost(target, allow) ? open : agent;
      const { method, headers, body = null, signal } = init;
      const reply = await undiciFetch(url, { method, headers, body, signal, dispatcher, redirect: 'manual' });
      return reply as unknown as Response;
    },
    close: async () => {
      await Promise.all([agent.close(), open.close()]);
    },
  };
}

function agentOf(allow: AllowList | null, lookup: LookupFunction): Agent {
  const checkedLookup: LookupFunction = (host, options, done) =>
    lookup(host, { ...options, all: true }, (error, found) => {
      if (error) return done(error, '');
      const addresses = Array.isArray(found) ? found : [{ address: found, family: 4 }];
      const why = allow === null ? null : addresses.map(({ address }) => addressRefused(address, allow)).find((each) => each !== null);
      if (why) return done(refuse(`${host} stands for ${why}`), '');
      const [first] = addresses;
      if (!first) return done(Object.assign(new Error(`no address for ${host}`), { code: 'ENOTFOUND' }), '');
      return options.all ? done(null, addresses) : done(null, first.address, first.family);
    });
  const connect = buildConnector({ lookup: checkedLookup, timeout: connectMs });
  return new Agent({
    connect: (options, done) =>
      connect(options, (...[error, socket]) => {
        if (error) return done(error, null);
        const why = allow === null ? null : addressRefused(socket.remoteAddress ?? '', allow);
        if (!why) return done(null, socket);
        socket.destroy();
        return done(refuse(why), null);
      }),
    headersTimeout: headersMs,
    bodyTimeout: idleMs,
    keepAliveTimeout: 4_000,
    maxHeaderSize: 32_768,
  });
}
