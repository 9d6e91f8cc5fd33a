import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../../test/setup/database.ts';
import { drawnSchema, schemaOf } from './draw-schema.ts';

let fresh: Awaited<ReturnType<typeof freshDatabase>>;
let owner: pg.Client;
let version = 0;

beforeAll(async () => {
  fresh = await freshDatabase();
  owner = new pg.Client({ connectionString: fresh.url });
  await owner.connect();
  version = Number((await owner.query('show server_version_num')).rows[0].server_version_num);
});

afterAll(async () => {
  await owner.end();
  await fresh.drop();
});

const walls = (text: string): number => text.split('-- Not of one tenant.').length;

describe('the drawn schema', () => {
  it('shows what the migrations make', async ({ skip }) => {
    // Other versions spell the same definitions a little differently.
    skip(version < 180_000 || version >= 190_000, 'it is drawn with PostgreSQL 18');
    expect((await schemaOf(fresh.url)) === drawnSchema(), 'db/schema.sql is out of date; "npm run stockless -- docs" draws it anew').toBe(
      true,
    );
  });

  it('tells of a column, an index and a wall that is missing', async () => {
    const before = await schemaOf(fresh.url);
    await owner.query(
      'alter table catalog.variant add column colour text; create index variant_colour on catalog.variant (tenant_id, colour)',
    );
    await owner.query('alter table catalog.match disable row level security');
    const after = await schemaOf(fresh.url);
    expect(before).not.toMatch(/colour/);
    expect(after).toMatch(/ {2}colour text/);
    expect(after).toMatch(/variant_colour ON catalog\.variant/);
    expect(walls(after)).toBe(walls(before) + 1);
  });
});
