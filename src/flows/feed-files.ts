import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { problem } from '#kernel/problem';
import { Unreadable } from '#kernel/unreadable';
import type { Database } from '#platform/db';

/** Where feeds are worked on. */
export interface FeedRoom {
  db: Database;
  /** A folder of ours that all processes of this installation see; files lie in it from the upload until newer ones take their place. */
  folder: string;
  /** Told of what broke by a bug or the database; the run is marked as failed already. */
  trouble?: (error: unknown, run: { tenant: string; run: string }) => void;
}

export const mostFeedBytes = 2_000_000_000;

/** Raw files of runs end in `feed`, those that are only looked at in `preview`. */
export const pathOf = (folder: string, tenant: string, id: string, kind: 'feed' | 'preview' = 'feed'): string =>
  join(folder, tenant, `${id}.${kind}`);

/** Whole or not at all: under its name only when every byte is there. */
export async function keepFile(path: string, bytes: AsyncIterable<Uint8Array>): Promise<{ size: number; hash: string }> {
  const unfinished = `${path}.part`;
  const hash = createHash('sha256');
  let size = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of bytes) {
      size += chunk.length;
      if (size > mostFeedBytes)
        throw problem('too-large', `A feed has at most ${mostFeedBytes} bytes.`, { fix: 'Have it sent packed with gzip, or in parts.' });
      hash.update(chunk);
      yield chunk;
    }
  }
  await mkdir(dirname(path), { recursive: true, mode: 0o750 });
  try {
    await pipeline(Readable.from(counted(), { objectMode: false }), createWriteStream(unfinished, { mode: 0o640 }));
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
  return { size, hash: hash.digest('hex') };
}

export async function* openedFile(path: string, name: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(path, { highWaterMark: 256 * 1024 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new Unreadable('file-gone', `${name} is not in the folder of feeds any longer`, { fix: 'Have it sent again' });
  }
}

export const dropFiles = async (
  folder: string,
  tenant: string,
  ids: readonly string[],
  kind: 'feed' | 'preview' = 'feed',
): Promise<void> => {
  await Promise.all(ids.map((id) => rm(pathOf(folder, tenant, id, kind), { force: true })));
};
