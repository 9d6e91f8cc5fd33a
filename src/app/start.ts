import { createServer } from 'node:net';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { type Doors, makeWorld, type World } from '#world/world';
import type { Clock } from '#kernel/time';

import { allTenants, makeSignIn, persons } from '#modules/identity';
import { makeMetrics } from '#platform/metrics';
import { sharedBell } from '#platform/work';
import { stopGracefully } from '#platform/http';
import { sleep, systemChance, systemClock } from '#platform/time';
import { uuidV7 } from '#kernel/id';
import { begin, type Begun } from './begin.ts';
import { daysBefore, demoClock, type DemoRun, readKept, runDemo } from './demo.ts';
import { outsideOfWorld, realOutside } from './outside.ts';
import { makeProgram, type Program } from './program.ts';
import { doorsOf } from './doors.ts';
import { feedDesk, feedFolderOf, feedRoom, takeWorldFeed, uploadFeed } from './feeds.ts';
import { makeServer } from './server.ts';
import { settleIn } from './settle-in.ts';
import { startWorker } from './worker.ts';

const seed = 20_261_125;
const historyDays = 14;
const ordersInHistory = 420;
/** After this long the console opens, whether or not the history is complete; the rest is caught up beside it. */
const patienceMs = 30_000;

/** `npm start`: everything on one machine, with the demo world beside it. */
export async function startDemo(say: (line: string) => void): Promise<void> {
  const begun = await begin(say);
  const { config, log } = begun;
  const port = await freePort(config.port, say);
  const publicUrl = config.publicUrl ?? `http://localhost:${port}`;
  const file = join(begun.dataDir, 'demo-world.json');
  const kept = readKept(file);
  const clock = demoClock(
    systemClock,
    kept?.offsetMs ?? daysBefore(systemClock.now(), historyDays).epochMilliseconds - systemClock.now().epochMilliseconds,
  );
  const world = makeWorld({
    seed,
    clock,
    weather: 'fair',
    ...(kept ? { saved: kept.world } : { scale: { orders: ordersInHistory, products: 1_200, stores: 3, suppliers: 8 } }),
  });
  /** While the past is played nobody waits to be woken. */
  const bells = { on: false };
  const program = demoProgram(begun, { world, clock, publicUrl, bells });
  const tenant = await demoTenant(program, kept?.tenant, async (id) => {
    say('Filling the demo world: three shops, eight suppliers, 1,200 products.');
    await settleIn(program, world, 'demo', id);
    world.placeOrdersOver(historyDays, ordersInHistory, true);
  });
  const metrics = makeMetrics();
  const feeds = feedRoom(program, begun.dataDir, log);
  const doors: { now: Doors | null } = { now: null };
  const demo = runDemo({
    program,
    tenant,
    world,
    clock,
    sleep,
    log,
    file,
    present: systemClock,
    doors: {
      post: (one) => doorOf(doors).post(one),
      open: (one) => doorOf(doors).open(one),
      feed: (one) => takeWorldFeed(feeds, tenant, one),
    },
  });
  const server = await makeServer({
    program,
    realClock: systemClock,
    log,
    metrics,
    onlyTenant: tenant,
    demo,
    importFeed: uploadFeed(feeds, log),
    feeds: feedDesk(feeds, program, log),
  });
  doors.now = doorsOf(server, publicUrl);
  await catchUp(demo, clock, say);
  await server.listen({ port, host: config.host });
  bells.on = true;
  const worker = await startWorker({ program, ownerUrl: begun.url, log, metrics, concurrency: config.workers, feeds });
  demo.start();
  say(`\nOpen ${publicUrl}/?t=${await signInToken(program, tenant)}   (valid once, for ten minutes)\n`);
  onStop(async () => {
    await demo.stop();
    const ms = timeToStop(config.stopSeconds);
    await Promise.all([stopGracefully(server, ms, sleep), worker.stop(ms)]);
    await program.close();
    await begun.stop();
  }, say);
}

function demoProgram(begun: Begun, given: { world: World; clock: Clock; publicUrl: string; bells: { on: boolean } }): Program {
  const outside = outsideOfWorld(given.world);
  return makeProgram({
    url: begun.url,
    feedFolder: feedFolderOf(begun.dataDir),
    clock: given.clock,
    chance: systemChance,
    sleep,
    outsideOf: () => outside,
    sealer: begun.sealer,
    linkKey: begun.linkKey,
    publicUrl: given.publicUrl,
    mailFrom: begun.config.mailFrom ?? 'orders@demo.example',
    concurrency: 4,
    connections: begun.config.connections,
    durable: false,
    bell: { ring: async (tx, steps) => (given.bells.on ? sharedBell.ring(tx, steps) : undefined) },
  });
}

const doorOf = (doors: { now: Doors | null }): Doors => {
  if (!doors.now) throw new Error('the server is not ready yet');
  return doors.now;
};

/** The history is played until it is complete or patience ends; then the clock goes on beside the open console. */
async function catchUp(demo: DemoRun, clock: { now(): Temporal.Instant; offsetMs(): number }, say: (line: string) => void): Promise<void> {
  if (clock.offsetMs() >= -60_000) return;
  const began = performance.now();
  say(`Playing ${Math.ceil(-clock.offsetMs() / 86_400_000)} days of history …`);
  await demo.catchUp(() => performance.now() - began > patienceMs);
  say(`The demo's clock stands at ${clock.now().toString().slice(0, 16).replace('T', ' ')} UTC.`);
}

/** The tenant that belongs to the world in the data folder; when that is gone, a new one beside the old. */
async function demoTenant(program: Program, known: string | undefined, make: (id: string) => Promise<void>): Promise<string> {
  const tenants = await program.db.outsideTenants(allTenants);
  if (known && tenants.some(({ id }) => id === known)) return known;
  if (known)
    throw new Error('The demo world in the data folder belongs to another database. Remove demo-world.json there to begin a new one.');
  const id = uuidV7(program.options.clock.now(), systemChance);
  await make(id);
  return id;
}

export async function signInToken(program: Program, tenant: string, person?: string): Promise<string> {
  return program.db.tx(tenant, async (tx) => {
    const who = person ?? (await persons(tx))[0]?.id;
    if (!who) throw new Error('This tenant has no person who could sign in.');
    return makeSignIn(tx, who, systemClock.now());
  });
}

/** The port asked for, or the next one that is free. */
async function freePort(asked: number, say: (line: string) => void): Promise<number> {
  for (let port = asked; port < asked + 50; port += 1) {
    if (await isFree(port)) {
      if (port !== asked) say(`Port ${asked} is taken; using ${port}.`);
      return port;
    }
  }
  throw new Error(`No port from ${asked} to ${asked + 49} is free. Set STOCKLESS_PORT to one that is.`);
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });

/** Milliseconds for what is in hand; the last tenth of the time is for closing the doors. */
const timeToStop = (seconds: number): number => seconds * 900;

/** Ctrl-C once: come to an end in order; twice: at once. */
export function onStop(stop: () => Promise<void>, say: (line: string) => void): void {
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(130);
      stopping = true;
      say('Stopping: nothing new is begun, what is in hand is finished.');
      stop().then(
        () => process.exit(0),
        (error: Error) => {
          say(`Stopping did not go well: ${error.message}`);
          process.exit(1);
        },
      );
    });
  }
}

/** `stockless serve`: the program for real, against the real network. */
export async function serve(say: (line: string) => void, roles: { server: boolean; worker: boolean }): Promise<void> {
  const begun = await begin(say);
  const { config, log } = begun;
  const port = roles.server ? await freePort(config.port, say) : config.port;
  const { outside, close } = realOutside(config);
  const stopping = new AbortController();
  const metrics = makeMetrics();
  const program = makeProgram({
    url: begun.url,
    feedFolder: feedFolderOf(begun.dataDir),
    clock: systemClock,
    chance: systemChance,
    sleep,
    outsideOf: () => outside,
    sealer: begun.sealer,
    linkKey: begun.linkKey,
    publicUrl: config.publicUrl ?? `http://localhost:${port}`,
    mailFrom: config.mailFrom ?? '',
    concurrency: 8,
    connections: config.connections,
    bell: sharedBell,
    budget: true,
    stopping: stopping.signal,
    trace: (call) =>
      metrics.callSeconds.observe(
        {
          kind: call.account.split(':')[0] ?? '',
          method: call.method,
          answer: call.status === 0 ? 'none' : `${Math.floor(call.status / 100)}xx`,
        },
        call.ms / 1_000,
      ),
  });
  const tenants = await program.db.outsideTenants(allTenants);
  const feeds = feedRoom(program, begun.dataDir, log);
  let server: FastifyInstance | null = null;
  if (roles.server) {
    server = await makeServer({
      program,
      realClock: systemClock,
      log,
      metrics,
      trustProxy: config.trustedProxies,
      ...(config.metricsToken ? { metricsToken: config.metricsToken } : {}),
      importFeed: uploadFeed(feeds, log),
      feeds: feedDesk(feeds, program, log),
      ...(tenants[0] && tenants.length === 1 ? { onlyTenant: tenants[0].id } : {}),
    });
    await server.listen({ port, host: config.host });
    say(`Stockless listens on ${program.options.publicUrl}.`);
  }
  const worker = roles.worker
    ? await startWorker({ program, ownerUrl: begun.url, log, metrics, concurrency: config.workers, feeds })
    : null;
  onStop(async () => {
    stopping.abort();
    const ms = timeToStop(config.stopSeconds);
    await Promise.all([server ? stopGracefully(server, ms, sleep) : null, worker?.stop(ms)]);
    await program.close();
    await close();
    await begun.stop();
  }, say);
}
