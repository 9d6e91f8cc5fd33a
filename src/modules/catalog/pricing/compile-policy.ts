import { zoneOf } from '#kernel/countries';
import { minorDigits, showDecimal } from '#kernel/money';
import { type Instant, isBefore } from '#kernel/time';
import { compileCondition, type ConditionFacts } from './condition.ts';
import type { Ending, Formula, PricePolicy, PriceSettings, Rule } from './price-policy.ts';
import type { ChannelFacts, HeldReason, Rate, SupplierFacts } from './words.ts';

/** What a rule can see of a listing once its offer is chosen. */
export interface Seen {
  channel: ChannelFacts;
  supplier: SupplierFacts;
  sku: string;
  brand: string;
  category: string;
  tags: readonly string[];
  weightGrams: number | null;
  cost: bigint;
  landed: bigint;
  stock: number;
}

export interface Winner {
  /** Its place in the policy as it was given. */
  place: number;
  rule: Rule;
  formula: Required<Pick<Formula, 'base'>> & {
    markup: bigint;
    tiers: readonly { below: bigint; markup: bigint }[];
    discount: bigint;
    minMargin: bigint;
    compare: bigint | null;
    breaks: readonly { from: number; discount: bigint }[];
  };
  /** Throws when its condition cannot be answered. */
  fits(seen: Seen): boolean;
}

/** An exchange as a fraction: a minor amount times `num`, over `den`. Or why there is none. */
export type Exchange = { num: bigint; den: bigint } | 'rate_missing' | 'rate_stale';

/** What stands between a supplier and a channel, in the channel's currency. */
export interface Terms {
  fee: bigint;
  shipping: bigint;
  duty: bigint;
  problem: HeldReason | null;
}

export interface Compiled {
  policy: PricePolicy;
  settings: PriceSettings;
  /** Those that count now, from the first asked to the last: locks, SKUs, brands, categories, all; then by priority, then the newer. */
  rules: readonly Winner[];
  exchange(from: string, to: string): Exchange;
  terms(supplier: SupplierFacts, channel: ChannelFacts): Terms;
  channel(channel: ChannelFacts): ChannelTerms;
  /** A person has seen the cost and the price and wants them: neither is held for having moved far. */
  trusts: boolean;
}

export interface ChannelTerms {
  currency: string;
  feeBp: bigint;
  fixedFee: bigint;
  tax: bigint;
  minMargin: bigint;
  minAmount: bigint;
  ending: Ending | null;
}

/** Whether a rule's window opened or closed between two instants, so that prices are others now. */
export function windowCrossed({ settings, rules }: PricePolicy, since: Instant, now: Instant): boolean {
  return rules.some(({ on, from, until }) =>
    [from, until].some((moment) => {
      if (!on || moment === undefined) return false;
      const at = Temporal.PlainDateTime.from(moment).toZonedDateTime(settings.timeZone).toInstant();
      return isBefore(since, at) && !isBefore(now, at);
    }),
  );
}

const levels = ['lock', 'sku', 'brand', 'category', 'base'];

/** Total: of two different rules one always comes first. */
export function inPrecedence(one: Rule, other: Rule): number {
  return (
    levels.indexOf(one.level) - levels.indexOf(other.level) ||
    other.priority - one.priority ||
    (one.at === other.at ? 0 : one.at < other.at ? 1 : -1) ||
    (one.id < other.id ? -1 : one.id > other.id ? 1 : 0)
  );
}

/** Rules made ready for a million listings at one instant. */
export function compilePolicy(policy: PricePolicy, rates: readonly Rate[], now: Instant, trusts = false): Compiled {
  const { settings } = policy;
  const exchange = exchangesOf(settings, rates, now);
  const ofChannel = new Map<ChannelFacts, ChannelTerms>();
  const ofPair = new Map<SupplierFacts, Map<ChannelFacts, Terms>>();
  const local = now.toZonedDateTimeISO(settings.timeZone).toPlainDateTime().toString({ smallestUnit: 'minute' });
  return {
    policy,
    settings,
    trusts,
    exchange,
    rules: policy.rules
      .map((rule, place) => winnerOf(rule, place))
      .filter(({ rule }) => rule.on && (rule.from ?? '') <= local && (rule.until === undefined || rule.until > local))
      .toSorted((one, other) => inPrecedence(one.rule, other.rule)),
    channel: (channel) => kept(ofChannel, channel, () => channelTerms(settings, channel)),
    terms: (supplier, channel) =>
      kept(
        kept(ofPair, supplier, () => new Map<ChannelFacts, Terms>()),
        channel,
        () => termsOf(settings, exchange, supplier, channel),
      ),
  };
}

function kept<K, V>(memory: Map<K, V>, key: K, make: () => V): V {
  let found = memory.get(key);
  if (found === undefined) {
    found = make();
    memory.set(key, found);
  }
  return found;
}

const channelTerms = (settings: PriceSettings, { code, currency }: ChannelFacts): ChannelTerms => ({
  currency,
  feeBp: BigInt(settings.paymentFeeBp),
  fixedFee: BigInt(settings.paymentFee[currency] ?? 0),
  tax: BigInt(settings.taxBp[code] ?? 0),
  minMargin: BigInt(settings.minMarginBp),
  minAmount: BigInt(settings.minMargin[currency] ?? 0),
  ending: settings.endings[currency] ?? null,
});

function termsOf(settings: PriceSettings, exchange: Compiled['exchange'], supplier: SupplierFacts, channel: ChannelFacts): Terms {
  const market = settings.market[channel.code];
  const parcels = Object.values(supplier.shipping);
  // Where parcels go is not known of a listing: what was said of the channel, else what is said of the rest, else the dearest.
  const parcel =
    (market === undefined ? undefined : (supplier.shipping[market] ?? supplier.shipping[zoneOf(market) ?? ''])) ??
    supplier.shipping['*'] ??
    parcels.reduce((most, one) => (one > most ? one : most), 0n);
  const rate = exchange(supplier.currency, channel.currency);
  const duty = BigInt(settings.dutyBp[supplier.country] ?? settings.dutyBp['*'] ?? 0);
  if (typeof rate === 'string') return { fee: 0n, shipping: 0n, duty, problem: supplier.fee + parcel === 0n ? null : rate };
  return { fee: converted(supplier.fee, rate), shipping: converted(parcel, rate), duty, problem: null };
}

/** Half of a minor unit counts as a whole one. */
export const converted = (amount: bigint, { num, den }: { num: bigint; den: bigint }): bigint => (amount * num + den / 2n) / den;

const itself: Exchange = { num: 1n, den: 1n };
const rateScale = 100_000_000n;

/** A pair by its own rate, else by that of the other direction; both with the margin of safety on top. */
function exchangesOf({ rateDays, rateMarginBp }: PriceSettings, rates: readonly Rate[], now: Instant): Compiled['exchange'] {
  const newest = new Map<string, Rate>();
  for (const rate of rates) {
    const pair = `${rate.base}${rate.quote}`;
    const before = newest.get(pair);
    if (!before || before.onDate < rate.onDate) newest.set(pair, rate);
  }
  const today = now.toZonedDateTimeISO('UTC').toPlainDate();
  const isStale = (rate: Rate): boolean => Temporal.PlainDate.from(rate.onDate).until(today, { largestUnit: 'day' }).days > rateDays;
  const found = new Map<string, Exchange>();
  const look = (from: string, to: string): Exchange => {
    const straight = newest.get(`${from}${to}`);
    const turned = newest.get(`${to}${from}`);
    // The newer of the two directions, so that a forgotten one does not hide it.
    const rate = straight && (!turned || straight.onDate >= turned.onDate) ? straight : turned;
    if (!rate) return 'rate_missing';
    if (isStale(rate)) return 'rate_stale';
    const [num, den] = rate === straight ? [rate.rate, rateScale] : [rateScale, rate.rate];
    const digits = minorDigits(to) - minorDigits(from);
    return {
      num: num * BigInt(10_000 + rateMarginBp) * 10n ** BigInt(Math.max(0, digits)),
      den: den * 10_000n * 10n ** BigInt(Math.max(0, -digits)),
    };
  };
  return (from, to) => (from === to ? itself : kept(found, `${from}${to}`, () => look(from, to)));
}

function winnerOf(rule: Rule, place: number): Winner {
  const { formula } = rule;
  return {
    place,
    rule,
    formula: {
      base: formula?.base ?? 'landed',
      markup: BigInt(formula?.markupBp ?? 10_000),
      tiers: (formula?.tiers ?? [])
        .map(({ below, markupBp }) => ({ below: BigInt(below), markup: BigInt(markupBp) }))
        .toSorted((one, other) => (one.below < other.below ? -1 : 1)),
      discount: BigInt(formula?.discountBp ?? 0),
      minMargin: BigInt(formula?.minMarginBp ?? 0),
      compare: formula?.compareBp === undefined ? null : BigInt(formula.compareBp),
      breaks: (formula?.breaks ?? [])
        .map(({ from, discountBp }) => ({ from, discount: BigInt(discountBp) }))
        .toSorted((one, other) => one.from - other.from),
    },
    fits: matcherOf(rule),
  };
}

/** A category holds what lies below it: "Lighting" fits "Lighting > Lamps". */
const fitsCategory = (wanted: readonly string[], category: string): boolean =>
  wanted.some((one) => category === one || (category.startsWith(one) && /^\s*[>/]/.test(category.slice(one.length))));

function matcherOf(rule: Rule): (seen: Seen) => boolean {
  const asks: ((seen: Seen) => boolean)[] = [];
  const among = (words: readonly string[] | undefined, of: (seen: Seen) => string): void => {
    if (!words?.length) return;
    const known = new Set(words);
    asks.push((seen) => known.has(of(seen)));
  };
  among(rule.suppliers, ({ supplier }) => supplier.code);
  among(rule.channels, ({ channel }) => channel.code);
  among(rule.skus, ({ sku }) => sku);
  among(rule.brands, ({ brand }) => brand);
  const { categories, tags, costFrom, costBelow, when } = rule;
  if (categories?.length) asks.push(({ category }) => fitsCategory(categories, category));
  if (tags?.length) asks.push((seen) => tags.some((tag) => seen.tags.includes(tag)));
  if (costFrom !== undefined) asks.push(({ cost }) => cost >= BigInt(costFrom));
  if (costBelow !== undefined) asks.push(({ cost }) => cost < BigInt(costBelow));
  if (when !== undefined) {
    const condition = compileCondition(when);
    asks.push((seen) => condition(conditionFacts(seen)));
  }
  return (seen) => {
    for (const ask of asks) if (!ask(seen)) return false;
    return true;
  };
}

const conditionFacts = (seen: Seen): ConditionFacts => ({
  cost: inUnits(seen.cost, seen.channel.currency),
  landed: inUnits(seen.landed, seen.channel.currency),
  supplier: seen.supplier.code,
  brand: seen.brand,
  category: seen.category,
  sku: seen.sku,
  tags: seen.tags,
  stock: BigInt(seen.stock),
  channel: seen.channel.code,
  currency: seen.channel.currency,
  weight: BigInt(seen.weightGrams ?? 0),
});

/** For comparing only; no price is made from it. */
const inUnits = (minor: bigint, currency: string): number => Number(minor) / 10 ** minorDigits(currency);

/** `12.50 EUR`, for what a step says it was made from. */
export const spelled = (minor: bigint, currency: string): string => `${showDecimal({ minor, currency })} ${currency}`;
