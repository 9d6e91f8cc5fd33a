import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { totalmem } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { type Account, accountFor, type Binaries, canReach, openPlace, runBinary } from './embedded-binaries.ts';

/** One PostgreSQL data folder of ours: where it is, who may run it, and what opens it. */
export interface Cluster {
  folder: string;
  account: Account | undefined;
  volatile: boolean;
}

export const superuser = 'stockless';

const settingsFile = 'postgresql.conf';
const logFile = 'server.log';
const passwordFile = 'superuser-password';
const logLimitBytes = 10_000_000;
/** Larger than any process number a system hands out, so that it belongs to nobody. */
const nobodysPid = 2_147_483_000;

/** Decides where the data of `dataDir` lives: in it, or, for root in a folder closed to others, in a place the server can reach. */
export function clusterAt(dataDir: string, volatile: boolean): Cluster {
  mkdirSync(dataDir, { recursive: true });
  const inside = join(resolve(dataDir), 'pg');
  const account = accountFor(inside);
  if (canReach(resolve(dataDir), account)) return { folder: inside, account, volatile };
  const place = join(openPlace, `${createHash('sha256').update(inside).digest('hex').slice(0, 12)}`);
  mkdirSync(place, { recursive: true, mode: 0o755 });
  const folder = join(place, 'pg');
  // Only a signpost: whoever looks where the data was asked for finds where it is.
  if (!readdirSync(resolve(dataDir)).includes(basename(inside))) symlinkSync(folder, inside);
  return { folder, account, volatile };
}

/** Takes away the data and the folder that was asked for. */
export function removeCluster({ folder }: Cluster, dataDir: string): void {
  if (folder.startsWith(openPlace)) rmSync(dirname(folder), { recursive: true, force: true });
  rmSync(dataDir, { recursive: true, force: true });
}

/** Makes the data folder when it is not there. It appears whole or not at all, whoever else is making it and whenever we die. */
export async function ensureCluster(cluster: Cluster, binaries: Binaries): Promise<boolean> {
  if (existsSync(cluster.folder)) return false;
  sweepUnfinished(cluster.folder);
  const growing = `${cluster.folder}.new.${process.pid}.${randomBytes(4).toString('hex')}`;
  const password = randomBytes(24).toString('hex');
  const pwfile = `${growing}.password`;
  try {
    mkdirSync(growing, { mode: 0o700 });
    writeFileSync(pwfile, password, { mode: 0o600 });
    giveTo(cluster.account, growing, pwfile);
    const { code, said } = await runBinary(binaries, 'initdb', initArguments(growing, pwfile, cluster.volatile), cluster.account);
    if (code !== 0) throw new Error(`PostgreSQL could not make its data folder ${cluster.folder}:\n${said}`);
    writeFileSync(join(growing, passwordFile), password, { mode: 0o600 });
    giveTo(cluster.account, join(growing, passwordFile));
    renameSync(growing, cluster.folder);
    return true;
  } catch (error) {
    // Another program was faster: its folder is as good as ours.
    if (['ENOTEMPTY', 'EEXIST', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '') && existsSync(cluster.folder)) return false;
    throw error;
  } finally {
    rmSync(growing, { recursive: true, force: true });
    rmSync(pwfile, { force: true });
  }
}

function initArguments(folder: string, pwfile: string, volatile: boolean): string[] {
  return [
    `--pgdata=${folder}`,
    `--username=${superuser}`,
    `--pwfile=${pwfile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // The built-in provider sorts the same everywhere and for ever; the letters' kinds come from the system where it has the locale.
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    `--locale=${process.platform === 'linux' ? 'C.UTF-8' : 'C'}`,
    ...(process.platform === 'darwin' ? ['--lc-ctype=en_US.UTF-8'] : []),
    '--data-checksums',
    ...(volatile ? ['--no-sync'] : []),
  ];
}

/** A start that was killed leaves its half-made folder; nobody else would remove it. */
function sweepUnfinished(folder: string): void {
  const parent = join(folder, '..');
  for (const name of readdirSync(parent)) {
    const pid = new RegExp(`^${basename(folder)}\\.new\\.(\\d+)\\.`).exec(name)?.[1];
    if (pid && !isAlive(Number(pid))) rmSync(join(parent, name), { recursive: true, force: true });
  }
}

function giveTo(account: Account | undefined, ...paths: string[]): void {
  for (const path of paths) if (account) chownSync(path, account.uid, account.gid);
}

/** The superuser's password, made when the data folder was. */
export function readPassword(cluster: Cluster): string {
  try {
    return readFileSync(join(cluster.folder, passwordFile), 'utf8');
  } catch (error) {
    const owner = statSync(cluster.folder).uid;
    const why =
      (error as NodeJS.ErrnoException).code === 'EACCES'
        ? `it belongs to the user with number ${owner}; start as that user or as root`
        : (error as Error).message;
    throw new Error(`The data folder ${cluster.folder} cannot be opened: ${why}. Or set DATABASE_URL to a PostgreSQL server.`, {
      cause: error,
    });
  }
}

/** Writes the settings with a port that is free at this moment: the one of last time if it can be had. */
export async function writeSettings(cluster: Cluster): Promise<void> {
  const path = join(cluster.folder, settingsFile);
  const before = existsSync(path) ? Number(/^port = (\d+)$/m.exec(readFileSync(path, 'utf8'))?.[1] ?? 0) : 0;
  const port = (before && (await freePort(before))) || (await freePort(0));
  const growing = `${path}.${process.pid}`;
  writeFileSync(growing, settings(port, cluster.volatile), { mode: 0o600 });
  giveTo(cluster.account, growing);
  renameSync(growing, path);
  const log = join(cluster.folder, logFile);
  if (existsSync(log) && statSync(log).size > logLimitBytes) truncateSync(log);
}

/**
 * An eighth of the memory there is, in MB: what a large feed walks through has to fit, or each of its rows is fetched from the system
 * again. 1,000,000 offers take 350 MB with their indexes.
 */
function sharedBuffers(): number {
  const limits = [totalmem(), process.constrainedMemory()].filter((bytes) => bytes > 0);
  return Math.round(Math.min(1_024, Math.max(128, Math.min(...limits) / 8 / 1024 ** 2)));
}

const settings = (
  port: number,
  volatile: boolean,
): string => `# Written anew at every start. Own settings go into own.conf beside this file.
listen_addresses = '127.0.0.1'
port = ${port}
unix_socket_directories = ''
max_connections = 100
shared_buffers = ${volatile ? 128 : sharedBuffers()}MB
effective_cache_size = 1GB
work_mem = 8MB
maintenance_work_mem = 128MB
random_page_cost = 1.1
jit = off
# Parallel queries need more shared memory than containers have by default.
max_parallel_workers_per_gather = 0
fsync = ${volatile ? 'off' : 'on'}
full_page_writes = ${volatile ? 'off' : 'on'}
synchronous_commit = ${volatile ? 'off' : 'on'}
# Nothing copies this server, so its log carries only what a restart needs.
wal_level = minimal
max_wal_senders = 0
max_wal_size = 1GB
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] '
include_if_exists = 'own.conf'
`;

/** Returns the port when it can be had on the loopback address, 0 when it is taken. Asked for 0, any free one. */
async function freePort(port: number): Promise<number> {
  const probe = createServer();
  const { promise, resolve: done } = Promise.withResolvers<number>();
  probe.once('error', () => done(0));
  probe.listen(port, '127.0.0.1', () => {
    const address = probe.address();
    const found = typeof address === 'object' && address ? address.port : 0;
    probe.close(() => done(found));
  });
  return promise;
}

/** Starts the server; whether it runs then, and what it said when not. */
export async function startServer(cluster: Cluster, binaries: Binaries, seconds: number): Promise<{ started: boolean; said: string }> {
  await writeSettings(cluster);
  const log = join(cluster.folder, logFile);
  const before = existsSync(log) ? statSync(log).size : 0;
  const { code, said } = await runBinary(
    binaries,
    'pg_ctl',
    ['start', '-s', '-w', '-t', String(seconds), '-D', cluster.folder, '-l', log],
    cluster.account,
  );
  if (code === 0) return { started: true, said };
  const tail = existsSync(log) ? readFileSync(log, 'utf8').slice(before).trim().split('\n').slice(-8).join('\n') : '';
  return { started: false, said: [said, tail].filter(Boolean).join('\n') };
}

/** Stops the server: politely, and when that takes too long at once (it then repairs itself at the next start). */
export async function stopServer(cluster: Cluster, binaries: Binaries): Promise<void> {
  const stop = (mode: 'fast' | 'immediate', seconds: number) =>
    runBinary(binaries, 'pg_ctl', ['stop', '-s', '-w', '-m', mode, '-t', String(seconds), '-D', cluster.folder], cluster.account);
  const fast = await stop('fast', 6);
  if (fast.code === 0 || !serverProcess(cluster)) return;
  const now = await stop('immediate', 3);
  if (now.code !== 0 && serverProcess(cluster)) throw new Error(`PostgreSQL in ${cluster.folder} did not stop:\n${fast.said}\n${now.said}`);
}

/** What the server's own pid file says, if there is one: it may be of a server that was killed. */
export function serverProcess(cluster: Cluster): { pid: number; port: number } | undefined {
  try {
    const lines = readFileSync(join(cluster.folder, 'postmaster.pid'), 'utf8').split('\n');
    return { pid: Number(lines[0]), port: Number(lines[3] ?? 0) };
  } catch {
    return undefined;
  }
}

/**
 * After a crash the pid file may name a number that by now belongs to some other program, and PostgreSQL would wait for it for ever.
 * Only the number is changed: the file's other lines let PostgreSQL see whether a child of the dead server still writes.
 */
export function disownPidFile(cluster: Cluster): void {
  const path = join(cluster.folder, 'postmaster.pid');
  writeFileSync(path, readFileSync(path, 'utf8').replace(/^\d+/, String(nobodysPid)));
  chmodSync(path, 0o600);
}

/** Whether a process is a PostgreSQL server of this data folder; `unknown` where the system does not let us see. */
export function isServerOf(cluster: Cluster, pid: number): boolean | 'unknown' {
  if (pid === process.pid || !isAlive(pid)) return false;
  if (process.platform !== 'linux') return 'unknown';
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return basename(words[0] ?? '') === 'postgres' && words.includes(cluster.folder);
  } catch {
    return isAlive(pid) ? 'unknown' : false;
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
