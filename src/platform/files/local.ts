import { constants } from 'node:fs';
import { link, lstat, mkdir, open, readdir, realpath, rename, unlink } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Fault } from '#kernel/fault';
import type { FileDrop } from '#ports/file-drop';
import { makeDrop, noFolder, tooLarge } from './drop.ts';
import type { Entry, Place } from './place.ts';

/** A drop on a disk of this machine, such as the folder an SFTP server of our own gives to a partner. Links are never followed. */
export const localDrop = (root: string): FileDrop => makeDrop((work) => work(placeOf(root)));

function placeOf(root: string): Place {
  /** The path on disk; throws unless the folder it is in really lies below the root. */
  const inside = async (path: string): Promise<string> => {
    const base = await realpath(root).catch((cause: unknown) => {
      throw told('', cause);
    });
    const parts = path.split('/');
    const folder = join(base, ...parts.slice(0, -1));
    const real = await realpath(folder).catch((cause: unknown) => {
      throw told(parts.slice(0, -1).join('/'), cause);
    });
    // The system's own way of writing a name may differ (case, on some disks), a link leads elsewhere.
    if (real !== folder && real.toLowerCase() !== folder.toLowerCase()) {
      throw new Fault('misconfigured', 'link', `${parts.slice(0, -1).join('/') || '/'} is a link, which is not followed.`);
    }
    return join(real, parts.at(-1) ?? '');
  };
  const doing = async <T>(path: string, work: (onDisk: string) => Promise<T>): Promise<T> => {
    const onDisk = await inside(path);
    return work(onDisk).catch((cause: unknown) => {
      throw told(path, cause);
    });
  };
  return {
    entries: async (folder) => {
      const onDisk = folder === '' ? `${await inside('x')}`.slice(0, -1 - sep.length) || sep : await inside(folder).catch(missing);
      if (onDisk === null) return null;
      const stat = await lstat(onDisk).catch(() => null);
      if (!stat?.isDirectory()) return null;
      const names = await readdir(onDisk);
      const found = await Promise.all(names.map((name) => entryOf(join(onDisk, name), name)));
      return found.filter((entry) => entry !== null);
    },
    entry: async (path) => {
      const onDisk = await inside(path).catch(missing);
      return onDisk === null ? null : entryOf(onDisk, path.split('/').at(-1) ?? '');
    },
    read: (path, mostBytes) =>
      doing(path, async (onDisk) => {
        const file = await open(onDisk, constants.O_RDONLY | constants.O_NOFOLLOW);
        try {
          const { size } = await file.stat();
          if (size > mostBytes) throw tooLarge(path, mostBytes);
          return new Uint8Array(await file.readFile());
        } finally {
          await file.close();
        }
      }),
    copy: (path, into) =>
      doing(path, async (onDisk) => {
        const file = await open(onDisk, constants.O_RDONLY | constants.O_NOFOLLOW);
        await pipeline(file.createReadStream(), into);
      }),
    put: (path, bytes) => doing(path, (onDisk) => writeSynced(onDisk, bytes)),
    rename: async (from, to) => {
      const target = await inside(to);
      await doing(from, async (onDisk) => {
        await renameToFree(onDisk, target);
      });
    },
    remove: (path) => doing(path, (onDisk) => unlink(onDisk)),
    makeFolder: (path) => doing(path, async (onDisk) => void (await mkdir(onDisk, { recursive: true, mode: 0o750 }))),
  };
}

async function renameToFree(from: string, to: string): Promise<void> {
  // A second name, then the first taken away: unlike a rename this fails when the name is taken.
  const linked = await link(from, to).then(
    () => true,
    (error: unknown) => {
      if (codeOf(error) === 'EPERM' || codeOf(error) === 'ENOTSUP' || codeOf(error) === 'ENOSYS') return false;
      throw error;
    },
  );
  if (linked) await unlink(from);
  else await rename(from, to);
}

async function writeSynced(onDisk: string, bytes: Uint8Array): Promise<void> {
  const file = await open(onDisk, constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW, 0o640);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function entryOf(onDisk: string, name: string): Promise<Entry | null> {
  const stat = await lstat(onDisk).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return null;
    throw told(name, error);
  });
  if (!stat) return null;
  const kind = stat.isFile() ? 'file' : stat.isDirectory() ? 'folder' : 'other';
  return { name, kind, sizeBytes: stat.size, changedAt: Math.floor(stat.mtimeMs / 1000) };
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? '';

const missing = (error: unknown): null => {
  if (error instanceof Fault && error.code === 'no-folder') return null;
  throw error;
};

function told(path: string, cause: unknown): Fault {
  if (cause instanceof Fault) return cause;
  const code = codeOf(cause);
  if (code === 'ENOENT' || code === 'ENOTDIR') return noFolder(path);
  if (code === 'EEXIST') return new Fault('refused', 'name-taken', `${path} cannot be given this name: it is taken.`, { cause });
  if (code === 'ELOOP') return new Fault('misconfigured', 'link', `${path} is a link, which is not followed.`, { cause });
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return new Fault('misconfigured', 'no-right', `${path || '/'} may not be used by the account the program runs as (${code}).`, {
      cause,
    });
  }
  return new Fault(
    'transient',
    code === 'ENOSPC' || code === 'EDQUOT' ? 'disk-full' : 'disk',
    `${path || '/'} could not be used (${code}).`,
    { cause },
  );
}
