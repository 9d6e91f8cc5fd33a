import Type, { type Static } from 'typebox';
import { Value } from 'typebox/value';
import { minorDigits } from '#kernel/money';
import { problem } from '#kernel/problem';
import { conditionTrouble } from './condition.ts';

/** The rules by which prices are made, as a person saves them: amounts in minor units, shares in basis points (10000 is all of it). */

const closed = { additionalProperties: false } as const;
const words = (most: number, length = 200) =>
  Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: length }), { maxItems: most }));
const amount = Type.Integer({ minimum: 0, maximum: 1_000_000_000_000 });
const bp = (maximum: number, description = '') => Type.Integer({ minimum: 0, maximum, ...(description ? { description } : {}) });
const Currency = '^[A-Z]{3}$';
const byCurrency = Type.Record(Type.String({ pattern: Currency }), amount);
const Moment = Type.String({ pattern: '^2[0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]$' });

const EndingShape = Type.Object(
  {
    every: Type.Integer({ minimum: 1, maximum: 10_000_000, description: 'Minor units from one allowed price to the next' }),
    end: Type.Integer({
      minimum: 0,
      maximum: 9_999_999,
      description: 'What an allowed price leaves when divided by it: 99 of 100 is ".99"',
    }),
    to: Type.Enum(['nearest', 'up', 'down']),
  },
  closed,
);
export type Ending = Static<typeof EndingShape>;

const FormulaShape = Type.Object(
  {
    base: Type.Enum(['landed', 'cost', 'map', 'msrp']),
    markupBp: bp(1_000_000, '16000 is × 1.60'),
    tiers: Type.Optional(
      Type.Array(Type.Object({ below: amount, markupBp: bp(1_000_000) }, closed), {
        maxItems: 50,
        description: 'By what the base costs: the first whose `below` is above it counts, else `markupBp`',
      }),
    ),
    discountBp: Type.Optional(bp(9_900)),
    minMarginBp: Type.Optional(bp(9_500, 'Of the price without tax')),
    minMargin: Type.Optional(byCurrency),
    ending: Type.Optional(EndingShape),
    compareBp: Type.Optional(
      Type.Integer({ minimum: 10_001, maximum: 100_000, description: 'Compare-at price, as a multiple of the price' }),
    ),
    compareMsrp: Type.Optional(Type.Boolean({ description: 'Compare with the list price where there is one' })),
    breaks: Type.Optional(
      Type.Array(Type.Object({ from: Type.Integer({ minimum: 2, maximum: 1_000_000 }), discountBp: bp(9_900) }, closed), { maxItems: 10 }),
    ),
  },
  closed,
);
export type Formula = Static<typeof FormulaShape>;

const RuleShape = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,39}$' }),
    name: Type.String({ minLength: 1, maxLength: 100 }),
    level: Type.Enum(['base', 'category', 'brand', 'sku', 'lock']),
    priority: Type.Integer({ minimum: 0, maximum: 1_000, description: 'Within its level; the higher wins' }),
    at: Type.String({ format: 'date-time', maxLength: 40, description: 'When it was made; of equal priority the newer wins' }),
    on: Type.Boolean(),
    suppliers: words(500, 40),
    channels: words(200, 40),
    categories: words(500, 300),
    brands: words(2_000),
    tags: words(200, 100),
    skus: words(20_000),
    costFrom: Type.Optional(amount),
    costBelow: Type.Optional(amount),
    when: Type.Optional(Type.String({ minLength: 1, maxLength: 1_000, description: 'A condition in CEL' })),
    from: Type.Optional(Moment),
    until: Type.Optional(Moment),
    formula: Type.Optional(FormulaShape),
    fixed: Type.Optional(byCurrency),
  },
  { ...closed, description: 'With a formula, or fixed prices; with neither it keeps the price that is there' },
);
export type Rule = Static<typeof RuleShape>;

const SettingsShape = Type.Object(
  {
    timeZone: Type.String({ minLength: 1, maxLength: 60 }),
    offer: Type.Enum(['cheapest', 'preferred', 'dearest']),
    paymentFeeBp: bp(2_000),
    paymentFee: byCurrency,
    dutyBp: Type.Record(Type.String({ pattern: '^([A-Z]{2}|\\*)$' }), bp(20_000), { maxProperties: 250 }),
    taxBp: Type.Record(Type.String({ pattern: '^[A-Za-z0-9_-]{1,40}$' }), bp(5_000), {
      maxProperties: 200,
      description: 'By channel: its prices include this much tax',
    }),
    market: Type.Record(Type.String({ pattern: '^[A-Za-z0-9_-]{1,40}$' }), Type.String({ maxLength: 20 }), {
      maxProperties: 200,
      description: 'By channel: the country or zone that its parcels go to',
    }),
    minMarginBp: bp(9_500),
    minMargin: byCurrency,
    capAtMsrp: Type.Boolean(),
    endings: Type.Record(Type.String({ pattern: Currency }), EndingShape, { maxProperties: 50 }),
    rateDays: Type.Integer({ minimum: 1, maximum: 366, description: 'How old an exchange rate may be' }),
    rateMarginBp: bp(2_000, 'Added to what is converted'),
    costMoveBp: bp(1_000_000, 'A cost that moved more than this is not believed'),
    priceMoveBp: bp(1_000_000, 'A price that would move more than this is held'),
    belowFloorBp: bp(10_000, 'Not published when more listings than this would fall below their floor'),
  },
  closed,
);

export const PricePolicyShape = Type.Object({ settings: SettingsShape, rules: Type.Array(RuleShape, { maxItems: 500 }) }, closed);
export type PricePolicy = Static<typeof PricePolicyShape>;
export type PriceSettings = PricePolicy['settings'];

const charm: Ending = { every: 100, end: 99, to: 'nearest' };

/** Without any rule nothing is priced; the settings are what most shops begin with. */
export const defaultPricePolicy: PricePolicy = {
  settings: {
    timeZone: 'UTC',
    offer: 'cheapest',
    paymentFeeBp: 290,
    paymentFee: { USD: 30, EUR: 25, GBP: 20 },
    dutyBp: {},
    taxBp: {},
    market: {},
    minMarginBp: 1_000,
    minMargin: {},
    capAtMsrp: true,
    endings: { USD: charm, EUR: charm, GBP: charm, CHF: { every: 5, end: 0, to: 'nearest' } },
    rateDays: 7,
    rateMarginBp: 100,
    costMoveBp: 3_000,
    priceMoveBp: 5_000,
    belowFloorBp: 2_000,
  },
  rules: [],
};

/** Kept rules were checked when they were saved; a shape that no longer fits is a mistake of ours. */
export function readPricePolicy(kept: unknown): PricePolicy {
  if (Value.Check(PricePolicyShape, kept)) return kept;
  const [first] = Value.Errors(PricePolicyShape, kept);
  throw new Error(`The price rules that are kept cannot be read: ${first?.instancePath} ${first?.message}`);
}

/** Throws `invalid-field` with the place of what does not fit: rules that nothing can be priced by are not saved. */
export function checkPricePolicy(policy: PricePolicy): void {
  const { settings, rules } = policy;
  const refuse = (param: string, says: string): never => {
    throw problem('invalid-field', `"${param}" ${says}`, { param });
  };
  if (!isTimeZone(settings.timeZone)) refuse('settings.timeZone', 'is not a time zone such as "Europe/Berlin".');
  for (const currency of [settings.paymentFee, settings.minMargin, settings.endings].flatMap((of) => Object.keys(of)))
    if (!isCurrency(currency)) refuse('settings', `names "${currency}", which is not a currency.`);
  const mostTax = Math.max(0, ...Object.values(settings.taxBp));
  const seen = new Set<string>();
  for (const [place, rule] of rules.entries()) {
    const at = `rules.${place}`;
    if (seen.has(rule.id)) refuse(`${at}.id`, `is "${rule.id}", as another rule's is.`);
    seen.add(rule.id);
    if (rule.formula && rule.fixed) refuse(`${at}.fixed`, 'cannot stand beside a formula.');
    const needs = { category: rule.categories, brand: rule.brands, sku: rule.skus, lock: rule.skus, base: ['any'] }[rule.level];
    if (!needs?.length) refuse(at, `is of the level "${rule.level}" and names none.`);
    if (rule.from !== undefined && rule.until !== undefined && rule.from >= rule.until)
      refuse(`${at}.until`, 'is not after its beginning.');
    if (rule.when !== undefined) {
      const trouble = conditionTrouble(rule.when);
      if (trouble) refuse(`${at}.when`, `cannot be used: ${trouble}`);
    }
    const margin = Math.max(settings.minMarginBp, rule.formula?.minMarginBp ?? 0);
    // The share of a price that margin and payment fee may take together; the fee is taken of the price with tax.
    if (margin + (settings.paymentFeeBp * (10_000 + mostTax)) / 10_000 >= 9_900)
      refuse(`${at}.formula.minMarginBp`, 'and the payment fee together leave nothing for the cost.');
    const ending = rule.formula?.ending;
    if (ending && ending.end >= ending.every) refuse(`${at}.formula.ending.end`, 'is not below `every`.');
  }
  for (const [currency, ending] of Object.entries(settings.endings))
    if (ending.end >= ending.every) refuse(`settings.endings.${currency}.end`, 'is not below `every`.');
}

function isTimeZone(name: string): boolean {
  try {
    Temporal.PlainDateTime.from('2026-01-01T00:00').toZonedDateTime(name);
    return true;
  } catch {
    return false;
  }
}

function isCurrency(code: string): boolean {
  try {
    return minorDigits(code) >= 0;
  } catch {
    return false;
  }
}
