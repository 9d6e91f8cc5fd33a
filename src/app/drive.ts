import type { Doors, World } from '#world/world';
import { fromMs, type Clock, type Instant, isBefore } from '#kernel/time';
import { ProcessDied, type Sleep } from '#platform/time';
import type { Program } from './program.ts';

/** A clock that stands still until it is set. */
export interface VirtualClock extends Clock {
  set(at: Instant): void;
}

export function virtualClock(start: Instant): VirtualClock {
  let now = start;
  return {
    now: () => now,
    set: (at) => {
      if (isBefore(now, at)) now = at;
    },
  };
}

/**
 * In virtual time nobody waits: a pause is over at once, and a time-out never comes, as the world itself says when an answer is lost.
 */
export const virtualSleep: Sleep = (_ms, signal) =>
  signal
    ? new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }))
    : Promise.resolve();

export interface Drive {
  program: Program;
  tenant: string;
  world: World;
  doors: Doors;
  clock: VirtualClock;
  /** Called when a crash point fired: gives the program that was started anew. */
  revive?: () => Promise<Program>;
  onProgress?: (now: Instant) => void;
  /** What is due within one stride happens at its end; polls of a dozen doors would otherwise be a dozen rounds. */
  strideMs: number;
}

/** Turns of one step before the others are looked at again. */
const turnsAtATime = 50;
/** So often in a row may something be due at one instant; more means that a step never comes to an end. */
const mostRounds = 2_000;

/**
 * Plays the world and the program against each other on the virtual clock until then: whatever is due next happens next, first
 * outside, then inside, one thing after the other, so that the same seed tells the same story.
 */
export async function drive(how: Drive, until: Instant): Promise<{ rounds: number; deaths: number }> {
  let { program } = how;
  let rounds = 0;
  let deaths = 0;
  let atOnce = 0;
  for (;;) {
    try {
      rounds += 1;
      await playNow({ ...how, program });
      const next = await nextInstant(program, how);
      if (next === null || isBefore(until, next)) break;
      atOnce = isBefore(how.clock.now(), next) ? 0 : atOnce + 1;
      if (atOnce > mostRounds)
        throw new Error(`something is due at ${next.toString()} and stays so: ${(await program.work.due(how.tenant)).join(', ')}`);
      how.clock.set(strideEnd(next, how.strideMs, until));
      how.onProgress?.(how.clock.now());
    } catch (error) {
      if (!(error instanceof ProcessDied) || !how.revive) throw error;
      deaths += 1;
      program = await how.revive();
    }
  }
  how.clock.set(until);
  return { rounds, deaths };
}

/** Strides lie on a fixed grid, so that when something is looked at does not depend on when the story was begun. */
function strideEnd(next: Instant, strideMs: number, until: Instant): Instant {
  const end = fromMs(Math.ceil(next.epochMilliseconds / strideMs) * strideMs);
  return isBefore(until, end) ? until : end;
}

async function playNow({ program, tenant, world, doors, clock }: Drive): Promise<void> {
  world.step(clock.now());
  await world.goOut(doors, clock.now());
  const agenda = await program.work.agenda(tenant);
  for (const step of program.work.steps) {
    const at = agenda.get(step.name);
    if (at && !isBefore(clock.now(), at)) await program.work.drain(step.name, tenant, turnsAtATime);
  }
}

async function nextInstant(program: Program, { world, tenant }: Drive): Promise<Instant | null> {
  const agenda = await program.work.agenda(tenant);
  return [...agenda.values(), world.nextEvent()].reduce<Instant | null>(
    (first, at) => (first === null || (at !== null && isBefore(at, first)) ? at : first),
    null,
  );
}

export const day = 86_400_000;
export const later = (at: Instant, ms: number): Instant => fromMs(at.epochMilliseconds + ms);

/** Does one thing after the other, in the order in which they were asked for. */
export function oneAtATime(): <T>(work: () => Promise<T>) => Promise<T> {
  let turn: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = turn.then(work, work);
    turn = next.catch(() => {});
    return next;
  };
}
