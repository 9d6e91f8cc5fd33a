import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Logger, runMigrations } from 'graphile-worker';
import pg from 'pg';
import { appRole } from './database.ts';

const folder = fileURLToPath(new URL('../../../db/migrations/', import.meta.url));
/** Any fixed number: whoever holds it is the only one that migrates. */
const migrationLock = 7_320_145_881n;

export interface Migration {
  number: number;
  name: string;
  text: string;
  checksum: string;
  /** `expands` leaves older programs working; `contracts` makes them refuse to start. */
  kind: 'expands' | 'contracts';
}

/** The migrations this program knows, in order. */
export async function knownMigrations(from = folder): Promise<Migration[]> {
  const names = (await readdir(from)).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(
    names.map(async (name, index) => {
      const match = /^(\d{4})-[a-z0-9-]+\.sql$/.exec(name);
      if (!match || Number(match[1]) !== index + 1) {
        throw new Error(`${join(from, name)}: migrations are named 0001-what-it-does.sql and numbered without gaps`);
      }
      const text = await readFile(join(from, name), 'utf8');
      const kind = /^-- (expands|contracts)\b/.exec(text)?.[1];
      if (!kind) throw new Error(`${name}: the first line must say "-- expands" or "-- contracts"`);
      return { number: index + 1, name, text, checksum: createHash('sha256').update(text).digest('hex'), kind: kind as Migration['kind'] };
    }),
  );
}

/**
 * Brings the database up to this program; several may try at once, one does it. Refuses when an applied file has been edited,
 * or when a newer program has already changed the schema so that this one would not understand it.
 */
export async function migrate(
  url: string,
  options: { from?: string; report?: (line: string) => void } = {},
): Promise<{ applied: string[] }> {
  const migrations = await knownMigrations(options.from);
  const client = await connect(url);
  try {
    await checkServer(client);
    await client.query(`select pg_advisory_lock(${migrationLock})`);
    await client.query(`create schema if not exists platform`);
    await client.query(`create table if not exists platform.migration (
      number int primary key, name text not null, checksum text not null, kind text not null, applied_at timestamptz not null)`);
    await ensureRole(client);
    const pending = await pendingOf(client, migrations);
    for (const migration of pending) {
      options.report?.(`Migrating the database: ${migration.name}`);
      await applyOne(client, migration);
    }
    await migrateBell(url);
    return { applied: pending.map(({ name }) => name) };
  } finally {
    await client.end();
  }
}

/** The first thing a program does with its database, so this is where a wrong address is noticed. */
async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: 'stockless migrate', connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
    return client;
  } catch (error) {
    // A name with several addresses fails with one error for each, and an empty message of its own.
    const { message, code, errors } = error as Error & { code?: string; errors?: Error[] };
    const why = message || errors?.map((each) => each.message).join(', ') || code;
    throw new Error(
      `The database "${client.database}" on ${client.host}:${client.port} cannot be used by "${client.user}": ${why}. ` +
        'Is the server running, and is DATABASE_URL right (postgres://user:password@host:5432/database)?',
      { cause: error },
    );
  }
}

/** The bell's own tables come with its library. */
async function migrateBell(url: string): Promise<void> {
  const pool = new pg.Pool({ connectionString: url, max: 2 });
  // Without these listeners a connection that breaks would end the process; the statement that needed it tells of it anyway.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  try {
    await runMigrations({ pgPool: pool, logger: quietLogger });
  } finally {
    await pool.end();
  }
}

/** The oldest server whose SQL we use: security_invoker views and MERGE came with 15. */
const oldestServer = 150_000;

async function checkServer(client: pg.Client): Promise<void> {
  const version = Number((await client.query<{ v: string }>(`select current_setting('server_version_num') as v`)).rows[0]?.v);
  if (version < oldestServer) {
    throw new Error(
      `The database server is version ${Math.floor(version / 10_000)}; Stockless needs PostgreSQL 15 or later. Upgrade it, or point DATABASE_URL elsewhere.`,
    );
  }
}

/** The program's own role: it logs in as nobody and owns nothing; whoever migrates may take it on. */
async function ensureRole(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ there: boolean; member: boolean }>(
    `select exists (select from pg_roles where rolname = $1) as there,
            coalesce((select pg_has_role(current_user, oid, 'member') from pg_roles where rolname = $1), false) as member`,
    [appRole],
  );
  try {
    if (!rows[0]?.there) await client.query(`create role ${appRole} nologin nosuperuser nobypassrls nocreatedb nocreaterole noinherit`);
    if (!rows[0]?.member) await client.query(`grant ${appRole} to current_user`);
  } catch (error) {
    // Two databases of one server may be migrated at once, and a role belongs to the server.
    if (['42710', '23505', 'XX000'].includes((error as { code?: string }).code ?? '')) return ensureRole(client);
    if ((error as { code?: string }).code === '42501') {
      throw new Error(
        `The database user may not create the role "${appRole}". Let an administrator run once: create role ${appRole} nologin; grant ${appRole} to <your user>;`,
        { cause: error },
      );
    }
    throw error;
  }
}

async function pendingOf(client: pg.Client, migrations: Migration[]): Promise<Migration[]> {
  const applied = (
    await client.query<{ number: number; name: string; checksum: string; kind: string }>(
      'select number, name, checksum, kind from platform.migration order by number',
    )
  ).rows;
  for (const row of applied) {
    const ours = migrations.find(({ number }) => number === row.number);
    if (ours && ours.checksum !== row.checksum) {
      throw new Error(
        `${ours.name} was edited after it had been applied here. Put it back as it was, and write a new migration for the change.`,
      );
    }
    if (!ours && row.kind === 'contracts') {
      throw new Error(
        `A newer program changed this database (${row.name}) so that this one no longer understands it. Start the newer program, or restore a backup.`,
      );
    }
  }
  const done = new Set(applied.map(({ number }) => number));
  return migrations.filter(({ number }) => !done.has(number));
}

async function applyOne(client: pg.Client, migration: Migration): Promise<void> {
  await client.query('begin');
  try {
    await client.query(`set local lock_timeout = '10s'`);
    await client.query(migration.text);
    await client.query('select platform.guard_tenants()');
    await client.query(
      `insert into platform.migration (number, name, checksum, kind, applied_at) values ($1, $2, $3, $4, clock_timestamp())`,
      [migration.number, migration.name, migration.checksum, migration.kind],
    );
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw new Error(`${migration.name} could not be applied, and nothing of it was: ${(error as Error).message}`, { cause: error });
  }
}

const quietLogger = new Logger(() => () => {});
