import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Address } from '#kernel/address';
import { judgeAddress, offlineAddresses } from './index.ts';

const good: Address = {
  name: 'Ann Example',
  line1: '1234 Somewhere St',
  city: 'Mountain View',
  region: 'CA',
  postcode: '94025',
  country: 'US',
};
const address = (more: Partial<Address>): Address => ({ ...good, ...more });
const german = (more: Partial<Address>): Address => ({
  name: 'Ann Example',
  line1: 'Huttenstr. 50',
  city: 'Berlin',
  postcode: '10553',
  country: 'DE',
  ...more,
});
const codes = (given: Address): string[] => judgeAddress(given).issues.map(({ code }) => code);

describe('an address judged as text', () => {
  it('that has everything in its place is deliverable, and nothing is suggested', () => {
    expect(judgeAddress(good)).toEqual({ verdict: 'deliverable', issues: [], suggested: null, depth: 'text' });
    expect(judgeAddress(german({})).verdict).toBe('deliverable');
  });

  it('with a ZIP code of another state is doubtful', () => {
    const report = judgeAddress(address({ postcode: '12345' }));
    expect(report.verdict).toBe('doubtful');
    expect(report.issues[0]).toMatchObject({
      field: 'postcode',
      code: 'postcode-misfits-region',
      sentence: 'The postcode lies in NY, not in CA',
    });
  });

  it('whose ZIP code lost its zero in a spreadsheet gets it back as a suggestion', () => {
    const report = judgeAddress(address({ postcode: '2134', region: 'MA', city: 'Boston' }));
    expect(report.issues[0]).toMatchObject({ code: 'lost-zero', suggestion: '02134' });
    expect(report.suggested?.postcode).toBe('02134');
  });

  it('with a postcode of another country says which one it may be', () => {
    const report = judgeAddress(german({ postcode: 'SW1A 1AA' }));
    expect(report.issues.map(({ field, suggestion }) => [field, suggestion])).toEqual([
      ['postcode', null],
      ['country', 'GB'],
    ]);
  });

  it('without street or city cannot be delivered', () => {
    expect(judgeAddress(address({ line1: ' ' }))).toMatchObject({
      verdict: 'undeliverable',
      issues: [{ field: 'line1', code: 'missing' }],
    });
    expect(judgeAddress(german({ city: '' })).verdict).toBe('undeliverable');
    expect(judgeAddress(address({ name: '', company: 'Example Ltd' })).verdict).toBe('deliverable');
  });

  it('without a state is completed from its postcode', () => {
    const given = address({});
    delete given.region;
    expect(judgeAddress(given)).toMatchObject({ verdict: 'doubtful', suggested: { region: 'CA' } });
  });

  it('with city and postcode changed over is put right', () => {
    expect(judgeAddress(german({ city: '10553', postcode: 'BERLIN' }))).toMatchObject({
      verdict: 'doubtful',
      suggested: { city: 'Berlin', postcode: '10553' },
    });
    const given = german({ city: '10553 Berlin' });
    delete given.postcode;
    expect(judgeAddress(given).suggested).toMatchObject({ city: 'Berlin', postcode: '10553' });
  });

  it('without a house number is doubtful where streets have them', () => {
    expect(codes(german({ line1: 'Huttenstraße' }))).toEqual(['no-house-number']);
    expect(
      judgeAddress({ name: 'Ann', line1: 'Rose Cottage, Mill Lane', city: 'Oxford', postcode: 'OX1 1AA', country: 'GB' }).verdict,
    ).toBe('deliverable');
    expect(judgeAddress(german({ line1: '50', line2: 'Huttenstr.' })).suggested).toMatchObject({ line1: '50 Huttenstr.' });
  });

  it('of a post box, a parcel station or a soldier is doubtful', () => {
    for (const line1 of ['P.O. Box 12', 'PO BOX 7', 'Postfach 12 34', 'Packstation 101'])
      expect([line1, codes(german({ line1 }))]).toEqual([line1, ['post-box']]);
    expect(codes(german({ line1: 'Box Hill Road 5' }))).toEqual([]);
    expect(codes(address({ line1: 'Unit 2050', city: 'APO', region: 'AE', postcode: '09012' }))).toEqual(['military']);
  });

  it('with an unclear country is sent back with a question', () => {
    const report = judgeAddress(address({ country: 'Channel Islands' }));
    expect(report).toMatchObject({ verdict: 'undeliverable', issues: [{ field: 'country', code: 'unknown-country' }] });
    expect(report.issues[0]?.sentence).toContain('Jersey');
  });

  it('filled in to get past the form is doubtful', () => {
    expect(codes(german({ name: 'test' }))).toEqual(['placeholder']);
    expect(codes(german({ line2: 'ann@example.com' }))).toEqual(['contact']);
  });

  it('never throws, gives no issue twice, and its suggestion is as good or better', () => {
    const text = fc.oneof(
      fc.string({ maxLength: 40, unit: 'grapheme' }),
      fc.constantFrom('10115', 'Berlin', 'PO Box 1', 'CA', '94025', '', '1 High Street', 'SW1A 1AA'),
    );
    const country = fc.constantFrom('US', 'DE', 'GB', 'CA', 'AU', 'IE', 'HK', 'XX', 'United Kingdom', '');
    const rank = { deliverable: 0, doubtful: 1, undeliverable: 2 };
    fc.assert(
      fc.property(fc.record({ name: text, line1: text, line2: text, city: text, region: text, postcode: text, country }), (given) => {
        const report = judgeAddress(given);
        expect(new Set(report.issues.map(({ field, code }) => `${field} ${code}`)).size).toBe(report.issues.length);
        for (const { sentence } of report.issues) expect(sentence).toMatch(/^\p{Lu}/u);
        if (report.suggested) expect(rank[judgeAddress(report.suggested).verdict]).toBeLessThanOrEqual(rank[report.verdict]);
      }),
      { numRuns: 300 },
    );
  });

  it('comes back in the order it was asked in', async () => {
    const reports = await offlineAddresses().validate([good, address({ line1: '' }), good]);
    expect(reports.map(({ verdict }) => verdict)).toEqual(['deliverable', 'undeliverable', 'deliverable']);
  });
});

const cases = new URL('../../../../../shared/data/addresses/libaddressinput__verifier-cases.json', import.meta.url);
interface Case {
  name: string;
  country: string;
  address?: string;
  locality?: string;
  adminArea?: string;
  postalCode?: string;
  recipient?: string;
  expected_problems?: Record<string, string>;
}
const fields: Readonly<Record<string, string>> = {
  POSTAL_CODE: 'postcode',
  LOCALITY: 'city',
  STREET_ADDRESS: 'line1',
  COUNTRY: 'country',
  ADMIN_AREA: 'region',
};

describe.skipIf(!existsSync(cases))('known good and bad addresses (skipped without ../shared/data/addresses)', () => {
  const read = existsSync(cases) ? (JSON.parse(readFileSync(cases, 'utf8')) as Case[]) : [];
  const addressOf = (one: Case): Address => ({
    name: one.recipient ?? 'Ann Example',
    line1: one.address ?? '',
    city: one.locality ?? '',
    region: one.adminArea ?? '',
    postcode: one.postalCode ?? '',
    country: one.country,
  });

  it('with a missing or impossible US or German field are told by that field', () => {
    const missed = read
      .filter(({ country }) => country === 'US' || country === 'DE')
      .flatMap((one) => {
        const issues = judgeAddress(addressOf(one)).issues.filter(({ weight }) => weight !== 'note');
        return Object.keys(one.expected_problems ?? {})
          .filter((problem) => fields[problem] !== undefined && !issues.some(({ field }) => field === fields[problem]))
          .map((problem) => `${one.name}: ${problem}`);
      });
    expect(missed).toEqual([]);
  });

  it('without a problem are not called undeliverable', () => {
    const wrong = read
      .filter((one) => Object.keys(one.expected_problems ?? {}).length === 0 && one.address !== undefined && one.locality !== undefined)
      .filter((one) => judgeAddress(addressOf(one)).verdict === 'undeliverable')
      .map(
        (one) =>
          `${one.name}: ${judgeAddress(addressOf(one))
            .issues.map(({ sentence }) => sentence)
            .join('; ')}`,
      );
    expect(wrong).toEqual([]);
  });
});
