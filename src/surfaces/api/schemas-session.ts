import { type Static, Type } from 'typebox';
import { Id, Instant, Maybe, Text } from './schemas.ts';

/** Who is there, by which key, and in the demo: what time it is. */

export const Me = Type.Object({
  tenant: Type.Object({
    id: Id('tenant'),
    name: Type.String(),
    mode: Type.Enum(['demo', 'test', 'live']),
    brand: Type.Record(Type.String(), Type.Unknown()),
  }),
  person: Maybe(
    Type.Object({
      id: Id('user'),
      name: Type.String(),
      email: Type.String(),
      role: Type.Enum(['owner', 'admin', 'operations', 'read-only']),
    }),
  ),
  rights: Type.Array(Type.String(), { description: 'Such as orders:write' }),
  now: Instant,
});
export type Me = Static<typeof Me>;

export const SignIn = Type.Object({ token: Type.String({ minLength: 20, maxLength: 200 }) }, { additionalProperties: false });

export const KeyRow = Type.Object({
  id: Id('key'),
  name: Type.String(),
  shown: Type.String({ description: 'Its prefix and last four letters' }),
  scopes: Type.Array(Type.String()),
  createdAt: Instant,
  expiresAt: Maybe(Instant),
  lastUsedAt: Maybe(Instant),
});
export type KeyRow = Static<typeof KeyRow>;
export const KeyNew = Type.Object(
  {
    name: Text(100, { minLength: 1 }),
    scopes: Type.Array(Type.String({ pattern: '^[a-z]+:(read|write)$' }), { minItems: 1, maxItems: 40 }),
    expiresInDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 730 })),
  },
  { additionalProperties: false },
);
export const KeyMade = Type.Object({ ...KeyRow.properties, key: Type.String({ description: 'Shown this once' }) });
export type KeyMade = Static<typeof KeyMade>;

export const breaks = [
  'supplier_silent',
  'feed_costs_double',
  'feed_half',
  'parcel_lost',
  'webhooks_fail',
  'duplicate_answers',
  'fraud_burst',
  'supplier_timeouts',
] as const;
export const DemoState = Type.Object({
  now: Instant,
  running: Maybe(Type.Object({ minutesPerSecond: Type.Number() })),
  broken: Type.Array(Type.String(), { description: 'What is broken at the moment' }),
});
export type DemoState = Static<typeof DemoState>;
export const DemoAdvance = Type.Object({ minutes: Type.Number({ exclusiveMinimum: 0, maximum: 10_080 }) }, { additionalProperties: false });
export const DemoRun = Type.Object(
  { minutesPerSecond: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 240 })), stop: Type.Optional(Type.Boolean()) },
  { additionalProperties: false, minProperties: 1 },
);
export const DemoBreak = Type.Object({ what: Type.Enum([...breaks]) }, { additionalProperties: false });
