import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededChance } from '#kernel/chance';
import { instant } from '#kernel/time';
import { freshDatabase } from '../../../test/setup/database.ts';
import { appRole, type Database, type DatabaseOptions, openDatabase } from './database.ts';
import { json, recordset, type Tx } from './tx.ts';

const red = '01900000-0000-7000-8000-00000000000a';
const blue = '01900000-0000-7000-8000-00000000000b';
const now = instant('2026-11-25T09:30:00.123456Z');

let fresh: Awaited<ReturnType<typeof freshDatabase>>;
let database: Database;
/** The owner of the database, for whom no row-level security holds. */
let owner: pg.Client;

/** Each pool has dice of its own, as two that throw the same make the same ids. */
let seed = 0;
const open = (more: Partial<DatabaseOptions> = {}): Database =>
  openDatabase({ url: fresh.url, clock: { now: () => now }, chance: seededChance((seed += 1)), connections: 2, ...more });

beforeAll(async () => {
  fresh = await freshDatabase();
  database = open();
  owner = new pg.Client({ connectionString: fresh.url });
  await owner.connect();
});

afterAll(async () => {
  await database.close();
  await owner.end();
  await fresh.drop();
});

async function addVariant(tx: Tx, tenant: string, sku: string): Promise<void> {
  await sql`insert into catalog.variant (tenant_id, id, sku, title, created_at)
            values (${tenant}, ${tx.newId()}, ${sku}, 'Lamp', ${tx.now})`.execute(tx.db);
}

async function skus(tx: Tx): Promise<string[]> {
  const { rows } = await sql<{ sku: string }>`select sku from catalog.variant order by sku`.execute(tx.db);
  return rows.map(({ sku }) => sku);
}

const countOf = async (tx: Tx): Promise<number> => (await skus(tx)).length;

describe('tenants', () => {
  it('see, change and remove their own rows only', async () => {
    await database.tx(red, (tx) => addVariant(tx, red, 'RED'));
    await database.tx(blue, (tx) => addVariant(tx, blue, 'BLUE'));
    expect(await database.tx(red, skus)).toEqual(['RED']);
    expect(await database.tx(blue, skus)).toEqual(['BLUE']);
    await database.tx(red, async (tx) => {
      const changed = await sql`update catalog.variant set title = 'taken' where sku = 'BLUE'`.execute(tx.db);
      const removed = await sql`delete from catalog.variant where sku = 'BLUE'`.execute(tx.db);
      expect([changed.numAffectedRows, removed.numAffectedRows]).toEqual([0n, 0n]);
    });
    // The owner sees both: it is the policy that hides them, not their absence.
    expect((await owner.query('select from catalog.variant')).rowCount).toBe(2);
  });

  it("cannot write a row into another's name", async () => {
    await expect(database.tx(red, (tx) => addVariant(tx, blue, 'SMUGGLED'))).rejects.toThrow(/row-level security policy/);
  });

  it('are all shut out where nobody is at home', async () => {
    expect(await database.outsideTenants(skus)).toEqual([]);
    await expect(database.outsideTenants((tx) => addVariant(tx, red, 'STRAY'))).rejects.toThrow(/row-level security policy/);
  });

  it('are kept apart in every table and every view there is', async () => {
    const tables = await owner.query(`
      select relation.oid::regclass::text as name, relation.relrowsecurity and relation.relforcerowsecurity as guarded
        from pg_class relation
        join pg_attribute tenant on tenant.attrelid = relation.oid and tenant.attname = 'tenant_id'
       where relation.relkind in ('r', 'p')`);
    expect(tables.rows.length).toBeGreaterThan(25);
    expect(tables.rows.filter(({ guarded }) => !guarded)).toEqual([]);
    const views = await owner.query(`
      select relation.oid::regclass::text as name, coalesce(relation.reloptions @> array['security_invoker=true'], false) as guarded
        from pg_class relation
        join pg_namespace space on space.oid = relation.relnamespace
       where relation.relkind in ('v', 'm') and space.nspname !~ '^(pg_|information_schema|graphile_worker)'`);
    // A view reads with its owner's rights unless it is made "with (security_invoker = true)".
    expect(views.rows.filter(({ guarded }) => !guarded)).toEqual([]);
  });

  it('are named by a uuid and by nothing else', async () => {
    await expect(database.tx("x'; drop table orders.line; --", async () => {})).rejects.toThrow(/named by its uuid/);
  });
});

describe("the program's role", () => {
  it('fails outside a tenant, instead of seeing nothing or everything', async () => {
    const bare = new pg.Client({ connectionString: fresh.url, options: `-c role=${appRole}` });
    await bare.connect();
    await expect(bare.query('select from catalog.variant')).rejects.toThrow(/stockless\.tenant/);
    await bare.query(`begin; select set_config('stockless.tenant', '${red}', true); commit`);
    await expect(bare.query('select from catalog.variant')).rejects.toThrow(/invalid input syntax for type uuid/);
    await bare.end();
  });

  it('owns nothing, is no superuser and stays in force whatever options the address carries', async () => {
    const withOptions = open({ url: `${fresh.url}?options=-c%20work_mem%3D5MB` });
    const found = await withOptions.outsideTenants(async (tx) => {
      const { rows } =
        await sql`select current_user as who, current_setting('work_mem') as memory, current_setting('is_superuser') as all`.execute(tx.db);
      return rows[0];
    });
    await withOptions.close();
    expect(found).toEqual({ who: appRole, memory: '5MB', all: 'off' });
    await expect(database.tx(red, (tx) => sql`create table catalog.mine (n int)`.execute(tx.db))).rejects.toThrow(/permission denied/);
  });

  it('writes facts once: nobody edits or removes what happened', async () => {
    const fact = (tx: Tx) =>
      sql`insert into audit.fact (tenant_id, id, type, subject_kind, subject_id, at, actor)
          values (${red}, ${tx.newId()}, 'order.routed', 'order', ${tx.newId()}, ${tx.now}, 'world')`.execute(tx.db);
    await database.tx(red, fact);
    await database.tx(red, (tx) => sql`update audit.fact set number = 1, hash = '\\x00'`.execute(tx.db));
    await expect(database.tx(red, (tx) => sql`update audit.fact set type = 'order.lost'`.execute(tx.db))).rejects.toThrow(
      /permission denied/,
    );
    await expect(database.tx(red, (tx) => sql`delete from audit.fact`.execute(tx.db))).rejects.toThrow(/permission denied/);
  });

  it('rings a bell in its own transaction though the wake-up tables are closed to it', async () => {
    await database.tx(red, async (tx) => {
      await sql`select platform.ring(array['route-order', 'route-order', 'place-purchase'], ${red}::uuid)`.execute(tx.db);
    });
    await expect(database.tx(red, (tx) => sql`select from graphile_worker._private_jobs`.execute(tx.db))).rejects.toThrow(
      /permission denied/,
    );
    const { rows } = await owner.query('select key from graphile_worker.jobs order by key');
    expect(rows).toEqual([{ key: `place-purchase:${red}` }, { key: `route-order:${red}` }]);
  });
});

describe('a transaction', () => {
  it('leaves nothing behind when the work fails, and the connection goes on', async () => {
    const before = await database.tx(red, countOf);
    const failing = database.tx(red, async (tx) => {
      await addVariant(tx, red, 'HALF');
      throw new Error('the power went out');
    });
    await expect(failing).rejects.toThrow('the power went out');
    expect(await database.tx(red, countOf)).toBe(before);
  });

  it('never pretends to have committed after a statement failed in it', async () => {
    const swallowing = database.tx(red, async (tx) => {
      await addVariant(tx, red, 'LOST');
      await sql`select 1 / 0`.execute(tx.db).catch(() => {});
    });
    await expect(swallowing).rejects.toThrow(/was rolled back/);
    expect(await database.tx(red, skus)).not.toContain('LOST');
  });

  it('survives a connection that the server ends in the middle of it', async () => {
    const cut = database.tx(red, async (tx) => {
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx.db);
      await owner.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
      // The news arrives while no statement is open, when only a listener stands between it and the end of the process.
      await new Promise((resolve) => setTimeout(resolve, 50));
      await addVariant(tx, red, 'CUT');
    });
    await expect(cut).rejects.toThrow(/terminat|not queryable|closed/i);
    expect(await database.tx(red, skus)).not.toContain('CUT');
  });

  it('knows one time and makes ids that sort by it', async () => {
    const [time, ids] = await database.tx(red, async (tx) => [tx.now, Array.from({ length: 50 }, () => tx.newId())] as const);
    expect(time.toString()).toBe('2026-11-25T09:30:00.123456Z');
    expect(new Set(ids).size).toBe(50);
    expect(
      ids.every((id) =>
        id.startsWith(
          `${now.epochMilliseconds
            .toString(16)
            .padStart(12, '0')
            .replace(/^(.{8})/, '$1-')}-7`,
        ),
      ),
    ).toBe(true);
  });

  it('rolls back when what was to happen last in it fails, and passes its two boundaries in order', async () => {
    const seen: string[] = [];
    const strict = open({ beforeCommit: () => Promise.reject(new Error('no bell')), boundary: (where) => seen.push(where) });
    await expect(strict.tx(red, (tx) => addVariant(tx, red, 'UNRUNG'))).rejects.toThrow('no bell');
    await strict.close();
    expect(seen).toEqual([]);
    const plain = open({ boundary: (where) => seen.push(where) });
    expect(await plain.tx(red, skus)).not.toContain('UNRUNG');
    await plain.close();
    expect(seen).toEqual(['before-commit', 'after-commit']);
  });

  it('stops a statement that takes too long', async () => {
    const hasty = open({ statementMs: 50 });
    await expect(hasty.tx(red, (tx) => sql`select pg_sleep(5)`.execute(tx.db))).rejects.toThrow(/statement timeout/);
    await hasty.close();
  });
});

describe('values', () => {
  it('keep 64 bits, microseconds, days and exact decimals on the way there and back', async () => {
    const sent = { big: 9_223_372_036_854_775_807n, at: instant('1969-12-31T23:59:59.999999Z') };
    const { rows } = await database.tx(red, (tx) =>
      sql`select ${sent.big}::bigint as big, ${sent.at}::timestamptz as at, '2026-02-29'::text as text, date '2028-02-29' as day,
                 0.1::numeric(4, 3) as share, null::bigint as none, array[1, null]::bigint[] as list,
                 array[${sent.at}::timestamptz] as times`.execute(tx.db),
    );
    expect(rows).toEqual([
      { ...sent, text: '2026-02-29', day: '2028-02-29', share: '0.100', none: null, list: [1n, null], times: [sent.at] },
    ]);
  });

  it('are read the same on a server that lives in another zone and writes dates its own way', async () => {
    const abroad = open({ url: `${fresh.url}?options=-c%20timezone%3DAsia%2FKolkata%20-c%20datestyle%3DGerman` });
    const at = instant('1890-05-06T01:02:03.5Z');
    const { rows } = await abroad.tx(red, (tx) => sql`select ${at}::timestamptz as at, date '2026-01-31' as day`.execute(tx.db));
    await abroad.close();
    expect(rows).toEqual([{ at, day: '2026-01-31' }]);
  });

  it('go as a set in one parameter, with absent, empty and awkward text kept apart', async () => {
    const given = [
      { id: red, note: 'a "quoted"\n\ttext \\ with ☃ and 💡', cost: 12n, at: now, tags: ['x', 'y'] },
      { id: blue, note: '', cost: null, at: null, tags: [] },
      { id: null, note: null, cost: -1n, at: now, tags: null },
    ];
    const { rows } = await database.tx(red, (tx) =>
      sql`select * from ${recordset(given, { id: 'uuid', note: 'text', cost: 'bigint', at: 'timestamptz', tags: 'text[]' })} as given`.execute(
        tx.db,
      ),
    );
    expect(rows).toEqual(given);
    const stored = await database.tx(red, (tx) => sql<{ it: unknown }>`select ${json({ minor: 5n, at: now })} as it`.execute(tx.db));
    expect(stored.rows[0]?.it).toEqual({ minor: '5', at: now.toString() });
  });
});
