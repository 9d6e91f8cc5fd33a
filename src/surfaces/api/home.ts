import type { Instant } from '#kernel/time';
import { msBetween } from '#kernel/time';
import type { Tenant } from '#modules/identity';
import {
  exceptionGroups,
  homeNow,
  listFacts,
  type MeasureRow,
  measureDays,
  measures,
  openStatuses,
  type ReadinessRow,
  readinessOf,
} from '#modules/insight';
import type { Tx } from '#platform/db';
import type { ApiDeps } from './deps.ts';
import type { Home, Measure } from './schemas-work.ts';
import { amount, at, factOf, maybeAt } from './show.ts';

const known: readonly Pick<Measure, 'name' | 'unit' | 'better'>[] = [
  { name: 'fill_rate', unit: 'share', better: 'up' },
  { name: 'order_to_ship', unit: 'hours', better: 'down' },
  { name: 'on_time_ship', unit: 'share', better: 'up' },
  { name: 'acknowledged_in_time', unit: 'share', better: 'up' },
  { name: 'delivered_in_time', unit: 'share', better: 'up' },
  { name: 'gross_margin', unit: 'share', better: 'up' },
];

/** Days run from the oldest to today. */
const days = Array.from({ length: measureDays }, (_, place) => measureDays - 1 - place);

export function measuresFrom(rows: readonly MeasureRow[]): Measure[] {
  return known.map((measure) => {
    const own = rows.filter(({ name }) => name === measure.name);
    const whole = (period: number) => own.find((row) => row.day === null && row.period === period);
    return {
      ...measure,
      value: whole(0)?.value ?? null,
      previous: whole(1)?.value ?? null,
      n: whole(0)?.n ?? 0,
      spark: days.map((day) => own.find((row) => row.day === day)?.value ?? null),
    };
  });
}

const ordersSpark = (rows: readonly MeasureRow[]): number[] =>
  days.map((day) => rows.find((row) => row.name === 'orders' && row.day === day)?.n ?? 0);

/** What keeps orders from flowing, the most blocking first. */
export function readinessFrom(row: ReadinessRow): Home['readiness'] {
  const missing: Home['readiness']['missing'] = [];
  const lacks = (what: string, say: string, fix: string) => missing.push({ what, say, fix });
  if (row.channels === 0) lacks('channel', 'No orders can come in: no channel is connected.', 'Connect a store or import a CSV.');
  if (row.channels_failing > 0)
    lacks('channel_failing', `${row.channels_failing} of ${row.channels} channels do not answer.`, 'Look at Connections.');
  if (row.suppliers === 0) lacks('supplier', 'Orders cannot leave: no supplier is live.', 'Add a supplier and make it live.');
  if (row.untransported !== null)
    lacks('transport', `Orders to ${row.untransported} cannot leave: it has no order transport.`, 'Set its e-mail, files or API.');
  if (!row.offers && row.suppliers > 0)
    lacks('matches', 'Orders find no supplier: no offer is matched to what you sell.', 'Import a feed and confirm matches.');
  if (row.policies === 0) lacks('policy', 'Orders are not routed: no routing policy is published.', 'Publish one under Routing.');
  return { ready: missing.length === 0, missing };
}

interface Kept {
  rows: MeasureRow[];
  at: Instant;
  keepMs: number;
}

/** Measures are kept for twenty times as long as they took, so that a small shop sees them live and a large one pays for them rarely. */
const worth = 20;
const longestKeptMs = 300_000;

export function makeHome(deps: ApiDeps): (tx: Tx, tenant: Tenant) => Promise<Home> {
  const kept = new Map<string, Kept>();
  const measured = async (tx: Tx): Promise<MeasureRow[]> => {
    const found = kept.get(tx.tenant);
    const began = deps.realClock.now();
    if (found && msBetween(found.at, began) < found.keepMs) return found.rows;
    const rows = await measures(tx);
    const ended = deps.realClock.now();
    kept.set(tx.tenant, { rows, at: ended, keepMs: Math.min(longestKeptMs, msBetween(began, ended) * worth) });
    return rows;
  };
  return async (tx, tenant) => {
    const now = await homeNow(tx, startOfDay(tx.now, tenant.settings['time_zone']));
    const rows = await measured(tx);
    const statuses = await openStatuses(tx);
    const facts = await listFacts(tx, {}, { limit: 20, after: null });
    const groups = await exceptionGroups(tx, { state: 'open' });
    return {
      asOf: at(tx.now),
      now: {
        ordersToday: now.orders_today,
        ordersTodayMoney: now.money_today.map(({ minor, currency }) => amount(minor, currency)),
        ordersSpark: ordersSpark(rows),
        needsYou: {
          count: now.needs_count,
          money: now.needs_money.map(({ minor, currency }) => amount(minor, currency)),
          oldestAt: maybeAt(now.needs_oldest),
        },
        dueToShip: { count: now.due_to_ship, late: now.late_to_ship },
        unconfirmed: now.unconfirmed,
        doubtful: now.doubtful,
        staleFeeds: now.stale_feeds,
        underway: now.underway,
        measures: measuresFrom(rows),
      },
      statuses,
      moving: facts.rows.map(factOf),
      waiting: groups.slice(0, 10).map((group) => ({
        cause: group.cause,
        kind: group.kind,
        title: group.title,
        count: group.count,
        money: group.money.map(({ minor, currency }) => amount(minor, currency)),
        oldestAt: at(group.oldest_at),
      })),
      readiness: readinessFrom(await readinessOf(tx)),
    };
  };
}

/** Midnight where the shop is. */
export function startOfDay(now: Instant, zone: unknown): Instant {
  try {
    return now
      .toZonedDateTimeISO(typeof zone === 'string' ? zone : 'UTC')
      .startOfDay()
      .toInstant();
  } catch {
    return now.toZonedDateTimeISO('UTC').startOfDay().toInstant();
  }
}
