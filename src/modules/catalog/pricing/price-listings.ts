import { type Compiled, compilePolicy } from './compile-policy.ts';
import { decidePrice } from './decide-price.ts';
import type { CatalogFacts } from './facts.ts';
import { isChange } from './preview.ts';
import { factsOf, ratesOf } from './store-facts.ts';
import { livePricePolicy, windowsFollowed } from './store-policy.ts';
import { type NewProblem, problemsAmong, stagePrices, writePrices, writeProblems } from './store-prices.ts';
import { type CopyValue, toJson, type Tx } from '#platform/db';
import { heldSentence } from './held-sentence.ts';
import type { Facts, ListingKey, Priced, Step } from './words.ts';

export interface PricedListings {
  /** Whose price is another than before. */
  changed: number;
  /** That keep what they have, since the new price cannot be trusted; each is listed under problems. */
  held: number;
}

export interface PricingWish {
  /** As facts name actors. */
  by?: string;
  /** A person has looked: neither cost nor price is held for having moved far. */
  trusts?: boolean;
}

const someAtOnce = 5_000;

/**
 * Prices these listings anew by the live rules: what costs less or more now, or became another variant. A listing without a price
 * that can be trusted keeps the one it has. Without live rules nothing happens. Set-based: a few statements for any number.
 */
export async function priceListings(tx: Tx, listings: readonly ListingKey[], wish: PricingWish = {}): Promise<PricedListings> {
  const { policy, version } = await livePricePolicy(tx);
  if (listings.length === 0 || policy.rules.length === 0) return { changed: 0, held: 0 };
  const compiled = compilePolicy(policy, await ratesOf(tx), tx.now, wish.trusts ?? false);
  const sum: PricedListings = { changed: 0, held: 0 };
  for (let from = 0; from < listings.length; from += someAtOnce) {
    const facts = await factsOf(tx, listings.slice(from, from + someAtOnce));
    const part = await recordPriced(tx, facts, compiled, { version, by: wish.by ?? 'step:priceListings' });
    sum.changed += part.changed;
    sum.held += part.held;
  }
  return sum;
}

/** The whole catalog by the live rules, such as when a window in time opens or closes. */
export async function priceEverything(tx: Tx, by: string): Promise<PricedListings> {
  const { policy, version } = await livePricePolicy(tx);
  const compiled = compilePolicy(policy, await ratesOf(tx), tx.now);
  const done = await recordPriced(tx, await factsOf(tx), compiled, { version, by });
  await windowsFollowed(tx, version);
  return done;
}

async function recordPriced(
  tx: Tx,
  facts: CatalogFacts,
  compiled: Compiled,
  { version, by }: { version: number; by: string },
): Promise<PricedListings> {
  const rows: CopyValue[][] = [];
  const problems: NewProblem[] = [];
  const fine: ListingKey[] = [];
  for (let place = 0; place < facts.size; place += 1) {
    const one = facts.at(place);
    const priced = decidePrice(one, compiled);
    const key = { channel_id: one.channel.id, sku: one.sku };
    if (priced.outcome === 'held') problems.push(problemOf(key, one, priced, facts));
    else fine.push(key);
    if (priced.outcome === 'priced' && (isChange(one, priced) || !one.isPublished || one.acceptedCost !== priced.cost))
      rows.push(stagedRow(tx, facts, one, compiled, priced));
  }
  // Most are fine and were: only those that are listed have to be taken off the list.
  await writeProblems(tx, problems, fine.length > 0 ? await problemsAmong(tx, fine) : []);
  if (rows.length === 0) return { changed: 0, held: problems.length };
  await stagePrices(tx, rows);
  return { changed: await writePrices(tx, { version, by, publicationId: null }), held: problems.length };
}

const problemOf = (key: ListingKey, facts: Facts, priced: Extract<Priced, { outcome: 'held' }>, catalog: CatalogFacts): NewProblem => ({
  ...key,
  kind: priced.why,
  detail: heldSentence(facts, priced),
  cost_minor: priced.cost,
  offer_id: priced.offer ? catalog.offerId(priced.offer.place) : null,
});

/** A row for `stagePrices`, with the way to its price. */
export function stagedRow(tx: Tx, catalog: CatalogFacts, facts: Facts, compiled: Compiled, priced: Priced): CopyValue[] {
  const rule = compiled.policy.rules[priced.rule];
  const head = [facts.channel.id, facts.sku, tx.newId()];
  if (priced.outcome !== 'priced') return [...head, priced.why, null, null, null, '[]', '', '', '{}', null, null, null];
  const steps: Step[] = [];
  decidePrice(facts, compiled, steps);
  return [
    ...head,
    'priced',
    priced.price,
    priced.compare,
    facts.channel.currency,
    toJson(priced.breaks),
    rule?.id ?? '',
    rule?.name ?? '',
    toJson({ steps, floor: priced.floor, landed: priced.landed, profit: priced.profit, net: priced.net }),
    priced.cost,
    priced.offer.currency,
    catalog.offerId(priced.offer.place),
  ];
}
