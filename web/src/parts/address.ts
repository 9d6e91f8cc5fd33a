/** Addresses and countries as people write them. Pure. */

const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'code' });

/** `DE` → `Germany`; what is no country stays what it is. */
export function countryName(code: string): string {
  try {
    return names.of(code) ?? code;
  } catch {
    return code;
  }
}

export interface AddressLike {
  name?: string;
  company?: string;
  line1: string;
  line2?: string;
  city: string;
  region?: string;
  postcode: string;
  country: string;
}

/** Where the postcode stands behind the region: `Columbus, OH 43215`. */
const postcodeLast = new Set(['US', 'CA', 'AU', 'MX', 'BR', 'IN']);
/** Where it has a line of its own below the town. */
const postcodeBelow = new Set(['GB', 'IE']);

const joined = (parts: readonly (string | undefined)[], by: string): string =>
  parts.filter((part) => part !== undefined && part !== '').join(by);

function town({ city, region, postcode, country }: AddressLike): string[] {
  if (postcodeLast.has(country)) return [joined([city, joined([region, postcode], ' ')], ', ')];
  if (postcodeBelow.has(country)) return [joined([city, region], ', '), postcode];
  return [joined([joined([postcode, city], ' '), region], ', ')];
}

/** The lines of an address in the order its country writes them, the empty ones left out. */
export const addressLines = (address: AddressLike): string[] =>
  [address.name, address.company, address.line1, address.line2, ...town(address), countryName(address.country)].filter(
    (line): line is string => line !== undefined && line.trim() !== '',
  );

const codes =
  'AT AU BE BG BR CA CH CY CZ DE DK EE ES FI FR GB GR HR HU IE IN IS IT JP KR LT LU LV MT MX NL NO NZ PL PT RO SE SG SI SK TR US';

/** Countries to filter by, by name. */
export const countryOptions: readonly { value: string; label: string }[] = codes
  .split(' ')
  .map((value) => ({ value, label: countryName(value) }))
  .toSorted((one, other) => one.label.localeCompare(other.label));
