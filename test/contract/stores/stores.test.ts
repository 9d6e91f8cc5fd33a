import { describe, expect, it } from 'vitest';
import { unexplainedOf } from '#kernel/order-sum';
import { fromMs } from '#kernel/time';
import type { ChannelOrder } from '#ports/channel';
import type { StoreKind } from '#ports/store';
import { storeKinds } from '#connectors/stores';
import { storeBench } from './bench.ts';

/** What the world itself knows of an order, to hold against what came through the store's protocol. */
const worldsOrder = (bench: ReturnType<typeof storeBench>, number: string) => {
  const seen = Object.values(bench.world.memory.orders).find((one) => one.number === number);
  if (!seen) throw new Error(`the world knows no order ${number}`);
  return seen;
};

const linesOf = (order: ChannelOrder) => order.lines.filter(({ kind }) => kind === 'goods').map(({ sku, quantity }) => [sku, quantity]);

describe.each(storeKinds.map((kind): [string, StoreKind] => [kind.kind, kind]))('a store of kind %s', (name, kind) => {
  it('says in words what is asked for, and what it needs', () => {
    expect(kind.fields.length).toBeGreaterThan(0);
    for (const { label, hint } of kind.fields) expect([label.length > 2, hint.endsWith('.')]).toEqual([true, true]);
    expect(kind.steps.length).toBeGreaterThan(0);
    for (const { why } of kind.scopes) expect(why).toMatch(/^to /);
  });

  it('gives every order there is, to the cent', async () => {
    const bench = storeBench(name);
    const { orders } = await bench.sweep();
    const known = Object.values(bench.world.memory.orders);
    expect(known.length).toBeGreaterThan(5);
    expect(orders.map(({ number }) => number).sort()).toEqual(known.map(({ number }) => number).sort());
    for (const order of orders) {
      const its = worldsOrder(bench, order.number);
      expect(unexplainedOf(order), order.number).toBe(0n);
      expect([order.currency, order.totalMinor.toString()]).toEqual([its.currency, String(its.totalMinor)]);
      expect(linesOf(order)).toEqual(its.lines.map(({ sku, quantity }) => [sku, quantity]));
      expect(order.shipTo.country).toBe(its.country);
    }
  });

  it('gives nothing twice without need: a sweep that begins where the last one ended brings only what is near its end', async () => {
    const bench = storeBench(name);
    const first = await bench.sweep();
    const again = await bench.sweep(first.cursor);
    expect(again.orders.length).toBeLessThan(first.orders.length);
  });

  it('gives what is new since', async () => {
    const bench = storeBench(name);
    const first = await bench.sweep();
    bench.world.placeOrdersOver(1, 5);
    bench.pass(25);
    const known = new Set(first.orders.map(({ externalId }) => externalId));
    const { orders } = await bench.sweep(first.cursor);
    expect(orders.filter(({ externalId }) => !known.has(externalId))).toHaveLength(5);
  });

  it('is told of a parcel once, under the store’s own lines', async () => {
    const bench = storeBench(name);
    const order = (await bench.sweep()).orders.find(({ cancelledAt, payment }) => cancelledAt === null && payment === 'paid');
    if (!order) throw new Error('no order');
    const report = {
      orderExternalId: order.externalId,
      carrier: 'ups',
      number: '1Z999AA10123456784',
      trackingUrl: 'https://us.test/t/1',
      lines: order.lines.map(({ externalId, quantity }) => ({ externalId, quantity })),
    };
    expect(await bench.door.whatBecameOf(report, 'report:1')).toMatchObject({ outcome: 'absent' });
    const said = await bench.door.reportShipment(report, 'report:1');
    expect(said.reference).not.toBe('');
    expect(await bench.door.whatBecameOf(report, 'report:1')).toMatchObject({ outcome: 'happened', reply: said });
    expect(bench.world.memory.fulfilments).toMatchObject([{ order: order.externalId, trackingNumber: report.number }]);
  });

  it('refuses a parcel of an order that is not there', async () => {
    const bench = storeBench(name);
    const report = {
      orderExternalId: '999999999',
      carrier: 'ups',
      number: '1Z',
      trackingUrl: '',
      lines: [{ externalId: '1', quantity: 1 }],
    };
    await expect(bench.door.reportShipment(report, 'report:2')).rejects.toMatchObject({ kind: 'refused' });
  });

  it('shows its shelf page by page, and takes stock and prices of many at once', async () => {
    const bench = storeBench(name, 0);
    const rows = [];
    for (let cursor = '', more = true; more; ) {
      const page = await bench.door.published(cursor, 'USD');
      rows.push(...page.rows);
      ({ cursor, more } = page);
    }
    expect(new Set(rows.map(({ sku }) => sku)).size).toBe(rows.length);
    expect(rows.length).toBeGreaterThan(20);
    const said = rows
      .slice(0, 20)
      .map((row, place) => ({ ...row, quantity: place + 3, priceMinor: 1_000n + BigInt(place), compareMinor: null }));
    const { outcomes } = await bench.door.publish(
      [...said, { sku: 'NOT-THERE', ref: '', quantity: 1, priceMinor: null, compareMinor: null }],
      'USD',
      'push:1',
    );
    expect(outcomes.flatMap(({ ok, sku }) => (ok ? [sku] : [])).sort()).toEqual(said.map(({ sku }) => sku).sort());
    expect(outcomes.find(({ sku }) => sku === 'NOT-THERE')?.why ?? 'not named').toMatch(/\w/);
    const shown = new Map((await bench.door.published('', 'USD')).rows.map((row) => [row.sku, row]));
    for (const { sku, quantity, priceMinor } of said)
      expect(shown.get(sku) ?? { quantity, priceMinor }).toMatchObject({ quantity, priceMinor });
  });
});

describe.each(storeKinds.filter(({ hear }) => hear).map(({ kind }) => [kind]))('webhooks of %s', (name) => {
  /** A store that sends its webhooks, and those that it sent. */
  async function heard() {
    const bench = storeBench(name, 0);
    // Platforms that sign by a key of their own take no notice of it.
    const secret = bench.typed.secrets['webhookSecret'] ?? `whsec_${Buffer.alloc(32, 5).toString('base64')}`;
    await bench.door.listen?.('https://us.test/hooks/abcdefghijklmnopqrstuvwxyz', secret);
    bench.world.placeOrdersOver(1, 6);
    bench.pass(26);
    const sent = bench.world.deliveries(fromMs(bench.clock.at));
    const secrets = [{ ...bench.typed.secrets, webhookSecret: secret }];
    const { hear: hearing } = bench.kind;
    if (!hearing) throw new Error('it hears nothing');
    return {
      bench,
      sent,
      hear: (call: { headers: Record<string, string>; body: Uint8Array }) =>
        hearing({ ...call, secrets, settings: bench.typed.settings, now: fromMs(bench.clock.at) }),
    };
  }

  it('are known to be genuine, and name the order', async () => {
    const { bench, sent, hear } = await heard();
    expect(sent.length).toBeGreaterThan(3);
    const known = new Set(Object.values(bench.world.memory.orders).map(({ id }) => id));
    for (const one of sent) {
      const found = hear(one);
      expect(['order', 'nudge']).toContain(found.what);
      expect(found.what !== 'forged' && known.has(found.object)).toBe(true);
    }
  });

  it('are forged when anything about them was changed', async () => {
    const { sent, hear } = await heard();
    const [one] = sent;
    if (!one) throw new Error('nothing was sent');
    const signed = Object.keys(one.headers).filter((header) => /sign|hmac|secret|authori/.test(header));
    expect(signed.length).toBeGreaterThan(0);
    for (const header of signed) {
      const { [header]: _gone, ...without } = one.headers;
      expect(hear({ ...one, headers: without }).what, `without ${header}`).toBe('forged');
      expect(hear({ ...one, headers: { ...one.headers, [header]: 'x' } }).what, `with another ${header}`).toBe('forged');
      expect(hear({ ...one, headers: { ...one.headers, [header]: '' } }).what, `with an empty ${header}`).toBe('forged');
    }
  });

  it('are answered whatever comes', async () => {
    const { hear } = await heard();
    for (const text of ['', 'null', '[]', '{}', '{"id":', '\0', '<html>', '9'.repeat(5_000)])
      expect(hear({ headers: {}, body: new TextEncoder().encode(text) }).what).toBe('forged');
  });
});
