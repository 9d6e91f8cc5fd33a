import { type ChannelTerms, type Compiled, converted, type Seen, spelled, type Winner } from './compile-policy.ts';
import { endIn } from './ending.ts';
import type { Ending } from './price-policy.ts';
import type { Facts, HeldReason, OfferFacts, Priced, QuantityPrice, Step, StepWord } from './words.ts';

/** Minor units; beyond it no product of this trade has its cost. */
const absurdCost = 100_000_000_000n;
const all = 10_000n;

/** The offer a price is made from, and what a unit of it costs until it is at the shopper's door, in the channel's currency. */
interface Sourced {
  offer: OfferFacts;
  cost: bigint;
  fee: bigint;
  shipping: bigint;
  duty: bigint;
  /** All of these. */
  goods: bigint;
}

/** A share of an amount, half a minor unit counting as a whole one. */
const share = (amount: bigint, bp: bigint): bigint => (amount * bp + all / 2n) / all;
const ceiling = (amount: bigint, by: bigint): bigint => (amount + by - 1n) / by;

/**
 * The price of one listing: preview, publication and recalculation all ask this function, and nothing else makes prices. `steps`, when
 * given, is filled with how it came about; their amounts add up to the price.
 */
export function decidePrice(facts: Facts, compiled: Compiled, steps?: Step[]): Priced {
  const found = source(facts, compiled);
  if (typeof found === 'string') return held(-1, found, null, null);
  const seen = seenOf(facts, found);
  let winner: Winner | null;
  try {
    winner = winnerFor(compiled, seen);
  } catch {
    return held(-1, 'condition_failed', found.cost, found.offer);
  }
  if (!winner) return { outcome: 'kept', rule: -1, why: 'no_rule' };
  if (!winner.rule.formula && !winner.rule.fixed) return { outcome: 'kept', rule: winner.place, why: 'rule_keeps' };
  const doubt = compiled.trusts ? null : doubtOf(facts, compiled, found);
  if (doubt) return held(winner.place, doubt, found.cost, found.offer);
  return priceBy(winner, facts, compiled, found, steps);
}

const held = (rule: number, why: HeldReason, cost: bigint | null, offer: OfferFacts | null, would: bigint | null = null): Priced => ({
  outcome: 'held',
  rule,
  why,
  cost,
  offer,
  would,
});

/** Whether a rule fits a listing, whoever wins it; false where its offer or condition leaves that open. */
export function fitsRule(winner: Winner, facts: Facts, compiled: Compiled): boolean {
  const found = source(facts, compiled);
  if (typeof found === 'string') return false;
  try {
    return winner.fits(seenOf(facts, found));
  } catch {
    return false;
  }
}

function winnerFor(compiled: Compiled, seen: Seen): Winner | null {
  for (const rule of compiled.rules) if (rule.fits(seen)) return rule;
  return null;
}

const seenOf = (facts: Facts, { offer, cost, goods }: Sourced): Seen => ({
  channel: facts.channel,
  supplier: offer.supplier,
  sku: facts.sku,
  brand: facts.brand,
  category: facts.category,
  tags: facts.tags,
  weightGrams: facts.weightGrams,
  cost,
  landed: goods,
  stock: facts.offers.length === 1 ? offer.stock : facts.offers.reduce((sum, { stock }) => sum + stock, 0),
});

// --- which offer ---

/** Those in stock before the others; of them the one that the settings want. A cost that is nothing is no cost. */
function source(facts: Facts, compiled: Compiled): Sourced | HeldReason {
  let best: Sourced | null = null;
  let trouble: HeldReason = 'no_offer';
  for (const offer of facts.offers) {
    if (!offer.supplier.usable) continue;
    const sourced = sourcedFrom(offer, facts, compiled);
    if (typeof sourced === 'string') trouble = sourced;
    else if (!best || isBetter(sourced, best, compiled.settings.offer)) best = sourced;
  }
  return best ?? trouble;
}

function sourcedFrom(offer: OfferFacts, facts: Facts, compiled: Compiled): Sourced | HeldReason {
  if (offer.cost === null) return 'no_cost';
  if (offer.cost <= 0n) return 'zero_cost';
  if (offer.cost > absurdCost) return 'absurd_cost';
  const rate = compiled.exchange(offer.currency, facts.channel.currency);
  if (typeof rate === 'string') return rate;
  const terms = compiled.terms(offer.supplier, facts.channel);
  if (terms.problem) return terms.problem;
  const units = BigInt(offer.units);
  const cost = (2n * offer.cost * rate.num + rate.den * units) / (2n * rate.den * units);
  if (cost <= 0n) return 'zero_cost';
  const duty = share(cost, terms.duty);
  return { offer, cost, fee: terms.fee, shipping: terms.shipping, duty, goods: cost + terms.fee + terms.shipping + duty };
}

function isBetter(one: Sourced, other: Sourced, wanted: 'cheapest' | 'preferred' | 'dearest'): boolean {
  const inStock = one.offer.stock > 0;
  if (inStock !== other.offer.stock > 0) return inStock;
  if (wanted === 'preferred' && one.offer.supplier.rank !== other.offer.supplier.rank)
    return one.offer.supplier.rank < other.offer.supplier.rank;
  if (one.goods !== other.goods) return wanted === 'dearest' ? one.goods > other.goods : one.goods < other.goods;
  // Whatever order they came in, it is the same one.
  return one.offer.place < other.offer.place;
}

/** A cost that jumped, or speaks another currency than it did, is not believed before a person looked. */
function doubtOf(facts: Facts, compiled: Compiled, { offer, cost }: Sourced): HeldReason | null {
  const { acceptedCost, acceptedCurrency } = facts;
  if (offer.isAccepted && acceptedCurrency !== null && acceptedCurrency !== offer.currency) return 'currency_changed';
  return acceptedCost !== null && movedBeyond(acceptedCost, cost, compiled.settings.costMoveBp) ? 'cost_jump' : null;
}

const movedBeyond = (before: bigint, now: bigint, bp: number): boolean => {
  const moved = now > before ? now - before : before - now;
  return moved * all > before * BigInt(bp);
};

// --- the price ---

interface Sums {
  price: bigint;
  floor: bigint;
  isLifted: boolean;
  isMapBlocked: boolean;
  isCapped: boolean;
}

function priceBy(winner: Winner, facts: Facts, compiled: Compiled, found: Sourced, steps: Step[] | undefined): Priced {
  const terms = compiled.channel(facts.channel);
  if (isMapUnknown(facts, compiled)) return held(winner.place, 'rate_missing', found.cost, found.offer);
  const limits = limitsOf(winner, facts, compiled, found, terms);
  const way = wayOf(steps);
  const raw = rawPrice(winner, facts, compiled, found, terms, limits, way);
  if (typeof raw === 'string') return held(winner.place, raw, found.cost, found.offer);
  const ending = winner.rule.fixed ? null : (winner.rule.formula?.ending ?? terms.ending);
  const sums = bounded(raw, ending, limits, way);
  const { price } = sums;
  if (!compiled.trusts && facts.price !== null && movedBeyond(facts.price, price, compiled.settings.priceMoveBp))
    return held(winner.place, 'price_jump', found.cost, found.offer, price);
  const { net, profit, fee } = earned(price, found.goods, terms);
  return {
    outcome: 'priced',
    rule: winner.place,
    ...sums,
    compare: compareAt(winner, price, limits.msrp, ending),
    breaks: breaksOf(winner, raw, ending, limits, price),
    offer: found.offer,
    cost: found.cost,
    goods: found.goods,
    landed: found.goods + fee,
    profit,
    net,
  };
}

/** What a sale at this price leaves, of what is ours after tax. */
export function earned(price: bigint, goods: bigint, { fixedFee, feeBp, tax }: ChannelTerms): { net: bigint; profit: bigint; fee: bigint } {
  const net = (price * all) / (all + tax);
  const fee = fixedFee + share(price, feeBp);
  return { net, profit: net - goods - fee, fee };
}

interface Limits {
  /** From margin and cost. */
  floor: bigint;
  map: bigint | null;
  msrp: bigint | null;
  cap: bigint | null;
}

function limitsOf(winner: Winner, facts: Facts, compiled: Compiled, found: Sourced, terms: ChannelTerms): Limits {
  const { formula, rule } = winner;
  const margin = formula.minMargin > terms.minMargin ? formula.minMargin : terms.minMargin;
  const own = BigInt(rule.formula?.minMargin?.[terms.currency] ?? 0);
  const amount = own > terms.minAmount ? own : terms.minAmount;
  const byShare = leastPrice(found.goods + terms.fixedFee, margin, terms);
  const byAmount = leastPrice(found.goods + terms.fixedFee + amount, 0n, terms);
  const msrp = listPrice(facts, compiled, 'msrp', found.offer);
  return {
    floor: byShare > byAmount ? byShare : byAmount,
    map: listPrice(facts, compiled, 'map', null),
    msrp,
    cap: compiled.settings.capAtMsrp && !rule.fixed ? msrp : null,
  };
}

/** The lowest price of which, after tax and payment fee, this share stays above the costs. */
function leastPrice(costs: bigint, margin: bigint, { feeBp, tax }: ChannelTerms): bigint {
  const stays = all * (all - margin) - feeBp * (all + tax);
  // A minor unit more, since fee and tax are rounded in the price's disfavour at most by one each.
  return ceiling((costs + 1n) * all * (all + tax), stays) + 1n;
}

/** The advertised floor is the highest that anybody set; the list price is the variant's own, else the chosen offer's. */
function listPrice(facts: Facts, compiled: Compiled, which: 'map' | 'msrp', chosen: OfferFacts | null): bigint | null {
  const own = inChannel(facts[which], facts.variantCurrency ?? facts.channel.currency, 1, facts, compiled);
  if (chosen) return own ?? inChannel(chosen[which], chosen.currency, chosen.units, facts, compiled);
  let highest = own;
  for (const offer of facts.offers) {
    if (offer[which] === null) continue;
    const said = inChannel(offer[which], offer.currency, offer.units, facts, compiled);
    if (said !== null && (highest === null || said > highest)) highest = said;
  }
  return highest;
}

/** An advertised floor in a currency without a rate is there all the same. */
function isMapUnknown({ map, variantCurrency, channel, offers }: Facts, compiled: Compiled): boolean {
  const isUnknown = (amount: bigint | null, currency: string): boolean =>
    amount !== null && typeof compiled.exchange(currency, channel.currency) === 'string';
  return isUnknown(map, variantCurrency ?? channel.currency) || offers.some((offer) => isUnknown(offer.map, offer.currency));
}

function inChannel(amount: bigint | null, currency: string, units: number, facts: Facts, compiled: Compiled): bigint | null {
  if (amount === null) return null;
  const rate = compiled.exchange(currency, facts.channel.currency);
  return typeof rate === 'string' ? null : ceiling(converted(amount, rate), BigInt(units));
}

/** Keeps the way to a price, when somebody asked for it; nobody does for a million. */
type Way = ((what: StepWord, minor: bigint, how?: string) => void) | null;

function wayOf(steps: Step[] | undefined): Way {
  if (!steps) return null;
  return (what, minor, how = '') => {
    if (minor !== 0n) steps.push({ what, minor, with: how });
  };
}

/** Before floors, caps and endings. */
function rawPrice(
  winner: Winner,
  facts: Facts,
  compiled: Compiled,
  found: Sourced,
  terms: ChannelTerms,
  limits: Limits,
  way: Way,
): bigint | HeldReason {
  const { formula, rule } = winner;
  if (rule.fixed) {
    const fixed = rule.fixed[terms.currency];
    if (!fixed) return 'no_fixed_price';
    way?.('fixed_price', BigInt(fixed));
    return BigInt(fixed);
  }
  const base = formula.base === 'map' ? limits.map : formula.base === 'msrp' ? limits.msrp : found.cost;
  if (base === null) return 'no_base';
  const isFromCost = formula.base === 'landed' || formula.base === 'cost';
  let amount = base;
  if (isFromCost) way?.('cost', found.cost, costSaid(found.offer, terms.currency));
  else way?.(formula.base === 'map' ? 'map_price' : 'list_price', base);
  const markup = formula.tiers.find(({ below }) => base < below)?.markup ?? formula.markup;
  if (formula.base === 'landed') {
    way?.('order_fee', found.fee);
    way?.('shipping', found.shipping);
    way?.('duty', found.duty, percent(compiled.terms(found.offer.supplier, facts.channel).duty));
    // What the payment will take is estimated on what the goods alone would be sold for.
    const fee = terms.fixedFee + share(share(found.goods, markup), terms.feeBp);
    way?.('payment_fee', fee, percent(terms.feeBp));
    amount = found.goods + fee;
  }
  const marked = share(amount, markup);
  way?.('markup', marked - amount, times(markup));
  const cut = share(marked, formula.discount);
  way?.('discount', -cut, percent(formula.discount));
  // List prices are what shoppers see, with the tax in them.
  const tax = isFromCost ? share(marked - cut, terms.tax) : 0n;
  way?.('tax', tax, percent(terms.tax));
  return marked - cut + tax;
}

/** Floors hold whatever the ending and the cap would like. */
function bounded(raw: bigint, ending: Ending | null, limits: Limits, way: Way): Sums {
  const { floor, map, cap } = limits;
  let price = raw;
  const isLifted = price < floor;
  if (isLifted) {
    way?.('floor', floor - price);
    price = floor;
  }
  const isMapBlocked = map !== null && price < map;
  if (isMapBlocked) {
    way?.('map', map - price);
    price = map;
  }
  const lowest = map !== null && map > floor ? map : floor;
  const isCapped = cap !== null && price > cap && cap >= lowest;
  if (isCapped) {
    way?.('cap', cap - price);
    price = cap;
  }
  const ended = endIn(price, ending, lowest, cap);
  way?.('ending', ended - price);
  return { price: ended, floor: lowest, isLifted, isMapBlocked, isCapped };
}

function compareAt({ formula, rule }: Winner, price: bigint, msrp: bigint | null, ending: Ending | null): bigint | null {
  if (rule.formula?.compareMsrp && msrp !== null) return msrp > price ? msrp : null;
  if (formula.compare === null) return null;
  const compare = endIn(share(price, formula.compare), ending, price + 1n, null);
  return compare > price ? compare : null;
}

/** Each from so many units on; a break that saves nothing is none. */
function breaksOf({ formula }: Winner, raw: bigint, ending: Ending | null, limits: Limits, price: bigint): QuantityPrice[] {
  const breaks: QuantityPrice[] = [];
  let before = price;
  for (const { from, discount } of formula.breaks) {
    const sums = bounded(raw - share(raw, discount), ending, limits, null);
    if (sums.price >= before) continue;
    breaks.push({ from, price: sums.price });
    before = sums.price;
  }
  return breaks;
}

const costSaid = ({ cost, currency, units, supplier }: OfferFacts, into: string): string =>
  [
    supplier.code,
    currency === into ? '' : `from ${spelled(cost ?? 0n, currency)}`,
    units === 1 ? '' : `${spelled(cost ?? 0n, currency)} for ${units}`,
  ]
    .filter((part) => part !== '')
    .join(', ');
const times = (bp: bigint): string => `× ${(Number(bp) / 10_000).toFixed(4).replace(/0{1,2}$/, '')}`;
const percent = (bp: bigint): string => (bp === 0n ? '' : `${Number(bp) / 100} %`);
