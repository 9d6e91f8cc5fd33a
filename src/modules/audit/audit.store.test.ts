import { sql } from 'kysely';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seededChance } from '#kernel/chance';
import { instant } from '#kernel/time';
import { type Database, openDatabase, type Tx } from '#platform/db';
import { freshDatabase } from '../../../test/setup/database.ts';
import { appendFacts, seal, verifyChain } from './index.ts';

const tenant = '01900000-0000-7000-8000-00000000000a';
let fresh: Awaited<ReturnType<typeof freshDatabase>>;
let database: Database;
/** Whoever holds the database itself, and would rewrite history. */
let owner: pg.Client;

beforeEach(async () => {
  fresh = await freshDatabase();
  database = openDatabase({
    url: fresh.url,
    clock: { now: () => instant('2026-11-20T09:00:00.123456Z') },
    chance: seededChance(1),
    connections: 4,
  });
  owner = new pg.Client({ connectionString: fresh.url });
  await owner.connect();
});
afterEach(async () => {
  await owner.end();
  await database.close();
  await fresh.drop();
});

const inTx = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => database.tx(tenant, work);
const happen = (count: number) =>
  inTx((tx) =>
    appendFacts(
      tx,
      Array.from({ length: count }, (_, at) => ({
        type: 'lamp.lit',
        subject: { kind: 'lamp', id: tx.newId() },
        actor: 'step:light',
        data: { at, z: 1, a: { deep: [1, 'ü', null, 9007199254740993n] } },
      })),
    ),
  );
const verify = () => inTx(verifyChain);

describe('the chain of facts', () => {
  it('numbers facts without a gap, and holds after any number of sealings', async () => {
    await happen(5);
    expect([await inTx((tx) => seal(tx, 2)), await inTx((tx) => seal(tx, 2))]).toEqual([2, 2]);
    await happen(3);
    expect(await inTx((tx) => seal(tx))).toBe(4);
    expect(await inTx((tx) => seal(tx))).toBe(0);
    expect(await verify()).toEqual({ holds: true, why: '', last_number: 8n });
  });

  it('is sealed by one writer at a time', async () => {
    await happen(50);
    await inTx((tx) => seal(tx, 1));
    await Promise.all(Array.from({ length: 4 }, () => inTx((tx) => seal(tx, 20))));
    while ((await inTx((tx) => seal(tx))) > 0);
    expect(await verify()).toMatchObject({ holds: true, last_number: 50n });
  });

  it('does not let the program change or remove a fact', async () => {
    await happen(1);
    for (const statement of [sql`update audit.fact set data = '{}'`, sql`delete from audit.fact`]) {
      await expect(inTx((tx) => statement.execute(tx.db))).rejects.toThrow(/permission denied/);
    }
  });

  it.each([
    ['a fact that was changed', `update audit.fact set data = data || '{"at": 99}' where number = 3`, /fact 3 .* not as it was/],
    ['a fact whose actor was changed', `update audit.fact set actor = 'person:x' where number = 2`, /fact 2/],
    ['a fact that was taken out', 'delete from audit.fact where number = 3', /fact 3 is missing/],
    ['facts that were cut off at the end', 'delete from audit.fact where number >= 5', /ends at 6, its facts end at 4/],
    [
      'two facts that changed places',
      'update audit.fact set number = -1 where number = 2; update audit.fact set number = 2 where number = 3; update audit.fact set number = 3 where number = -1',
      /fact 2/,
    ],
    ['a chain whose end was taken away', 'delete from audit.fact where number >= 5; delete from audit.chain', /no chain/],
  ])('finds %s', async (_what, statement, why) => {
    await happen(6);
    await inTx((tx) => seal(tx));
    await owner.query(statement);
    const found = await verify();
    expect(found.holds).toBe(false);
    expect(found.why).toMatch(why);
  });
});
