import { type Static, Type } from 'typebox';
import { Id, Instant, Maybe, Money, Named, Text } from './schemas.ts';
import { PurchaseRow } from './schemas-parts.ts';
import { ArrivalRow, FeedRunRow } from './schemas-work.ts';

/** Those we deal with and what they have: suppliers, channels, offers, variants, the routing policy. */

export const SupplierRow = Type.Object({
  id: Id('supplier'),
  code: Type.String(),
  name: Type.String(),
  state: Type.Enum(['prospect', 'sampling', 'onboarding', 'pilot', 'live', 'watch', 'paused', 'ended']),
  pausedReason: Type.String(),
  country: Type.String(),
  currency: Type.String(),
  transport: Type.Enum(['file', 'email', 'rest']),
  rank: Type.Integer(),
  reliability: Type.Number(),
  openPurchases: Type.Integer(),
  late: Type.Integer({ description: 'Open purchase orders past their ship-by' }),
  unacknowledged: Type.Integer(),
  exceptions: Type.Integer(),
  offers: Type.Integer(),
  lastFeedAt: Maybe(Instant),
  polledAt: Maybe(Instant),
});
export type SupplierRow = Static<typeof SupplierRow>;

export const SupplierNumbers = Type.Object({
  days: Type.Integer({ description: 'Looked at' }),
  purchases: Type.Integer(),
  acceptance: Maybe(Type.Number({ description: 'Accepted units of answered units' })),
  acknowledgedInTime: Maybe(Type.Number()),
  shippedInTime: Maybe(Type.Number()),
  hoursToAcknowledge: Maybe(Type.Number({ description: 'Median' })),
  hoursToShip: Maybe(Type.Number({ description: 'Median' })),
  cost: Money,
});

export const SupplierDetail = Type.Object({
  ...SupplierRow.properties,
  timeZone: Type.String(),
  shipsTo: Type.Array(Type.String()),
  handlingDays: Type.Integer(),
  transitDays: Type.Record(Type.String(), Type.Unknown()),
  ackHours: Type.Integer(),
  shipHours: Type.Integer(),
  orderFee: Money,
  shippingCost: Type.Record(Type.String(), Type.Unknown()),
  contactEmail: Type.String(),
  settings: Type.Record(Type.String(), Type.Unknown(), { description: 'Of its transport, without secrets' }),
  health: Type.Object({ tone: Type.Enum(['ok', 'risk', 'crit', 'neutral']), sentence: Type.String() }),
  numbers: SupplierNumbers,
  feedRuns: Type.Array(FeedRunRow),
  purchases: Type.Array(PurchaseRow, { description: 'The open ones, the oldest twenty' }),
});
export type SupplierDetail = Static<typeof SupplierDetail>;

export const SupplierChange = Type.Object(
  {
    name: Type.Optional(Text(200, { minLength: 1 })),
    rank: Type.Optional(Type.Integer({ minimum: 0, maximum: 1000 })),
    state: Type.Optional(Type.Enum(['prospect', 'sampling', 'onboarding', 'pilot', 'live', 'watch', 'ended'])),
    shipsTo: Type.Optional(Type.Array(Text(20), { maxItems: 300 })),
    handlingDays: Type.Optional(Type.Integer({ minimum: 0, maximum: 120 })),
    ackHours: Type.Optional(Type.Integer({ minimum: 1, maximum: 720 })),
    shipHours: Type.Optional(Type.Integer({ minimum: 1, maximum: 2400 })),
    contactEmail: Type.Optional(Text(254)),
    timeZone: Type.Optional(Text(60)),
  },
  { additionalProperties: false, minProperties: 1 },
);

export const ChannelRow = Type.Object({
  id: Id('channel'),
  code: Type.String(),
  name: Type.String(),
  kind: Type.String({ description: 'csv, or a kind of store that can be connected' }),
  state: Type.Enum(['connected', 'paused', 'failing']),
  currency: Type.String(),
  trouble: Type.String(),
  health: Type.Object({ tone: Type.Enum(['ok', 'risk', 'crit', 'neutral']), sentence: Type.String() }),
  polledAt: Maybe(Instant),
  lastOrderAt: Maybe(Instant),
  ordersToday: Type.Integer(),
  backlog: Type.Integer({ description: 'Arrivals that are not read yet' }),
  refused: Type.Integer({ description: 'Arrivals of the last 24 hours that could not be read' }),
});
export type ChannelRow = Static<typeof ChannelRow>;

export const ChannelDetail = Type.Object({
  ...ChannelRow.properties,
  settings: Type.Record(Type.String(), Type.Unknown(), { description: 'Without secrets' }),
  createdAt: Instant,
  arrivals: Type.Array(ArrivalRow, { description: 'The newest twenty' }),
  reports: Type.Object({ waiting: Type.Integer(), failed: Type.Integer() }),
  listening: Type.Union([
    Type.Null(),
    Type.Object({
      topics: Type.Array(Type.String(), { description: 'What its webhooks tell us of; empty: it is polled only' }),
      heardAt: Maybe(Instant),
      armedAt: Maybe(Instant),
      mended: Type.Integer({ description: 'Webhooks that had to be made or switched on again since it was connected' }),
      trouble: Type.String(),
      missed: Type.Integer({ description: 'Orders of the last seven days that the poll found and no webhook had told of' }),
      heard: Type.Integer({ description: 'Orders of the last seven days that webhooks told of' }),
    }),
  ]),
});
export type ChannelDetail = Static<typeof ChannelDetail>;

const StoreFields = Type.Record(Type.String({ pattern: '^[A-Za-z]{1,40}$' }), Text(4000), {
  maxProperties: 20,
  description: 'What its kind asks for; secrets are kept sealed and never shown again',
});

export const StoreKindRow = Type.Object({
  kind: Type.String(),
  name: Type.String(),
  fields: Type.Array(
    Type.Object({
      name: Type.String(),
      label: Type.String(),
      kind: Type.Enum(['text', 'url', 'secret']),
      required: Type.Boolean(),
      hint: Type.String(),
      placeholder: Type.String(),
    }),
  ),
  steps: Type.Array(Type.String(), { description: 'How a person gets what the fields ask for' }),
  scopes: Type.Array(Type.Object({ name: Type.String(), why: Type.String() })),
  cannot: Type.Array(Type.Object({ what: Type.String(), why: Type.String() })),
  hears: Type.Boolean({ description: 'Whether it tells of orders by webhook; all are polled' }),
});
export type StoreKindRow = Static<typeof StoreKindRow>;

export const StoreProbe = Type.Object(
  {
    kind: Type.String({ pattern: '^[a-z0-9-]{2,40}$' }),
    currency: Type.Optional(Type.String({ pattern: '^[A-Z]{3}$' })),
    fields: StoreFields,
  },
  { additionalProperties: false },
);
export const StoreLook = Type.Object({
  name: Type.String({ description: 'What the store calls itself' }),
  currency: Type.String(),
  zone: Type.String(),
  words: Type.Array(Type.String(), { description: 'What was found, in sentences' }),
  troubles: Type.Array(Type.String(), { description: 'What is missing or wrong, and what to do; empty: it can be connected' }),
});
export type StoreLook = Static<typeof StoreLook>;

export const ChannelNew = Type.Object(
  {
    code: Type.String({ pattern: '^[A-Za-z0-9_-]{1,40}$' }),
    name: Text(200, { minLength: 1 }),
    kind: Type.String({ pattern: '^[a-z0-9-]{2,40}$', description: 'csv, or one of GET /store-kinds' }),
    currency: Type.String({ pattern: '^[A-Z]{3}$' }),
    fields: Type.Optional(StoreFields),
    since: Type.Optional(Type.String({ format: 'date-time', description: 'Orders changed since then are read; left out, all there are' })),
    actFrom: Type.Optional(
      Type.String({
        format: 'date-time',
        description: 'Orders placed before are held where they are not shipped, instead of being ordered; left out, all are acted upon',
      }),
    ),
  },
  { additionalProperties: false },
);
export const ChannelChange = Type.Object(
  {
    name: Type.Optional(Text(200, { minLength: 1 })),
    state: Type.Optional(Type.Enum(['connected', 'paused'])),
    fields: Type.Optional(StoreFields),
    actFrom: Type.Optional(Type.String({ format: 'date-time' })),
  },
  { additionalProperties: false, minProperties: 1 },
);

export const OfferRow = Type.Object({
  id: Id('offer'),
  supplier: Named('supplier'),
  supplierSku: Type.String(),
  title: Type.String(),
  brand: Type.String(),
  gtin: Maybe(Type.String()),
  cost: Maybe(Money),
  quantity: Type.Integer(),
  buffer: Type.Integer(),
  reserved: Type.Integer(),
  sellable: Type.Integer(),
  packSize: Type.Integer(),
  leadDays: Maybe(Type.Integer()),
  state: Type.Enum(['live', 'held', 'vanished']),
  observedAt: Instant,
  changedAt: Instant,
  variants: Type.Array(Type.Object({ id: Id('variant'), sku: Type.String(), match: Type.String() })),
});
export type OfferRow = Static<typeof OfferRow>;

export const VariantRow = Type.Object({
  id: Id('variant'),
  sku: Type.String(),
  title: Type.String(),
  brand: Type.String(),
  gtin: Maybe(Type.String()),
  price: Maybe(Money),
  offers: Type.Integer({ description: 'Confirmed ones' }),
  sellable: Type.Integer(),
  bestCost: Maybe(Money),
  listings: Type.Integer(),
});
export type VariantRow = Static<typeof VariantRow>;

export const PolicyRow = Type.Object({
  id: Id('policy'),
  version: Type.Integer(),
  state: Type.Enum(['draft', 'live', 'retired']),
  rules: Type.Unknown(),
  note: Type.String(),
  createdAt: Instant,
  publishedAt: Maybe(Instant),
});
export const Policies = Type.Object({ live: Maybe(PolicyRow), draft: Maybe(PolicyRow), history: Type.Array(PolicyRow) });
export type Policies = Static<typeof Policies>;
export const PolicyDraft = Type.Object({ rules: Type.Unknown(), note: Type.Optional(Text(1000)) }, { additionalProperties: false });
