import type { Ending } from './price-policy.ts';

const mod = (value: bigint, by: bigint): bigint => ((value % by) + by) % by;

/** The highest allowed price that is not above `amount`. */
const downTo = (amount: bigint, every: bigint, end: bigint): bigint => amount - mod(amount - end, every);
/** The lowest allowed price that is not below `amount`. */
const upTo = (amount: bigint, every: bigint, end: bigint): bigint => amount + mod(end - amount, every);

/**
 * The price with its ending: never below `floor`, not above `cap` where floor and cap leave room. A dearer amount never becomes a
 * cheaper price. Of two that are equally near the higher is taken.
 */
export function endIn(amount: bigint, ending: Ending | null, floor: bigint, cap: bigint | null): bigint {
  const lowest = floor > 1n ? floor : 1n;
  const every = BigInt(ending?.every ?? 1);
  const end = BigInt(ending?.end ?? 0);
  const below = downTo(amount, every, end);
  const above = upTo(amount, every, end);
  const to = ending?.to ?? 'nearest';
  let price = to === 'up' ? above : to === 'down' ? below : amount - below < above - amount ? below : above;
  if (cap !== null && price > cap) price = downTo(cap, every, end);
  if (price >= lowest) return price;
  const lifted = upTo(lowest, every, end);
  // Between floor and cap no price has that ending: then the cap itself, unless the floor is above it.
  return cap !== null && lifted > cap && cap >= lowest ? cap : lifted;
}
