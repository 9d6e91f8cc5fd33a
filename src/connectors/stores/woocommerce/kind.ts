import { Fault } from '#kernel/fault';
import { hmacOf, isSameSecret } from '#kernel/signature';
import { textOf } from '#kernel/text';
import type { StoreAccount, StoreCall, StoreGiven, StoreHeard, StoreKind } from '#ports/store';
import { wooStore } from './door.ts';
import { readWooOrder } from './read.ts';

export const wooKind: StoreKind = {
  kind: 'woocommerce',
  name: 'WooCommerce',
  fields: [
    {
      name: 'shop',
      label: 'Address of the shop',
      kind: 'url',
      required: true,
      hint: 'As it stands in the browser, with https.',
      placeholder: 'https://shop.example.com',
    },
    { name: 'key', label: 'Consumer key', kind: 'secret', required: true, hint: 'It begins with ck_.', placeholder: 'ck_…' },
    {
      name: 'secret',
      label: 'Consumer secret',
      kind: 'secret',
      required: true,
      hint: 'It begins with cs_ and is shown once in the shop.',
      placeholder: 'cs_…',
    },
  ],
  steps: [
    'In WordPress open WooCommerce, Settings, Advanced, REST API, and press "Add key".',
    'Call it Stockless, choose a user who may manage the shop, and the permission Read/Write.',
    'Press "Generate API key" and copy both parts here; the secret is not shown again.',
    'Permalinks must be other than "Plain" (Settings, Permalinks), or the shop has no API.',
  ],
  scopes: [
    { name: 'Read', why: 'to read orders, refunds, products and their stock' },
    { name: 'Write', why: 'to say stock and prices, mark orders as shipped with their tracking numbers, and set up webhooks' },
  ],
  tells: { parcels: true, stock: true, prices: true },
  keeps: ['x-wc-webhook-topic', 'x-wc-webhook-id', 'x-wc-webhook-source'],
  cannot: [
    { what: 'Parcels of its own.', why: 'WooCommerce has none: the tracking number stands in a note and in the data of the order.' },
    { what: 'Tags.', why: 'Orders of WooCommerce have none; write a note instead.' },
    { what: 'Virtual goods.', why: 'A line of an order does not say that its product is not sent, so that every line counts as goods.' },
    { what: 'Permissions by area.', why: 'A key reads or writes everything; there are no finer ones.' },
  ],
  account,
  open: (api, { clock }) => wooStore(api, clock),
  hear,
  read: ({ body }) => readWooOrder(body),
};

/** Politeness, as no limit is published: hosts of small shops give out at more. */
const rate = { perSecond: 5, burst: 10 };

function account({ settings, secrets }: { settings: StoreGiven; secrets: StoreGiven }): StoreAccount {
  const shop = URL.parse(settings['shop'] ?? '');
  if (!shop) throw new Fault('misconfigured', 'no-address', 'The shop has no address. Give it as it stands in the browser.');
  if (shop.protocol !== 'https:')
    throw new Fault(
      'misconfigured',
      'no-https',
      'The keys would go over the net unprotected: the address of the shop must begin with https.',
    );
  const keys = Buffer.from(`${secrets['key'] ?? ''}:${secrets['secret'] ?? ''}`).toString('base64');
  return {
    baseUrl: `${shop.origin}${shop.pathname.replace(/\/+$/, '')}/wp-json/wc/v3`,
    headers: { authorization: `Basic ${keys}` },
    rate,
  };
}

const topics: Readonly<Record<string, 'order' | 'shelf'>> = {
  'order.created': 'order',
  'order.updated': 'order',
  'order.restored': 'order',
  'product.created': 'shelf',
  'product.updated': 'shelf',
  'product.deleted': 'shelf',
};

function hear({ headers, body, secrets }: StoreCall): StoreHeard {
  // Sent unsigned when a webhook is made, to see whether somebody is there.
  if (/^webhook_id=\d{1,20}$/.test(Buffer.from(body.subarray(0, 64)).toString('latin1')))
    return { what: 'other', object: '', topic: 'ping' };
  const given = headers['x-wc-webhook-signature'] ?? '';
  const genuine = secrets.map(
    ({ webhookSecret = '' }) => webhookSecret !== '' && isSameSecret(hmacOf('sha256', webhookSecret, body, 'base64'), given),
  );
  if (!genuine.includes(true))
    return { what: 'forged', why: 'The signature was not made with the secret of this address over these bytes.' };
  const topic = headers['x-wc-webhook-topic'] ?? '';
  const what = topics[topic] ?? 'other';
  try {
    const order = JSON.parse(new TextDecoder().decode(body)) as { id?: unknown; refunds?: unknown } | null;
    // What was refunded of it stands elsewhere, so that it is asked for.
    const isWhole = !Array.isArray(order?.refunds) || order.refunds.length === 0;
    return { what: what === 'order' && !isWhole ? 'nudge' : what, object: textOf(order?.id), topic };
  } catch {
    return { what: 'order', object: '', topic: 'unreadable' };
  }
}
