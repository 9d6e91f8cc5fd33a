import type { Brand } from '#kernel/brand';
import { carrierName } from '#kernel/carriers';
import type { Instant } from '#kernel/time';
import type { FollowedOrder, FollowedParcel } from '#modules/shipping';
import { html, Markup } from './html.ts';
import { type Language, languages, type PageWords, say } from './languages.ts';
import { styleOf } from './look.ts';
import { clockAt } from './place-time.ts';
import { type View, viewOf } from './view.ts';

export interface PageFor {
  brand: Brand;
  language: Language;
  now: Instant;
}

/** A whole page and the style sheet in it, whose hash the browser is given. */
export interface Page {
  text: string;
  style: string;
  /** Where the only picture comes from; '' for none. */
  logoOrigin: string;
}

/** The page stays under 30 kB however many parcels there are: scans and items share these, and beyond a dozen parcels each is brief. */
const mostScans = 60;
const mostItems = 90;
const mostInFull = 12;

const day = (at: Instant, language: Language): string =>
  at.toLocaleString(language, { weekday: 'short', day: 'numeric', month: 'long', timeZone: 'UTC' });

/** The shopper's page: all parcels of all suppliers, what is still to come, and no word of who sends it. */
export function orderPage(order: FollowedOrder, page: PageFor): Page {
  const words = languages[page.language];
  const view = viewOf(order, page.now);
  const { language } = page;
  const number = say(words.order, { number: order.number });
  const sentence = say(words[view.sentence], { done: view.delivered, all: view.parcels.length });
  const top = html`<section><p class="m"><bdi>${number}</bdi></p><h1>${sentence}</h1>
${view.date ? html`<p class="d">${words[view.date.what]}: <time datetime="${view.date.at.toString()}">${day(view.date.at, language)}</time></p>` : null}
${order.city ? html`<p class="m"><bdi>${say(words.goingTo, { city: order.city })}</bdi></p>` : null}
${view.reached > 0 ? steps(view.reached, words) : null}</section>`;
  const body = html`${top}${view.parcels.map((entry, place) => parcelPart(entry, place, view.parcels.length, words, language))}
${view.toCome.length > 0 && view.reached > 0 ? html`<section><h2>${words.stillToCome}</h2>${itemList(view.toCome)}</section>` : null}
${view.cancelled.length > 0 ? html`<section><h2>${words.cancelledItems}</h2>${itemList(view.cancelled)}</section>` : null}`;
  return frame(number, body, page, true);
}

function parcelPart(
  { parcel, reached, hint, open }: View['parcels'][number],
  place: number,
  of: number,
  words: PageWords,
  language: Language,
): Markup {
  const name = of > 1 ? say(words.parcelOf, { nth: place + 1, of }) : words.parcel;
  const hinted = hint ? say(words[hint], { date: day(parcel.label_at, language) }) : '';
  const brief = of > mostInFull;
  const inside = html`${of > 1 && !brief ? steps(reached, words) : null}
${hinted && !brief ? html`<p>${hinted}</p>` : null}${itemList(parcel.items, brief ? 1 : Math.floor(mostItems / of))}
<p class="m">${words.carrier}: <bdi>${carrierName(parcel.carrier).slice(0, 40)}</bdi><br>${words.trackingNumber}: <bdi>${parcel.number.slice(0, 60)}</bdi></p>${brief ? null : history(parcel, Math.floor(mostScans / of), words, language)}`;
  return html`<details${open ? new Markup(' open') : null}><summary>${name} <span>· ${words.milestones[parcel.milestone]}</span></summary>${inside}</details>`;
}

function history({ events }: FollowedParcel, most: number, words: PageWords, language: Language): Markup {
  if (events.length === 0) return html`<p class="m">${words.noEvents}</p>`;
  const rows = events.slice(0, Math.min(30, most)).map((event) => {
    const what = (words.milestones as Readonly<Record<string, string>>)[event.milestone];
    return html`<li>${what ? html`<b>${what}</b>` : null} <span class="m"><bdi>${event.text.slice(0, 120)}</bdi><br><time datetime="${event.at.toString()}">${clockAt(event, language)}</time>${event.place ? html` · <bdi>${event.place}</bdi>` : null}</span></li>`;
  });
  const more = rows.slice(3);
  return html`<ol class="ev">${rows.slice(0, 3)}</ol>${more.length > 0 ? html`<details><summary>${words.history}</summary><ol class="ev">${more}</ol></details>` : null}`;
}

/** A list, so that it reads well aloud; the current step is named as such, never by colour alone. */
function steps(reached: number, words: PageWords): Markup {
  const items = words.steps.map((step, place) =>
    place + 1 === reached
      ? html`<li class="y n" aria-current="step">● ${step}</li>`
      : place < reached
        ? html`<li class="y">✓ ${step}</li>`
        : html`<li>${step}</li>`,
  );
  return html`<ol class="st">${items}</ol>`;
}

function itemList(items: readonly { title: string; quantity: number }[], most = 40): Markup {
  const shown = items
    .slice(0, Math.min(40, most))
    .map(({ title, quantity }) => html`<li>${quantity} × <bdi>${title.slice(0, 120)}</bdi></li>`);
  return html`<ul>${shown}${items.length > shown.length ? html`<li>+ ${items.length - shown.length}</li>` : null}</ul>`;
}

/** The form for those without a link. What went wrong is said in one way, whatever it was. */
export function lookUpPage(page: PageFor, trouble: 'notFound' | 'tooMany' | 'gone' | null): Page {
  const words = languages[page.language];
  const body = html`<form method="post" action="/track?lang=${page.language}"><h1>${words.lookUp}</h1>
${trouble ? html`<p class="w" role="alert">${words[trouble]}</p>` : null}<p class="m">${words.lookUpHint}</p>
<label for="n">${words.orderNumber}</label><input id="n" name="number" required maxlength="60" autocomplete="off">
<label for="p">${words.proof}</label><input id="p" name="proof" required maxlength="254" autocomplete="email" autocapitalize="none" spellcheck="false">
<button>${words.show}</button></form>`;
  return frame(words.title, body, page, false);
}

function frame(title: string, body: Markup, { brand, language }: PageFor, isOrder: boolean): Page {
  const words = languages[language];
  const style = styleOf(brand);
  const shop = brand.logoUrl ? html`<img src="${brand.logoUrl}" alt="${brand.name}" height="32">` : html`<bdi>${brand.name}</bdi>`;
  const home = brand.siteUrl ? html`<a href="${brand.siteUrl}" rel="noreferrer">${shop}</a>` : shop;
  const others = (Object.keys(languages) as Language[]).filter((other) => other !== language);
  const { text } = html`<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex,nofollow"><meta name="referrer" content="no-referrer">
<title>${title} · ${brand.name}</title><style>${new Markup(style)}</style></head>
<body><header>${home}</header><main>${body}</main><footer>
${brand.supportEmail ? html`<p>${words.help} <a href="mailto:${brand.supportEmail}">${brand.supportEmail}</a></p>` : null}
${isOrder ? html`<p><a href="/track?lang=${language}">${words.otherOrder}</a></p>` : null}
<nav>${others.map((other) => html`<a href="?lang=${other}" hreflang="${other}" lang="${other}">${nameOf[other]}</a> `)}</nav></footer></body></html>`;
  return { text, style, logoOrigin: brand.logoUrl ? new URL(brand.logoUrl).origin : '' };
}

const nameOf: Readonly<Record<Language, string>> = { en: 'English', de: 'Deutsch', fr: 'Français', es: 'Español' };
