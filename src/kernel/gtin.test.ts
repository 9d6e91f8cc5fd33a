import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gtinCheckDigit, isGlobalGtin, readGtin, recoverGtin } from './gtin.ts';

describe('a GTIN', () => {
  it('of 8, 12, 13 or 14 digits comes back with fourteen', () => {
    expect(['4006381333931', '036000291452', '96385074', '10614141000415', '400-6381 333931'].map(readGtin)).toEqual([
      '04006381333931',
      '00036000291452',
      '00000096385074',
      '10614141000415',
      '04006381333931',
    ]);
  });

  it('with another check digit, length or letter is none', () => {
    for (const text of ['4006381333932', '400638133393', '', 'abc', '4.00638E+12', '40063813339310000'])
      expect([text, readGtin(text)]).toEqual([text, null]);
  });

  it('with any one digit misread is none', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^\d{13}$/),
        fc.integer({ min: 0, max: 13 }),
        fc.integer({ min: 1, max: 9 }),
        (thirteen, place, shift) => {
          const good = thirteen + gtinCheckDigit(thirteen);
          expect(readGtin(good)).toBe(good);
          const bad = good.slice(0, place) + String((Number(good[place]) + shift) % 10) + good.slice(place + 1);
          expect(readGtin(bad)).toBeNull();
        },
      ),
    );
  });
});

describe('a GTIN that was damaged', () => {
  it('is written out when it was a UPC-E', () => {
    const written = [
      ['04252614', '00042100005264'],
      ['01234505', '00012000003455'],
      ['01234531', '00012300000451'],
    ] as const;
    expect(written.map(([short]) => recoverGtin(short))).toEqual(written.map(([, gtin]) => ({ gtin, how: 'upc-e' })));
    for (const [, gtin] of written) expect(readGtin(gtin)).toBe(gtin);
  });

  it('gets its zeros back, and says so', () => {
    expect(recoverGtin('36000291452')).toEqual({ gtin: '00036000291452', how: 'padded' });
    expect(recoverGtin('4006381333931')).toEqual({ gtin: '04006381333931', how: 'whole' });
    expect(recoverGtin('425261')).toBeNull();
    expect(recoverGtin('00000000')).toBeNull();
  });

  it('that a shop made for its own shelves is no name of a product', () => {
    expect([isGlobalGtin('04006381333931'), isGlobalGtin('02000000000008'), isGlobalGtin('00212345678909')]).toEqual([true, false, false]);
  });
});
