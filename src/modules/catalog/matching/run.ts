import type { Tx } from '#platform/db';
import { variantsTouched } from '../availability/store-signals.ts';
import { ratesOf } from '../pricing/store-facts.ts';
import { brandWords, readOffer, readVariant, type ReadOffer, type ReadVariant } from './decide-match.ts';
import { judgeOffer } from './decide-offer.ts';
import { evidenceOf } from './evidence.ts';
import { foundBy } from './read-title.ts';
import {
  claimDueOf,
  everythingToMatch,
  goneTo,
  importToMatch,
  noLongerDue,
  offersAfter,
  offersById,
  offersThatMayBe,
} from './store-due.ts';
import { type Asked, breakMatches, keepJudged, knownOf, matchSettings, pairsFor, pairsOfImport, type ToKeep } from './store-pairs.ts';
import { brandsKnown, countVariants, countWords, keepWords, variantsById } from './store-words.ts';
import type { Judging, OfferFacts, Pair } from './words.ts';

export interface Matched {
  offers: number;
  confirmed: number;
  suggested: number;
  broken: number;
}

const nothing: Matched = { offers: 0, confirmed: 0, suggested: 0, broken: 0 };

/** What one run knows: how common words are does not change much while it goes on. */
export interface MatchRun {
  counts: Map<string, number>;
  variants: number | null;
  /** Brands of one word. */
  brands: ReadonlySet<string> | null;
}
export const beginMatching = (): MatchRun => ({ counts: new Map(), variants: null, brands: null });

const offersAtOnce = 1_000;
const variantsAtOnce = 5_000;
/** More new variants than this are not looked for one by one: all offers are looked at. */
const mostLookedFor = 20;

/** One batch of what is due, in this transaction; null when nothing is. Words of variants come first, as offers are found by them. */
export async function matchSome(tx: Tx, run: MatchRun): Promise<Matched | null> {
  const variants = await claimDueOf(tx, 'variant', variantsAtOnce);
  if (variants.length > 0) {
    await learnVariants(
      tx,
      variants.map(({ id }) => id),
      run,
    );
    return nothing;
  }
  const due = await claimDueOf(tx, 'offer', offersAtOnce);
  if (due.length > 0) {
    const ids = due.map(({ id }) => id);
    const matched = await matchOffers(tx, await offersById(tx, ids), run);
    await noLongerDue(tx, 'offer', ids);
    return matched;
  }
  const [supplier] = await claimDueOf(tx, 'supplier', 1);
  if (!supplier) return null;
  const offers = await offersAfter(tx, supplier.id, supplier.position, offersAtOnce);
  const matched = await matchOffers(tx, offers, run);
  if (offers.length < offersAtOnce) await noLongerDue(tx, 'supplier', [supplier.id]);
  else await goneTo(tx, supplier.id, offers.at(-1)?.sku ?? '');
  return matched;
}

async function learnVariants(tx: Tx, ids: readonly string[], run: MatchRun): Promise<void> {
  const variants = (await variantsById(tx, ids)).map(readVariant);
  await keepWords(
    tx,
    variants.map((variant) => ({ id: variant.id, words: [...foundBy(variant.read), ...codesOf(variant)] })),
  );
  await noLongerDue(tx, 'variant', ids);
  run.counts.clear();
  run.variants = null;
  run.brands = null;
  if (variants.length > mostLookedFor) return everythingToMatch(tx, null);
  const counts = await countWords(tx, [...new Set(variants.flatMap(({ read }) => foundBy(read)))]);
  const rarest = ({ read }: ReadVariant): string[] =>
    foundBy(read)
      .filter((word) => word.length >= 3 && !word.startsWith('size '))
      .toSorted((one, other) => (counts.get(one) ?? 0) - (counts.get(other) ?? 0) || (one < other ? -1 : 1))
      .slice(0, 2);
  await offersThatMayBe(tx, {
    gtins: variants.flatMap(({ gtin14 }) => gtin14 ?? []),
    skus: variants.map(({ sku }) => sku),
    mpns: variants.flatMap(({ mpn }) => mpn ?? []),
    words: [...new Set(variants.flatMap(rarest))],
  });
}

/** Codes are words with their name before them, so that one index finds everything. */
function codesOf(one: ReadVariant): string[] {
  const mpns = new Set([one.mpnCode, one.skuCode, ...one.read.codes].filter((code) => code.length >= 3));
  return [
    ...(one.gtin14 ? [`gtin:${one.gtin14}`] : []),
    ...(one.skuCode ? [`sku:${one.skuCode}`] : []),
    ...[...mpns].map((code) => `mpn:${code.slice(0, 60)}`),
  ];
}

const codesAsked = (offer: ReadOffer): string[] => [
  ...(offer.gtin14 ? [`gtin:${offer.gtin14}`] : []),
  ...(offer.skuCode ? [`sku:${offer.skuCode}`] : []),
  ...(offer.mpnCode.length >= 3 ? [`mpn:${offer.mpnCode}`] : []),
];

async function matchOffers(tx: Tx, facts: readonly OfferFacts[], run: MatchRun): Promise<Matched> {
  const offers = facts.map(readOffer);
  const wanted = new Map(offers.map((offer) => [offer.id, [...foundBy(offer.read), ...codesAsked(offer)]]));
  await learnCounts(tx, run, [...wanted.values()].flat());
  const pairs = await pairsFor(
    tx,
    offers.flatMap((offer) => toAsk(offer.id, wanted.get(offer.id) ?? [], run)),
  );
  return judgeAll(tx, offers, pairs, run);
}

/** Words that none of our titles has are asked for once as well. */
async function learnCounts(tx: Tx, run: MatchRun, words: Iterable<string>): Promise<void> {
  run.variants ??= await countVariants(tx);
  const unknown = [...new Set(words)].filter((word) => !run.counts.has(word));
  const counted = await countWords(tx, unknown);
  for (const word of unknown) run.counts.set(word, counted.get(word) ?? 0);
}

/** So many variants may be touched for one offer, by all of its words together; the two rarest words are asked for anyway. */
const mostTouched = 400;
const tooCommon = 1_500;

/** The rarest words of an offer, which are in some of our titles. */
function toAsk(offer_id: string, words: readonly string[], run: MatchRun): Asked[] {
  const known = words
    .map((word) => ({ word, count: run.counts.get(word) ?? 0 }))
    .filter(({ count }) => count > 0 && count < tooCommon)
    .toSorted((one, other) => one.count - other.count || (one.word < other.word ? -1 : 1));
  let touched = 0;
  return known.flatMap(({ word, count }, place) => {
    touched += count;
    return place < 2 || touched <= mostTouched ? [{ offer_id, word, weight: Math.log(((run.variants ?? 0) + 1) / count) }] : [];
  });
}

async function judgeAll(tx: Tx, offers: readonly ReadOffer[], pairs: readonly Pair[], run: MatchRun): Promise<Matched> {
  const variants = new Map(
    (await variantsById(tx, [...new Set(pairs.map(({ variant_id }) => variant_id))])).map((one) => [one.id, readVariant(one)]),
  );
  await learnCounts(
    tx,
    run,
    [...variants.values()].flatMap(({ read }) => [...read.words]),
  );
  const ids = offers.map(({ id }) => id);
  const known = await knownOf(tx, ids);
  const judging = await judgingBy(tx, run);
  const byOffer = Map.groupBy(pairs, ({ offer_id }) => offer_id);
  const keep: ToKeep[] = [];
  const broken: { variant_id: string; offer_id: string }[] = [];
  for (const offer of offers) {
    const candidates = (byOffer.get(offer.id) ?? []).flatMap((pair) => {
      const variant = variants.get(pair.variant_id);
      return variant ? [{ pair, variant }] : [];
    });
    const plan = judgeOffer(offer, candidates, known.get(offer.id) ?? [], judging);
    for (const one of plan.confirm) keep.push({ ...one, state: 'confirmed', evidence: evidenceOf(one) });
    for (const one of plan.suggest) keep.push({ ...one, state: 'suggested', evidence: evidenceOf(one) });
    for (const variant_id of plan.broken) broken.push({ variant_id, offer_id: offer.id });
  }
  await keepJudged(tx, ids, keep);
  await breakMatches(tx, broken);
  const decided = [...keep.filter(({ state }) => state === 'confirmed'), ...broken];
  await variantsTouched(tx, { of: decided.map(({ variant_id }) => variant_id), costs: true });
  const confirmed = keep.filter(({ state }) => state === 'confirmed').length;
  return { offers: offers.length, confirmed, suggested: keep.length - confirmed, broken: broken.length };
}

async function judgingBy(tx: Tx, run: MatchRun): Promise<Judging> {
  run.brands ??= brandsOfOneWord(await brandsKnown(tx));
  const { brands } = run;
  return { settings: await matchSettings(tx), rate: await rates(tx), weight: weightIn(run), isBrand: (word) => brands.has(word) };
}

const brandsOfOneWord = (brands: readonly string[]): Set<string> =>
  new Set(brands.map(brandWords).flatMap(([word, ...more]) => (word && word.length >= 3 && more.length === 0 ? [word] : [])));

/** From 0.3 for a word that is everywhere to 3 for one that none of our titles has. */
function weightIn({ counts, variants }: MatchRun): (word: string) => number {
  const all = Math.max(2, variants ?? 0);
  const most = Math.log(1 + all);
  return (word) => 0.3 + (2.7 * Math.log(1 + all / (1 + (counts.get(word) ?? 0)))) / most;
}

async function rates(tx: Tx): Promise<Judging['rate']> {
  const known = new Map((await ratesOf(tx)).map(({ base, quote, rate }) => [`${base}/${quote}`, Number(rate) / 1e8]));
  return (from, to) => {
    const straight = known.get(`${from}/${to}`);
    const back = known.get(`${to}/${from}`);
    return straight ?? (back ? 1 / back : null);
  };
}

/** So many pairs are judged within an import; of larger ones all wait for the run that follows. */
const mostInImport = 20_000;

/**
 * New offers of a file that is being applied find what we sell by GTIN or SKU at once, judged as any other; likeness, and what came with
 * another name than before, is looked at after the import.
 */
export async function matchImport(tx: Tx, supplierId: string, fresh: number): Promise<void> {
  const pairs = fresh > 0 ? await pairsOfImport(tx, mostInImport) : [];
  if (pairs.length > 0 && pairs.length <= mostInImport) {
    const offers = await offersById(tx, [...new Set(pairs.map(({ offer_id }) => offer_id))]);
    await judgeAll(tx, offers.map(readOffer), pairs, beginMatching());
  }
  await importToMatch(tx, supplierId);
}
