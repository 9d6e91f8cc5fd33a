import { availableParallelism, cpus, totalmem } from 'node:os';

/** One measured number, with the bar it is held to. */
export interface Figure {
  name: string;
  value: number;
  unit: string;
  /** The bar; null when there is none. */
  limit: number | null;
  /** How much of the bar was used or reached: above 1 a figure that may not exceed its bar has failed. */
  ratio: number | null;
  machine: string;
}

export const machine = `${cpus()[0]?.model.trim() ?? 'unknown'}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}`;

/** A figure whose bar is the most it may be (a time) or, with `atLeast`, the least (a rate). */
export function figure(name: string, value: number, unit: string, bar?: { atMost: number } | { atLeast: number }): Figure {
  const limit = bar === undefined ? null : 'atMost' in bar ? bar.atMost : bar.atLeast;
  const ratio = bar === undefined ? null : 'atMost' in bar ? value / bar.atMost : value === 0 ? Number.MAX_VALUE : bar.atLeast / value;
  return { name, value: round(value), unit, limit, ratio: ratio === null ? null : round(ratio), machine };
}

const round = (value: number): number => (Math.abs(value) >= 100 ? Math.round(value) : Math.round(value * 100) / 100);

/** The value below which this share of the values lies; values need no order. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(sorted.length * share) - 1))] ?? Number.NaN;
}

/** As lines for people; a bar that is missed is marked. */
export function table(figures: readonly Figure[]): string {
  const rows = figures.map(({ name, value, unit, limit, ratio }) => [
    name,
    `${value} ${unit}`,
    limit === null ? '' : `bar ${limit} ${unit}`,
    ratio === null ? '' : ratio <= 1 ? 'kept' : 'MISSED',
  ]);
  const width = (column: number): number => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(width(column)))
      .join('  ')
      .trimEnd(),
  );
  return [...lines, machine].join('\n');
}
