import { createHash } from 'node:crypto';
import { type Chance, seededChance } from '#kernel/chance';

/**
 * The chance of one thing, drawn from the seed and the thing's name. So what happens to an order does not depend on which other
 * order was asked about first, and nothing but the seed has to be saved.
 */
export function dice(seed: number, ...names: readonly (string | number)[]): Chance {
  let mixed = (seed ^ 0x9e3779b9) >>> 0;
  for (const name of names) {
    const text = String(name);
    for (let at = 0; at < text.length; at += 1) mixed = Math.imul(mixed ^ text.charCodeAt(at), 0x01000193) >>> 0;
    mixed = Math.imul(mixed ^ 0x1f, 0x85ebca6b) >>> 0;
    mixed ^= mixed >>> 13;
  }
  return seededChance(mixed >>> 0);
}

/** A number between two, not whole. */
export const stretch = (chance: Chance, least: number, most: number): number => least + chance.next() * (most - least);

/** An id or secret that looks random and is the same for the same seed and name. */
export const seededHex = (seed: number, name: string, length: number): string =>
  createHash('sha256').update(`${seed}/${name}`).digest('hex').slice(0, length);

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;
