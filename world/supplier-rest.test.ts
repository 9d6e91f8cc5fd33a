import { describe, expect, test } from 'vitest';
import { begin, type Bench, open } from './bench.ts';
import type { World } from './world.ts';

async function order(bench: Bench, code: string, number: string, quantity = 1, key = number): Promise<Response> {
  const supplier = bench.world.setup().suppliers.find((one) => one.code === code);
  const offer = supplier?.offers.find((one) => one.quantity > 20);
  const body = JSON.stringify({
    po_number: number,
    order_ref: 'X',
    ship_to: { name: 'Ada', line1: '1 Elm', city: 'Austin', postcode: '78704', country: 'US' },
    service: 'standard',
    currency: 'USD',
    lines: [{ line: 1, sku: offer?.supplier_sku, qty: quantity, unit_cost: '3.10' }],
  });
  const headers = { authorization: `Bearer ${supplier?.secrets['token']}`, 'idempotency-key': key };
  return bench.world.fetch(`https://${code.toLowerCase()}.world.test/v1/orders`, { method: 'POST', headers, body });
}

const get = async (world: World, code: string, path: string): Promise<Record<string, never[]>> => {
  const token = world.setup().suppliers.find((one) => one.code === code)?.secrets['token'];
  return (await (
    await world.fetch(`https://${code.toLowerCase()}.world.test${path}`, { headers: { authorization: `Bearer ${token}` } })
  ).json()) as Record<string, never[]>;
};

describe('suppliers by REST', () => {
  test('a good one takes an order once, acknowledges it, ships it, and the parcel can be followed to the door', async () => {
    const bench = open();
    const created = await order(bench, 'KESTREL', 'PO-200001');
    expect([created.status, (await order(bench, 'KESTREL', 'PO-200001')).status]).toEqual([201, 409]);
    bench.pass(96);
    const { updates } = await get(bench.world, 'KESTREL', '/v1/updates?cursor=0&limit=100');
    expect(updates).toMatchObject([
      { seq: 1, type: 'acknowledgement', po_number: 'PO-200001', lines: [{ line: 1, status: 'accepted', qty: 1 }] },
      { seq: 2, type: 'shipment', po_number: 'PO-200001', parcels: [{ lines: [{ line: 1, qty: 1 }] }] },
    ]);
    const [parcel] = Object.values(bench.world.memory.parcels);
    bench.pass(24 * 14);
    const tracked = await bench.world.fetch(`https://carrier.world.test/v1/track/${parcel?.carrier}/${parcel?.number}`, {
      headers: { authorization: `Bearer ${bench.world.setup().carrier.token}` },
    });
    const { events } = (await tracked.json()) as { events: { code: string }[] };
    expect(events.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['label_created', 'picked_up', 'in_transit', 'out_for_delivery', 'delivered']),
    );
    expect(bench.world.memory.purchases['KESTREL/PO-200001']).toMatchObject({ acceptedAt: [begin], repeats: 1 });
  });

  test('one that does not know numbers again takes the second for a second order', async () => {
    const bench = open();
    bench.world.heal();
    for (let at = 0; at < 2; at += 1) await order(bench, 'SILVERBAY', 'PO-200001').catch(() => null);
    expect(bench.world.memory.purchases['SILVERBAY/PO-200001']?.acceptedAt).toHaveLength(2);
  });

  test('one that loses answers has the order all the same, and its look-up lags behind', async () => {
    const bench = open();
    bench.world.break('supplier_timeouts');
    await expect(order(bench, 'SILVERBAY', 'PO-100007')).rejects.toMatchObject({
      message: 'fetch failed',
      cause: { code: 'UND_ERR_HEADERS_TIMEOUT' },
    });
    expect((await get(bench.world, 'SILVERBAY', '/v1/orders?po_number=PO-100007'))['orders']).toEqual([]);
    bench.clock.at += 121_000;
    expect((await get(bench.world, 'SILVERBAY', '/v1/orders?po_number=PO-100007'))['orders']).toHaveLength(1);
  });

  test('refuses what it cannot deliver, in words', async () => {
    const { world } = open();
    const token = world.setup().suppliers[0]?.secrets['token'];
    const post = async (body: unknown): Promise<string> => {
      const response = await world.fetch('https://kestrel.world.test/v1/orders', {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
        body: JSON.stringify(body),
      });
      return `${response.status} ${((await response.json()) as { message: string }).message}`;
    };
    const to = { name: 'Ada', country: 'US' };
    const lines = [{ line: 1, sku: 'KL-9', qty: 1, unit_cost: '1.00' }];
    expect(await post({ po_number: 'PO-1', ship_to: to, currency: 'USD', lines })).toBe('422 line 1: KL-9 is not in our range');
    expect(await post({ po_number: 'PO-1', ship_to: { ...to, country: 'FR' }, currency: 'USD', lines })).toBe('422 we do not ship to FR');
    expect(await post({ po_number: 'PO-1', ship_to: to, currency: 'USD', lines: [{ ...lines[0], qty: 0 }] })).toBe(
      '422 line 1: qty must be a whole number from 1',
    );
    expect(world.memory.purchases).toEqual({});
  });

  test('a cancellation is honoured before packing and refused after it', async () => {
    const bench = open();
    const cancel = async (number: string): Promise<void> => {
      const token = bench.world.setup().suppliers[0]?.secrets['token'];
      const { orders } = (await get(bench.world, 'KESTREL', `/v1/orders?po_number=${number}`)) as unknown as { orders: { id: string }[] };
      const reply = await bench.world.fetch(`https://kestrel.world.test/v1/orders/${orders[0]?.id}/cancel`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
      });
      expect(reply.status).toBe(202);
    };
    await order(bench, 'KESTREL', 'PO-200001');
    await order(bench, 'KESTREL', 'PO-100002');
    bench.pass(2);
    await cancel('PO-200001');
    bench.pass(40);
    await cancel('PO-100002');
    bench.pass(10);
    expect(bench.world.memory.cancels.map(({ number, outcome }) => `${number} ${outcome}`)).toEqual([
      'PO-200001 accepted',
      'PO-100002 refused',
    ]);
    const { updates } = (await get(bench.world, 'KESTREL', '/v1/updates')) as unknown as {
      updates: { type: string; outcome?: string; reason?: string }[];
    };
    expect(updates.filter(({ type }) => type === 'cancellation')).toMatchObject([
      { outcome: 'accepted' },
      { outcome: 'refused', reason: 'already packed' },
    ]);
  });
});
