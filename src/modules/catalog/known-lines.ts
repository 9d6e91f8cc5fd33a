import { type LineMarks, Prints } from './prints.ts';

/** The lines of the file before, by their fingerprints and in their order; each can be found once. */
export interface KnownLines {
  /** True when such a line was there and is not found yet. May miss one that stands elsewhere now, which is then read again. */
  find(high: number, low: number): boolean;
  /** Those that were not found. */
  lost(): Prints;
}

/** So far around the next line an equal one is sought. */
const near = 8;
/** After so many misses on end the files are in different orders, and a table is worth its 60 ms per million lines. */
const patience = 64;

export function knownLines(bytes: Uint8Array): KnownLines {
  const count = Math.floor(bytes.length / 8);
  // Copied where it has to be: a small value of the database may lie anywhere in a buffer that many share.
  const words =
    bytes.byteOffset % 4 === 0
      ? new Uint32Array(bytes.buffer, bytes.byteOffset, 2 * count)
      : new Uint32Array(new Uint8Array(bytes.subarray(0, 8 * count)).buffer);
  const isFound = new Uint8Array(count);
  let elsewhere: ((high: number, low: number) => number) | null = null;
  let next = 0;
  let misses = 0;
  const isAt = (place: number, high: number, low: number): boolean =>
    words[2 * place] === low && words[2 * place + 1] === high && isFound[place] === 0;
  const found = (place: number): true => {
    isFound[place] = 1;
    next = place + 1;
    misses = 0;
    return true;
  };
  return {
    find(high, low) {
      if (isAt(next, high, low)) return found(next);
      for (let place = Math.max(0, next - near); place < next + near; place += 1) if (isAt(place, high, low)) return found(place);
      if (misses > patience) elsewhere ??= tableOf(words, isAt);
      const place = elsewhere?.(high, low) ?? -1;
      if (place >= 0) return found(place);
      misses += 1;
      next += 1;
      return false;
    },
    lost() {
      const lost = new Prints();
      for (let place = 0; place < count; place += 1) if (isFound[place] === 0) lost.push(words[2 * place + 1] ?? 0, words[2 * place] ?? 0);
      return lost;
    },
  };
}

/** Places by print, with open addressing, in a table twice as large as what is in it. */
function tableOf(words: Uint32Array, isAt: (place: number, high: number, low: number) => boolean): (high: number, low: number) => number {
  const count = words.length / 2;
  const size = 1 << Math.max(4, Math.ceil(Math.log2(2 * count + 1)));
  const table = new Int32Array(size).fill(-1);
  for (let place = 0; place < count; place += 1) {
    let slot = (words[2 * place] ?? 0) & (size - 1);
    while (table[slot] !== -1) slot = (slot + 1) & (size - 1);
    table[slot] = place;
  }
  return (high, low) => {
    for (let slot = low & (size - 1); ; slot = (slot + 1) & (size - 1)) {
      const place = table[slot] as number;
      if (place === -1 || isAt(place, high, low)) return place;
    }
  };
}

/** What was seen of a file while it went by. */
export interface Sifted {
  /** Lines that the file before had too, letter for letter: nothing on them needs reading. */
  same: number;
  /** Which lines after the header were handed on. */
  read: LineMarks;
  /** Of every line after the header. */
  prints: Prints;
}

export interface Sieve {
  /** One character of ASCII. */
  delimiter: string;
  /** So many lines at the beginning are always handed on. */
  headerLines: number;
  known: KnownLines | null;
}

/** Thrown for a file in which a line is not a record: a line break inside quotes, say. It has to be read as a whole. */
export class NotByLines extends Error {}

/**
 * Hands on the lines of delimited text that are not known, whole and in order, and counts the others. A line is taken for known by
 * 64 bits of fingerprint. 1,000,000 lines of 22 bytes: 0.1 s. Throws `NotByLines` when a record does not end with its line.
 */
export async function* sift(source: AsyncIterable<Uint8Array>, sieve: Sieve, seen: Sifted): AsyncGenerator<Uint8Array> {
  const walk = lineWalk(sieve, seen);
  let rest: Uint8Array = nothing;
  for await (const chunk of source) {
    let from = 0;
    if (rest.length > 0) {
      // Only the line that began before is put together, not the whole chunk.
      from = chunk.indexOf(lineEnd) + 1;
      rest = Buffer.concat([rest, from === 0 ? chunk : chunk.subarray(0, from)]);
      if (rest.length > longestLine) throw new NotByLines();
      if (from === 0) continue;
      const out = walk(rest);
      if (out.length > 0) yield out;
      rest = nothing;
    }
    const end = Math.max(from, chunk.lastIndexOf(lineEnd) + 1);
    if (end > from) {
      const out = walk(chunk.subarray(from, end));
      if (out.length > 0) yield out;
    }
    if (end < chunk.length) rest = Uint8Array.from(chunk.subarray(end));
    if (rest.length > longestLine) throw new NotByLines();
  }
  if (rest.length > 0) {
    const out = walk(Buffer.concat([rest, Uint8Array.of(lineEnd)]));
    // The line break is ours.
    if (out.length > 0) yield out.subarray(0, -1);
  }
}

const nothing = new Uint8Array(0);
const longestLine = 1_000_000;
const lineEnd = 10;
const quote = 34;

/** Takes whole lines. What it returns is a piece of what it was given, or a copy of its own where lines are left out. */
function lineWalk({ delimiter, headerLines, known }: Sieve, seen: Sifted): (bytes: Uint8Array) => Uint8Array {
  const comma = delimiter.charCodeAt(0);
  let line = 0;
  let scratch = nothing;
  return (bytes) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    if (scratch.length < bytes.length) scratch = new Uint8Array(bytes.length);
    // How far the copy is; −1 while nothing was left out and none is needed.
    let outAt = -1;
    let start = 0;
    // Sought once and kept until it is passed; from every line anew, a chunk with few quotes would be searched a thousand times.
    let quoteAt = bytes.indexOf(quote);
    for (let end = bytes.indexOf(lineEnd); end >= 0; end = bytes.indexOf(lineEnd, start)) {
      if (quoteAt >= 0 && quoteAt < start) quoteAt = bytes.indexOf(quote, start);
      if (line === 0 || (quoteAt >= 0 && quoteAt < end)) refuseUnlessRecord(bytes.subarray(start, end), comma, line === 0);
      line += 1;
      if (line > headerLines) {
        mix(view, start, end);
        seen.prints.push(mixed.high, mixed.low);
        const isEmpty = end === start || (end === start + 1 && bytes[start] === 13);
        if (!isEmpty && known?.find(mixed.high, mixed.low)) {
          seen.same += 1;
          if (outAt < 0) {
            scratch.set(bytes.subarray(0, start));
            outAt = start;
          }
          start = end + 1;
          continue;
        }
        seen.read.set(line - headerLines - 1);
      }
      if (outAt >= 0) outAt = copied(bytes, start, end + 1, scratch, outAt);
      start = end + 1;
    }
    return outAt < 0 ? bytes : scratch.slice(0, outAt);
  };
}

/** A quote opens a cell at its beginning, or goes on with one as the second of two; elsewhere in a bare cell it is a letter. */
function refuseUnlessRecord(line: Uint8Array, comma: number, isFirst: boolean): void {
  let isQuoted = false;
  let closedAt = -2;
  // A byte order mark stands before the first cell.
  const first = isFirst && line[0] === 0xef ? 3 : 0;
  for (let at = line.indexOf(quote); at >= 0; at = line.indexOf(quote, at + 1)) {
    if (isQuoted) closedAt = at;
    isQuoted = !isQuoted && (at === first || line[at - 1] === comma || closedAt === at - 1);
  }
  // A lone carriage return ends lines where it comes first, and counts as a line inside quotes.
  const returnAt = line.indexOf(13);
  if (isQuoted || (returnAt >= 0 && returnAt < line.length - 1)) throw new NotByLines();
}

/** The last fingerprint: two of 32 bits, from four bytes at a time. Kept here, as a pair for each of a million lines costs more than the mixing. */
const mixed = { high: 0, low: 0 };

function mix(view: DataView, start: number, end: number): void {
  let high = 0x2545f491;
  let low = 0x6c8e9cf5;
  let at = start;
  for (; at + 4 <= end; at += 4) {
    const word = view.getInt32(at, true);
    high = Math.imul(high ^ word, 0x9e3779b1);
    high = (high << 15) | (high >>> 17);
    low = Math.imul(low ^ word, 0x5f356495);
    low = (low << 13) | (low >>> 19);
  }
  let tail = end - start;
  for (; at < end; at += 1) tail = Math.imul(tail, 257) + view.getUint8(at);
  high = Math.imul(high ^ tail, 0x9e3779b1);
  low = Math.imul(low ^ tail, 0x5f356495);
  mixed.high = stirred(high, low);
  mixed.low = stirred(low, mixed.high);
}

function stirred(one: number, other: number): number {
  const together = Math.imul(one ^ (one >>> 16), 0x85ebca6b) ^ Math.imul(other ^ (other >>> 13), 0xc2b2ae35);
  return (together ^ (together >>> 16)) >>> 0;
}

/** Byte by byte: for some tens of bytes a call of `copy` costs more. */
function copied(from: Uint8Array, start: number, end: number, to: Uint8Array, at: number): number {
  let place = at;
  for (let byte = start; byte < end; byte += 1, place += 1) to[place] = from[byte] as number;
  return place;
}
