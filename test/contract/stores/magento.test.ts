import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unexplainedOf } from '#kernel/order-sum';
import { fromMs } from '#kernel/time';
import { Unreadable } from '#kernel/unreadable';
import type { ChannelOrder } from '#ports/channel';
import { findStoreKind } from '#connectors/stores';
import { storeBench } from './bench.ts';
import { doEverything } from './doings.ts';
import { specOf } from './exchange.ts';
import { openApiOf } from './openapi.ts';

const kind = findStoreKind('magento');
if (!kind) throw new Error('there is no such kind');
const read = (value: unknown): ChannelOrder[] =>
  kind.read({ name: '', headers: {}, body: new TextEncoder().encode(JSON.stringify(value)) }, { currency: 'USD' });

const spec = specOf('magento/admin-schema-2.4.9.yaml');
describe.skipIf(spec === null)(
  spec === null ? 'the published schema is not beside the project' : 'what goes over the wire to Magento',
  () => {
    it('is as its schema of 2.4.9 says, in both directions', async () => {
      const api = openApiOf(spec ?? '', '/rest/all');
      const bench = storeBench('magento');
      await doEverything(bench);
      const checked = bench.exchanges.map((one) => ({ at: `${one.method} ${one.url.pathname}`, troubles: api.troubles(one) }));
      expect(checked.filter(({ troubles }) => troubles !== null).length).toBeGreaterThan(12);
      expect(checked.flatMap(({ at, troubles }) => (troubles ?? [`${at} is not in it`]).map((trouble) => `${at}: ${trouble}`))).toEqual([]);
    });
  },
);

describe('a signed call', () => {
  const keys = { consumerKey: 'ck', consumerSecret: 'c&s', token: 'tk', tokenSecret: 't s' };
  const headerOf = (method: 'GET' | 'POST', address: string): Record<string, string> => {
    const { headers } = kind.account(
      { settings: { shop: 'https://shop.test' }, secrets: keys },
      { clock: { now: () => fromMs(1_764_000_000_000) }, nonce: () => 'n-1' },
    );
    if (typeof headers !== 'function') throw new Error('it is not signed');
    return { ...headers({ method, url: new URL(address), body: undefined }) };
  };

  it('is signed over method, address and all parameters in order, as RFC 5849 spells them', () => {
    const { authorization } = headerOf('GET', 'https://shop.test/rest/all/V1/orders?b=2&a=x%20y&c[0]=%C3%A9!');
    const base =
      'GET&https%3A%2F%2Fshop.test%2Frest%2Fall%2FV1%2Forders&' +
      encodeURIComponent(
        'a=x%20y&b=2&c%5B0%5D=%C3%A9%21&oauth_consumer_key=ck&oauth_nonce=n-1&oauth_signature_method=HMAC-SHA256&oauth_timestamp=1764000000&oauth_token=tk&oauth_version=1.0',
      );
    const signature = createHmac('sha256', 'c%26s&t%20s').update(base).digest('base64');
    expect(authorization).toContain(`oauth_signature="${encodeURIComponent(signature)}"`);
    expect(authorization).toMatch(/^OAuth oauth_consumer_key="ck", oauth_nonce="n-1", oauth_signature_method="HMAC-SHA256"/);
  });

  it('has a signature that anything else in it changes', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 20 }), fc.string({ minLength: 1, maxLength: 20 }), (one, other) => {
        fc.pre(one.toWellFormed() !== other.toWellFormed());
        const of = (value: string) =>
          headerOf('GET', `https://shop.test/rest/all/V1/orders?q=${encodeURIComponent(value.toWellFormed())}`)['authorization'];
        return (
          of(one) === of(one) &&
          of(one) !== of(other) &&
          of(one) !== headerOf('POST', `https://shop.test/rest/all/V1/orders?q=${encodeURIComponent(one.toWellFormed())}`)['authorization']
        );
      }),
    );
  });

  it('with another key is turned away', async () => {
    const bench = storeBench('magento', 1);
    const reply = await bench.world.fetch(`${bench.typed.settings['shop']}/rest/all/V1/orders?searchCriteria[pageSize]=1`, {
      headers: headerOf('GET', `${bench.typed.settings['shop']}/rest/all/V1/orders?searchCriteria[pageSize]=1`),
    });
    expect(reply.status).toBe(401);
  });
});

const item = (more: object = {}) => ({
  item_id: 7,
  sku: 'LAMP',
  name: 'Lamp',
  product_type: 'simple',
  qty_ordered: 2,
  row_total: 20,
  ...more,
});
const order = (more: object = {}) => ({
  entity_id: 12,
  increment_id: '000000012',
  created_at: '2026-03-22 19:28:02',
  updated_at: '2026-03-22 19:28:08',
  state: 'processing',
  order_currency_code: 'USD',
  grand_total: 20,
  total_paid: 20,
  items: [item()],
  ...more,
});

describe('an order of Magento', () => {
  it('has a configurable product once, and of a bundle the parts', () => {
    const items = [
      item({ item_id: 1, product_type: 'configurable', row_total: 10, qty_ordered: 1 }),
      item({ item_id: 2, parent_item_id: 1, row_total: 0, qty_ordered: 1 }),
      item({ item_id: 3, product_type: 'bundle', sku: 'SET', row_total: 10, qty_ordered: 1 }),
      item({ item_id: 4, parent_item_id: 3, sku: 'CUP', row_total: 0, qty_ordered: 4 }),
      item({ item_id: 5, product_type: 'virtual', sku: 'CARE', row_total: 0, qty_ordered: 1 }),
    ];
    expect(read(order({ items }))[0]?.lines.map(({ externalId, sku, kind: of, quantity }) => [externalId, sku, of, quantity])).toEqual([
      ['1', 'LAMP', 'goods', 1],
      ['3', 'SET', 'service', 1],
      ['4', 'CUP', 'goods', 4],
      ['5', 'CARE', 'service', 1],
    ]);
  });

  it.each<[string, object, object]>([
    [
      'with a discount, shipping and taxes',
      { grand_total: 23.17, total_paid: 23.17, shipping_amount: 5, tax_amount: 1.17, items: [item({ discount_amount: 3 })] },
      { taxMinor: 117n, shippingMinor: 500n, otherMinor: 0n },
    ],
    [
      'with a discount on its shipping',
      { grand_total: 23, total_paid: 23, shipping_amount: 5, shipping_discount_amount: 2 },
      { discountMinor: 200n },
    ],
    [
      'paid in part by a gift card',
      { grand_total: 15, total_paid: 15, extension_attributes: { gift_cards_amount: 5 } },
      { otherMinor: -500n },
    ],
    ['whose figures carry the dust of floats', { grand_total: 20.000000000000004 }, { totalMinor: 2_000n }],
    [
      'of yen',
      { order_currency_code: 'JPY', grand_total: 2000, total_paid: 2000, items: [item({ row_total: 2000 })] },
      { totalMinor: 2_000n },
    ],
    ['that is not paid', { state: 'pending_payment', total_paid: null }, { payment: 'pending' }],
    ['on hold there', { state: 'holded' }, { payment: 'pending' }],
    ['that is authorised', { total_paid: 0, payment: { amount_authorized: 20 } }, { payment: 'authorised' }],
    ['of a bank transfer that has not come', { state: 'new', total_paid: null }, { payment: 'pending' }],
    ['that was cancelled unpaid', { state: 'canceled', total_paid: null }, { payment: 'voided' }],
    ['that was paid back', { state: 'closed', total_refunded: 20 }, { payment: 'refunded', refundedMinor: 2_000n }],
    [
      'of which a unit was paid back',
      { total_refunded: 10, items: [item({ qty_refunded: 1 })] },
      { payment: 'partially_refunded', lines: [{ cancelled: 1 }] },
    ],
    ['of which a unit is shipped', { items: [item({ qty_shipped: 1 })] }, { lines: [{ fulfilled: 1, cancelled: 0 }] }],
    ['that is sent nowhere', {}, { shipTo: { name: '', line1: '', city: '', country: '' } }],
  ])('%s', (_what, more, expected) => {
    const [found] = read(order(more));
    expect(found).toMatchObject(expected);
    expect(found && unexplainedOf(found)).toBe(0n);
  });

  it.each<[string, unknown, string]>([
    ['a state of no shop', order({ state: 'awaiting_stars' }), '"awaiting_stars"'],
    ['a total that has lost something', order({ grand_total: 25 }), 'The total is 25.00, but its parts make 20.00.'],
    ['half a unit', order({ items: [item({ qty_ordered: 1.5 })] }), 'parts of a unit'],
    ['a line below nothing', order({ items: [item({ row_total: -1 })] }), 'costs less than nothing'],
    ['no time', order({ updated_at: 'yesterday' }), 'updated_at is "yesterday"'],
    ['an error of Magento', { message: 'Internal Error. Details are available in Magento log file.' }, 'entity_id'],
  ])('is refused with the place: %s', (_what, value, says) => {
    expect(() => read(value)).toThrow(Unreadable);
    expect(() => read(value)).toThrow(says);
  });
});

describe('stock and prices at Magento', () => {
  it('are taken of all rows but the one that it does not know', async () => {
    const bench = storeBench('magento', 0);
    const { rows } = await bench.door.published('', 'USD');
    const said = rows.slice(0, 9).map((row, place) => ({ ...row, quantity: place, priceMinor: 1_000n, compareMinor: 1_500n }));
    // It was there when the shelf was read.
    const gone = { sku: 'GONE', ref: 'GONE', quantity: 1, priceMinor: 1_000n, compareMinor: null };
    const { outcomes } = await bench.door.publish([...said, gone], 'USD', 'push:1');
    expect(outcomes.filter(({ ok }) => !ok).map(({ sku }) => sku)).toEqual(['GONE']);
    const shown = new Map((await bench.door.published('', 'USD')).rows.map((row) => [row.sku, row]));
    for (const { sku, quantity } of said) expect(shown.get(sku)).toMatchObject({ quantity, priceMinor: 1_000n, compareMinor: 1_500n });
    await bench.door.publish(
      said.map((row) => ({ ...row, priceMinor: 1_200n, compareMinor: null })),
      'USD',
      'push:2',
    );
    const again = new Map((await bench.door.published('', 'USD')).rows.map((row) => [row.sku, row]));
    for (const { sku } of said) expect(again.get(sku)).toMatchObject({ priceMinor: 1_200n, compareMinor: null });
  });
});
