import { showId } from '#kernel/id';
import type {
  ArrivalListed,
  ChannelListed,
  FeedRunListed,
  OfferListed,
  PolicyListed,
  RunRow,
  SupplierListed,
  SupplierNumbers,
  VariantListed,
  Listening,
} from '#modules/insight';
import type { ChannelDetail, ChannelRow, OfferRow, Policies, SupplierDetail, SupplierRow, VariantRow } from './schemas-parties.ts';
import type { ArrivalRow, FeedRunRow, RunDetail } from './schemas-work.ts';
import { amount, at, maybeAt, named, record } from './show.ts';

export const supplierOf = (row: SupplierListed): SupplierRow => ({
  id: showId('supplier', row.id),
  code: row.code,
  name: row.name,
  state: row.state,
  pausedReason: row.paused_reason,
  country: row.country,
  currency: row.currency,
  transport: row.transport,
  rank: row.rank,
  reliability: Number(row.reliability),
  openPurchases: row.open_purchases,
  late: row.late,
  unacknowledged: row.unacknowledged,
  exceptions: row.exceptions,
  offers: row.offers,
  lastFeedAt: maybeAt(row.last_feed_at),
  polledAt: maybeAt(row.polled_at),
});

const few = 5;
const share = (part: number, of: number): number | null => (of === 0 ? null : part / of);

/** One sentence on how a supplier does, the worst first; of few orders nothing is said. */
export function healthOfSupplier(row: SupplierListed, numbers: SupplierNumbers): SupplierDetail['health'] {
  if (row.state === 'paused')
    return { tone: 'neutral', sentence: `Paused${row.paused_reason ? `: ${row.paused_reason}` : ''}. No new orders go there.` };
  if (row.late > 0) return { tone: 'crit', sentence: `${row.late} of ${row.open_purchases} open purchase orders are past their ship-by.` };
  const accepted = share(numbers.units_accepted, numbers.units_answered);
  if (numbers.units_answered >= few && accepted !== null && accepted < 0.9) {
    return { tone: 'risk', sentence: `Only ${(accepted * 100).toFixed(0)} % of the units asked for were accepted in 28 days.` };
  }
  if (row.exceptions > 0) return { tone: 'risk', sentence: `${row.exceptions} open ${row.exceptions === 1 ? 'exception' : 'exceptions'}.` };
  if (numbers.purchases < few) return { tone: 'neutral', sentence: `${numbers.purchases} purchase orders in 28 days: too few to judge.` };
  return { tone: 'ok', sentence: `${numbers.purchases} purchase orders in 28 days, none late now.` };
}

export const numbersOf = (numbers: SupplierNumbers, days: number, currency: string): SupplierDetail['numbers'] => ({
  days,
  purchases: numbers.purchases,
  acceptance: share(numbers.units_accepted, numbers.units_answered),
  acknowledgedInTime: share(numbers.acknowledged_in_time, numbers.acknowledged),
  shippedInTime: share(numbers.shipped_in_time, numbers.shipped),
  hoursToAcknowledge: numbers.hours_to_acknowledge,
  hoursToShip: numbers.hours_to_ship,
  cost: amount(numbers.cost_minor, currency),
});

export const supplierMore = (row: SupplierListed) => ({
  timeZone: row.time_zone,
  shipsTo: row.ships_to,
  handlingDays: row.handling_days,
  transitDays: record(row.transit_days),
  ackHours: row.ack_hours,
  shipHours: row.ship_hours,
  orderFee: amount(row.order_fee_minor, row.currency),
  shippingCost: record(row.shipping_minor),
  contactEmail: row.contact_email,
  settings: withoutSecrets(row.transport_settings),
});

/** Secrets are sealed in a column of their own; what somebody put among the settings by mistake is still not shown. */
export const withoutSecrets = (settings: unknown): Record<string, unknown> =>
  Object.fromEntries(Object.entries(record(settings)).filter(([name]) => !/secret|password|token|api.?key|credential/i.test(name)));

export function healthOfChannel(row: ChannelListed): ChannelRow['health'] {
  if (row.state === 'paused') return { tone: 'neutral', sentence: 'Paused: nothing is asked of it.' };
  if (row.state === 'failing') return { tone: 'crit', sentence: row.trouble || 'It does not answer.' };
  if (row.reports_failed > 0) return { tone: 'risk', sentence: `${row.reports_failed} parcels could not be reported to it.` };
  if (row.refused > 0) return { tone: 'risk', sentence: `${row.refused} messages of the last 24 hours could not be read.` };
  if (row.backlog > 0) return { tone: 'ok', sentence: `Working; ${row.backlog} messages wait to be read.` };
  return { tone: 'ok', sentence: row.last_order_at ? 'Working.' : 'Connected; no order has come yet.' };
}

export const channelOf = (row: ChannelListed): ChannelRow => ({
  id: showId('channel', row.id),
  code: row.code,
  name: row.name,
  kind: row.kind,
  state: row.state,
  currency: row.currency,
  trouble: row.trouble,
  health: healthOfChannel(row),
  polledAt: maybeAt(row.polled_at),
  lastOrderAt: maybeAt(row.last_order_at),
  ordersToday: row.orders_today,
  backlog: row.backlog,
  refused: row.refused,
});

export const listeningShown = (row: Listening | null): ChannelDetail['listening'] =>
  row && {
    topics: row.topics,
    heardAt: maybeAt(row.heard_at),
    armedAt: maybeAt(row.armed_at),
    mended: row.mended,
    trouble: row.trouble,
    missed: row.missed,
    heard: row.heard,
  };

export const offerOf = (row: OfferListed): OfferRow => ({
  id: showId('offer', row.id),
  supplier: named('supplier', row.supplier_id, row.supplier_name),
  supplierSku: row.supplier_sku,
  title: row.title,
  brand: row.brand,
  gtin: row.gtin,
  cost: row.cost_minor === null ? null : amount(row.cost_minor, row.currency),
  quantity: row.quantity,
  buffer: row.buffer,
  reserved: row.reserved,
  sellable: row.sellable,
  packSize: row.pack_size,
  leadDays: row.lead_days,
  state: row.state,
  observedAt: at(row.observed_at),
  changedAt: at(row.changed_at),
  variants: row.variants.map(({ id, sku, match }) => ({ id: showId('variant', id), sku, match })),
});

export const variantOf = (row: VariantListed): VariantRow => ({
  id: showId('variant', row.id),
  sku: row.sku,
  title: row.title,
  brand: row.brand,
  gtin: row.gtin,
  price: row.price_minor === null || row.currency === null ? null : amount(row.price_minor, row.currency),
  offers: row.offers,
  sellable: row.sellable,
  bestCost: row.best_cost === null ? null : amount(row.best_cost.minor, row.best_cost.currency),
  listings: row.listings,
});

export const feedRunOf = (row: FeedRunListed): FeedRunRow => ({
  id: showId('run', row.id),
  supplier: named('supplier', row.supplier_id, row.supplier_name),
  name: row.name,
  state: row.state,
  rows: {
    read: Number(row.rows_read),
    new: Number(row.rows_new),
    changed: Number(row.rows_changed),
    same: Number(row.rows_same),
    refused: Number(row.rows_refused),
    gone: Number(row.rows_gone),
  },
  why: row.why,
  refused: Array.isArray(row.refused) ? row.refused : [],
  observedAt: at(row.observed_at),
  startedAt: at(row.started_at),
  endedAt: maybeAt(row.ended_at),
});

export const policyOf = (row: PolicyListed): Policies['history'][number] => ({
  id: showId('policy', row.id),
  version: row.version,
  state: row.state,
  rules: row.rules,
  note: row.note,
  createdAt: at(row.created_at),
  publishedAt: maybeAt(row.published_at),
});

export function arrivalOf(row: ArrivalListed): ArrivalRow {
  const [kind = '', id = ''] = row.source.split(':');
  const shown = kind === 'channel' || kind === 'supplier' ? showId(kind, id) : id;
  return {
    id: showId('arrival', row.id),
    kind: row.kind,
    source: { kind, id: shown, name: row.source_name },
    object: row.object,
    name: row.name,
    state: row.state,
    receivedAt: at(row.received_at),
    note: row.note,
    again: row.again,
    bytes: row.size,
  };
}

export const runOf = (row: RunRow): RunDetail => ({
  id: showId('run', row.id),
  kind: row.kind,
  subject: row.subject,
  state: row.state,
  done: row.done_count.toString(),
  total: row.total_count?.toString() ?? null,
  summary: record(row.summary),
  problem: row.problem,
  createdAt: at(row.created_at),
  endedAt: maybeAt(row.ended_at),
});
