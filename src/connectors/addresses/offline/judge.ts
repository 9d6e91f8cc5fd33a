import {
  type Address,
  type AddressField,
  fitsCountry,
  normaliseAddress,
  printedPostcode,
  readRegion,
  regionsOfPostcode,
  requiredFields,
} from '#kernel/address';
import { isCountry, readCountry, whyUnclear } from '#kernel/countries';
import type { AddressIssue, AddressReport } from '#ports/address-validator';
import { isPostBox, isPlaceholder, looksLikeContact, militaryCities, namesOfFields, territories } from './signs.ts';

/** Everything found wrong with one address, and what it might be meant to say. Pure: the same address gives the same report. */
export function judgeAddress(given: Address): AddressReport {
  const address = normaliseAddress(given);
  const issues: AddressIssue[] = [];
  if (isCountry(address.country)) {
    const swap = swapped(address);
    if (swap) issues.push(...swap);
    issues.push(...missing(address), ...(swap ? [] : postcodeIssues(address)), ...regionIssues(address), ...streetIssues(address));
  } else issues.push(noCountry(given.country));
  issues.push(...textIssues(address));
  const verdict = issues.some(({ weight }) => weight === 'block')
    ? 'undeliverable'
    : issues.some(({ weight }) => weight === 'doubt')
      ? 'doubtful'
      : 'deliverable';
  return { verdict, issues, suggested: suggestedFrom(given, address, issues), depth: 'text' };
}

function noCountry(text: string): AddressIssue {
  const unclear = whyUnclear(text);
  const sentence = text.trim() === '' ? 'The country is missing' : (unclear ?? 'This is no country known by that name or code');
  return { field: 'country', code: text.trim() === '' ? 'missing' : 'unknown-country', sentence, suggestion: null, weight: 'block' };
}

function missing(address: Address): AddressIssue[] {
  return requiredFields(address.country)
    .filter((field) => (address[field] ?? '') === '' && !(field === 'name' && (address.company ?? '') !== ''))
    .map((field) => {
      const suggestion = field === 'region' ? onlyRegion(address) : null;
      return {
        field,
        code: 'missing',
        sentence: `The ${namesOfFields[field]} is missing`,
        suggestion,
        // A carrier's label can be made once the region follows from the postcode; a missing city or street cannot be guessed.
        weight: suggestion === null && !(field === 'region' && !['US', 'CA', 'AU'].includes(address.country)) ? 'block' : 'doubt',
      } satisfies AddressIssue;
    });
}

function onlyRegion(address: Address): string | null {
  const regions = regionsOfPostcode(address.country, address.postcode ?? '');
  return regions?.length === 1 ? (regions[0] ?? null) : null;
}

function postcodeIssues(address: Address): AddressIssue[] {
  const postcode = address.postcode ?? '';
  if (postcode === '' || fitsCountry(address.country, postcode) !== false) return [];
  const zero = address.country === 'US' && /^\d{4}$/.test(postcode) ? `0${postcode}` : null;
  const fits = zero !== null && (address.region === undefined || (regionsOfPostcode('US', zero)?.includes(address.region) ?? false));
  if (fits)
    return [
      {
        field: 'postcode',
        code: 'lost-zero',
        sentence: 'The ZIP code has four digits: a spreadsheet probably dropped the leading zero',
        suggestion: zero,
        weight: 'doubt',
      },
    ];
  const elsewhere = meantCountry(address);
  const found: AddressIssue[] = [
    {
      field: 'postcode',
      code: 'postcode-misfits-country',
      sentence: `A postcode of ${address.country} is not written like this`,
      suggestion: null,
      weight: 'doubt',
    },
  ];
  if (elsewhere !== null) {
    found.push({
      field: 'country',
      code: 'other-country',
      sentence: `The postcode is written as those of ${elsewhere} are`,
      suggestion: elsewhere,
      weight: 'doubt',
    });
  }
  return found;
}

/** Only codes with letters say whose they are; five digits are half the world's. */
function meantCountry(address: Address): string | null {
  const postcode = address.postcode ?? '';
  if (!/[A-Z]/.test(postcode)) return null;
  const fits = ['JE', 'GG', 'IM', 'GB', 'CA', 'NL', 'IE', 'MT', 'AD', 'LV', 'LT'].filter(
    (country) => fitsCountry(country, postcode) === true,
  );
  return fits[0] ?? null;
}

function regionIssues(address: Address): AddressIssue[] {
  const { country, region, postcode } = address;
  if (region === undefined) return [];
  if (['US', 'CA', 'AU'].includes(country) && readRegion(country, region) === null) {
    return [
      {
        field: 'region',
        code: 'unknown-region',
        sentence: `There is no such state or province in ${country}`,
        suggestion: onlyRegion(address),
        weight: 'doubt',
      },
    ];
  }
  const regions = postcode === undefined ? null : regionsOfPostcode(country, postcode);
  if (regions === null || regions.includes(region)) return [];
  const sentence =
    regions.length === 0 ? 'No state has postcodes that begin like this' : `The postcode lies in ${regions.join(' or ')}, not in ${region}`;
  return [{ field: 'postcode', code: 'postcode-misfits-region', sentence, suggestion: null, weight: 'doubt' }];
}

/** A postcode in the city's field, a city in the postcode's, or both in one. */
function swapped(address: Address): AddressIssue[] | null {
  const { country, city, postcode = '' } = address;
  const printed = printedPostcode(country, city);
  if (printed !== null && /\d/.test(city) && fitsCountry(country, postcode) !== true) {
    const isCity = postcode !== '' && !/\d/.test(postcode);
    return [
      {
        field: 'city',
        code: 'swapped',
        sentence: 'The city holds a postcode',
        suggestion: isCity ? capital(postcode) : null,
        weight: 'doubt',
      },
      ...(isCity || postcode === ''
        ? [
            {
              field: 'postcode',
              code: 'swapped',
              sentence: 'The postcode stands in the field of the city',
              suggestion: printed,
              weight: 'doubt',
            } as const,
          ]
        : []),
    ];
  }
  if (postcode !== '') return null;
  const [, before = '', name = ''] = /^([\d\s-]{3,9})\s+(\p{L}.*)$/u.exec(city) ?? [];
  const inside = before === '' ? null : printedPostcode(country, before);
  if (inside === null) return null;
  return [
    { field: 'postcode', code: 'in-city', sentence: 'The postcode stands in front of the city', suggestion: inside, weight: 'doubt' },
    { field: 'city', code: 'in-city', sentence: 'The city begins with a postcode', suggestion: name, weight: 'note' },
  ];
}

const capital = (text: string): string => text.toLowerCase().replaceAll(/(^|[\s-])\p{L}/gu, (letter) => letter.toUpperCase());

/** Streets without numbers are usual in these; a house has a name instead. */
const numberless: ReadonlySet<string> = new Set(
  'IE GB IM JE GG IN PK BD AE SA QA OM BH KW JO LB EG NG GH KE TZ UG ZA JM TT BS BB CR NI HN ID LK NP'.split(' '),
);

function streetIssues(address: Address): AddressIssue[] {
  const street = `${address.line1} ${address.line2 ?? ''}`.trim();
  if (address.line1 === '') return [];
  const field: AddressField = isPostBox(address.line1) ? 'line1' : 'line2';
  if (isPostBox(address.line1) || isPostBox(address.line2 ?? '')) {
    return [
      {
        field,
        code: 'post-box',
        sentence: 'A post box or parcel station: only the post delivers there, no courier does',
        suggestion: null,
        weight: 'doubt',
      },
    ];
  }
  if (address.country === 'US' && militaryCities.test(address.city)) {
    return [
      {
        field: 'city',
        code: 'military',
        sentence: 'A military address: only the USPS delivers there, and some goods may not be sent',
        suggestion: null,
        weight: 'doubt',
      },
    ];
  }
  if (!/\p{N}/u.test(street)) {
    const weight = numberless.has(address.country) ? 'note' : 'doubt';
    return [{ field: 'line1', code: 'no-house-number', sentence: 'There is no house number', suggestion: null, weight }];
  }
  if (/^[\d\s/-]+$/.test(address.line1)) {
    const joined = address.line2 !== undefined && /\p{L}/u.test(address.line2) ? `${address.line1} ${address.line2}` : null;
    return [
      { field: 'line1', code: 'only-number', sentence: 'There is a house number and no street', suggestion: joined, weight: 'doubt' },
    ];
  }
  return [];
}

function textIssues(address: Address): AddressIssue[] {
  const found: AddressIssue[] = [];
  const say = (field: AddressField, code: string, sentence: string, weight: AddressIssue['weight']): void =>
    void found.push({ field, code, sentence, suggestion: null, weight });
  for (const field of ['name', 'company', 'line1', 'line2', 'city'] as const) {
    const text = address[field] ?? '';
    if (text === '') continue;
    if (isPlaceholder(text)) say(field, 'placeholder', `The ${namesOfFields[field]} was filled in to get past the form`, 'doubt');
    else if (looksLikeContact(text))
      say(
        field,
        'contact',
        `The ${namesOfFields[field]} holds an e-mail address, a telephone number or a web address`,
        field === 'name' ? 'note' : 'doubt',
      );
    else if (text.includes('\ufffd')) say(field, 'damaged-text', `Letters of the ${namesOfFields[field]} were lost on the way`, 'doubt');
    if (text.length > 35)
      say(field, 'too-long', `The ${namesOfFields[field]} has ${text.length} characters; most carriers print 35`, 'note');
  }
  const territory = address.country === 'US' ? territories[address.region ?? ''] : undefined;
  if (territory !== undefined)
    say('country', 'territory', `Carriers treat ${territory} as a country of its own, with customs papers and other prices`, 'note');
  if (readCountry(address.city) !== null && address.city.length > 3 && readCountry(address.city) !== address.country) {
    say('city', 'country-as-city', 'The city has the name of another country', 'note');
  }
  return found;
}

function suggestedFrom(given: Address, tidied: Address, issues: readonly AddressIssue[]): Address | null {
  const better: Address = { ...tidied };
  for (const { field, suggestion } of issues) if (suggestion !== null) better[field] = suggestion;
  if (issues.some(({ code, suggestion }) => code === 'only-number' && suggestion !== null)) delete better.line2;
  const again = normaliseAddress(better);
  const fields = new Set([...Object.keys(given), ...Object.keys(again)]) as Set<AddressField>;
  return [...fields].some((field) => (given[field] ?? '') !== (again[field] ?? '')) ? again : null;
}
