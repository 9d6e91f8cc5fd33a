import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, describe, expect, it } from 'vitest';
import { booksOf } from '#app/books';
import { doorsOf } from '#app/doors';
import { day, drive, later, virtualClock, virtualSleep } from '#app/drive';
import { feedRoom, takeWorldFeed } from '#app/feeds';
import { outsideOfWorld } from '#app/outside';
import { makeProgram } from '#app/program';
import { makeServer } from '#app/server';
import { settleIn } from '#app/settle-in';
import { makeWorld } from '#world/world';
import { seededChance } from '#kernel/chance';
import { instant } from '#kernel/time';
import { silentLog } from '#platform/log';
import { makeMetrics } from '#platform/metrics';
import { makeSealer, readMasterKey } from '#platform/secrets';
import { freshDatabase } from '../setup/database.ts';

const tenant = '01900000-0000-7000-8000-00000000000a';
const minute = 60_000;
const start = instant('2026-03-02T06:00:00Z');
const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** The whole program in this process against the world in fair weather; without webhooks, polls have to find every order. */
async function play(webhooks: boolean) {
  const fresh = await freshDatabase();
  const clock = virtualClock(start);
  const world = makeWorld({ seed: 11, clock, weather: 'still', scale: { orders: 6, products: 60, stores: 2, suppliers: 4 } });
  const publicUrl = 'https://stockless.example';
  const program = makeProgram({
    url: fresh.url,
    clock,
    chance: seededChance(11),
    sleep: virtualSleep,
    outsideOf: () => outsideOfWorld(world),
    sealer: makeSealer([readMasterKey(Buffer.alloc(32, 9).toString('base64url'))]),
    linkKey: Buffer.alloc(32, 7),
    publicUrl,
    mailFrom: 'orders@stockless.example',
    concurrency: 1,
    connections: 4,
  });
  await settleIn(program, webhooks ? world : { ...world, hook: () => {} }, 'test', tenant);
  const server = await makeServer({
    program,
    realClock: clock,
    log: silentLog,
    metrics: makeMetrics({ ofProcess: false }),
    onlyTenant: tenant,
  });
  const folder = mkdtempSync(join(tmpdir(), 'stockless-story-'));
  ends.push(async () => {
    await server.close();
    await program.close();
    await fresh.drop();
    rmSync(folder, { recursive: true, force: true });
  });
  world.placeOrdersOver(1, 6);
  const doors = {
    ...doorsOf(server, publicUrl),
    feed: (one: Parameters<typeof takeWorldFeed>[2]) => takeWorldFeed(feedRoom(program, folder, silentLog), tenant, one),
  };
  const how = { program, tenant, world, doors, clock };
  await drive({ ...how, strideMs: 30 * minute }, later(start, 2 * day));
  await drive({ ...how, strideMs: 480 * minute }, later(start, 40 * day));
  const rows = <R>(text: string): Promise<R[]> => program.db.tx(tenant, async (tx) => (await sql.raw(text).execute(tx.db)).rows as R[]);
  const strange = await server.inject({ url: '/v1/orders/%E0%A4%A' });
  expect([strange.statusCode, strange.headers['content-type'], strange.json().code]).toEqual([
    400,
    'application/problem+json; charset=utf-8',
    'bad-request',
  ]);
  return { world, program, rows, finding: world.audit(await booksOf(program, tenant), { quiet: true }) };
}

describe('orders in fair weather', () => {
  it.each([true, false])('are bought, shipped, delivered and closed; everybody hears once (webhooks: %s)', async (webhooks) => {
    const { world, rows, finding } = await play(webhooks);
    expect(finding.broken).toEqual([]);
    const came = await rows<{ by: string }>(
      `select distinct coalesce(headers ->> 'by', 'webhook') as by from platform.arrival where kind = 'order' and again = 0`,
    );
    expect(came.some(({ by }) => by === 'webhook')).toBe(webhooks);
    const orders = await rows<{ id: string; state: string; status: string }>(
      `select id, state, status from orders.v_order order by number`,
    );
    expect(orders.length).toBe(Object.keys(world.memory.orders).length);
    expect(orders.map(({ state, status }) => `${state} ${status}`)).toEqual(orders.map(() => 'closed delivered'));
    // Each purchase order of ours is one of the supplier's, said once.
    const purchases = await rows<{ number: string; transmission: string }>(
      `select number, transmission from purchasing.v_purchase order by number`,
    );
    expect(Object.values(world.memory.purchases).length).toBe(purchases.filter(({ transmission }) => transmission !== 'failed').length);
    expect(purchases.filter(({ transmission }) => transmission === 'closed').length).toBeGreaterThanOrEqual(orders.length);
    const doubled = await rows(
      `select subject_id, meaning from notifications.message where state = 'sent' group by subject_id, meaning, address having count(*) > 1`,
    );
    expect(doubled).toEqual([]);
    const delivered = await rows<{ order_id: string }>(
      `select distinct order_id from notifications.message where meaning like '%delivered%' and state = 'sent'`,
    );
    for (const { id } of orders) expect(delivered.map(({ order_id }) => order_id)).toContain(id);
    expect(await rows(`select state, kind from exceptions.v_exception where kind = 'set_aside'`)).toEqual([]);
  });
});
