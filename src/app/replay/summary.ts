import { money, showMoney } from '#kernel/money';
import type { HistoryFigures } from '#modules/insight';
import { type History, type Invoice, type Refusal, refusals } from './read.ts';

/** The last line of `--json`. `lines` is always the sum of imported, held, refused and cancelled. */
export interface Summary {
  lines: number;
  linesImported: number;
  /** Of orders that are held at the end. */
  linesHeld: number;
  linesRefused: number;
  /** Of cancellations that found what they cancel. */
  linesCancelled: number;
  orders: number;
  purchaseOrders: number;
  seconds: number;
  /** Orders that are held at the end; one that is held for two reasons counts under both. */
  heldByReason: Record<string, number>;
  /** Holds that were placed at any time. */
  everHeldByReason: Record<string, number>;
  /** Lines. */
  refusedByReason: Record<string, number>;
  purchaseOrdersBySupplier: Record<string, number>;
  reroutes: number;
  /** Orders by state, parcels by milestone, exceptions by kind. */
  orderStates: Record<string, number>;
  milestones: Record<string, number>;
  exceptions: Record<string, number>;
  /** What a rule broke on: mistakes of the program, none is expected. */
  setAside: string[];
  delivered: number;
  revenueMinor: number;
  marginMinor: number;
  currency: 'GBP';
  /** False when it was stopped before the end of the file; its counts are those of the part that was played. */
  complete: boolean;
}

const tally = (names: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return Object.fromEntries(Object.entries(counts).sort(([, one], [, other]) => other - one));
};

export function summarise(history: History, figures: HistoryFigures, how: { seconds: number; complete: boolean }): Summary {
  const held = new Set(figures.held.map(({ external_id }) => external_id));
  const linesOf = (invoices: readonly Invoice[]): number => invoices.reduce((sum, { lines }) => sum + lines.length, 0);
  const linesHeld = linesOf(history.invoices.filter(({ number }) => held.has(number)));
  return {
    lines: history.lines,
    linesImported: linesOf(history.invoices) - linesHeld,
    linesHeld,
    linesRefused: history.refused.length,
    linesCancelled: history.cancelled,
    orders: figures.orders,
    purchaseOrders: Object.values(figures.purchases).reduce((sum, count) => sum + count, 0),
    seconds: Math.round(how.seconds * 10) / 10,
    heldByReason: tally(figures.held.flatMap(({ reasons }) => reasons)),
    everHeldByReason: figures.holds,
    refusedByReason: tally(history.refused.map(({ reason }) => reason)),
    purchaseOrdersBySupplier: figures.purchases,
    reroutes: figures.reroutes,
    orderStates: figures.states,
    milestones: figures.milestones,
    exceptions: figures.exceptions,
    setAside: figures.set_aside,
    delivered: figures.milestones['delivered'] ?? 0,
    revenueMinor: Number(figures.revenue_minor),
    marginMinor: Number(figures.revenue_minor - figures.cost_minor - figures.shipping_minor),
    currency: 'GBP',
    complete: how.complete,
  };
}

/** For people, one fact a line. */
export function tellSummary(summary: Summary): string[] {
  const list = (counts: Record<string, number>): string =>
    Object.entries(counts)
      .map(([name, count]) => `${name} ${count.toLocaleString('en')}`)
      .join(', ') || 'none';
  const count = (value: number): string => value.toLocaleString('en');
  const { revenueMinor, marginMinor } = summary;
  const percent =
    revenueMinor > 0
      ? ` (${((marginMinor / revenueMinor) * 100).toFixed(1)} % of ${showMoney(money(BigInt(revenueMinor), 'GBP'))} shipped)`
      : '';
  return [
    `Lines: ${count(summary.lines)} = ${count(summary.linesImported)} imported + ${count(summary.linesHeld)} held + ${count(summary.linesRefused)} refused + ${count(summary.linesCancelled)} cancelled`,
    ...Object.entries(summary.refusedByReason).map(([reason, lines]) => `  refused ${count(lines)}: ${refusals[reason as Refusal]}`),
    `Orders: ${count(summary.orders)} (${list(summary.orderStates)})`,
    `Held at the end: ${list(summary.heldByReason)}; ever: ${list(summary.everHeldByReason)}`,
    `Purchase orders: ${count(summary.purchaseOrders)} (${list(summary.purchaseOrdersBySupplier)}); routed again: ${count(summary.reroutes)}`,
    `Parcels: ${list(summary.milestones)}`,
    `Exceptions: ${list(summary.exceptions)}`,
    ...summary.setAside.map((title) => `  set aside: ${title}`),
    `Margin after goods and parcels: ${showMoney(money(BigInt(marginMinor), 'GBP'))}${percent}`,
    `Time: ${summary.seconds} s${summary.complete ? '' : ' (stopped before the end)'}`,
  ];
}
