import { describe, expect, it } from 'vitest';
import { unexplainedOf } from '#kernel/order-sum';
import { fromMs } from '#kernel/time';
import { Unreadable } from '#kernel/unreadable';
import type { ChannelOrder } from '#ports/channel';
import { findStoreKind } from '#connectors/stores';
import { storeBench } from './bench.ts';
import { doEverything } from './doings.ts';
import { sampleOf, specOf } from './exchange.ts';
import { graphqlTroubles, schemaOf } from './graphql.ts';

const kind = findStoreKind('shopify');
if (!kind) throw new Error('there is no such kind');
const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const read = (value: unknown): ChannelOrder => {
  const [order] = kind.read({ name: '', headers: {}, body: bytes(value) }, { currency: 'USD' });
  if (!order) throw new Error('nothing was read');
  return order;
};

const spec = specOf('shopify/admin_2026-10.json.gz');
describe.skipIf(spec === null)(
  spec === null ? 'the published schema is not beside the project' : 'what goes over the wire to Shopify',
  () => {
    it('is as its schema of 2026-10 says, in both directions', async () => {
      const schema = schemaOf(spec ?? '');
      const bench = storeBench('shopify');
      await doEverything(bench);
      const asked = bench.exchanges.filter(({ url }) => url.pathname.endsWith('/graphql.json'));
      const names = new Set(asked.map(({ body }) => /(?:query|mutation) (\w+)/.exec(body)?.[1] ?? ''));
      expect(names).toEqual(
        new Set(
          'AddHook AddTags CancelOrder FiguresNow Fulfil Hooks Locations Look OrdersNamed OrdersPage Parcels Payments Refund SetPrices SetStock ShelfPage ToFulfil WriteNote'.split(
            ' ',
          ),
        ),
      );
      expect(
        asked.flatMap((one) =>
          graphqlTroubles(schema, one).map((trouble) => `${/(?:query|mutation) (\w+)/.exec(one.body)?.[1]}: ${trouble}`),
        ),
      ).toEqual([]);
    });
  },
);

const samples = ['order', 'orders', 'order_with_transaction'].map((name) => [name, sampleOf(`go-shopify__${name}.json`)] as const);
describe.skipIf(samples.some(([, bytesOf]) => bytesOf === null))('sample orders of Shopify', () => {
  it.each(samples)('%s keeps every cent', (_name, sample) => {
    const whole = JSON.parse(Buffer.from(sample ?? []).toString()) as {
      order?: Record<string, unknown>;
      orders?: Record<string, unknown>[];
    };
    for (const order of whole.orders ?? [whole.order ?? {}]) {
      const found = read(order);
      expect(unexplainedOf(found)).toBe(0n);
      expect(found).toMatchObject({
        externalId: String(order['id']),
        number: order['name'],
        currency: order['currency'],
        payment: 'voided',
        isTest: true,
        totalMinor: BigInt(Math.round(Number(order['total_price']) * 100)),
        shippingMinor: 1_000n,
        customer: { name: 'John Smith', email: order['email'] },
        shipTo: {
          name: 'Steve Shipper',
          company: 'Shipping Company',
          line1: '123 Shipping Street',
          postcode: 'K2P0S0',
          country: 'US',
          region: 'KY',
        },
      });
      expect(found.cancelledAt?.toString()).toBe('2016-05-17T08:14:36Z');
      expect(found.lines.map(({ priceMinor, discountMinor }) => [priceMinor, discountMinor])).toEqual([
        [0n, 0n],
        [500n, 500n],
      ]);
    }
  });
});

const line = (more: object = {}) => ({ id: 11, sku: 'LAMP', title: 'Lamp', quantity: 2, price: '10.00', ...more });
const order = (more: object = {}): Record<string, unknown> => ({
  id: 450789469,
  name: '#1001',
  created_at: '2026-01-10T11:00:00-05:00',
  updated_at: '2026-01-10T11:00:05-05:00',
  currency: 'USD',
  financial_status: 'paid',
  total_price: '20.00',
  line_items: [line()],
  ...more,
});

describe('an order of Shopify', () => {
  it('is the same by webhook and by our own question', async () => {
    const bench = storeBench('shopify', 30);
    await bench.door.listen?.('https://us.test/hooks/abcdefghijklmnopqrstuvwxyz', '');
    bench.world.placeOrdersOver(1, 20);
    bench.pass(30);
    const asked = new Map((await bench.sweep()).orders.map((one) => [one.externalId, one]));
    const sent = bench.world
      .deliveries(fromMs(bench.clock.at))
      .map(({ headers, body }) => kind.read({ name: '', headers, body }, { currency: 'USD' })[0]);
    const same = sent.filter((one) => one && asked.get(one.externalId)?.changedAt.equals(one.changedAt));
    expect(same.length).toBeGreaterThan(10);
    for (const one of same) expect({ ...one, risk: 'low' }).toEqual(asked.get(one?.externalId ?? ''));
  });

  it.each<[string, object, object]>([
    ['with tax in its prices', { taxes_included: true, total_tax: '3.19' }, { taxIncluded: true, taxMinor: 319n, otherMinor: 0n }],
    [
      'with a tip and duties',
      { total_price: '27.00', total_tip_received: '5.00', original_total_duties_set: { shop_money: { amount: '2.00' } } },
      { otherMinor: 700n },
    ],
    [
      'with free shipping',
      { shipping_lines: [{ title: 'Express', price: '9.00', discounted_price: '0.00' }] },
      { shippingMinor: 0n, service: 'express' },
    ],
    ['of yen', { currency: 'JPY', total_price: '2000', line_items: [line({ price: '1000' })] }, { totalMinor: 2_000n }],
    ['of dinars', { currency: 'KWD', total_price: '20.500', line_items: [line({ price: '10.250' })] }, { totalMinor: 20_500n }],
    [
      'of which units were taken back',
      { total_price: '20.00', line_items: [line({ current_quantity: 1, fulfillable_quantity: 1 })] },
      { lines: [{ cancelled: 1, fulfilled: 0 }] },
    ],
    [
      'of which some were shipped',
      { line_items: [line({ current_quantity: 2, fulfillable_quantity: 1 })] },
      { lines: [{ cancelled: 0, fulfilled: 1 }] },
    ],
    ['of a gift card', { line_items: [line({ gift_card: true })] }, { lines: [{ kind: 'service' }] }],
    ['that is sent nowhere', { shipping_address: null }, { shipTo: { name: '', line1: '', city: '', country: '' } }],
    ['that is paid in part', { financial_status: 'partially_paid' }, { payment: 'pending' }],
  ])('%s', (_what, more, expected) => expect(read(order(more))).toMatchObject(expected));

  it.each<[string, unknown, string]>([
    ['a state of payment that nobody knows', order({ financial_status: 'bartered' }), '"bartered"'],
    ['a total that has lost something', order({ total_price: '25.00' }), 'The total is 25.00, but its parts make 20.00.'],
    ['units below nothing', order({ line_items: [line({ quantity: -1 })] }), 'line_items.0.quantity'],
    ['an id that is no number', order({ id: 'x' }), 'id'],
    ['a fraction of a cent', order({ total_price: '20.001' }), '"20.001"'],
    ['half of it', { id: 'gid://shopify/Order/1' }, 'name'],
    ['nothing', null, 'order'],
  ])('is refused with the place: %s', (_what, value, says) => {
    expect(() => read(value)).toThrow(Unreadable);
    expect(() => read(value)).toThrow(says);
  });
});

describe('webhooks of Shopify', () => {
  it('of another shop with the same app are not ours', async () => {
    const bench = storeBench('shopify', 0);
    await bench.door.listen?.('https://us.test/hooks/abcdefghijklmnopqrstuvwxyz', '');
    bench.world.placeOrdersOver(1, 4);
    bench.pass(26);
    const [sent] = bench.world.deliveries(fromMs(bench.clock.at));
    const call = { body: sent?.body ?? new Uint8Array(), secrets: [bench.typed.secrets], settings: bench.typed.settings, now: fromMs(0) };
    expect(kind.hear?.({ ...call, headers: sent?.headers ?? {} }).what).toBe('order');
    expect(kind.hear?.({ ...call, headers: { ...sent?.headers, 'x-shopify-shop-domain': 'other.myshopify.com' } }).what).toBe('forged');
    // The topic is not signed: another one may at most have us ask in vain.
    expect(kind.hear?.({ ...call, headers: { ...sent?.headers, 'x-shopify-topic': 'carts/update' } }).what).toBe('other');
  });
});

describe('stock at Shopify', () => {
  it('is set only where it still is what it was, and once per key', async () => {
    const bench = storeBench('shopify', 0);
    const [row] = (await bench.door.published('', 'USD')).rows;
    if (!row) throw new Error('an empty shelf');
    const said = [{ ...row, quantity: 7, priceMinor: null, compareMinor: null }];
    expect((await bench.door.publish(said, 'USD', 'push:1')).outcomes).toEqual([{ sku: row.sku, ok: true }]);
    const stock = bench.exchanges.filter(({ body }) => body.includes('SetStock'));
    expect(stock).toHaveLength(1);
    expect(stock[0]?.body).toContain(`"changeFromQuantity":${row.quantity}`);
    // What stands there already is not said again.
    await bench.door.publish(said, 'USD', 'push:2');
    expect(bench.exchanges.filter(({ body }) => body.includes('SetStock'))).toHaveLength(1);
  });

  it('of a shop that is asked too fast is said when it may', async () => {
    const bench = storeBench('shopify', 150);
    const began = bench.clock.at;
    expect((await bench.sweep()).orders.length).toBeGreaterThan(100);
    expect(bench.clock.at).toBeGreaterThan(began);
    expect(bench.exchanges.some(({ reply }) => reply.includes('THROTTLED'))).toBe(true);
  });
});
