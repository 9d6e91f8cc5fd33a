import { type Static, Type } from 'typebox';
import { PricePolicyShape } from '#modules/catalog';
import { Id, Instant, Maybe, Money, Named, Text } from './schemas.ts';

/** Rules by which prices are made, what they would do, what was published and why. Shares are in basis points: 10000 is all of it. */

export const PriceRules = Type.Object({
  version: Type.Integer({ description: '0: nothing was published yet' }),
  state: Type.Enum(['draft', 'live', 'retired']),
  note: Type.String(),
  createdAt: Maybe(Instant),
  publishedAt: Maybe(Instant),
  policy: PricePolicyShape,
});
export type PriceRules = Static<typeof PriceRules>;

const Faceted = Type.Array(Type.Object({ word: Type.String(), count: Type.Integer() }), { description: 'The most frequent two hundred' });

export const PricePolicies = Type.Object({
  live: PriceRules,
  draft: Maybe(PriceRules),
  versions: Type.Array(Type.Object({ version: Type.Integer(), state: Type.String(), note: Type.String(), publishedAt: Maybe(Instant) })),
});
export type PricePolicies = Static<typeof PricePolicies>;

export const PriceFacets = Type.Object({
  listings: Type.Integer(),
  suppliers: Type.Array(Type.Object({ code: Type.String(), name: Type.String() })),
  channels: Type.Array(Type.Object({ id: Id('channel'), code: Type.String(), currency: Type.String() })),
  brands: Faceted,
  categories: Faceted,
  tags: Faceted,
});
export type PriceFacets = Static<typeof PriceFacets>;

export const PriceMoved = Type.Object({
  channel: Type.Object({ id: Id('channel'), code: Type.String() }),
  sku: Type.String(),
  before: Maybe(Money),
  price: Maybe(Money),
  rule: Type.String(),
});
export type PriceMoved = Static<typeof PriceMoved>;
const Moves = Type.Array(PriceMoved);

export const PricePreview = Type.Object({
  id: Maybe(Id('pricePreview')),
  inputs: Type.String({ description: 'Of a kept preview: what it was made from. Send it along to publish' }),
  factsAt: Instant,
  listings: Type.Integer(),
  offers: Type.Integer(),
  scope: Type.Integer(),
  would: Type.Integer({ description: 'Prices that would change' }),
  up: Type.Integer(),
  down: Type.Integer(),
  fresh: Type.Integer(),
  same: Type.Integer(),
  recompared: Type.Integer(),
  lifted: Type.Integer(),
  mapBlocked: Type.Integer(),
  capped: Type.Integer(),
  noRule: Type.Integer(),
  kept: Type.Integer(),
  held: Type.Array(Type.Object({ why: Type.String(), count: Type.Integer(), examples: Moves })),
  histogram: Type.Array(Type.Object({ from: Maybe(Type.Integer()), to: Maybe(Type.Integer()), count: Type.Integer() })),
  margins: Type.Array(
    Type.Object({ currency: Type.String(), before: Maybe(Type.Integer()), after: Maybe(Type.Integer()), units: Type.Integer() }),
  ),
  movers: Moves,
  liftedExamples: Moves,
  mapExamples: Moves,
  conflicts: Type.Array(Type.Object({ rule: Type.String(), name: Type.String(), count: Type.Integer(), examples: Moves })),
  rules: Type.Array(Type.Object({ id: Type.String(), name: Type.String(), won: Type.Integer() })),
  tooManyBelowFloor: Type.Boolean(),
});
export type PricePreview = Static<typeof PricePreview>;

export const PricePreviewAsk = Type.Object(
  {
    policy: Type.Optional(PricePolicyShape),
    focus: Type.Optional(Type.String({ maxLength: 40, description: 'The id of the rule that is being changed' })),
    keep: Type.Optional(Type.Boolean({ description: 'Keep it with every price that would change, so that it can be published' })),
  },
  { additionalProperties: false, description: 'Without a policy: the draft, else what is live' },
);

const closed = { additionalProperties: false } as const;
export const PriceDraft = Type.Object({ policy: PricePolicyShape, note: Type.Optional(Text(500)) }, closed);
export const PricePublish = Type.Object(
  {
    preview: Text(60),
    inputs: Type.Optional(Text(100)),
    at: Type.Optional(Type.String({ format: 'date-time', pattern: '^2[0-9]{3}-' })),
    only: Type.Optional(Type.Enum(['all', 'new'])),
    anyway: Type.Optional(Type.Boolean({ description: 'Although many would be at their floor' })),
    note: Type.Optional(Text(500)),
  },
  closed,
);
const Currency = Type.String({ pattern: '^[A-Z]{3}$' });
export const RateTyped = Type.Object(
  {
    base: Currency,
    quote: Currency,
    rate: Type.String({ pattern: '^[0-9]{1,9}(\\.[0-9]{1,8})?$', description: 'Units of `quote` for one of `base`' }),
    onDate: Type.Optional(Type.String({ pattern: '^2[0-9]{3}-[0-9]{2}-[0-9]{2}$' })),
  },
  closed,
);
export const PricesAccepted = Type.Object(
  { channel: Text(60), skus: Type.Array(Text(300, { minLength: 1 }), { minItems: 1, maxItems: 1_000 }) },
  closed,
);

export const RateRow = Type.Object({
  base: Type.String(),
  quote: Type.String(),
  rate: Type.String(),
  onDate: Type.String(),
  source: Type.String(),
  by: Type.String(),
});
export type RateRow = Static<typeof RateRow>;

export const PublicationRow = Type.Object({
  id: Id('publication'),
  state: Type.Enum(['scheduled', 'done', 'undone', 'cancelled', 'failed']),
  only: Type.Enum(['all', 'new']),
  dueAt: Maybe(Instant),
  version: Maybe(Type.Integer()),
  published: Type.Integer(),
  leftOut: Type.Array(Type.Object({ why: Type.String(), count: Type.Integer(), skus: Type.Array(Type.String()) })),
  note: Type.String(),
  by: Type.String(),
  madeAt: Instant,
  doneAt: Maybe(Instant),
  undoUntil: Maybe(Instant),
});
export type PublicationRow = Static<typeof PublicationRow>;

export const PriceRow = Type.Object({
  channel: Named('channel'),
  sku: Type.String(),
  title: Type.String(),
  price: Money,
  compare: Maybe(Money),
  rule: Type.String(),
  version: Type.Integer(),
  publishedAt: Instant,
});
export type PriceRow = Static<typeof PriceRow>;

export const PriceProblemRow = Type.Object({
  channel: Named('channel'),
  sku: Type.String(),
  kind: Type.String(),
  detail: Type.String(),
  cost: Maybe(Money),
  price: Maybe(Money),
  since: Instant,
});
export type PriceProblemRow = Static<typeof PriceProblemRow>;

const PriceStep = Type.Object({ what: Type.String(), amount: Money, with: Type.String() });
export const PriceWhy = Type.Object({
  sku: Type.String(),
  channel: Type.Object({ id: Id('channel'), code: Type.String(), currency: Type.String() }),
  price: Maybe(Money),
  published: Maybe(
    Type.Object({
      price: Money,
      compare: Maybe(Money),
      rule: Type.String(),
      version: Type.Integer(),
      steps: Type.Array(PriceStep, { description: 'Their amounts add up to the price' }),
      by: Type.String(),
      at: Instant,
    }),
  ),
  now: Type.Object({
    outcome: Type.Enum(['priced', 'kept', 'held']),
    price: Maybe(Money),
    floor: Maybe(Money),
    rule: Type.String(),
    sentence: Type.String(),
    steps: Type.Array(PriceStep),
  }),
  offers: Type.Array(
    Type.Object({ supplier: Type.String(), cost: Type.String(), units: Type.Integer(), stock: Type.Integer(), chosen: Type.Boolean() }),
  ),
  history: Type.Array(
    Type.Object({
      at: Instant,
      price: Money,
      before: Maybe(Money),
      rule: Type.String(),
      version: Type.Integer(),
      by: Type.String(),
      publication: Maybe(Id('publication')),
      undoneAt: Maybe(Instant),
    }),
  ),
});
export type PriceWhy = Static<typeof PriceWhy>;
