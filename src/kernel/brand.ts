/** What a shop looks and sounds like to its shoppers. Every part has a value, so that no page and no mail has a hole. */
export interface Brand {
  name: string;
  /** "#rrggbb". */
  colour: string;
  /** https only; '' for none. */
  logoUrl: string;
  /** The shop itself; '' when not known. */
  siteUrl: string;
  /** Where a shopper asks a person; '' when not known. */
  supportEmail: string;
  /** Whose address mails come from; '' means the installation's own. */
  senderEmail: string;
  /** Two letters: what mails are written in. */
  language: string;
}

const plainColour = '#3a5bd9';

/** Reads what a tenant's row keeps. What is missing or not acceptable gets the plain value: a bad colour must not break a page. */
export function readBrand(kept: unknown, tenantName: string): Brand {
  const given = (typeof kept === 'object' && kept !== null ? kept : {}) as Record<string, unknown>;
  const text = (name: string, accepts: RegExp): string => {
    const value = given[name];
    return typeof value === 'string' && value.length <= 500 && accepts.test(value) ? value : '';
  };
  return {
    name: text('name', /\S/) || tenantName,
    colour: (text('colour', colourShape) || text('color', colourShape) || plainColour).toLowerCase(),
    logoUrl: text('logoUrl', webAddress),
    siteUrl: text('siteUrl', webAddress),
    supportEmail: text('supportEmail', mailAddress),
    senderEmail: text('senderEmail', mailAddress),
    language: text('language', /^[a-z]{2}$/) || 'en',
  };
}

const colourShape = /^#[0-9a-f]{6}$/i;
const webAddress = /^https:\/\/[a-z0-9.-]+(:\d+)?(\/[^\s"'<>]*)?$/i;
const mailAddress = /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-z0-9-]+(\.[a-z0-9-]+)+$/i;

/** WCAG 2 contrast of two "#rrggbb" colours: 1 (the same) to 21 (black on white). */
export function contrast(one: string, other: string): number {
  const [lighter, darker] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (lighter + 0.05) / (darker + 0.05);
}

/** The colour itself, or the nearest darker or lighter shade of it that reaches this contrast on the ground. */
export function readableOn(ground: string, colour: string, least: number): string {
  const towards = luminance(ground) > 0.18 ? 0 : 255;
  for (let share = 0; share <= 20; share += 1) {
    const shade = hex(channels(colour).map((value) => value + ((towards - value) * share) / 20));
    if (contrast(shade, ground) >= least) return shade;
  }
  return towards === 0 ? '#000000' : '#ffffff';
}

const channels = (colour: string): number[] => [1, 3, 5].map((place) => Number.parseInt(colour.slice(place, place + 2), 16));
const hex = (values: readonly number[]): string => `#${values.map((value) => Math.round(value).toString(16).padStart(2, '0')).join('')}`;

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = channels(colour).map((value) => {
    const share = value / 255;
    return share <= 0.040_45 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
