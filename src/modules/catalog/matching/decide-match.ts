import { isGlobalGtin, recoverGtin } from '#kernel/gtin';
import { type Measures, sameAmount } from './measures.ts';
import { plain, plainCode } from './plain.ts';
import { beyond, readTitle, type Title } from './read-title.ts';
import { type Alike, alike } from './title-alike.ts';
import type { Agreement, Certainty, Judged, Judging, MatchFacts, OfferFacts, Pair, Rule, VariantFacts, Warning } from './words.ts';

/** An offer or a variant with all that is read of it once, however many pairs it stands in. */
export interface ReadOffer extends OfferFacts {
  read: Title;
  gtin14: string | null;
  mpnCode: string;
  skuCode: string;
}
export interface ReadVariant extends VariantFacts {
  read: Title;
  gtin14: string | null;
  mpnCode: string;
  skuCode: string;
}

const gtinOf = (text: string | null): string | null => (text === null ? null : (recoverGtin(text)?.gtin ?? null));

export const readOffer = (offer: OfferFacts): ReadOffer => ({
  ...offer,
  read: readTitle(offer.title, offer.brand),
  gtin14: gtinOf(offer.gtin),
  mpnCode: plainCode(offer.mpn),
  skuCode: plainCode(offer.sku),
});

export const readVariant = (variant: VariantFacts): ReadVariant => ({
  ...variant,
  read: readTitle(variant.title, variant.brand),
  gtin14: gtinOf(variant.gtin),
  mpnCode: plainCode(variant.mpn),
  skuCode: plainCode(variant.sku),
});

/** From here on a title alone makes a match likely, possible; and how far the next one has to be behind. */
export const thresholds = { likely: 0.7, possible: 0.45, ahead: 0.04, aheadOfAll: 0.012, distinctSku: 6, alikeForSku: 0.5, sister: 0.5 };

/** One pair, looked at by itself: which rule holds it together, and what speaks against it. */
export function judgePair(offer: ReadOffer, variant: ReadVariant, pair: Pair, judging: Judging): Judged {
  const seen = alike(offer.read, variant.read, judging.weight);
  const title = blend(seen, pair.likeness);
  const units = unitsOf(offer, variant);
  const costToPrice = ratioOf(offer, variant, units, judging);
  const brand = brandsOf(offer, variant, judging);
  const gtin = agreement(offer.gtin14, variant.gtin14);
  const measures = contradicting(offer.read.measures, variant.read.measures);
  const isLocal = gtin === 'same' && !isGlobalGtin(offer.gtin14 ?? '');
  const facts: MatchFacts = {
    gtin,
    ...(isLocal ? { gtinLocal: true } : {}),
    sku: agreement(offer.skuCode, variant.skuCode) === 'same' && offer.sku.trim() === variant.sku.trim() ? 'same' : 'none',
    mpn: mpnOf(offer, variant),
    brand,
    title: Math.round(title * 1000) / 1000,
    trigrams: pair.likeness === null ? null : Math.round(pair.likeness * 1000) / 1000,
    costToPrice: costToPrice === null ? null : Math.round(costToPrice * 1000) / 1000,
    pack: [variant.read.pack, theirPack(offer)],
    ...(measures.length > 0 ? { measures } : {}),
    was: { title: offer.title.slice(0, 300), brand: offer.brand.slice(0, 100), gtin: offer.gtin14 },
  };
  const rule = ruleOf(facts, offer, brand);
  const warnings = warningsOf(offer, variant, facts, seen, judging);
  const { certainty, confidence } = certaintyOf(rule, facts, warnings, offer, title);
  return { variant_id: variant.id, offer_id: offer.id, certainty, rule, confidence, warnings, units_per_offer: units ?? 1, facts };
}

const agreement = (one: string | null, other: string | null): Agreement => (!one || !other ? 'none' : one === other ? 'same' : 'other');

const blend = (seen: Alike, likeness: number | null): number =>
  Math.min(1, likeness === null ? seen.score : 0.8 * seen.score + 0.2 * Math.max(likeness, seen.score));

const theirPack = (offer: ReadOffer): number => (offer.pack_size > 1 ? offer.pack_size : offer.read.pack);

/** Units of ours in one of theirs; null where they sell fewer than we do, or it does not come out even. */
function unitsOf(offer: ReadOffer, variant: ReadVariant): number | null {
  const units = theirPack(offer) / variant.read.pack;
  return Number.isInteger(units) && units >= 1 && units <= 10_000 ? units : null;
}

function ratioOf(offer: ReadOffer, variant: ReadVariant, units: number | null, { rate }: Judging): number | null {
  if (offer.cost_minor === null || offer.cost_minor <= 0n || variant.price_minor === null || variant.price_minor <= 0n || !variant.currency)
    return null;
  const exchange = offer.currency === variant.currency ? 1 : rate(offer.currency, variant.currency);
  return exchange === null ? null : (Number(offer.cost_minor) * exchange) / (units ?? 1) / Number(variant.price_minor);
}

/**
 * Brands are the same when the words of one are among the other's ("HP" and "HP Inc."), and when the other's title has it. Who names no
 * brand, but has another one that we sell in the title, names that one.
 */
function brandsOf(offer: ReadOffer, variant: ReadVariant, { isBrand }: Judging): Agreement {
  const [theirs, ours] = [brandWords(offer.brand), brandWords(variant.brand)];
  const [theirTitle, ourTitle] = [brandWords(offer.title), brandWords(variant.title)];
  if (ours.length === 0) return 'none';
  if (theirs.length === 0) {
    if (within(ours, theirTitle)) return 'same';
    return theirTitle.some((word) => isBrand(word) && !ourTitle.includes(word)) ? 'other' : 'none';
  }
  if (within(theirs, ours) || within(ours, theirs) || theirs.join('') === ours.join('')) return 'same';
  return within(ours, theirTitle) || within(theirs, ourTitle) ? 'same' : 'other';
}

const within = (some: readonly string[], all: readonly string[]): boolean => some.every((word) => all.includes(word));

const legalForms = new Set('inc ltd llc gmbh ag co corp sa srl bv oy ab company limited kg ооо brand'.split(' '));
export const brandWords = (text: string): string[] => (plain(text).match(/[\p{L}\d]+/gu) ?? []).filter((word) => !legalForms.has(word));

/** The maker's number as said by both; or as our SKU or a code in our title, where we keep none. */
function mpnOf(offer: ReadOffer, variant: ReadVariant): Agreement {
  if (offer.mpnCode.length < 3) return 'none';
  if (variant.mpnCode.length >= 3) return agreement(offer.mpnCode, variant.mpnCode);
  return isTelling(offer.mpnCode) && (offer.mpnCode === variant.skuCode || variant.read.codes.has(offer.mpnCode)) ? 'same' : 'none';
}

const isTelling = (code: string): boolean => code.length >= 4 && /\d/.test(code);

function ruleOf(facts: MatchFacts, offer: ReadOffer, brand: Agreement): Rule {
  if (facts.gtin === 'same' && !facts.gtinLocal) return 'gtin';
  if (facts.sku === 'same') return 'sku';
  return facts.mpn === 'same' && brand === 'same' && isTelling(offer.mpnCode) ? 'mpn' : 'likeness';
}

function warningsOf(offer: ReadOffer, variant: ReadVariant, facts: MatchFacts, seen: Alike, { settings }: Judging): Warning[] {
  const { costToPrice } = facts;
  const warnings: [Warning, boolean][] = [
    ['pack', facts.pack[0] !== facts.pack[1]],
    ['brand', facts.brand === 'other'],
    ['price', costToPrice !== null && (costToPrice < settings.cost_least || costToPrice > settings.cost_most)],
    ['measure', facts.measures !== undefined],
    ['colour', bothHaveOwn(offer.read.colours, variant.read.colours)],
    ['size', bothHaveOwn([...offer.read.sizes], [...variant.read.sizes])],
    ['number', seen.marks === 'both'],
    ['number-missing', seen.marks === 'one'],
    ['gtin-differs', facts.gtin === 'other'],
  ];
  return warnings.flatMap(([name, speaks]) => (speaks ? [name] : []));
}

const bothHaveOwn = (one: readonly string[], other: readonly string[]): boolean =>
  beyond(one, other).length > 0 && beyond(other, one).length > 0;

/** Kinds that both speak of, each with something that the other has not: 40 cm against 60 cm, but not 40 x 60 cm against 40 cm. */
const contradicting = (one: Measures, other: Measures): string[] =>
  [...one].flatMap(([kind, amounts]) => {
    const others = other.get(kind);
    return others && beyond(amounts, others, sameAmount).length > 0 && beyond(others, amounts, sameAmount).length > 0 ? [kind] : [];
  });

function certaintyOf(
  rule: Rule,
  facts: MatchFacts,
  warnings: Warning[],
  offer: ReadOffer,
  title: number,
): { certainty: Certainty; confidence: number } {
  const round = (value: number): number => Math.round(Math.max(0, Math.min(1, value)) * 1000) / 1000;
  if (rule === 'likeness') return { certainty: 'possible', confidence: round(likelihood(facts, warnings, title)) };
  // Numbers in titles are often the seller's own; where a code agrees they say nothing, unless the titles are the same but for them:
  // then one article's code was put on all of its sisters.
  const isSister = title >= thresholds.sister;
  const against = warnings.filter((name) => name !== 'number-missing' && (name !== 'number' || isSister));
  if (rule === 'sku' && facts.gtin !== 'same' && !isProof(offer, title)) warnings.push('not-alike');
  if (against.length > 0 || warnings.includes('not-alike')) return { certainty: 'conflict', confidence: round(0.5 + 0.3 * title) };
  return { certainty: 'exact', confidence: 1 };
}

/** Whether our SKU on their line can be no chance: somebody who calls a product "1001" need not have heard of us. */
function isProof(offer: ReadOffer, title: number): boolean {
  const hasLetter = /\p{L}/u.test(offer.skuCode);
  if (offer.title.trim() === '') return hasLetter || offer.skuCode.length >= thresholds.distinctSku;
  return title >= thresholds.alikeForSku || (hasLetter && isTelling(offer.skuCode) && offer.skuCode.length >= thresholds.distinctSku);
}

/** All that can be added to a title's likeness. */
const most = 0.15;

/** A title's likeness, moved a little by what else agrees. */
function likelihood(facts: MatchFacts, warnings: readonly Warning[], title: number): number {
  const more = (facts.mpn === 'same' ? 0.12 : 0) + (facts.brand === 'same' ? 0.03 : 0);
  const less = (facts.mpn === 'other' ? 0.15 : 0) + 0.25 * warnings.filter((name) => name !== 'number-missing').length;
  return (title + more - less) / (1 + most);
}
