import { pipeline, Transform, type Writable } from 'node:stream';
import { Fault } from '#kernel/fault';
import type { FileDrop } from '#ports/file-drop';
import { folderOf, isSafeName, isUnfinished, pathOf, under } from './names.ts';
import type { Entry, Place, WithPlace } from './place.ts';

const archiveName = 'archive';
/** What we write ourselves: orders, invoices; never a catalogue. */
const longestWrite = 50_000_000;

/** What a drop promises, over whichever place it lies in. Each call is one connection. */
export const makeDrop = (withPlace: WithPlace): FileDrop => ({
  list: async (folder, limit) => {
    const where = folderOf(folder);
    const entries = await withPlace((place) => place.entries(where));
    if (entries === null) throw noFolder(where);
    return entries
      .filter(({ kind, name }) => kind === 'file' && isSafeName(name) && !isUnfinished(name))
      .toSorted((one, other) => (one.name < other.name ? -1 : 1))
      .slice(0, limit)
      .map(({ name, sizeBytes, changedAt }) => ({ name, sizeBytes, ...(changedAt > 0 ? { changedAt } : {}) }));
  },
  read: async (folder, name, maxBytes) => {
    const path = pathOf(folder, name);
    return withPlace(async (place) => {
      const entry = await place.entry(path);
      if (entry?.kind !== 'file') throw new Fault('refused', 'no-file', `There is no file ${path} to read.`);
      if (entry.sizeBytes > maxBytes) throw tooLarge(path, maxBytes);
      return place.read(path, maxBytes);
    });
  },
  copy: async (folder, name, maxBytes, into) => {
    const path = pathOf(folder, name);
    await withPlace(async (place) => {
      const entry = await place.entry(path);
      if (entry?.kind !== 'file') throw new Fault('refused', 'no-file', `There is no file ${path} to read.`);
      if (entry.sizeBytes > maxBytes) throw tooLarge(path, maxBytes);
      await place.copy(path, limited(path, maxBytes, into));
    });
  },
  write: async (folder, name, bytes) => {
    const path = pathOf(folder, name);
    if (isUnfinished(name)) throw new Fault('refused', 'unsafe-name', `${name} would be taken for a file that is not finished.`);
    if (bytes.byteLength > longestWrite) throw tooLarge(path, longestWrite);
    await withPlace((place) => write(place, folderOf(folder), name, bytes));
  },
  exists: async (folder, name) => {
    const path = pathOf(folder, name);
    const archived = pathOf(under(folderOf(folder), archiveName), name);
    return withPlace(async (place) => (await place.entry(path)) !== null || (await place.entry(archived)) !== null);
  },
  archive: async (folder, name) => {
    pathOf(folder, name);
    await withPlace((place) => archive(place, folderOf(folder), name));
  },
});

/** A server can send more than it said the file has. */
function limited(path: string, mostBytes: number, into: NodeJS.WritableStream): Transform {
  let bytes = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > mostBytes) done(tooLarge(path, mostBytes));
      else done(null, chunk);
    },
  });
  pipeline(counted, into as Writable, () => {});
  return counted;
}

export const noFolder = (folder: string): Fault =>
  new Fault('misconfigured', 'no-folder', `There is no folder ${folder || '/'}. Make it, or correct its name in the settings.`, {
    evidence: { folder },
  });

export const tooLarge = (path: string, mostBytes: number): Fault =>
  new Fault('refused', 'too-large', `${path} has more than ${mostBytes} bytes, the most that is taken.`, { evidence: { mostBytes } });

/**
 * First under a name nobody picks up, then renamed. What is there already decides: the same bytes mean that we were here before,
 * other bytes are never written over. Once the new name has been sent and no answer came, nobody knows: `unknown`.
 */
async function write(place: Place, folder: string, name: string, bytes: Uint8Array): Promise<void> {
  const path = under(folder, name);
  for (const taken of [path, under(under(folder, archiveName), name)]) {
    const there = await place.entry(taken);
    if (there === null) continue;
    if (await isSame(place, taken, there, bytes)) return;
    throw new Fault('refused', 'name-taken', `${taken} is there already with other content; it was left as it is.`, {
      evidence: { path: taken },
    });
  }
  const half = `${path}.part`;
  await place.put(half, bytes);
  const put = await place.entry(half);
  if (put?.sizeBytes !== bytes.byteLength) {
    throw new Fault(
      'transient',
      'half-written',
      `${half} has ${put?.sizeBytes ?? 0} bytes instead of ${bytes.byteLength}; it was not renamed.`,
    );
  }
  try {
    await place.rename(half, path);
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'broke-off') throw error;
    throw new Fault('unknown', 'broke-off', `The connection was lost after ${path} was given its name; it may be there.`, {
      cause: error,
      evidence: { path },
    });
  }
}

async function isSame(place: Place, path: string, entry: Entry, bytes: Uint8Array): Promise<boolean> {
  if (entry.kind !== 'file' || entry.sizeBytes !== bytes.byteLength) return false;
  return Buffer.compare(await place.read(path, bytes.byteLength), bytes) === 0;
}

/** A partner may use one name every day; the second of a name is archived with its size and time in the name. */
async function archive(place: Place, folder: string, name: string): Promise<void> {
  const path = under(folder, name);
  const store = under(folder, archiveName);
  const entry = await place.entry(path);
  if (entry === null) {
    if ((await place.entry(under(store, name))) !== null) return;
    throw new Fault('refused', 'no-file', `There is no file ${path} to archive.`);
  }
  await place.makeFolder(store);
  const dot = name.lastIndexOf('.');
  const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
  for (const to of [name, `${stem}.${entry.changedAt}-${entry.sizeBytes}${ending}`]) {
    if ((await place.entry(under(store, to))) !== null) continue;
    await place.rename(path, under(store, to));
    return;
  }
  // Name, size and time are those of one that lies there: it was given twice.
  await place.remove(path);
}
