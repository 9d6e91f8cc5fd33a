import { isGlobalGtin } from '#kernel/gtin';
import { judgePair, type ReadOffer, type ReadVariant, thresholds } from './decide-match.ts';
import { readTitle } from './read-title.ts';
import { alike } from './title-alike.ts';
import type { Judged, Judging, MatchFacts, Pair, Warning } from './words.ts';

/** What is known of an offer's matches already. */
export interface Known {
  variant_id: string;
  state: 'suggested' | 'confirmed' | 'rejected' | 'broken';
  was: MatchFacts['was'] | null;
}

export interface OfferPlan {
  /** Exact ones to confirm, and others for a person. */
  confirm: Judged[];
  suggest: Judged[];
  /** Confirmed matches whose offer is another product by now. */
  broken: string[];
}

const mostSuggested = 3;

/**
 * What an offer is, of all variants that it may be. Pairs that a person rejected never come again; an offer that is matched already is
 * only held against what its codes say.
 */
export function judgeOffer(
  offer: ReadOffer,
  candidates: readonly { pair: Pair; variant: ReadVariant }[],
  known: readonly Known[],
  judging: Judging,
): OfferPlan {
  const rejected = new Set(known.filter(({ state }) => state === 'rejected').map(({ variant_id }) => variant_id));
  const broken = known.filter(({ state, was }) => state === 'confirmed' && isAnother(offer, was)).map(({ variant_id }) => variant_id);
  const stillBroken = known.filter(({ state }) => state === 'broken').map(({ variant_id }) => variant_id);
  const confirmed = new Set(
    known.filter(({ state, variant_id }) => state === 'confirmed' && !broken.includes(variant_id)).map(({ variant_id }) => variant_id),
  );
  const judged = candidates
    .filter(({ variant }) => !rejected.has(variant.id))
    .map(({ pair, variant }) => judgePair(offer, variant, pair, judging));
  const byCode = stopConflicts(
    judged.filter(({ rule }) => rule !== 'likeness'),
    confirmed,
  ).filter(({ variant_id }) => !confirmed.has(variant_id) && !broken.includes(variant_id) && !stillBroken.includes(variant_id));
  const exact = byCode.filter(({ certainty }) => certainty === 'exact');
  const others = confirmed.size > 0 || exact.length > 0 ? [] : byLikeness(judged.filter(({ rule }) => rule === 'likeness'));
  const open = [...byCode, ...others].filter(({ variant_id }) => !broken.includes(variant_id) && !stillBroken.includes(variant_id));
  const confirm = judging.settings.auto_exact && broken.length === 0 ? exact : [];
  return { confirm, suggest: open.filter((one) => !confirm.includes(one)).slice(0, mostSuggested), broken };
}

/** One GTIN on two variants, and one offer that is two of them by its codes, are for a person. */
function stopConflicts(judged: Judged[], confirmed: ReadonlySet<string>): Judged[] {
  const byGtin = judged.filter(({ facts }) => facts.gtin === 'same');
  const stop = (one: Judged, warning: Warning): void => {
    one.certainty = 'conflict';
    one.confidence = Math.min(one.confidence, 0.5);
    if (!one.warnings.includes(warning)) one.warnings.push(warning);
  };
  if (byGtin.length > 1) for (const one of byGtin) stop(one, 'gtin-twice');
  const named = new Set([...confirmed, ...judged.map(({ variant_id }) => variant_id)]);
  if (named.size > 1) for (const one of judged) stop(one, 'offer-twice');
  return judged;
}

/** What keeps a like title from being suggested at all: the offer is a sister of it. */
const sisterly = new Set<Warning>(['measure', 'colour', 'size', 'number', 'brand', 'gtin-differs']);

function byLikeness(judged: readonly Judged[]): Judged[] {
  const able = judged
    .filter(({ warnings }) => !warnings.some((name) => sisterly.has(name)))
    .toSorted((one, other) => other.confidence - one.confidence || (one.variant_id < other.variant_id ? -1 : 1));
  const open = able.filter(
    ({ warnings, confidence }) => warnings.every((name) => name === 'number-missing') && confidence >= thresholds.possible,
  );
  const [first, second] = open.filter(({ warnings }) => warnings.length === 0);
  const ahead = first && first.facts.title > 0.97 ? thresholds.aheadOfAll : thresholds.ahead;
  const isAhead = first !== undefined && first.confidence - (second?.confidence ?? 0) >= ahead;
  if (first && isAhead && first.confidence >= thresholds.likely) {
    first.certainty = 'likely';
    return [first];
  }
  // The title says it is this one, and the pack or the price says otherwise: a person can tell which of them is wrong.
  const stopped = able.filter(
    ({ warnings, facts }) => warnings.some((name) => name === 'pack' || name === 'price') && facts.title >= thresholds.likely,
  );
  for (const one of stopped) one.certainty = 'conflict';
  return [...open, ...stopped];
}

/**
 * Whether a supplier gave its number to another product since the match was decided: another GTIN, or a title that has nothing of the
 * old one. A title that was only written anew keeps its match.
 */
function isAnother(offer: ReadOffer, was: MatchFacts['was'] | null): boolean {
  if (!was) return false;
  const isGlobal = (gtin: string | null): gtin is string => gtin !== null && isGlobalGtin(gtin);
  if (isGlobal(was.gtin) && isGlobal(offer.gtin14)) return was.gtin !== offer.gtin14;
  if (was.title.trim() === '' || offer.title.trim() === '') return false;
  return alike(offer.read, readTitle(was.title, was.brand), () => 1).score < leastOfItself;
}

const leastOfItself = 0.2;
