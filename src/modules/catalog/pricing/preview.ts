import type { Compiled } from './compile-policy.ts';
import { decidePrice, earned, fitsRule } from './decide-price.ts';
import type { CatalogFacts } from './facts.ts';
import type { Facts, HeldReason, Priced } from './words.ts';

/** A listing as a preview names it. Amounts in minor units of `currency`. */
export interface Moved {
  channel_id: string;
  channel: string;
  sku: string;
  currency: string;
  before: bigint | null;
  price: bigint | null;
  rule: string;
}

export interface PreviewSummary {
  listings: number;
  offers: number;
  /** Priced by the rule in focus; without one, by any rule. */
  scope: number;
  /** Prices that would change: up, down, and given for the first time. */
  would: number;
  up: number;
  down: number;
  fresh: number;
  same: number;
  /** Only what is compared with changes. */
  recompared: number;
  lifted: number;
  mapBlocked: number;
  capped: number;
  /** No rule fits, or the rule says to keep what is there. */
  noRule: number;
  kept: number;
  held: { why: HeldReason; count: number; examples: Moved[] }[];
  /** How many prices move by how much; `from` and `to` in basis points, null at the open ends, both 0 for those that stay. */
  histogram: { from: number | null; to: number | null; count: number }[];
  /** In basis points, by what was sold in 28 days; `units` 0: nothing was sold, so that each listing counts once. */
  margins: { currency: string; before: number | null; after: number | null; units: number }[];
  movers: Moved[];
  liftedExamples: Moved[];
  mapExamples: Moved[];
  /** Listings that the rule in focus fits, and that a rule before it has. */
  conflicts: { rule: string; name: string; count: number; examples: Moved[] }[];
  rules: { id: string; name: string; won: number }[];
  /** More would be at their floor than the settings allow to be published. */
  tooManyBelowFloor: boolean;
}

const sliceSize = 10_000;
const edges = [-2_500, -1_000, -500, -200, 0, 200, 500, 1_000, 2_500] as const;
const moverCount = 20;
const exampleCount = 50;

/**
 * Decides every listing, some thousands at a time, and lets others work between. What is handed to `each` is dropped at once: keeping
 * even a few thousand of them would have the collector copy them around.
 */
export async function decideAll(
  facts: CatalogFacts,
  compiled: Compiled,
  pause: () => Promise<void>,
  each: (facts: Facts, priced: Priced) => void,
): Promise<void> {
  for (let from = 0; from < facts.size; from += sliceSize) {
    if (from > 0) await pause();
    decideSlice(facts, compiled, from, Math.min(facts.size, from + sliceSize), each);
  }
}

function decideSlice(
  facts: CatalogFacts,
  compiled: Compiled,
  from: number,
  to: number,
  each: (facts: Facts, priced: Priced) => void,
): void {
  for (let place = from; place < to; place += 1) {
    const one = facts.at(place);
    each(one, decidePrice(one, compiled));
  }
}

/** Whether publishing would make a difference. What is compared with counts only where we published it. */
export const isChange = (facts: Facts, priced: Extract<Priced, { outcome: 'priced' }>): boolean =>
  facts.price !== priced.price || (facts.isPublished && facts.compare !== priced.compare);

export interface Summing {
  add(facts: Facts, priced: Priced): void;
  done(): PreviewSummary;
}

/** Adds up what a preview shows. `focus` is the id of the rule that somebody is changing. */
export function summing(catalog: CatalogFacts, compiled: Compiled, focus: string | null): Summing {
  const { rules } = compiled.policy;
  const won = new Int32Array(rules.length);
  const focused = compiled.rules.find(({ rule }) => rule.id === focus) ?? null;
  const moves = movesOf(compiled);
  const held = examples<HeldReason>();
  const conflicts = examples<number>();
  const rest = { noRule: 0, kept: 0 };
  const named = (facts: Facts, priced: Priced): Moved => movedOf(facts, priced, rules[priced.rule]?.name ?? '');
  return {
    add: (facts, priced) => {
      const { rule } = priced;
      if (rule >= 0) won[rule] = (won[rule] ?? 0) + 1;
      if (focused && rule >= 0 && rule !== focused.place && fitsRule(focused, facts, compiled))
        conflicts.add(rule, () => named(facts, priced));
      if (priced.outcome === 'priced') moves.add(facts, priced, () => named(facts, priced));
      else if (priced.outcome === 'held') held.add(priced.why, () => named(facts, priced));
      else if (priced.why === 'no_rule') rest.noRule += 1;
      else rest.kept += 1;
    },
    done: () => {
      const { priced, below, ...sums } = moves.done();
      return {
        ...sums,
        ...rest,
        listings: catalog.size,
        offers: catalog.offers,
        scope: focused ? (won[focused.place] ?? 0) : priced,
        would: sums.up + sums.down + sums.fresh + sums.recompared,
        held: held.done().map(({ key, ...of }) => ({ why: key, ...of })),
        conflicts: conflicts.done().map(({ key, ...of }) => ({ rule: rules[key]?.id ?? '', name: rules[key]?.name ?? '', ...of })),
        rules: rules.map(({ id, name }, place) => ({ id, name, won: won[place] ?? 0 })),
        tooManyBelowFloor: below * 10_000 > priced * compiled.settings.belowFloorBp,
      };
    },
  };
}

/** How many of each kind, the first of them by name, the most frequent first. */
function examples<K>() {
  const found = new Map<K, { count: number; examples: Moved[] }>();
  return {
    add: (key: K, named: () => Moved): void => {
      const of = found.get(key) ?? { count: 0, examples: [] };
      found.set(key, of);
      of.count += 1;
      if (of.examples.length < exampleCount) of.examples.push(named());
    },
    done: () => [...found].map(([key, of]) => ({ key, ...of })).toSorted((one, other) => other.count - one.count),
  };
}

/** What becomes of the listings that are priced. */
function movesOf(compiled: Compiled) {
  const counts = { fresh: 0, up: 0, down: 0, same: 0, recompared: 0, lifted: 0, mapBlocked: 0, capped: 0, priced: 0, below: 0 };
  const histogram = new Int32Array(edges.length + 2);
  const margins = marginsOf(compiled);
  const movers = moversOf();
  const [liftedExamples, mapExamples]: [Moved[], Moved[]] = [[], []];
  const move = (before: bigint, now: bigint, named: () => Moved): void => {
    const moved = (Number(now - before) / Number(before)) * 10_000;
    if (moved > 0) counts.up += 1;
    else counts.down += 1;
    const bucket = bucketOf(moved);
    histogram[bucket] = (histogram[bucket] ?? 0) + 1;
    if (movers.isOne(Math.abs(moved))) movers.add(Math.abs(moved), named());
  };
  return {
    add: (facts: Facts, priced: Extract<Priced, { outcome: 'priced' }>, named: () => Moved): void => {
      counts.priced += 1;
      if (priced.isLifted || priced.isMapBlocked) counts.below += 1;
      if (priced.isLifted && (counts.lifted += 1) <= exampleCount) liftedExamples.push(named());
      if (priced.isMapBlocked && (counts.mapBlocked += 1) <= exampleCount) mapExamples.push(named());
      if (priced.isCapped) counts.capped += 1;
      margins.add(facts, priced);
      if (facts.price === null) counts.fresh += 1;
      else if (facts.price !== priced.price) move(facts.price, priced.price, named);
      else {
        counts.same += 1;
        if (isChange(facts, priced)) counts.recompared += 1;
      }
    },
    done: () => {
      histogram[edges.length + 1] = counts.same;
      return { ...counts, histogram: histogramOf(histogram), margins: margins.done(), movers: movers.done(), liftedExamples, mapExamples };
    },
  };
}

const movedOf = ({ channel, sku, price }: Facts, priced: Priced, rule: string): Moved => ({
  channel_id: channel.id,
  channel: channel.code,
  sku,
  currency: channel.currency,
  before: price,
  price: priced.outcome === 'priced' ? priced.price : priced.outcome === 'held' ? priced.would : price,
  rule,
});

function bucketOf(moved: number): number {
  let bucket = 0;
  while (bucket < edges.length && moved >= (edges[bucket] ?? 0)) bucket += 1;
  return bucket;
}

/** From the largest fall to the largest rise, those that stay in the middle. */
function histogramOf(counts: Int32Array): PreviewSummary['histogram'] {
  const bars: PreviewSummary['histogram'] = [];
  for (let bucket = 0; bucket <= edges.length; bucket += 1) {
    if (edges[bucket - 1] === 0) bars.push({ from: 0, to: 0, count: counts[edges.length + 1] ?? 0 });
    bars.push({ from: edges[bucket - 1] ?? null, to: edges[bucket] ?? null, count: counts[bucket] ?? 0 });
  }
  return bars;
}

/** The twenty that move most. */
function moversOf(): { isOne(size: number): boolean; add(size: number, moved: Moved): void; done(): Moved[] } {
  const top: { size: number; moved: Moved }[] = [];
  return {
    isOne: (size) => top.length < moverCount || size > (top.at(-1)?.size ?? 0),
    add: (size, moved) => {
      top.push({ size, moved });
      top.sort((one, other) => other.size - one.size);
      top.length = Math.min(top.length, moverCount);
    },
    done: () => top.map(({ moved }) => moved),
  };
}

interface Weighed {
  units: number;
  /** Weighed by what was sold, and each listing once. */
  sold: Sides;
  plain: Sides;
}
interface Sides {
  beforeProfit: bigint;
  beforeNet: bigint;
  afterProfit: bigint;
  afterNet: bigint;
}
const noSides = (): Sides => ({ beforeProfit: 0n, beforeNet: 0n, afterProfit: 0n, afterNet: 0n });

function marginsOf(compiled: Compiled) {
  const byCurrency = new Map<string, Weighed>();
  return {
    add: (facts: Facts, priced: Extract<Priced, { outcome: 'priced' }>): void => {
      const { currency } = facts.channel;
      let found = byCurrency.get(currency);
      if (!found) byCurrency.set(currency, (found = { units: 0, sold: noSides(), plain: noSides() }));
      const before = facts.price === null ? null : earned(facts.price, priced.goods, compiled.channel(facts.channel));
      weigh(found.plain, 1n, before, priced);
      if (facts.sold <= 0) return;
      found.units += facts.sold;
      weigh(found.sold, BigInt(facts.sold), before, priced);
    },
    done: (): PreviewSummary['margins'] =>
      [...byCurrency].map(([currency, { units, sold, plain }]) => {
        const sides = units > 0 ? sold : plain;
        return {
          currency,
          units,
          before: shareOf(sides.beforeProfit, sides.beforeNet),
          after: shareOf(sides.afterProfit, sides.afterNet),
        };
      }),
  };
}

function weigh(sides: Sides, by: bigint, before: { net: bigint; profit: bigint } | null, after: { net: bigint; profit: bigint }): void {
  if (before) {
    sides.beforeProfit += before.profit * by;
    sides.beforeNet += before.net * by;
  }
  sides.afterProfit += after.profit * by;
  sides.afterNet += after.net * by;
}

const shareOf = (profit: bigint, net: bigint): number | null => (net === 0n ? null : Number((profit * 10_000n) / net));
