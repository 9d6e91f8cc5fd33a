import { Fault } from '#kernel/fault';
import type { StoreAccount, StoreGiven, StoreKind, StoreTools } from '#ports/store';
import { magentoStore } from './door.ts';
import { signed } from './oauth.ts';
import { readMagentoOrder } from './read.ts';

export const magentoKind: StoreKind = {
  kind: 'magento',
  name: 'Magento',
  fields: [
    {
      name: 'shop',
      label: 'Address of the shop',
      kind: 'url',
      required: true,
      hint: 'As it stands in the browser, with https.',
      placeholder: 'https://shop.example.com',
    },
    { name: 'consumerKey', label: 'Consumer key', kind: 'secret', required: true, hint: 'Of the integration, shown when it is activated.' },
    { name: 'consumerSecret', label: 'Consumer secret', kind: 'secret', required: true, hint: 'Shown beside it.' },
    { name: 'token', label: 'Access token', kind: 'secret', required: true, hint: 'Shown beside it.' },
    { name: 'tokenSecret', label: 'Access token secret', kind: 'secret', required: true, hint: 'Shown beside it.' },
    {
      name: 'source',
      label: 'Code of the stock source',
      kind: 'text',
      required: false,
      hint: 'Under Stores, Inventory, Sources; left out, "default".',
    },
  ],
  steps: [
    'In the admin of Magento (2.4) open System, Extensions, Integrations, and press "Add New Integration".',
    'Call it Stockless, and under API choose Custom with the resources below.',
    'Save it, press Activate, and copy the four keys here.',
  ],
  scopes: [
    { name: 'Sales / Orders', why: 'to read orders, and to say what was shipped, cancelled or noted' },
    { name: 'Catalog / Products', why: 'to read what is sold, and to say prices' },
    { name: 'Stores / Inventory', why: 'to read and say stock' },
    { name: 'Stores / Settings', why: 'to know the currency of the shop' },
  ],
  tells: { parcels: true, stock: true, prices: true },
  keeps: [],
  cannot: [
    { what: 'Webhooks.', why: 'Magento Open Source sends none, so that it is asked every few minutes.' },
    { what: 'Refunds.', why: 'What a credit memo pays back depends on rules of the shop; make it there.' },
    { what: 'Tags.', why: 'Orders of Magento have none; write a note instead.' },
    { what: 'Adobe Commerce as a Cloud Service.', why: 'It proves who we are in another way, by Adobe accounts.' },
  ],
  account,
  open: (api, { clock, settings }) => magentoStore(api, settings['source'] ?? 'default', clock),
  read: ({ body }) => readMagentoOrder(body),
};

function account({ settings, secrets }: { settings: StoreGiven; secrets: StoreGiven }, { clock, nonce }: StoreTools): StoreAccount {
  const shop = URL.parse(settings['shop'] ?? '');
  if (!shop) throw new Fault('misconfigured', 'no-address', 'The shop has no address. Give it as it stands in the browser.');
  if (shop.protocol !== 'https:')
    throw new Fault(
      'misconfigured',
      'no-https',
      'Orders would go over the net unprotected: the address of the shop must begin with https.',
    );
  const { consumerKey = '', consumerSecret = '', token = '', tokenSecret = '' } = secrets;
  return {
    baseUrl: `${shop.origin}${shop.pathname.replace(/\/+$/, '')}/rest/all`,
    headers: ({ method, url }) => {
      const at = { seconds: Math.floor(clock.now().epochMilliseconds / 1_000), nonce: nonce() };
      return { authorization: signed(method, url, { consumerKey, consumerSecret, token, tokenSecret }, at) };
    },
    // Politeness, as it has no limit of its own.
    rate: { perSecond: 5, burst: 10 },
  };
}
