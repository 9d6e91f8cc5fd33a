import Type, { type Static } from 'typebox';
import { Value } from 'typebox/value';
import { problem } from '#kernel/problem';

const objective = Type.Union([Type.Literal('priority'), Type.Literal('landed_cost'), Type.Literal('fastest')], {
  description: 'priority: the lowest rank · landed_cost: goods, fee and shipping together · fastest: the fewest days to the door',
});

const When = Type.Object(
  {
    countries: Type.Optional(Type.Array(Type.String({ pattern: '^[A-Z]{2}$' }), { maxItems: 250 })),
    zones: Type.Optional(
      Type.Array(Type.Union([Type.Literal('eu'), Type.Literal('uk'), Type.Literal('us'), Type.Literal('row')]), { maxItems: 4 }),
    ),
    channels: Type.Optional(Type.Array(Type.String({ maxLength: 80 }), { maxItems: 100 })),
    skus: Type.Optional(Type.Array(Type.String({ maxLength: 200 }), { maxItems: 10_000 })),
    services: Type.Optional(Type.Array(Type.Union([Type.Literal('standard'), Type.Literal('express')]), { maxItems: 2 })),
  },
  { additionalProperties: false, description: 'All that are given must fit; none given fits every line' },
);

const Apply = Type.Object(
  {
    only: Type.Optional(Type.Array(Type.String({ maxLength: 80 }), { maxItems: 100, description: 'Supplier codes; others are out' })),
    not: Type.Optional(Type.Array(Type.String({ maxLength: 80 }), { maxItems: 100, description: 'Supplier codes that are out' })),
    prefer: Type.Optional(
      Type.Array(Type.String({ maxLength: 80 }), { maxItems: 100, description: 'Supplier codes, the first first; others after them' }),
    ),
    objective: Type.Optional(objective),
  },
  { additionalProperties: false },
);

export const PolicyShape = Type.Object(
  {
    objective,
    /** How an order may be spread over suppliers. */
    split: Type.Union([Type.Literal('never'), Type.Literal('lines'), Type.Literal('units')], {
      description:
        'never: one supplier for all lines or a hold · lines: each line whole at one supplier · units: a line may be spread as well',
    }),
    minMarginPercent: Type.Union([Type.Null(), Type.Number({ minimum: -100, maximum: 100 })], {
      description: 'Lines that would earn less are held; null: no floor',
    }),
    maxStockAgeHours: Type.Union([Type.Null(), Type.Number({ minimum: 1, maximum: 8760 })], {
      description: 'Older stock figures are not promised; null: any age',
    }),
    /** `{"EUR/USD": "1.0850"}`: how costs in another currency are compared; without a rate such offers are out. */
    rates: Type.Record(Type.String({ pattern: '^[A-Z]{3}/[A-Z]{3}$' }), Type.String({ pattern: '^\\d{1,6}(\\.\\d{1,8})?$' })),
    rules: Type.Array(
      Type.Object({ name: Type.String({ minLength: 1, maxLength: 120 }), when: When, apply: Apply }, { additionalProperties: false }),
      { maxItems: 200 },
    ),
  },
  { additionalProperties: false },
);
export type Policy = Static<typeof PolicyShape>;
export type PolicyRule = Policy['rules'][number];

export const defaultPolicy: Policy = {
  objective: 'landed_cost',
  split: 'units',
  minMarginPercent: null,
  maxStockAgeHours: 72,
  rates: {},
  rules: [],
};

/** Throws a Problem that names the first place that does not fit. */
export function readPolicy(value: unknown): Policy {
  if (Value.Check(PolicyShape, value)) return value;
  const [first] = Value.Errors(PolicyShape, value);
  throw problem(
    'invalid-field',
    `The policy is not readable at ${first?.instancePath || 'its top'}: ${first?.message ?? 'unknown reason'}.`,
    { param: first?.instancePath ?? '' },
  );
}
