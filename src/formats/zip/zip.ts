import { createInflateRaw } from 'node:zlib';
import { pipeline, Readable } from 'node:stream';
import { Unreadable } from '#kernel/unreadable';

export interface ZipEntry {
  /** With its folders, as written inside. */
  name: string;
  /** Unpacked, as the directory says. */
  size: number;
  packed: number;
  /** Its bytes; throws `Unreadable` when they are damaged, or more than the directory says. */
  bytes(): AsyncGenerator<Uint8Array>;
}

/** Packed, a product list of a million rows takes some 30 MB. The directory stands at a ZIP's end, so all of it is held. */
export const mostZipBytes = 200 * 1024 ** 2;
export const zipLimits = { entries: 1_000, bytes: 4 * 1024 ** 3, ratio: 200 };

/** Below this much output the ratio says nothing. */
const ratioFromBytes = 4 * 1024 ** 2;
const endSignature = 0x06054b50;
const directorySignature = 0x02014b50;
const localSignature = 0x04034b50;
const longestComment = 65_535;

export const isZip = (head: Uint8Array): boolean => head[0] === 0x50 && head[1] === 0x4b && (head[2] === 3 || head[2] === 5);

/** Reads the directory at the end (APPNOTE 6.3.10, 4.3). Throws `Unreadable` for what is cut off, locked, split or made to burst. */
export function readZip(file: Uint8Array, name: string): ZipEntry[] {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const end = endOf(view);
  if (end < 0) throw broken(name, 'is cut off: its directory, which stands at the end, is missing');
  const count = view.getUint16(end + 10, true);
  if (view.getUint16(end + 4, true) !== 0) throw broken(name, 'is one part of several');
  if (count > zipLimits.entries) throw refused(name, `has ${count} files in it; at most ${zipLimits.entries} are read`);
  const entries: ZipEntry[] = [];
  let at = view.getUint32(end + 16, true);
  let total = 0;
  for (let nth = 0; nth < count; nth += 1) {
    if (at + 46 > view.byteLength || view.getUint32(at, true) !== directorySignature) throw broken(name, 'has a damaged directory');
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true)) as [
      number,
      number,
      number,
    ];
    const entry = {
      flags: view.getUint16(at + 8, true),
      method: view.getUint16(at + 10, true),
      packed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      start: view.getUint32(at + 42, true),
      name: new TextDecoder().decode(file.subarray(at + 46, at + 46 + nameLength)),
    };
    at += 46 + nameLength + extraLength + commentLength;
    if (entry.name.endsWith('/')) continue;
    refuseEntry(entry, name);
    total += entry.size;
    if (total > zipLimits.bytes) throw refused(name, `unpacks to more than ${zipLimits.bytes} bytes`);
    entries.push({ name: entry.name, size: entry.size, packed: entry.packed, bytes: () => unpacked(file, view, entry, name) });
  }
  return entries;
}

interface Listed {
  flags: number;
  method: number;
  packed: number;
  size: number;
  start: number;
  name: string;
}

function refuseEntry(entry: Listed, name: string): void {
  if (entry.flags & 1)
    throw new Unreadable('locked', `${entry.name} in ${name} is locked with a password`, { fix: 'Have it sent without one' });
  if (entry.method !== 0 && entry.method !== 8) throw refused(name, `is packed in a way that is not read here (method ${entry.method})`);
  if (entry.size === 0xffffffff || entry.packed === 0xffffffff) throw refused(name, 'has a file of 4 GB or more in it');
  if (entry.size > ratioFromBytes && entry.size > Math.max(1, entry.packed) * zipLimits.ratio) throw burst(name);
}

/** From the end backwards, as a comment may follow. */
function endOf(view: DataView): number {
  for (let at = view.byteLength - 22; at >= Math.max(0, view.byteLength - 22 - longestComment); at -= 1)
    if (view.getUint32(at, true) === endSignature) return at;
  return -1;
}

async function* unpacked(file: Uint8Array, view: DataView, entry: Listed, name: string): AsyncGenerator<Uint8Array> {
  const { start, packed, size, method } = entry;
  if (start + 30 > view.byteLength || view.getUint32(start, true) !== localSignature)
    throw broken(name, `has nothing where ${entry.name} should be`);
  const from = start + 30 + view.getUint16(start + 26, true) + view.getUint16(start + 28, true);
  const bytes = file.subarray(from, from + packed);
  if (bytes.length < packed) throw broken(name, 'is cut off');
  if (method === 0) {
    yield bytes;
    return;
  }
  const inflating = createInflateRaw({ chunkSize: 64 * 1024 });
  pipeline(Readable.from([Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)]), inflating, () => undefined);
  let out = 0;
  try {
    for await (const chunk of inflating as AsyncIterable<Buffer>) {
      out += chunk.length;
      if (out > size) throw burst(name);
      yield chunk;
    }
  } catch (error) {
    throw error instanceof Unreadable ? error : broken(name, `is damaged inside ${entry.name}`);
  } finally {
    inflating.destroy();
  }
  if (out < size) throw broken(name, `is damaged inside ${entry.name}`);
}

const broken = (name: string, what: string): Unreadable =>
  new Unreadable('damaged', `${name} ${what}`, { fix: 'Have it sent again; nothing was changed' });
const refused = (name: string, what: string): Unreadable =>
  new Unreadable('too-large', `${name} ${what}`, { fix: 'Have it sent unpacked, or in parts' });
const burst = (name: string): Unreadable =>
  new Unreadable('suspicious-ratio', `${name} unpacks to far more than it says or than any product list does`, {
    fix: 'Look at the file by hand before trusting its sender',
  });
