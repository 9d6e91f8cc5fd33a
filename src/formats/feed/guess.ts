import { readFigure, type DecimalSign } from '#formats/csv';
import { readGtin } from '#kernel/gtin';
import { readName, unitInName } from './names.ts';
import { priceParts, readAvailability, readCurrency, readLeadDays, readPackSize, readStock, readWeight } from './values.ts';
import { type FeedField, feedFields, type FeedMapping } from './words.ts';

export type Columns = Partial<Record<FeedField, { column: string; confidence: number }>>;

/** Whether a cell looks like what the field holds: a name alone can lie. */
const fits: Record<FeedField, (cell: string) => boolean> = {
  supplierSku: (cell) => cell.length <= 100 && !cell.includes('\n') && !/\s\S+\s\S+\s/.test(cell),
  title: (cell) => /\p{L}{2}/u.test(cell),
  brand: (cell) => cell.length <= 80 && /\p{L}/u.test(cell),
  gtin: (cell) => readGtin(cell) !== null || /^\d{8,14}$/.test(cell),
  mpn: (cell) => cell.length <= 80,
  cost: (cell) => priceParts(cell) !== null,
  currency: (cell) => readCurrency(cell) !== null,
  quantity: (cell) => /\d/.test(cell) && readStock(cell, '.').ok,
  availability: (cell) => readAvailability(cell).ok,
  packSize: (cell) => readPackSize(cell).ok,
  leadDays: (cell) => readLeadDays(cell).ok,
  weight: (cell) => readWeight(cell, 'kg', '.').ok,
};

/**
 * Which column is which field, from names and from what stands in the sample. Every column goes to one field at most; the
 * clearest pairs are made first. What a mapping settles is taken as it is.
 */
export function guessColumns(
  headers: readonly string[],
  sample: readonly (readonly string[])[],
  mapping: FeedMapping['columns'] = {},
): Columns {
  const found: Columns = {};
  const taken = new Set<string>();
  for (const field of feedFields) {
    const column = mapping[field];
    if (column === undefined || column === null) continue;
    found[field] = { column, confidence: 1 };
    taken.add(column);
  }
  const pairs = headers.flatMap((header, at) => readName(header).map(({ field, weight }) => pairOf(header, field, weight, at, sample)));
  pairs.sort((one, other) => other.confidence - one.confidence || one.at - other.at);
  for (const { header, field, confidence } of pairs) {
    if (confidence < 0.15 || field in found || mapping[field] === null || taken.has(header)) continue;
    found[field] = { column: header, confidence: Math.round(confidence * 100) / 100 };
    taken.add(header);
  }
  return found;
}

/** Long texts tell no more than their beginning, and patterns are not to walk a megabyte. */
const cellsIn = (sample: readonly (readonly string[])[], at: number): string[] =>
  sample.map((row) => (row[at] ?? '').slice(0, 400).trim().slice(0, 200)).filter((cell) => cell !== '');

function pairOf(header: string, field: FeedField, weight: number, at: number, sample: readonly (readonly string[])[]) {
  const cells = cellsIn(sample, at);
  const good = cells.filter(fits[field]).length;
  const share = cells.length === 0 ? 0.6 : good / cells.length;
  // A number of ours that is the same on every line is none.
  const same = field === 'supplierSku' && cells.length > 5 ? new Set(cells).size / cells.length : 1;
  const isParameter = header.startsWith('param:') ? 0.85 : 1;
  return { header, field, at, confidence: weight * share * Math.max(same, 0.3) * isParameter };
}

/** Without names: only what the cells themselves say, which is never much. */
export function guessUnnamed(width: number, sample: readonly (readonly string[])[]): Columns {
  const columns = Array.from({ length: width }, (_, at) => ({
    at,
    cells: cellsIn(sample, at),
  }));
  const share = (cells: readonly string[], test: (cell: string) => boolean): number =>
    cells.length === 0 ? 0 : cells.filter(test).length / cells.length;
  const found: Columns = {};
  const taken = new Set<number>();
  const take = (field: FeedField, confidence: number, score: (cells: readonly string[], at: number) => number, least: number): void => {
    const best = columns
      .filter(({ at }) => !taken.has(at))
      .map(({ at, cells }) => ({ at, score: score(cells, at) }))
      .sort((one, other) => other.score - one.score)[0];
    if (!best || best.score < least) return;
    taken.add(best.at);
    found[field] = { column: `#${best.at + 1}`, confidence };
  };
  const distinct = (cells: readonly string[]): number => (cells.length === 0 ? 0 : new Set(cells).size / cells.length);
  const length = (cells: readonly string[]): number => cells.reduce((sum, cell) => sum + cell.length, 0) / Math.max(1, cells.length);
  take('gtin', 0.6, (cells) => share(cells, (cell) => readGtin(cell) !== null), 0.8);
  take('title', 0.4, (cells) => share(cells, (cell) => /\p{L}{2}.*\s/u.test(cell)) * Math.min(1, length(cells) / 20), 0.5);
  take(
    'supplierSku',
    0.35,
    (cells) =>
      distinct(cells) *
      share(cells, (cell) => /^[\p{L}\d][\p{L}\d ._/-]{2,39}$/u.test(cell) && /\d/.test(cell) && !/^\d+[.,]\d{1,2}$/.test(cell)),
    0.7,
  );
  take(
    'cost',
    0.35,
    (cells) =>
      share(cells, (cell) => priceParts(cell) !== null) *
      (0.5 + 0.5 * distinct(cells)) *
      (share(cells, (cell) => /[.,]\d{2}\b/.test(cell)) > 0.2 ? 1 : 0.8),
    0.5,
  );
  take('quantity', 0.35, (cells) => share(cells, (cell) => /^[<>]?\s*\d{1,6}\+?$/.test(cell)), 0.9);
  return found;
}

/** Only prices that can be read one way count; when the file does both, nobody knows. */
export function guessDecimal(cells: readonly string[]): DecimalSign | null {
  let points = 0;
  let commas = 0;
  for (const cell of cells) {
    const figure = priceParts(cell)?.figure ?? '';
    const asPoint = readFigure(figure, '.');
    const asComma = readFigure(figure, ',');
    if (asPoint === asComma) continue;
    // Three digits after a lone sign may be thousands; anything else reads one way only.
    if (/^[+-]?\d{1,3}[.,]\d{3}$/.test(figure)) continue;
    if (asComma === null) points += 1;
    else if (asPoint === null) commas += 1;
  }
  if (points > 0 && commas === 0) return '.';
  if (commas > 0 && points === 0) return ',';
  return null;
}

/** The currency in the name of the price column, if it is one. */
export function currencyInName(header: string | undefined): string | null {
  const unit = header === undefined ? null : unitInName(header);
  return unit === null ? null : readCurrency(unit);
}

/** The least of number, price and stock, as far as the file has them; 0 without a number. */
export function overallConfidence(columns: Columns): number {
  const sku = columns.supplierSku?.confidence ?? 0;
  const stock = Math.max(columns.quantity?.confidence ?? 0, columns.availability?.confidence ?? 0);
  return Math.min(sku, columns.cost?.confidence ?? 1, stock === 0 ? 1 : stock);
}
