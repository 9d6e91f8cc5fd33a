import { join } from 'node:path';
import { type Doors, makeWorld, type World } from '#world/world';
import { allTenants } from '#modules/identity';
import { uuidV7 } from '#kernel/id';
import { sharedBell } from '#platform/work';
import { sleep, systemChance, systemClock } from '#platform/time';
import type { Begun } from './begin.ts';
import { daysBefore, type DemoClock, demoClock, type DemoRun, type Kept, runDemo } from './demo.ts';
import { feedFolderOf, feedRoom, takeWorldFeed } from './feeds.ts';
import { outsideOfWorld } from './outside.ts';
import { makeProgram, type Program } from './program.ts';
import { settleIn } from './settle-in.ts';

const seed = 20_261_125;
const historyDays = 14;
const ordersInHistory = 420;

export const demoFile = (begun: Begun): string => join(begun.dataDir, 'demo-world.json');

/** The clock of the demo as it was left, or where its past begins. */
export const clockOf = (kept: Kept | null): DemoClock =>
  demoClock(
    systemClock,
    kept?.offsetMs ?? daysBefore(systemClock.now(), historyDays).epochMilliseconds - systemClock.now().epochMilliseconds,
  );

/** The demo's outside; there may be none yet, while its past is played elsewhere. */
export interface Held {
  world: World | null;
}

/** The program as the demo runs it. While `bells.on` is false nobody is woken. */
export function demoProgram(begun: Begun, given: { held: Held; clock: DemoClock; publicUrl: string; bells: { on: boolean } }): Program {
  return makeProgram({
    url: begun.url,
    feedFolder: feedFolderOf(begun.dataDir),
    clock: given.clock,
    chance: systemChance,
    sleep,
    outsideOf: () => {
      if (!given.held.world) throw new Error('The past of the demo world is still being played; try again in a minute.');
      return outsideOfWorld(given.held.world);
    },
    sealer: begun.sealer,
    linkKey: begun.linkKey,
    publicUrl: given.publicUrl,
    reachable: true,
    mailFrom: begun.config.mailFrom ?? 'orders@demo.example',
    concurrency: 4,
    connections: begun.config.connections,
    durable: false,
    bell: { ring: async (tx, steps) => (given.bells.on ? sharedBell.ring(tx, steps) : undefined) },
  });
}

/** The world as it was kept, or a new one. */
export const openWorld = (kept: Kept | null, clock: DemoClock): World =>
  makeWorld({
    seed,
    clock,
    weather: 'fair',
    ...(kept
      ? { saved: kept.world }
      : { scale: { orders: ordersInHistory, products: 1_200, stores: 3, suppliers: 8, kinds: ['shopify', 'woocommerce', 'csv'] } }),
  });

/** The tenant that belongs to the kept world; for a new world a new one, beside any others. */
export async function demoTenant(program: Program, kept: Kept | null, world: World, say: (line: string) => void): Promise<string> {
  const tenants = await program.db.outsideTenants(allTenants);
  if (kept && tenants.some(({ id }) => id === kept.tenant)) return kept.tenant;
  if (kept)
    throw new Error('The demo world in the data folder belongs to another database. Remove demo-world.json there to begin a new one.');
  const id = uuidV7(program.options.clock.now(), systemChance);
  say('Filling the demo world: three shops, eight suppliers, 1,200 products.');
  await settleIn(program, world, 'demo', id);
  world.placeOrdersOver(historyDays, ordersInHistory, true);
  return id;
}

/** The world beside its program: it beats when it is started, or plays its past. The doors are set when there is a server. */
export function besideProgram(
  begun: Begun,
  given: { program: Program; tenant: string; world: World; clock: DemoClock; doors: { now: Doors | null } },
): DemoRun {
  const { program, tenant, world, clock, doors } = given;
  const feeds = feedRoom(program, begun.dataDir, begun.log);
  return runDemo({
    program,
    tenant,
    world,
    clock,
    sleep,
    log: begun.log,
    file: demoFile(begun),
    present: systemClock,
    doors: {
      post: (one) => doorOf(doors).post(one),
      open: (one) => doorOf(doors).open(one),
      feed: (one) => takeWorldFeed(feeds, tenant, one),
    },
  });
}

const doorOf = (doors: { now: Doors | null }): Doors => {
  if (!doors.now) throw new Error('the server is not ready yet');
  return doors.now;
};
