/** Feeds from a partner's folder, by SFTP, FTP or on our own disk: the newest file, or all of them in order; archived after, or left. */
import { PassThrough } from 'node:stream';
import type { FeedDoor, FeedFetched, FetchedFile, KeepFile } from '#ports/feed-door';
import type { DroppedFile, FileDrop } from '#ports/file-drop';
import { fitsPattern } from '#kernel/glob';
import { textOf } from '#kernel/text';

interface Settings {
  folder: string;
  /** `stock-*.csv`; every file unless said. */
  pattern: string;
  take: 'newest' | 'all';
  after: 'archive' | 'leave';
}

/** How much of a folder is looked at, and taken at once. */
const mostListed = 5_000;
const mostAtOnce = 20;
const mostRemembered = 500;

export const folderFeed = (given: Readonly<Record<string, unknown>>, drop: FileDrop, mostBytes: number): FeedDoor => ({
  async fetch(seen, keep) {
    const settings = settle(given);
    // What was taken last time is kept by now.
    const done = listOf(seen['done']);
    for (const name of done) await drop.archive(settings.folder, name).catch(goneAlready);
    const known = new Set(listOf(seen['known']));
    const listed = (await drop.list(settings.folder, mostListed)).filter(
      ({ name }) => fitsPattern(settings.pattern, name) && !done.includes(name),
    );
    const fresh = listed.filter((file) => !known.has(printOf(file)));
    const order = fresh.toSorted((one, other) => (one.changedAt ?? 0) - (other.changedAt ?? 0) || (one.name < other.name ? -1 : 1));
    const chosen = settings.take === 'newest' ? order.slice(-1) : order.slice(0, mostAtOnce);
    const files: FetchedFile[] = [];
    for (const file of chosen) files.push(await taken(drop, settings.folder, file, mostBytes, keep));
    // Older ones than the newest are passed over for good.
    const passed = settings.take === 'newest' ? order : chosen;
    return {
      files,
      seen: {
        known: [...known, ...passed.map(printOf)].slice(-mostRemembered),
        done: settings.after === 'archive' ? passed.map(({ name }) => name) : [],
      },
      isCurrent: files.length === 0 && settings.after === 'leave' && listed.length > 0,
      more: settings.take === 'all' && order.length > chosen.length,
    } satisfies FeedFetched;
  },
});

const listOf = (value: unknown): string[] => (Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []);
const printOf = ({ name, sizeBytes, changedAt }: DroppedFile): string => `${name}|${sizeBytes}|${changedAt ?? ''}`;

/** Somebody tidied up before us. */
function goneAlready(error: unknown): void {
  if ((error as { code?: unknown }).code !== 'no-file') throw error;
}

async function taken(drop: FileDrop, folder: string, file: DroppedFile, mostBytes: number, keep: KeepFile): Promise<FetchedFile> {
  const written = file.changedAt ? { writtenAt: Temporal.Instant.fromEpochMilliseconds(file.changedAt * 1000) } : {};
  if (!drop.copy) {
    const bytes = await drop.read(folder, file.name, mostBytes);
    return { ...(await keep(file.name, one(bytes))), ...written };
  }
  const pipe = new PassThrough();
  const copying = drop.copy(folder, file.name, mostBytes, pipe).catch((error: Error) => {
    pipe.destroy(error);
    throw error;
  });
  const [kept] = await Promise.all([keep(file.name, pipe), copying]);
  return { ...kept, ...written };
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function settle(given: Readonly<Record<string, unknown>>): Settings {
  return {
    folder: textOf(given['folder']),
    pattern: textOf(given['pattern'], '*').slice(0, 200),
    take: given['take'] === 'all' ? 'all' : 'newest',
    after: given['after'] === 'archive' ? 'archive' : 'leave',
  };
}
