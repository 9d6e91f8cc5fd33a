import { type IdKind, showId } from '#kernel/id';
import { carrierName } from '#kernel/carriers';
import type { Instant } from '#kernel/time';
import type {
  AttemptRow,
  ChangeRow as Change,
  DocumentRow as DocumentSeen,
  EventRow,
  ExceptionListed,
  FactListed,
  GroupRow,
  MessageRow as MessageSeen,
  Page,
  ParcelListed,
  PurchaseLineRow,
  PurchaseListed,
} from '#modules/insight';
import type { Fact, Money } from './schemas.ts';
import type {
  Address,
  DocumentRow,
  ExceptionGroup,
  ExceptionRow,
  MessageRow,
  ParcelDetail,
  ParcelRow,
  PurchaseDetail,
  PurchaseRow,
} from './schemas-parts.ts';

/** From rows to what the API shows: ids with their prefix, money as text and currency, instants in UTC. */

export const at = (instant: Instant): string => instant.toString();
export const maybeAt = (instant: Instant | null): string | null => instant?.toString() ?? null;
export const amount = (minor: bigint | string, currency: string): Money => ({ minor: minor.toString(), currency });
export const named = (kind: IdKind, id: string, name: string) => ({ id: showId(kind, id), name });
export const maybeNamed = (kind: IdKind, id: string | null, name: string | null) => (id === null ? null : named(kind, id, name ?? ''));
export const numbered = (kind: IdKind, id: string, number: string) => ({ id: showId(kind, id), number });

export const pageOf = <R, S>({ rows, next }: Page<R>, show: (row: R) => S) => ({ data: rows.map(show), next });

/** A jsonb that should be an object, as one. */
export const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
export const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
export const text = (value: unknown): string => (typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '');

export function addressOf(value: unknown): Address {
  const given = record(value);
  const part = (name: string): string => text(given[name]);
  return {
    name: part('name'),
    company: part('company'),
    line1: part('line1'),
    line2: part('line2'),
    city: part('city'),
    region: part('region'),
    postcode: part('postcode'),
    country: part('country'),
    phone: part('phone'),
  };
}

/** Facts and exceptions name what they are about by a word; its id is shown with that word's prefix. */
const kinds: Record<string, IdKind> = {
  order: 'order',
  purchase: 'purchase',
  change: 'change',
  parcel: 'parcel',
  shipment: 'shipment',
  supplier: 'supplier',
  channel: 'channel',
  arrival: 'arrival',
  message: 'message',
  person: 'user',
  offer: 'offer',
  variant: 'variant',
  policy: 'policy',
  exception: 'exception',
  feed: 'run',
  run: 'run',
  line: 'line',
};
export const subjectOf = (kind: string, id: string) => ({ kind, id: kinds[kind] ? showId(kinds[kind], id) : id });

/** `person:<uuid>` with the id as it is shown elsewhere. */
export function actorOf(actor: string): string {
  const [kind = '', id = ''] = actor.split(':');
  const idKind = kind === 'key' ? 'key' : kinds[kind];
  return idKind && /^[0-9a-f-]{36}$/.test(id) ? `${kind}:${showId(idKind, id)}` : actor;
}

export const factOf = (row: FactListed): Fact => ({
  id: showId('fact', row.id),
  type: row.type,
  at: at(row.at),
  actor: actorOf(row.actor),
  actorName: row.actor_name,
  subject: subjectOf(row.subject_kind, row.subject_id),
  order: row.order_id === null ? null : numbered('order', row.order_id, row.order_number ?? ''),
  data: record(row.data),
});

export const purchaseOf = (row: PurchaseListed): PurchaseRow => ({
  id: showId('purchase', row.id),
  number: row.number,
  supplier: named('supplier', row.supplier_id, row.supplier_name),
  order: numbered('order', row.order_id, row.order_number),
  transmission: row.transmission,
  response: row.response,
  fulfilment: row.fulfilment,
  transport: row.transport,
  cost: amount(row.cost_minor, row.currency),
  lines: row.lines,
  units: row.units,
  reference: row.reference,
  createdAt: at(row.created_at),
  sentAt: maybeAt(row.sent_at),
  acknowledgedAt: maybeAt(row.acknowledged_at),
  ackDueAt: maybeAt(row.ack_due_at),
  shipDueAt: maybeAt(row.ship_due_at),
  reminded: row.reminded,
});

export const purchaseLineOf = (row: PurchaseLineRow, currency: string): PurchaseDetail['items'][number] => ({
  id: showId('purchaseLine', row.id),
  position: row.position,
  supplierSku: row.supplier_sku,
  title: row.title,
  quantity: row.quantity,
  cost: amount(row.unit_cost_minor, currency),
  response: row.response,
  accepted: row.accepted,
  refused: row.refused,
  shipped: row.shipped,
  expectedAt: maybeAt(row.expected_at),
  reason: row.reason,
  answeredAt: maybeAt(row.answered_at),
});

export const documentOf = (row: DocumentSeen): DocumentRow => ({
  id: showId('document', row.id),
  purchase: showId('purchase', row.purchase_id),
  direction: row.direction,
  kind: row.kind,
  name: row.name,
  type: row.type,
  bytes: row.size,
  at: at(row.at),
});

export const changeOf = (row: Change): PurchaseDetail['changes'][number] => ({
  id: showId('change', row.id),
  kind: row.kind,
  state: row.state,
  why: row.why,
  createdAt: at(row.created_at),
  answeredAt: maybeAt(row.answered_at),
});

export const attemptOf = (row: AttemptRow): PurchaseDetail['attempts'][number] => ({
  key: row.key,
  step: row.step,
  attempt: row.attempt,
  state: row.state,
  intendedAt: at(row.intended_at),
  settledAt: maybeAt(row.settled_at),
  fault: row.fault === null ? null : { kind: text(row.fault.kind), code: text(row.fault.code), message: text(row.fault.message) },
});

export const parcelOf = (row: ParcelListed): ParcelRow => ({
  id: showId('parcel', row.id),
  carrier: row.carrier,
  carrierName: carrierName(row.carrier),
  number: row.number,
  milestone: row.milestone,
  delayed: row.delayed,
  order: numbered('order', row.order_id, row.order_number),
  purchase: numbered('purchase', row.purchase_id, row.purchase_number),
  supplier: named('supplier', row.supplier_id, row.supplier_name),
  country: row.country,
  units: row.units,
  labelAt: at(row.label_at),
  firstScanAt: maybeAt(row.first_scan_at),
  lastEventAt: maybeAt(row.last_event_at),
  lastPlace: row.last_place,
  lastText: row.last_text,
  deliveredAt: maybeAt(row.delivered_at),
  expectedAt: maybeAt(row.expected_at),
});

export const parcelWith = (row: ParcelListed, events: readonly EventRow[]): ParcelDetail => ({
  ...parcelOf(row),
  events: events
    .filter(({ parcel_id }) => parcel_id === row.id)
    .map((event) => ({
      at: at(event.at),
      milestone: event.milestone,
      place: event.place,
      text: event.text,
      source: event.source,
      setAside: event.set_aside,
    })),
});

const fixesOf = (value: unknown): ExceptionRow['fixes'] =>
  list(value)
    .map(record)
    .map((fix) => ({
      action: text(fix['action']),
      label: text(fix['label']),
      effect: text(fix['effect']),
      ...(fix['input'] === undefined ? {} : { input: record(fix['input']) }),
    }));

export const exceptionOf = (row: ExceptionListed): ExceptionRow => ({
  id: showId('exception', row.id),
  kind: row.kind,
  cause: row.cause,
  title: row.title,
  detail: row.detail,
  subject: subjectOf(row.subject_kind, row.subject_id),
  order: row.order_id === null ? null : numbered('order', row.order_id, row.order_number ?? ''),
  supplier: maybeNamed('supplier', row.supplier_id, row.supplier_name),
  channel: maybeNamed('channel', row.channel_id, row.channel_name),
  evidence: record(row.evidence),
  fixes: fixesOf(row.fixes),
  money: amount(row.money_minor, row.currency),
  state: row.state,
  openedAt: at(row.opened_at),
  dueAt: maybeAt(row.due_at),
  times: row.times,
  resolvedAt: maybeAt(row.resolved_at),
  resolvedBy: actorOf(row.resolved_by),
  resolution: row.resolution,
});

/** A group with its oldest; what holds for the first holds for all of the same cause. */
export function groupOf(group: GroupRow, all: readonly ExceptionListed[]): ExceptionGroup {
  const items = all.filter(({ cause }) => cause === group.cause).map(exceptionOf);
  const [first] = items;
  return {
    cause: group.cause,
    kind: group.kind,
    title: group.title,
    count: group.count,
    money: group.money.map(({ minor, currency }) => amount(minor, currency)),
    oldestAt: at(group.oldest_at),
    dueAt: maybeAt(group.due_at),
    supplier: first?.supplier ?? null,
    channel: first?.channel ?? null,
    fixes: first?.fixes ?? [],
    items,
  };
}

export const messageOf = (row: MessageSeen): MessageRow => ({
  id: showId('message', row.id),
  meaning: row.meaning,
  channel: row.channel,
  address: row.address,
  state: row.state,
  subject: row.subject,
  text: row.body_text,
  whyNot: row.why_not,
  createdAt: at(row.created_at),
  sentAt: maybeAt(row.sent_at),
});
