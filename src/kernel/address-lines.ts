import type { Address } from './address.ts';
import { countryName } from './countries.ts';

/** Where the postcode stands behind the region: `Columbus, OH 43215`. */
const postcodeLast = new Set(['US', 'CA', 'AU', 'MX', 'BR', 'IN']);
/** Where it has a line of its own below the town. */
const postcodeBelow = new Set(['GB', 'IE', 'GG', 'IM', 'JE']);

/** The lines below the name, in the order in which the country writes them, with its name and the phone; the empty ones left out. */
export const addressLines = (address: Omit<Address, 'name'>): string[] =>
  [address.company, address.line1, address.line2, ...town(address), countryName(address.country), address.phone].filter(
    (line): line is string => line !== undefined && line.trim() !== '',
  );

function town({ city, region, postcode, country }: Omit<Address, 'name'>): string[] {
  if (postcodeLast.has(country)) return [joined([city, joined([region, postcode], ' ')], ', ')];
  if (postcodeBelow.has(country)) return [joined([city, region], ', '), postcode ?? ''];
  return [joined([joined([postcode, city], ' '), region], ', ')];
}

const joined = (parts: readonly (string | undefined)[], by: string): string =>
  parts.filter((part) => part !== undefined && part !== '').join(by);
