import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { migrate, startEmbedded } from '#platform/db';

declare module 'vitest' {
  interface ProvidedContext {
    /** The server the tests use, and the migrated database they clone. */
    postgres: { url: string; template: string };
  }
}

export interface TestServer {
  url: string;
  stop(): Promise<void>;
}

/** Given by a runner that starts one server for several projects. */
export const sharedServer = 'STOCKLESS_TEST_SERVER';
const folderName = 'stockless-test-';
const migrations = new URL('../../db/migrations/', import.meta.url);

/** Runs once before a project's tests: a server, and in it one migrated database to clone. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startTestServer();
  const template = await ensureTemplate(server.url);
  project.provide('postgres', { url: server.url, template });
  return () => server.stop();
}

/** A server for tests: the one somebody gave us, or our own in a temporary folder, removed by `stop`. */
export async function startTestServer(): Promise<TestServer> {
  const given = process.env[sharedServer] ?? process.env['DATABASE_URL'];
  if (given) return { url: given, stop: async () => {} };
  removeLeftovers();
  const dataDir = mkdtempSync(join(tmpdir(), `${folderName}${process.pid}-`));
  const server = await startEmbedded({ dataDir, log: () => {}, volatile: true, passing: true });
  return { url: server.url, stop: () => server.stop() };
}

/** A run that was killed leaves its server behind: stop it and remove its data. */
function removeLeftovers(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = new RegExp(`^${folderName}(\\d+)-`).exec(name)?.[1];
    if (!pid || isRunning(Number(pid))) continue;
    const folder = join(tmpdir(), name);
    try {
      process.kill(Number(readFileSync(join(folder, 'pg', 'postmaster.pid'), 'utf8').split('\n')[0]), 'SIGINT');
    } catch {
      // Stopped already, or not ours to stop.
    }
    try {
      const data = realpathSync(join(folder, 'pg'));
      // Of root's, whose folder the server cannot reach, it lies elsewhere.
      if (!data.startsWith(realpathSync(folder))) rmSync(dirname(data), { recursive: true, force: true, maxRetries: 3, retryDelay: 200 });
    } catch {
      // There is no data any more.
    }
    try {
      rmSync(folder, { recursive: true, force: true, maxRetries: 3, retryDelay: 200 });
    } catch {
      // Of another user, who will remove it.
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The database all others are cloned from, named by what the migrations say, so that a server that stays has the right one. */
async function ensureTemplate(url: string): Promise<string> {
  const sum = createHash('sha256');
  for (const name of readdirSync(migrations).sort()) sum.update(name).update(readFileSync(new URL(name, migrations)));
  const template = `stockless_template_${sum.digest('hex').slice(0, 12)}`;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const exists = async () => (await client.query('select from pg_database where datname = $1', [template])).rowCount === 1;
    await client.query('select pg_advisory_lock(7320145883)');
    if (await exists()) return template;
    const growing = `${template}_${process.pid}_${randomBytes(3).toString('hex')}`;
    await client.query(`create database ${growing} template template0`);
    await migrate(databaseUrl(url, growing));
    await client.query(`alter database ${growing} rename to ${template}`);
    return template;
  } finally {
    await client.end();
  }
}

export function databaseUrl(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}
