import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contrast, readBrand, readableOn } from '#kernel/brand';
import { milestones } from '#kernel/milestones';
import { after, instant } from '#kernel/time';
import type { FollowedOrder, FollowedParcel } from '#modules/shipping';
import { languageFor, languages } from './languages.ts';
import { lookUpPage, orderPage } from './page.ts';
import { clockAt } from './place-time.ts';
import { viewOf } from './view.ts';

const now = instant('2026-11-24T12:00:00Z');
const brand = readBrand(
  { colour: '#f2c200', logoUrl: 'https://cdn.example/logo.svg', supportEmail: 'help@shop.example' },
  'Lighthouse Goods',
);
const page = { brand, language: 'en', now } as const;

const parcel = (more: Partial<FollowedParcel> = {}): FollowedParcel => ({
  id: 'p',
  carrier: 'swiftpost',
  number: 'N1',
  milestone: 'in_transit',
  delayed: false,
  label_at: instant('2026-11-22T08:00:00Z'),
  delivered_at: null,
  expected_at: instant('2026-11-26T12:00:00Z'),
  items: [{ title: 'Deck lamp', quantity: 1 }],
  events: [
    { at: instant('2026-11-23T07:12:00Z'), milestone: 'in_transit', text: 'Sorted', place: 'Hamburg', country: 'DE', offset_minutes: null },
  ],
  ...more,
});

const order = (more: Partial<FollowedOrder> = {}): FollowedOrder => ({
  id: 'o',
  number: '1042',
  state: 'in_fulfilment',
  status: 'shipped',
  placed_at: instant('2026-11-20T08:00:00Z'),
  promised_at: instant('2026-11-28T12:00:00Z'),
  city: 'Kiel',
  country: 'DE',
  lines: [{ id: 'l', title: 'Deck lamp', quantity: 1, cancelled: 0, shipped: 1 }],
  parcels: [parcel()],
  ...more,
});

const bytes = (text: string): number => Buffer.byteLength(text, 'utf8');

describe('the tracking page', () => {
  it('says in one sentence and one date how far the order is', () => {
    const { text } = orderPage(order(), page);
    expect(text).toContain('<h1>Your order is on its way</h1>');
    expect(text).toMatch(
      /Expected: <time datetime="2026-11-26T12:00:00Z">Thu,? 26 November|Expected: <time datetime="2026-11-26T12:00:00Z">Thu(rsday)?,? ?November 26/,
    );
    expect(text).toContain('aria-current="step">● Shipped');
    expect(text).toContain('Going to Kiel');
    expect(text).toContain('noindex');
  });

  it('shows the least advanced of several parcels, and what is still to come as its own part', () => {
    const several = order({
      parcels: [parcel({ milestone: 'delivered', delivered_at: now }), parcel({ milestone: 'out_for_delivery' })],
      lines: [{ id: 'l', title: 'Deck lamp', quantity: 3, cancelled: 0, shipped: 2 }],
    });
    const view = viewOf(several, now);
    expect(view).toMatchObject({ sentence: 'partly', reached: 2, delivered: 1, toCome: [{ quantity: 1 }] });
    expect(view.date).toEqual({ what: 'dateExpected', at: several.promised_at });
    const { text } = orderPage(several, page);
    expect(text).toContain('1 of 2 parcels delivered');
    expect(text).toContain('Still to be sent');
    expect(text).toContain('Parcel 2 of 2');
  });

  it.each([
    ['ordered', order({ state: 'received', parcels: [], lines: [] })],
    ['confirmed', order({ parcels: [parcel({ milestone: 'label_created', events: [] })] })],
    ['comesToday', order({ parcels: [parcel({ milestone: 'out_for_delivery' })] })],
    ['care', order({ parcels: [parcel({ milestone: 'exception' })] })],
    ['back', order({ parcels: [parcel({ milestone: 'returning' })] })],
    ['late', order({ parcels: [parcel({ expected_at: instant('2026-11-22T12:00:00Z') })] })],
    ['delivered', order({ parcels: [parcel({ milestone: 'delivered', delivered_at: now })] })],
    ['cancelled', order({ state: 'cancelled', parcels: [], lines: [{ id: 'l', title: 'x', quantity: 1, cancelled: 1, shipped: 0 }] })],
  ] as const)('tells "%s" by its sentence', (sentence, said) => {
    expect(viewOf(said, now).sentence).toBe(sentence);
  });

  it('is at most 30 kB with fifty parcels or ten of long histories, in every language', () => {
    const long = Array.from({ length: 10 }, (_, place) =>
      parcel({
        number: `JD${place}000000000000000`,
        items: Array.from({ length: 4 }, () => ({
          title: 'Solid brass deck lamp with frosted glass and a cotton wick, 12 V',
          quantity: 2,
        })),
        events: Array.from({ length: 12 }, (_entry, hour) => ({
          at: after(now, { hours: -hour }),
          milestone: 'in_transit',
          text: 'Processed at the regional facility',
          place: 'Hamburg Süd',
          country: 'DE',
          offset_minutes: 60,
        })),
      }),
    );
    for (const language of Object.keys(languages) as (keyof typeof languages)[]) {
      expect(bytes(orderPage(order({ parcels: long }), { ...page, language }).text)).toBeLessThan(30_000);
      const fifty = Array.from({ length: 50 }, (_, place) => long[place % 10] ?? parcel());
      expect(bytes(orderPage(order({ parcels: fifty }), { ...page, language }).text)).toBeLessThan(30_000);
      expect(bytes(orderPage(order(), { ...page, language }).text)).toBeLessThan(9_000);
      expect(bytes(lookUpPage({ ...page, language }, 'notFound').text)).toBeLessThan(9_000);
    }
  });

  it('needs no script, sets no style on an element, and loads nothing but the logo', () => {
    const { text } = orderPage(order(), page);
    expect(text).not.toMatch(/<script|\son\w+=|style="|<link|url\(/i);
    expect([...text.matchAll(/src="([^"]*)"/g)].map(([, source]) => source)).toEqual(['https://cdn.example/logo.svg']);
  });

  it('lets no text of strangers become markup, whatever it is', () => {
    const nasty = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.constantFrom(
        '<script>alert(1)</script>',
        '"><img src=x onerror=alert(1)>',
        "' onmouseover='x",
        '</title></style><script>',
        '&lt;b&gt;',
        '\u202egnp.exe',
        '${7*7}{{7*7}}',
      ),
    );
    const clean = tagsOf(orderPage(order(), { ...page, brand: readBrand({}, 'x') }).text);
    fc.assert(
      fc.property(nasty, nasty, nasty, (one, two, three) => {
        const said = order({
          number: one,
          city: two || 'x',
          parcels: [
            parcel({
              carrier: three,
              number: one,
              items: [{ title: two, quantity: 1 }],
              events: parcel().events.map((event) => ({ ...event, text: three, place: one || 'x' })),
            }),
          ],
        });
        const { text } = orderPage(said, { ...page, brand: readBrand({}, two || 'x') });
        expect(tagsOf(text)).toEqual(clean);
      }),
      { numRuns: 300 },
    );
  });

  it('is readable in any brand colour, on light and dark ground', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffff }), fc.constantFrom('#ffffff', '#161a21'), (number, ground) => {
        expect(contrast(readableOn(ground, `#${number.toString(16).padStart(6, '0')}`, 4.5), ground)).toBeGreaterThanOrEqual(4.5);
      }),
    );
    expect(readableOn('#ffffff', '#3a5bd9', 4.5)).toBe('#3a5bd9');
  });

  it('shows a scan in the time of its place', () => {
    const at = instant('2026-11-24T07:12:00Z');
    expect(clockAt({ at, country: 'DE', offset_minutes: null }, 'en')).toContain('08:12');
    expect(clockAt({ at, country: 'US', offset_minutes: -300 }, 'en')).toContain('02:12');
    expect(clockAt({ at, country: 'US', offset_minutes: null }, 'en')).toMatch(/07:12 UTC$/);
  });

  it('speaks what the browser likes best of what it can, else the shop’s own language', () => {
    expect(languageFor(undefined, 'pt-BR, fr;q=0.4, de-AT;q=0.8', 'en')).toBe('de');
    expect(languageFor('es', 'de', 'en')).toBe('es');
    expect(languageFor('constructor', 'ja', 'fr')).toBe('fr');
    expect(languageFor(undefined, undefined, 'ja')).toBe('en');
  });

  it('has a word for every milestone in every language', () => {
    for (const words of Object.values(languages)) for (const milestone of milestones) expect(words.milestones[milestone]).toMatch(/\S/);
  });
});

/** The tags of a page, as a browser would begin them, with their attribute names. */
function tagsOf(text: string): string[] {
  return [...text.matchAll(/<\/?[a-z!][^>]*>/gi)].map(([tag]) => tag.replaceAll(/="[^"]*"/g, '=').replaceAll(/\s+/g, ' '));
}
