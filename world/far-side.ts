import { type Asked, exchange, json, wireError } from './answer.ts';
import { answerTrack, carrierHost } from './carrier.ts';
import type { Realm } from './realm.ts';
import { carrierToken } from './setup.ts';
import { faceOf } from './faces.ts';
import type { Shop } from './stores.ts';
import { hostOf, losesAnswer, serveSupplier } from './supplier-rest.ts';
import type { Fetch } from './words.ts';

/** All servers of this world behind one `fetch`. Redirects do not occur; a host nobody runs cannot be found. */
export function worldFetch(realm: Realm, shops: ReadonlyMap<string, Shop>): Fetch {
  const shopByHost = new Map([...shops.values()].filter(({ kind }) => kind !== 'csv').map((shop) => [shop.host, shop]));
  const supplierByHost = new Map(
    realm.suppliers.filter(({ transport }) => transport === 'rest').map((supplier) => [hostOf(supplier), supplier]),
  );
  return async (input, init) => {
    const asked = await read(input, init);
    init?.signal?.throwIfAborted();
    if (asked.host === carrierHost) {
      return exchange(realm, asked, () =>
        asked.header('authorization') === `Bearer ${carrierToken(realm)}`
          ? answerTrack(realm, asked.path)
          : json(401, { error: 'unauthorized' }),
      );
    }
    const shop = shopByHost.get(asked.host);
    if (shop !== undefined) return exchange(realm, asked, () => faceOf(shop).serve(realm, shop, asked));
    const supplier = supplierByHost.get(asked.host);
    if (supplier !== undefined)
      return exchange(realm, asked, () => serveSupplier(realm, supplier, asked), losesAnswer(realm, supplier, asked));
    throw wireError('ENOTFOUND', `getaddrinfo ENOTFOUND ${asked.host}`);
  };
}

async function read(input: string | URL | Request, init: RequestInit | undefined): Promise<Asked> {
  const request = input instanceof Request ? input : null;
  const url = new URL(input instanceof Request ? input.url : input);
  const headers = new Headers(init?.headers ?? request?.headers);
  const body = init?.body === undefined || init.body === null ? ((await request?.text()) ?? '') : await textOf(init.body);
  return {
    method: (init?.method ?? request?.method ?? 'GET').toUpperCase(),
    host: url.hostname,
    path: url.pathname,
    query: url.searchParams,
    header: (name) => headers.get(name) ?? '',
    body,
  };
}

const textOf = async (body: NonNullable<RequestInit['body']>): Promise<string> =>
  typeof body === 'string' ? body : new Response(body).text();
