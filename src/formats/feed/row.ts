import type { DecimalSign } from '#formats/csv';
import { readGtin, recoverGtin } from '#kernel/gtin';
import { minorDigits } from '#kernel/money';
import {
  minorOf,
  priceParts,
  readAvailability,
  readCurrency,
  readLeadDays,
  readPackSize,
  readStock,
  readWeight,
  type Stock,
} from './values.ts';
import type { FeedBatch, FeedField, FeedRow, RefusedFeedRow } from './words.ts';

/** Where each field stands in a row of cells (-1: nowhere), and how its figures are written. */
export interface RowPlan {
  at: Record<FeedField, number>;
  decimal: DecimalSign | null;
  /** In the name of the price column, or what the supplier is known to price in. */
  currency: string | null;
  /** Prices in anything else are refused. */
  mustBe: string | null;
  weightUnit: string | null;
  finePrices: 'refuse' | 'round';
}

const longestCell = 20_000;
const longestSku = 100;

/** Adds one row of the file to the batch: taken, or refused with the first reason. */
export function rowReader(plan: RowPlan): (batch: FeedBatch, line: number, cells: readonly string[]) => void {
  const { at } = plan;
  const price = priceReader(plan);
  const currencyOf = remembered(readCurrency);
  const decimal = plan.decimal;
  return (batch, line, cells) => {
    let supplierSku = '';
    const refuse = (field: FeedField | null, value: string, why: string): void =>
      void batch.refused.push({ line, field, value: value.slice(0, 200), why, ...(field === 'supplierSku' ? {} : { supplierSku }) });
    const doubt = (field: FeedField, value: string, why: string): void =>
      void batch.doubts.push({ line, field, value: value.slice(0, 200), why });
    supplierSku = cellAt(cells, at.supplierSku);
    if (supplierSku === '') return refuse('supplierSku', '', "There is no supplier's number on this row");
    if (supplierSku.length > longestSku)
      return refuse('supplierSku', supplierSku, `A supplier's number has at most ${longestSku} characters`);
    // A spreadsheet that took a long number for a figure has lost its last digits for good.
    if (isScientific(supplierSku))
      return refuse('supplierSku', supplierSku, 'A spreadsheet turned this number into 1.2E+12 notation; the original is lost');

    const currencyText = cellAt(cells, at.currency);
    const named = currencyText === '' ? null : currencyOf(currencyText);
    if (currencyText !== '' && named === null) return refuse('currency', currencyText, 'It is not a currency');
    const costText = cellAt(cells, at.cost);
    const cost = costText === '' ? null : price(costText, named);
    if (cost !== null && !cost.ok) return refuse(cost.field, costText, cost.why);
    const currency = cost?.currency ?? named ?? plan.currency;

    const stock = stockOf(cellAt(cells, at.quantity), cellAt(cells, at.availability), decimal, refuse, doubt);
    if (stock === null) return;
    const packText = cellAt(cells, at.packSize);
    const pack = packText === '' ? null : readPackSize(packText);
    if (pack !== null && !pack.ok) return refuse('packSize', packText, pack.why);

    batch.rows.push({
      line,
      supplierSku,
      title: textOf(cellAt(cells, at.title)),
      brand: textOf(cellAt(cells, at.brand)),
      gtin: gtinOf(cellAt(cells, at.gtin), doubt),
      mpn: textOf(cellAt(cells, at.mpn)),
      costMinor: cost?.minor ?? null,
      currency,
      quantity: stock.quantity,
      available: stock.available,
      packSize: pack?.value ?? null,
      leadDays: optional('leadDays', cellAt(cells, at.leadDays), readLeadDays, doubt),
      // The unit that is missing on every row is said once, in the guess.
      weightGrams: optional(
        'weight',
        cellAt(cells, at.weight),
        (text) => readWeight(text, plan.weightUnit, decimal),
        plan.weightUnit === null ? () => undefined : doubt,
      ),
    } satisfies FeedRow);
  };
}

type Say = (field: FeedField, value: string, why: string) => void;

/** Trimmed only where there is something to trim: most cells of most files have nothing. */
function cellAt(cells: readonly string[], place: number): string {
  if (place < 0) return '';
  const cell = cells[place];
  if (cell === undefined || cell === '') return '';
  const first = cell.charCodeAt(0);
  const last = cell.charCodeAt(cell.length - 1);
  return first > 32 && last > 32 && first !== 160 && last !== 160 ? cell : cell.trim();
}

const textOf = (cell: string): string | null => (cell === '' ? null : cell.length > longestCell ? cell.slice(0, longestCell) : cell);

const isScientific = (text: string): boolean => text.length > 5 && /^\d(?:[.,]\d+)?E\+\d{1,2}$/i.test(text);

function gtinOf(text: string, doubt: Say): string | null {
  if (text === '' || text === '0') return null;
  const gtin = readGtin(text);
  if (gtin !== null && !/^0+$/.test(gtin)) return gtin;
  const found = gtin === null ? recoverGtin(text) : null;
  if (found === null) {
    doubt(
      'gtin',
      text,
      isScientific(text)
        ? 'A spreadsheet turned this number into 1.2E+12 notation'
        : 'It is not 8, 12, 13 or 14 digits with a valid check digit',
    );
    return null;
  }
  doubt('gtin', text, `${found.how === 'padded' ? 'Its leading zeros were lost' : 'It is a UPC-E'}; it is read as ${found.gtin}`);
  return found.gtin;
}

function optional<T>(
  field: FeedField,
  text: string,
  read: (text: string) => { ok: true; value: T } | { ok: false; why: string },
  doubt: Say,
): T | null {
  if (text === '') return null;
  const found = read(text);
  if (found.ok) return found.value;
  doubt(field, text, found.why);
  return null;
}

/** The number of units decides; a word that says there are none overrules it. Null: the row was refused. */
function stockOf(quantityText: string, availabilityText: string, decimal: DecimalSign | null, refuse: Say, doubt: Say): Stock | null {
  let stock: Stock = { quantity: null, available: null };
  if (quantityText !== '') {
    const digits = plainDigits(quantityText);
    if (digits >= 0 && digits <= 1_000_000) stock = { quantity: digits, available: digits > 0 };
    else {
      const read = readStock(quantityText, decimal);
      if (!read.ok) {
        refuse('quantity', quantityText, read.why);
        return null;
      }
      stock = read.value;
    }
  }
  if (availabilityText === '') return stock;
  const word = readAvailability(availabilityText);
  if (!word.ok) {
    doubt('availability', availabilityText, word.why);
    return stock;
  }
  if (stock.quantity === null) return word.value;
  if (word.value.available === false && stock.quantity > 0) {
    doubt('quantity', quantityText, `The row says "${availabilityText}" as well, so none is counted`);
    return word.value;
  }
  return stock;
}

/** Up to seven digits as a number; -1 when there is anything else. */
function plainDigits(text: string): number {
  if (text.length > 7) return -1;
  let value = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at) - 48;
    if (code < 0 || code > 9) return -1;
    value = value * 10 + code;
  }
  return value;
}

type Price = { ok: true; minor: bigint; currency: string } | { ok: false; field: FeedField; why: string };

function priceReader(plan: RowPlan): (text: string, named: string | null) => Price {
  const decimalCode = plan.decimal === ',' ? 44 : plan.decimal === '.' ? 46 : 0;
  return (text, named) => {
    const usual = named ?? plan.currency;
    if (usual !== null && (plan.mustBe === null || plan.mustBe === usual)) {
      const minor = plainPrice(text, decimalCode, minorDigits(usual));
      if (minor >= 0) return { ok: true, minor: BigInt(minor), currency: usual };
    }
    return slowPrice(text, named, plan);
  };
}

/** "12.5" in minor units, as a number that is exact; -1 when the cell is written in any other way. */
function plainPrice(text: string, decimalCode: number, digits: number): number {
  if (text.length > 12) return -1;
  let value = 0;
  let after = -1;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= 48 && code <= 57) {
      if (after >= digits) return -1;
      value = value * 10 + (code - 48);
      if (after >= 0) after += 1;
    } else if (code === decimalCode && after < 0 && at > 0) after = 0;
    else return -1;
  }
  if (after === 0) return -1;
  for (let place = Math.max(after, 0); place < digits; place += 1) value *= 10;
  return value;
}

function slowPrice(text: string, named: string | null, plan: RowPlan): Price {
  const no = (field: FeedField, why: string): Price => ({ ok: false, field, why });
  const parts = priceParts(text);
  if (!parts) return no('cost', 'It is not a price');
  if (parts.currency !== null && named !== null && parts.currency !== named)
    return no('currency', `The price says ${parts.currency}, the row says ${named}`);
  const currency = parts.currency ?? named ?? plan.currency;
  if (currency === null) return no('currency', 'The price has no currency');
  if (plan.mustBe !== null && currency !== plan.mustBe)
    return no('currency', `The file says ${currency} where the supplier prices in ${plan.mustBe}`);
  if (parts.oneOf !== null && !parts.oneOf.includes(currency)) return no('currency', `The sign beside the price does not fit ${currency}`);
  const minor = minorOf(parts.figure, plan.decimal, currency, plan.finePrices);
  return minor.ok ? { ok: true, minor: minor.value, currency } : no('cost', minor.why);
}

/** Files name the same few currencies a million times. */
function remembered(read: (text: string) => string | null): (text: string) => string | null {
  const known = new Map<string, string | null>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const now = text.length > 20 ? null : read(text);
    if (known.size < 1000) known.set(text, now);
    return now;
  };
}

export const emptyBatch = (): FeedBatch => ({ rows: [], refused: [], doubts: [] });

/** A record that could not even be taken apart. */
export const refusedRow = (line: number, value: string, why: string): RefusedFeedRow => ({
  line,
  field: null,
  value: value.slice(0, 200),
  why,
});
