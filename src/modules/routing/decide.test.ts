import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { after, instant } from '#kernel/time';
import type { Want } from './assess.ts';
import { type Choice, choose, type Sources } from './decide.ts';
import { defaultPolicy, type Policy } from './policy.ts';
import type { RoutingOffer, RoutingSupplier } from './words.ts';

const now = instant('2026-11-20T09:00:00Z');
const to = { country: 'DE', channel: 'shop', service: 'standard', currency: 'EUR' };

const supplier = (code: string, more: Partial<RoutingSupplier> = {}): RoutingSupplier => ({
  id: `s-${code}`,
  code,
  name: code,
  state: 'live',
  paused_reason: '',
  country: 'DE',
  currency: 'EUR',
  ships_to: [],
  rank: 1,
  handling_days: 1,
  transit_days: { '*': 2 },
  order_fee_minor: 0n,
  shipping_minor: { '*': 500 },
  reliability: 1,
  transport: 'rest',
  ...more,
});
const offer = (of: RoutingSupplier, variant: string, more: Partial<RoutingOffer> = {}): RoutingOffer => ({
  id: `o-${of.code}-${variant}`,
  variant_id: variant,
  supplier_id: of.id,
  supplier_sku: `${of.code}-${variant}`,
  cost_minor: 1000n,
  currency: 'EUR',
  sellable: 10,
  pack_size: 1,
  units_per_offer: 1,
  lead_days: null,
  state: 'live',
  observed_at: now,
  ...more,
});
const want = (variant: string, quantity = 1, more: Partial<Want> = {}): Want => ({
  line_id: `l-${variant}`,
  sku: variant,
  variant_id: variant,
  quantity,
  revenue_minor: 100_000n,
  ...more,
});
const sourcesOf = (
  suppliers: readonly RoutingSupplier[],
  offers: readonly RoutingOffer[],
  policy: Partial<Policy> = {},
  refused: string[] = [],
): Sources => ({
  policy: { ...defaultPolicy, ...policy },
  suppliers: new Map(suppliers.map((one) => [one.id, one])),
  offers: Map.groupBy(offers, ({ variant_id }) => variant_id),
  refused: new Set(refused),
});
const given = ({ takes }: Choice) => takes.map((take) => `${take.line_id} ${take.supplier.code} ${take.quantity}`);

describe('gates', () => {
  const one = supplier('A');
  const tests: [gate: string, sources: Sources, wanted?: Want][] = [
    ['live', sourcesOf([{ ...one, state: 'paused' }], [offer(one, 'v')])],
    ['live', sourcesOf([one], [offer(one, 'v', { state: 'vanished' })])],
    ['live', sourcesOf([one], [offer(one, 'v', { pack_size: 12 })])],
    ['live', sourcesOf([one], [offer(one, 'v', { units_per_offer: 6 })])],
    ['policy', sourcesOf([one], [offer(one, 'v')], { rules: [{ name: 'never A', when: { countries: ['DE'] }, apply: { not: ['A'] } }] })],
    ['policy', sourcesOf([one], [offer(one, 'v')], { rules: [{ name: 'B only', when: {}, apply: { only: ['B'] } }] })],
    ['ships_to', sourcesOf([{ ...one, ships_to: ['US'] }], [offer(one, 'v')])],
    ['ships_to', sourcesOf([{ ...one, shipping_minor: { US: 500 } }], [offer(one, 'v')])],
    ['stock', sourcesOf([one], [offer(one, 'v', { sellable: 0 })])],
    ['stock', sourcesOf([one], [offer(one, 'v', { sellable: 2 })], { split: 'lines' }), want('v', 3)],
    ['cost', sourcesOf([one], [offer(one, 'v', { cost_minor: null })])],
    ['currency', sourcesOf([one], [offer(one, 'v', { currency: 'USD' })])],
    ['refused_before', sourcesOf([one], [offer(one, 'v')], {}, ['l-v o-A-v'])],
    ['margin', sourcesOf([one], [offer(one, 'v')], { minMarginPercent: 20 }), want('v', 1, { revenue_minor: 1600n })],
    ['fresh', sourcesOf([one], [offer(one, 'v', { observed_at: after(now, { hours: -100 }) })])],
  ];
  it.each(tests)('%s stops an offer, is the only one that does, and all the others were asked', (gate, sources, wanted = want('v')) => {
    const choice = choose([wanted], to, sources, now);
    expect(choice.outcome).toBe('held');
    const gates = choice.lines[0]?.candidates[0]?.gates ?? [];
    expect(gates.filter(({ passed }) => !passed).map((one) => one.gate)).toEqual([gate]);
    expect(new Set(gates.map((one) => one.gate)).size).toBe(9);
    expect(choice.because).toContain(gates.find(({ passed }) => !passed)?.why);
  });
});

describe('a choice', () => {
  const [a, b, c] = [supplier('A', { rank: 3 }), supplier('B', { rank: 1 }), supplier('C', { rank: 2, transit_days: { DE: 1 } })];

  it('follows its objective and says who won by which figure', () => {
    const offers = [offer(a, 'v', { cost_minor: 900n }), offer(b, 'v', { cost_minor: 1100n }), offer(c, 'v')];
    for (const [objective, code, word] of [
      ['landed_cost', 'A', '€14.00'],
      ['priority', 'B', 'rank 1'],
      ['fastest', 'C', '2 days'],
    ] as const) {
      const choice = choose([want('v')], to, sourcesOf([a, b, c], offers, { objective }), now);
      expect(given(choice)).toEqual([`l-v ${code} 1`]);
      expect(choice.because).toMatch(new RegExp(`^${code}: .*${word.replace('.', '\\.')}`));
    }
  });

  it('compares costs in another currency by whole units, whatever their minor ones', () => {
    const offers = [offer(a, 'v', { cost_minor: 1_000n, currency: 'JPY' }), offer(b, 'v', { cost_minor: 900n })];
    const yen = { ...a, shipping_minor: { '*': 0 } };
    const choice = choose(
      [want('v')],
      to,
      sourcesOf([yen, { ...b, shipping_minor: { '*': 0 } }], offers, { rates: { 'JPY/EUR': '0.006' } }),
      now,
    );
    expect(choice.lines[0]?.candidates.find(({ name }) => name === 'A')?.numbers?.landed_minor).toBe('600');
    expect(given(choice)).toEqual(['l-v A 1']);
  });

  it('does not put two lines of one offer beyond its stock', () => {
    const shared = [offer(a, 'v', { id: 'o', sellable: 3 }), offer(a, 'w', { id: 'o', sellable: 3 })];
    expect(choose([want('v', 2), want('w', 2)], to, sourcesOf([a], shared), now)).toMatchObject({ outcome: 'held', takes: [] });
  });

  it('keeps to one parcel where spreading saves less than the second parcel costs', () => {
    const offers = (saved: bigint) => [offer(a, 'v'), offer(a, 'w'), offer(b, 'w', { cost_minor: 1000n - saved })];
    expect(given(choose([want('v'), want('w')], to, sourcesOf([a, b], offers(400n)), now))).toEqual(['l-v A 1', 'l-w A 1']);
    expect(given(choose([want('v'), want('w')], to, sourcesOf([a, b], offers(600n)), now))).toEqual(['l-v A 1', 'l-w B 1']);
  });

  it('spreads a line only where the policy lets it, and says why the cheapest was not enough', () => {
    const offers = [offer(a, 'v', { cost_minor: 500n, sellable: 2 }), offer(b, 'v', { sellable: 2 })];
    expect(choose([want('v', 3)], to, sourcesOf([a, b], offers, { split: 'lines' }), now).outcome).toBe('held');
    expect(given(choose([want('v', 3)], to, sourcesOf([a, b], offers, { split: 'units' }), now))).toEqual(['l-v A 2', 'l-v B 1']);
    const whole = choose([want('v', 3)], to, sourcesOf([a, b, c], [...offers, offer(c, 'v', { sellable: 5 })], { split: 'units' }), now);
    expect(whole.because).not.toContain('one parcel with the other lines');
  });
});

const scene = fc.record({
  wants: fc
    .uniqueArray(fc.constantFrom('v', 'w', 'x'), { minLength: 1, maxLength: 3 })
    .chain((variants) => fc.tuple(...variants.map((one) => fc.integer({ min: 1, max: 4 }).map((quantity) => want(one, quantity))))),
  offers: fc.uniqueArray(
    fc.record({
      code: fc.constantFrom('A', 'B', 'C'),
      variant: fc.constantFrom('v', 'w', 'x'),
      cost: fc.integer({ min: 1, max: 3000 }),
      stock: fc.integer({ min: 0, max: 6 }),
      live: fc.boolean(),
    }),
    { maxLength: 9, selector: ({ code, variant }) => code + variant },
  ),
  fees: fc.tuple(fc.integer({ min: 0, max: 1500 }), fc.integer({ min: 0, max: 1500 }), fc.integer({ min: 0, max: 1500 })),
  policy: fc.record({
    objective: fc.constantFrom('priority', 'landed_cost', 'fastest'),
    split: fc.constantFrom('never', 'lines', 'units'),
  }),
});
type Scene = typeof scene extends fc.Arbitrary<infer S> ? S : never;

function played({ offers, fees, policy }: Scene): Sources {
  const suppliers = ['A', 'B', 'C'].map((code, at) =>
    supplier(code, { rank: at + 1, transit_days: { '*': 4 - at }, shipping_minor: { '*': fees[at] ?? 0 } }),
  );
  const rows = offers.map(({ code, variant, cost, stock, live }) =>
    offer(suppliers['ABC'.indexOf(code)] ?? supplier(code), variant, {
      cost_minor: BigInt(cost),
      sellable: stock,
      state: live ? 'live' : 'held',
    }),
  );
  return sourcesOf(suppliers, rows, policy);
}

describe('any choice', () => {
  it('gives every line exactly its units, or nothing at all, and never more than an offer has', () => {
    fc.assert(
      fc.property(scene, (one) => {
        const choice = choose(one.wants, to, played(one), now);
        const sums = (name: (take: Choice['takes'][number]) => string) =>
          choice.takes.reduce((sum, take) => sum.set(name(take), (sum.get(name(take)) ?? 0) + take.quantity), new Map<string, number>());
        const stock = new Map([...played(one).offers.values()].flat().map(({ id, sellable }) => [id, sellable]));
        for (const [id, units] of sums(({ offer: { id } }) => id)) expect(units).toBeLessThanOrEqual(stock.get(id) ?? 0);
        if (choice.outcome === 'held') expect(choice.takes).toEqual([]);
        else for (const { line_id, quantity } of one.wants) expect(sums((take) => take.line_id).get(line_id)).toBe(quantity);
        for (const take of choice.takes)
          expect(
            choice.lines
              .find(({ line }) => line === take.line_id)
              ?.candidates.find(({ offer: id }) => id === take.offer.id)
              ?.gates.every(({ passed }) => passed),
          ).toBe(true);
      }),
    );
  });

  it('is the same whenever it is made of the same facts, in whatever order they come', () => {
    fc.assert(
      fc.property(scene, (one) => {
        const other = { ...one, offers: [...one.offers].reverse() };
        expect(choose(one.wants, to, played(other), now)).toEqual(choose(one.wants, to, played(one), now));
      }),
    );
  });

  it('by cost is never dearer, parcels counted, than any one supplier for all of it', () => {
    fc.assert(
      fc.property(scene, (drawn) => {
        const one: Scene = { ...drawn, policy: { objective: 'landed_cost', split: 'lines' } };
        const sources = played(one);
        const cost = (takes: readonly { offer: RoutingOffer; quantity: number }[]): number =>
          takes.reduce((sum, take) => sum + Number(take.offer.cost_minor) * take.quantity, 0) +
          [...new Set(takes.map((take) => take.offer.supplier_id))].reduce(
            (sum, id) => sum + Number(sources.suppliers.get(id)?.shipping_minor['*'] ?? 0),
            0,
          );
        const choice = choose(one.wants, to, sources, now);
        const able = (wanted: Want) =>
          (sources.offers.get(wanted.variant_id) ?? []).filter(({ state, sellable }) => state === 'live' && sellable >= wanted.quantity);
        for (const id of sources.suppliers.keys()) {
          const takes = one.wants.map((wanted) => ({
            offer: able(wanted).find(({ supplier_id }) => supplier_id === id),
            quantity: wanted.quantity,
          }));
          if (takes.every((take): take is { offer: RoutingOffer; quantity: number } => take.offer !== undefined)) {
            expect(choice.outcome).toBe('routed');
            expect(cost(choice.takes)).toBeLessThanOrEqual(cost(takes) + 1e-6);
          }
        }
        if (one.wants.every((wanted) => able(wanted).length > 0)) expect(choice.outcome).toBe('routed');
      }),
    );
  });

  it('names whoever delivers', () => {
    fc.assert(
      fc.property(scene, (one) => {
        const choice = choose(one.wants, to, played(one), now);
        for (const take of choice.takes)
          expect(choice.lines.find(({ line }) => line === take.line_id)?.sentence).toContain(take.supplier.name);
      }),
    );
  });
});
