import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { databaseUrl } from './postgres.ts';

/** A migrated, empty database of the caller's own: one per test file. `drop` ends what is still connected to it. */
export async function freshDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const { url, template } = inject('postgres');
  const name = `stockless_test_${process.pid}_${randomBytes(4).toString('hex')}`;
  await run(url, `create database ${name} template ${template}`);
  return { url: databaseUrl(url, name), drop: () => run(url, `drop database if exists ${name} with (force)`) };
}

async function run(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
