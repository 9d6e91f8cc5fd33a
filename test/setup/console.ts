import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { type Doors, makeWorld, type World } from '#world/world';
import { daysBefore, demoClock, type DemoRun, runDemo } from '#app/demo';
import { doorsOf } from '#app/doors';
import { feedDesk, feedRoom, takeWorldFeed, uploadFeed } from '#app/feeds';
import { outsideOfWorld } from '#app/outside';
import { makeProgram, type Program } from '#app/program';
import { makeServer } from '#app/server';
import { settleIn } from '#app/settle-in';
import { signInToken } from '#app/start';
import type { Clock } from '#kernel/time';
import { silentLog } from '#platform/log';
import { makeMetrics } from '#platform/metrics';
import { makeSealer, newMasterKey, readMasterKey } from '#platform/secrets';
import { sleep, systemChance, systemClock } from '#platform/time';
import { freshDatabase } from './database.ts';
import { freePort } from './processes.ts';

const web = fileURLToPath(new URL('../../web', import.meta.url));
const tenant = '01900000-0000-7000-8000-0000000000bb';
const lived = { days: 6, orders: 110 };

/** Enough for screens that are about lists and not about orders, at a fourth of the time. */
export const young = { days: 2, orders: 24 };

/** The whole demo in this process, with some days behind it; time stands still unless `demo` turns it. */
export interface DemoConsole {
  url: string;
  program: Program;
  world: World;
  demo: DemoRun;
  tenant: string;
  /** Where files of feeds lie. */
  feedFolder: string;
  /** A one-time address that signs in. */
  signIn(): Promise<string>;
  rows<R>(text: string): Promise<R[]>;
  close(): Promise<void>;
}

export async function openConsole({ days, orders } = lived): Promise<DemoConsole> {
  buildConsole();
  const fresh = await freshDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'stockless-console-'));
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const now = systemClock.now();
  const clock = demoClock(systemClock, daysBefore(now, days).epochMilliseconds - now.epochMilliseconds);
  const world = makeWorld({ seed: 5, clock, weather: 'fair', scale: { orders, products: 80, stores: 3, suppliers: 8 } });
  const program = programOf(fresh.url, url, world, clock);
  await settleIn(program, world, 'demo', tenant);
  world.placeOrdersOver(days, orders);
  const feeds = feedRoom(program, folder, silentLog);
  const late: { doors: Doors | null } = { doors: null };
  const ready = (): Doors => {
    if (!late.doors) throw new Error('the server is not ready yet');
    return late.doors;
  };
  const doors: Doors = {
    post: (one) => ready().post(one),
    open: (one) => ready().open(one),
    feed: (one) => takeWorldFeed(feeds, tenant, one),
  };
  const demo = runDemo({
    program,
    tenant,
    world,
    clock,
    sleep,
    log: silentLog,
    file: join(folder, 'world.json'),
    doors,
    present: systemClock,
  });
  const server = await makeServer({
    program,
    realClock: systemClock,
    log: silentLog,
    metrics: makeMetrics({ ofProcess: false }),
    onlyTenant: tenant,
    demo,
    importFeed: uploadFeed(feeds, silentLog),
    feeds: feedDesk(feeds, program, silentLog),
  });
  late.doors = doorsOf(server, url);
  // The world's own doubts come as well: a burst of orders by one hand is held, and stays for a person.
  await demo.catchUp(() => false);
  world.break('fraud_burst');
  await demo.advance(tenant, 60);
  await server.listen({ port, host: '127.0.0.1' });
  return {
    url,
    program,
    world,
    demo,
    tenant,
    feedFolder: feeds.folder,
    signIn: async () => `${url}/?t=${await signInToken(program, tenant)}`,
    rows: (text) => program.db.tx(tenant, async (tx) => (await sql.raw(text).execute(tx.db)).rows as never),
    close: async () => {
      await demo.stop();
      await server.close();
      await program.close();
      await fresh.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function programOf(database: string, url: string, world: World, clock: Clock): Program {
  return makeProgram({
    url: database,
    clock,
    chance: systemChance,
    sleep,
    outsideOf: () => outsideOfWorld(world),
    sealer: makeSealer([readMasterKey(newMasterKey())]),
    linkKey: Buffer.alloc(32, 7),
    publicUrl: url,
    reachable: true,
    mailFrom: 'orders@demo.example',
    concurrency: 4,
    connections: 8,
  });
}

/** Builds the console, unless what is built is newer than all it is made of. */
function buildConsole(): void {
  const newest = (folder: string): number =>
    Math.max(...readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => statSync(join(folder, name)).mtimeMs));
  try {
    const built = statSync(join(web, 'dist/index.html')).mtimeMs;
    if (built > newest(join(web, 'src')) && built > statSync(join(web, 'index.html')).mtimeMs) return;
  } catch {
    // Not built yet.
  }
  const vite = fileURLToPath(new URL('../../node_modules/vite/bin/vite.js', import.meta.url));
  const { status, stderr, stdout } = spawnSync(process.execPath, [vite, 'build', web], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`The console could not be built:\n${stdout}\n${stderr}`);
}
