import Type from 'typebox';
import { Fault } from '#kernel/fault';
import { hmacOf, isSameSecret } from '#kernel/signature';
import { textOf } from '#kernel/text';
import { after, type Instant } from '#kernel/time';
import type { Api } from '#ports/api';
import type { StoreAccount, StoreCall, StoreGiven, StoreHeard, StoreKind, StoreSession } from '#ports/store';
import { shopifyStore } from './door.ts';
import { readShopifyOrder } from './read.ts';
import { scopes } from './scopes.ts';

export const shopifyKind: StoreKind = {
  kind: 'shopify',
  name: 'Shopify',
  fields: [
    {
      name: 'shop',
      label: 'Address of the shop',
      kind: 'text',
      required: true,
      hint: 'The one that ends with .myshopify.com, under Settings, Domains.',
      placeholder: 'acme.myshopify.com',
    },
    {
      name: 'clientId',
      label: 'Client ID',
      kind: 'text',
      required: false,
      hint: 'Of the app, in the Dev Dashboard under Settings; leave it out if you have an access token.',
    },
    {
      name: 'clientSecret',
      label: 'Client secret',
      kind: 'secret',
      required: true,
      hint: 'Of the same app ("API secret key" in older apps); Shopify signs its webhooks with it.',
    },
    {
      name: 'token',
      label: 'Admin API access token',
      kind: 'secret',
      required: false,
      hint: 'Of an app that was made in the shop itself; it begins with shpat_.',
      placeholder: 'shpat_…',
    },
    {
      name: 'location',
      label: 'Number of the location',
      kind: 'text',
      required: false,
      hint: 'Where stock is kept; left out, the first that ships online orders.',
    },
  ],
  steps: [
    'In the Dev Dashboard of Shopify create an app, and give it the scopes below.',
    'Release a version of it and install it in your shop.',
    'Copy its client ID and client secret here. With an app that was made in the shop itself, copy its access token and API secret key instead.',
  ],
  scopes,
  tells: { parcels: true, stock: true, prices: true },
  keeps: ['x-shopify-topic', 'x-shopify-webhook-id', 'x-shopify-event-id', 'x-shopify-shop-domain', 'x-shopify-triggered-at'],
  cannot: [
    { what: 'Orders older than 60 days.', why: 'Shopify shows them only to apps that were granted read_all_orders.' },
    {
      what: 'Orders in another currency than the shop keeps its books in.',
      why: 'They are read in the currency of the shop, as its own reports have them.',
    },
  ],
  account,
  session,
  open: (api, { clock, settings }) => shopifyStore(api, clock, settings['location'] ?? ''),
  hear,
  read: ({ body }) => readShopifyOrder(body),
};

function account({ settings, secrets }: { settings: StoreGiven; secrets: StoreGiven }): StoreAccount {
  const shop = (settings['shop'] ?? '')
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/\/.*$/, '');
  if (!/^[a-z0-9][a-z0-9-]*\.[a-z0-9.-]+$/.test(shop))
    throw new Fault('misconfigured', 'no-address', `"${shop}" is no address of a shop. It ends with .myshopify.com.`);
  if (!secrets['token'] && !settings['clientId'])
    throw new Fault('misconfigured', 'no-key', 'It needs either an access token, or the client ID of an app.');
  return {
    baseUrl: `https://${shop}/admin`,
    headers: {},
    // Calls, besides the points that each costs: what is too much is answered with how long to wait.
    rate: { perSecond: 4, burst: 20 },
  };
}

const Granted = Type.Object({ access_token: Type.String({ minLength: 1 }), expires_in: Type.Optional(Type.Integer({ minimum: 1 })) });

/** An app's token is asked for and lasts a day; one of an app of the shop itself lasts until it is taken away. */
async function session(
  api: Api,
  { settings, secrets }: { settings: StoreGiven; secrets: StoreGiven },
  now: Instant,
): Promise<StoreSession> {
  const own = secrets['token'];
  if (own) return { headers: { 'x-shopify-access-token': own }, expiresAt: null };
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: settings['clientId'] ?? '',
    client_secret: secrets['clientSecret'] ?? '',
  });
  const { access_token: token, expires_in: seconds = 3_600 } = await api.ask('/oauth/access_token', Granted, body);
  return { headers: { 'x-shopify-access-token': token }, expiresAt: after(now, { seconds }) };
}

const meanings: Readonly<Record<string, 'order' | 'shelf' | 'goodbye'>> = {
  'orders/create': 'order',
  'orders/updated': 'order',
  'orders/cancelled': 'order',
  'products/update': 'shelf',
  'products/create': 'shelf',
  'products/delete': 'shelf',
  'app/uninstalled': 'goodbye',
};

function hear({ headers, body, secrets, settings }: StoreCall): StoreHeard {
  const given = headers['x-shopify-hmac-sha256'] ?? '';
  const genuine = secrets.map(
    ({ clientSecret = '' }) => clientSecret !== '' && isSameSecret(hmacOf('sha256', clientSecret, body, 'base64'), given),
  );
  if (!genuine.includes(true))
    return { what: 'forged', why: 'The signature was not made with the client secret of the app over these bytes.' };
  // One app may be installed in several shops, which sign with the same secret.
  const shop = (settings['shop'] ?? '').trim().toLowerCase();
  const from = (headers['x-shopify-shop-domain'] ?? '').toLowerCase();
  if (from !== '' && !shop.includes(from)) return { what: 'forged', why: `It is of the shop ${from}, which is another one.` };
  const topic = headers['x-shopify-topic'] ?? '';
  const what = meanings[topic] ?? 'other';
  try {
    return { what, object: textOf((JSON.parse(new TextDecoder().decode(body)) as { id?: unknown } | null)?.id), topic };
  } catch {
    return { what: what === 'order' ? 'order' : 'other', object: '', topic: 'unreadable' };
  }
}
