import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';
import { type FeedFile, type Finding, makeWorld, type WeatherName, type World } from '#world/world';
import { happens, seededChance } from '#kernel/chance';
import { uuidV7 } from '#kernel/id';
import { instant } from '#kernel/time';
import { defaultPricePolicy, type PricePolicy, previewToPublish, publishPrices } from '#modules/catalog';
import { migrate, openDatabase, startEmbedded } from '#platform/db';
import { silentLog } from '#platform/log';
import { makeMetrics } from '#platform/metrics';
import { makeSealer, readMasterKey } from '#platform/secrets';
import { ProcessDied, setCrashpoint } from '#platform/time';
import { booksOf } from './books.ts';
import { doorsOf } from './doors.ts';
import { feedRoom, takeWorldFeed } from './feeds.ts';
import { day, drive, later, oneAtATime, virtualClock, type VirtualClock, virtualSleep } from './drive.ts';
import { outsideOfWorld } from './outside.ts';
import { makeProgram, type Program } from './program.ts';
import { makeServer } from './server.ts';
import { settleIn } from './settle-in.ts';

export interface Story {
  seed: number;
  orders: number;
  days: number;
  weather: WeatherName;
  crashes: boolean;
  /** Of the stores, in their order; those beyond it are of the usual kind. */
  kinds?: readonly string[];
}

export interface Told extends Finding {
  seed: number;
  orders: number;
  traceHash: string;
  rounds: number;
  deaths: number;
  seconds: number;
  faults: Readonly<Record<string, number>>;
}

const minute = 60_000;
const start = instant('2026-03-02T06:00:00Z');
/** After the last order, faults end, and what is on its way has so long to come to its end. */
const quietDays = 45;

/**
 * Tells one story on the database given and holds the program against what the outside saw; `again` is the trace hash of the same
 * story told elsewhere, which has to be the same.
 */
export async function tellStory(url: string, story: Story, onProgress?: (line: string) => void, again?: Promise<string>): Promise<Told> {
  const began = performance.now();
  const clock = virtualClock(start);
  const world = makeWorld({
    seed: story.seed,
    clock,
    weather: story.weather,
    scale: { orders: story.orders, products: 200, stores: Math.max(3, story.kinds?.length ?? 0), suppliers: 8, kinds: story.kinds ?? [] },
  });
  const stage = await setStage(url, world, clock, story);
  world.placeOrdersOver(story.days, story.orders);
  const wayThrough = later(start, story.days * day);
  const progress = (now: Temporal.Instant) => onProgress?.(`${now.toString().slice(0, 16)}  ${world.trace.count} happenings`);
  const first = await drive({ ...stage, world, clock, onProgress: progress, strideMs: 5 * minute }, wayThrough);
  setCrashpoint(null);
  world.heal();
  const second = await drive(
    {
      ...stage,
      doors: { ...stage.doors, feed: async () => {} },
      world,
      clock,
      program: stage.current(),
      onProgress: progress,
      strideMs: 180 * minute,
    },
    later(wayThrough, quietDays * day),
  );
  const finding = world.audit(await booksOf(stage.current(), stage.tenant), { quiet: true, ...(again ? { again: await again } : {}) });
  await stage.close();
  return {
    ...finding,
    seed: story.seed,
    orders: story.orders,
    traceHash: world.trace.hash(),
    rounds: first.rounds + second.rounds,
    deaths: first.deaths + second.deaths,
    seconds: (performance.now() - began) / 1000,
    faults: world.faults,
  };
}

async function setStage(url: string, world: World, clock: VirtualClock, story: Story) {
  // What is loaded when it is first needed would come at another moment in each telling.
  await import('pdfkit');
  const chance = seededChance(story.seed);
  const deaths = seededChance(story.seed + 1);
  const sealer = makeSealer([readMasterKey(Buffer.alloc(32, story.seed % 251).toString('base64url'))]);
  const outside = outsideOfWorld(world);
  const publicUrl = 'https://stockless.example';
  const open = (): Program =>
    makeProgram({
      url,
      clock,
      chance,
      sleep: virtualSleep,
      outsideOf: () => outside,
      sealer,
      linkKey: Buffer.alloc(32, 7),
      publicUrl,
      reachable: true,
      mailFrom: 'orders@stockless.example',
      concurrency: 1,
      connections: 1,
      durable: false,
    });
  let program = open();
  const tenant = uuidV7(clock.now(), chance);
  await settleIn(program, world, 'test', tenant);
  await priceByRules(program, tenant);
  const metrics = makeMetrics({ ofProcess: false });
  const folder = mkdtempSync(join(tmpdir(), 'stockless-feeds-'));
  // How often a feed says how far it is depends on the machine, so its ids come from a chance of its own.
  const feedDatabase = openDatabase({ url, clock, chance: seededChance(story.seed + 2), connections: 2, durable: false });
  const serve = () => makeServer({ program, realClock: clock, log: silentLog, metrics, onlyTenant: tenant });
  let server = await serve();
  // Copies that come at one instant are taken one by one: what two processes make of them is proven by real ones.
  const inTurn = oneAtATime();
  if (story.crashes) {
    setCrashpoint((label) => {
      if (happens(deaths, 0.0005)) throw new ProcessDied(label);
    });
  }
  return {
    tenant,
    program,
    current: () => program,
    doors: {
      feed: (one: FeedFile) => takeWorldFeed(feedRoom({ db: feedDatabase }, folder, silentLog), tenant, one),
      post: (one: Parameters<ReturnType<typeof doorsOf>['post']>[0]) => inTurn(() => doorsOf(server, publicUrl).post(one)),
      open: (one: Parameters<ReturnType<typeof doorsOf>['open']>[0]) => doorsOf(server, publicUrl).open(one),
    },
    revive: async () => {
      await server.close();
      await program.close();
      program = open();
      server = await serve();
      return program;
    },
    close: async () => {
      await server.close();
      await program.close();
      await feedDatabase.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const byCost = (at: string): PricePolicy['rules'][number] => ({
  id: 'all',
  name: 'Everything by its cost',
  level: 'base',
  priority: 0,
  at,
  on: true,
  formula: { base: 'cost', markupBp: 17_000, minMarginBp: 2_000 },
});

/** Prices follow costs, so that a list with wrong costs would be seen in the stores. */
async function priceByRules({ db }: Program, tenant: string): Promise<void> {
  await db.tx(tenant, async (tx) => {
    const { id } = await previewToPublish(
      tx,
      { ...defaultPricePolicy, rules: [byCost(tx.now.toString())] },
      { focus: null, by: 'person:story', pause: async () => {} },
    );
    await publishPrices(tx, {
      previewId: id,
      scope: 'all',
      anyway: true,
      note: 'Cost by 1.7, and never below a fifth.',
      by: 'person:story',
    });
  });
}

/**
 * `stockless world`: one story on a database of its own, and beside it, unless `once`, the same story in a process of its own, as the
 * same seed has to tell the same story. Ends with 1 when a promise was broken.
 */
export async function worldCommand(options: Omit<Story, 'kinds'> & { kinds?: string; json?: boolean; once?: boolean }): Promise<void> {
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const story: Story = {
    seed: options.seed,
    orders: options.orders,
    days: options.days,
    weather: options.weather,
    crashes: options.crashes ?? false,
    ...(options.kinds ? { kinds: options.kinds.split(',') } : {}),
  };
  const { url, drop } = await ownDatabase();
  const again = options.once ? undefined : traceOfTwin(story);
  try {
    const told = await tellStory(url, story, process.stderr.isTTY ? (line) => process.stderr.write(`\r${line}`) : undefined, again);
    say(
      `\n${told.orders} orders, ${told.rounds} rounds, ${told.deaths} deaths, ${told.seconds.toFixed(1)} s, trace ${told.traceHash.slice(0, 16)}`,
    );
    say(
      `What came down: ${
        Object.entries(told.faults)
          .map(([name, times]) => `${name} ${times}`)
          .join(', ') || 'nothing'
      }`,
    );
    say(`Held: ${told.checked.join(' ')}`);
    for (const { id, what } of told.broken) say(`BROKEN ${id}: ${what}`);
    if (told.broken.length > 0) say(`Again: npm run world -- ${wordsOf(story).join(' ')}`);
    if (options.json)
      process.stdout.write(
        `${JSON.stringify({ seed: told.seed, orders: told.orders, traceHash: told.traceHash, checked: told.checked, broken: told.broken, seconds: told.seconds, deaths: told.deaths })}\n`,
      );
    if (told.broken.length > 0) process.exitCode = 1;
  } finally {
    await drop();
  }
}

const wordsOf = ({ seed, orders, days, weather, crashes, kinds }: Story): string[] => [
  ...['--seed', seed, '--orders', orders, '--days', days, '--weather', weather].map(String),
  ...(crashes ? ['--crashes'] : []),
  ...(kinds ? ['--kinds', kinds.join(',')] : []),
];

async function traceOfTwin(story: Story): Promise<string> {
  const words = wordsOf(story);
  const main = fileURLToPath(new URL('./main.ts', import.meta.url));
  // It ends with 1 when a promise was broken, which the story here will find too.
  const { stdout } = await promisify(execFile)(process.execPath, [main, 'world', ...words, '--once', '--json']).catch(
    (error: { stdout?: string }) => ({ stdout: error.stdout ?? '' }),
  );
  const last = stdout.trim().split('\n').at(-1);
  return last ? (JSON.parse(last) as { traceHash: string }).traceHash : 'none: the other process broke off';
}

/** A database for one run: on a throw-away server, or a fresh one on the server that DATABASE_URL names. */
export async function ownDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const given = process.env['DATABASE_URL'];
  if (!given) {
    const folder = mkdtempSync(join(tmpdir(), 'stockless-world-'));
    const server = await startEmbedded({ dataDir: join(folder, 'postgres'), log: () => {}, volatile: true, passing: true });
    await migrate(server.url);
    return {
      url: server.url,
      drop: async () => {
        await server.stop();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  }
  const name = `stockless_run_${randomBytes(5).toString('hex')}`;
  const run = async (statement: string): Promise<void> => {
    const client = new pg.Client({ connectionString: given });
    await client.connect();
    await client.query(statement).finally(() => client.end());
  };
  await run(`create database ${name}`);
  const url = new URL(given);
  url.pathname = `/${name}`;
  await migrate(url.href);
  return { url: url.href, drop: () => run(`drop database if exists ${name} with (force)`) };
}
