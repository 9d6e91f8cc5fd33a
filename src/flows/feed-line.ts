import { readCsv } from '#formats/csv';
import { type FeedGuess, type FeedRow, openFeed } from '#formats/feed';
import { gunzip, isGzip } from '#formats/gzip';
import { peekBytes } from '#formats/text';
import { Unreadable } from '#kernel/unreadable';
import { newestKept, readingOf } from '#modules/catalog';
import { type FeedRoom, openedFile, pathOf } from './feed-files.ts';

/** A supplier's own words about one offer, beside what was understood of them. */
export interface FeedLine {
  file: string;
  /** The line in the file on which it begins. */
  line: number;
  cells: { column: string; text: string; field: string | null }[];
}

/** Reading on for one line is given up after so many. */
const mostRows = 2_000_000;

/**
 * The line of an offer in the newest file of its supplier that is kept: of a CSV cell by cell as it stands there, of any other file as it
 * was read. A sentence instead, where there is none.
 */
export async function lineOf(
  room: FeedRoom,
  tenant: string,
  { supplierId, sku }: { supplierId: string; sku: string },
): Promise<FeedLine | string> {
  const { kept, reading } = await room.db.tx(tenant, async (tx) => ({
    kept: await newestKept(tx, supplierId),
    reading: await readingOf(tx, supplierId),
  }));
  if (!kept) return 'No file of this supplier is kept.';
  const path = pathOf(room.folder, tenant, kept.id);
  const options = {
    name: kept.name,
    ...(reading?.settings.mapping ? { mapping: reading.settings.mapping } : {}),
    ...(reading?.currency ? { observedCurrency: reading.currency } : {}),
  };
  try {
    const { guess, batches } = await openFeed(openedFile(path, kept.name), options);
    let read = 0;
    for await (const { rows } of batches) {
      const row = rows.find((one) => one.supplierSku === sku);
      if (row) return { file: kept.name, line: row.line, cells: (await asItStands(path, kept.name, guess, row)) ?? asRead(row) };
      read += rows.length;
      if (read > mostRows) return `It does not stand among the first ${mostRows} rows of ${kept.name}.`;
    }
    return `It does not stand in ${kept.name}, the newest file that is kept.`;
  } catch (error) {
    if (error instanceof Unreadable) return `${kept.name} cannot be read any more: ${error.message}.`;
    throw error;
  }
}

/** The cells of a line of CSV; null of any other file. */
async function asItStands(path: string, name: string, guess: FeedGuess, row: FeedRow): Promise<FeedLine['cells'] | null> {
  if (guess.format !== 'csv' || guess.delimiter === null) return null;
  const fields = new Map(Object.entries(guess.columns).map(([field, { column }]) => [column, field]));
  const { head, whole } = await peekBytes(openedFile(path, name), 4);
  const profile = { encoding: guess.encoding, delimiter: guess.delimiter, headerRow: guess.headerRow, columns: guess.headers.length };
  for await (const record of readCsv(isGzip(head) ? gunzip(whole) : whole, profile)) {
    if (record.kind === 'header' || record.line < row.line) continue;
    if (record.line > row.line) return null;
    return record.cells.map((text, place) => {
      const column = guess.headers[place] ?? `#${place + 1}`;
      return { column, text: text.slice(0, 2_000), field: fields.get(column) ?? null };
    });
  }
  return null;
}

/** What was understood, where a file has no lines of its own. */
const asRead = ({ line: _line, ...row }: FeedRow): FeedLine['cells'] =>
  Object.entries(row).flatMap(([field, value]) => (value === null ? [] : [{ column: field, text: String(value).slice(0, 2_000), field }]));
