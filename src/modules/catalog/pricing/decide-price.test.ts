import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instant } from '#kernel/time';
import { compilePolicy, inPrecedence } from './compile-policy.ts';
import { decidePrice } from './decide-price.ts';
import { endIn } from './ending.ts';
import { checkPricePolicy, defaultPricePolicy, type PricePolicy, type PriceSettings, type Rule } from './price-policy.ts';
import type { Facts, OfferFacts, Priced, Rate, Step, SupplierFacts } from './words.ts';

const now = instant('2026-11-25T10:00:00Z');
const kestrel: SupplierFacts = {
  id: '01',
  code: 'KESTREL',
  country: 'DE',
  currency: 'USD',
  rank: 1,
  usable: true,
  fee: 150n,
  shipping: { '*': 400n },
};
const offer = (more: Partial<OfferFacts> = {}): OfferFacts => ({
  place: 0,
  supplier: kestrel,
  currency: 'USD',
  cost: 1_000n,
  units: 1,
  stock: 5,
  map: null,
  msrp: null,
  isAccepted: false,
  ...more,
});
const facts = (more: Partial<Facts> = {}): Facts => ({
  channel: { id: 'c1', code: 'web', currency: 'USD' },
  sku: 'LAMP-1',
  brand: 'Kest',
  category: 'Lighting > Lamps',
  tags: ['new'],
  weightGrams: 800,
  map: null,
  msrp: null,
  variantCurrency: 'USD',
  offers: [offer()],
  price: null,
  compare: null,
  isPublished: false,
  acceptedCost: null,
  acceptedCurrency: null,
  sold: 0,
  ...more,
});
const rule = (id: string, more: Partial<Rule> = {}): Rule => ({
  id,
  name: id,
  level: 'base',
  priority: 0,
  at: '2026-01-01T00:00:00Z',
  on: true,
  formula: { base: 'landed', markupBp: 16_000 },
  ...more,
});
const policyOf = (rules: Rule[], settings: Partial<PriceSettings> = {}): PricePolicy => ({
  settings: { ...defaultPricePolicy.settings, ...settings },
  rules,
});
const decide = (one: Facts, policy: PricePolicy, rates: Rate[] = [], steps?: Step[]): Priced =>
  decidePrice(one, compilePolicy(policy, rates, now), steps);
const priced = (result: Priced) => {
  if (result.outcome !== 'priced') throw new Error(`it is ${result.outcome}: ${result.why}`);
  return result;
};
const heldFor = (result: Priced): string => (result.outcome === 'held' ? result.why : result.outcome);

describe('a price', () => {
  it('is landed cost times markup, ended as the currency wants', () => {
    const steps: Step[] = [];
    const result = priced(decide(facts(), policyOf([rule('all')]), [], steps));
    // 10.00 + 1.50 + 4.00 = 15.50; the payment takes 0.30 + 2.9 % of 24.80; × 1.60 = 26.43.
    expect(steps.map(({ what, minor }) => [what, minor])).toEqual([
      ['cost', 1_000n],
      ['order_fee', 150n],
      ['shipping', 400n],
      ['payment_fee', 102n],
      ['markup', 991n],
      ['ending', -44n],
    ]);
    expect(result.price).toBe(2_599n);
  });

  it('takes the tier that the cost falls into, and the discount after it', () => {
    const tiers = [
      { below: 500, markupBp: 30_000 },
      { below: 2_000, markupBp: 20_000 },
    ];
    const all = policyOf([rule('all', { formula: { base: 'cost', markupBp: 15_000, tiers, discountBp: 1_000 } })], {
      endings: {},
      minMarginBp: 0,
    });
    const of = (cost: bigint) => priced(decide(facts({ offers: [offer({ cost })] }), all)).price;
    expect(of(1_999n)).toBe(3_598n);
    expect(of(2_000n)).toBe(2_700n);
  });

  it('never falls below the minimum margin, the advertised floor, nor rises above the list price', () => {
    const thin = policyOf([rule('all', { formula: { base: 'cost', markupBp: 10_100, minMarginBp: 2_200 } })]);
    const lifted = priced(decide(facts(), thin));
    expect(lifted.isLifted).toBe(true);
    expect(Number(lifted.profit) / Number(lifted.net)).toBeGreaterThanOrEqual(0.22);
    const blocked = priced(decide(facts({ offers: [offer({ map: 4_500n })] }), policyOf([rule('all')])));
    expect([blocked.isMapBlocked, blocked.price]).toEqual([true, 4_599n]);
    const capped = priced(decide(facts({ msrp: 2_400n }), policyOf([rule('all')])));
    expect([capped.isCapped, capped.price]).toEqual([true, 2_399n]);
  });

  it('lets floors hold for locked prices too', () => {
    const lock = rule('lock', { level: 'lock', skus: ['LAMP-1'], fixed: { USD: 500 } });
    delete lock.formula;
    const result = priced(decide(facts(), policyOf([lock])));
    expect(result.isLifted).toBe(true);
    expect(result.price).toBeGreaterThan(1_550n);
  });

  it('counts the units of a pack', () => {
    const result = priced(decide(facts({ offers: [offer({ cost: 1_000n, units: 6 })] }), policyOf([rule('all')])));
    expect(result.cost).toBe(167n);
  });

  it('shows what it is compared with, and what many cost', () => {
    const formula = {
      base: 'landed',
      markupBp: 30_000,
      compareBp: 12_500,
      breaks: [
        { from: 10, discountBp: 1_000 },
        { from: 50, discountBp: 9_000 },
      ],
    } as const;
    const result = priced(decide(facts(), policyOf([rule('all', { formula: { ...formula, breaks: [...formula.breaks] } })])));
    expect(result.compare).toBeGreaterThan(result.price);
    expect(result.breaks[0]).toMatchObject({ from: 10 });
    for (const { price } of result.breaks) expect(price).toBeGreaterThanOrEqual(result.floor);
  });

  it('holds the tax of a shop whose prices include it', () => {
    const with20 = priced(decide(facts(), policyOf([rule('all')], { taxBp: { web: 2_000 }, endings: {} })));
    const without = priced(decide(facts(), policyOf([rule('all')], { endings: {} })));
    expect(Number(with20.price)).toBeCloseTo(Number(without.price) * 1.2, -1);
  });

  it('is made in the selling currency by a rate with its margin of safety', () => {
    const rates = [{ base: 'EUR', quote: 'USD', rate: 110_000_000n, onDate: '2026-11-24' }];
    const result = priced(decide(facts({ offers: [offer({ currency: 'EUR' })] }), policyOf([rule('all')]), rates));
    expect(result.cost).toBe(1_111n);
    const yen = priced(
      decide(facts({ offers: [offer({ currency: 'JPY', cost: 1_500n })] }), policyOf([rule('all')], { rateMarginBp: 0 }), [
        { base: 'USD', quote: 'JPY', rate: 15_000_000_000n, onDate: '2026-11-24' },
      ]),
    );
    expect(yen.cost).toBe(1_000n);
  });
});

describe('what cannot be trusted', () => {
  const all = policyOf([rule('all')]);
  const rate = (onDate: string) => [{ base: 'EUR', quote: 'USD', rate: 110_000_000n, onDate }];
  it.each<[string, Partial<Facts>, Rate[]?]>([
    ['no_offer', { offers: [] }],
    ['no_offer', { offers: [offer({ supplier: { ...kestrel, usable: false } })] }],
    ['no_cost', { offers: [offer({ cost: null })] }],
    ['zero_cost', { offers: [offer({ cost: 0n })] }],
    ['absurd_cost', { offers: [offer({ cost: 10n ** 15n })] }],
    ['rate_missing', { offers: [offer({ currency: 'EUR' })] }],
    ['rate_stale', { offers: [offer({ currency: 'EUR' })] }, rate('2026-11-10')],
    ['rate_missing', { offers: [offer(), offer({ place: 1, currency: 'EUR', cost: 1n, map: 900n })] }],
    ['cost_jump', { acceptedCost: 2_000n, acceptedCurrency: 'USD' }],
    ['cost_jump', { acceptedCost: 500n, acceptedCurrency: 'USD' }],
    ['currency_changed', { acceptedCost: 1_000n, acceptedCurrency: 'CHF', offers: [offer({ isAccepted: true })] }],
    ['price_jump', { price: 9_999n }],
  ])('is held: %s', (why, more, rates) => {
    expect(heldFor(decide(facts(more), all, rates))).toBe(why);
  });

  it('does not let a poisoned offer through beside a good one', () => {
    const result = priced(
      decide(facts({ offers: [offer({ place: 0, cost: 0n }), offer({ place: 1, cost: null }), offer({ place: 2 })] }), all),
    );
    expect(result.offer.place).toBe(2);
  });

  it('is believed once a person has looked', () => {
    const jumped = facts({ acceptedCost: 300n, acceptedCurrency: 'USD', price: 700n });
    expect(decidePrice(jumped, compilePolicy(all, [], now, true)).outcome).toBe('priced');
  });
});

describe('the rule that counts', () => {
  const winner = (rules: Rule[], more: Partial<Facts> = {}): string | undefined => {
    const policy = policyOf(rules, { priceMoveBp: 1_000_000 });
    return policy.rules[decide(facts(more), policy).rule]?.id;
  };
  const levels = [
    rule('base'),
    rule('cat', { level: 'category', categories: ['Lighting'] }),
    rule('brand', { level: 'brand', brands: ['Kest'] }),
    rule('sku', { level: 'sku', skus: ['LAMP-1'] }),
    rule('lock', { level: 'lock', skus: ['LAMP-1'] }),
  ];

  it('is the most special one, whatever its priority', () => {
    for (let many = levels.length; many > 0; many -= 1) expect(winner(levels.slice(0, many))).toBe(levels[many - 1]?.id);
    expect(winner([rule('base', { priority: 1_000 }), levels[1] as Rule])).toBe('cat');
  });

  it('is the one of higher priority within a level, then the newer', () => {
    expect(winner([rule('a', { priority: 1 }), rule('b', { priority: 2 })])).toBe('b');
    expect(winner([rule('a', { at: '2026-02-01T00:00:00Z' }), rule('b')])).toBe('a');
  });

  it('counts only in its window, in the shop’s own time', () => {
    const sale = rule('sale', { priority: 9, from: '2026-11-25T19:00', until: '2026-11-26T00:00' });
    const zones = (timeZone: string) => {
      const policy = policyOf([rule('base'), sale], { timeZone });
      return policy.rules[decide(facts(), policy).rule]?.id;
    };
    expect(zones('UTC')).toBe('base');
    // It is seven in the evening in Tokyo.
    expect(zones('Asia/Tokyo')).toBe('sale');
  });

  it('fits by supplier, cost, tag, category below, and condition', () => {
    const base = rule('base');
    expect(winner([base, rule('x', { priority: 1, suppliers: ['OTHER'] })])).toBe('base');
    expect(winner([base, rule('x', { priority: 1, suppliers: ['KESTREL'], costFrom: 500, costBelow: 5_000 })])).toBe('x');
    expect(winner([base, rule('x', { priority: 1, costBelow: 1_000 })])).toBe('base');
    expect(winner([base, rule('x', { priority: 1, tags: ['new', 'old'] })])).toBe('x');
    expect(winner([base, rule('x', { level: 'category', categories: ['Light'] })])).toBe('base');
    expect(winner([base, rule('x', { priority: 1, when: 'cost > 5.0 && stock >= 5 && "new" in tags && weight < 1000' })])).toBe('x');
  });

  it('keeps what is there when it says nothing', () => {
    const keep = rule('keep', { level: 'sku', skus: ['LAMP-1'] });
    delete keep.formula;
    expect(decide(facts(), policyOf([keep]))).toMatchObject({ outcome: 'kept', why: 'rule_keeps' });
    expect(decide(facts(), policyOf([]))).toMatchObject({ outcome: 'kept', why: 'no_rule' });
  });
});

describe('rules that cannot be saved', () => {
  it.each<[string, Rule[], Partial<PriceSettings>?]>([
    ['rules.0.when', [rule('a', { when: 'cost >' })]],
    ['rules.0.when', [rule('a', { when: 'brnd == "x"' })]],
    ['rules.0.when', [rule('a', { when: 'sku.matches("(a+)+$")' })]],
    ['rules.0.when', [rule('a', { when: 'tags.all(t, tags.all(u, u == t))' })]],
    ['rules.0.when', [rule('a', { when: 'cost' })]],
    ['rules.1.id', [rule('a'), rule('a')]],
    ['rules.0', [rule('a', { level: 'brand' })]],
    ['rules.0.until', [rule('a', { from: '2026-11-26T00:00', until: '2026-11-25T00:00' })]],
    ['rules.0.formula.minMarginBp', [rule('a', { formula: { base: 'cost', markupBp: 1, minMarginBp: 9_500 } })], { paymentFeeBp: 500 }],
    ['settings.timeZone', [], { timeZone: 'Mars/Olympus' }],
  ])('are refused at %s', (param, rules, settings) => {
    expect(() => checkPricePolicy(policyOf(rules, settings))).toThrow(expect.objectContaining({ code: 'invalid-field', param }));
  });

  it('says where a condition is wrong', () => {
    expect(() => checkPricePolicy(policyOf([rule('a', { when: 'cost > 5.0 && brnd == "x"' })]))).toThrow(
      /brnd, at letter 15.*Known are cost/,
    );
  });
});

// --- what holds for all ---

const amounts = fc.bigInt({ min: 1n, max: 5_000_000n });
const shares = fc.integer({ min: 0, max: 4_000 });
const endings = fc.constantFrom(
  undefined,
  { every: 100, end: 99, to: 'nearest' as const },
  { every: 100, end: 95, to: 'up' as const },
  { every: 5, end: 0, to: 'nearest' as const },
  { every: 1_000, end: 999, to: 'down' as const },
);
const anyCase = fc.record({
  cost: amounts,
  map: fc.option(amounts),
  msrp: fc.option(amounts),
  markup: fc.integer({ min: 0, max: 60_000 }),
  discount: fc.integer({ min: 0, max: 9_000 }),
  margin: shares,
  least: fc.integer({ min: 0, max: 5_000 }),
  fee: fc.integer({ min: 0, max: 500 }),
  tax: fc.constantFrom(0, 1_900, 2_500),
  ending: endings,
  base: fc.constantFrom('landed' as const, 'cost' as const),
});
type Case = typeof anyCase extends fc.Arbitrary<infer C> ? C : never;

const caseOf = (it: Case): [Facts, PricePolicy] => [
  facts({ offers: [offer({ cost: it.cost, map: it.map, msrp: it.msrp })] }),
  policyOf(
    [
      rule('all', {
        formula: {
          base: it.base,
          markupBp: it.markup,
          discountBp: it.discount,
          minMarginBp: it.margin,
          minMargin: { USD: it.least },
          breaks: [{ from: 5, discountBp: 3_000 }],
          ...(it.ending ? { ending: it.ending } : {}),
        },
      }),
    ],
    { paymentFeeBp: it.fee, taxBp: { web: it.tax }, endings: {}, minMarginBp: 0 },
  ),
];

describe('for all costs and rules', () => {
  it('floors hold: margin, amount and advertised price', () => {
    fc.assert(
      fc.property(anyCase, (one) => {
        const result = priced(decide(...caseOf(one)));
        expect(result.profit * 10_000n).toBeGreaterThanOrEqual(result.net * BigInt(one.margin));
        expect(result.profit).toBeGreaterThanOrEqual(BigInt(one.least));
        if (one.map !== null) expect(result.price).toBeGreaterThanOrEqual(one.map);
        for (const { price } of result.breaks) expect(price).toBeGreaterThanOrEqual(result.floor);
        if (one.msrp !== null && one.msrp >= result.floor) expect(result.price).toBeLessThanOrEqual(one.msrp);
      }),
      { numRuns: 2_000 },
    );
  });

  it('the explanation adds up to the price, and the same input gives the same output', () => {
    fc.assert(
      fc.property(anyCase, (one) => {
        const steps: Step[] = [];
        const result = priced(decide(...caseOf(one), [], steps));
        expect(steps.reduce((sum, { minor }) => sum + minor, 0n)).toBe(result.price);
        expect(decide(...caseOf(one))).toEqual(result);
      }),
    );
  });

  it('a dearer amount never ends in a cheaper price, nor below the floor', () => {
    const some = fc.bigInt({ min: 0n, max: 100_000n });
    fc.assert(
      fc.property(some, some, some, fc.option(some), endings, (one, other, floor, cap, ending) => {
        const [low, high] = one < other ? [one, other] : [other, one];
        const ends = (amount: bigint) => endIn(amount, ending ?? null, floor, cap);
        expect(ends(low)).toBeLessThanOrEqual(ends(high));
        expect(ends(low)).toBeGreaterThanOrEqual(floor);
        if (cap !== null && cap >= floor && cap >= 1n) expect(ends(high)).toBeLessThanOrEqual(cap);
      }),
      { numRuns: 2_000 },
    );
  });

  it('of two rules one always comes first, in whatever order they stand', () => {
    const anyRule = fc.record({
      id: fc.constantFrom('a', 'b', 'c', 'd'),
      level: fc.constantFrom('base' as const, 'category' as const, 'brand' as const, 'sku' as const, 'lock' as const),
      priority: fc.integer({ min: 0, max: 2 }),
      at: fc.constantFrom('2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z'),
    });
    fc.assert(
      fc.property(fc.uniqueArray(anyRule, { selector: ({ id }) => id, minLength: 2 }), (given) => {
        const rules = given.map((one) => rule(one.id, one));
        for (const one of rules)
          for (const other of rules)
            if (one !== other) expect(Math.sign(inPrecedence(one, other))).toBe(-Math.sign(inPrecedence(other, one)));
        const order = (of: Rule[]) => of.toSorted(inPrecedence).map(({ id }) => id);
        expect(order(rules)).toEqual(order(rules.toReversed()));
        for (const one of rules) for (const other of rules) if (one !== other) expect(inPrecedence(one, other)).not.toBe(0);
      }),
    );
  });
});
