import Type, { type Static } from 'typebox';
import { Value } from 'typebox/value';
import { problem } from '#kernel/problem';

const closed = { additionalProperties: false } as const;
const hours = Type.Union([Type.Null(), Type.Integer({ minimum: 1, maximum: 8_760 })]);
const cap = Type.Union([Type.Null(), Type.Integer({ minimum: 0, maximum: 1_000_000 })]);
const Code = Type.String({ minLength: 1, maxLength: 40 });

const BufferShape = Type.Union(
  [
    Type.Object({ kind: Type.Literal('fixed'), units: Type.Integer({ minimum: 0, maximum: 100_000 }) }, closed),
    Type.Object({ kind: Type.Literal('percent'), percent: Type.Integer({ minimum: 0, maximum: 100 }) }, closed),
    Type.Object({ kind: Type.Literal('learned') }, closed),
  ],
  { description: 'Kept back of an offer: so many units, a share in per cent, or what the record of falling short asks for' },
);
export type Buffer = Static<typeof BufferShape>;

/** How stock becomes the figure that a store shows, as a person saves it. */
export const AvailabilityPolicyShape = Type.Object(
  {
    combine: Type.Enum(['best', 'sum', 'preferred'], {
      description:
        'best: the offer that has most, as one supplier should be able to send it all; sum: all together; preferred: the first by rank that has any',
    }),
    buffer: BufferShape,
    cap: Type.Union(cap.anyOf, { description: 'No store says more than this; null: as much as there is' }),
    wholeHours: Type.Union(hours.anyOf, { description: 'So long a figure is believed whole; then by half. Null: for ever' }),
    noneHours: Type.Union(hours.anyOf, { description: 'From this age on, none of it is. Null: never' }),
    suppliers: Type.Record(Code, Type.Object({ buffer: BufferShape }, closed), { maxProperties: 1_000 }),
    channels: Type.Record(
      Code,
      Type.Object({ cap: Type.Optional(cap), share: Type.Optional(Type.Integer({ minimum: 0, maximum: 100 })) }, closed),
      {
        maxProperties: 500,
      },
    ),
  },
  closed,
);
export type AvailabilityPolicy = Static<typeof AvailabilityPolicyShape>;

export const defaultAvailabilityPolicy: AvailabilityPolicy = {
  combine: 'best',
  buffer: { kind: 'fixed', units: 0 },
  cap: null,
  wholeHours: 48,
  noneHours: 168,
  suppliers: {},
  channels: {},
};

/** Throws a problem that names the field. */
export function checkAvailabilityPolicy(policy: unknown): AvailabilityPolicy {
  const [error] = Value.Errors(AvailabilityPolicyShape, policy);
  if (error) {
    const field = error.instancePath.replace(/^\//, '').replaceAll('/', '.') || 'policy';
    throw problem('invalid-field', `${field} ${error.message}.`, { param: field });
  }
  const { wholeHours, noneHours } = policy as AvailabilityPolicy;
  if (wholeHours !== null && noneHours !== null && noneHours < wholeHours)
    throw problem('invalid-field', 'A figure cannot be worth nothing before it is worth half.', {
      param: 'noneHours',
      fix: `Give ${wholeHours} hours or more.`,
    });
  return policy as AvailabilityPolicy;
}
