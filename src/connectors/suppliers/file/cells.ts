import { readUnits } from '#kernel/quantity';
import { fromMs, type Instant } from '#kernel/time';
import { readFigure } from '#formats/csv';
import type { Settled } from './profile.ts';

/** Units as the partner writes figures: "3", "3,00", "1.000"; null when it is no whole number of them. */
export function readCount(text: string, decimal: Settled['decimal']): number | null {
  const figure = readFigure(text, decimal);
  return figure === null ? null : readUnits(figure.replace(/\.0+$/, ''));
}

const shapes: Readonly<Record<Exclude<Settled['dateFormat'], 'iso'>, RegExp>> = {
  'dd.mm.yyyy': /^(?<day>\d{1,2})\.(?<month>\d{1,2})\.(?<year>\d{4})(?:[ ,T]+(?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2}))?)?$/,
  'dd/mm/yyyy': /^(?<day>\d{1,2})\/(?<month>\d{1,2})\/(?<year>\d{4})(?:[ ,T]+(?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2}))?)?$/,
  'mm/dd/yyyy': /^(?<month>\d{1,2})\/(?<day>\d{1,2})\/(?<year>\d{4})(?:[ ,T]+(?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2}))?)?$/,
  yyyymmdd: /^(?<year>\d{4})(?<month>\d{2})(?<day>\d{2})(?:T?(?<hour>\d{2}):?(?<minute>\d{2})(?::?(?<second>\d{2}))?)?$/,
};
const local = /^(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})(?:[T ](?<hour>\d{2}):(?<minute>\d{2})(?::(?<second>\d{2})(?:\.\d{1,9})?)?)?$/;

/**
 * A date in the partner's form and zone, an instant with its own offset whatever the form; null when it is neither. A day without
 * an hour counts as its noon, so that no reader in another zone sees it as the day before.
 */
export function readDate(text: string, { dateFormat, timeZone }: Pick<Settled, 'dateFormat' | 'timeZone'>): Instant | null {
  const trimmed = text.trim();
  if (trimmed.length > 40) return null;
  const parts = (dateFormat === 'iso' ? local : shapes[dateFormat]).exec(trimmed)?.groups;
  try {
    if (!parts) return /(Z|[+-]\d{2}:?\d{2})$/i.test(trimmed) ? bounded(Temporal.Instant.from(trimmed)) : null;
    const { year, month, day, hour = '12', minute = '0', second = '0' } = parts;
    const fields = {
      year: Number(year),
      month: Number(month),
      day: Number(day),
      hour: Number(hour),
      minute: Number(minute),
      second: Number(second),
    };
    return bounded(Temporal.PlainDateTime.from(fields, { overflow: 'reject' }).toZonedDateTime(timeZone).toInstant());
  } catch {
    return null;
  }
}

/** A year that nobody means is a slip of the pen, not a date. */
const bounded = (at: Instant): Instant | null =>
  at.epochMilliseconds < from || at.epochMilliseconds > until ? null : fromMs(at.epochMilliseconds);
const from = Date.UTC(2000, 0, 1);
const until = Date.UTC(2100, 0, 1);
