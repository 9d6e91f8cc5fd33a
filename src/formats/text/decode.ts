import { Unreadable } from '#kernel/unreadable';

export type ByteSource = AsyncIterable<Uint8Array>;

/** Large enough that per-chunk costs vanish; small enough that what is made of a chunk is gone before the collector takes it for old. */
export const steadyChunkBytes = 16 * 1024;

/** Bytes in memory, as a source. */
export async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** The same bytes in chunks of 16 kB, whatever the sizes they arrive in: neither a byte a time nor a whole file at once. */
export async function* steadyChunks(source: ByteSource): AsyncGenerator<Uint8Array> {
  let waiting: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of source) {
    if (chunk.length === 0) continue;
    if (waiting.length === 0 && chunk.length >= steadyChunkBytes) {
      for (let from = 0; from < chunk.length; from += steadyChunkBytes) yield chunk.subarray(from, from + steadyChunkBytes);
      continue;
    }
    waiting.push(chunk);
    size += chunk.length;
    if (size < steadyChunkBytes) continue;
    const joined = Buffer.concat(waiting, size);
    waiting = [];
    size = 0;
    for (let from = 0; from < joined.length; from += steadyChunkBytes) yield joined.subarray(from, from + steadyChunkBytes);
  }
  if (size > 0) yield Buffer.concat(waiting, size);
}

/**
 * The text of a source, chunk by chunk, without a leading byte order mark. Throws `Unreadable` for an encoding that is not
 * known and for the first byte that does not belong to it, naming byte and line.
 */
export async function* decodeText(source: ByteSource, encoding: string): AsyncGenerator<string> {
  const name = knownEncoding(encoding);
  let carried: Uint8Array = new Uint8Array(0);
  let bytesBefore = 0;
  let linesBefore = 0;
  const streaming = cutsSafely(name) ? null : new TextDecoder(name, { fatal: true });
  for await (const chunk of steadyChunks(source)) {
    const bytes = carried.length === 0 ? chunk : Buffer.concat([carried, chunk]);
    const whole = streaming ? bytes.length : wholeCharacters(bytes, name);
    const text = decodeChunk(bytes.subarray(0, whole), { name, streaming, bytesBefore, linesBefore });
    carried = bytes.slice(whole);
    bytesBefore += whole;
    linesBefore += countLines(text);
    const clean = bytesBefore === whole && text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
    if (clean !== '') yield clean;
  }
  if (carried.length > 0) decodeChunk(carried, { name, streaming, bytesBefore, linesBefore });
  if (streaming) decodeEnd(streaming, { name, bytesBefore, linesBefore });
}

interface Position {
  name: string;
  bytesBefore: number;
  linesBefore: number;
}

function decodeChunk(bytes: Uint8Array, at: Position & { streaming: TextDecoder | null }): string {
  try {
    if (at.streaming) return at.streaming.decode(bytes, { stream: true });
    return new TextDecoder(at.name, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    const bad = firstBadByte(bytes, at.name);
    const line = at.linesBefore + countLines(new TextDecoder(at.name).decode(bytes.subarray(0, bad))) + 1;
    throw notOfEncoding(at.name, { byte: at.bytesBefore + bad, line }, cause);
  }
}

function decodeEnd(streaming: TextDecoder, at: Position): void {
  try {
    streaming.decode();
  } catch (cause) {
    throw notOfEncoding(at.name, { byte: at.bytesBefore, line: at.linesBefore + 1 }, cause);
  }
}

function notOfEncoding(name: string, place: { byte: number; line: number }, cause: unknown): Unreadable {
  return new Unreadable('wrong-encoding', `Byte ${place.byte} (line ${place.line}) is not ${name} text`, {
    place,
    fix: 'Choose the encoding the file was saved in, or have it sent as UTF-8',
    cause,
  });
}

/** A prefix fails once it holds the bad byte, and never before: halving finds the byte. */
function firstBadByte(bytes: Uint8Array, name: string): number {
  let good = 0;
  let bad = bytes.length;
  while (good + 1 < bad) {
    const middle = (good + bad) >> 1;
    if (prefixDecodes(bytes.subarray(0, middle), name)) good = middle;
    else bad = middle;
  }
  return good;
}

function prefixDecodes(bytes: Uint8Array, name: string): boolean {
  try {
    new TextDecoder(name, { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

function knownEncoding(encoding: string): string {
  try {
    return new TextDecoder(encoding, { fatal: true }).encoding;
  } catch (cause) {
    throw new Unreadable('unknown-encoding', `The encoding "${encoding.slice(0, 40)}" is not known here`, {
      fix: 'Name one of the usual encodings, such as utf-8, utf-16le, windows-1252 or windows-1251',
      cause,
    });
  }
}

/** UTF and single-byte encodings can be cut at a place we can compute; the East Asian ones need the decoder's own memory. */
const cutsSafely = (name: string): boolean => !/^(gb|big5|euc|shift|iso-2022)/.test(name);

/** How many bytes from the start make whole characters; the rest waits for the next chunk. */
function wholeCharacters(bytes: Uint8Array, name: string): number {
  if (name === 'utf-8') return wholeUtf8(bytes);
  if (name !== 'utf-16le' && name !== 'utf-16be') return bytes.length;
  const even = bytes.length & ~1;
  const high = bytes[even - (name === 'utf-16le' ? 1 : 2)] ?? 0;
  return high >= 0xd8 && high <= 0xdb ? even - 2 : even;
}

function wholeUtf8(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return bytes.length;
    if (byte < 0xc0) continue;
    const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return needed > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

function countLines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
