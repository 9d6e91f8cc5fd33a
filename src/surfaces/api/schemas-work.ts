import { type Static, Type } from 'typebox';
import { Fact, Id, Instant, Maybe, Money, Named } from './schemas.ts';

/** Screens that look across: home, what arrived, search, long runs. */

export const Measure = Type.Object({
  name: Type.Enum(['fill_rate', 'order_to_ship', 'on_time_ship', 'acknowledged_in_time', 'delivered_in_time', 'gross_margin']),
  value: Maybe(Type.Number({ description: 'null while there is nothing to measure' })),
  unit: Type.Enum(['share', 'hours']),
  previous: Maybe(Type.Number({ description: 'The 28 days before' })),
  better: Type.Enum(['up', 'down']),
  n: Type.Integer({ description: 'How many it rests on' }),
  spark: Type.Array(Maybe(Type.Number()), { description: 'One per day for 28 days, the last is today' }),
});
export type Measure = Static<typeof Measure>;

export const Home = Type.Object({
  asOf: Instant,
  now: Type.Object({
    ordersToday: Type.Integer(),
    ordersTodayMoney: Type.Array(Money),
    ordersSpark: Type.Array(Type.Integer()),
    needsYou: Type.Object({ count: Type.Integer(), money: Type.Array(Money), oldestAt: Maybe(Instant) }),
    dueToShip: Type.Object({ count: Type.Integer(), late: Type.Integer() }),
    unconfirmed: Type.Integer({ description: 'Purchase orders sent and not acknowledged' }),
    doubtful: Type.Integer({ description: 'Purchase orders of which nobody knows whether they arrived' }),
    staleFeeds: Type.Integer(),
    underway: Type.Integer({ description: 'Parcels on their way' }),
    measures: Type.Array(Measure),
  }),
  statuses: Type.Array(Type.Object({ status: Type.String(), count: Type.Integer() })),
  moving: Type.Array(Fact),
  waiting: Type.Array(
    Type.Object({
      cause: Type.String(),
      kind: Type.String(),
      title: Type.String(),
      count: Type.Integer(),
      money: Type.Array(Money),
      oldestAt: Instant,
    }),
  ),
  readiness: Type.Object({
    ready: Type.Boolean(),
    missing: Type.Array(Type.Object({ what: Type.String(), say: Type.String(), fix: Type.String() }), {
      description: 'The most blocking first',
    }),
  }),
});
export type Home = Static<typeof Home>;

export const ArrivalRow = Type.Object({
  id: Id('arrival'),
  kind: Type.String(),
  source: Type.Object({ kind: Type.String(), id: Type.String(), name: Type.String() }),
  object: Type.String(),
  name: Type.String(),
  state: Type.Enum(['received', 'read', 'refused']),
  receivedAt: Instant,
  note: Type.String(),
  again: Type.Integer(),
  bytes: Type.Integer(),
});
export type ArrivalRow = Static<typeof ArrivalRow>;

export const ArrivalDetail = Type.Object({
  ...ArrivalRow.properties,
  headers: Type.Record(Type.String(), Type.String()),
  body: Type.String({ description: 'As text, with addresses and names masked for those who may not see them; cut at 256 KB' }),
  isText: Type.Boolean(),
  cut: Type.Boolean(),
  lastAt: Instant,
});
export type ArrivalDetail = Static<typeof ArrivalDetail>;

export const SearchHit = Type.Object({
  kind: Type.Enum(['order', 'purchase', 'parcel', 'supplier', 'variant', 'offer']),
  id: Type.String(),
  title: Type.String(),
  detail: Type.String(),
  at: Maybe(Instant),
  order: Maybe(Id('order')),
});
export const SearchAnswer = Type.Object({ data: Type.Array(SearchHit) });
export type SearchAnswer = Static<typeof SearchAnswer>;

export const RunDetail = Type.Object({
  id: Id('run'),
  kind: Type.String(),
  subject: Type.String(),
  state: Type.Enum(['waiting', 'running', 'done', 'failed', 'cancelled']),
  done: Type.String({ description: 'How many so far' }),
  total: Maybe(Type.String()),
  summary: Type.Record(Type.String(), Type.Unknown()),
  problem: Type.String(),
  createdAt: Instant,
  endedAt: Maybe(Instant),
});
export type RunDetail = Static<typeof RunDetail>;

export const FeedRunRow = Type.Object({
  id: Id('run'),
  supplier: Named('supplier'),
  name: Type.String(),
  state: Type.Enum(['running', 'applied', 'held', 'failed', 'cancelled']),
  rows: Type.Object({
    read: Type.Integer(),
    new: Type.Integer(),
    changed: Type.Integer(),
    same: Type.Integer(),
    refused: Type.Integer(),
    gone: Type.Integer(),
  }),
  why: Type.String(),
  refused: Type.Array(Type.Unknown(), { description: 'The first of them, each with its line and reason' }),
  observedAt: Instant,
  startedAt: Instant,
  endedAt: Maybe(Instant),
});
export type FeedRunRow = Static<typeof FeedRunRow>;
