import { type Static, Type } from 'typebox';
import { problemKinds, requirable, variantFields } from '#modules/catalog';
import { Instant, Maybe, Text } from './schemas.ts';
import { OfferRow, VariantRow } from './schemas-parties.ts';
import { ListingRow } from './schemas-listings.ts';

const closed = { additionalProperties: false } as const;
const Field = Type.Enum([...variantFields]);

const Cells = Type.Object(Object.fromEntries(variantFields.map((field) => [field, Type.String()])), {
  description: 'Its values as text, as a sheet shows them and as an edit takes them',
});

export const VariantProblem = Type.Object({ kind: Type.Enum([...problemKinds]), said: Type.String() });

export const VariantDetail = Type.Object({
  ...VariantRow.properties,
  cells: Cells,
  locked: Type.Array(Type.String(), { description: 'What only a person changes' }),
  problems: Type.Array(VariantProblem),
  offersBehind: Type.Array(OfferRow, { description: 'Matched or suggested, the first 100' }),
  listed: Type.Array(ListingRow, { description: 'Where it is sold, the first 100' }),
  history: Type.Array(
    Type.Object({
      field: Type.String(),
      before: Maybe(Type.String()),
      after: Maybe(Type.String()),
      source: Type.Enum(['screen', 'file', 'api', 'offer', 'undo']),
      by: Type.String(),
      at: Instant,
      undoneAt: Maybe(Instant),
    }),
  ),
});
export type VariantDetail = Static<typeof VariantDetail>;

export const VariantSheet = Type.Object({
  data: Type.Array(
    Type.Object({ sku: Type.String(), cells: Cells, locked: Type.Array(Type.String()), problems: Type.Array(VariantProblem) }),
  ),
  next: Maybe(Type.String()),
});
export type VariantSheet = Static<typeof VariantSheet>;

export const ProblemCounts = Type.Object({
  data: Type.Array(Type.Object({ kind: Type.Enum([...problemKinds]), count: Type.Integer() })),
  required: Type.Record(Type.String(), Type.Array(Type.String()), {
    description: 'Fields that a variant has to have, by store’s code; * is everywhere',
  }),
});
export type ProblemCounts = Static<typeof ProblemCounts>;

const EditRow = Type.Object(
  {
    sku: Text(200),
    fields: Type.Object(Object.fromEntries(variantFields.map((field) => [field, Type.Optional(Text(5_000))])), closed),
    locked: Type.Optional(Type.Array(Field, { maxItems: variantFields.length, uniqueItems: true })),
  },
  closed,
);
export const VariantsEdited = Type.Object({ rows: Type.Array(EditRow, { minItems: 1, maxItems: 2_000 }) }, closed);
export const RequiredGiven = Type.Object(
  {
    required: Type.Record(
      Type.String({ minLength: 1, maxLength: 40 }),
      Type.Array(Type.Enum([...requirable]), { maxItems: requirable.length }),
      {
        maxProperties: 200,
      },
    ),
  },
  closed,
);

export const ExportQuery = Type.Object({ format: Type.Optional(Type.Enum(['csv', 'xlsx'])) }, closed);
export const OfferDetail = Type.Object({
  ...OfferRow.properties,
  mpn: Maybe(Type.String()),
  raw: Maybe(
    Type.Object({
      file: Type.String(),
      line: Type.Integer(),
      cells: Type.Array(Type.Object({ column: Type.String(), text: Type.String(), field: Maybe(Type.String()) })),
    }),
  ),
  rawWhy: Type.String({ description: 'Why its line is not shown; empty when it is' }),
});
export type OfferDetail = Static<typeof OfferDetail>;
