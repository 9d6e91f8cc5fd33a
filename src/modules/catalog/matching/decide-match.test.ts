import { describe, expect, it } from 'vitest';
import { judgePair, readOffer, readVariant } from './decide-match.ts';
import { judgeOffer, type Known } from './decide-offer.ts';
import { takeMeasures } from './measures.ts';
import { plain } from './plain.ts';
import { readTitle } from './read-title.ts';
import { defaultMatchSettings, type Judging, type OfferFacts, type VariantFacts } from './words.ts';

const judging: Judging = {
  settings: defaultMatchSettings,
  rate: (from, to) => (from === 'USD' && to === 'EUR' ? 0.9 : null),
  isBrand: (word) => ['bosch', 'makita', 'movano', 'mitsu'].includes(word),
  weight: (word) => (word === '' ? 3 : 2),
};

const offerOf = (more: Partial<OfferFacts>): OfferFacts => ({
  id: 'o1',
  supplier_id: 's1',
  sku: 'K-1',
  title: '',
  brand: '',
  gtin: null,
  mpn: null,
  pack_size: 1,
  cost_minor: 500n,
  currency: 'EUR',
  ...more,
});

const variantOf = (more: Partial<VariantFacts>): VariantFacts => ({
  id: 'v1',
  sku: 'OUR-1',
  title: '',
  brand: '',
  gtin: null,
  mpn: null,
  price_minor: 1000n,
  currency: 'EUR',
  ...more,
});

const gtin = '4006381333931';

/** What one offer is of some variants. */
function plan(offer: Partial<OfferFacts>, variants: Partial<VariantFacts>[], known: Known[] = []) {
  const candidates = variants.map((more, at) => {
    const variant = readVariant(variantOf({ id: `v${at + 1}`, ...more }));
    return { pair: { offer_id: 'o1', variant_id: variant.id, likeness: null }, variant };
  });
  const { confirm, suggest, broken } = judgeOffer(readOffer(offerOf(offer)), candidates, known, judging);
  const short = (list: typeof confirm) => list.map(({ variant_id, certainty, warnings }) => [variant_id, certainty, ...warnings].join(' '));
  return { confirm: short(confirm), suggest: short(suggest), broken };
}

describe('reading a title', () => {
  it('takes packs and measures out, however they are spelt', () => {
    const said = (text: string) => {
      const { pack, measures } = takeMeasures(plain(text));
      return `${pack} ${[...measures].map(([kind, amounts]) => `${kind} ${amounts.map(({ value }) => Math.round(value * 100) / 100).join('+')}`).join(' ')}`.trim();
    };
    expect(
      ['Cola 6 x 330ml', 'Cola 6x0,33 l', 'Cola 330 ml x 6', 'Cola 0.33 Liter, pack of 6', 'Кола 330 мл набор 6 шт'].map(said),
    ).toEqual(Array.from({ length: 5 }, () => '6 volume 330'));
    expect(
      ['Shelf 40 x 60 cm', 'Shelf 400x600 mm', 'Batterie 4er Pack', 'Cable 2 m', 'Multitool 4 in 1', 'BMW X6 mat', 'Asus A540 X540'].map(
        said,
      ),
    ).toEqual(['1 length 400+600', '1 length 400+600', '4', '1 length 2000', '1', '1', '1']);
  });

  it('has colours and sizes by one name, and codes however they are written', () => {
    const [ours, theirs] = [readTitle('T-Shirt Black M CMK-100'), readTitle('CMK100 t-shirt schwarz M')];
    expect([...theirs.words].toSorted()).toEqual([...ours.words].toSorted());
    expect([readTitle('Футболка чёрная XL').colours, [...readTitle('Футболка чёрная XL').sizes]]).toEqual([['black'], ['xl']]);
  });

  it('takes no letter of a model for a size', () => {
    expect([...readTitle('Fender Japan TL72-M Telecaster').sizes]).toEqual([]);
    expect([...readTitle('ST57-58US ’S').sizes]).toEqual([]);
  });
});

describe('an exact match', () => {
  it('is the same GTIN, however it is written, when nothing speaks against it', () => {
    const ours = [{ title: 'Drill 500 W', gtin }];
    expect(plan({ title: 'Bohrmaschine 500 Watt', gtin: `0${gtin}` }, ours).confirm).toEqual(['v1 exact']);
    expect(plan({ title: 'Drill 500 W', gtin: '4006381333932' }, ours).confirm).toEqual([]);
  });

  it.each([
    ['pack', { title: 'Drill 500 W', gtin, pack_size: 6 }],
    ['pack', { title: 'Drill 500 W (pack of 6)', gtin }],
    ['brand', { title: 'Drill 500 W', gtin, brand: 'Makita' }],
    ['price', { title: 'Drill 500 W', gtin, cost_minor: 5000n }],
    ['price', { title: 'Drill 500 W', gtin, cost_minor: 5000n, currency: 'USD' }],
    ['measure', { title: 'Drill 700 W', gtin }],
    ['colour', { title: 'Drill 500 W red', gtin }],
    ['number', { title: 'Drill 500 W Model B6', gtin }],
  ])('is stopped by the %s', (warning, offer) => {
    const { confirm, suggest } = plan(offer, [{ title: 'Drill 500 W blue Model B5', gtin, brand: 'Bosch' }]);
    expect(confirm).toEqual([]);
    expect(suggest[0]).toMatch(new RegExp(`^v1 conflict.* ${warning}`));
  });

  it('says how many of ours are in a pack of theirs', () => {
    const judged = judgePair(
      readOffer(offerOf({ title: 'Cola 6 x 330 ml', gtin })),
      readVariant(variantOf({ title: 'Cola 330 ml', gtin })),
      { offer_id: 'o1', variant_id: 'v1', likeness: 0.9 },
      judging,
    );
    expect([judged.units_per_offer, judged.facts.pack, judged.certainty]).toEqual([6, [1, 6], 'conflict']);
    expect(judged.facts.costToPrice).toBeCloseTo(500 / 6 / 1000, 3);
  });

  it('is for a person when two variants have the GTIN, or the codes name two', () => {
    expect(
      plan({ title: 'Drill', gtin }, [
        { title: 'Drill', gtin },
        { title: 'Drill', gtin },
      ]).suggest,
    ).toEqual(['v1 conflict gtin-twice offer-twice', 'v2 conflict gtin-twice offer-twice']);
    const { confirm, suggest } = plan({ title: 'Drill', gtin, sku: 'OUR-22' }, [
      { title: 'Drill', gtin },
      { sku: 'OUR-22', title: 'Drill' },
    ]);
    expect([confirm, suggest.length]).toEqual([[], 2]);
  });

  it('is no GTIN that a shop made for its own shelves', () => {
    const own = '2000000000008';
    expect(plan({ title: 'Honey', gtin: own }, [{ title: 'Fish', gtin: own }])).toMatchObject({ confirm: [], suggest: [] });
  });

  it('is our SKU, unless it may be on another thing by chance', () => {
    expect(plan({ title: 'Lamp Nova', sku: '100245' }, [{ sku: '100245', title: 'Lamp Nova white' }]).confirm).toEqual(['v1 exact']);
    expect(plan({ title: 'Garden hose', sku: '1001' }, [{ sku: '1001', title: 'Coffee maker' }]).suggest).toEqual([
      'v1 conflict not-alike',
    ]);
  });

  it("is the brand with its maker's number, in any spelling, and not the number alone", () => {
    const ours = [{ title: 'Cordless drill', brand: 'Bosch', mpn: 'GSR 12V-15' }];
    expect(plan({ title: 'Akkuschrauber', brand: 'BOSCH GmbH', mpn: 'gsr12v15' }, ours).confirm).toEqual(['v1 exact']);
    expect(plan({ title: 'Akkuschrauber', brand: 'Makita', mpn: 'gsr12v15' }, ours)).toMatchObject({ confirm: [], suggest: [] });
  });
});

describe('a likely match', () => {
  const ours = [
    { title: 'Movano battery for Dell Latitude 5480 6000mAh black' },
    { title: 'Movano battery for Dell Latitude 5490 6000mAh black' },
  ];

  it('is a title with other words, errors and units', () => {
    expect(plan({ title: 'NEW! Dell Latitude 5480 Movano batery 6 Ah schwarz' }, ours).suggest).toEqual(['v1 likely']);
  });

  it.each([
    'Movano battery for Dell Latitude 5481 6000mAh black',
    'Movano battery for Dell Latitude 5480 4000mAh black',
    'Movano battery for Dell Latitude 5480 6000mAh white',
    'Mitsu battery for Dell Latitude 5480 6000mAh black',
  ])('is no sister of it: %s', (title) => {
    expect(
      plan(
        { title },
        ours.map((one) => ({ ...one, brand: 'Movano' })),
      ),
    ).toMatchObject({ confirm: [], suggest: [] });
  });

  it('is none while another is as like', () => {
    expect(plan({ title: 'Movano battery Dell Latitude' }, ours).suggest.some((one) => one.includes('likely'))).toBe(false);
  });

  it('in a pack is a conflict that a person can solve', () => {
    expect(plan({ title: 'Movano battery for Dell Latitude 5480 6000mAh black, 3 pcs' }, ours).suggest).toEqual(['v1 conflict pack']);
  });
});

describe('what was decided', () => {
  const ours = [{ title: 'Drill 500 W', gtin }];

  it('stays: a rejected pair never comes again', () => {
    expect(plan({ title: 'Drill 500 W', gtin }, ours, [{ variant_id: 'v1', state: 'rejected', was: null }])).toEqual({
      confirm: [],
      suggest: [],
      broken: [],
    });
  });

  it('stays for an offer that is written anew, and breaks when the number was given to another product', () => {
    const was = { title: 'Drill 500 W', brand: '', gtin: null };
    const confirmed: Known[] = [{ variant_id: 'v1', state: 'confirmed', was }];
    expect(plan({ title: 'Powerful drill, 500 Watt' }, [], confirmed).broken).toEqual([]);
    expect(plan({ title: 'Garden hose green' }, [], confirmed).broken).toEqual(['v1']);
    const coded: Known[] = [{ variant_id: 'v1', state: 'confirmed', was: { ...was, gtin: '04006381333931' } }];
    expect(plan({ title: 'Drill 500 W', gtin: '73513537' }, [], coded).broken).toEqual(['v1']);
  });
});
