import type { Measure } from '../../api/types.ts';
import { showHours, showShare } from '../../parts/format.ts';

/** The six measures: their names, how they are worked out, and whether they got better. Pure. */
export const measureWords: Record<Measure['name'], { title: string; formula: string }> = {
  fill_rate: { title: 'Fill rate', formula: 'Units that a supplier accepted, of units ordered.' },
  order_to_ship: { title: 'Order to ship', formula: 'Median hours from the order to the first scan of a carrier.' },
  on_time_ship: { title: 'Shipped in time', formula: 'Purchase orders shipped by their ship-by, of those shipped or overdue.' },
  acknowledged_in_time: {
    title: 'Acknowledged in time',
    formula: 'Purchase orders answered by their due time, of those answered or overdue.',
  },
  delivered_in_time: { title: 'Delivered in time', formula: 'Parcels delivered by the promised day, of those delivered or overdue.' },
  gross_margin: { title: 'Gross margin', formula: 'Sales without tax, less product cost, of sales without tax.' },
};

export const showMeasure = (value: number | null, unit: Measure['unit']): string =>
  value === null ? '—' : unit === 'hours' ? showHours(value) : showShare(value);

export interface Change {
  word: 'better' | 'worse' | 'unchanged';
  /** A change of a percentage is in points. */
  by: string;
}
export function changeOf({ value, previous, unit, better }: Measure): Change | null {
  if (value === null || previous === null) return null;
  const difference = unit === 'share' ? (value - previous) * 100 : value - previous;
  const rounded = Math.round(difference * 10) / 10;
  if (rounded === 0) return { word: 'unchanged', by: '' };
  const sign = rounded > 0 ? '+' : '\u2212';
  const size = Math.abs(rounded).toFixed(1);
  return { word: rounded > 0 === (better === 'up') ? 'better' : 'worse', by: `${sign}${size} ${unit === 'share' ? 'points' : 'h'}` };
}
