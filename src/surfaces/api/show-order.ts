import { isUuid, showId } from '#kernel/id';
import type { AllocationRow, DecisionRow, HoldRow, LineRow, OrderHead, OrderListed, PackedRow, ParcelListed } from '#modules/insight';
import type { Decision, OrderDetail, OrderLine, OrderRow } from './schemas-orders.ts';
import { actorOf, addressOf, amount, at, list, maybeAt, named, numbered, record, text } from './show.ts';

/** What is left of the sale after tax and product cost; unknown while there is no cost, or one in another currency. */
function marginOf(row: OrderListed): bigint | null {
  const [cost, ...more] = row.costs;
  if (!cost || more.length > 0 || cost.currency !== row.currency) return null;
  return row.total_minor - row.tax_minor - BigInt(cost.minor);
}

function clockOf(row: OrderListed): OrderRow['clock'] {
  if (row.state === 'closed' || row.state === 'cancelled') return null;
  if (row.clock) return { dueAt: at(Temporal.Instant.from(row.clock.at)), what: row.clock.what };
  return row.promised_at ? { dueAt: at(row.promised_at), what: 'deliver' } : null;
}

export function orderOf(row: OrderListed): OrderRow {
  const margin = marginOf(row);
  return {
    id: showId('order', row.id),
    number: row.number,
    channel: named('channel', row.channel_id, row.channel_name),
    status: row.status,
    placedAt: at(row.placed_at),
    customer: row.customer_name,
    country: row.country,
    total: amount(row.total_minor, row.currency),
    margin: margin === null ? null : amount(margin, row.currency),
    lines: row.lines,
    units: row.units,
    suppliers: row.suppliers.map(({ id, name }) => named('supplier', id, name)),
    clock: clockOf(row),
    holds: row.holds,
    exceptions: row.exceptions,
    test: row.is_test,
    tags: row.tags,
  };
}

export function moneyOf(row: OrderHead): OrderDetail['money'] {
  const { currency, costs } = row;
  const margin = marginOf(row);
  const [cost] = costs;
  return {
    subtotal: amount(row.subtotal_minor, currency),
    discount: amount(row.discount_minor, currency),
    shipping: amount(row.shipping_minor, currency),
    tax: amount(row.tax_minor, currency),
    total: amount(row.total_minor, currency),
    cost: margin === null || !cost ? null : amount(cost.minor, cost.currency),
    margin: margin === null ? null : amount(margin, currency),
    costs: costs.map(({ minor, currency: of }) => amount(minor, of)),
  };
}

export const headOf = (row: OrderHead) => ({
  ...orderOf(row),
  externalId: row.external_id,
  state: row.state,
  receivedAt: at(row.received_at),
  changedAt: at(row.changed_at),
  payment: row.payment,
  email: row.email,
  phone: row.phone,
  shipTo: addressOf(row.ship_to),
  service: row.service,
  note: row.note,
  promisedAt: maybeAt(row.promised_at),
  cancelAskedAt: maybeAt(row.cancel_asked_at),
  routedTimes: row.routed_times,
  money: moneyOf(row),
});

const allocationOf = (row: AllocationRow): OrderLine['allocations'][number] => ({
  supplier: named('supplier', row.supplier_id, row.supplier_name),
  offer: { id: showId('offer', row.offer_id), supplierSku: row.supplier_sku },
  quantity: row.quantity,
  cost: amount(row.unit_cost_minor, row.currency),
  state: row.state,
  purchase: row.purchase_id === null ? null : numbered('purchase', row.purchase_id, row.purchase_number ?? ''),
  response: row.response,
  expectedAt: maybeAt(row.expected_at),
  shipped: row.shipped,
});

export interface LineParts {
  currency: string;
  allocations: readonly AllocationRow[];
  parcels: readonly ParcelListed[];
  packed: readonly PackedRow[];
}

export function lineOf(row: LineRow, { currency, allocations, parcels, packed }: LineParts): OrderLine {
  return {
    id: showId('line', row.id),
    position: row.position,
    sku: row.sku,
    title: row.title,
    kind: row.kind,
    variant: row.variant_id === null ? null : showId('variant', row.variant_id),
    quantity: row.quantity,
    cancelled: row.cancelled,
    price: amount(row.price_minor, currency),
    discount: amount(row.discount_minor, currency),
    tax: amount(row.tax_minor, currency),
    allocations: allocations.filter(({ line_id }) => line_id === row.id).map(allocationOf),
    parcels: packed
      .filter(({ order_line_id }) => order_line_id === row.id)
      .flatMap(({ parcel_id, quantity }) => {
        const parcel = parcels.find(({ id }) => id === parcel_id);
        if (!parcel) return [];
        return [{ id: showId('parcel', parcel.id), carrier: parcel.carrier, number: parcel.number, milestone: parcel.milestone, quantity }];
      }),
  };
}

export const holdOf = (row: HoldRow): OrderDetail['holdHistory'][number] => ({
  reason: row.reason,
  detail: row.detail,
  placedAt: at(row.placed_at),
  actor: actorOf(row.actor),
  releasedAt: maybeAt(row.released_at),
  releasedBy: actorOf(row.released_by),
});

/** A decision was stored as it was made; ids in it become those that are shown. */
export function decisionOf(row: DecisionRow, lines: readonly LineRow[], suppliers: ReadonlyMap<string, string>): Decision {
  return {
    id: showId('decision', row.id),
    attempt: row.attempt,
    policyVersion: row.policy_version,
    at: at(row.at),
    outcome: row.outcome,
    lines: list(row.lines)
      .map(record)
      .map((line) => decidedLineOf(line, lines, suppliers)),
  };
}

type Decided = Decision['lines'][number];

function decidedLineOf(line: Record<string, unknown>, lines: readonly LineRow[], suppliers: ReadonlyMap<string, string>): Decided {
  const id = text(line['line']);
  const known = lines.find((one) => one.id === id);
  const candidates = ranked(
    list(line['candidates'])
      .map(record)
      .map((candidate) => candidateOf(candidate, list(line['asked']).map(text), suppliers)),
  );
  return {
    line: isUuid(id) ? showId('line', id) : id,
    sku: text(line['sku']) || (known?.sku ?? ''),
    quantity: units(line['quantity']),
    objective: text(line['objective']),
    sentence: text(line['sentence']),
    chosen: candidates.filter(({ given }) => given > 0).map(({ supplier, given }) => ({ supplier, units: given })),
    candidates,
  };
}

/** Those that passed all gates first, the best before the others; then the rest as they were looked at. */
function ranked(candidates: readonly Decided['candidates'][number][]): Decided['candidates'] {
  const passed = candidates.filter(({ score }) => score !== null).toSorted((one, other) => (one.score ?? 0) - (other.score ?? 0));
  return [...passed.map((candidate, place) => ({ ...candidate, rank: place + 1 })), ...candidates.filter(({ score }) => score === null)];
}

const units = (value: unknown): number => (typeof value === 'number' && Number.isInteger(value) ? value : 0);

/** A gate that was asked and did not stop the candidate was passed; what it found stands in the numbers. */
function gatesOf(candidate: Record<string, unknown>, asked: readonly string[]): Decided['candidates'][number]['gates'] {
  const stopped = new Map(
    list(candidate['stopped'])
      .map(record)
      .map((gate) => [text(gate['gate']), text(gate['why'])]),
  );
  return asked.map((gate) => ({ gate, passed: !stopped.has(gate), why: stopped.get(gate) ?? '' }));
}

function candidateOf(
  candidate: Record<string, unknown>,
  asked: readonly string[],
  suppliers: ReadonlyMap<string, string>,
): Decided['candidates'][number] {
  const supplier = text(candidate['supplier']);
  const offer = text(candidate['offer']);
  const { score } = candidate;
  const name = suppliers.get(supplier) ?? text(candidate['name']);
  return {
    supplier: named('supplier', isUuid(supplier) ? supplier : nobody, name || supplier),
    offer: isUuid(offer) ? showId('offer', offer) : offer,
    sku: text(candidate['sku']),
    gates: gatesOf(candidate, asked),
    numbers: record(candidate['numbers']),
    score: typeof score === 'number' ? score : null,
    rank: null,
    given: units(candidate['given']),
  };
}

/** Stands for a supplier whose id a decision does not tell. */
const nobody = '00000000-0000-0000-0000-000000000000';
