import {
  australianRanges,
  canadianLetters,
  cityNotNeeded,
  postcodeForms,
  postcodeRequired,
  regionNames,
  regionRequired,
  zipPrefixes,
} from './address-postcodes.ts';
import { readCountry } from './countries.ts';

/** A postal address as a shop knows it. Country is ISO 3166-1 alpha-2; region is the code or name the country uses. */
export interface Address {
  name: string;
  company?: string;
  line1: string;
  line2?: string;
  city: string;
  region?: string;
  postcode?: string;
  country: string;
  phone?: string;
}

/**
 * The address as a label needs it: no control characters, single spaces, the country's code in capitals, the postcode as its
 * post prints it, a written-out state as its code. What is not understood stays as it is; nothing is ever dropped.
 */
export function normaliseAddress(address: Address): Address {
  const country = readCountry(address.country) ?? capitals(tidy(address.country));
  const known: Address = { name: tidy(address.name), line1: tidy(address.line1), city: tidy(address.city), country };
  const postcode = tidy(address.postcode ?? '');
  const region = tidy(address.region ?? '');
  if (tidy(address.company ?? '') !== '') known.company = tidy(address.company ?? '');
  if (tidy(address.line2 ?? '') !== '') known.line2 = tidy(address.line2 ?? '');
  if (region !== '') known.region = readRegion(country, region) ?? region;
  if (postcode !== '') known.postcode = printedPostcode(country, postcode) ?? capitals(postcode);
  if (tidy(address.phone ?? '') !== '') known.phone = tidy(address.phone ?? '');
  return known;
}

// oxlint-disable-next-line no-control-regex -- exactly these break labels
const tidy = (text: string): string =>
  text
    .normalize('NFC')
    .replaceAll(/[\u0000-\u001f\u007f\u200b-\u200f\u2028-\u202e\ufeff]/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();

/** Letters of codes only: other scripts have capitals that are no single letters any more. */
const capitals = (text: string): string => text.replaceAll(/[a-z]+/g, (letters) => letters.toUpperCase());

const bare = (code: string): string => capitals(code).replaceAll(/[\s\-–.]/g, '');

const shapes = new Map<string, { form: string; shape: RegExp }[]>();
function formsOf(country: string): { form: string; shape: RegExp }[] {
  const before = shapes.get(country);
  if (before) return before;
  const forms = (postcodeForms[country]?.split('|') ?? []).map((form) => ({
    form,
    shape: new RegExp(`^${bare(form).replaceAll(/[9A*]/g, (sign, at: number) => shapeOf(sign, country, form, at))}$`),
  }));
  shapes.set(country, forms);
  return forms;
}

/** The literal letters at the head of a form (AD, IM, GY, LV…) stand for themselves; an A elsewhere is any letter. */
function shapeOf(sign: string, country: string, form: string, at: number): string {
  const literal = literalHead[country];
  if (literal !== undefined && form.startsWith(literal) && at < bare(literal).length) return sign;
  return sign === '9' ? '\\d' : sign === 'A' ? '[A-Z]' : '[A-Z0-9]';
}
const literalHead: Readonly<Record<string, string>> = { AD: 'AD', AZ: 'AZ', MC: '980', SM: '4789', GI: 'GX11 1AA' };

/** Whether a postcode can be one of that country; null where its form is not known here. Never reason enough to refuse. */
export function fitsCountry(country: string, postcode: string): boolean | null {
  const forms = formsOf(country);
  if (forms.length === 0) return null;
  const code = bare(postcode);
  return forms.some(({ shape }) => shape.test(code));
}

/** "sw1a1aa" as "SW1A 1AA"; null when it does not fit the country, or its form is not known. */
export function printedPostcode(country: string, postcode: string): string | null {
  const code = bare(postcode);
  const found = formsOf(country).find(({ shape }) => shape.test(code));
  if (!found) return null;
  let printed = '';
  let at = 0;
  for (const sign of found.form) printed += sign === ' ' || sign === '-' ? sign : (code[at++] ?? '');
  return printed;
}

/** "California" or "ca" as "CA"; null where the country's regions are not listed here or it is none of them. */
export function readRegion(country: string, region: string): string | null {
  const names = regionNames[country];
  if (!names) return null;
  const name = region.trim().toLowerCase().replaceAll('.', '');
  if (Object.hasOwn(names, name)) return names[name] ?? null;
  const code = name.toUpperCase();
  return Object.values(names).includes(code) || (country === 'US' && code in zipPrefixes) ? code : null;
}

/** Which regions a postcode lies in, as far as its first characters tell: United States, Canada, Australia. Null: they do not. */
export function regionsOfPostcode(country: string, postcode: string): string[] | null {
  if (fitsCountry(country, postcode) !== true) return null;
  const code = bare(postcode);
  if (country === 'US') return Object.entries(zipPrefixes).flatMap(([state, spans]) => (within(spans, code.slice(0, 3)) ? [state] : []));
  if (country === 'CA') return canadianLetters[code[0] ?? '']?.split(' ') ?? [];
  if (country !== 'AU') return null;
  const number = Number(code);
  return Object.entries(australianRanges).flatMap(([state, spans]) =>
    spans.some(([from, to]) => number >= from && number <= to) ? [state] : [],
  );
}

const within = (spans: string, prefix: string): boolean =>
  spans.split(' ').some((span) => {
    const [from = '', to = from] = span.split('-');
    return prefix >= from && prefix <= to;
  });

export type AddressField = keyof Address;

/** What an address of that country cannot do without. */
export function requiredFields(country: string): AddressField[] {
  const fields: AddressField[] = ['name', 'line1'];
  if (!cityNotNeeded.has(country)) fields.push('city');
  if (regionRequired.has(country)) fields.push('region');
  if (postcodeRequired.has(country)) fields.push('postcode');
  return fields;
}
