import { csvLine } from '#formats/csv';
import type { ByteSource, Peeked } from '#formats/text';
import { isWorkbook, readSheet } from '#formats/xlsx';
import { mostZipBytes, readZip, type ZipEntry } from '#formats/zip';
import { Unreadable } from '#kernel/unreadable';

/** What is inside: a workbook's sheet as delimited text, or the one file that may be the list. */
export interface Unzipped {
  kind: 'sheet' | 'file';
  bytes: ByteSource;
}

/** Endings that a list of products comes with, the likeliest first. */
const likely = /\.(?:csv|tsv|txt|xml|yml|json|jsonl|ndjson)$/i;

/** Opens a ZIP: its directory stands at its end, so it is held as a whole. Throws `Unreadable`. */
export async function unzip(packed: Peeked, name: string, sheet: string | undefined): Promise<Unzipped> {
  const file = await wholeOf(packed, name);
  const entries = readZip(file, name);
  if (isWorkbook(entries)) return { kind: 'sheet', bytes: sheetAsText(file, entries, name, sheet) };
  const lists = entries.filter((entry) => likely.test(entry.name) && !/(?:^|\/)(?:__MACOSX|\.)/.test(entry.name));
  const [only, ...more] = lists.toSorted((one, other) => other.size - one.size);
  if (!only)
    throw new Unreadable(
      'not-a-feed',
      `${name} has no list in it: ${
        entries
          .map((one) => one.name)
          .join(', ')
          .slice(0, 300) || 'nothing'
      }`,
      {
        fix: 'Have it packed with the list as CSV, XML or JSON',
      },
    );
  // A price list beside a stock list: nobody can say which one is meant.
  if (more[0] && more[0].size * 10 > only.size)
    throw new Unreadable(
      'several-lists',
      `${name} has several lists in it: ${lists
        .map((one) => one.name)
        .join(', ')
        .slice(0, 300)}`,
      {
        fix: 'Have each sent by itself',
      },
    );
  return { kind: 'file', bytes: only.bytes() };
}

async function wholeOf(packed: Peeked, name: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of packed.whole) {
    size += chunk.length;
    if (size > mostZipBytes)
      throw new Unreadable('too-large', `${name} has more than ${mostZipBytes} bytes`, {
        fix: 'Have it packed with gzip, or sent in parts',
      });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

/** One line for each row of the sheet, empty ones too, so that lines are numbered as the spreadsheet numbers its rows. */
async function* sheetAsText(
  file: Uint8Array,
  entries: readonly ZipEntry[],
  name: string,
  sheet: string | undefined,
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  let text = '';
  let line = 0;
  for await (const { number, cells } of readSheet(file, entries, name, sheet)) {
    text += '\r\n'.repeat(Math.max(0, number - line - 1));
    text += csvLine(
      cells.map((cell) => cell.replaceAll(/\s*[\r\n]+\s*/g, ' ')),
      { formulaGuard: false },
    );
    line = number;
    if (text.length < 64 * 1024) continue;
    yield encoder.encode(text);
    text = '';
  }
  if (text !== '') yield encoder.encode(text);
}
