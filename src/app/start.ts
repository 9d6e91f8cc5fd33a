import { createServer } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Doors } from '#world/world';
import { problem } from '#kernel/problem';
import { allTenants, makeSignIn, persons } from '#modules/identity';
import { makeMetrics } from '#platform/metrics';
import { sharedBell } from '#platform/work';
import { stopGracefully } from '#platform/http';
import { sleep, systemChance, systemClock } from '#platform/time';
import type { Demo } from '#surfaces/api';
import { begin } from './begin.ts';
import { type DemoRun, readKept } from './demo.ts';
import { besideProgram, clockOf, demoFile, demoProgram, demoTenant, type Held, openWorld } from './demo-stage.ts';
import { realOutside } from './outside.ts';
import { playPast } from './past-desk.ts';
import { makeProgram, type Program } from './program.ts';
import { doorsOf } from './doors.ts';
import { feedDesk, feedFolderOf, feedRoom, uploadFeed } from './feeds.ts';
import { makeServer } from './server.ts';
import { startWorker, type Worker } from './worker.ts';

/** After this long the console opens, whether or not the past is complete; the rest is played beside it. */
const patienceMs = 30_000;
/** A world that was left so long ago catches up by itself. */
const nearMs = 3_600_000;

/** `npm start`: everything on one machine, with the demo world beside it. */
export async function startDemo(say: (line: string) => void): Promise<void> {
  const begun = await begin(say);
  const { config, log } = begun;
  const port = await freePort(config.port, say);
  const publicUrl = config.publicUrl ?? `http://localhost:${port}`;
  const kept = readKept(demoFile(begun));
  const clock = clockOf(kept);
  const past = kept && kept.offsetMs > -nearMs ? null : await playPast({ publicUrl, clock, say });
  const held: Held = { world: past ? null : openWorld(kept, clock) };
  /** Until the world is here nobody could be asked anything, so that nobody is woken. */
  const bells = { on: false };
  const program = demoProgram(begun, { held, clock, publicUrl, bells });
  const tenant = past?.tenant ?? kept?.tenant ?? '';
  const doors: { now: Doors | null } = { now: null };
  let demo: DemoRun | null = null;
  const metrics = makeMetrics();
  const feeds = feedRoom(program, begun.dataDir, log);
  const server = await makeServer({
    program,
    realClock: systemClock,
    log,
    metrics,
    onlyTenant: tenant,
    demo: whichever(() => demo ?? past?.demo ?? null),
    importFeed: uploadFeed(feeds, log),
    feeds: feedDesk(feeds, program, log),
  });
  doors.now = doorsOf(server, publicUrl);
  let worker: Worker | null = null;
  /** The world comes to this process, and beats. */
  const goOn = async (): Promise<void> => {
    const now = readKept(demoFile(begun));
    held.world ??= openWorld(now, clock);
    demo = besideProgram(begun, { program, tenant: await demoTenant(program, now, held.world, say), world: held.world, clock, doors });
    bells.on = true;
    worker = await startWorker({ program, ownerUrl: begun.url, log, metrics, concurrency: config.workers, feeds });
    demo.start();
  };
  if (past) await Promise.race([past.ended, sleep(patienceMs)]);
  await server.listen({ port, host: config.host });
  const goingOn = (past?.ended ?? Promise.resolve()).then(goOn);
  say(`\nOpen ${publicUrl}/?t=${await signInToken(program, tenant)}   (valid once, for ten minutes)\n`);
  onStop(async () => {
    await past?.stop();
    await goingOn;
    await demo?.stop();
    const ms = timeToStop(config.stopSeconds);
    await Promise.all([stopGracefully(server, ms, sleep), worker?.stop(ms)]);
    await program.close();
    await begun.stop();
  }, say);
  await goingOn;
}

/** The demo's clock and weather, wherever they are at the moment. */
function whichever(now: () => Demo | null): Demo {
  const here = (): Demo => {
    const demo = now();
    if (!demo) throw problem('not-ready', 'The demo world is just coming up.', { fix: 'Try again in a second.' });
    return demo;
  };
  return {
    state: async (tenant) => here().state(tenant),
    advance: async (tenant, minutes) => here().advance(tenant, minutes),
    run: async (tenant, speed) => here().run(tenant, speed),
    break: async (tenant, what) => here().break(tenant, what),
  };
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
