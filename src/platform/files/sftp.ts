import { createHash, timingSafeEqual } from 'node:crypto';
import { Writable } from 'node:stream';
import type SftpClient from 'ssh2-sftp-client';
import { Fault } from '#kernel/fault';
import { type AllowList, checkedAddress } from '#platform/api';
import type { FileDrop } from '#ports/file-drop';
import { makeDrop, noFolder, tooLarge } from './drop.ts';
import type { Entry, Place } from './place.ts';

export interface SftpOptions {
  host: string;
  port?: number;
  user: string;
  password?: string;
  /** In OpenSSH's or PEM format. */
  privateKey?: string;
  passphrase?: string;
  /** As `ssh-keygen -l` shows it, `SHA256:…`; confirmed by a person once. Another key means another server, and nothing is sent. */
  hostFingerprint: string;
  /** Where the agreed folders lie; where the login starts unless said. */
  root?: string;
  timeoutMs?: number;
  /** Left out for servers that the operator named; given for those a tenant typed in. */
  guard?: AllowList;
}

/** A drop on a partner's SFTP server. One connection per call; the server is known by its key. */
export const sftpDrop = (options: SftpOptions): FileDrop =>
  makeDrop(async (work) => {
    const { client, base } = await connect(options);
    try {
      return await work(placeOf(client, base));
    } finally {
      // What was done is done; how the connection ends is nobody's concern, and it may never say.
      void client.end().catch(() => {});
    }
  });

async function connect(options: SftpOptions): Promise<{ client: SftpClient; base: string }> {
  const { host, port = 22, user, password, privateKey, passphrase, timeoutMs = 20_000, guard } = options;
  const address = guard ? await checkedAddress(host, port, guard) : host;
  const silent = (): void => {};
  // Loaded with the first connection: it takes 20 MB that an installation without one never needs.
  const { default: Sftp } = await import('ssh2-sftp-client');
  // Without these three, an error of a connection that is lost while nothing is asked would end the process or be printed.
  const client = new Sftp('stockless', { error: silent, end: silent, close: silent });
  let stranger = '';
  const hostVerifier = (key: Buffer): boolean => {
    const shown = createHash('sha256').update(key).digest('base64').replace(/=+$/, '');
    const fits = isEqual(shown, options.hostFingerprint.replace(/^SHA256:/, '').replace(/=+$/, ''));
    if (!fits) stranger = `SHA256:${shown}`;
    return fits;
  };
  try {
    await client.connect({
      host: address,
      port,
      username: user,
      hostVerifier,
      readyTimeout: timeoutMs,
      keepaliveInterval: 10_000,
      keepaliveCountMax: 3,
      ...(password === undefined ? {} : { password }),
      ...(privateKey === undefined ? {} : { privateKey }),
      ...(passphrase === undefined ? {} : { passphrase }),
    });
    // Small packets must not wait for each other: without this each answer takes 40 ms and large files crawl.
    (client as unknown as { client: { setNoDelay(on: boolean): void } }).client.setNoDelay(true);
    const base = options.root ?? (await client.cwd());
    return { client, base: base.replace(/\/+$/, '') };
  } catch (error) {
    void client.end().catch(() => {});
    throw notConnected(host, stranger, error);
  }
}

const isEqual = (one: string, other: string): boolean =>
  one.length === other.length && timingSafeEqual(Buffer.from(one, 'utf8'), Buffer.from(other, 'utf8'));

function notConnected(host: string, stranger: string, cause: unknown): Fault {
  if (cause instanceof Fault) return cause;
  const text = cause instanceof Error ? cause.message : String(cause);
  if (stranger !== '') {
    return new Fault(
      'misconfigured',
      'host-key-changed',
      `${host} shows another key than the one that was confirmed (${stranger}). Ask the partner whether they changed it, then confirm the new one.`,
      { evidence: { host, shown: stranger } },
    );
  }
  if (/authentication methods failed|permission denied|cannot parse privatekey|passphrase/i.test(text)) {
    return new Fault('misconfigured', 'login-failed', `${host} did not let us in. Check user, password and key.`, {
      cause,
      evidence: { host },
    });
  }
  return new Fault('transient', 'not-connected', `No connection to ${host}.`, { cause, evidence: { host } });
}

function placeOf(client: SftpClient, base: string): Place {
  const full = (path: string): string => (path === '' ? base || '/' : `${base}/${path}`);
  const doing = <T>(path: string, work: Promise<T>): Promise<T> =>
    work.catch((cause: unknown) => {
      throw told(path, cause);
    });
  return {
    entries: async (folder) => {
      const found = await client.list(full(folder)).catch((error: unknown) => {
        const fault = told(folder, error);
        if (fault.code === 'no-folder') return null;
        throw fault;
      });
      return found === null
        ? null
        : found.map(
            ({ name, type, size, modifyTime }): Entry => ({
              name,
              kind: kindOf(type),
              sizeBytes: size,
              changedAt: Math.floor(modifyTime / 1000),
            }),
          );
    },
    entry: async (path) => {
      const kind = await doing(path, client.exists(full(path)));
      if (kind === false) return null;
      const { size, modifyTime } = await doing(path, client.stat(full(path)));
      return { name: path.split('/').at(-1) ?? '', kind: kindOf(kind), sizeBytes: size, changedAt: Math.floor(modifyTime / 1000) };
    },
    read: async (path, mostBytes) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      // A server can send more than it said the file has.
      const sink = new Writable({
        write: (chunk: Buffer, _encoding, done) => {
          bytes += chunk.length;
          if (bytes > mostBytes) return done(tooLarge(path, mostBytes));
          chunks.push(chunk);
          return done();
        },
      });
      await doing(path, client.get(full(path), sink)).catch((error: unknown) => {
        throw bytes > mostBytes ? tooLarge(path, mostBytes) : error;
      });
      return new Uint8Array(Buffer.concat(chunks));
    },
    copy: async (path, into) => void (await doing(path, client.get(full(path), into))),
    put: async (path, bytes) => void (await doing(path, client.put(Buffer.from(bytes), full(path)))),
    // SFTP's own rename, not OpenSSH's "posix-rename": it fails when the name is taken.
    rename: async (from, to) => void (await doing(to, client.rename(full(from), full(to)))),
    remove: async (path) => void (await doing(path, client.delete(full(path)))),
    makeFolder: async (path) => {
      if ((await doing(path, client.exists(full(path)))) === false) await doing(path, client.mkdir(full(path), true));
    },
  };
}

const kindOf = (letter: string): Entry['kind'] => (letter === '-' ? 'file' : letter === 'd' ? 'folder' : 'other');

/** SFTP's own answers are numbers (2 no such file, 3 no right, 4 failure); everything else is the connection's. */
function told(path: string, cause: unknown): Fault {
  if (cause instanceof Fault) return cause;
  const { code, message = '' } = cause as { code?: unknown; message?: string };
  const is = (number: number, name: string, words: RegExp): boolean => code === number || code === name || words.test(message);
  if (is(2, 'ENOENT', /no such file|does not exist/i)) return noFolder(path);
  if (is(3, 'EACCES', /permission denied/i)) {
    return new Fault(
      'misconfigured',
      'no-right',
      `The partner's server does not let us use ${path || '/'}. Ask them for the right to read, write and rename there.`,
      { cause },
    );
  }
  if (is(4, 'EFAILURE', /\bfailure\b/i))
    return new Fault(
      'refused',
      'not-done',
      `The partner's server answered "failure" for ${path}; the name may be taken, or its disk full.`,
      { cause },
    );
  return new Fault('transient', 'broke-off', `The connection was lost while ${path || '/'} was used.`, { cause });
}
