import { gunzip, isGzip } from '#formats/gzip';
import { detectCsv } from '#formats/csv';
import { isEdi } from '#formats/edi';
import { type ByteSource, decodeText, dosPage, fromDos, guessEncoding, peekBytes } from '#formats/text';
import { Unreadable } from '#kernel/unreadable';
import { isZip } from '#formats/zip';
import { asCsv, checkStarts, guessStarts } from './fixed-width.ts';
import { openCsv } from './open-csv.ts';
import { openRecords } from './open-records.ts';
import { unzip } from './open-zip.ts';
import { checkTransforms } from './transform.ts';
import type { Opened } from './plan.ts';
import type { Feed, FeedBatch, FeedOptions } from './words.ts';

/** Enough for the column names, a few hundred rows, and the categories that stand before the offers in many an XML file. */
const headBytes = 256 * 1024;

/**
 * Looks at the beginning of the file and says how it is understood; the batches then read it. Throws `Unreadable` for what is
 * no feed at all: an empty file, a workbook, a web page, a damaged gzip.
 */
export async function openFeed(source: ByteSource, options: FeedOptions): Promise<Feed> {
  checkOptions(options);
  const packed = await peekBytes(source, headBytes);
  const opened: Opened = isGzip(packed.head)
    ? { ...(await peekBytes(gunzip(packed.whole), headBytes)), isGzip: true }
    : { ...packed, isGzip: false };
  if (isZip(opened.head)) return openZip(opened, options);
  return openUnpacked(opened, options);
}

/** What is inside a ZIP: a list by itself, or the sheet of a workbook. */
async function openZip(opened: Opened, options: FeedOptions): Promise<Feed> {
  const { kind, bytes } = await unzip(opened, options.name, options.mapping?.sheet);
  const inside: Opened = { ...(await peekBytes(bytes, headBytes)), isGzip: opened.isGzip };
  if (kind === 'file') return openUnpacked(inside, options);
  const { encoding: _encoding, delimiter: _delimiter, ...mapping } = options.mapping ?? {};
  if (inside.head.length === 0)
    throw stranger(options.name, 'is a workbook without a row', 'Look whether the list is on another sheet, or hidden');
  const feed = openCsv(inside, { ...options, mapping: { ...mapping, encoding: 'utf-8', delimiter: ',' } });
  return { ...feed, guess: { ...feed.guess, format: 'xlsx' } };
}

async function openUnpacked(given: Opened, options: FeedOptions): Promise<Feed> {
  const page = dosPage(options.mapping?.encoding);
  if (page === undefined) return openText(given, options);
  const recoded: Opened = { ...(await peekBytes(fromDos(given.whole, page), headBytes)), isGzip: given.isGzip };
  const feed = await openText(recoded, { ...options, mapping: { ...options.mapping, encoding: 'utf-8' } });
  return { ...feed, guess: { ...feed.guess, encoding: page } };
}

async function openText(opened: Opened, options: FeedOptions): Promise<Feed> {
  refuseStrangers(opened.head, options.name);
  const start = firstLetters(opened.head, options.mapping?.encoding);
  if (/^<(?:!doctype\s+html|html)/i.test(start))
    throw stranger(options.name, 'is a web page, often the sign-in page of the place it came from', 'Check the address and the password');
  if (isEdi(start)) return await openRecords('edi', opened, options);
  if (start.startsWith('<')) return await openRecords('xml', opened, options);
  if (/^(?:\{|\[\s*[{\]])/.test(start)) return await openRecords('json', opened, options);
  const starts = options.mapping?.starts ?? startsIn(opened.head, options);
  return starts === null ? openCsv(opened, options) : openFixed(opened, options, starts);
}

/** Where columns of fixed width begin, in a text that no sign cuts into columns. */
function startsIn(head: Uint8Array, { mapping = {} }: FeedOptions): number[] | null {
  if (mapping.delimiter !== undefined) return null;
  const { columns = 1, confidence, encoding } = detectCsv(head, mapping.encoding === undefined ? {} : { encoding: mapping.encoding });
  if (columns > 1 && confidence.delimiter >= sureDelimiter) return null;
  return guessStarts(new TextDecoder(encoding).decode(head));
}

/** Below this, what looks like a delimiter is a sign like any other. */
const sureDelimiter = 0.6;

async function openFixed(opened: Opened, options: FeedOptions, starts: number[]): Promise<Feed> {
  const { starts: _starts, ...mapping } = options.mapping ?? {};
  const encoding = mapping.encoding ?? guessEncoding(opened.head).encoding;
  const recoded: Opened = { ...(await peekBytes(asCsv(decodeText(opened.whole, encoding), starts), headBytes)), isGzip: opened.isGzip };
  const feed = openCsv(recoded, { ...options, mapping: { ...mapping, encoding: 'utf-8', delimiter: ',' } });
  return { ...feed, guess: { ...feed.guess, format: 'fixed-width', encoding, delimiter: null, starts } };
}

/** The batches alone, for a feed whose mapping is settled. */
export async function* readFeed(source: ByteSource, options: FeedOptions): AsyncGenerator<FeedBatch> {
  const feed = await openFeed(source, options);
  yield* feed.batches;
}

function checkOptions({ observedCurrency, mapping }: FeedOptions): void {
  if (observedCurrency !== undefined && !/^[A-Z]{3}$/.test(observedCurrency))
    throw new RangeError(`"${observedCurrency}" is not a currency code`);
  if (mapping?.delimiter !== undefined && mapping.delimiter.length !== 1) throw new RangeError('A delimiter is one character');
  if (mapping?.starts !== undefined) checkStarts(mapping.starts);
  checkTransforms(mapping?.transforms);
}

function firstLetters(head: Uint8Array, encoding: string | undefined): string {
  const beginning = head.subarray(0, 4096);
  const name = encoding ?? guessEncoding(head).encoding;
  try {
    return new TextDecoder(name).decode(beginning).trimStart();
  } catch (cause) {
    throw new Unreadable('unknown-encoding', `The encoding "${name.slice(0, 40)}" is not known here`, {
      fix: 'Name one such as utf-8 or windows-1252',
      cause,
    });
  }
}

function refuseStrangers(head: Uint8Array, name: string): void {
  if (head.length === 0) throw stranger(name, 'is empty', 'Have it sent again; nothing was changed');
  const magic = (...bytes: number[]): boolean => bytes.every((byte, at) => head[at] === byte);
  if (isGzip(head)) throw stranger(name, 'is packed twice', 'Have it packed once');
  if (isZip(head)) throw stranger(name, 'is packed twice', 'Have it packed once');
  if (magic(0xd0, 0xcf, 0x11, 0xe0)) throw stranger(name, 'is an old Excel workbook', 'Save the sheet as CSV (UTF-8)');
  if (magic(0x25, 0x50, 0x44, 0x46)) throw stranger(name, 'is a PDF', 'Ask for the list as CSV, XML or JSON');
}

const stranger = (name: string, what: string, fix: string): Unreadable => new Unreadable('not-a-feed', `${name} ${what}`, { fix });
