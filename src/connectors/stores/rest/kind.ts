import { Fault } from '#kernel/fault';
import { textOf } from '#kernel/text';
import { verifyWebhook } from '#formats/webhook';
import type { StoreCall, StoreHeard, StoreKind } from '#ports/store';
import { restStore } from './door.ts';
import { readRestOrder } from './read.ts';

/** Our own plain protocol, for shops that are built to measure. */
export const restKind: StoreKind = {
  kind: 'rest',
  name: 'Store API',
  fields: [
    {
      name: 'baseUrl',
      label: "Address of the store's API",
      kind: 'url',
      required: true,
      hint: 'The address that /orders stands behind.',
      placeholder: 'https://',
    },
    { name: 'token', label: 'Its token', kind: 'secret', required: true, hint: 'Sent as bearer token with every call.' },
  ],
  steps: [
    'Ask whoever built the shop for the address of its API and a token.',
    'Give them the address and the secret that are shown afterwards.',
  ],
  scopes: [
    { name: 'orders', why: 'to read orders and tell parcels' },
    { name: 'inventory', why: 'to read and say stock and prices' },
  ],
  tells: { parcels: true, stock: true, prices: true },
  keeps: ['webhook-id', 'webhook-timestamp'],
  cannot: [],
  account: ({ settings, secrets }) => {
    if (!settings['baseUrl']) throw new Fault('misconfigured', 'no-address', 'The store has no address. Give the address of its API.');
    return {
      baseUrl: settings['baseUrl'],
      headers: { authorization: `Bearer ${secrets['token'] ?? ''}` },
      keyHeader: 'Idempotency-Key',
      rate: { perSecond: 20, burst: 40 },
    };
  },
  open: (api, { clock }) => restStore(api, clock),
  hear,
  read: ({ body }) => [readRestOrder(body)],
};

function hear({ headers, body, secrets, now }: StoreCall): StoreHeard {
  const known = secrets.flatMap(({ webhookSecret }) => (webhookSecret ? [webhookSecret] : []));
  if (!verifyWebhook({ headers, body, secrets: known, clock: { now: () => now } }))
    return { what: 'forged', why: 'None of the signatures was made with the secret of this address over these bytes within five minutes.' };
  try {
    const message = JSON.parse(new TextDecoder().decode(body)) as { type?: unknown; data?: { id?: unknown } } | null;
    return { what: 'order', object: textOf(message?.data?.id), topic: textOf(message?.type) };
  } catch {
    // It is kept all the same, for a person to look at.
    return { what: 'order', object: '', topic: 'unreadable' };
  }
}
