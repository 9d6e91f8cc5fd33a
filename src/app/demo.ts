import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { type Break, breaks, type Doors, type World } from '#world/world';
import { after, type Clock, type Instant, isBefore } from '#kernel/time';
import { problem } from '#kernel/problem';
import { seal } from '#modules/audit';
import { wakeSnoozed } from '#modules/exceptions';
import type { Log } from '#platform/log';
import { type Sleep, turnedClock } from '#platform/time';
import type { Demo } from '#surfaces/api';
import { oneAtATime } from './drive.ts';
import type { Program } from './program.ts';

/** What the demo keeps besides its database: how far its clock is turned, and the world's own memory. */
export interface Kept {
  tenant: string;
  offsetMs: number;
  world: string;
}

export interface DemoClock extends Clock {
  turn(ms: number): void;
  offsetMs(): number;
}

/** The demo's clock: real time plus what people turned it by. */
export function demoClock(base: Clock, offsetMs: number): DemoClock {
  let offset = offsetMs;
  const clock = turnedClock(base, () => offset);
  return {
    now: () => clock.now(),
    turn: (ms) => {
      offset += ms;
    },
    offsetMs: () => offset,
  };
}

export const readKept = (file: string): Kept | null => (existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Kept) : null);

export interface DemoRun extends Demo {
  /** Plays the past until the present, as fast as it goes; `enough` may end it early, and the beat goes on with it. */
  catchUp(enough: () => boolean): Promise<void>;
  start(): void;
  stop(): Promise<void>;
}

export interface DemoOptions {
  program: Program;
  tenant: string;
  world: World;
  doors: Doors;
  clock: DemoClock;
  sleep: Sleep;
  log: Log;
  file: string;
  /** The real time, which the demo's clock begins behind. */
  present: Clock;
}

const beatMs = 1_000;
const saveEveryBeats = 20;
/** The past is played in long strides, its last days in shorter ones. */
const pastStrideMinutes = 120;
const recentStrideMinutes = 30;
const recentDays = 2;
/** One beat never plays more than this, so that the console stays quick while time races. */
const longestStrideMinutes = 60;

/** The world beats once a second beside the program: what is due outside happens, what is due inside is done. */
export function runDemo(options: DemoOptions): DemoRun {
  const { world, clock, present } = options;
  const stopping = new AbortController();
  let minutesPerSecond: number | null = null;
  const broken: string[] = [];
  /** When each supplier's list was last taken while the past is played. */
  const lastFeeds = new Map<string, Instant>();
  let beating: Promise<void> | null = null;

  // A person who turns the clock waits for the beat that is being played.
  const inTurn = oneAtATime();
  const advance = async (minutes: number): Promise<void> => {
    for (let left = minutes; left > 0; left -= longestStrideMinutes) {
      clock.turn(Math.min(left, longestStrideMinutes) * 60_000);
      await playOnce(options);
    }
  };
  const save = () => saveTo(options);
  const behindMs = () => present.now().epochMilliseconds - clock.now().epochMilliseconds;
  const isBehind = () => behindMs() > 60_000;
  const stride = () => strideOfPast(options, lastFeeds, behindMs());
  const state = async () => ({
    now: clock.now().toString(),
    running: minutesPerSecond === null ? null : { minutesPerSecond },
    broken: [...broken],
  });

  const beat = (): Promise<void> =>
    beatUntil(stopping.signal, options, async (beats) => {
      const past = minutesPerSecond === null && isBehind();
      await inTurn(() => (past ? stride() : minutesPerSecond === null ? playOnce(options) : advance(minutesPerSecond)));
      if (beats % saveEveryBeats === 0) save();
      return past;
    });

  return {
    state,
    advance: async (_tenant, minutes) => {
      await inTurn(() => advance(minutes));
      save();
      return state();
    },
    run: async (_tenant, speed) => {
      minutesPerSecond = speed;
      return state();
    },
    break: async (_tenant, what) => {
      broken.push(await inTurn(async () => world.break(breakNamed(what))));
      await inTurn(() => playOnce(options));
      return state();
    },
    catchUp: async (enough) => {
      for (let strides = 1; !enough() && isBehind(); strides += 1) {
        await inTurn(stride);
        if (strides % saveEveryBeats === 0) save();
      }
      save();
    },
    start: () => {
      beating ??= beat();
    },
    stop: async () => {
      stopping.abort();
      await beating;
      save();
    },
  };
}

async function strideOfPast(options: DemoOptions, lastFeeds: Map<string, Instant>, behindMs: number): Promise<void> {
  const minutes = behindMs > recentDays * 86_400_000 ? pastStrideMinutes : recentStrideMinutes;
  options.clock.turn(Math.min(minutes * 60_000, behindMs));
  await playOnce(options, lastFeeds);
}

/** Once a second, or without rest while the past is played; what goes wrong in one beat is said, and the next one comes. */
async function beatUntil(stopped: AbortSignal, { sleep, log }: DemoOptions, beat: (nth: number) => Promise<boolean>): Promise<void> {
  for (let nth = 1; !stopped.aborted; nth += 1) {
    const restless = await beat(nth).catch((error: Error) => {
      log.error('The demo world stumbled and goes on', { error: error.message });
      return false;
    });
    if (!restless) await sleep(beatMs, stopped).catch(() => {});
  }
}

/** The outside first, then every step that has something due, until nothing is. */
async function playOnce({ program, tenant, world, doors, clock }: DemoOptions, past?: Map<string, Instant>): Promise<void> {
  const { work, db } = program;
  for (let rounds = 0; rounds < 20; rounds += 1) {
    world.step(clock.now());
    await world.goOut(past ? withFewerFeeds(doors, clock.now(), past) : doors, clock.now());
    const due = await work.due(tenant);
    if (due.length === 0) break;
    for (const step of due) await work.drain(step, tenant);
  }
  await db.tx(tenant, wakeSnoozed);
  await db.tx(tenant, (tx) => seal(tx));
}

/** Of the past, one stock list in half a day per supplier is enough. */
function withFewerFeeds(doors: Doors, now: Instant, lastFeeds: Map<string, Instant>): Doors {
  return {
    ...doors,
    feed: async (file) => {
      const last = lastFeeds.get(file.supplier);
      if (last && isBefore(now, after(last, { hours: 12 }))) return;
      lastFeeds.set(file.supplier, now);
      await doors.feed?.(file);
    },
  };
}
/** Written beside and renamed, so that a crash leaves the old one. */
function saveTo({ file, world, clock, tenant }: DemoOptions): void {
  const kept: Kept = { tenant, offsetMs: clock.offsetMs(), world: world.save() };
  writeFileSync(`${file}.part`, JSON.stringify(kept));
  renameSync(`${file}.part`, file);
}

export const daysBefore = (at: Instant, days: number): Instant => after(at, { days: -days });

function breakNamed(what: string): Break {
  const found = breaks.find((one) => one === what);
  if (!found) throw problem('invalid-field', `Nothing is known as "${what}".`, { param: 'what' });
  return found;
}
