import { realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { type Binaries, findBinaries } from './embedded-binaries.ts';
import {
  type Cluster,
  clusterAt,
  disownPidFile,
  ensureCluster,
  isServerOf,
  readPassword,
  removeCluster,
  serverProcess,
  startServer,
  stopServer,
  superuser,
} from './embedded-cluster.ts';

export interface EmbeddedOptions {
  /** The folder that keeps the data; made when absent. */
  dataDir: string;
  log: (line: string) => void;
  /** For tests: fast, and lost when the machine stops. */
  volatile?: boolean;
  /** Nothing of it stays when it is stopped, wherever its data lay. */
  passing?: boolean;
}

export interface Embedded {
  /** Of the database `stockless`, as superuser, on the loopback address. */
  url: string;
  /** Ends the server within ten seconds, unless another program still uses it. */
  stop(): Promise<void>;
  version: string;
  kind: 'embedded';
}

/** A server that was killed replays its log before it answers; this many seconds are enough for a gigabyte. */
const patienceSeconds = 60;
const startsAtMost = 5;
const pauseMs = 100;
/** Every program that uses the server holds this lock shared; the one that gets it alone may stop the server. */
const usersLock = 7_320_145_882n;

interface Guest {
  /** One connection kept open for as long as this program uses the server. */
  keeper: pg.Client;
  url: string;
  version: string;
}

/**
 * Starts the PostgreSQL that came with npm, or joins the one that already runs on this data folder. For trials and development:
 * its security updates come late, so that a real shop belongs on a real server (DATABASE_URL).
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const cluster = clusterAt(options.dataDir, options.volatile ?? false);
  const binaries = findBinaries(cluster.account, dirname(cluster.folder));
  if (await ensureCluster(cluster, binaries)) options.log(`Made a new PostgreSQL data folder in ${cluster.folder}.`);
  const guest = await enter(cluster, binaries);
  options.log(
    `PostgreSQL ${guest.version} runs on ${new URL(guest.url).host}, data in ${cluster.folder}. ` +
      'This one is for trials and development; for a real shop set DATABASE_URL to a server that is kept up to date.',
  );
  let stopping: Promise<void> | undefined;
  return {
    url: guest.url,
    version: guest.version,
    kind: 'embedded',
    stop: () =>
      (stopping ??= leave(guest, cluster, binaries).then(() => (options.passing ? removeCluster(cluster, options.dataDir) : undefined))),
  };
}

/** Looks and acts until we are in: what is there is judged anew each time, so it does not matter who else is doing the same. */
async function enter(cluster: Cluster, binaries: Binaries): Promise<Guest> {
  const until = performance.now() + patienceSeconds * 1000;
  let said = '';
  for (let starts = 0; performance.now() < until; ) {
    const guest = await join(cluster);
    if (guest) return guest;
    const found = serverProcess(cluster);
    const alive = found ? isServerOf(cluster, found.pid) : false;
    if (alive === false && starts < startsAtMost) {
      if (found) disownPidFile(cluster);
      const outcome = await startServer(cluster, binaries, patienceSeconds);
      if (outcome.started) continue;
      starts += 1;
      said = outcome.said;
    } else if (alive === false) {
      break;
    }
    await wait(pauseMs);
  }
  const holder = serverProcess(cluster);
  throw new Error(
    `PostgreSQL could not be started on ${cluster.folder}${holder ? ` (process ${holder.pid} has it)` : ''}.\n${said}\n` +
      `More is in ${cluster.folder}/server.log. Or set DATABASE_URL to a PostgreSQL server (15 or later).`,
  );
}

/** Becomes a user of the server that runs on this folder; undefined when none answers, or it is on its way out. */
async function join(cluster: Cluster): Promise<Guest | undefined> {
  const found = serverProcess(cluster);
  if (!found?.port) return undefined;
  const urlOf = (database: string) => `postgres://${superuser}:${readPassword(cluster)}@127.0.0.1:${found.port}/${database}`;
  const keeper = new pg.Client({
    connectionString: urlOf('postgres'),
    connectionTimeoutMillis: 5_000,
    application_name: 'stockless keeper',
  });
  // A server that dies takes the keeper with it; those who use the server notice by themselves.
  keeper.on('error', () => {});
  try {
    await keeper.connect();
    const { rows } = await keeper.query<{ folder: string; version: string; entered: boolean }>(
      `select current_setting('data_directory') as folder, current_setting('server_version') as version, pg_try_advisory_lock_shared(${usersLock}) as entered`,
    );
    const [row] = rows;
    if (row?.entered && realpathSync(row.folder) === realpathSync(cluster.folder)) {
      await ensureDatabase(keeper);
      return { keeper, url: urlOf('stockless'), version: row.version };
    }
  } catch (error) {
    if (!isNotYet(error)) throw error;
  }
  await keeper.end().catch(() => {});
  return undefined;
}

/** Another program on that port, or a server that is starting, stopping or gone: look again. */
function isNotYet(error: unknown): boolean {
  const { code, message } = error as { code?: string; message: string };
  return (
    ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', '57P01', '57P02', '57P03', '28P01', '28000', '53300'].includes(code ?? '') ||
    /timeout|terminated/i.test(message)
  );
}

async function ensureDatabase(keeper: pg.Client): Promise<void> {
  const { rowCount } = await keeper.query(`select from pg_database where datname = 'stockless'`);
  if (rowCount) return;
  await keeper.query('create database stockless').catch((error: { code?: string }) => {
    // Another program made it at the same moment.
    if (error.code !== '42P04' && error.code !== '23505') throw error;
  });
}

async function leave(guest: Guest, cluster: Cluster, binaries: Binaries): Promise<void> {
  let last = true;
  try {
    const { rows } = await guest.keeper.query<{ last: boolean }>(
      `select pg_advisory_unlock_shared(${usersLock}), pg_try_advisory_lock(${usersLock}) as last`,
    );
    last = rows[0]?.last ?? true;
  } catch {
    // The server is gone or hangs; stopping it is right either way.
  }
  // The keeper holds the lock until the server is down, so that nobody enters a server that is about to stop.
  if (last) await stopServer(cluster, binaries);
  await guest.keeper.end().catch(() => {});
}
