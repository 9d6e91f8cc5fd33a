import fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeDoor, revokeDoorsOf } from '#modules/identity';
import { type Database, openDatabase } from '#platform/db';
import { arrive } from '#platform/inbox';
import { silentLog } from '#platform/log';
import { signWebhook } from '#formats/webhook';
import { newWebhookSecret } from '#platform/secrets';
import { systemChance, systemClock } from '#platform/time';
import { freshDatabase } from '../../../test/setup/database.ts';
import { openShop, type Shop } from '../../../test/setup/shop.ts';
import { restKind } from '#connectors/stores/rest';
import { hooksPlugin, type HookOwner } from './index.ts';

let fresh: Awaited<ReturnType<typeof freshDatabase>>;
let db: Database;
let shop: Shop;
let app: FastifyInstance;
let token: string;
let commits = 0;
const secret = newWebhookSecret();
const older = newWebhookSecret();

beforeAll(async () => {
  fresh = await freshDatabase();
  db = openDatabase({
    url: fresh.url,
    clock: systemClock,
    chance: systemChance,
    boundary: (where) => {
      if (where === 'after-commit') commits += 1;
    },
  });
  shop = await openShop(fresh.url, 'Quill');
  token = await db.tx(shop.tenant, (tx) => makeDoor(tx, { purpose: 'hook', subject: shop.channel, expires: null }, systemClock.now()));
  app = fastify();
  await app.register(
    hooksPlugin({
      db,
      arrive,
      clock: systemClock,
      log: silentLog,
      ownerOf: async (_tx, id) => ownerWith(id, [secret, older]),
    }),
    { prefix: '/hooks' },
  );
});
afterAll(async () => {
  await app.close();
  await db.close();
  await fresh.drop();
});

/** A store of the plain kind, with these secrets. */
const ownerWith = (id: string, secrets: readonly string[]): HookOwner => ({
  source: `channel:${id}`,
  keeps: restKind.keeps,
  hear: (call) =>
    restKind.hear?.({ ...call, settings: {}, secrets: secrets.map((webhookSecret) => ({ webhookSecret })) }) ?? { what: 'forged', why: '' },
});

const order = (id: string, more: object = {}) => JSON.stringify({ type: 'order.created', data: { id, ...more } });
const post = (body: string | Buffer, more: { token?: string; headers?: Record<string, string>; secret?: string } = {}) =>
  app.inject({
    method: 'POST',
    url: `/hooks/${more.token ?? token}`,
    payload: body,
    headers: {
      'content-type': 'application/json',
      ...signWebhook({ id: 'msg_1', body, secrets: [more.secret ?? secret], clock: systemClock }),
      ...more.headers,
    },
  });
const kept = async (object: string) =>
  db.tx(
    shop.tenant,
    async (tx) =>
      (await tx.client.query('select kind, source, name, body, headers, again from platform.arrival where object = $1', [object])).rows,
  );

describe('a signed message', () => {
  it('is kept byte for byte before it is answered', async () => {
    const body = order('1', { note: 'Čapek ☃' });
    const answer = await post(body);
    expect([answer.statusCode, answer.json()]).toEqual([202, { received: true }]);
    const [row] = await kept('1');
    expect(row).toMatchObject({ kind: 'order', source: `channel:${shop.channel}`, name: 'order.created', again: 0 });
    expect(Buffer.from(row.body).toString()).toBe(body);
    expect(Object.keys(row.headers)).not.toContain('webhook-signature');
  });

  it('counts once, however often it comes', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => post(order('twice'))));
    expect(all.map(({ statusCode }) => statusCode)).toEqual(Array(20).fill(202));
    expect(await kept('twice')).toMatchObject([{ again: 19 }]);
  });

  it('may be signed with the older secret while it is being replaced', async () => {
    expect((await post(order('rotating'), { secret: older })).statusCode).toBe(202);
  });

  it('that is no JSON is kept all the same, for a person to look at', async () => {
    expect((await post('no json')).statusCode).toBe(202);
    expect(await kept('')).toMatchObject([{ name: 'unreadable' }]);
  });

  it('with letters that the database cannot keep takes no other with it', async () => {
    const odd = ['a\0b', 'half \ud83d', 'x'.repeat(5_000)].map((id) => JSON.stringify({ type: id, data: { id } }));
    const all = await Promise.all([...odd, order('beside')].map((body) => post(body)));
    expect(all.map(({ statusCode }) => statusCode)).toEqual([202, 202, 202, 202]);
    expect(await kept('beside')).toHaveLength(1);
  });

  it('shares its commit with those that come at the same moment', async () => {
    await post(order('warm'));
    const before = commits;
    const all = await Promise.all(Array.from({ length: 100 }, (_, place) => post(order(`crowd ${place}`))));
    expect(all.every(({ statusCode }) => statusCode === 202)).toBe(true);
    expect(commits - before).toBeLessThan(40);
  });
});

describe('what is refused', () => {
  const count = () =>
    db.tx(shop.tenant, async (tx) => Number((await tx.client.query('select count(*) from platform.arrival')).rows[0].count));

  it.each<[string, Parameters<typeof post>[1], number, string]>([
    ['another secret', { secret: newWebhookSecret() }, 401, 'bad-signature'],
    ['no signature', { headers: { 'webhook-signature': '' } }, 401, 'bad-signature'],
    ['an old time', { headers: { 'webhook-timestamp': '1700000000' } }, 401, 'bad-signature'],
    ['an address nobody has', { token: 'A'.repeat(43) }, 404, 'not-found'],
    ['an address that is none', { token: 'x' }, 404, 'not-found'],
    ['a packed body', { headers: { 'content-encoding': 'gzip' } }, 415, 'unsupported-content'],
  ])('%s', async (_what, more, status, code) => {
    const before = await count();
    const answer = await post(order('refused'), more);
    expect([answer.statusCode, answer.json().code, answer.headers['content-type']]).toEqual([
      status,
      code,
      'application/problem+json; charset=utf-8',
    ]);
    expect(await count()).toBe(before);
  });

  it('a body above a megabyte', async () => {
    const answer = await post(Buffer.alloc(1_048_577, 'a'));
    expect([answer.statusCode, answer.json().code]).toEqual([413, 'too-large']);
    expect((await post(Buffer.alloc(1_048_576, 'a'))).statusCode).toBe(202);
  });

  it('an address that was taken away, after the seconds for which it is remembered', async () => {
    const other = await db.tx(shop.tenant, (tx) =>
      makeDoor(tx, { purpose: 'hook', subject: shop.supplier, expires: null }, systemClock.now()),
    );
    await db.tx(shop.tenant, (tx) => revokeDoorsOf(tx, shop.supplier, 'hook', systemClock.now()));
    expect((await post(order('gone'), { token: other })).statusCode).toBe(404);
  });

  it('a database that fails is told as a failure, never as received', async () => {
    const broken = fastify();
    const failing = {
      ...db,
      tx: async () => {
        throw Object.assign(new Error('gone'), { code: '57P01' });
      },
    } as unknown as Database;
    await broken.register(
      hooksPlugin({
        db,
        arrive: () => failing.tx(shop.tenant, async () => []),
        clock: systemClock,
        log: silentLog,
        ownerOf: async (_tx, id) => ownerWith(id, [secret]),
      }),
      { prefix: '/hooks' },
    );
    const body = order('failing');
    const answer = await broken.inject({
      method: 'POST',
      url: `/hooks/${token}`,
      payload: body,
      headers: { ...signWebhook({ id: 'm', body, secrets: [secret], clock: systemClock }) },
    });
    expect(answer.statusCode).toBeGreaterThanOrEqual(500);
    await broken.close();
  });
});
