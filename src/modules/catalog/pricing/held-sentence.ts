import { spelled } from './compile-policy.ts';
import type { Facts, HeldReason, Priced } from './words.ts';

/** Why a listing keeps its price, for people: what was found, and what to do. */
export function heldSentence(facts: Facts, { why, cost, offer, would }: Extract<Priced, { outcome: 'held' }>): string {
  const { currency } = facts.channel;
  const from = offer ? ` of ${offer.supplier.code}` : '';
  const now = cost === null ? 'none' : spelled(cost, currency);
  const before = facts.acceptedCost === null ? 'none' : spelled(facts.acceptedCost, currency);
  const sentences: Record<HeldReason, string> = {
    no_offer: 'No confirmed offer of an active supplier stands behind it. Match one, or let its supplier be active again.',
    no_cost: 'Its offers have no cost. Ask the supplier for one, or map the column of the feed that has it.',
    zero_cost: 'Its cost is zero. A price made from it would give the goods away; ask the supplier.',
    absurd_cost: 'Its cost is beyond anything sold here. See the offer as it came.',
    rate_missing: `There is no exchange rate into ${currency} for one of its amounts. Enter one.`,
    rate_stale: `The exchange rate into ${currency} is older than the rules allow. Enter the present one.`,
    currency_changed: `The cost${from} came in ${offer?.currency ?? 'another currency'}, and was in ${facts.acceptedCurrency ?? '?'} before. Accept it if that is meant.`,
    cost_jump: `The cost${from} went from ${before} to ${now}, further than the rules believe. Accept it if it is right.`,
    no_base: 'The rule begins with an advertised or list price, and nobody said one.',
    no_fixed_price: `The rule has a fixed price, but none in ${currency}.`,
    price_jump: `Its price would go from ${facts.price === null ? 'none' : spelled(facts.price, currency)} to ${would === null ? '?' : spelled(would, currency)}, further than the rules allow at once. Accept it if it is right.`,
    condition_failed: 'The condition of a rule could not be answered for it. See its facts beside the condition.',
  };
  return sentences[why];
}
