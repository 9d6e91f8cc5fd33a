import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellsOf, decideEdit } from './decide-edit.ts';
import { type VariantEdit, type VariantField, variantFields, type VariantNow } from './words.ts';

const lamp: VariantNow = {
  id: 'v1',
  sku: 'LAMP',
  title: 'Reading lamp',
  brand: 'Nova',
  category: 'Light',
  tags: ['oak', 'new'],
  gtin: '04006381333931',
  mpn: 'N-1',
  weight_grams: 1200,
  price_minor: 4990n,
  currency: 'EUR',
  map_minor: null,
  msrp_minor: 5990n,
  locked: [],
};
const known = new Map([['LAMP', lamp]]);
const decide = (fields: Partial<Record<VariantField, string>>, now = lamp, isPerson = true) =>
  decideEdit([{ sku: 'LAMP', fields }], new Map([['LAMP', now]]), isPerson);

describe('a cell of a sheet', () => {
  it.each([
    ['title', 'Desk lamp', { title: 'Desk lamp' }],
    ['brand', '', { brand: '' }],
    ['tags', 'oak;  brass; oak;', { tags: ['oak', 'brass'] }],
    ['gtin', '4006381333948', { gtin: '04006381333948' }],
    ['gtin', '', { gtin: null }],
    ['mpn', '', { mpn: null }],
    ['weight', '1.5 kg', { weight_grams: 1500 }],
    ['weight', '2 lb', { weight_grams: 907 }],
    ['weight', '0,75 kg', { weight_grams: 750 }],
    ['price', '39,90', { price_minor: 3990n }],
    ['price', '', { price_minor: null }],
    ['map', '45', { map_minor: 4500n }],
  ] as [VariantField, string, Partial<VariantNow>][])('%s "%s" is read', (field, text, expected) => {
    const plan = decide({ [field]: text });
    expect(plan.errors).toEqual([]);
    expect(plan.next[0]).toMatchObject(expected);
    expect(plan.changes.map((change) => change.field)).toEqual([field]);
  });

  it.each([
    ['title', '', /has a title/],
    ['title', 'x'.repeat(501), /501 letters; 500/],
    ['gtin', '4006381333932', /check digit/],
    ['weight', 'heavy', /not a weight such as/],
    ['weight', '12', /not a weight such as/],
    ['price', '4.999', /not an amount/],
    ['price', '-1', /above 0/],
    ['price', '0', /above 0/],
    ['currency', 'EURO', /three letters/],
    ['brand', 'No\0va', /no text has/],
  ] as [VariantField, string, RegExp][])('%s "%s" is an error that says why', (field, text, why) => {
    const plan = decide({ [field]: text });
    expect(plan.next).toEqual([]);
    expect(plan.errors).toEqual([expect.objectContaining({ row: 0, sku: 'LAMP', field, why: expect.stringMatching(why) as string })]);
  });

  it('of another currency has every amount said anew', () => {
    expect(decide({ currency: 'USD' }).errors.map(({ why }) => why)).toEqual([
      expect.stringMatching(/The price is in EUR/),
      expect.stringMatching(/The msrp is in EUR/),
    ]);
    expect(decide({ currency: 'USD', price: '55.00', msrp: '' }).next[0]).toMatchObject({
      currency: 'USD',
      price_minor: 5500n,
      msrp_minor: null,
    });
    expect(decide({ price: '5' }, { ...lamp, currency: null, price_minor: null, msrp_minor: null }).errors[0]?.why).toMatch(
      /needs the currency/,
    );
    expect(decide({ currency: 'JPY', price: '500', msrp: '' }).next[0]).toMatchObject({ price_minor: 500n });
  });

  it('that is locked is changed by a person only', () => {
    const locked = { ...lamp, locked: ['title'] };
    expect(decide({ title: 'Other' }, locked).next[0]).toMatchObject({ title: 'Other' });
    expect(decide({ title: 'Other', brand: 'X' }, locked, false).errors).toMatchObject([
      { field: 'title', why: expect.stringMatching(/locked/) as string },
    ]);
    expect(decide({ title: lamp.title, brand: 'X' }, locked, false).errors).toEqual([]);
    expect(decideEdit([{ sku: 'LAMP', fields: {}, locked: ['gtin', 'title'] }], known, true).next[0]?.locked).toEqual(['title', 'gtin']);
    expect(decideEdit([{ sku: 'LAMP', fields: {}, locked: [] }], new Map([['LAMP', locked]]), false).errors).toMatchObject([
      { field: 'locked' },
    ]);
  });
});

describe('rows', () => {
  it('go on when others are wrong; unknown and repeated SKUs are errors', () => {
    const plan = decideEdit(
      [
        { sku: 'GONE', fields: { title: 'x' } },
        { sku: 'LAMP', fields: { brand: 'Other' } },
        { sku: 'LAMP', fields: { brand: 'Third' } },
      ],
      known,
      true,
    );
    expect(plan.errors).toMatchObject([
      { row: 0, field: 'sku' },
      { row: 2, field: 'sku' },
    ]);
    expect(plan.next).toMatchObject([{ brand: 'Other' }]);
  });

  it('whose values come back as they were shown change nothing, whatever they are', () => {
    const anyVariant = fc.record({
      title: fc.string({ minLength: 1, maxLength: 60 }).map((text) => text.replaceAll('\0', '').trim() || 'x'),
      brand: fc.constantFrom('', 'Nova', '=1+1', '-x', 'a;b'),
      category: fc.constantFrom('', 'Light > Desk', '@home'),
      tags: fc.uniqueArray(fc.constantFrom('oak', 'new', '+1', 'über'), { maxLength: 3 }),
      gtin: fc.constantFrom(null, '04006381333931', '00000096385074'),
      mpn: fc.constantFrom(null, '007', 'N-1'),
      weight_grams: fc.option(fc.integer({ min: 1, max: 1e6 })),
      currency: fc.constantFrom('EUR', 'JPY', 'BHD'),
      price_minor: fc.option(fc.bigInt({ min: 1n, max: 10n ** 9n })),
      map_minor: fc.option(fc.bigInt({ min: 1n, max: 10n ** 9n })),
    });
    fc.assert(
      fc.property(anyVariant, (given) => {
        const variant = { ...lamp, ...given } as VariantNow;
        const edit: VariantEdit = { sku: 'LAMP', fields: cellsOf(variant) };
        const plan = decideEdit([edit], new Map([['LAMP', variant]]), true);
        expect({ errors: plan.errors, changes: plan.changes, same: plan.same }).toEqual({ errors: [], changes: [], same: 1 });
        // Written over another, they make it the same.
        const other = decideEdit([edit], new Map([['LAMP', { ...lamp, currency: 'USD' }]]), true);
        expect(other.errors).toEqual([]);
        expect(other.next[0] && cellsOf(other.next[0])).toEqual(cellsOf(variant));
      }),
    );
    expect(Object.keys(cellsOf(lamp)).sort((one, two) => (one < two ? -1 : 1))).toEqual(
      [...variantFields].sort((one, two) => (one < two ? -1 : 1)),
    );
  });
});
