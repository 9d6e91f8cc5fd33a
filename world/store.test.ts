import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { fromMs } from '#kernel/time';
import { open } from './bench.ts';
import { parseCsv } from './csv.ts';
import type { StoreOrder } from './shops.ts';
import type { Delivery, World } from './world.ts';

const ordersOf = async (world: World, query = ''): Promise<{ orders: StoreOrder[]; more: boolean }> => {
  const [shop] = world.setup().channels;
  const response = await world.fetch(`${shop?.settings['baseUrl']}orders?${query}`, {
    headers: { authorization: `Bearer ${shop?.secrets['token']}` },
  });
  expect(response.status).toBe(200);
  return (await response.json()) as { orders: StoreOrder[]; more: boolean };
};

describe('a store', () => {
  test('shows orders by time of change and id, page by page, and their amounts add up to the cent', async () => {
    const { world, pass } = open({ scale: { orders: 120 } });
    world.placeOrdersOver(1);
    pass(48);
    const seen: StoreOrder[] = [];
    let query = 'limit=7';
    for (let more = true; more; ) {
      const page = await ordersOf(world, query);
      seen.push(...page.orders);
      const last = page.orders.at(-1);
      query = `limit=7&updated_after=${last?.updated_at}&after=${last?.id}`;
      more = page.more;
    }
    const mine = Object.values(world.memory.orders).filter(({ channel }) => channel === 'home');
    expect(seen.length).toBe(mine.length);
    expect(new Set(seen.map(({ id }) => id)).size).toBe(mine.length);
    const cents = (text: string): number => Math.round(Number(text) * 100);
    for (const order of seen) {
      const goods = order.lines.reduce((sum, line) => sum + cents(line.unit_price) * line.quantity - cents(line.discount), 0);
      expect(goods - cents(order.discount_total) + cents(order.shipping_total) + cents(order.tax_total)).toBe(cents(order.total));
      expect(order.total).toMatch(/^\d+\.\d{2}$/);
    }
  });

  test('signs its webhooks by the standard, and tries again until they are answered', () => {
    const { world, clock, pass } = open({ scale: { orders: 10 } });
    world.placeOrdersOver(0.2);
    const seen: Delivery[] = [];
    for (let hour = 0; hour < 12; hour += 1) {
      pass(1);
      for (const delivery of world.deliveries(fromMs(clock.at))) {
        seen.push(delivery);
        world.delivered(delivery, seen.filter(({ id }) => id === delivery.id).length < 3 ? 503 : 200);
      }
    }
    const [first] = seen;
    const shop = world.setup().channels.find(({ code }) => code === first?.channel);
    const text = new TextDecoder().decode(first?.body);
    const key = Buffer.from(shop?.secrets['webhookSecret']?.slice(6) ?? '', 'base64');
    expect(first?.headers['webhook-signature']).toBe(
      `v1,${createHmac('sha256', key).update(`${first?.id}.${first?.headers['webhook-timestamp']}.${text}`).digest('base64')}`,
    );
    expect(JSON.parse(text)).toMatchObject({ type: 'order.created', data: { number: expect.any(String) } });
    expect(seen.filter(({ id }) => id === first?.id)).toHaveLength(3);
  });

  test('refuses a wrong token, and takes a fulfilment once per key', async () => {
    const { world, pass } = open({ scale: { orders: 20 } });
    const [shop] = world.setup().channels;
    world.placeOrdersOver(0.2);
    pass(6);
    expect((await world.fetch(`${shop?.settings['baseUrl']}orders`, { headers: { authorization: 'Bearer wrong' } })).status).toBe(401);
    const { orders } = await ordersOf(world);
    const order = orders.find(({ cancelled_at }) => cancelled_at === null);
    const report = async (key: string): Promise<unknown> => {
      const headers = { authorization: `Bearer ${shop?.secrets['token']}`, 'idempotency-key': key };
      const body = JSON.stringify({ carrier: 'ups', tracking_number: '1Z1', tracking_url: '', lines: [{ line_id: '1', quantity: 1 }] });
      return (await world.fetch(`${shop?.settings['baseUrl']}orders/${order?.id}/fulfilments`, { method: 'POST', headers, body })).json();
    };
    expect(await report('k1')).toEqual(await report('k1'));
    await report('k2');
    expect(world.memory.fulfilments.map(({ key }) => key)).toEqual(['k1', 'k2']);
  });

  test('by file drops one row for every line, shipping and tax on the first', async () => {
    const { world, pass } = open({ scale: { orders: 60 } });
    world.placeOrdersOver(0.5);
    pass(24);
    const drop = world.drop('trade');
    const files = await drop.list('orders', 100);
    expect(files.length).toBeGreaterThan(0);
    const rows = parseCsv(new TextDecoder().decode(await drop.read('orders', files[0]?.name ?? '', 1_000_000)));
    expect(Object.keys(rows[0] ?? {})).toEqual(
      'order_number placed_at email name line1 line2 city region postcode country sku title quantity unit_price currency shipping tax discount'.split(
        ' ',
      ),
    );
    const seen = world.memory.orders[`trade/${rows[0]?.['order_number']}`];
    expect(seen?.lines[0]).toMatchObject({ sku: rows[0]?.['sku'], quantity: Number(rows[0]?.['quantity']) });
  });
});
