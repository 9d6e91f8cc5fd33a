import { type Static, type TProperties, type TSchema, Type } from 'typebox';
import { type IdKind, idPrefixes } from '#kernel/id';

/** Shapes that all answers share. One definition validates, documents and types: the console imports the types only. */

/** RFC 3339 in UTC: `2026-11-25T10:00:00Z`. */
export const Instant = Type.Unsafe<string>({ type: 'string', format: 'date-time' });

/** Whole minor units as text, since JSON's numbers lose them beyond 2^53. */
export const Money = Type.Object({
  minor: Type.String({ pattern: '^-?[0-9]+$', description: 'Whole minor units, such as cents' }),
  currency: Type.String({ pattern: '^[A-Z]{3}$' }),
});
export type Money = Static<typeof Money>;

/** `ord_` and 26 letters. */
export const Id = (kind: IdKind) =>
  Type.String({ pattern: `^${idPrefixes[kind]}_[0-9a-z]{26}$`, examples: [`${idPrefixes[kind]}_06f3k9q2m8v4x7c1n5b0t3h6d2`] });

export const Maybe = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** A page of a list: `next` is the cursor of the page after it, null on the last one. */
export const List = <T extends TSchema>(row: T) => Type.Object({ data: Type.Array(row), next: Maybe(Type.String()) });

/** Open text of people and far sides, never longer than a page. */
export const Text = (most: number, more: { description?: string; minLength?: number } = {}) => Type.String({ maxLength: most, ...more });

/** What every list takes, with its own filters. */
export const ListQuery = <T extends TProperties>(filters: T) =>
  Type.Object(
    {
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
      after: Type.Optional(Type.String({ maxLength: 400, description: 'The `next` of the page before' })),
      ...filters,
    },
    { additionalProperties: false },
  );

/** RFC 9457. `fix` says what to do; `param` names the field that is meant. */
export const ProblemAnswer = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.String(),
  code: Type.String(),
  request_id: Type.String(),
  param: Type.Optional(Type.String()),
  fix: Type.Optional(Type.String()),
});
export type ProblemAnswer = Static<typeof ProblemAnswer>;

export const Named = (kind: IdKind) => Type.Object({ id: Id(kind), name: Type.String() });

/** Something that happened, in the words of the trade. */
export const Fact = Type.Object({
  id: Id('fact'),
  type: Type.String({ examples: ['order.routed'] }),
  at: Instant,
  actor: Type.String({ description: 'person, key, step, supplier, channel or shopper, and which one' }),
  actorName: Type.String({ description: 'The same for people' }),
  subject: Type.Object({ kind: Type.String(), id: Type.String() }),
  order: Maybe(Type.Object({ id: Id('order'), number: Type.String() })),
  data: Type.Record(Type.String(), Type.Unknown()),
});
export type Fact = Static<typeof Fact>;

/** What an action did, or with `dry_run=true` would do. */
export const Done = Type.Object({
  dryRun: Type.Boolean(),
  said: Type.String({ description: 'What was done, in a sentence' }),
  id: Type.Optional(Type.String({ description: 'Of what was made, when something was' })),
  facts: Type.Array(Type.Object({ type: Type.String(), data: Type.Record(Type.String(), Type.Unknown()) })),
  more: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
});
export type Done = Static<typeof Done>;

/** Many at once: each succeeds or fails for itself. */
export const BulkDone = Type.Object({
  dryRun: Type.Boolean(),
  done: Type.Integer(),
  failed: Type.Integer(),
  results: Type.Array(
    Type.Object({
      id: Type.String(),
      said: Type.String(),
      problem: Maybe(Type.Object({ code: Type.String(), detail: Type.String(), fix: Type.Optional(Type.String()) })),
    }),
  ),
});
export type BulkDone = Static<typeof BulkDone>;
