import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { detectCsv, readCsvBatches } from '#formats/csv';
import { gunzip, isGzip } from '#formats/gzip';
import { Unreadable } from '#kernel/unreadable';
import type { RawRow } from './read.ts';

const columns = ['invoiceno', 'stockcode', 'description', 'quantity', 'invoicedate', 'unitprice', 'customerid', 'country'] as const;
const headBytes = 262_144;

/** The rows of a CSV file, packed with gzip or plain. Throws `Unreadable` when it is no such file; a ragged row is handed on as such. */
export async function rowsOf(path: string): Promise<{ rows: RawRow[]; ragged: number[] }> {
  const rows: RawRow[] = [];
  const ragged: number[] = [];
  const { encoding, delimiter } = detectCsv(await headOf(path));
  let places: number[] | null = null;
  for await (const batch of readCsvBatches(await bytesOf(path), { encoding, delimiter, headerRow: 1 })) {
    for (const record of batch) {
      if (record.kind === 'header') places = placesOf(record.cells);
      else if (record.kind === 'problem' || !places) ragged.push(record.line);
      else rows.push(rowOf(record.line, record.cells, places));
    }
  }
  if (!places) throw new Unreadable('no-header', 'The file is empty', { fix: `Its first line has to name ${columns.join(', ')}` });
  return { rows, ragged };
}

function placesOf(cells: readonly string[]): number[] {
  const names = cells.map((cell) => cell.toLowerCase().replaceAll(/[^a-z]/g, ''));
  return columns.map((column) => {
    const place = names.indexOf(column === 'invoiceno' && !names.includes(column) ? 'invoice' : column);
    if (place < 0)
      throw new Unreadable('no-column', `The file has no column ${column}`, { fix: `Its first line has to name ${columns.join(', ')}` });
    return place;
  });
}

function rowOf(line: number, cells: readonly string[], places: readonly number[]): RawRow {
  const [invoice = '', sku = '', title = '', quantity = '', date = '', price = '', customer = '', country = ''] = places.map(
    (place) => cells[place] ?? '',
  );
  return { line, invoice, sku, title, quantity, date, price, customer, country };
}

async function bytesOf(path: string): Promise<AsyncIterable<Uint8Array>> {
  const file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0).finally(() => file.close());
  const stream = createReadStream(path, { highWaterMark: headBytes });
  return isGzip(buffer.subarray(0, bytesRead)) ? gunzip(stream) : stream;
}

async function headOf(path: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of await bytesOf(path)) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= headBytes) break;
  }
  return Buffer.concat(chunks);
}
