import { type Static, Type } from 'typebox';
import { AvailabilityPolicyShape } from '#modules/catalog';
import { Id, Instant, Maybe, Money, Named, Text } from './schemas.ts';

const closed = { additionalProperties: false } as const;

/** How a figure came about: each offer, what they come to together, what was taken away, and what is left. */
const Stock = Type.Object({
  offers: Type.Array(
    Type.Object({
      supplier: Type.String({ description: 'Its code' }),
      sku: Type.String(),
      stock: Type.Integer({ description: 'As the supplier says' }),
      promised: Type.Integer(),
      buffer: Type.Integer({ description: 'Kept back, by its feed and by the policy' }),
      share: Type.Integer({ description: 'Per cent of it that is believed' }),
      left: Type.Integer(),
      why: Type.Enum(['', 'paused', 'held', 'vanished', 'pack', 'stale', 'old', 'none']),
    }),
  ),
  combine: Type.Enum(['best', 'sum', 'preferred']),
  combined: Type.Integer(),
  waiting: Type.Integer({ description: 'Units of orders that have no supplier yet' }),
  capped: Type.Integer(),
  left: Type.Integer(),
});

const Shown = Type.Object({ quantity: Maybe(Type.Integer()), price: Maybe(Money), compareAt: Maybe(Money) });

export const ListingRow = Type.Object({
  id: Type.String({ description: 'Of its store and SKU: they name it' }),
  channel: Named('channel'),
  sku: Type.String(),
  variant: Type.Object({ id: Id('variant'), sku: Type.String(), title: Type.String() }),
  state: Type.Enum(['agreed', 'stale', 'on_its_way', 'refused', 'uncounted', 'untold'], {
    description: 'untold: the store takes files and cannot be told',
  }),
  wanted: Type.Object({ ...Shown.properties, at: Maybe(Instant) }),
  told: Type.Object({ ...Shown.properties, at: Maybe(Instant) }),
  staleSince: Maybe(Instant),
  trouble: Type.String({ description: 'Why the store did not take it' }),
  seenAt: Maybe(Instant),
  said: Type.String({ description: 'Why this many, in a sentence' }),
  stock: Maybe(Stock),
});
export type ListingRow = Static<typeof ListingRow>;

export const ShelfRow = Type.Object({
  channel: Named('channel'),
  code: Type.String(),
  canBeTold: Type.Boolean(),
  listings: Type.Integer(),
  inStock: Type.Integer(),
  stale: Type.Integer({ description: 'Not told yet what they should show' }),
  oldestStale: Maybe(Instant),
  onTheirWay: Type.Integer(),
  refused: Type.Integer(),
  toldLast: Maybe(Instant),
  readAt: Maybe(Instant),
  readsNext: Maybe(Instant),
  read: Type.Object({
    seen: Type.Integer(),
    drifted: Type.Integer({ description: 'Showed another figure than they had been told' }),
    unknown: Type.Integer({ description: 'Are not listed here' }),
  }),
  trouble: Type.String(),
});
export type ShelfRow = Static<typeof ShelfRow>;

export const AvailabilityShown = Type.Object({
  version: Type.Integer({ description: '0: nobody has changed it yet' }),
  policy: AvailabilityPolicyShape,
  changedAt: Maybe(Instant),
  changedBy: Type.String(),
});
export type AvailabilityShown = Static<typeof AvailabilityShown>;

export const AvailabilityGiven = Type.Object({ policy: AvailabilityPolicyShape }, closed);
export const ListingLinked = Type.Object({ channel: Text(60), sku: Text(200, { minLength: 1 }), variant: Text(60) }, closed);
export const OfChannel = Type.Object({ channel: Text(60) }, closed);
