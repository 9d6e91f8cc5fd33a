import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { seededChance } from '#kernel/chance';
import { instant } from '#kernel/time';
import { type Database, openDatabase } from '#platform/db';
import { freshDatabase } from '../../../test/setup/database.ts';
import { makeBudget } from './budget.ts';
import { takeTokens } from './store.ts';

const tenant = '01900000-0000-7000-8000-00000000000a';
let now = instant('2026-11-25T09:30:00Z');
let statements = 0;
let fresh: Awaited<ReturnType<typeof freshDatabase>>;
let db: Database;

beforeAll(async () => {
  fresh = await freshDatabase();
  db = openDatabase({
    url: fresh.url,
    clock: { now: () => now },
    chance: seededChance(1),
    connections: 8,
    onQuery: () => (statements += 1),
  });
});

afterAll(async () => {
  await db.close();
  await fresh.drop();
});

const draw = (account: string, more: object = {}) =>
  db.tx(tenant, (tx) => takeTokens(tx, { account, perSecond: 10, burst: 20, many: 5, mostDebt: 10, ...more }));

it('draws many at once from a full bucket, one at a time from a poor one, promises ahead, then refuses', async () => {
  const taken: (number | null)[] = [];
  for (let nth = 0; nth < 24; nth += 1) taken.push((await draw('a'))?.taken ?? null);
  expect(taken).toEqual([5, 5, 5, ...Array.from({ length: 15 }, () => 1), null, null, null, null, null, null]);
  expect(taken.reduce<number>((sum, one) => sum + (one ?? 0), 0)).toBe(30);
});

it('fills up again with time, up to the burst and no further', async () => {
  await draw('b', { many: 10 });
  now = now.add({ seconds: 3600 });
  expect(await draw('b', { many: 10 })).toEqual({ taken: 10, tokens: 10 });
});

it('takes no more than there is when many begin at the same moment', async () => {
  const all = await Promise.all(Array.from({ length: 60 }, () => draw('c')));
  expect(all.reduce((sum, one) => sum + (one?.taken ?? 0), 0)).toBe(30);
});

it('goes on when clocks of two machines differ', async () => {
  await draw('d');
  now = now.subtract({ seconds: 30 });
  expect((await draw('d'))?.tokens).toBe(10);
  now = now.add({ seconds: 30 });
  expect((await draw('d'))?.tokens).toBe(5);
});

it('asks the database far less often than the far side while there is plenty', async () => {
  const budget = makeBudget(db, async () => {});
  statements = 0;
  for (let nth = 0; nth < 100; nth += 1) await budget.take(tenant, 'e', { perSecond: 100, burst: 400 });
  expect(statements).toBeLessThanOrEqual(3);
});

it('waits for its turn and refuses when the turn is too far away', async () => {
  const pauses: number[] = [];
  const budget = makeBudget(db, async (ms) => void pauses.push(Math.round(ms)));
  const rate = { perSecond: 2, burst: 1 };
  for (let nth = 0; nth < 4; nth += 1) await budget.take(tenant, 'f', rate);
  expect(pauses).toEqual([500, 1000, 1500]);
  const rest = await Promise.allSettled(Array.from({ length: 40 }, () => budget.take(tenant, 'f', rate)));
  expect(rest.filter(({ status }) => status === 'fulfilled')).toHaveLength(17);
  expect(rest.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { kind: 'transient', code: 'rate-budget' } });
});

it('holds everybody back after the far side said that we are too fast', async () => {
  const one = makeBudget(db, async () => {});
  const pauses: number[] = [];
  const other = makeBudget(db, async (ms) => void pauses.push(Math.round(ms)));
  const rate = { perSecond: 10, burst: 20 };
  await one.take(tenant, 'g', rate);
  await one.tooFast(tenant, 'g', rate, 3_000);
  await other.take(tenant, 'g', rate);
  expect(pauses).toEqual([3_100]);
});

it('keeps the buckets of tenants apart', async () => {
  const other = '01900000-0000-7000-8000-00000000000b';
  await draw('h', { burst: 1, many: 1, mostDebt: 0 });
  expect(await draw('h', { burst: 1, many: 1, mostDebt: 0 })).toBeNull();
  const theirs = await db.tx(other, (tx) => takeTokens(tx, { account: 'h', perSecond: 1, burst: 1, many: 1, mostDebt: 0 }));
  expect(theirs?.taken).toBe(1);
  const { rows } = await db.tx(other, (tx) => sql`select * from platform.rate_budget`.execute(tx.db));
  expect(rows).toHaveLength(1);
});
