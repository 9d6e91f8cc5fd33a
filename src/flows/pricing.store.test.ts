import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { seededChance } from '#kernel/chance';
import { after, instant } from '#kernel/time';
import { addChannels } from '#modules/channels';
import { resolve } from '#modules/exceptions';
import { type Database, openDatabase, type Tx } from '#platform/db';
import { freshDatabase } from '../../test/setup/database.ts';
import { followPrices } from './pricing.ts';

const tenant = '01900000-0000-7000-8000-00000000000a';
let fresh: Awaited<ReturnType<typeof freshDatabase>>;
let database: Database;
let channel = '';
let now = instant('2026-11-20T09:00:00Z');
const follow = () => {
  now = after(now, { minutes: 1 });
  return followPrices(database, tenant);
};
const inTx = <T>(act: (tx: Tx) => Promise<T>): Promise<T> => database.tx(tenant, act);
const rows = <R>(text: string): Promise<R[]> => inTx(async (tx) => (await sql.raw(text).execute(tx.db)).rows as R[]);

beforeAll(async () => {
  fresh = await freshDatabase();
  database = openDatabase({
    url: fresh.url,
    clock: { now: () => now },
    chance: seededChance(1),
    connections: 3,
  });
  const [made] = await inTx((tx) =>
    addChannels(tx, [{ code: 'home', name: 'Home', kind: 'rest', settings: {}, secrets: null, currency: 'EUR' }]),
  );
  channel = made?.id ?? '';
});
afterAll(async () => {
  await database.close();
  await fresh.drop();
});

const hold = (sku: string) =>
  rows(`insert into catalog.price_problem (tenant_id, channel_id, sku, kind, detail, since, at)
        values ('${tenant}', '${channel}', '${sku}', 'cost_jump', 'Its cost jumped.', '2026-11-20', '2026-11-20')`);
const cards = () =>
  rows<{ title: string; state: string; times: number }>(`select title, state, times from exceptions.exception order by opened_at, id`);

it('held prices stand in the inbox once, come back when they become more, and go with the last of them', async () => {
  await hold('LAMP');
  await follow();
  await follow();
  expect(await cards()).toEqual([{ title: '1 price of Home stays as it is: LAMP: Its cost jumped.', state: 'open', times: 1 }]);
  await inTx((tx) => resolve(tx, [{ kind: 'prices_held', subject: channel, how: 'Set aside.', actor: 'person:1' }]));
  await follow();
  expect((await cards()).map(({ state }) => state)).toEqual(['resolved']);
  await hold('VASE');
  await follow();
  expect((await cards()).map(({ state }) => state)).toEqual(['resolved', 'open']);
  await rows('delete from catalog.price_problem');
  await follow();
  expect((await cards()).map(({ state }) => state)).toEqual(['resolved', 'resolved']);
});
