import { Liquid, type Template } from 'liquidjs';
import { type Brand, readableOn } from '#kernel/brand';
import { carrierName } from '#kernel/carriers';
import { de } from './languages/de.ts';
import { en } from './languages/en.ts';
import { es } from './languages/es.ts';
import { fr } from './languages/fr.ts';
import { htmlFrame, type Said, textFrame, type Words } from './templates.ts';
import type { MessageData, Voice, Wish } from './words.ts';

export interface WrittenMessage {
  order_id: string | null;
  subject_id: string;
  meaning: string;
  address: string;
  state: 'queued' | 'suppressed';
  subject: string;
  body_text: string;
  body_html: string;
  why_not: string;
}

// A template may come from a merchant, its values come from strangers: own properties only, and an end to every loop.
const limits = { ownPropertyOnly: true, parseLimit: 100_000, renderLimit: 200, memoryLimit: 1_000_000, cache: false } as const;
const asText = new Liquid(limits);
const asHtml = new Liquid({ ...limits, outputEscape: 'escape' });

const languages: Readonly<Record<string, Words>> = { en, de, fr, es };
const parsed = new Map<string, Template[]>();
const frames = { html: asHtml.parse(htmlFrame), text: asText.parse(textFrame) };

/** What a meaning makes pointless, as long as nobody has begun to send it. */
export const overtakes = (meaning: string): readonly string[] => overtaken[meaning] ?? [];
const overtaken: Readonly<Record<string, readonly string[]>> = {
  'order.cancelled': ['order.confirmed', 'order.delayed'],
  'parcel.out_for_delivery': ['parcel.shipped'],
  'parcel.attempt_failed': ['parcel.out_for_delivery'],
  'parcel.ready_for_pickup': ['parcel.out_for_delivery', 'parcel.attempt_failed'],
  'parcel.delivered': ['parcel.shipped', 'parcel.out_for_delivery', 'parcel.attempt_failed', 'parcel.ready_for_pickup'],
};

/** Writes each wish as it will be sent. One that is not to be sent is written all the same: a person can see what was held back. */
export function writeMessages(wishes: readonly Wish[], brand: Brand, voice: Voice): WrittenMessage[] {
  return wishes.map((wish) => {
    const address = readAddress(wish.address);
    const whyNot =
      wish.suppress ?? (address === null ? noAddress(wish.address) : voice.observe ? 'This tenant only observes: nothing is sent.' : '');
    return {
      order_id: wish.orderId,
      subject_id: wish.subjectId,
      meaning: wish.nth !== undefined && wish.nth > 1 ? `${wish.meaning}:${wish.nth}` : wish.meaning,
      address: address ?? '',
      state: whyNot === '' ? 'queued' : 'suppressed',
      why_not: whyNot,
      ...render(wish, brand, voice),
    };
  });
}

const noAddress = (given: string): string =>
  given.trim() === '' ? 'There is no e-mail address.' : 'The e-mail address is not one that mail can be sent to.';

/** One plain address, or null: no quoted parts, no comments, no groups, nothing that could become a header. */
export function readAddress(text: string): string | null {
  const address = text.trim();
  if (
    address.length > 254 ||
    !/^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@([a-z0-9-]+\.)+[a-z0-9-]{2,}$/i.test(address)
  )
    return null;
  return address.lastIndexOf('@') > 64 ? null : address;
}

function render(wish: Wish, brand: Brand, voice: Voice): { subject: string; body_text: string; body_html: string } {
  const words = languages[brand.language] ?? en;
  const said = words.said[wish.meaning] ?? (en.said[wish.meaning] as Said);
  const data = plainData(wish.data);
  const fields = {
    ...data,
    shop: clean(brand.name),
    several: (wish.data.of ?? 1) > 1,
    language: languages[brand.language] ? brand.language : 'en',
    logo: brand.logoUrl,
    support: brand.supportEmail,
    ink: readableOn('#ffffff', brand.colour, 4.5),
    button: readableOn('#ffffff', brand.colour, 4.5),
    date: showDate(wish.data.expectedAt, brand.language, wish.meaning),
    link: webLink(wish.data.link ?? (wish.orderId ? voice.trackingUrl(wish.orderId) : '')),
    words,
  };
  // Text first, without escaping: the frame escapes what it puts in, once.
  const put = (template: string): string => asText.renderSync(parse(template), fields) as string;
  const head = { subject: put(said.subject), headline: capital(put(said.headline)), body: put(said.body) };
  const whole = { ...fields, ...head, greeting: data.customerName === '' ? '' : put(words.greeting) };
  return {
    subject: clean(head.subject),
    body_text: (asText.renderSync(frames.text, whole) as string).replaceAll(/\n{3,}/g, '\n\n'),
    body_html: asHtml.renderSync(frames.html, whole) as string,
  };
}

function parse(template: string): Template[] {
  let found = parsed.get(template);
  if (!found) {
    found = asText.parse(template);
    parsed.set(template, found);
  }
  return found;
}

/** Every field has a value, none has a line break or is endless. */
function plainData(data: MessageData) {
  return {
    orderNumber: clean(data.orderNumber),
    customerName: clean(data.customerName ?? ''),
    carrier: clean(carrierName(data.carrier ?? '')),
    trackingNumber: clean(data.trackingNumber ?? ''),
    place: clean(data.place ?? ''),
    because: clean(data.because ?? ''),
    purchaseNumber: clean(data.purchaseNumber ?? ''),
    supplierName: clean(data.supplierName ?? ''),
    nth: data.nth ?? 1,
    of: data.of ?? 1,
    items: (data.items ?? []).slice(0, 50).map(({ title, quantity }) => ({ title: clean(title), quantity })),
  };
}

const clean = (text: string): string =>
  text
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu, ' ')
    .trim()
    .slice(0, 200);
const capital = (text: string): string => text.replace(/^\p{Ll}/u, (letter) => letter.toUpperCase());
const webLink = (link: string): string => (/^https?:\/\/[^\s"'<>]+$/.test(link) ? link : '');

/** "Thu 26 November", where a date is still ahead. */
function showDate(at: string | undefined, language: string, meaning: string): string {
  if (!at || !['order.confirmed', 'order.delayed', 'parcel.shipped'].includes(meaning)) return '';
  const locale = languages[language] ? language : 'en';
  return dateFormat(locale).format(Temporal.Instant.from(at).epochMilliseconds);
}

/** Making one takes longer than the rest of the mail, so that each language's is kept. */
function dateFormat(locale: string): Intl.DateTimeFormat {
  const known =
    dateFormats.get(locale) ?? new Intl.DateTimeFormat(locale, { weekday: 'short', day: 'numeric', month: 'long', timeZone: 'UTC' });
  dateFormats.set(locale, known);
  return known;
}

const dateFormats = new Map<string, Intl.DateTimeFormat>();
