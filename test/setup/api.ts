import fastify, { type FastifyInstance, type InjectOptions, type LightMyRequestResponse } from 'fastify';
import { seededChance } from '#kernel/chance';
import { type Problem, problem } from '#kernel/problem';
import { makeKey, type Right, rightsOf } from '#modules/identity';
import { type Database, openDatabase, type Tx } from '#platform/db';
import { silentLog } from '#platform/log';
import { sleep, systemChance, systemClock } from '#platform/time';
import { type ApiDeps, apiPlugin, type Asked, type Outcome } from '#surfaces/api';
import { freshDatabase } from './database.ts';
import { openShop, type Shop } from './shop.ts';

/** The API over a database with two shops, its actions played: a note writes a fact, everything else only says that it was done. */
export interface ApiTest {
  app: FastifyInstance;
  db: Database;
  url: string;
  deps: ApiDeps;
  a: { shop: Shop; key: string };
  b: { shop: Shop; key: string };
  /** A key of the first shop without any right. */
  powerless: string;
  routes: { method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'; url: string }[];
  /** What was asked of the actions, newest last. */
  asked: (Asked & { tenant: string })[];
  refuseNext(refusal: Problem): void;
  markOf(shop: Shop): string;
  tenantOfSubject(id: string): string | undefined;
  /** How many notes the first shop's order has. */
  notes(): Promise<number>;
  get(url: string, key: string, headers?: Record<string, string>): Promise<LightMyRequestResponse>;
  post(url: string, key: string, body: unknown, headers?: Record<string, string>): Promise<LightMyRequestResponse>;
  keyWith(shop: Shop, scopes: readonly Right[]): Promise<string>;
  close(): Promise<void>;
}

export async function openApi(more: Partial<ApiDeps> = {}): Promise<ApiTest> {
  const fresh = await freshDatabase();
  const db = openDatabase({ url: fresh.url, clock: systemClock, chance: systemChance, connections: 8 });
  const marks = new Map<Shop, string>();
  const open = async (mark: string) => {
    const shop = await openShop(fresh.url, mark);
    marks.set(shop, mark);
    return shop;
  };
  const [first, second] = [await open('Quill'), await open('Zephyr')];
  const keyWith = (shop: Shop, scopes: readonly Right[]) =>
    db.tx(shop.tenant, async (tx) => (await makeKey(tx, { name: 'test', scopes, expires: null }, systemClock.now())).key);
  const owner = [...rightsOf.owner];
  const asked: ApiTest['asked'] = [];
  const refusals: Problem[] = [];
  const deps: ApiDeps = {
    db,
    realClock: systemClock,
    sleep,
    // What broke in us is seen where it broke.
    log: { ...silentLog, error: (message, fields) => console.error(message, fields) },
    act: (tx, ask) => play(tx, ask, asked, refusals),
    notReady: async () => '',
    metrics: async () => '',
    consoleFolder: null,
    publicUrl: 'http://localhost:4400',
    checkAnswers: true,
    limits: { requestsPerSecond: 1e6, burst: 1e6, strangersBurst: 1e6 },
    ...more,
  };
  const { app, routes } = await served(deps);
  const send = (method: InjectOptions['method'], url: string, key: string, headers: Record<string, string> = {}, body?: unknown) =>
    app.inject({
      method: method ?? 'GET',
      url,
      headers: { authorization: `Bearer ${key}`, ...headers },
      ...(body === undefined ? {} : { payload: body as object }),
    });
  return {
    app,
    db,
    deps,
    url: fresh.url,
    routes,
    asked,
    keyWith,
    a: { shop: first, key: await keyWith(first, owner) },
    b: { shop: second, key: await keyWith(second, owner) },
    powerless: await keyWith(first, []),
    refuseNext: (refusal) => void refusals.push(refusal),
    markOf: (shop) => marks.get(shop) ?? '',
    tenantOfSubject: (id) => [first, second].find((shop) => (Object.values(shop) as string[]).includes(id))?.tenant,
    notes: () =>
      db.tx(first.tenant, async (tx) =>
        Number((await tx.client.query(`select count(*) from audit.fact where type = 'order.note'`)).rows[0].count),
      ),
    get: (url, key, headers) => send('GET', url, key, headers),
    post: (url, key, body, headers) => send('POST', url, key, headers, body),
    async close() {
      await app.close();
      await db.close();
      await fresh.drop();
    },
  };
}

async function served(deps: ApiDeps): Promise<{ app: FastifyInstance; routes: ApiTest['routes'] }> {
  const app = fastify({ routerOptions: { maxParamLength: 300 } });
  const routes: ApiTest['routes'] = [];
  app.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) if (url.startsWith('/v1') && one !== 'HEAD') routes.push({ method: one as 'GET', url });
  });
  await app.register(apiPlugin(deps));
  await app.ready();
  return { app, routes };
}

const chance = seededChance(7);

async function play(tx: Tx, ask: Asked, asked: ApiTest['asked'], refusals: Problem[]): Promise<Outcome> {
  const table = {
    order: 'orders."order"',
    purchase: 'purchasing.purchase',
    exception: 'exceptions.exception',
    supplier: 'suppliers.supplier',
    feed: 'suppliers.supplier',
    'feed-run': 'catalog.feed_run',
    channel: 'channels.channel',
    arrival: 'platform.arrival',
  }[ask.kind as string];
  if (table && ask.id !== '') {
    const { rowCount } = await tx.client.query(`select from ${table} where id = $1`, [ask.id]);
    if (rowCount === 0) throw problem('not-found', `There is no such ${ask.kind}.`);
  }
  asked.push({ ...ask, tenant: tx.tenant });
  if (ask.action === 'note') {
    await tx.client.query(
      `insert into audit.fact (tenant_id, id, type, subject_kind, subject_id, order_id, at, actor, data) values ($1, $2, 'order.note', 'order', $3, $3, $4, $5, $6)`,
      [tx.tenant, tx.newId(), ask.id, tx.now.toString(), ask.by, JSON.stringify(ask.input)],
    );
    // Long enough that those who race are in it together.
    await sleep(20 + Math.floor(chance.next() * 10));
  }
  const refusal = refusals.pop();
  if (refusal) throw refusal;
  const past: Record<string, string> = { hold: 'order.held', note: 'order.note' };
  return { facts: [{ type: past[ask.action] ?? `${ask.kind}.${ask.action}`, data: {} }], said: `${ask.action} done` };
}
