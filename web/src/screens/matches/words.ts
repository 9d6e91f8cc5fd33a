import type { MatchRow } from '../../api/types.ts';

/** The parts of a title, each with whether the other title lacks it. */
export interface Part {
  text: string;
  differs: boolean;
}

const plain = (word: string): string =>
  word
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\d.,]/gu, '')
    .replace(/[.,]+$/, '');

/** Marks the words of a title that the other one does not have, whatever their order, case and accents. */
export function differing(title: string, other: string): Part[] {
  const known = new Set(other.split(/[\s/-]+/).map(plain));
  const compact = plain(other.replaceAll(/\s/g, ''));
  return title.split(/(\s+)/).map((text) => {
    const words = text.split(/[/-]/).map(plain).filter(Boolean);
    const isCode = /\d/.test(text) && text.length >= 4;
    const has = words.every((word) => known.has(word)) || (isCode && compact.includes(plain(text)));
    return { text, differs: words.length > 0 && !has };
  });
}

export interface Chip {
  text: string;
  tone: 'ok' | 'neutral' | 'crit';
  /** For who does not see the sign. */
  says: string;
}

const agreements = {
  same: { sign: '✓', tone: 'ok', says: 'the same' },
  other: { sign: '≠', tone: 'crit', says: 'differs' },
  none: { sign: '—', tone: 'neutral', says: 'not said by both' },
} as const;

const warningWords: Readonly<Record<string, string>> = {
  measure: 'measures differ',
  colour: 'colours differ',
  size: 'sizes differ',
  number: 'numbers differ',
  'number-missing': 'a number is missing',
  'gtin-twice': 'GTIN on two variants',
  'offer-twice': 'fits another variant too',
  'not-alike': 'titles have nothing in common',
  changed: 'offer is named otherwise now',
};

/** What was compared, as short as it can be read. */
export function chipsOf({ evidence, warnings, unitsPerOffer }: Pick<MatchRow, 'evidence' | 'warnings' | 'unitsPerOffer'>): Chip[] {
  const chips: Chip[] = [];
  for (const [name, label] of [
    ['gtin', 'GTIN'],
    ['sku', 'SKU'],
    ['mpn', 'MPN'],
    ['brand', 'brand'],
  ] as const) {
    const { sign, tone, says } = agreements[evidence[name]];
    if (name === 'sku' && evidence.sku !== 'same') continue;
    const isLocal = name === 'gtin' && evidence.gtinLocal;
    chips.push({ text: `${label} ${isLocal ? '(own)' : sign}`, tone: isLocal ? 'neutral' : tone, says: `${label} ${says}` });
  }
  if (evidence.title !== null) chips.push({ text: `title ${evidence.title.toFixed(2)}`, tone: 'neutral', says: 'Likeness of the titles' });
  if (evidence.costToPrice !== null) {
    const isOff = warnings.includes('price');
    chips.push({
      text: `cost/price ${evidence.costToPrice.toFixed(2)}${isOff ? ' ⚠' : ''}`,
      tone: isOff ? 'crit' : 'neutral',
      says: 'Cost of one unit by price',
    });
  }
  if (warnings.includes('pack')) {
    const [ours = 1, theirs = 1] = evidence.pack ?? [];
    chips.push({ text: `pack ${ours} vs ${theirs} ⚠`, tone: 'crit', says: 'The packs differ' });
  }
  if (unitsPerOffer > 1) chips.push({ text: `1 of theirs = ${unitsPerOffer} of ours`, tone: 'neutral', says: 'Pack ratio' });
  for (const name of warnings) {
    const words = warningWords[name];
    if (words) chips.push({ text: `${words} ⚠`, tone: 'crit', says: words });
  }
  return chips;
}

export const ruleWords: Readonly<Record<string, string>> = {
  gtin: 'same GTIN',
  sku: 'same SKU',
  mpn: 'same brand and MPN',
  likeness: 'like title',
  person: 'by a person',
  '': 'by who brought the offer',
};

export const keyOf = ({ offer, variant }: Pick<MatchRow, 'offer' | 'variant'>): string => `${offer.id} ${variant.id}`;
