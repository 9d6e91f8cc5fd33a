import { aliases, isoPairs, unclearCountries } from './countries-table.ts';

/** Where a parcel goes as tariffs and rules see it. Delivery, not tax: the islands of the Crown are served from Britain. */
export type Zone = 'eu' | 'uk' | 'us' | 'row';

const alpha3 = new Map<string, string>();
const alpha2Of3 = new Map<string, string>();
const pairs = isoPairs.split(' ');
for (let at = 0; at + 1 < pairs.length; at += 2) {
  alpha3.set(pairs[at] ?? '', pairs[at + 1] ?? '');
  alpha2Of3.set(pairs[at + 1] ?? '', pairs[at] ?? '');
}

/** Member states of the European Union since 2020. */
const members = new Set('AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(' '));
/** One customs territory with a member although no member: Monaco with France. */
const besideMembers = new Set(['MC', 'AX']);
const served: Readonly<Record<string, Zone>> = {
  GB: 'uk',
  IM: 'uk',
  JE: 'uk',
  GG: 'uk',
  US: 'us',
  PR: 'us',
  VI: 'us',
  GU: 'us',
  AS: 'us',
  MP: 'us',
  UM: 'us',
};

export const countryCodes: readonly string[] = [...alpha3.keys()];
export const isCountry = (code: string): boolean => alpha3.has(code);
export const alpha3Of = (code: string): string | null => alpha3.get(code) ?? null;
export const isEuMember = (code: string): boolean => members.has(code);

/** Null for what is no country's code. */
export function zoneOf(code: string): Zone | null {
  if (!alpha3.has(code)) return null;
  return served[code] ?? (members.has(code) || besideMembers.has(code) ? 'eu' : 'row');
}

/** The country's name in the reader's language; the code itself where there is none. */
export function countryName(code: string, locale = 'en'): string {
  try {
    return new Intl.DisplayNames([locale], { type: 'region' }).of(code) ?? code;
  } catch {
    return code;
  }
}

/**
 * The alpha-2 code behind "gb", "GBR", "United Kingdom", "EIRE", "U.S.A.", "Österreich"; null where it is nobody's name or
 * several countries' (`whyUnclear` then has a sentence).
 */
export function readCountry(text: string): string | null {
  const trimmed = text.trim();
  if (/^[A-Za-z]{2}$/.test(trimmed)) {
    const code = trimmed.toUpperCase();
    if (alpha3.has(code)) return code;
  }
  if (/^[A-Za-z]{3}$/.test(trimmed)) {
    const code = alpha2Of3.get(trimmed.toUpperCase());
    if (code !== undefined) return code;
  }
  const name = plain(trimmed);
  if (name === '' || name.length > 80 || Object.hasOwn(unclearCountries, name)) return null;
  return (Object.hasOwn(aliases, name) ? aliases[name] : undefined) ?? namesOfLocales().get(name) ?? null;
}

/** What to ask for a name that means several countries or none, "Channel Islands"; null when it is not such a name. */
export function whyUnclear(text: string): string | null {
  const name = plain(text);
  return Object.hasOwn(unclearCountries, name) ? (unclearCountries[name] ?? null) : null;
}

const plain = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll('ł', 'l')
    .replaceAll('ø', 'o')
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[’'`]s\b/g, 's')
    .replaceAll(/&/g, ' and ')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

const locales = [
  'en',
  'de',
  'fr',
  'es',
  'it',
  'nl',
  'pt',
  'pl',
  'cs',
  'sk',
  'sv',
  'da',
  'nb',
  'fi',
  'hu',
  'ro',
  'tr',
  'ru',
  'uk',
  'ja',
  'zh',
];
let known: Map<string, string> | null = null;

/** Built at the first need: some five thousand names. The earlier locale wins where two disagree. */
function namesOfLocales(): Map<string, string> {
  if (known) return known;
  const names = new Map<string, string>();
  for (const locale of locales) {
    const display = new Intl.DisplayNames([locale], { type: 'region', fallback: 'none' });
    for (const code of alpha3.keys()) {
      const name = display.of(code);
      if (name !== undefined && !names.has(plain(name))) names.set(plain(name), code);
    }
  }
  known = names;
  return names;
}
