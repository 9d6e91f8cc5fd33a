import { readCountry } from '#kernel/countries';
import { readDecimal } from '#kernel/money';
import { readUnits } from '#kernel/quantity';
import { type Instant, instant } from '#kernel/time';
import { Unreadable } from '#kernel/unreadable';
import { type CsvProfile, detectCsv, readCsv, writeCsv } from '#formats/csv';
import type { ChannelOrder, ChannelOrderLine } from '#ports/channel';

/** Our column names; a channel's settings may say what its own are called. */
export const csvOrderColumns = [
  'order_number',
  'placed_at',
  'email',
  'name',
  'line1',
  'line2',
  'city',
  'region',
  'postcode',
  'country',
  'sku',
  'title',
  'quantity',
  'unit_price',
  'currency',
  'shipping',
  'tax',
  'discount',
] as const;
type Column = (typeof csvOrderColumns)[number];
const needed: readonly Column[] = [
  'order_number',
  'placed_at',
  'name',
  'line1',
  'city',
  'country',
  'sku',
  'quantity',
  'unit_price',
  'currency',
];

interface Row {
  line: number;
  cells: Record<Column, string>;
  raw: string[];
}

async function readRows(bytes: Uint8Array, columns: Readonly<Record<string, string>>): Promise<{ header: string[]; rows: Row[] }> {
  const guess = detectCsv(bytes);
  const profile: CsvProfile = { encoding: guess.encoding, delimiter: guess.delimiter, headerRow: guess.headerRow ?? 1 };
  let header: string[] = [];
  const rows: Row[] = [];
  for await (const record of readCsv(once(bytes), profile)) {
    if (record.kind === 'header') header = record.cells.map((cell) => cell.trim().toLowerCase());
    else if (record.kind === 'problem')
      throw new Unreadable(record.code, `Line ${record.line}: ${record.message}`, {
        place: { line: record.line },
        fix: 'Correct that line and put the file there again; nothing of it was taken.',
      });
    else rows.push({ line: record.line, raw: record.cells, cells: cellsOf(header, record.cells, columns) });
  }
  const missing = needed.filter((column) => !header.includes((columns[column] ?? column).toLowerCase()));
  if (missing.length > 0) {
    throw new Unreadable(
      'columns',
      `The file has no column ${missing.map((column) => columns[column] ?? column).join(', ')}; it has ${header.slice(0, 30).join(', ')}.`,
      { fix: 'Name the columns in the header row, or say in the connection what they are called.' },
    );
  }
  return { header, rows };
}

const cellsOf = (header: readonly string[], cells: readonly string[], columns: Readonly<Record<string, string>>): Record<Column, string> =>
  Object.fromEntries(
    csvOrderColumns.map((column) => [column, (cells[header.indexOf((columns[column] ?? column).toLowerCase())] ?? '').trim()]),
  ) as Record<Column, string>;

/** Cuts a file into one small file per order, each under the header, so that each is kept and judged for itself. */
export async function splitOrders(
  bytes: Uint8Array,
  columns: Readonly<Record<string, string>> = {},
): Promise<{ number: string; bytes: Uint8Array }[]> {
  const { header, rows } = await readRows(bytes, columns);
  return [...Map.groupBy(rows, ({ cells }) => cells.order_number)].map(([number, own]) => ({
    number,
    bytes: new TextEncoder().encode(
      writeCsv(
        own.map(({ raw }) => raw),
        { header, formulaGuard: false },
      ),
    ),
  }));
}

/** Reads every order of a file. Throws `Unreadable` naming line and column; nothing is guessed. */
export async function readCsvOrders(bytes: Uint8Array, columns: Readonly<Record<string, string>> = {}): Promise<ChannelOrder[]> {
  const { rows } = await readRows(bytes, columns);
  return [...Map.groupBy(rows, ({ cells }) => cells.order_number).values()].map(orderOf);
}

function orderOf(rows: Row[]): ChannelOrder {
  const [first] = rows;
  if (!first || first.cells.order_number === '') throw wrong(first?.line ?? 1, 'order_number', 'is empty');
  const { cells } = first;
  const { currency } = cells;
  if (!/^[A-Z]{3}$/.test(currency)) throw wrong(first.line, 'currency', `is "${currency}", not three capital letters`);
  const amount = (row: Row, column: 'unit_price' | 'shipping' | 'tax' | 'discount'): bigint => {
    const read = readDecimal(row.cells[column] || '0', currency);
    if (!read) throw wrong(row.line, column, `is "${row.cells[column]}", not an amount such as 12.50`);
    return read.minor;
  };
  const lines = rows.map((row, place): ChannelOrderLine => {
    const quantity = readUnits(row.cells.quantity);
    if (!quantity) throw wrong(row.line, 'quantity', `is "${row.cells.quantity}", not a whole number from 1`);
    if (row.cells.sku === '') throw wrong(row.line, 'sku', 'is empty');
    return {
      externalId: String(place + 1),
      sku: row.cells.sku,
      title: row.cells.title,
      kind: 'goods',
      quantity,
      cancelled: 0,
      priceMinor: amount(row, 'unit_price'),
      discountMinor: 0n,
      taxMinor: 0n,
    };
  });
  const subtotal = lines.reduce((sum, line) => sum + line.priceMinor * BigInt(line.quantity), 0n);
  const [shipping, tax, discount] = [amount(first, 'shipping'), amount(first, 'tax'), amount(first, 'discount')];
  const placedAt = timeOf(first);
  return {
    externalId: cells.order_number,
    number: cells.order_number,
    placedAt,
    changedAt: placedAt,
    currency,
    payment: 'paid',
    cancelledAt: null,
    isTest: false,
    customer: { name: cells.name, email: cells.email, phone: '' },
    shipTo: {
      name: cells.name,
      line1: cells.line1,
      city: cells.city,
      country: readCountry(cells.country) ?? '',
      ...(cells.line2 ? { line2: cells.line2 } : {}),
      ...(cells.region ? { region: cells.region } : {}),
      ...(cells.postcode ? { postcode: cells.postcode } : {}),
    },
    service: 'standard',
    lines,
    subtotalMinor: subtotal,
    discountMinor: discount,
    shippingMinor: shipping,
    taxMinor: tax,
    totalMinor: subtotal - discount + shipping + tax,
    note: '',
    tags: [],
  };
}

function timeOf(row: Row): Instant {
  try {
    return instant(row.cells.placed_at);
  } catch {
    throw wrong(row.line, 'placed_at', `is "${row.cells.placed_at}", not an instant such as 2026-11-25T10:00:00Z`);
  }
}

const wrong = (line: number, column: string, what: string): Unreadable =>
  new Unreadable('cell', `Line ${line}: ${column} ${what}.`, { place: { line }, fix: 'Correct that cell and put the file there again.' });

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
