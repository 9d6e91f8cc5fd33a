import { Readable, Writable } from 'node:stream';
import { Client, FileType, FTPError } from 'basic-ftp';
import { Fault } from '#kernel/fault';
import { type AllowList, checkedAddress } from '#platform/api';
import type { FileDrop } from '#ports/file-drop';
import { makeDrop, noFolder, tooLarge } from './drop.ts';
import type { Entry, Place } from './place.ts';

export interface FtpOptions {
  host: string;
  port?: number;
  user: string;
  password: string;
  /** `explicit` (AUTH TLS) unless said; `none` sends the password readable, and is for partners who have nothing else. */
  tls?: 'explicit' | 'implicit' | 'none';
  /** The partner's own certificate authority, in PEM. */
  ca?: string;
  root?: string;
  timeoutMs?: number;
  /** Left out for servers that the operator named; given for those a tenant typed in. */
  guard?: AllowList;
}

const mostListingBytes = 20_000_000;

/** A drop on a partner's FTP or FTPS server. One connection per call, passive, data from the same address only. */
export const ftpDrop = (options: FtpOptions): FileDrop =>
  makeDrop(async (work) => {
    const client = new Client(options.timeoutMs ?? 20_000, { maxListingBytes: mostListingBytes, allowSeparateTransferHost: false });
    try {
      const base = await connect(client, options);
      return await work(placeOf(client, base));
    } finally {
      client.close();
    }
  });

async function connect(client: Client, options: FtpOptions): Promise<string> {
  const { host, tls = 'explicit', user, password, ca, guard } = options;
  const port = options.port ?? (tls === 'implicit' ? 990 : 21);
  const address = guard ? await checkedAddress(host, port, guard) : host;
  try {
    await client.access({
      host: address,
      port,
      user,
      password,
      secure: tls === 'none' ? false : tls === 'implicit' ? 'implicit' : true,
      secureOptions: { servername: host, ...(ca === undefined ? {} : { ca }) },
    });
    return (options.root ?? (await client.pwd())).replace(/\/+$/, '');
  } catch (cause) {
    if (cause instanceof FTPError && (cause.code === 530 || cause.code === 331 || cause.code === 332)) {
      throw new Fault('misconfigured', 'login-failed', `${host} did not let us in. Check user and password.`, {
        cause,
        evidence: { host },
      });
    }
    if (cause instanceof FTPError && (cause.code === 500 || cause.code === 502 || cause.code === 504) && tls === 'explicit') {
      throw new Fault(
        'misconfigured',
        'no-tls',
        `${host} does not know TLS. Ask the partner for it; sending the password readable has to be chosen.`,
        { cause, evidence: { host } },
      );
    }
    throw new Fault('transient', 'not-connected', `No connection to ${host}.`, { cause, evidence: { host } });
  }
}

function placeOf(client: Client, base: string): Place {
  const full = (path: string): string => (path === '' ? base || '/' : `${base}/${path}`);
  const doing = async <T>(path: string, work: Promise<T>): Promise<T> =>
    work.catch((cause: unknown) => {
      throw told(path, cause);
    });
  const entries = async (folder: string): Promise<Entry[] | null> => {
    // Into the folder first: some servers answer a listing of a folder that is not there with nothing at all.
    const there = await doing(folder, client.cd(full(folder))).catch(missing);
    if (there === null) return null;
    const found = await doing(folder, client.list());
    return found.map(({ name, type, size, modifiedAt }) => ({
      name,
      kind: type === FileType.File ? 'file' : type === FileType.Directory ? 'folder' : 'other',
      sizeBytes: size,
      changedAt: modifiedAt ? Math.floor(modifiedAt.getTime() / 1000) : 0,
    }));
  };
  return {
    entries,
    // By the listing of its folder: SIZE is an extension, and answers differ for folders and in text mode.
    entry: async (path) => {
      const parts = path.split('/');
      const name = parts.pop();
      return (await entries(parts.join('/')))?.find((entry) => entry.name === name) ?? null;
    },
    read: async (path, mostBytes) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      const sink = new Writable({
        write: (chunk: Buffer, _encoding, done) => {
          bytes += chunk.length;
          if (bytes > mostBytes) return done(tooLarge(path, mostBytes));
          chunks.push(chunk);
          return done();
        },
      });
      await doing(path, client.downloadTo(sink, full(path))).catch((error: unknown) => {
        throw bytes > mostBytes ? tooLarge(path, mostBytes) : error;
      });
      return new Uint8Array(Buffer.concat(chunks));
    },
    copy: async (path, into) => void (await doing(path, client.downloadTo(into, full(path)))),
    put: async (path, bytes) => void (await doing(path, client.uploadFrom(Readable.from([Buffer.from(bytes)]), full(path)))),
    rename: async (from, to) => void (await doing(to, client.rename(full(from), full(to)))),
    remove: async (path) => void (await doing(path, client.remove(full(path)))),
    makeFolder: async (path) => {
      if ((await doing(path, client.cd(full(path))).catch(missing)) !== null) return;
      await doing(path, client.send(`MKD ${full(path)}`));
    },
  };
}

const missing = (error: unknown): null => {
  if (error instanceof Fault && error.code === 'no-folder') return null;
  throw error;
};

function told(path: string, cause: unknown): Fault {
  if (cause instanceof Fault) return cause;
  if (!(cause instanceof FTPError))
    return new Fault('transient', 'broke-off', `The connection was lost while ${path || '/'} was used.`, { cause });
  const evidence = { path, answer: cause.code };
  if (cause.code === 421)
    return new Fault('transient', 'broke-off', `The partner's server ended the connection while ${path || '/'} was used.`, {
      cause,
      evidence,
    });
  if (cause.code === 552 || cause.code === 452)
    return new Fault('transient', 'disk-full', `The partner's server has no room for ${path}.`, { cause, evidence });
  if (cause.code === 550) return noFolder(path);
  if (cause.code === 532)
    return new Fault('misconfigured', 'no-right', `The partner's server does not let us write ${path}.`, { cause, evidence });
  if (cause.code === 553)
    return new Fault('refused', 'not-done', `The partner's server does not take the name ${path}.`, { cause, evidence });
  if (cause.code >= 500)
    return new Fault('refused', 'not-done', `The partner's server answered ${cause.code} for ${path}.`, { cause, evidence });
  return new Fault('transient', 'not-done', `The partner's server answered ${cause.code} for ${path}.`, { cause, evidence });
}
