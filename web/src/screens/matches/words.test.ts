import { describe, expect, it } from 'vitest';
import { chipsOf, differing } from './words.ts';

const marked = (title: string, other: string): string[] =>
  differing(title, other)
    .filter(({ differs }) => differs)
    .map(({ text }) => text);

describe('marking what differs', () => {
  it('marks words that the other title lacks, in any order, case and accents', () => {
    expect(marked('Lampe Nova 40 cm Weiß', 'nova LAMPE 40 cm schwarz')).toEqual(['Weiß']);
    expect(marked('Café table, oak', 'table oak cafe')).toEqual([]);
    expect(marked('Dell 5480 6000mAh', 'Dell 5490 6000mAh')).toEqual(['5480']);
  });

  it('takes a code as one, however it is written', () => {
    expect(marked('Amdek CMK-100', 'Amdek CMK 100')).toEqual([]);
    expect(marked('Amdek CMK100', 'Amdek CMK 100')).toEqual([]);
  });

  it('gives back the title as it was', () => {
    const title = '  A  b-c / d ';
    expect(
      differing(title, '')
        .map(({ text }) => text)
        .join(''),
    ).toBe(title);
  });
});

describe('chips', () => {
  const evidence = {
    gtin: 'none',
    gtinLocal: false,
    sku: 'none',
    mpn: 'same',
    brand: 'same',
    title: 0.834,
    trigrams: null,
    costToPrice: 0.41,
    pack: [1, 6],
    measures: [],
  } as const;

  it('say what was compared', () => {
    const shown = chipsOf({ evidence: { ...evidence, pack: [1, 6], measures: [] }, warnings: ['pack'], unitsPerOffer: 6 }).map(
      ({ text }) => text,
    );
    expect(shown).toEqual(['GTIN —', 'MPN ✓', 'brand ✓', 'title 0.83', 'cost/price 0.41', 'pack 1 vs 6 ⚠', '1 of theirs = 6 of ours']);
  });

  it('say what speaks against it', () => {
    const chips = chipsOf({
      evidence: { ...evidence, gtin: 'other', pack: [1, 1], measures: [] },
      warnings: ['price', 'colour'],
      unitsPerOffer: 1,
    });
    expect(chips.filter(({ tone }) => tone === 'crit').map(({ text }) => text)).toEqual([
      'GTIN ≠',
      'cost/price 0.41 ⚠',
      'colours differ ⚠',
    ]);
  });
});
