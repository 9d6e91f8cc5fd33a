import { describe, expect, it } from 'vitest';
import { after, hoursBetween, instant } from '#kernel/time';
import { defaultAvailabilityPolicy } from './availability-policy.ts';
import { decideStanding } from './decide-standing.ts';
import type { Standing, StandingFacts } from './words.ts';

const now = instant('2026-11-20T12:00:00Z');
const hoursAgo = (hours: number) => after(now, { hours: -hours });
const fresh: Standing = { id: 's', usable: true, age: 'fresh', short_share: 0, state: 'watched' };
const facts = (given: Partial<StandingFacts> = {}): StandingFacts => ({
  usable: true,
  complete_at: hoursAgo(1),
  asked: 0,
  short: 0,
  ...given,
});
const decide = (standing: Standing, given: StandingFacts, policy = {}) =>
  decideStanding(standing, given, { ...defaultAvailabilityPolicy, ...policy }, now);

describe('a supplier that is watched', () => {
  it('has its listings counted anew when it gets no more orders, or gets them again', () => {
    expect(decide(fresh, facts({ usable: false })).made?.recount).toBe(true);
    expect(decide({ ...fresh, usable: false }, facts()).made?.recount).toBe(true);
    expect(decide(fresh, facts()).made?.recount).toBe(false);
  });

  it.each([
    [1, 'fresh'],
    [48, 'old'],
    [167, 'old'],
    [168, 'stale'],
  ])('whose figures are %i hours old is %s', (hours, age) => {
    const plan = decide(fresh, facts({ complete_at: hoursAgo(hours) }));
    expect(plan.set.age).toBe(age);
    expect(plan.made?.recount).toBe(age !== 'fresh');
  });

  it('is looked at in six hours, or at the very moment at which its figures are worth less', () => {
    const due = (hours: number): number => hoursBetween(now, decide(fresh, facts({ complete_at: hoursAgo(hours) })).due ?? now);
    expect(due(1)).toBe(6);
    expect(due(47.75)).toBe(0.25);
    expect(due(167.5)).toBe(0.5);
  });

  it('whose figures come one by one is counted every six hours', () => {
    const plan = decide(fresh, facts({ complete_at: null }));
    expect(plan).toMatchObject({ set: { age: 'each' }, made: { recount: true } });
    expect(hoursBetween(now, plan.due ?? now)).toBe(6);
  });

  it('has its record taken over when that moved by two per cent, and counted only where a buffer is learned from it', () => {
    const short = facts({ asked: 200, short: 10 });
    expect(decide(fresh, short).set.short_share).toBe(0.05);
    expect(decide(fresh, short).made?.recount).toBe(false);
    expect(decide(fresh, short, { buffer: { kind: 'learned' } }).made?.recount).toBe(true);
    expect(decide({ ...fresh, short_share: 0.04 }, short).set.short_share).toBe(0.04);
    expect(decide(fresh, facts({ asked: 19, short: 19 })).set.short_share).toBe(0);
  });
});
