import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededChance } from '#kernel/chance';
import { after, instant } from '#kernel/time';
import { type Database, openDatabase } from '#platform/db';
import { freshDatabase } from '../../../test/setup/database.ts';
import { cancelRun, claimRun, findRun, finishRun, renewRun, repeatRun, startRun } from './index.ts';

const tenant = '01900000-0000-7000-8000-00000000000a';
const [one, other] = ['01900000-0000-7000-8000-0000000000a1', '01900000-0000-7000-8000-0000000000a2'];
let fresh: Awaited<ReturnType<typeof freshDatabase>>;
let database: Database;
let now = instant('2026-11-20T09:00:00Z');

beforeAll(async () => {
  fresh = await freshDatabase();
  database = openDatabase({ url: fresh.url, clock: { now: () => now }, chance: seededChance(4) });
});

afterAll(async () => {
  await database.close();
  await fresh.drop();
});

const start = (): Promise<string> => database.tx(tenant, (tx) => startRun(tx, { kind: 'replay', settings: { from: 1 } }));
const claim = (holder: string, id: string) =>
  database.tx(tenant, (tx) => claimRun(tx, { kinds: ['replay'], holder, leaseSeconds: 60, id }));
const renew = (holder: string, id: string, done: bigint) =>
  database.tx(tenant, (tx) => renewRun(tx, { id, holder, leaseSeconds: 60 }, { done, position: { at: Number(done) } }));

describe('a run', () => {
  it('belongs to one holder until its lease runs out, and goes on where it was', async () => {
    const id = await start();
    const claimed = await Promise.all([claim(one, id), claim(other, id)]);
    expect(claimed.filter((run) => run !== null)).toHaveLength(1);
    const holder = claimed[0] ? one : other;
    const late = claimed[0] ? other : one;
    expect(await renew(holder, id, 5n)).toEqual({ held: true, cancelAsked: false });
    expect(await claim(late, id)).toBeNull();
    now = after(now, { seconds: 61 });
    expect(await claim(late, id)).toMatchObject({ state: 'running', position: { at: 5 }, done_count: 5n, settings: { from: 1 } });
    // Who was taken over learns it, and cannot end what is another's.
    expect(await renew(holder, id, 6n)).toEqual({ held: false, cancelAsked: false });
    expect(await database.tx(tenant, (tx) => finishRun(tx, { id, holder }, { state: 'done' }))).toBe(false);
    expect(await database.tx(tenant, (tx) => finishRun(tx, { id, holder: late }, { state: 'done', summary: { rows: 7 } }))).toBe(true);
    expect(await database.tx(tenant, (tx) => findRun(tx, id))).toMatchObject({ state: 'done', summary: { rows: 7 }, holder: null });
    expect(await claim(one, id)).toBeNull();
  });

  it('that waits is cancelled at once, one that runs at its next renewal', async () => {
    const [waiting, running] = [await start(), await start()];
    await claim(one, running);
    const cancel = (id: string) => database.tx(tenant, (tx) => cancelRun(tx, id));
    expect([await cancel(waiting), await cancel(running), await cancel(waiting)]).toEqual([true, true, false]);
    expect(await claim(one, waiting)).toBeNull();
    expect(await renew(one, running, 1n)).toEqual({ held: true, cancelAsked: true });
  });

  it('that has ended can be put back on the list', async () => {
    const id = await start();
    expect(await database.tx(tenant, (tx) => repeatRun(tx, id))).toBe(false);
    await claim(one, id);
    await database.tx(tenant, (tx) => finishRun(tx, { id, holder: one }, { state: 'failed', problem: 'No disk' }));
    expect(await database.tx(tenant, (tx) => repeatRun(tx, id, { force: true }))).toBe(true);
    expect(await claim(other, id)).toMatchObject({ state: 'running', problem: '', settings: { from: 1, force: true } });
  });
});
