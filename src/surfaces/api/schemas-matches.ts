import { type Static, Type } from 'typebox';
import { Id, Instant, Maybe, Money, Named, Text } from './schemas.ts';

const closed = { additionalProperties: false } as const;
const Certainty = Type.Enum(['', 'exact', 'likely', 'possible', 'conflict'], {
  description: 'Empty where whoever brought the offer said what it is',
});
const Agreement = Type.Enum(['same', 'other', 'none'], { description: 'none: one of them does not say' });

const OfferSide = Type.Object({
  id: Id('offer'),
  supplier: Named('supplier'),
  sku: Type.String(),
  title: Type.String(),
  brand: Type.String(),
  gtin: Maybe(Type.String()),
  mpn: Maybe(Type.String()),
  packSize: Type.Integer(),
  cost: Maybe(Money),
  quantity: Type.Integer(),
});

const VariantSide = Type.Object({
  id: Id('variant'),
  sku: Type.String(),
  title: Type.String(),
  brand: Type.String(),
  gtin: Maybe(Type.String()),
  price: Maybe(Money),
});

/** What was compared, and what came of it. */
const Evidence = Type.Object({
  gtin: Agreement,
  gtinLocal: Type.Boolean({ description: 'The GTIN is of a shop’s own making, so it proves nothing' }),
  sku: Agreement,
  mpn: Agreement,
  brand: Agreement,
  title: Maybe(Type.Number({ minimum: 0, maximum: 1 })),
  trigrams: Maybe(Type.Number()),
  costToPrice: Maybe(Type.Number({ description: 'Cost of one unit of ours as a share of our price' })),
  pack: Maybe(Type.Array(Type.Integer(), { description: 'Ours and theirs' })),
  measures: Type.Array(Type.String(), { description: 'Kinds of measure in which they contradict each other' }),
});

export const MatchRow = Type.Object({
  offer: OfferSide,
  variant: VariantSide,
  state: Type.Enum(['suggested', 'confirmed', 'rejected', 'broken']),
  certainty: Certainty,
  rule: Type.String({ description: 'gtin, sku, mpn, likeness or person' }),
  confidence: Type.Number(),
  said: Type.String({ description: 'Why, in a sentence' }),
  warnings: Type.Array(Type.String(), { description: 'What speaks against it' }),
  unitsPerOffer: Type.Integer({ description: 'Units of ours in one of theirs' }),
  evidence: Evidence,
  decidedAt: Maybe(Instant),
  decidedBy: Type.String(),
});
export type MatchRow = Static<typeof MatchRow>;

export const UnmatchedRow = OfferSide;
export type UnmatchedRow = Static<typeof UnmatchedRow>;
export const VariantFound = VariantSide;
export type VariantFound = Static<typeof VariantFound>;

export const UndoShown = Type.Object({
  id: Id('undo'),
  kind: Type.String(),
  title: Type.String(),
  by: Type.String(),
  rows: Type.Integer(),
  at: Instant,
  until: Instant,
});
export type UndoShown = Static<typeof UndoShown>;

export const MatchSummary = Type.Object({
  groups: Type.Array(
    Type.Object({
      state: Type.String(),
      certainty: Certainty,
      rule: Type.String(),
      count: Type.Integer(),
    }),
  ),
  unmatched: Type.Object({ count: Type.Integer(), isMore: Type.Boolean({ description: 'There are more than that' }) }),
  due: Type.Object({ offers: Type.Integer(), suppliers: Type.Integer({ description: 'Whose offers are all looked at again' }) }),
  settings: Type.Object({ autoExact: Type.Boolean(), costLeast: Type.Number(), costMost: Type.Number() }),
  undo: Type.Array(UndoShown, { description: 'What can still be taken back' }),
});
export type MatchSummary = Static<typeof MatchSummary>;

const Pair = Type.Object(
  {
    offer: Text(60),
    variant: Text(60),
    unitsPerOffer: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
  },
  closed,
);
const Pairs = Type.Array(Pair, { minItems: 1, maxItems: 500 });

export const MatchesApproved = Type.Object(
  { pairs: Pairs, anyway: Type.Optional(Type.Boolean({ description: 'Even where the offer is matched to another variant already' })) },
  closed,
);
export const MatchesRejected = Type.Object({ pairs: Pairs }, closed);
export const MatchGroupApproved = Type.Object(
  {
    certainty: Type.Enum(['exact', 'likely', 'possible']),
    rule: Type.Optional(Type.Enum(['gtin', 'sku', 'mpn', 'likeness'])),
    supplier: Type.Optional(Text(60)),
    expected: Type.Optional(Type.Integer({ minimum: 0, description: 'Refused when the group has grown beyond it' })),
  },
  closed,
);
export const VariantMade = Type.Object({ offer: Text(60), sku: Text(200, { minLength: 1 }), title: Type.Optional(Text(500)) }, closed);
export const MatchRun = Type.Object({ supplier: Type.Optional(Text(60)) }, closed);
export const MatchSettingsGiven = Type.Object(
  {
    autoExact: Type.Optional(Type.Boolean()),
    costLeast: Type.Optional(Type.Number({ minimum: 0, maximum: 10 })),
    costMost: Type.Optional(Type.Number({ minimum: 0.01, maximum: 100 })),
  },
  closed,
);
