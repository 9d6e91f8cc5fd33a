import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { freshDatabase } from '../../../test/setup/database.ts';
import { knownMigrations, migrate } from './migrate.ts';

const first = new URL('../../../db/migrations/0001-foundation.sql', import.meta.url);

let scratch: string;
let folder: string;
let fresh: Awaited<ReturnType<typeof freshDatabase>>;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'stockless-migrate-'));
});
afterAll(() => rm(scratch, { recursive: true }));

/** Each test has a database that has the program's own migrations, and a folder that knows the same ones. */
beforeEach(async () => {
  fresh = await freshDatabase();
  folder = await mkdtemp(join(scratch, 'db-'));
  for (const { name } of await knownMigrations()) await copyFile(new URL(name, first), join(folder, name));
});
afterEach(() => fresh.drop());

const numberOf = async (next: number): Promise<string> => String((await knownMigrations()).length + next).padStart(4, '0');

/** Writes the migration after the program's own ones, and returns its file's name. */
async function write(name: string, text: string, next = 1): Promise<string> {
  const file = `${await numberOf(next)}-${name}.sql`;
  await writeFile(join(folder, file), text);
  return file;
}

async function ask<Row extends pg.QueryResultRow>(text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: fresh.url });
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

describe('migrating', () => {
  it('applies what is new, once, and says which', async () => {
    expect(await migrate(fresh.url, { from: folder })).toEqual({ applied: [] });
    const file = await write(
      'note',
      '-- expands\ncreate table orders.note (tenant_id uuid not null, id uuid not null, primary key (tenant_id, id));',
    );
    const lines: string[] = [];
    expect(await migrate(fresh.url, { from: folder, report: (line) => lines.push(line) })).toEqual({ applied: [file] });
    expect(lines).toEqual([`Migrating the database: ${file}`]);
    expect(await migrate(fresh.url, { from: folder })).toEqual({ applied: [] });
  });

  it("puts the tenants' wall around new tables, in a schema that is new as well", async () => {
    await write('returns', '-- expands\ncreate schema returns_;\ncreate table returns_.rma (tenant_id uuid primary key);');
    await migrate(fresh.url, { from: folder });
    const [table] =
      await ask(`select relrowsecurity and relforcerowsecurity as guarded, has_table_privilege('stockless_app', oid, 'select') as readable
                                 from pg_class where oid = 'returns_.rma'::regclass`);
    expect(table).toEqual({ guarded: true, readable: true });
  });

  it('is done once when two programs start at the same moment', async () => {
    const file = await write('slow', '-- expands\nselect pg_sleep(0.2); create table orders.once (id int);');
    const both = await Promise.all([migrate(fresh.url, { from: folder }), migrate(fresh.url, { from: folder })]);
    expect(both.map(({ applied }) => applied.length).toSorted((one, other) => one - other)).toEqual([0, 1]);
    expect(await ask(`select name from platform.migration where name = '${file}'`)).toHaveLength(1);
  });

  it('leaves nothing of a migration that fails', async () => {
    const file = await write('broken', '-- expands\ncreate table orders.half (id int); select 1 / 0;');
    await expect(migrate(fresh.url, { from: folder })).rejects.toThrow(
      `${file} could not be applied, and nothing of it was: division by zero`,
    );
    expect(await ask(`select to_regclass('orders.half') as half`)).toEqual([{ half: null }]);
  });
});

describe('migrating refuses', () => {
  it('a server that is not there and a database that does not exist, without telling the password', async () => {
    const at = (change: (url: URL) => void): string => {
      const url = new URL(fresh.url);
      change(url);
      return url.href;
    };
    const refusal = (url: string): Promise<string> => migrate(url).then(String, (error: Error) => error.message);
    expect(await refusal('postgres://shop:secret@localhost:1/shop')).toMatch(
      /^The database "shop" on localhost:1 cannot be used by "shop": .*ECONNREFUSED/,
    );
    expect(await refusal(at((url) => (url.pathname = '/no_such')))).toMatch(/database "no_such" does not exist.* DATABASE_URL right/);
    expect(await refusal('postgres://shop:secret@localhost:1/shop')).not.toContain('secret');
  });

  it('when an applied file has been edited', async () => {
    const file = join(folder, '0001-foundation.sql');
    await writeFile(file, `${await readFile(file, 'utf8')}\n-- a harmless remark\n`);
    await expect(migrate(fresh.url, { from: folder })).rejects.toThrow(/0001-foundation\.sql was edited after it had been applied/);
  });

  it('when a newer program has taken something away, and goes on when it has only added', async () => {
    await write('wider', '-- expands\ncreate table orders.wider (id int);');
    await migrate(fresh.url, { from: folder });
    expect(await migrate(fresh.url)).toEqual({ applied: [] });
    const file = await write('narrower', '-- contracts\ndrop table orders.wider;', 2);
    await migrate(fresh.url, { from: folder });
    await expect(migrate(fresh.url)).rejects.toThrow(`A newer program changed this database (${file})`);
  });

  it.each([
    ['0001-a.sql', 'create table a ();', /first line must say "-- expands" or "-- contracts"/],
    ['0002-gap.sql', '-- expands', /numbered without gaps/],
    ['0001_Under.sql', '-- expands', /named 0001-what-it-does\.sql/],
  ])('a folder with %s holding "%s"', async (name, text, message) => {
    const bad = join(folder, 'bad');
    await mkdir(bad);
    await writeFile(join(bad, name), text);
    await expect(migrate(fresh.url, { from: bad })).rejects.toThrow(message);
  });
});
