import { describe, expect, test } from 'vitest';
import { Fault } from '#kernel/fault';
import { readGtin } from '#kernel/gtin';
import { fromMs } from '#kernel/time';
import { open } from './bench.ts';
import { parseCsv } from './csv.ts';
import { hourMs } from './dice.ts';
import { play } from './naive-client.ts';
import { breaks, makeWorld, type World } from './world.ts';

describe('the same seed', () => {
  test.each(['fair', 'storm', 'swarm'] as const)('tells the same story in %s weather, and another seed another one', async (weather) => {
    const story = async (seed: number): Promise<string> => {
      const { world, clock } = open({ seed, weather, scale: { orders: 150, products: 96 } });
      world.placeOrdersOver(3);
      await play(world, clock, 8);
      return world.trace.hash();
    };
    expect(await story(11)).toBe(await story(11));
    expect(await story(11)).not.toBe(await story(12));
  });

  test('goes on after being saved as if nothing had been', async () => {
    const whole = open({ weather: 'storm', scale: { orders: 80 } });
    whole.world.placeOrdersOver(2);
    await play(whole.world, whole.clock, 2);
    const saved = whole.world.save();
    const again = { at: whole.clock.at };
    const second = makeWorld({ seed: 0, clock: { now: () => fromMs(again.at) }, saved });
    expect(second.seed).toBe(7);
    for (let hour = 0; hour < 100; hour += 1) {
      for (const [world, clock] of [
        [whole.world, whole.clock],
        [second, again],
      ] as const) {
        clock.at += hourMs;
        world.step(fromMs(clock.at));
        await world.goOut({ post: async () => ({ status: 500 }), open: async () => ({ status: 200, body: '' }) }, fromMs(clock.at));
      }
    }
    expect(second.trace.count).toBe(whole.world.trace.count);
    expect(second.trace.hash()).toBe(whole.world.trace.hash());
  });

  test('without faults nothing is said to have gone wrong', async () => {
    const { world, clock } = open({ scale: { orders: 60 } });
    world.placeOrdersOver(2);
    await play(world, clock, 6);
    expect(world.faults).toEqual({});
    expect(Object.keys(world.memory.orders).length).toBeGreaterThan(55);
  });
});

describe('the setup', () => {
  const setup = open({ scale: { products: 1200, stores: 3, suppliers: 8 } }).world.setup();

  test('has three stores, eight suppliers and 1,200 products with valid GTINs', () => {
    expect([setup.channels.length, setup.suppliers.length, setup.variants.length]).toEqual([3, 8, 1200]);
    expect(setup.variants.filter(({ gtin }) => readGtin(gtin) === null)).toEqual([]);
    expect(new Set(setup.variants.map(({ gtin }) => gtin)).size).toBe(1200);
    expect(new Set(setup.suppliers.map(({ transport }) => transport))).toEqual(new Set(['rest', 'file', 'email']));
  });

  test('lets ranges overlap: most of what a store lists is had from several who can ship it there', () => {
    for (const channel of setup.channels) {
      const able = setup.suppliers.filter(({ currency }) => currency === channel.currency);
      const listed = setup.listings.filter((listing) => listing.channel === channel.code);
      const counts = listed.map(({ variant }) => able.filter(({ offers }) => offers.some((offer) => offer.variant === variant)).length);
      expect(counts.every((count) => count >= 1)).toBe(true);
      expect(counts.filter((count) => count >= 2).length).toBeGreaterThan(counts.length / 2);
    }
  });

  test('leaves a margin on everything, and sends the same numbers as a file', () => {
    const price = new Map(setup.variants.map(({ sku, price_minor }) => [sku, Number(price_minor)]));
    for (const supplier of setup.suppliers) {
      for (const { variant, cost_minor } of supplier.offers) expect(Number(cost_minor)).toBeLessThan((price.get(variant) ?? 0) * 0.8);
      const german = supplier.code === 'NORDLICHT';
      const rows = parseCsv(new TextDecoder().decode(supplier.feed.bytes), german ? ';' : ',');
      expect(rows.map((row) => row[german ? 'Artikelnummer' : 'sku'])).toEqual(supplier.offers.map(({ supplier_sku }) => supplier_sku));
      expect(rows.map((row) => Number(row[german ? 'Bestand' : 'stock']))).toEqual(supplier.offers.map(({ quantity }) => quantity));
    }
  });
});

describe('faults', () => {
  test('look as real ones do: errors of fetch on the wire, faults at the ports, and what was lost had taken effect', async () => {
    const { world, clock, pass } = open({ weather: 'storm', scale: { orders: 300 } });
    world.placeOrdersOver(3);
    const client = await play(world, clock, 6);
    expect(client.ordered.length).toBeGreaterThan(50);
    const wanted = [
      'refused',
      'lost',
      'limited',
      'hook_lost',
      'hook_at_once',
      'drop_refused',
      'mail_refused',
      'page_repeat',
      'answer_twice',
      'scan_late',
    ];
    expect(wanted.filter((fault) => (world.faults[fault] ?? 0) === 0)).toEqual([]);
    expect(Object.values(world.memory.purchases).some(({ acceptedAt, repeats }) => acceptedAt.length + repeats > 1)).toBe(true);
    const kinds = new Set<string>();
    for (let at = 0; at < 200; at += 1) {
      clock.at += 1000;
      await world
        .drop('HARROW')
        .write('orders', `PO-9${at}.csv`, new Uint8Array([1]))
        .catch((error: unknown) => kinds.add(error instanceof Fault ? error.kind : 'bug'));
      await world
        .fetch('https://carrier.world.test/v1/track/ups/1')
        .catch((error: unknown) => kinds.add(String(((error as Error).cause as { code: string }).code)));
    }
    expect([...kinds].sort()).toEqual(['ECONNREFUSED', 'ECONNRESET', 'UND_ERR_HEADERS_TIMEOUT', 'transient', 'unknown']);
    world.heal();
    const before = { ...world.faults };
    pass(24);
    await play(world, clock, 1);
    expect(world.faults).toEqual(before);
  });

  test('a host that nobody runs cannot be found, and an aborted call is not made', async () => {
    const { world } = open();
    await expect(world.fetch('https://nowhere.test/')).rejects.toMatchObject({ cause: { code: 'ENOTFOUND' } });
    await expect(world.fetch('https://store-1.world.test/orders', { signal: AbortSignal.abort(new Error('stop')) })).rejects.toThrow(
      'stop',
    );
  });

  test.each(breaks)('"%s" can be played in the demo', (what) => {
    const { world, clock, pass } = open({ scale: { orders: 40 } });
    world.placeOrdersOver(1);
    pass(30);
    expect(world.break(what)).toMatch(/\.$/);
    const { costs, rows } = feedFigures(world, clock);
    if (what === 'feed_costs_double') expect(costs).toBe(2);
    if (what === 'feed_half') expect(rows).toBeCloseTo(0.5, 1);
    pass(3);
    if (what === 'fraud_burst') expect(Object.values(world.memory.orders).length).toBeGreaterThanOrEqual(50);
  });

  function feedFigures(world: World, clock: { at: number }): { costs: number; rows: number } {
    const [supplier] = world.setup().suppliers;
    const sent = world.feeds(fromMs(clock.at)).findLast(({ supplier: code }) => code === 'KESTREL');
    const rows = parseCsv(new TextDecoder().decode(sent?.bytes));
    return {
      costs: Math.round((Number(rows[0]?.['cost']) * 100) / Number(supplier?.offers[0]?.cost_minor)),
      rows: rows.length / (supplier?.offers.length ?? 1),
    };
  }
});

test('ten thousand orders go through the world in a few seconds', async () => {
  const { world, clock } = open({ weather: 'fair', scale: { orders: 10_000, products: 1200 } });
  world.placeOrdersOver(60);
  const started = performance.now();
  await play(world, clock, 62);
  expect(Object.keys(world.memory.orders).length).toBeGreaterThan(9_900);
  expect(performance.now() - started).toBeLessThan(60_000);
}, 90_000);
