import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededChance } from '#kernel/chance';
import { after, instant } from '#kernel/time';
import { addSuppliers } from '#modules/suppliers';
import { saveFeedSettings } from '#modules/catalog';
import { type Database, openDatabase, type Tx } from '#platform/db';
import { claimRun, findRun } from '#platform/run';
import { feedImport } from '#surfaces/cli';
import { freshDatabase } from '../../test/setup/database.ts';
import { cancelFeed, type FeedRoom, rejectFeed, releaseFeed, takeFeed, workFeeds } from './feed-life.ts';

const tenant = '01900000-0000-7000-8000-00000000000a';
let fresh: Awaited<ReturnType<typeof freshDatabase>>;
let database: Database;
let room: FeedRoom;
let now = instant('2026-11-20T09:00:00Z');
let supplierId = '';

beforeAll(async () => {
  fresh = await freshDatabase();
  database = openDatabase({ url: fresh.url, clock: { now: () => now }, chance: seededChance(4) });
  room = { db: database, folder: mkdtempSync(join(tmpdir(), 'stockless-feeds-')) };
  supplierId = await database.tx(tenant, async (tx) => {
    const ids = await addSuppliers(tx, [
      {
        code: 'KESTREL',
        name: 'Kestrel',
        state: 'live',
        country: 'DE',
        currency: 'EUR',
        time_zone: 'UTC',
        ships_to: [],
        rank: 1,
        handling_days: 1,
        transit_days: {},
        ack_hours: 24,
        ship_hours: 48,
        order_fee_minor: 0n,
        shipping_minor: {},
        transport: 'file',
        transport_settings: { feed: { delimiter: ';', decimal: ',' } },
        secrets: null,
        contact_email: '',
      },
    ]);
    return ids.get('KESTREL') ?? '';
  });
});

afterAll(async () => {
  await database.close();
  await fresh.drop();
  rmSync(room.folder, { recursive: true });
});

const csv = (count: number, cost: string): string =>
  `sku;cost;quantity\n${Array.from({ length: count }, (_, at) => `S${at};${cost};5`).join('\n')}\n`;
async function take(text: string): Promise<string> {
  now = after(now, { minutes: 10 });
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(text);
  }
  return takeFeed(room, tenant, { supplierId, name: 'stock.csv', by: 'person:p', bytes: bytes() });
}
const inTx = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => database.tx(tenant, work);
const facts = () =>
  inTx(
    async (tx) =>
      (await sql<{ type: string; data: Record<string, unknown> }>`select type, data from audit.v_fact order by at, id`.execute(tx.db)).rows,
  );
const open = () =>
  inTx(async (tx) =>
    (await sql<{ kind: string }>`select kind from exceptions.v_exception where state = 'open'`.execute(tx.db)).rows.map(({ kind }) => kind),
  );
const left = (): string[] => readdirSync(join(room.folder, tenant));

describe('a feed', () => {
  it('is kept, applied, told as a fact, and its file stays for a while', async () => {
    const run = await take(csv(20, '1,00'));
    expect([(await inTx((tx) => findRun(tx, run)))?.state, left()]).toEqual(['waiting', [`${run}.feed`]]);
    expect(await workFeeds(room, tenant)).toMatchObject([{ run, state: 'applied', rows_new: 20 }]);
    expect(await inTx((tx) => findRun(tx, run))).toMatchObject({
      state: 'done',
      summary: { state: 'applied', rows_new: 20, rows_read: 20 },
    });
    expect(await facts()).toMatchObject([{ type: 'feed.applied', data: { supplier: 'KESTREL', new: 20, changed: 0, gone: 0 } }]);
    expect([left(), await workFeeds(room, tenant)]).toEqual([[`${run}.feed`], []]);
  });

  it('that would do too much is held, and released by a person', async () => {
    const run = await take(csv(20, '3,00'));
    expect(await workFeeds(room, tenant)).toMatchObject([{ state: 'held', rows_changed: 20 }]);
    expect([await open(), left()]).toEqual([['feed_held'], expect.arrayContaining([`${run}.feed`])]);
    now = after(now, { minutes: 1 });
    await inTx((tx) => releaseFeed(tx, run, 'person:q'));
    expect(await workFeeds(room, tenant)).toMatchObject([{ run, state: 'applied', rows_changed: 20 }]);
    expect([await open(), (await facts()).map(({ type }) => type)]).toEqual([[], ['feed.applied', 'feed.held', 'feed.applied']]);
    await expect(inTx((tx) => releaseFeed(tx, run, 'person:q'))).rejects.toMatchObject({ code: 'wrong-state' });
  });

  it('that is held can be left aside', async () => {
    const run = await take(csv(2, '3,00'));
    expect(await workFeeds(room, tenant)).toMatchObject([{ state: 'held' }]);
    await inTx((tx) => rejectFeed(tx, run, 'person:q'));
    expect(await open()).toEqual([]);
  });

  it('that cannot be read fails in a sentence, and the next good one settles it', async () => {
    await take('%PDF-1.7');
    expect(await workFeeds(room, tenant)).toMatchObject([{ state: 'failed' }]);
    expect(await open()).toEqual(['feed_failed']);
    await take(csv(20, '3,10'));
    await workFeeds(room, tenant);
    expect(await open()).toEqual([]);
  });

  it('whose worker died is done by the next one, and one that is cancelled is not', async () => {
    const run = await take(csv(20, '3,20'));
    await inTx((tx) => claimRun(tx, { kinds: ['feed-import'], holder: tx.newId(), leaseSeconds: 300 }));
    expect(await workFeeds(room, tenant)).toEqual([]);
    now = after(now, { minutes: 6 });
    expect(await workFeeds(room, tenant)).toMatchObject([{ run, state: 'applied' }]);
    const other = await take(csv(20, '3,30'));
    await inTx((tx) => cancelFeed(tx, other));
    expect(await workFeeds(room, tenant)).toEqual([]);
  });

  it('of an unknown supplier is not taken', async () => {
    async function* nothing(): AsyncGenerator<Uint8Array> {}
    await expect(takeFeed(room, tenant, { supplierId: tenant, name: 'x', by: 'person:p', bytes: nothing() })).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it('is imported by the command, which says what became of it', async () => {
    now = after(now, { minutes: 10 });
    const path = join(room.folder, 'price list.csv');
    writeFileSync(path, `${csv(20, '3,40')}S99;x;1\n`);
    const said: string[] = [];
    const run = (supplier: string, file = path) =>
      feedImport(room, tenant, { path: file, supplier, by: 'person:p', say: (line) => said.push(line) });
    expect([await run('kestrel'), await run('NOBODY'), await run('KESTREL', '/none')]).toEqual([0, 1, 1]);
    expect(said).toEqual([
      'Applied.',
      'Rows 21: new 0, changed 20, same 0, refused 1. No longer in the file: 0.',
      '  line 22, cost "x": It is not a price',
      'There is no supplier NOBODY. Known are: KESTREL.',
      '/none is not a file that can be read.',
    ]);
    now = after(now, { minutes: 10 });
    await database.tx(tenant, (tx) => saveFeedSettings(tx, supplierId, { sameFile: 'hold' }));
    expect(await run('KESTREL')).toBe(3);
  });
});
