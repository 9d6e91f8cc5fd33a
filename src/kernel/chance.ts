/** Chance is given: the real one in the program, a seeded one in the world, so that a story can be told again. */
export interface Chance {
  /** A number from 0 up to, but not including, 1. */
  next(): number;
  bytes(count: number): Uint8Array;
}

/** Mulberry32: small, fast, and the same on every machine. Never for secrets. */
export function seededChance(seed: number): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    next,
    bytes: (count) => Uint8Array.from({ length: count }, () => Math.floor(next() * 256)),
  };
}

export const between = (chance: Chance, least: number, most: number): number => least + Math.floor(chance.next() * (most - least + 1));

export const happens = (chance: Chance, probability: number): boolean => chance.next() < probability;

export function pick<T>(chance: Chance, from: readonly T[]): T {
  const picked = from[Math.floor(chance.next() * from.length)];
  if (picked === undefined) throw new Error('there is nothing to pick from');
  return picked;
}
