import { describe, expect, it } from 'vitest';
import { unexplainedOf } from '#kernel/order-sum';
import { fromMs } from '#kernel/time';
import { Unreadable } from '#kernel/unreadable';
import type { ChannelOrder, StoreSaying } from '#ports/channel';
import { findStoreKind } from '#connectors/stores';
import { storeBench } from './bench.ts';
import { doEverything } from './doings.ts';
import { sampleOf, specOf } from './exchange.ts';
import { openApiOf } from './openapi.ts';

const kind = findStoreKind('woocommerce');
if (!kind) throw new Error('there is no such kind');
const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const read = (value: unknown): ChannelOrder[] => kind.read({ name: '', headers: {}, body: bytes(value) }, { currency: 'USD' });

/** Where the tables of the documentation say text, its own samples show null, or a number. */
const asInSamples = /(date_\w+|price) must be string|stock_quantity must be integer/;

const spec = specOf('woocommerce/wc-v3.derived.openapi.json');

describe.skipIf(spec === null)(
  spec === null ? 'the published schema is not beside the project' : 'what goes over the wire to WooCommerce',
  () => {
    it('is as its documentation says, in both directions', async () => {
      const api = openApiOf(spec ?? '', '');
      const bench = storeBench('woocommerce');
      await doEverything(bench);
      const checked = bench.exchanges.map((one) => ({ at: `${one.method} ${one.url.pathname}`, troubles: api.troubles(one) }));
      expect(checked.filter(({ troubles }) => troubles !== null).length).toBeGreaterThan(10);
      expect(
        checked.flatMap(({ at, troubles }) =>
          (troubles ?? []).filter((trouble) => !asInSamples.test(trouble)).map((trouble) => `${at}: ${trouble}`),
        ),
      ).toEqual([]);
      // The documentation names every path but the check that a shop is there at all.
      expect([...new Set(checked.filter(({ troubles }) => troubles === null).map(({ at }) => at))]).toEqual([]);
    });
  },
);

const samples = ['order.json', 'orders.list.json', 'order.create.response.json'].map((name) => specOf(`woocommerce/examples/${name}`));
describe.skipIf(samples.includes(null))('the sample orders of its documentation', () => {
  const orders = samples.flatMap((text) => [JSON.parse(text ?? '[]')].flat() as Record<string, unknown>[]);
  it('are some', () => expect(orders.length).toBeGreaterThan(1));
  it.each(orders.map((order) => [String(order['number']), order] as const))('%s keeps every cent', (_number, order) => {
    const [found] = read(order);
    if (!found) throw new Error('nothing was read');
    expect(unexplainedOf(found)).toBe(0n);
    expect(found.totalMinor).toBe(BigInt(Math.round(Number(order['total']) * 100)));
    expect(found.shippingMinor).toBe(BigInt(Math.round(Number(order['shipping_total']) * 100)));
    expect(found.taxMinor).toBe(BigInt(Math.round(Number(order['total_tax']) * 100)));
    expect(found.lines.map(({ externalId }) => externalId)).toEqual((order['line_items'] as { id: number }[]).map(({ id }) => String(id)));
    expect([found.number, found.currency, found.note]).toEqual([order['number'], order['currency'], order['customer_note']]);
  });
});

/** An ordinary order, with what a test says differently. */
const order = (more: object = {}): object => {
  const address = {
    first_name: 'Ada',
    last_name: 'Byron',
    company: '',
    address_1: '12 Main St',
    address_2: '',
    city: 'Portland',
    state: 'OR',
    postcode: '97205',
    country: 'US',
  };
  return {
    id: 727,
    number: '727',
    status: 'processing',
    currency: 'USD',
    date_created_gmt: '2026-03-22T19:28:02',
    date_modified_gmt: '2026-03-22T19:28:08',
    date_paid_gmt: '2026-03-22T19:28:08',
    total: '20.00',
    total_tax: '0.00',
    shipping_total: '0.00',
    customer_note: '',
    billing: { ...address, email: 'ada@shopper.test', phone: '1' },
    shipping: address,
    line_items: [
      {
        id: 1,
        name: 'Lamp',
        product_id: 5,
        variation_id: 0,
        quantity: 2,
        subtotal: '20.00',
        total: '20.00',
        total_tax: '0.00',
        sku: 'LAMP',
      },
    ],
    shipping_lines: [],
    fee_lines: [],
    refunds: [],
    ...more,
  };
};
const line = (more: object) => ({ ...(order() as { line_items: object[] }).line_items[0], ...more });

describe('an order of WooCommerce', () => {
  it('keeps sums that do not divide into units', () => {
    const [found] = read(order({ total: '10.00', line_items: [line({ quantity: 3, subtotal: '10.00', total: '10.00' })] }));
    expect(found?.lines).toMatchObject([{ quantity: 3, priceMinor: 334n, discountMinor: 2n }]);
    expect(found && unexplainedOf(found)).toBe(0n);
  });

  it.each<[string, object, Partial<ChannelOrder>]>([
    ['of cash on delivery is worked on before it is paid', { date_paid_gmt: null }, { payment: 'authorised' }],
    ['that waits for a bank transfer is not paid', { status: 'on-hold', date_paid_gmt: null }, { payment: 'pending' }],
    ['whose payment failed is not paid', { status: 'failed', date_paid_gmt: null }, { payment: 'pending' }],
    ['of a status that a plugin brought is paid when its day says so', { status: 'wc-awaiting-pick' }, { payment: 'paid' }],
    ['of a status that a plugin brought is not paid otherwise', { status: 'quote', date_paid_gmt: null }, { payment: 'pending' }],
    [
      'that costs nothing is paid',
      { date_paid_gmt: null, total: '0.00', line_items: [line({ subtotal: '0', total: '0' })] },
      { payment: 'paid' },
    ],
    ['that was refunded as a whole is so', { status: 'refunded' }, { payment: 'refunded' }],
    ['of which some was refunded is so', { refunds: [{ id: 1, total: '-5.00' }] }, { payment: 'partially_refunded', refundedMinor: 500n }],
    [
      'with a fee and a discount of a plugin adds up',
      {
        total: '23.00',
        fee_lines: [
          { name: 'Gift', total: '4.00' },
          { name: 'Code', total: '-1.00' },
        ],
      },
      { otherMinor: 300n },
    ],
    [
      'of yen has no places',
      { currency: 'JPY', total: '2000', line_items: [line({ subtotal: '2000', total: '2000.00' })] },
      { totalMinor: 2000n },
    ],
    [
      'of dinars has three',
      { currency: 'KWD', total: '20.500', line_items: [line({ subtotal: '20.500', total: '20.500' })] },
      { totalMinor: 20_500n },
    ],
    ['whose taxes were rounded by line may be a cent over', { total: '20.01' }, { otherMinor: 1n }],
  ])('%s', (_what, more, expected) => expect(read(order(more))[0]).toMatchObject(expected));

  it('that was cancelled or thrown away is cancelled', () => {
    for (const status of ['cancelled', 'trash']) expect(read(order({ status }))[0]?.cancelledAt?.toString()).toBe('2026-03-22T19:28:08Z');
  });

  it('that is still a cart is none', () => expect(read(order({ status: 'checkout-draft' }))).toEqual([]));

  it('that is completed was shipped', () => expect(read(order({ status: 'completed' }))[0]?.lines).toMatchObject([{ fulfilled: 2 }]));

  it('without an address has an empty one', () => {
    const nothing = {
      first_name: '',
      last_name: '',
      company: '',
      address_1: '',
      address_2: '',
      city: '',
      state: '',
      postcode: '',
      country: '',
    };
    expect(read(order({ shipping: nothing }))[0]?.shipTo).toMatchObject({ name: '', line1: '', city: '', country: '' });
  });

  it('of ten thousand lines is read', () => {
    const lines = Array.from({ length: 10_000 }, (_, place) => line({ id: place + 1, quantity: 1, subtotal: '1.00', total: '1.00' }));
    expect(read(order({ total: '10000.00', line_items: lines }))[0]?.lines).toHaveLength(10_000);
  });

  it('counts units that were refunded as cancelled', () => {
    const refunds = [
      {
        id: 9,
        amount: '10.00',
        meta_data: [],
        line_items: [{ quantity: -1, meta_data: [{ id: 1, key: '_refunded_item_id', value: '1' }] }],
      },
    ];
    expect(read({ order: order({ refunds: [{ id: 9, total: '-10.00' }] }), refunds })[0]?.lines).toMatchObject([
      { quantity: 2, cancelled: 1 },
    ]);
  });

  it.each<[string, unknown, string]>([
    ['half an order', { id: 1 }, 'number'],
    ['a negative sum', order({ line_items: [line({ subtotal: '-1.00', total: '-1.00' })] }), 'costs less than nothing'],
    ['units below nothing', order({ line_items: [line({ quantity: -2 })] }), 'line_items.0.quantity'],
    ['a total that has lost something', order({ total: '25.00' }), 'The total is 25.00, but its parts make 20.00.'],
    ['a fraction of a cent', order({ total: '20.001' }), '"20.001"'],
    ['no currency', order({ currency: 'dollars' }), 'currency'],
    ['a day for a time', order({ date_created_gmt: 'yesterday' }), 'date_created_gmt is "yesterday"'],
    ['a list', [], 'order'],
    ['text', 'ok', 'order'],
  ])('is refused with the place: %s', (_what, value, says) => {
    expect(() => read(value)).toThrow(Unreadable);
    expect(() => read(value)).toThrow(says);
  });

  it('that is a page of the host instead is refused with words', () => {
    const page = new TextEncoder().encode('<!doctype html><title>Please wait</title>');
    expect(() => kind.read({ name: '', headers: {}, body: page }, { currency: 'USD' })).toThrow('It is not JSON in UTF-8');
  });
});

const old = [1, 3, 4, 5].map((place) => [`woo-v3_orders__http-request__${place}.json`] as const);
describe.skipIf(sampleOf(old[0]?.[0] ?? '') === null)('orders of the interface that WooCommerce had before 2017', () => {
  it.each(old)('are refused as such: %s', (name) => {
    expect(() => kind.read({ name, headers: {}, body: sampleOf(name) ?? new Uint8Array() }, { currency: 'USD' })).toThrow('old interface');
  });
});

describe('webhooks of WooCommerce', () => {
  it('greet unsigned, and that is nothing', () => {
    const call = {
      headers: {},
      body: new TextEncoder().encode('webhook_id=12'),
      secrets: [{ webhookSecret: 'x' }],
      settings: {},
      now: fromMs(0),
    };
    expect(kind.hear?.(call)).toEqual({ what: 'other', object: '', topic: 'ping' });
  });

  it('that were switched off after failures are switched on again', async () => {
    const bench = storeBench('woocommerce', 0);
    const url = 'https://us.test/hooks/abcdefghijklmnopqrstuvwxyz';
    expect(await bench.door.listen?.(url, 'secret')).toMatchObject({ mended: 3 });
    bench.world.placeOrdersOver(1, 30);
    bench.pass(30);
    for (const one of bench.world.deliveries(fromMs(bench.clock.at))) bench.world.delivered(one, 500);
    const found = await bench.door.listen?.(url, 'secret');
    expect(found?.mended).toBeGreaterThan(0);
    expect(await bench.door.listen?.(url, 'secret')).toMatchObject({ mended: 0 });
  });
});

describe('what is said to WooCommerce', () => {
  const sayings: StoreSaying[] = [
    { kind: 'note', text: 'Ordered.' },
    { kind: 'refund', lines: [{ externalId: '1', quantity: 1 }], amountMinor: 100n, note: 'Broken' },
    { kind: 'cancel', reason: 'Out of stock' },
  ];
  it.each(sayings.map((saying) => [saying.kind, saying] as const))('can be looked up afterwards: %s', async (_kind, saying) => {
    const bench = storeBench('woocommerce');
    const [first] = (await bench.sweep()).orders.filter(({ cancelledAt }) => cancelledAt === null);
    const id = first?.externalId ?? '';
    expect(await bench.door.whatBecameOfSaying?.(id, saying, 'say:1')).toEqual({ outcome: 'absent' });
    const said = await bench.door.say?.(id, saying, 'say:1');
    expect(await bench.door.whatBecameOfSaying?.(id, saying, 'say:1')).toEqual({ outcome: 'happened', reply: said });
  });

  it('completes an order with its last parcel', async () => {
    const bench = storeBench('woocommerce', 40);
    const order = (await bench.sweep()).orders.find(
      ({ lines, cancelledAt, payment }) =>
        payment === 'paid' && cancelledAt === null && lines.length > 1 && lines.every(({ cancelled }) => cancelled === 0),
    );
    if (!order) throw new Error('no order of two lines');
    const report = (place: number) => {
      const { externalId = '', quantity = 0 } = order.lines[place] ?? {};
      return {
        orderExternalId: order.externalId,
        carrier: 'ups',
        number: `1Z${place}`,
        trackingUrl: '',
        lines: [{ externalId, quantity }],
      };
    };
    const statusNow = async () =>
      (JSON.parse(Buffer.from((await bench.door.named?.([order.externalId]))?.[0]?.body ?? []).toString()) as { status: string }).status;
    for (let place = 0; place < order.lines.length; place += 1) {
      expect(await statusNow()).toBe('processing');
      await bench.door.reportShipment(report(place), `report:${place}`);
    }
    expect(await statusNow()).toBe('completed');
  });
});
