import { type Static, Type } from 'typebox';
import { Fact, Id, Instant, Maybe, Money, Named } from './schemas.ts';
import { Address, DocumentRow, ExceptionRow, MessageRow, ParcelDetail, PurchaseRow } from './schemas-parts.ts';

export const OrderRow = Type.Object({
  id: Id('order'),
  number: Type.String(),
  channel: Named('channel'),
  status: Type.String({ description: 'Computed from its parts; the words are those of the status table' }),
  placedAt: Instant,
  customer: Type.String(),
  country: Type.String(),
  total: Money,
  margin: Maybe(Money),
  lines: Type.Integer(),
  units: Type.Integer(),
  suppliers: Type.Array(Named('supplier')),
  clock: Maybe(Type.Object({ dueAt: Instant, what: Type.Enum(['place', 'acknowledge', 'ship', 'deliver', 'look']) })),
  holds: Type.Array(Type.String()),
  exceptions: Type.Integer({ description: 'Open ones' }),
  test: Type.Boolean(),
  tags: Type.Array(Type.String()),
});
export type OrderRow = Static<typeof OrderRow>;

export const Allocation = Type.Object({
  supplier: Named('supplier'),
  offer: Type.Object({ id: Id('offer'), supplierSku: Type.String() }),
  quantity: Type.Integer(),
  cost: Money,
  state: Type.Enum(['live', 'reflected', 'released']),
  purchase: Maybe(Type.Object({ id: Id('purchase'), number: Type.String() })),
  response: Maybe(Type.String()),
  expectedAt: Maybe(Instant),
  shipped: Type.Integer(),
});

export const OrderLine = Type.Object({
  id: Id('line'),
  position: Type.Integer(),
  sku: Type.String(),
  title: Type.String(),
  kind: Type.Enum(['goods', 'service']),
  variant: Maybe(Id('variant')),
  quantity: Type.Integer(),
  cancelled: Type.Integer(),
  price: Money,
  discount: Money,
  tax: Money,
  allocations: Type.Array(Allocation),
  parcels: Type.Array(
    Type.Object({ id: Id('parcel'), carrier: Type.String(), number: Type.String(), milestone: Type.String(), quantity: Type.Integer() }),
  ),
});
export type OrderLine = Static<typeof OrderLine>;

/** Why a line went where it went: candidates, gates, numbers and their age, as they were then. */
export const Candidate = Type.Object({
  supplier: Named('supplier'),
  offer: Type.String(),
  sku: Type.String({ description: "The supplier's" }),
  gates: Type.Array(Type.Object({ gate: Type.String(), passed: Type.Boolean(), why: Type.String() })),
  numbers: Type.Record(Type.String(), Type.Unknown()),
  score: Maybe(Type.Number({ description: 'The lower, the better; null when a gate stopped it' })),
  rank: Maybe(Type.Integer({ description: 'Among those that passed, 1 is the best' })),
  given: Type.Integer({ description: 'Units that it was given' }),
});
export const Decision = Type.Object({
  id: Id('decision'),
  attempt: Type.Integer(),
  policyVersion: Type.Integer(),
  at: Instant,
  outcome: Type.Enum(['routed', 'held']),
  lines: Type.Array(
    Type.Object({
      line: Type.String(),
      sku: Type.String(),
      sentence: Type.String(),
      quantity: Type.Integer(),
      objective: Type.String(),
      chosen: Type.Array(Type.Object({ supplier: Named('supplier'), units: Type.Integer() })),
      candidates: Type.Array(Candidate),
    }),
  ),
});
export type Decision = Static<typeof Decision>;

export const Hold = Type.Object({
  reason: Type.String(),
  detail: Type.String(),
  placedAt: Instant,
  actor: Type.String(),
  releasedAt: Maybe(Instant),
  releasedBy: Type.String(),
});

export const OrderDetail = Type.Object({
  ...OrderRow.properties,
  externalId: Type.String(),
  state: Type.String(),
  receivedAt: Instant,
  changedAt: Instant,
  payment: Type.String(),
  email: Type.String(),
  phone: Type.String(),
  shipTo: Address,
  service: Type.String(),
  note: Type.String(),
  promisedAt: Maybe(Instant),
  cancelAskedAt: Maybe(Instant),
  routedTimes: Type.Integer(),
  items: Type.Array(OrderLine, { description: 'Its lines, each with who delivers it' }),
  holdHistory: Type.Array(Hold),
  decisions: Type.Array(Decision),
  purchases: Type.Array(PurchaseRow),
  documents: Type.Array(DocumentRow),
  parcels: Type.Array(ParcelDetail),
  openExceptions: Type.Array(ExceptionRow),
  money: Type.Object({
    subtotal: Money,
    discount: Money,
    shipping: Money,
    tax: Money,
    total: Money,
    cost: Maybe(Money),
    margin: Maybe(Money),
    costs: Type.Array(Money, { description: 'One per currency; `cost` is null when there is more than one or it differs from the sale' }),
  }),
  timeline: Type.Array(Fact),
  messages: Type.Array(MessageRow),
  trackingUrl: Maybe(Type.String()),
});
export type OrderDetail = Static<typeof OrderDetail>;
