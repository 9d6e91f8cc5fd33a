/** Fingerprints of lines: 64 bits each, as two numbers of 32 that stand beside each other. */
export class Prints {
  words = new Uint32Array(2 * 1024);
  length = 0;

  push(high: number, low: number): void {
    if (2 * this.length === this.words.length) {
      const larger = new Uint32Array(2 * this.words.length);
      larger.set(this.words);
      this.words = larger;
    }
    this.words[2 * this.length] = high;
    this.words[2 * this.length + 1] = low;
    this.length += 1;
  }

  at(place: number): bigint {
    return BigInt.asIntN(64, (BigInt(this.words[2 * place] ?? 0) << 32n) | BigInt(this.words[2 * place + 1] ?? 0));
  }

  bytes(): Uint8Array {
    return new Uint8Array(this.words.buffer, 0, 8 * this.length);
  }
}

/** The lines of the file before, by their fingerprints; each can be found once. */
export interface KnownLines {
  count: number;
  /** True when such a line was there and is not found yet. */
  find(high: number, low: number): boolean;
  /** Those that were found, and those that were not. */
  split(): { found: Prints; lost: Prints };
}

/** A table of places with open addressing, twice as large as what is in it: a million lines take 16 MB and 60 ms. */
export function knownLines(bytes: Uint8Array): KnownLines {
  const count = Math.floor(bytes.length / 8);
  const words = new Uint32Array(bytes.slice(0, 8 * count).buffer);
  const size = 1 << Math.max(4, Math.ceil(Math.log2(2 * count + 1)));
  const table = new Int32Array(size).fill(-1);
  const isFound = new Uint8Array(count);
  for (let place = 0; place < count; place += 1) {
    let slot = (words[2 * place + 1] ?? 0) & (size - 1);
    while (table[slot] !== -1) slot = (slot + 1) & (size - 1);
    table[slot] = place;
  }
  return {
    count,
    find(high, low) {
      for (let slot = low & (size - 1); ; slot = (slot + 1) & (size - 1)) {
        const place = table[slot] ?? -1;
        if (place === -1) return false;
        if (words[2 * place] === high >>> 0 && words[2 * place + 1] === low >>> 0 && isFound[place] === 0) {
          isFound[place] = 1;
          return true;
        }
      }
    },
    split() {
      const found = new Prints();
      const lost = new Prints();
      for (let place = 0; place < count; place += 1) {
        (isFound[place] === 1 ? found : lost).push(words[2 * place] ?? 0, words[2 * place + 1] ?? 0);
      }
      return { found, lost };
    },
  };
}

/** What was seen of a file while it went by. */
export interface Sifted {
  /** Lines that the file before had too, letter for letter: nothing on them needs reading. */
  same: number;
  /** Of each line that was handed on, after the ones up to the header: its number in the file, and its fingerprint. */
  lineOf: number[];
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
 * 64 bits of fingerprint. 1,000,000 lines of 40 bytes: 0.15 s. Throws `NotByLines` when a record does not end with its line.
 */
export async function* sift(source: AsyncIterable<Uint8Array>, sieve: Sieve, seen: Sifted): AsyncGenerator<Uint8Array> {
  const walk = lineWalk(sieve, seen);
  let rest: Uint8Array = new Uint8Array(0);
  for await (const chunk of source) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const { out, end } = walk(bytes);
    rest = bytes.slice(end);
    if (rest.length > longestLine) throw new NotByLines();
    if (out.length > 0) yield out;
  }
  if (rest.length > 0) {
    const { out } = walk(Buffer.concat([rest, newLine]));
    // The line break is ours.
    if (out.length > 0) yield out.subarray(0, -1);
  }
}

const longestLine = 1_000_000;
const newLine = new Uint8Array([10]);
const quote = 34;

/** Walks whole lines of a chunk. The mixing is two multiplications per byte, stirred at the end of the line. */
function lineWalk({ delimiter, headerLines, known }: Sieve, seen: Sifted): (bytes: Uint8Array) => { out: Uint8Array; end: number } {
  const comma = delimiter.charCodeAt(0);
  let line = 0;
  return (bytes) => {
    const out = Buffer.allocUnsafe(bytes.length);
    let outAt = 0;
    let start = 0;
    let high = seedHigh;
    let low = seedLow;
    let isQuoted = false;
    let closedAt = -2;
    for (let at = 0; at < bytes.length; at += 1) {
      const byte = bytes[at] as number;
      if (byte !== 10) {
        high = Math.imul(high ^ byte, 0x9e3779b1);
        low = Math.imul(low ^ byte, 0x5f356495);
        low = (low << 13) | (low >>> 19);
        if (byte === quote) {
          // It opens a cell at its beginning, or goes on with one as the second of two; elsewhere in a bare cell it is a letter.
          if (isQuoted) closedAt = at;
          isQuoted = !isQuoted && (at === start || bytes[at - 1] === comma || closedAt === at - 1 || (line === 0 && at === 3 && bytes[0] === 0xef));
        }
        continue;
      }
      if (isQuoted || (line === 0 && hasBareReturn(bytes, start, at))) throw new NotByLines();
      line += 1;
      const isEmpty = at === start || (at === start + 1 && bytes[start] === 13);
      const isHeader = line <= headerLines;
      const one = stirred(high, low);
      const other = stirred(low, one);
      if (!isHeader && !isEmpty && known?.find(one, other)) seen.same += 1;
      else {
        outAt = copied(bytes, start, at + 1, out, outAt);
        if (!isHeader) {
          seen.lineOf.push(line);
          seen.prints.push(one, other);
        }
      }
      start = at + 1;
      high = seedHigh;
      low = seedLow;
    }
    return { out: out.subarray(0, outAt), end: start };
  };
}

/** The first line end decides how lines end, and a lone carriage return is one. */
function hasBareReturn(bytes: Uint8Array, start: number, end: number): boolean {
  const at = bytes.indexOf(13, start);
  return at >= 0 && at < end - 1;
}

const seedHigh = 0x2545f491;
const seedLow = 0x6c8e9cf5;

function stirred(one: number, other: number): number {
  const mixed = Math.imul(one ^ (one >>> 16), 0x85ebca6b) ^ Math.imul(other ^ (other >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** Byte by byte: for some tens of bytes a call of `copy` costs more. */
function copied(from: Uint8Array, start: number, end: number, to: Uint8Array, at: number): number {
  let place = at;
  for (let byte = start; byte < end; byte += 1, place += 1) to[place] = from[byte] as number;
  return place;
}
