import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededChance } from '#kernel/chance';
import { uuidV7 } from '#kernel/id';
import { after, instant } from '#kernel/time';
import { type Database, openDatabase, type Tx } from '#platform/db';
import type { NewException } from '#platform/work';
import { freshDatabase } from '../../../test/setup/database.ts';
import { findException, raise, resolve, snooze, wakeSnoozed } from './index.ts';

const tenant = '01900000-0000-7000-8000-00000000000a';
let now = instant('2026-11-20T09:00:00Z');
let fresh: Awaited<ReturnType<typeof freshDatabase>>;
let database: Database;
beforeAll(async () => {
  fresh = await freshDatabase();
  database = openDatabase({ url: fresh.url, clock: { now: () => now }, chance: seededChance(1), connections: 6 });
});
afterAll(async () => {
  await database.close();
  await fresh.drop();
});

const inTx = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => database.tx(tenant, work);
const chance = seededChance(7);
const subject = () => uuidV7(now, chance);
const about = (id: string, more: Partial<NewException> = {}): NewException => ({
  kind: 'purchase_failed',
  subject: { kind: 'purchase', id },
  cause: 'c',
  title: 'first',
  ...more,
});
const rowsOf = (id: string) =>
  inTx(
    async (tx) =>
      (
        await sql<{
          id: string;
          title: string;
          times: number;
          state: string;
          money_minor: bigint;
          due_at: unknown;
        }>`select id, title, times, state, money_minor, due_at from exceptions.exception where subject_id = ${id} order by opened_at, id`.execute(
          tx.db,
        )
      ).rows,
  );
const over = (id: string) => inTx((tx) => resolve(tx, [{ kind: 'purchase_failed', subject: id, how: 'Done.', actor: 'person:p' }]));

describe('exceptions', () => {
  it('are one per kind and subject while open; the same again is counted and told anew', async () => {
    const id = subject();
    await inTx((tx) => raise(tx, [about(id), about(id, { title: 'second' })]));
    await inTx((tx) => raise(tx, [about(id, { title: 'third', money: { minor: 9n, currency: 'EUR' } }), about(id, { kind: 'other' })]));
    expect(await rowsOf(id)).toMatchObject([
      { title: 'third', times: 2, money_minor: 9n },
      { title: 'first', times: 1 },
    ]);
  });

  it('always have a time by which somebody should act', async () => {
    const id = subject();
    await inTx((tx) => raise(tx, [about(id)]));
    expect((await rowsOf(id))[0]?.due_at).toEqual(after(now, { hours: 24 }));
  });

  it('open anew after they were resolved, and only what is open is resolved', async () => {
    const id = subject();
    await inTx((tx) => raise(tx, [about(id)]));
    await over(id);
    await over(id);
    await inTx((tx) => raise(tx, [about(id, { title: 'again' })]));
    expect((await rowsOf(id)).map(({ state, title }) => `${state} ${title}`).sort()).toEqual(['open again', 'resolved first']);
  });

  it('are raised once by many at the same instant, in whatever order, without a deadlock', async () => {
    const ids = Array.from({ length: 12 }, subject);
    await Promise.all(
      Array.from({ length: 6 }, (_, at) =>
        inTx((tx) =>
          raise(
            tx,
            (at % 2 ? ids : [...ids].reverse()).map((id) => about(id)),
          ),
        ),
      ),
    );
    for (const id of ids) expect(await rowsOf(id)).toMatchObject([{ times: 6 }]);
  });

  it('that are snoozed come back when their time has come', async () => {
    const id = subject();
    await inTx((tx) => raise(tx, [about(id)]));
    const [row] = await rowsOf(id);
    await inTx((tx) => snooze(tx, row?.id ?? '', after(now, { hours: 2 })));
    expect(await inTx(wakeSnoozed)).toBe(0);
    now = after(now, { hours: 2 });
    expect(await inTx(wakeSnoozed)).toBe(1);
    expect(await inTx((tx) => findException(tx, row?.id ?? ''))).toMatchObject({ state: 'open' });
  });
});
