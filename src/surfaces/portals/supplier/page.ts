import type { Brand } from '#kernel/brand';
import { addressLines } from '#kernel/address-lines';
import { showMoney } from '#kernel/money';
import { after, type Instant } from '#kernel/time';
import type { LinkedPurchase } from '#modules/insight';
import { html, Markup } from '../tracking/html.ts';
import { styleOf } from '../tracking/look.ts';
import type { Fields, Trouble } from './form.ts';
import type { PortalAnswer } from './said.ts';
import { changes, clockOf, dayOf, sentences, standing } from './words.ts';

export interface Page {
  text: string;
  style: string;
  logoOrigin: string;
}

export interface Shown {
  brand: Brand;
  purchase: LinkedPurchase;
  /** Where the forms go: `/s/{token}`. */
  path: string;
  /** The hidden field of every form. */
  form: string;
  now: Instant;
  answers: { at: Instant; answer: PortalAnswer }[];
  /** Which of the pages of lines, from 1. */
  part: number;
}

/** The page stays under 30 kB: that many lines are shown and answered at a time. */
export const linesPerPage = 10;
const mostAnswers = 3;
const carriers = ['UPS', 'FedEx', 'USPS', 'DHL', 'DPD', 'GLS', 'Royal Mail', 'PostNL', 'Colissimo', 'Canada Post'];

type Line = LinkedPurchase['lines'][number];
const open = ({ quantity, refused, shipped }: Line): number => Math.max(0, quantity - refused - shipped);

/** What is ordered, what was said of it, and the forms to say more. `retry` brings back a form that was sent with mistakes. */
export function orderPage(shown: Shown, retry?: { fields: Fields; trouble: Trouble[] } | { stale: string }): Page {
  const { purchase, part } = shown;
  const lines = purchase.lines.slice((part - 1) * linesPerPage, part * linesPerPage);
  const fields = retry && 'fields' in retry ? retry.fields : {};
  const cancelled = purchase.transmission === 'cancelled';
  const done = purchase.lines.every((line) => open(line) === 0);
  const answering = !cancelled && !done && purchase.transmission !== 'closed';
  const body = html`${retry ? alertOf(retry) : null}${heading(shown)}
${cancelled ? html`<section><p class="w" role="status">We cancelled this order. Please do not ship it. If a parcel has left already, add its tracking number below.</p></section>` : null}
${earlier(shown)}${whatIsOrdered(shown, lines)}
${answering ? html`${confirmForm(shown)}${someForm(shown, lines, fields)}${rejectForm(shown, fields)}` : null}
${
  done
    ? html`<section><p>Nothing is left to ship on this order.</p></section>`
    : trackingForm(
        shown,
        lines.filter((line) => open(line) > 0),
        fields,
      )
}`;
  return frame(`Purchase order ${purchase.number}`, body, shown.brand, purchase);
}

function alertOf(retry: { trouble: Trouble[] } | { stale: string }): Markup {
  if ('stale' in retry) return html`<section role="alert"><p class="w">${retry.stale}</p></section>`;
  return html`<section role="alert"><p class="w">Nothing was recorded yet. Please correct:</p><ul>${retry.trouble.map(({ field, says }) => html`<li>${field ? html`<a href="#${field}">${says}</a>` : says}</li>`)}</ul></section>`;
}

function heading({ purchase, brand, now }: Shown): Markup {
  const { number, version, order_number, created_at, service, ship_to: to } = purchase;
  const address = [to.name, ...addressLines(to)].filter((line) => line !== '');
  return html`<section><p class="m">From <bdi>${brand.name}</bdi> to <bdi>${purchase.supplier_name}</bdi></p><h1>Purchase order <bdi>${number}</bdi></h1>
${version > 1 ? html`<p><b>Version ${version}.</b> It replaces the versions before.</p>` : null}<p class="m">Ordered ${dayOf(created_at)} · packing slip: <bdi>${order_number}</bdi> · ${service} delivery</p>
${deadline(purchase, now)}<h2>Ship to</h2><address>${address.map((line) => html`<bdi>${line.slice(0, 120)}</bdi><br>`)}</address></section>`;
}

function deadline({ transmission, ack_due_at, ship_due_at }: LinkedPurchase, now: Instant): Markup | null {
  const [what, at] =
    transmission === 'sent' ? ['Please answer', ack_due_at] : transmission === 'acknowledged' ? ['Please ship', ship_due_at] : ['', null];
  if (!at) return null;
  return Temporal.Instant.compare(at, now) < 0
    ? html`<p class="w">${what}: it was due ${clockOf(at)}.</p>`
    : html`<p>${what} by ${clockOf(at)}.</p>`;
}

function earlier({ answers, purchase }: Shown): Markup | null {
  if (answers.length === 0) return null;
  const items = answers
    .slice(0, mostAnswers)
    .map(({ at, answer }) => html`<li><span class="m">${clockOf(at)}</span><br>${brief(sentences(answer, purchase))}</li>`);
  return html`<section><h2>What you told us here</h2><ul class="ev">${items}</ul>
<p class="m">A new answer counts instead of an earlier one. Two things stay: what is on its way, and what you declined, as it may be with somebody else by now; write to us if you can ship it after all.</p></section>`;
}

const brief = (all: string[]): Markup =>
  html`<bdi>${all.slice(0, 3).join(' ').slice(0, 300)}${all.length > 3 ? ` … and ${all.length - 3} more` : ''}</bdi>`;

function whatIsOrdered({ purchase, path, part }: Shown, lines: readonly Line[]): Markup {
  const money = (minor: bigint): string => showMoney({ minor, currency: purchase.currency }, 'en');
  const total = purchase.lines.reduce((sum, { unit_cost_minor, quantity }) => sum + unit_cost_minor * BigInt(quantity), 0n);
  const units = purchase.lines.reduce((sum, { quantity }) => sum + quantity, 0);
  const items = lines.map((line) => {
    const stands = standing(line);
    return html`<li value="${line.position}"><b>${line.quantity} × <bdi>${line.supplier_sku.slice(0, 60)}</bdi></b> <bdi>${line.title.slice(0, 100)}</bdi><br><span class="m">${money(line.unit_cost_minor)} each${stands ? html` · ${stands}` : null}</span></li>`;
  });
  const parts = Math.ceil(purchase.lines.length / linesPerPage);
  const steps = [
    part > 1 ? html`<a href="${path}?part=${part - 1}">Lines before</a> ` : null,
    part < parts ? html`<a href="${path}?part=${part + 1}">More lines</a>` : null,
  ].filter((one): one is Markup => one !== null);
  return html`<section><h2>What is ordered</h2><ol>${items}</ol>
${parts > 1 ? html`<nav aria-label="Lines"><p>Lines ${(part - 1) * linesPerPage + 1} to ${(part - 1) * linesPerPage + lines.length} of ${purchase.lines.length}. ${steps}</p></nav>` : null}<p>${units} ${units === 1 ? 'unit' : 'units'}, ${money(total)}</p></section>`;
}

const begin = (id: string, { path, form, part }: Shown): Markup =>
  html`<form method="post" action="${path}${part > 1 ? `?part=${part}` : ''}" id="${id}"><input type="hidden" name="form" value="${form}">`;
const button = (intent: string, label: string): Markup => html`<button name="intent" value="${intent}">${label}</button></form>`;

const confirmForm = (shown: Shown): Markup => html`${begin('confirm', shown)}<h2>You can ship all of it</h2>
<p>That confirms every line${shown.purchase.lines.length > linesPerPage ? `, all ${shown.purchase.lines.length} of them` : ''}, in full.</p>${button('confirm', 'Confirm all')}`;

function someForm(shown: Shown, lines: readonly Line[], fields: Fields): Markup {
  const tomorrow = after(shown.now, { hours: 24 }).toString().slice(0, 10);
  const own = fields['intent'] === 'some' ? fields : {};
  const parts = lines.map((line) => {
    const at = line.position;
    const possible = line.quantity - line.refused;
    return html`<fieldset><legend>Line ${at}: <bdi>${line.supplier_sku.slice(0, 60)}</bdi></legend>
<label for="quantity_${at}">Units you can ship, of ${line.quantity}</label><input id="quantity_${at}" name="quantity_${at}" type="number" inputmode="numeric" min="${line.shipped}" max="${line.quantity}" required value="${own[`quantity_${at}`] ?? possible}">
<label for="date_${at}">The rest will be here on <span class="m">(empty: it will not come)</span></label><input id="date_${at}" name="date_${at}" type="date" min="${tomorrow}" value="${own[`date_${at}`] ?? ''}">
<label for="reason_${at}">Why</label><input id="reason_${at}" name="reason_${at}" maxlength="300" value="${own[`reason_${at}`] ?? ''}"></fieldset>`;
  });
  return html`${begin('some', shown)}<details${own['intent'] ? new Markup(' open') : null}><summary>You can ship some of it, or later</summary>${parts}<button name="intent" value="some">Send these quantities</button></details></form>`;
}

const rejectForm = (shown: Shown, fields: Fields): Markup => html`${begin('reject', shown)}<h2>You cannot ship any of it</h2>
<label for="reason">Why</label><input id="reason" name="reason" maxlength="300" value="${fields['intent'] === 'reject' ? (fields['reason'] ?? '') : ''}">${button('reject', 'Reject the order')}`;

function trackingForm(shown: Shown, lines: readonly Line[], fields: Fields): Markup | null {
  if (lines.length === 0) return null;
  const own = fields['intent'] === 'ship' ? fields : {};
  const units = lines.map((line) => {
    const at = line.position;
    return html`<label for="parcel_${at}">Line ${at}: <bdi>${line.supplier_sku.slice(0, 60)}</bdi>, ${open(line)} to ship</label><input id="parcel_${at}" name="quantity_${at}" type="number" inputmode="numeric" min="0" max="${line.quantity}" value="${own[`quantity_${at}`] ?? open(line)}">`;
  });
  return html`${begin('tracking', shown)}<h2>It is on its way</h2><p class="m">One parcel at a time; send the form again for the next one.</p>
<label for="carrier">Carrier</label><input id="carrier" name="carrier" list="carriers" required maxlength="60" autocomplete="off" value="${own['carrier'] ?? ''}"><datalist id="carriers">${carriers.map((name) => html`<option value="${name}">`)}</datalist>
<label for="tracking">Tracking number</label><input id="tracking" name="tracking" required maxlength="100" autocomplete="off" autocapitalize="characters" spellcheck="false" value="${own['tracking'] ?? ''}">
<fieldset><legend>What is in the parcel</legend>${units}</fieldset>${button('ship', 'Add tracking')}`;
}

/** What was recorded, in so many words, and what it changes. */
export function recordedPage(shown: Shown, answer: PortalAnswer, again: boolean): Page {
  const { purchase, path } = shown;
  const said = sentences(answer, purchase);
  const changed = changes(answer, purchase);
  const body = html`<section role="status"><p class="m">Purchase order <bdi>${purchase.number}</bdi></p><h1>${again ? 'We had this already' : 'Recorded, thank you'}</h1>
<ul>${said.slice(0, 60).map((one) => html`<li><bdi>${one.slice(0, 300)}</bdi></li>`)}</ul>
${changed.length > 0 ? html`<h2>What changes</h2><ul>${changed.slice(0, 40).map(({ name, before, now }) => html`<li><bdi>${name}</bdi>: before ${before}; now ${now}</li>`)}</ul>` : null}
<p class="m">${clockOf(shown.now)}. <bdi>${shown.brand.name}</bdi> sees it within a minute. You can close this page.</p></section>
<section><p><a href="${path}#tracking">Add tracking</a></p><p><a href="${path}">Look at the order, or change your answer</a></p></section>`;
  return frame(`Recorded: ${purchase.number}`, body, shown.brand, purchase);
}

/** A link that opens nothing: how to get another. */
export function gonePage(brand: Brand): Page {
  const body = html`<section><h1>This link is no longer valid</h1><p>It has expired, or a newer one took its place. Nothing was recorded.</p>
<h2>How to get a new one</h2><ol><li>Open the newest mail about this purchase order and use the link in it.</li><li>If that does not work either, answer that mail and ask for a new link; a person reads it.</li>
<li>You can also send your answer with that mail: what you can ship, or carrier and tracking number.</li></ol></section>`;
  return frame('Link no longer valid', body, brand, null);
}

const own = `address{font-style:normal;margin:0 0 8px}fieldset{border:1px solid var(--l);border-radius:6px;padding:12px;margin:0 0 16px}legend{font-weight:600;padding:0 4px}form details{border:0;padding:0;margin:0}
ol{padding-inline-start:28px;margin:0 0 8px}li{margin:0 0 8px}summary{font-size:16px}h2{margin-block-start:8px}label .m{font-weight:400}`;

function frame(title: string, body: Markup, brand: Brand, purchase: LinkedPurchase | null): Page {
  const style = `${styleOf(brand)}\n${own}`;
  const shop = brand.logoUrl ? html`<img src="${brand.logoUrl}" alt="${brand.name}" height="32">` : html`<bdi>${brand.name}</bdi>`;
  const help =
    brand.supportEmail && purchase
      ? html`<p>Questions? <a href="mailto:${brand.supportEmail}?subject=${encodeURIComponent(purchase.number)}">${brand.supportEmail}</a></p>`
      : null;
  const { text } = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex,nofollow"><meta name="referrer" content="no-referrer">
<title>${title}${brand.name ? ` · ${brand.name}` : ''}</title><style>${new Markup(style)}</style></head>
<body><header>${shop}</header><main>${body}</main><footer>${help}</footer></body></html>`;
  return { text, style, logoOrigin: brand.logoUrl ? new URL(brand.logoUrl).origin : '' };
}
