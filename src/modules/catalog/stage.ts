import { createHash } from 'node:crypto';
import {
  type FeedBatch,
  type FeedGuess,
  type FeedMapping,
  type FeedOptions,
  feedFields,
  openFeed,
  type RefusedFeedRow,
} from '#formats/feed';
import { gunzip, isGzip } from '#formats/gzip';
import { oneChunk } from '#formats/text';
import { isZip } from '#formats/zip';
import { type CopyValue, copyBatchesInto, type Tx } from '#platform/db';
import type { FeedImport, RefusedRow } from './feed-words.ts';
import { knownLines, type Sifted, sift } from './known-lines.ts';
import { LineMarks, Prints } from './prints.ts';
import { saidColumns } from './store-feed.ts';

/** What a file said, apart from its rows, which are in `feed_said`. */
export interface Staged {
  taken: number;
  unreadable: number;
  /** Lines that were known from the file before and not read again. */
  same: number;
  refused: RefusedRow[];
  /** Whether it tells of stock at all. */
  hasStock: boolean;
  /** The lines of the file before that this one does not have; null when it was not held against them. */
  lost: Prints | null;
  /** Its lines, for the next file to be held against; null when lines mean nothing in this file. */
  lines: FeedLines | null;
  /** How it was read: what the lines' prints hold for. */
  reading: Uint8Array;
  contentHash: Uint8Array | null;
}

/** Lines count from 0 for the first after the header. */
export interface FeedLines {
  headerLines: number;
  prints: Prints;
  /** Those that were read; the others are known. */
  read: LineMarks;
  /** Those that a row was taken from. */
  taken: LineMarks;
  /** Whether it has the very lines of the file before, so that what is kept of those holds for it too. */
  isAsBefore: boolean;
}

/** Leaves the prints of lines that are known next time: none of these lines of the file, in which numbers stand that occur twice. */
export function listPrints({ headerLines, prints, read, taken }: FeedLines, twice: Iterable<number>): Prints {
  for (const line of twice) taken.clear(line - headerLines - 1);
  prints.keepOnly((line) => !read.has(line) || taken.has(line));
  return prints;
}

/** What is kept of the file before; its prints are fetched when they are needed, and held no longer than that. */
export interface Before {
  reading: Uint8Array | null;
  prints(): Promise<Uint8Array | null>;
}

const mostRefused = 1_000;
const headBytes = 256 * 1024;
const nothing = new Uint8Array(0);

/** Thrown when somebody asked for an end. */
export class FeedCancelled extends Error {}

/** Only what the file before did not have; every line; or without any regard to lines. */
export type Reading = 'new-lines' | 'all-lines' | 'whole';

/**
 * Brings a file's rows into `feed_said`. Of delimited text, only lines that the file before did not have are read at all; any other
 * file is read as a whole. Throws `NotByLines` or `Unreadable` where reading it as a whole may do better or says better why not.
 */
export async function stageFeed(tx: Tx, ask: FeedImport, how: Reading, options: FeedOptions, before: Before): Promise<Staged> {
  if ('rows' in ask.content) return stageRows(tx, ask, ask.content.rows);
  const { open } = ask.content;
  const head = await headOf(open());
  const unpacked = isGzip(head) ? () => gunzip(watched(open(), ask)) : () => watched(open(), ask);
  const first = isGzip(head) ? await headOf(gunzip(open())) : head;
  // Of a ZIP the beginning says nothing: what is in it stands at its end.
  if (isZip(first)) return stageWhole(tx, ask, unpacked, options);
  const { guess } = await openFeed(oneChunk(first), options);
  const settled = settledMapping(guess, options.mapping);
  if (settled && how !== 'whole')
    return stageLines(tx, ask, {
      open: unpacked,
      guess,
      options: { ...options, mapping: settled },
      before: how === 'all-lines' ? null : before,
    });
  return stageWhole(tx, ask, unpacked, options);
}

async function stageLines(
  tx: Tx,
  ask: FeedImport,
  file: { open: () => AsyncIterable<Uint8Array>; guess: FeedGuess; options: FeedOptions; before: Before | null },
): Promise<Staged> {
  const { guess, options, before } = file;
  const reading = createHash('sha256')
    .update(JSON.stringify([2, options.mapping, options.observedCurrency, guess.headers]))
    .digest();
  const prints = before?.reading && reading.equals(before.reading) ? await before.prints() : null;
  const known = prints ? knownLines(prints) : null;
  const seen: Sifted = { same: 0, read: new LineMarks(), prints: new Prints() };
  const headerLines = guess.headerRow ?? 0;
  const hash = createHash('sha256');
  const sifted = sift(hashed(file.open(), hash), { delimiter: guess.delimiter ?? ',', headerLines, known }, seen);
  const { batches } = await openFeed(sifted, options);
  const byLines: ByLines = { seen, headerLines, taken: new LineMarks(), hasStock: hasStockIn(guess) };
  const staging = stagingOf(byLines);
  await copyBatchesInto(tx, 'feed_said', saidColumns, staging.batchesOf(batches));
  const lost = known?.lost() ?? null;
  const isAsBefore = lost?.length === 0 && seen.same === seen.prints.length;
  return {
    ...staging.result(),
    same: seen.same,
    hasStock: byLines.hasStock,
    lost,
    lines: { headerLines, prints: seen.prints, read: seen.read, taken: byLines.taken, isAsBefore },
    reading,
    contentHash: hash.digest(),
  };
}

async function stageWhole(tx: Tx, ask: FeedImport, open: () => AsyncIterable<Uint8Array>, options: FeedOptions): Promise<Staged> {
  const hash = createHash('sha256');
  const { guess, batches } = await openFeed(hashed(open(), hash), options);
  const staging = stagingOf(null);
  await copyBatchesInto(tx, 'feed_said', saidColumns, staging.batchesOf(batches));
  return { ...staging.result(), ...readWhole, hasStock: hasStockIn(guess), contentHash: hash.digest() };
}

async function stageRows(tx: Tx, ask: FeedImport, batches: AsyncIterable<FeedBatch>): Promise<Staged> {
  const staging = stagingOf(null);
  let done = 0;
  async function* counted(): AsyncGenerator<FeedBatch> {
    for await (const batch of batches) {
      yield batch;
      done += batch.rows.length + batch.refused.length;
      await goOn(ask, done);
    }
  }
  await copyBatchesInto(tx, 'feed_said', saidColumns, staging.batchesOf(counted()));
  return { ...staging.result(), ...readWhole, hasStock: true, contentHash: null };
}

const readWhole = { same: 0, lost: null, lines: null, reading: nothing } as const;

const hasStockIn = ({ columns }: FeedGuess): boolean => columns.quantity !== undefined || columns.availability !== undefined;

interface ByLines {
  seen: Sifted;
  headerLines: number;
  taken: LineMarks;
  hasStock: boolean;
}

/** Turns batches into rows of `feed_said`, and keeps what is to be said of them. */
function stagingOf(byLines: ByLines | null) {
  let place = 0;
  let taken = 0;
  let unreadable = 0;
  const refused: RefusedRow[] = [];
  /** Rows come with the line they have among those that were handed on. */
  const lineOf = (line: number): number => {
    if (!byLines) return line;
    const at = byLines.seen.read.nth(line - byLines.headerLines - 1);
    return at < 0 ? line : at + byLines.headerLines + 1;
  };
  const refuse = ({ line, field, value, why, supplierSku }: RefusedFeedRow): CopyValue[] | null => {
    unreadable += 1;
    // Some reasons name the line, as it stands among those that were handed on.
    if (refused.length < mostRefused)
      refused.push({ line: lineOf(line), field, value, why: why.replace(`Line ${line} `, `Line ${lineOf(line)} `) });
    if (!supplierSku) return null;
    place += 1;
    return [place, lineOf(line), clean(supplierSku), null, null, null, null, null, null, null, null, null, null, null, true];
  };
  function* rowsOf(batch: FeedBatch): Generator<CopyValue[]> {
    for (const row of batch.rows) {
      place += 1;
      taken += 1;
      const line = lineOf(row.line);
      let print: bigint | null = null;
      // A row that leaves its stock open may be told more of by the promises that are out: it is read each time.
      if (byLines && (row.quantity !== null || !byLines.hasStock)) {
        const at = line - byLines.headerLines - 1;
        print = byLines.seen.prints.at(at);
        byLines.taken.set(at);
      }
      yield [
        place,
        line,
        clean(row.supplierSku),
        row.title && clean(row.title),
        row.brand && clean(row.brand),
        row.gtin,
        row.mpn && clean(row.mpn),
        row.costMinor,
        row.currency,
        row.quantity,
        row.available,
        row.packSize,
        row.leadDays,
        print,
        false,
      ];
    }
    for (const row of batch.refused) {
      const told = refuse(row);
      if (told) yield told;
    }
  }
  async function* batchesOf(batches: AsyncIterable<FeedBatch>): AsyncGenerator<Generator<CopyValue[]>> {
    for await (const batch of batches) yield rowsOf(batch);
  }
  return { batchesOf, result: () => ({ taken, unreadable, refused }) };
}

/** The database has no zero character in its text. */
const clean = (text: string): string => (text.includes('\0') ? text.replaceAll('\0', '') : text);

/** Encodings in which a byte below 128 is that letter and nothing else, so that lines can be told apart without decoding. */
const plainEncoding = /^(?:utf-8|ascii|us-ascii|windows-12\d\d|iso-8859-\d+|koi8-[ru])$/i;

/** Everything that was guessed from the beginning of the file, said outright, so that any part of it is read alike; null when it cannot be. */
function settledMapping(guess: FeedGuess, mapping: FeedMapping = {}): FeedMapping | null {
  const { delimiter, encoding, headerRow, decimal } = guess;
  // Rows that belong together are no use line by line.
  if (guess.fillDown !== null || mapping.shortRows === 'fill' || Object.keys(guess.transforms).length > 0) return null;
  if (guess.format !== 'csv' || delimiter === null || headerRow === null || decimal === null || !guess.columns.supplierSku) return null;
  if (!plainEncoding.test(encoding) || !/^[\t -~]$/.test(delimiter)) return null;
  if (guess.columns.supplierSku.confidence < sureEnough) return null;
  const columns = Object.fromEntries(
    feedFields.map((field) => {
      const column = guess.columns[field]?.column;
      return [field, column === undefined ? null : `#${guess.headers.indexOf(column) + 1}`];
    }),
  );
  return { ...mapping, columns, encoding, delimiter, headerRow, decimal };
}

/** Below this a file is not read on a guess; the whole reading says so. */
const sureEnough = 0.4;

async function headOf(source: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of source) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= headBytes) break;
  }
  return Buffer.concat(chunks);
}

async function* hashed(source: AsyncIterable<Uint8Array>, hash: { update(bytes: Uint8Array): unknown }): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    hash.update(chunk);
    yield chunk;
  }
}

/** Says how far it is, and ends when somebody wants that. */
async function* watched(source: AsyncIterable<Uint8Array>, ask: FeedImport): AsyncGenerator<Uint8Array> {
  let done = 0;
  for await (const chunk of source) {
    yield chunk;
    done += chunk.length;
    await goOn(ask, done);
  }
}

async function goOn(ask: FeedImport, done: number): Promise<void> {
  await ask.onProgress?.(done);
  if (ask.cancelled?.()) throw new FeedCancelled('The import was cancelled');
}
