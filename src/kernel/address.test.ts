import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Address, fitsCountry, normaliseAddress, printedPostcode, readRegion, regionsOfPostcode, requiredFields } from './address.ts';
import { countryCodes } from './countries.ts';

const address = (more: Partial<Address>): Address => ({
  name: 'Ann Example',
  line1: '1 High Street',
  city: 'London',
  country: 'GB',
  ...more,
});

describe('an address', () => {
  it('is tidied as a label needs it', () => {
    expect(
      normaliseAddress(address({ name: ' Ann\u200b  Example\n', country: 'united kingdom', postcode: 'sw1a1aa', line2: '  ' })),
    ).toEqual(address({ postcode: 'SW1A 1AA' }));
    expect(normaliseAddress(address({ country: 'USA', region: 'California', postcode: '940431351' }))).toMatchObject({
      country: 'US',
      region: 'CA',
      postcode: '94043-1351',
    });
  });

  it('keeps what it does not understand', () => {
    expect(normaliseAddress(address({ country: 'Atlantis', postcode: 'q 1', region: 'Deep' }))).toMatchObject({
      country: 'ATLANTIS',
      postcode: 'Q 1',
      region: 'Deep',
    });
  });

  it('is the same when tidied twice', () => {
    const text = fc.string({ maxLength: 30, unit: 'grapheme' });
    const any = fc.record({
      name: text,
      line1: text,
      line2: text,
      city: text,
      region: text,
      postcode: text,
      country: fc.oneof(fc.constantFrom(...countryCodes), text),
    });
    fc.assert(
      fc.property(any, (given) => {
        const once = normaliseAddress(given);
        expect(normaliseAddress(once)).toEqual(once);
      }),
    );
  });
});

describe('a postcode', () => {
  it('is printed as its post prints it', () => {
    const printed: [string, string, string | null][] = [
      ['GB', 'ec1a1bb', 'EC1A 1BB'],
      ['CA', 'k1a0b1', 'K1A 0B1'],
      ['NL', '1234ab', '1234 AB'],
      ['PL', '00950', '00-950'],
      ['BR', '01310100', '01310-100'],
      ['JP', '1000001', '100-0001'],
      ['SE', '11122', '111 22'],
      ['PT', '1000205', '1000-205'],
      ['DE', '10115', '10115'],
      ['DE', '1011', null],
      ['US', '94025', '94025'],
      ['IE', 'd02x285', 'D02 X285'],
      ['AD', 'AD500', 'AD500'],
    ];
    for (const [country, given, expected] of printed) expect([country, printedPostcode(country, given)]).toEqual([country, expected]);
  });

  it('tells the state, the province and the territory', () => {
    expect(regionsOfPostcode('US', '94025')).toEqual(['CA']);
    expect(regionsOfPostcode('US', '12345')).toEqual(['NY']);
    expect(regionsOfPostcode('CA', 'X0A 0H0')).toEqual(['NT', 'NU']);
    expect(regionsOfPostcode('AU', '2600')).toEqual(['ACT']);
    expect(regionsOfPostcode('DE', '10115')).toBeNull();
  });

  it('of a country whose form is not known is neither right nor wrong', () => {
    expect(fitsCountry('HK', '999077')).toBeNull();
    expect(requiredFields('HK')).toEqual(['name', 'line1']);
    expect(readRegion('US', 'N.Y.')).toBe('NY');
    expect(readRegion('US', 'constructor')).toBeNull();
  });
});

const examples = new URL('../../../shared/data/addresses/postal-code-examples.csv', import.meta.url);

/** Forms that their posts have given up since, and one letter O for a nought: doubtful is the right word for them. */
const outdated = new Set([
  'AM 375010',
  'BY 20050',
  'CR 1000',
  'CR 1001',
  'CR 2010',
  'EC EC090112',
  'EC H0103C',
  'EC P0133A',
  'EC P0133B',
  'EC P0133V',
  'EE 1001',
  'GB RH6 OHP',
  'KR 110-110',
  'KR 699-800',
  'PE CALLAO 2',
  'PE LIMA 23',
  'PE LIMA 42',
  'RS 106314',
]);

describe.skipIf(!existsSync(examples))('collected postcodes (skipped without ../shared/data/addresses)', () => {
  it('fit their country', () => {
    const misfits = readFileSync(examples, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.split(','))
      .filter((cells) => cells.at(-1)?.trim() === 'good')
      .flatMap(([country = '', , postcode = '']) => (fitsCountry(country, postcode) === false ? [`${country} ${postcode}`] : []));
    expect(misfits.filter((misfit) => !outdated.has(misfit))).toEqual([]);
  });
});
