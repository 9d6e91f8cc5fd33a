import { type Instant } from '#kernel/time';

/** A row of the file as text, by the names of its columns; `line` is the file's own, counted from 1 with the header. */
export interface RawRow {
  line: number;
  invoice: string;
  sku: string;
  title: string;
  quantity: string;
  date: string;
  price: string;
  customer: string;
  country: string;
}

/** Why a row is not taken over. It is counted and told, never dropped silently. */
export const refusals = {
  unreadable: 'the row has not the cells that the header promises',
  'bad-number': 'the invoice number or stock code is missing or is none',
  'bad-date': 'the date cannot be read',
  'bad-quantity': 'the quantity is no whole number of units',
  'bad-price': 'the price is no amount of whole pence',
  'no-price': 'it was sold for nothing: a correction of stock or a gift, nothing that a shopper bought',
  'stock-adjustment': 'a negative quantity outside a cancellation: a correction of stock',
  'own-books': "a charge in the shop's own books (fees, discounts, samples, bad debt), nothing that a shopper ordered",
  'nothing-to-deliver': 'its invoice holds no goods, only postage or the like',
  'cancels-money': 'a cancellation of postage, a discount or a charge: money, no goods',
  'cancels-nobodys': 'a cancellation that does not say whose order it cancels',
  'cancels-unknown': 'a cancellation of goods that this shopper did not buy in this history, or not so many',
} as const;
export type Refusal = keyof typeof refusals;

export interface HistoryLine {
  sku: string;
  title: string;
  kind: 'goods' | 'service';
  quantity: number;
  /** Pence of one unit. */
  price: number;
}

/** An invoice, from which one order is made. */
export interface Invoice {
  number: string;
  /** '' when the file does not say. */
  customer: string;
  country: string;
  at: Instant;
  lines: HistoryLine[];
  /** Where it begins in the file. */
  line: number;
}

/** What one cancellation takes back of one invoice. */
export interface Withdrawal {
  number: string;
  at: Instant;
  invoice: Invoice;
  units: { place: number; units: number }[];
  /** Rows of the file that stand behind it; one that takes back of several invoices counts with the first of them. */
  rows: number;
}

export interface History {
  lines: number;
  refused: { line: number; reason: Refusal }[];
  /** Rows of cancellations that found what they cancel. */
  cancelled: number;
  /** By time. */
  invoices: Invoice[];
  /** By time. */
  withdrawals: Withdrawal[];
}

interface Row {
  line: number;
  invoice: string;
  isCancellation: boolean;
  sku: string;
  title: string;
  quantity: number;
  at: Instant;
  price: number;
  customer: string;
  country: string;
}

/** Postage, carriage, something entered by hand, vouchers: paid by the shopper, delivered by nobody. */
const services = /^(POST|DOT|C2|M|GIFT_.*)$/;
/** Fees, bank charges, commissions, samples, discounts, bad debt. */
const ownBooks = /^(AMAZONFEE|BANK CHARGES|CRUK|S|D|B)$/;
const mostUnits = 1_000_000;

/**
 * Turns rows into invoices and what was cancelled of them. Every row ends in exactly one place: in an invoice, as a cancellation, or
 * refused with a reason. Pure; rows may come in any order. `ragged` are
 * the lines that could not be told apart into cells.
 */
export function readHistory(raws: readonly RawRow[], ragged: readonly number[] = []): History {
  const refused: History['refused'] = ragged.map((line) => ({ line, reason: 'unreadable' }));
  const rows: Row[] = [];
  const dates = new Map<string, Instant | null>();
  for (const raw of raws) {
    const row = readRow(raw, dates);
    if (typeof row === 'string') refused.push({ line: raw.line, reason: row });
    else rows.push(row);
  }
  const invoices = gather(
    rows.filter(({ isCancellation }) => !isCancellation),
    refused,
  );
  const cancellations = rows.filter(({ isCancellation }) => isCancellation).sort(byTime);
  const { withdrawals, cancelled } = withdraw(cancellations, invoices, refused);
  refused.sort((one, other) => one.line - other.line);
  return { lines: raws.length + ragged.length, refused, cancelled, invoices, withdrawals };
}

function readRow(raw: RawRow, dates: Map<string, Instant | null>): Row | Refusal {
  const sku = raw.sku.trim().toUpperCase();
  const number = raw.invoice.trim().toUpperCase();
  if (sku === '' || number === '') return 'bad-number';
  const at = dates.get(raw.date) ?? readDate(raw.date);
  dates.set(raw.date, at);
  if (at === null) return 'bad-date';
  if (!/^-?\d{1,9}$/.test(raw.quantity.trim())) return 'bad-quantity';
  const quantity = Number(raw.quantity);
  const isCancellation = /^C\d+$/.test(number);
  const kind = ownBooks.test(sku) || services.test(sku) ? 'money' : 'goods';
  if (isCancellation && kind === 'money') return 'cancels-money';
  if (ownBooks.test(sku) || /^A\d+$/.test(number)) return 'own-books';
  if (!isCancellation && !/^\d{1,12}$/.test(number)) return 'bad-number';
  if (quantity === 0 || Math.abs(quantity) > mostUnits || (isCancellation && quantity > 0)) return 'bad-quantity';
  if (!isCancellation && quantity < 0) return 'stock-adjustment';
  const price = readPence(raw.price.trim());
  if (price === null || price < 0) return 'bad-price';
  if (price === 0 && !isCancellation) return 'no-price';
  return {
    line: raw.line,
    invoice: number,
    isCancellation,
    sku,
    title: raw.title.trim(),
    quantity,
    at,
    price,
    customer: raw.customer.trim().replace(/\.0$/, ''),
    country: raw.country.trim(),
  };
}

/** Whole pence, or null: the file has a few prices of a tenth of a penny. */
function readPence(text: string): number | null {
  const [, sign = '', whole = '', part = ''] = /^(-?)(\d{1,9})(?:\.(\d{1,6}))?$/.exec(text) ?? [];
  if (whole === '') return null;
  if (!/^\d{0,2}0*$/.test(part)) return null;
  return (sign === '-' ? -1 : 1) * (Number(whole) * 100 + Number(part.slice(0, 2).padEnd(2, '0')));
}

/** "2010-12-01 08:26:00" and "12/1/2010 8:26" alike; the shop stood in London, and its clock with it. */
export function readDate(text: string): Instant | null {
  const iso = /^(\d{4})-(\d\d)-(\d\d)[ T](\d{1,2}):(\d\d)(?::(\d\d))?$/.exec(text.trim());
  const us = /^(\d{1,2})\/(\d{1,2})\/(\d{4}) (\d{1,2}):(\d\d)(?::(\d\d))?$/.exec(text.trim());
  const [year, month, day, hour, minute, second] = (
    iso ? [iso[1], iso[2], iso[3], iso[4], iso[5], iso[6]] : us ? [us[3], us[1], us[2], us[4], us[5], us[6]] : []
  ).map((part) => Number(part ?? 0));
  if (year === undefined) return null;
  try {
    return Temporal.ZonedDateTime.from(
      { timeZone: 'Europe/London', year, month: month ?? 0, day: day ?? 0, hour: hour ?? 0, minute: minute ?? 0, second: second ?? 0 },
      { overflow: 'reject' },
    ).toInstant();
  } catch {
    return null;
  }
}

const byTime = <T extends { at: Instant; line: number }>(one: T, other: T): number =>
  Temporal.Instant.compare(one.at, other.at) || one.line - other.line;

/** One invoice per number. The first row says when, whose and where to: some invoices run over the turn of a minute. */
function gather(rows: readonly Row[], refused: History['refused']): Invoice[] {
  const invoices: Invoice[] = [];
  for (const own of Map.groupBy(rows, ({ invoice }) => invoice).values()) {
    const [first] = own;
    if (!first) continue;
    if (own.every(({ sku }) => services.test(sku))) {
      refused.push(...own.map(({ line }) => ({ line, reason: 'nothing-to-deliver' as const })));
      continue;
    }
    const lines = own.map(
      ({ sku, title, quantity, price }): HistoryLine => ({ sku, title, kind: services.test(sku) ? 'service' : 'goods', quantity, price }),
    );
    invoices.push({ number: first.invoice, customer: first.customer, country: first.country, at: first.at, line: first.line, lines });
  }
  return invoices.sort(byTime);
}

/** Units of a line that nobody has cancelled yet. */
interface Open {
  invoice: Invoice;
  place: number;
  price: number;
  left: number;
}

/** Each cancelled row is matched to what the same shopper bought of the same thing before, at the same price first, the latest first. */
function withdraw(
  rows: readonly Row[],
  invoices: readonly Invoice[],
  refused: History['refused'],
): { withdrawals: Withdrawal[]; cancelled: number } {
  const bought = new Map<string, Open[]>();
  for (const invoice of invoices) {
    if (invoice.customer === '') continue;
    invoice.lines.forEach(({ sku, quantity, price, kind }, place) => {
      if (kind === 'service') return;
      const key = `${invoice.customer} ${sku}`;
      const known = bought.get(key) ?? [];
      known.push({ invoice, place, price, left: quantity });
      bought.set(key, known);
    });
  }
  const found = new Map<string, Withdrawal>();
  let cancelled = 0;
  for (const row of rows) {
    const pieces = row.customer === '' ? null : takeFrom(bought.get(`${row.customer} ${row.sku}`) ?? [], row);
    if (!pieces) {
      refused.push({ line: row.line, reason: row.customer === '' ? 'cancels-nobodys' : 'cancels-unknown' });
      continue;
    }
    cancelled += 1;
    for (const [nth, { open, units }] of pieces.entries()) {
      const key = `${row.invoice} ${open.invoice.number}`;
      const withdrawal = found.get(key) ?? { number: row.invoice, at: row.at, invoice: open.invoice, units: [], rows: 0 };
      withdrawal.units.push({ place: open.place, units });
      if (nth === 0) withdrawal.rows += 1;
      found.set(key, withdrawal);
    }
  }
  return { withdrawals: [...found.values()].sort((one, other) => Temporal.Instant.compare(one.at, other.at)), cancelled };
}

/** All of it or nothing: half a cancellation would be an invention. */
function takeFrom(opens: readonly Open[], { quantity, price, at }: Row): { open: Open; units: number }[] | null {
  const able = opens.filter((open) => open.left > 0 && Temporal.Instant.compare(open.invoice.at, at) <= 0).reverse();
  const sorted = [...able.filter((open) => open.price === price), ...able.filter((open) => open.price !== price)];
  let missing = -quantity;
  const whole = sorted.find((open) => open.left >= missing);
  const pieces: { open: Open; units: number }[] = [];
  for (const open of whole ? [whole] : sorted) {
    const units = Math.min(missing, open.left);
    pieces.push({ open, units });
    missing -= units;
    if (missing === 0) break;
  }
  if (missing > 0) return null;
  for (const { open, units } of pieces) open.left -= units;
  return pieces;
}

/** The history up to and without its order number `count` (from 0): all rows before the one that begins it. */
export function firstOrders(raws: readonly RawRow[], ragged: readonly number[], count: number): History {
  const whole = readHistory(raws, ragged);
  const next = whole.invoices[count];
  return next
    ? readHistory(
        raws.filter(({ line }) => line < next.line),
        ragged.filter((line) => line < next.line),
      )
    : whole;
}
