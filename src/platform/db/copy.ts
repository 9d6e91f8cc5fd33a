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
