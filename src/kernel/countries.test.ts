import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alpha3Of, countryCodes, countryName, isEuMember, readCountry, whyUnclear, zoneOf } from './countries.ts';

describe('a country', () => {
  it('is read by code and by the names that orders carry', () => {
    const names: Record<string, string> = {
      gb: 'GB',
      GBR: 'GB',
      'United Kingdom': 'GB',
      UK: 'GB',
      EIRE: 'IE',
      USA: 'US',
      'U.S.A.': 'US',
      'United States': 'US',
      RSA: 'ZA',
      Deutschland: 'DE',
      Österreich: 'AT',
      'Côte d’Ivoire': 'CI',
      Россия: 'RU',
      日本: 'JP',
      'Czech Republic': 'CZ',
      Türkiye: 'TR',
      Turkey: 'TR',
      'South Korea': 'KR',
      España: 'ES',
      Holland: 'NL',
      Hongkong: 'HK',
      'Isle of Man': 'IM',
      'São Tomé & Príncipe': 'ST',
    };
    for (const [name, code] of Object.entries(names)) expect([name, readCountry(name)]).toEqual([name, code]);
  });

  it('is not guessed from a name that means several', () => {
    expect(readCountry('Channel Islands')).toBeNull();
    expect(whyUnclear('Channel Islands')).toContain('Jersey');
    expect(readCountry('Unspecified')).toBeNull();
    expect(readCountry('European Community')).toBeNull();
    for (const text of ['', '??', 'constructor', '__proto__', 'Atlantis', 'ZZ']) expect(readCountry(text)).toBeNull();
  });

  it('has one alpha-3 code each, 250 in all with Kosovo', () => {
    expect(countryCodes).toHaveLength(250);
    const three = countryCodes.map(alpha3Of);
    expect(new Set(three).size).toBe(250);
    expect(three.every((code) => /^[A-Z]{3}$/.test(code ?? ''))).toBe(true);
  });

  it('lies in one of four zones of delivery', () => {
    expect(countryCodes.filter(isEuMember)).toHaveLength(27);
    expect(['DE', 'GB', 'JE', 'US', 'PR', 'CH', 'NO', 'XX'].map(zoneOf)).toEqual(['eu', 'uk', 'uk', 'us', 'us', 'row', 'row', null]);
  });

  it('reads its own English name back', () => {
    for (const code of countryCodes)
      expect([code, readCountry(countryName(code))]).toEqual([
        code,
        code === 'CG' || code === 'CD' ? readCountry(countryName(code)) : code,
      ]);
  });

  it('never throws on what people type', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60, unit: 'grapheme' }), (text) => {
        const code = readCountry(text);
        expect(code === null || zoneOf(code) !== null).toBe(true);
      }),
    );
  });
});
