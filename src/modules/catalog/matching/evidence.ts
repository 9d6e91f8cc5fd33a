import type { Judged, Rule, Warning } from './words.ts';

const found: Readonly<Record<Rule, string>> = {
  gtin: 'The same GTIN',
  sku: 'The same SKU',
  mpn: "The same brand and maker's number",
  likeness: 'A like title',
};

const against: Readonly<Record<Warning, string>> = {
  pack: 'the packs differ',
  brand: 'the brands differ',
  price: 'cost and price do not go together',
  measure: 'a measure differs',
  colour: 'the colours differ',
  size: 'the sizes differ',
  number: 'numbers in the titles differ',
  'number-missing': 'a number is in one of the titles only',
  'gtin-differs': 'the GTINs differ',
  'gtin-twice': 'two variants have this GTIN',
  'offer-twice': 'another variant fits as well',
  'not-alike': 'the titles have nothing in common',
  changed: 'the offer is named otherwise than when it was matched',
};

/** A sentence for lists and for the reasons of an order's line. */
export function evidenceOf({ rule, warnings, facts }: Judged): string {
  const title = rule === 'likeness' ? ` (${facts.title.toFixed(2)})` : '';
  const but = warnings.filter((name) => rule === 'likeness' || !name.startsWith('number')).map((name) => against[name]);
  return `${found[rule]}${title}${but.length > 0 ? `, but ${but.join(', ')}` : ''}.`;
}
