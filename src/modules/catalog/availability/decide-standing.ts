import { after, earliest, hoursBetween, type Instant, isBefore } from '#kernel/time';
import type { Plan } from '#platform/work';
import type { AvailabilityPolicy } from './availability-policy.ts';
import type { Age, Standing, StandingFacts } from './words.ts';

/** How often its record is looked at, in hours. What people change is told at once, and that figures grow old is known beforehand. */
const lookAgainHours = 6;
/** Where each offer has an age of its own, all of them are counted again so often, in hours. */
const recountHours = 6;
/** Falling short more or less by this much makes another figure. */
const tellingShare = 0.02;
/** A share of fewer units than this is chance. */
const fewestAsked = 20;

export interface StandingSeen {
  usable: boolean;
  age: Age;
  short_share: number;
}

/** What is so now, when that may be otherwise, and whether its listings have to be counted anew. */
export function decideStanding(
  standing: Standing,
  facts: StandingFacts,
  policy: AvailabilityPolicy,
  now: Instant,
): Plan<'watched', { recount: boolean; costs: boolean }> & { set: StandingSeen } {
  const age = ageOf(facts.complete_at, policy, now);
  const measured = facts.asked < fewestAsked ? 0 : Math.round((facts.short / facts.asked) * 10_000) / 10_000;
  const moved = Math.abs(measured - standing.short_share) >= tellingShare;
  const short_share = moved ? measured : standing.short_share;
  const recount = facts.usable !== standing.usable || age !== standing.age || (moved && usesRecord(policy)) || age === 'each';
  return {
    to: 'watched',
    due: nextLook(facts.complete_at, policy, age, now),
    facts: [],
    set: { usable: facts.usable, age, short_share },
    // Whom orders go to decides whose cost counts; how old a figure is does not.
    made: { recount, costs: facts.usable !== standing.usable },
  };
}

function ageOf(completeAt: Instant | null, { wholeHours, noneHours }: AvailabilityPolicy, now: Instant): Age {
  if (wholeHours === null && noneHours === null) return 'fresh';
  if (completeAt === null) return 'each';
  const hours = hoursBetween(completeAt, now);
  if (noneHours !== null && hours >= noneHours) return 'stale';
  return wholeHours !== null && hours >= wholeHours ? 'old' : 'fresh';
}

function nextLook(completeAt: Instant | null, { wholeHours, noneHours }: AvailabilityPolicy, age: Age, now: Instant): Instant {
  const soon = after(now, { hours: age === 'each' ? recountHours : lookAgainHours });
  if (completeAt === null) return soon;
  const crossings = [wholeHours, noneHours].flatMap((hours) => (hours === null ? [] : [after(completeAt, { hours })]));
  return crossings.filter((at) => isBefore(now, at)).reduce((first, at) => earliest(first, at), soon);
}

const usesRecord = ({ buffer, suppliers }: AvailabilityPolicy): boolean =>
  buffer.kind === 'learned' || Object.values(suppliers).some((own) => own.buffer.kind === 'learned');
