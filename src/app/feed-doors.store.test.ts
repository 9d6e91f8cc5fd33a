import { once } from 'node:events';
import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Far } from '#flows/far';
import { workFeeds } from '#flows/feed-life';
import { feedSteps } from '#flows/feed-sources';
import { seededChance } from '#kernel/chance';
import { uuidV7 } from '#kernel/id';
import { type FeedSourceChange, saveFeedSettings, saveSource, sourceOf } from '#modules/catalog';
import { raise, resolve } from '#modules/exceptions';
import { findSupplier } from '#modules/suppliers';
import { guardedFetch, makeBreakers, readAllowList } from '#platform/api';
import { sftpDrop } from '#platform/files';
import { makeSealer, newMasterKey, readMasterKey } from '#platform/secrets';
import { sleep } from '#platform/time';
import { makeWork, type Work } from '#platform/work';
import type { ArrivedMail } from '#ports/message-sender';
import { type FeedShop, openFeedShop } from '../../test/setup/feeds.ts';
import { type SshServer, startSshd, whyNoSshd } from '../../test/setup/sshd.ts';
import { feedDoor } from './feed-doors.ts';
import { type Outside, sealSecrets, secretField, type Shared } from './wire.ts';

let shop: FeedShop;
let work: Work;
let far: Server;
let other: Server;
let door: ReturnType<typeof guardedFetch>;
let supplier = '';
let count = 0;
const sealer = makeSealer([readMasterKey(newMasterKey())]);
let answer: (request: IncomingMessage, reply: ServerResponse) => void = () => {};
const asked: { url: string; headers: IncomingMessage['headers'] }[] = [];
const elsewhere: IncomingMessage['headers'][] = [];
const mails: ArrivedMail[] = [];
const takenMails: string[] = [];
let ssh: SshServer | null = null;

const portOf = (server: Server): number => (server.address() as AddressInfo).port;
const farUrl = (path: string): string => `http://127.0.0.1:${portOf(far)}${path}`;

beforeAll(async () => {
  shop = await openFeedShop();
  far = createServer((request, reply) => {
    asked.push({ url: request.url ?? '', headers: request.headers });
    answer(request, reply);
  }).listen(0, '127.0.0.1');
  other = createServer((request, reply) => {
    elsewhere.push(request.headers);
    reply.end(csv('9.00'));
  }).listen(0, '127.0.0.1');
  await Promise.all([once(far, 'listening'), once(other, 'listening')]);
  door = guardedFetch(readAllowList([`127.0.0.1:${portOf(far)}`, `127.0.0.1:${portOf(other)}`]));
  const clock = { now: () => shop.now() };
  const shared: Shared = { options: { clock, chance: seededChance(3), sleep, sealer }, breakers: makeBreakers(clock) };
  const outside: Outside = {
    fetch: door.fetch,
    drop: (_code, settings, secrets) =>
      sftpDrop({ ...(settings['sftp'] as { host: string; user: string; hostFingerprint: string }), ...secrets }),
    messages: { send: async () => ({ reference: '' }) },
    mailbox: {
      waiting: async () => mails.filter(({ uid }) => !takenMails.includes(uid)),
      taken: async (uids) => void takenMails.push(...uids),
    },
    carrier: null,
  };
  const { tenant } = shop;
  const chance = seededChance(9);
  const steps = feedSteps({ folder: shop.room.folder, now: clock.now, newId: (nth) => uuidV7(clock.now(), chance, nth) });
  work = makeWork(shop.database, steps, {
    farOf: async () =>
      ({
        tenant,
        feed: async (source) => feedDoor(source, await shop.inTx((tx) => findSupplier(tx, source.supplier_id)), outside, shared, tenant),
      }) as Far,
    concurrency: 1,
    hooks: { facts: async () => {}, raise, resolve },
  });
});
afterAll(async () => {
  await door.close();
  for (const server of [far, other]) server.closeAllConnections();
  far.close();
  other.close();
  await ssh?.stop();
  await shop.close();
});
beforeEach(async () => {
  asked.length = 0;
  elsewhere.length = 0;
  await shop.rows(`update catalog.feed_source set state = 'paused', due_at = null`);
  supplier = await shop.supplier(`KESTREL${(count += 1)}`);
  await shop.inTx((tx) => saveFeedSettings(tx, supplier, { sameFile: 'fresh' }));
});

const csv = (cost: string): string =>
  `sku,title,cost,quantity\n${Array.from({ length: 20 }, (_, at) => `S${at},Lamp ${at},${cost},5`).join('\n')}\n`;
const setSource = (transport: FeedSourceChange['transport'], settings: object, secrets?: Record<string, string>) =>
  shop.inTx((tx) =>
    saveSource(tx, supplier, {
      transport: transport as 'http',
      settings: settings as Record<string, unknown>,
      schedule: { everyMinutes: 30 },
      ...(secrets ? { secrets: sealSecrets(sealer, secrets, shop.tenant, secretField('feed', supplier)) } : {}),
    }),
  );
/** Looks, imports what came, and says what became of it. */
async function look(minutes = 30): Promise<string[]> {
  shop.later(minutes);
  await work.turn('fetchFeed', shop.tenant);
  return (await workFeeds(shop.room, shop.tenant)).map(({ state, rows_new, rows_changed }) => `${state} +${rows_new} ±${rows_changed}`);
}
const source = () => shop.inTx((tx) => sourceOf(tx, supplier));

describe('a feed from the web', () => {
  it('is asked for only when it has changed; that it has not counts as fresh, and costs no run', async () => {
    let version = 1;
    answer = (request, reply) => {
      const etag = `"v${version}"`;
      if (request.headers['if-none-match'] === etag) return void reply.writeHead(304).end();
      reply.writeHead(200, { etag, 'content-disposition': 'attachment; filename="stock list.csv"' }).end(csv(`${version}.00`));
    };
    await setSource('http', { url: farUrl('/stock.csv') });
    expect(await look()).toEqual(['applied +20 ±0']);
    expect(
      await shop.rows(
        `select name, origin, state, stages -> 0 ->> 'name' as first from catalog.feed_run where supplier_id = '${supplier}'`,
      ),
    ).toEqual([{ name: 'stock list.csv', origin: 'http', state: 'applied', first: 'fetch' }]);
    expect(await look()).toEqual([]);
    expect((await source())?.fresh_at?.toString()).toBe(shop.now().toString());
    const [seen] = await shop.rows<{ complete_at: Temporal.Instant }>(
      `select complete_at from catalog.feed where supplier_id = '${supplier}'`,
    );
    expect(seen?.complete_at.toString()).toBe(shop.now().toString());
    version = 2;
    // Every cost doubled: the guards hold it.
    expect(await look()).toEqual(['held +0 ±20']);
  });

  it('that comes again with the same bytes and no version is no news either', async () => {
    answer = (_request, reply) => reply.end(csv('1.00'));
    await setSource('http', { url: farUrl('/stock.csv') });
    expect([await look(), await look()]).toEqual([['applied +20 ±0'], []]);
    expect(readdirSync(join(shop.room.folder, shop.tenant)).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('proves who we are to its host, and to no other that it leads to', async () => {
    answer = (request, reply) => {
      if (request.url === '/old') return void reply.writeHead(302, { location: '/new' }).end();
      if (request.url === '/new') return void reply.writeHead(307, { location: `http://127.0.0.1:${portOf(other)}/stock.csv` }).end();
      reply.writeHead(500).end();
    };
    await setSource('http', { url: farUrl('/old'), auth: 'basic', user: 'us' }, { password: 'hush' });
    expect(await look()).toEqual(['applied +20 ±0']);
    expect(asked.map(({ url, headers }) => [url, headers.authorization])).toEqual([
      ['/old', `Basic ${Buffer.from('us:hush').toString('base64')}`],
      ['/new', `Basic ${Buffer.from('us:hush').toString('base64')}`],
    ]);
    expect(elsewhere.map(({ authorization }) => authorization)).toEqual([undefined]);
  });

  it('is never led into a network that is not ours to call', async () => {
    answer = (_request, reply) => void reply.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data' }).end();
    await setSource('http', { url: farUrl('/stock.csv') });
    expect(await look()).toEqual([]);
    expect(
      await shop.rows(`select title from exceptions.v_exception where kind = 'connection_broken' and supplier_id = '${supplier}'`),
    ).toEqual([{ title: expect.stringMatching(/^The feed of Kestrel\d+ cannot be fetched: .*169\.254\.169\.254/) }]);
  });

  it('leaves nothing behind when it breaks off half-way', async () => {
    answer = (request, reply) => {
      reply.writeHead(200, { 'content-length': '100000' }).write('sku,title,cost,quantity\n');
      setTimeout(() => request.socket.destroy(), 20);
    };
    await setSource('http', { url: farUrl('/stock.csv') });
    const before = readdirSync(join(shop.room.folder, shop.tenant)).length;
    expect(await look()).toEqual([]);
    expect([readdirSync(join(shop.room.folder, shop.tenant)).length, (await source())?.state]).toEqual([before, 'polled']);
  });

  it('of a supplier with an API is put together page by page', async () => {
    answer = (request, reply) => {
      const page = Number(new URL(request.url ?? '', 'http://x').searchParams.get('page'));
      reply.end(
        JSON.stringify({
          data: { products: page > 3 ? [] : [{ sku: `P${page}`, name: `Lamp ${page}`, cost: '1.50', stock: page, currency: 'EUR' }] },
        }),
      );
    };
    await setSource('rest', { baseUrl: farUrl('/api/'), path: 'products', pageParam: 'page', list: 'data.products' }, { token: 'k' });
    expect(await look()).toEqual(['applied +3 ±0']);
    expect([asked.length, asked[0]?.url, asked[0]?.headers.authorization]).toEqual([4, '/api/products?page=1', 'Bearer k']);
    expect(await shop.offers(supplier)).toEqual(['P1 150 1 live', 'P2 150 2 live', 'P3 150 3 live']);
  });
});

describe('a feed by mail', () => {
  it('is the attachment of whom and what was agreed, taken once it is kept', async () => {
    const mail = (uid: string, from: string, subject: string): ArrivedMail => ({
      uid,
      bytes: Buffer.from(
        `From: ${from}\r\nSubject: ${subject}\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nSee attached.\r\n--b\r\nContent-Type: text/csv; name="stock.csv"\r\nContent-Disposition: attachment; filename="stock.csv"\r\n\r\n${csv('2.00').replaceAll('\n', '\r\n')}\r\n--b--\r\n`,
      ),
    });
    mails.push(
      mail('1', 'stranger@else.test', 'Stock list'),
      mail('2', 'stock@kestrel.test', 'Invoice 12'),
      mail('3', 'stock@kestrel.test', 'Daily stock list'),
    );
    await setSource('mail', { from: '@kestrel.test', subject: 'stock list' });
    expect(await look()).toEqual(['applied +20 ±0']);
    expect(takenMails).toEqual([]);
    expect(await look()).toEqual([]);
    expect(takenMails).toEqual(['3']);
  });
});

const missing = whyNoSshd();
describe.skipIf(missing)(missing ?? 'a feed from a folder by SFTP', () => {
  it('is the newest file or all in order, archived after or left, and never taken twice', async () => {
    ssh = await startSshd();
    const { host, port, user, hostFingerprint, privateKey, folder } = ssh;
    mkdirSync(join(folder, 'out'));
    const put = (name: string, cost: string, at: number): void => {
      writeFileSync(join(folder, 'out', name), csv(cost));
      utimesSync(join(folder, 'out', name), at, at);
    };
    const began = Math.floor(shop.now().epochMilliseconds / 1000);
    put('stock-2.csv', '1.02', began - 100);
    put('stock-1.csv', '1.01', began - 200);
    put('prices.txt', '9.99', began);
    const sftp = { host, port, user, hostFingerprint };
    await setSource('sftp', { sftp, folder: 'out', pattern: 'stock-*.csv', take: 'all', after: 'archive' }, { privateKey });
    expect(await look()).toEqual(['applied +20 ±0', 'applied +0 ±20']);
    expect((await shop.offers(supplier))[0]).toBe('S0 102 5 live');
    expect(await look()).toEqual([]);
    expect([readdirSync(join(folder, 'out')).sort(), readdirSync(join(folder, 'out', 'archive')).sort()]).toEqual([
      ['archive', 'prices.txt'],
      ['stock-1.csv', 'stock-2.csv'],
    ]);
    await setSource('sftp', { sftp, folder: 'out', pattern: 'list.csv', take: 'newest', after: 'leave' });
    put('list.csv', '1.03', began);
    expect(await look()).toEqual(['applied +0 ±20']);
    expect(await look()).toEqual([]);
    expect((await source())?.fresh_at?.toString()).toBe(shop.now().toString());
    put('list.csv', '1.04', began + 3_600);
    expect(await look()).toEqual(['applied +0 ±20']);
  });
});

describe('a feed that does not come', () => {
  it('is told of when its own rhythm is over, and settled by the next file', async () => {
    await shop.inTx((tx) => saveFeedSettings(tx, supplier, { sameFile: 'hold' }));
    for (const cost of ['1.00', '1.01', '1.02', '1.03', '1.04']) {
      shop.later(50);
      await shop.take(supplier, csv(cost));
    }
    const open = () =>
      shop.rows(`select title from exceptions.v_exception where kind = 'feed_stale' and state = 'open' and supplier_id = '${supplier}'`);
    shop.later(170);
    await work.turn('watchFeed', shop.tenant);
    expect(await open()).toEqual([]);
    shop.later(20);
    await work.turn('watchFeed', shop.tenant);
    expect(await open()).toEqual([{ title: expect.stringMatching(/^The feed of Kestrel\d+ is 3 h old; it should be 3 h at most\.$/) }]);
    await shop.take(supplier, csv('1.05'));
    expect(await open()).toEqual([]);
  });
});
