import { type Static, Type } from 'typebox';
import { Fact, Id, Instant, Maybe, Money, Named } from './schemas.ts';

/** What orders are made of and waited for: purchase orders, parcels, exceptions, messages. */

export const Address = Type.Object({
  name: Type.String(),
  company: Type.String(),
  line1: Type.String(),
  line2: Type.String(),
  city: Type.String(),
  region: Type.String(),
  postcode: Type.String(),
  country: Type.String(),
  phone: Type.String(),
});
export type Address = Static<typeof Address>;

export const PurchaseRow = Type.Object({
  id: Id('purchase'),
  number: Type.String(),
  supplier: Named('supplier'),
  order: Type.Object({ id: Id('order'), number: Type.String() }),
  transmission: Type.Enum(['queued', 'sending', 'sent', 'unknown', 'failed', 'acknowledged', 'closed', 'cancelled']),
  response: Type.String(),
  fulfilment: Type.String(),
  transport: Type.String(),
  cost: Money,
  lines: Type.Integer(),
  units: Type.Integer(),
  reference: Type.String({ description: "The supplier's own number for it" }),
  createdAt: Instant,
  sentAt: Maybe(Instant),
  acknowledgedAt: Maybe(Instant),
  ackDueAt: Maybe(Instant),
  shipDueAt: Maybe(Instant),
  reminded: Type.Integer(),
});
export type PurchaseRow = Static<typeof PurchaseRow>;

export const PurchaseLine = Type.Object({
  id: Id('purchaseLine'),
  position: Type.Integer(),
  supplierSku: Type.String(),
  title: Type.String(),
  quantity: Type.Integer(),
  cost: Money,
  response: Maybe(Type.Enum(['accepted', 'short', 'backordered', 'substituted', 'repriced', 'rejected'])),
  accepted: Type.Integer(),
  refused: Type.Integer(),
  shipped: Type.Integer(),
  expectedAt: Maybe(Instant),
  reason: Type.String(),
  answeredAt: Maybe(Instant),
});

/** The very documents that went out and came back; the bytes are at `/v1/purchases/{id}/documents/{document}`. */
export const DocumentRow = Type.Object({
  id: Type.String({ pattern: '^doc_[0-9a-z]{26}$' }),
  purchase: Id('purchase'),
  direction: Type.Enum(['out', 'in']),
  kind: Type.String(),
  name: Type.String(),
  type: Type.String(),
  bytes: Type.Integer(),
  at: Instant,
});
export type DocumentRow = Static<typeof DocumentRow>;

/** One try to say something to the outside, under its key. */
export const Attempt = Type.Object({
  key: Type.String(),
  step: Type.String(),
  attempt: Type.Integer(),
  state: Type.Enum(['sending', 'waiting', 'unknown', 'refused', 'done']),
  intendedAt: Instant,
  settledAt: Maybe(Instant),
  fault: Maybe(Type.Object({ kind: Type.String(), code: Type.String(), message: Type.String() })),
});

export const ChangeRow = Type.Object({
  id: Id('change'),
  kind: Type.String(),
  state: Type.String(),
  why: Type.String(),
  createdAt: Instant,
  answeredAt: Maybe(Instant),
});

export const PurchaseDetail = Type.Object({
  ...PurchaseRow.properties,
  service: Type.String(),
  shipTo: Address,
  items: Type.Array(PurchaseLine),
  documents: Type.Array(DocumentRow),
  answers: Type.Array(DocumentRow, { description: 'Those documents that came in' }),
  changes: Type.Array(ChangeRow),
  attempts: Type.Array(Attempt),
  parcels: Type.Array(Type.Object({ id: Id('parcel'), carrier: Type.String(), number: Type.String(), milestone: Type.String() })),
  timeline: Type.Array(Fact),
});
export type PurchaseDetail = Static<typeof PurchaseDetail>;

export const ParcelRow = Type.Object({
  id: Id('parcel'),
  carrier: Type.String(),
  carrierName: Type.String({ description: 'As the carrier writes its own name' }),
  number: Type.String(),
  milestone: Type.String(),
  delayed: Type.Boolean(),
  order: Type.Object({ id: Id('order'), number: Type.String() }),
  purchase: Type.Object({ id: Id('purchase'), number: Type.String() }),
  supplier: Named('supplier'),
  country: Type.String(),
  units: Type.Integer(),
  labelAt: Instant,
  firstScanAt: Maybe(Instant),
  lastEventAt: Maybe(Instant),
  lastPlace: Type.String(),
  lastText: Type.String(),
  deliveredAt: Maybe(Instant),
  expectedAt: Maybe(Instant),
});
export type ParcelRow = Static<typeof ParcelRow>;

export const ParcelDetail = Type.Object({
  ...ParcelRow.properties,
  events: Type.Array(
    Type.Object({
      at: Instant,
      milestone: Type.String(),
      place: Type.String(),
      text: Type.String(),
      source: Type.String(),
      setAside: Type.String({ description: 'Why it is not believed; empty when it is' }),
    }),
  ),
});
export type ParcelDetail = Static<typeof ParcelDetail>;

export const Fix = Type.Object({
  action: Type.String(),
  label: Type.String(),
  effect: Type.String(),
  input: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
});

export const ExceptionRow = Type.Object({
  id: Id('exception'),
  kind: Type.String(),
  cause: Type.String({ description: 'What groups it with others of the same root' }),
  title: Type.String(),
  detail: Type.String(),
  subject: Type.Object({ kind: Type.String(), id: Type.String() }),
  order: Maybe(Type.Object({ id: Id('order'), number: Type.String() })),
  supplier: Maybe(Named('supplier')),
  channel: Maybe(Named('channel')),
  evidence: Type.Record(Type.String(), Type.Unknown()),
  fixes: Type.Array(Fix, { description: 'The first is recommended' }),
  money: Money,
  state: Type.Enum(['open', 'snoozed', 'resolved']),
  openedAt: Instant,
  dueAt: Maybe(Instant),
  times: Type.Integer(),
  resolvedAt: Maybe(Instant),
  resolvedBy: Type.String(),
  resolution: Type.String(),
});
export type ExceptionRow = Static<typeof ExceptionRow>;

export const ExceptionGroup = Type.Object({
  cause: Type.String(),
  kind: Type.String(),
  title: Type.String(),
  count: Type.Integer(),
  money: Type.Array(Money, { description: 'One per currency' }),
  oldestAt: Instant,
  dueAt: Maybe(Instant),
  supplier: Maybe(Named('supplier')),
  channel: Maybe(Named('channel')),
  fixes: Type.Array(Fix),
  items: Type.Array(ExceptionRow, { description: 'The oldest ten' }),
});
export type ExceptionGroup = Static<typeof ExceptionGroup>;

export const MessageRow = Type.Object({
  id: Id('message'),
  meaning: Type.String(),
  channel: Type.String(),
  address: Type.String(),
  state: Type.Enum(['queued', 'sending', 'sent', 'unknown', 'suppressed', 'failed']),
  subject: Type.String(),
  text: Type.String(),
  whyNot: Type.String(),
  createdAt: Instant,
  sentAt: Maybe(Instant),
});
export type MessageRow = Static<typeof MessageRow>;
