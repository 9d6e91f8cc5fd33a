import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededChance } from '#kernel/chance';
import { after, instant } from '#kernel/time';
import { type Database, openDatabase, type Tx } from '#platform/db';
import { freshDatabase } from '../../../test/setup/database.ts';
import { type Arrived, arrival, arrive, readAgain } from './index.ts';

const tenant = '01900000-0000-7000-8000-00000000000a';
let now = instant('2026-11-20T09:00:00Z');
let fresh: Awaited<ReturnType<typeof freshDatabase>>;
let database: Database;

beforeAll(async () => {
  fresh = await freshDatabase();
  database = openDatabase({ url: fresh.url, clock: { now: () => now }, chance: seededChance(1), connections: 8 });
});
afterAll(async () => {
  await database.close();
  await fresh.drop();
});

const inTx = <T>(work: (tx: Tx) => Promise<T>, whose = tenant): Promise<T> => database.tx(whose, work);
const one = (object: string, body: string, more: Partial<Arrived> = {}): Arrived => ({
  kind: 'order',
  source: 'channel:x',
  object,
  name: 'order.created',
  headers: { 'x-id': '1' },
  body: Buffer.from(body),
  ...more,
});
const kept = (object: string) =>
  inTx(
    async (tx) =>
      (
        await sql<{
          id: string;
          again: number;
          state: string;
        }>`select id, again, state from platform.arrival where object = ${object} order by received_at, id`.execute(tx.db)
      ).rows,
  );

describe('what arrives', () => {
  it('is kept byte for byte, and answered in the order in which it was given', async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, at) => at);
    const came = await inTx((tx) => arrive(tx, [one('z', '1'), one('a', '2'), one('m', '', { body: bytes }), one('z', '1')]));
    const loaded = await inTx((tx) =>
      arrival.load(
        tx,
        came.map(({ id }) => id),
      ),
    );
    const names = new Map(loaded.map(({ id, object }) => [id, object]));
    expect(came.map(({ id, fresh: first }) => [names.get(id), first])).toEqual([
      ['z', true],
      ['a', true],
      ['m', true],
      ['z', false],
    ]);
    expect(Buffer.from(loaded.find(({ object }) => object === 'm')?.body ?? []).equals(Buffer.from(bytes))).toBe(true);
  });

  it('counts the same content of the same thing once, and other content, other things, senders and tenants for themselves', async () => {
    const [first] = await inTx((tx) => arrive(tx, [one('dup', 'same')]));
    now = after(now, { hours: 72 });
    expect(await inTx((tx) => arrive(tx, [one('dup', 'same'), one('dup', 'same', { headers: { 'x-id': '2' } })]))).toEqual([
      { id: first?.id, fresh: false },
      { id: first?.id, fresh: false },
    ]);
    expect(await kept('dup')).toMatchObject([{ again: 2 }]);
    const more = await inTx((tx) => arrive(tx, [one('dup', 'other'), one('dup-2', 'same'), one('dup', 'same', { source: 'channel:y' })]));
    expect(more.every((came) => came.fresh)).toBe(true);
    expect(await inTx((tx) => arrive(tx, [one('dup', 'same')]), '01900000-0000-7000-8000-00000000000b')).toMatchObject([{ fresh: true }]);
  });

  it('is fresh for exactly one of many deliveries at the same instant', async () => {
    const batch = Array.from({ length: 20 }, (_, at) => one(`race-${at}`, 'body'));
    const came = await Promise.all(Array.from({ length: 8 }, (_, at) => inTx((tx) => arrive(tx, at % 2 ? batch : [...batch].reverse()))));
    expect(came.flat().filter((each) => each.fresh)).toHaveLength(20);
    expect(new Set(came.flat().map(({ id }) => id)).size).toBe(20);
    expect(await kept('race-7')).toMatchObject([{ again: 7 }]);
  });

  it('is there if and only if its transaction was committed', async () => {
    await expect(
      inTx(async (tx) => {
        await arrive(tx, [one('undone', 'x')]);
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(await kept('undone')).toEqual([]);
  });

  it('can be read once more, whatever became of it', async () => {
    const [came] = await inTx((tx) => arrive(tx, [one('again', 'x')]));
    await inTx((tx) => sql`update platform.arrival set state = 'refused', due_at = null where object = 'again'`.execute(tx.db));
    expect(await inTx((tx) => readAgain(tx, [came?.id ?? '']))).toBe(1);
    expect(await kept('again')).toMatchObject([{ state: 'received' }]);
  });
});
