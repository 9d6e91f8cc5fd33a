import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainTrackingNumber, trackingCandidates } from './tracking-number.ts';

const carriersOf = (text: string): string[] => trackingCandidates(text).map(({ carrier }) => carrier);
const certainOf = (text: string): string[] => trackingCandidates(text).flatMap(({ carrier, certain }) => (certain ? [carrier] : []));

describe('a tracking number', () => {
  it('of UPS is certain by its check digit, however it is spaced', () => {
    expect(certainOf('1z 879-E93 0346834440')).toEqual(['ups']);
    expect(carriersOf('1Z879E930346834441')).toEqual([]);
  });

  it('of a post is told by its country and its check digit', () => {
    expect(certainOf('RB123456785GB')).toEqual(['royal-mail']);
    expect(certainOf('RB123456785US')).toEqual(['usps']);
    expect(certainOf('RB123456785CV')).toEqual(['post-cv']);
    expect(carriersOf('RB123456786US')).toEqual([]);
    expect(carriersOf('RB123456785XX')).toEqual([]);
  });

  it('of the USPS is read with and without its routing prefix', () => {
    expect(certainOf('420221539101026837331000039521')[0]).toBe('usps');
    expect(certainOf('9101026837331000039521')[0]).toBe('usps');
  });

  it('of twelve bare digits stays uncertain, since many carriers use them', () => {
    const found = trackingCandidates('986578788855');
    expect(found[0]).toEqual({ carrier: 'fedex', certain: false });
    expect(found.every(({ certain }) => !certain)).toBe(true);
  });

  it('that is nobody’s has no candidates', () => {
    for (const text of ['', 'hello', '12345', 'ÄÖÜ123456789', '1'.repeat(60), 'see email']) expect(trackingCandidates(text)).toEqual([]);
  });

  it('never throws and never names one carrier twice', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ maxLength: 50 }), fc.stringMatching(/^[A-Z0-9 ]{0,42}$/)), (text) => {
        const found = carriersOf(text);
        expect(new Set(found).size).toBe(found.length);
        expect(trackingCandidates(plainTrackingNumber(text))).toEqual(trackingCandidates(text));
      }),
    );
  });

  it('loses its certainty when one digit is misread', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 17 }), fc.integer({ min: 1, max: 9 }), (place, shift) => {
        const good = '1Z5R89390357567127';
        const digit = good[place] ?? '';
        if (!/\d/.test(digit)) return;
        const bad = good.slice(0, place) + String((Number(digit) + shift) % 10) + good.slice(place + 1);
        // A doubled digit five apart is the one slip that tens cannot see.
        if (place % 2 === 1 && shift === 5) return;
        expect(certainOf(bad)).toEqual([]);
      }),
    );
  });
});

/** The collected numbers name their couriers like this; those not listed are not recognised here. */
const ours: Readonly<Record<string, string[]>> = {
  amazon: ['amazon-logistics'],
  canadapost: ['canada-post'],
  canpar: ['canpar'],
  dhl: ['dhl', 'dhl-ecommerce'],
  dpd: ['dpd'],
  fedex: ['fedex'],
  gofo: ['gofo'],
  landmark: ['landmark'],
  lasership: ['lasership'],
  ontrac: ['ontrac'],
  purolator: ['purolator'],
  s10: ['royal-mail', 'usps', 'post-cv', 'post-cf'],
  speedee: ['speedee'],
  ups: ['ups'],
  usps: ['usps'],
  yodel: ['yodel'],
  yunexpress: ['yunexpress'],
};
/** Without any sign of their own: Amazon's international numbers, Purolator's three letters. */
const notOurs = new Set(['amazon_international', 'purolator_alpha']);
const folder = new URL('../../../shared/data/tracking/tracking_number_data/', import.meta.url);

describe.skipIf(!existsSync(folder))('collected numbers (skipped without ../shared/data/tracking)', () => {
  const samples = (existsSync(folder) ? readdirSync(folder) : [])
    .filter((file) => file.endsWith('.json') && file.replace('.json', '') in ours)
    .flatMap((file) => {
      const read = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as {
        tracking_numbers: { id: string; validation: { checksum?: object }; test_numbers: { valid: string[]; invalid: string[] } }[];
      };
      return read.tracking_numbers.filter(({ id }) => !notOurs.has(id)).map((kind) => ({ file: file.replace('.json', ''), ...kind }));
    });

  it('are given to their carrier', () => {
    const missed = samples.flatMap(({ file, id, test_numbers: { valid } }) =>
      valid.filter((number) => !carriersOf(number).some((carrier) => ours[file]?.includes(carrier))).map((number) => `${id} ${number}`),
    );
    expect(missed).toEqual([]);
  });

  it('with a wrong check digit are never certain for it', () => {
    const wrong = samples.flatMap(({ file, id, test_numbers: { invalid } }) =>
      invalid.filter((number) => certainOf(number).some((carrier) => ours[file]?.includes(carrier))).map((number) => `${id} ${number}`),
    );
    expect(wrong).toEqual([]);
  });
});
