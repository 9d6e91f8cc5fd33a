import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import copyStreams from 'pg-copy-streams';
import type { Tx } from './tx.ts';

export type CopyValue = string | number | bigint | boolean | null | Temporal.Instant;

/**
 * Loads rows into a table of this transaction by COPY; returns how many. `table` and `columns` are our own words, never input.
 * Rows are turned to text in chunks, as one write per row would cost more than the COPY itself.
 */
export async function copyInto(
  tx: Tx,
  table: string,
  columns: readonly string[],
  rows: AsyncIterable<readonly CopyValue[]> | Iterable<readonly CopyValue[]>,
): Promise<number> {
  let count = 0;
  async function* chunks(): AsyncGenerator<string> {
    let chunk = '';
    for await (const row of rows) {
      chunk += copyLine(row);
      count += 1;
      if (chunk.length >= chunkLetters) {
        yield chunk;
        chunk = '';
      }
    }
    if (chunk) yield chunk;
  }
  const into = tx.client.query(copyStreams.from(`copy ${table} (${columns.join(', ')}) from stdin`));
  await pipeline(Readable.from(chunks(), { objectMode: true, highWaterMark: 4 }), into);
  return count;
}

/** The same for rows that come in batches: what waits is asked for once per batch, which of a million rows saves a second. */
export async function copyBatchesInto(
  tx: Tx,
  table: string,
  columns: readonly string[],
  batches: AsyncIterable<Iterable<readonly CopyValue[]>>,
): Promise<void> {
  async function* chunks(): AsyncGenerator<Buffer> {
    for await (const rows of batches) {
      let chunk = '';
      for (const row of rows) {
        chunk += copyLine(row);
        if (chunk.length < chunkLetters) continue;
        yield Buffer.from(chunk);
        chunk = '';
      }
      if (chunk) yield Buffer.from(chunk);
    }
  }
  const into = tx.client.query(copyStreams.from(`copy ${table} (${columns.join(', ')}) from stdin`));
  await pipeline(Readable.from(chunks(), { objectMode: true, highWaterMark: 2 }), into);
}

/** Loads text that already is in COPY's format: `format` names it, as in "format csv, header true". */
export async function copyTextInto(
  tx: Tx,
  table: string,
  columns: readonly string[],
  format: string,
  bytes: AsyncIterable<Uint8Array>,
): Promise<void> {
  const into = tx.client.query(copyStreams.from(`copy ${table} (${columns.join(', ')}) from stdin with (${format})`));
  await pipeline(Readable.from(bytes, { objectMode: false }), into);
}

/** Streams the rows of a query as CSV. The query is ours, never input. */
export function copyOut(tx: Tx, query: string): Readable {
  return tx.client.query(copyStreams.to(`copy (${query}) to stdout with (format csv, header true)`));
}

/** The same in the server's own binary form: a third of the work on both sides, for what is read a million rows at a time. */
export function copyOutBinary(tx: Tx, query: string): Readable {
  return tx.client.query(copyStreams.to(`copy (${query}) to stdout with (format binary)`));
}

/** Before the first row: a signature, flags, and the length of what may follow them. */
const binaryHeader = 19;

/** The bytes of the one value of the one row in a binary COPY; null where it is null or there is no row. Held in memory once. */
export async function readOnlyValue(copied: Readable): Promise<Uint8Array | null> {
  let head: Buffer = Buffer.alloc(0);
  let value: Uint8Array | null = null;
  let filled = 0;
  for await (const chunk of copied as AsyncIterable<Buffer>) {
    let rest = chunk;
    if (!value) {
      head = Buffer.concat([head, chunk]);
      // Two bytes say how many fields the row has, or −1 that there is none; four how long the field is, or −1 that it is null.
      if (head.length < binaryHeader + 6) continue;
      const length = head.readInt16BE(binaryHeader) === 1 ? head.readInt32BE(binaryHeader + 2) : -1;
      if (length < 0) continue;
      value = new Uint8Array(length);
      rest = head.subarray(binaryHeader + 6);
    }
    const part = rest.subarray(0, value.length - filled);
    value.set(part, filled);
    filled += part.length;
  }
  return value;
}

const chunkLetters = 64 * 1024;
const special = /[\\\t\n\r]/g;
const escapes: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

function copyLine(row: readonly CopyValue[]): string {
  let line = '';
  for (let place = 0; place < row.length; place += 1) {
    const value = row[place];
    if (place > 0) line += '\t';
    if (value === null || value === undefined) line += '\\N';
    else if (typeof value === 'string')
      line += special.test(value) ? value.replaceAll(special, (letter) => escapes[letter] ?? letter) : value;
    else line += String(value);
    special.lastIndex = 0;
  }
  return `${line}\n`;
}
