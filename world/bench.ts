import { hourMs } from './dice.ts';
import { fromMs } from '#kernel/time';
import { makeWorld, type World, type WorldOptions } from './world.ts';

export interface Bench {
  world: World;
  clock: { at: number };
  /** Lets so many hours go by in one step. */
  pass: (hours: number) => void;
}

export const begin = Date.parse('2026-09-01T00:00:00Z');

/** A world for a test: still, unless asked otherwise, with its webhooks on. */
export function open(options: Partial<WorldOptions> = {}): Bench {
  const clock = { at: begin };
  const world = makeWorld({ seed: 7, clock: { now: () => fromMs(clock.at) }, weather: 'still', ...options });
  for (const { code, kind } of world.setup().channels) if (kind === 'rest') world.hook(code, `https://us.test/hooks/${code}`);
  return {
    world,
    clock,
    pass: (hours) => {
      clock.at += hours * hourMs;
      world.step(fromMs(clock.at));
    },
  };
}
