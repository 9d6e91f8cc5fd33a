import { describe, expect, it } from 'vitest';
import { instant } from '#kernel/time';
import { decideHeld, type HeldPrices, type ToldOfHeld } from './decide-held.ts';

const now = instant('2026-11-20T09:00:00Z');
const held = (count: number): HeldPrices => ({ channel_id: 'c', code: 'home', name: 'Home', count, examples: ['LAMP: Its cost is zero.'] });
const told = (more: Partial<ToldOfHeld>): Map<string, ToldOfHeld> => new Map([['c', { isOpen: true, count: 2, byPerson: false, ...more }]]);

describe('held prices', () => {
  it.each<[string, HeldPrices[], Map<string, ToldOfHeld>, number, number]>([
    ['are told of when they are new', [held(2)], new Map(), 1, 0],
    ['are not told of again while they are as many', [held(2)], told({}), 0, 0],
    ['are told of anew when they are more', [held(3)], told({}), 1, 0],
    ['are told of anew when they are fewer', [held(1)], told({}), 1, 0],
    ['are left when a person said so', [held(2)], told({ isOpen: false, byPerson: true }), 0, 0],
    ['come back when they become more than were left', [held(3)], told({ isOpen: false, byPerson: true }), 1, 0],
    ['come back after they had been over by themselves', [held(2)], told({ isOpen: false }), 1, 0],
    ['are over when there are none', [], told({}), 0, 1],
    ['are over once', [], told({ isOpen: false }), 0, 0],
  ])('%s', (_what, stillHeld, known, raised, over) => {
    const found = decideHeld(stillHeld, known, now);
    expect([found.raise.length, found.over.length]).toEqual([raised, over]);
  });

  it('are named with three of them', () => {
    expect(decideHeld([held(1)], new Map(), now).raise[0]?.title).toBe('1 price of Home stays as it is: LAMP: Its cost is zero.');
  });
});
