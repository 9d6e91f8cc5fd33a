import { Readable } from 'node:stream';
import type { ZipEntry } from '#formats/zip';
import { Unreadable } from '#kernel/unreadable';

/** A ZIP that holds a workbook in Office Open XML (ECMA-376). */
export const isWorkbook = (entries: readonly ZipEntry[]): boolean => entries.some(({ name }) => name === 'xl/workbook.xml');

export interface SheetRow {
  /** From 1, as the spreadsheet numbers it; empty rows are left out. */
  number: number;
  cells: string[];
}

/**
 * The rows of the sheet named, or of the first that has any and is not hidden. Every part is unpacked once before, so that a file made
 * to burst is refused by its limits and not by the memory. Throws `Unreadable`.
 */
export async function* readSheet(file: Uint8Array, entries: readonly ZipEntry[], name: string, sheet?: string): AsyncGenerator<SheetRow> {
  for (const entry of entries) for await (const _chunk of entry.bytes());
  // Loaded when the first workbook comes: it takes 75 MB that many an installation never needs.
  const { WorkbookReader } = await import('@cj-tech-master/excelts');
  const reader = new WorkbookReader(Readable.from([Buffer.from(file.buffer, file.byteOffset, file.length)]), {
    worksheets: 'emit',
    sharedStrings: 'cache',
    styles: 'cache',
    hyperlinks: 'ignore',
    entries: 'ignore',
  });
  const seen: string[] = [];
  let found = false;
  try {
    for await (const page of reader) {
      const { name: title, state } = page as { name: string; state?: string };
      seen.push(title);
      const isWanted = sheet === undefined ? !found && state !== 'hidden' && state !== 'veryHidden' : title === sheet;
      for await (const row of page) {
        if (!isWanted) break;
        found = true;
        yield { number: row.number, cells: cellsOf(row.values) };
      }
    }
  } catch (error) {
    if (error instanceof Unreadable) throw error;
    throw new Unreadable('damaged', `${name} is no workbook that can be read: ${(error as Error).message.slice(0, 200)}`, {
      fix: 'Open it in a spreadsheet, save it anew, or save the sheet as CSV (UTF-8)',
    });
  }
  if (!found && sheet !== undefined && !seen.includes(sheet))
    throw new Unreadable('no-such-sheet', `${name} has no sheet "${sheet.slice(0, 60)}"; it has ${seen.join(', ').slice(0, 300)}`, {
      fix: 'Name one of these in the mapping',
    });
}

/** The reader counts cells from 1. */
const cellsOf = (values: unknown): string[] =>
  Array.isArray(values) ? Array.from({ length: Math.max(0, values.length - 1) }, (_, at) => textOfCell(values[at + 1])) : [];

function textOfCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : String(Number(value.toPrecision(15)));
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (value instanceof Date) return value.toISOString().replace('T00:00:00.000Z', '');
  const rich = value as { result?: unknown; text?: unknown; richText?: { text: string }[]; error?: string };
  if (Array.isArray(rich.richText)) return rich.richText.map(({ text }) => text).join('');
  if (rich.error !== undefined) return '';
  return textOfCell('result' in rich ? rich.result : rich.text);
}
