import type { Instant } from '#kernel/time';
import type { Tx } from '#platform/db';
import { compilePolicy, spelled } from './compile-policy.ts';
import { decidePrice } from './decide-price.ts';
import { heldSentence } from './held-sentence.ts';
import { factsOf, ratesOf } from './store-facts.ts';
import { livePricePolicy } from './store-policy.ts';
import { priceOf, type PriceRemembered, priceHistoryOf } from './store-why.ts';
import type { ListingKey, Priced, Step } from './words.ts';

/** Why a listing has the price it has: the way to it as it was published, and the way the live rules would go now. */
export interface Why {
  sku: string;
  channel: { id: string; code: string; currency: string };
  published: {
    price: bigint;
    compare: bigint | null;
    currency: string;
    rule: string;
    version: number;
    steps: Step[];
    by: string;
    at: Instant;
    cost: bigint | null;
  } | null;
  /** What it sells for; `published` null means that somebody else set it. */
  price: bigint | null;
  now: { outcome: Priced['outcome']; price: bigint | null; rule: string; sentence: string; steps: Step[]; floor: bigint | null };
  offers: { supplier: string; cost: string; units: number; stock: number; chosen: boolean }[];
  history: PriceRemembered[];
}

export async function whyPrice(tx: Tx, key: ListingKey): Promise<Why | null> {
  const catalog = await factsOf(tx, [key]);
  if (catalog.size === 0) return null;
  const facts = catalog.at(0);
  const { policy } = await livePricePolicy(tx);
  const compiled = compilePolicy(policy, await ratesOf(tx), tx.now);
  const steps: Step[] = [];
  const priced = decidePrice(facts, compiled, steps);
  const chosen = priced.outcome === 'kept' ? null : priced.offer;
  const rule = policy.rules[priced.rule]?.name ?? '';
  return {
    sku: facts.sku,
    channel: facts.channel,
    published: await priceOf(tx, key),
    price: facts.price,
    now: {
      outcome: priced.outcome,
      price: priced.outcome === 'priced' ? priced.price : priced.outcome === 'held' ? priced.would : facts.price,
      rule,
      sentence: sentenceOf(priced, rule, priced.outcome === 'held' ? heldSentence(facts, priced) : ''),
      steps: priced.outcome === 'priced' ? steps : [],
      floor: priced.outcome === 'priced' ? priced.floor : null,
    },
    offers: facts.offers.map((offer) => ({
      supplier: offer.supplier.code,
      cost: offer.cost === null ? '' : spelled(offer.cost, offer.currency),
      units: offer.units,
      stock: offer.stock,
      chosen: offer.place === chosen?.place,
    })),
    history: await priceHistoryOf(tx, key),
  };
}

function sentenceOf(priced: Priced, rule: string, held: string): string {
  if (priced.outcome === 'held') return held;
  if (priced.outcome === 'kept')
    return priced.why === 'no_rule' ? 'No rule fits it, so that it keeps its price.' : `The rule "${rule}" keeps the price it has.`;
  const lifted = [
    priced.isLifted ? 'its margin lifted it' : '',
    priced.isMapBlocked ? 'the advertised floor lifted it' : '',
    priced.isCapped ? 'the list price capped it' : '',
  ].filter((part) => part !== '');
  return `The rule "${rule}" prices it${lifted.length > 0 ? `; ${lifted.join(', ')}` : ''}.`;
}
