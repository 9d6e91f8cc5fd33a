import { createHmac, timingSafeEqual } from 'node:crypto';
import { readUnits } from '#kernel/quantity';
import { after, fromMs, type Instant, isBefore } from '#kernel/time';
import type { LinkedPurchase } from '#modules/insight';
import type { LineAnswer } from '#ports/supplier';
import { type Intent, intents, type PortalAnswer } from './said.ts';

export type Fields = Readonly<Record<string, string>>;
/** A field by its name, and what is wrong with it; '' is the form as a whole. */
export interface Trouble {
  field: string;
  says: string;
}
export type Read = { answer: PortalAnswer } | { trouble: Trouble[] } | { stale: string };

const formHours = 24;

/** Binds a form to the link and to the version of the purchase order it shows; who does not have the link cannot make one. */
export const formToken = (link: string, { id, version }: Pick<LinkedPurchase, 'id' | 'version'>, opened: Instant): string =>
  `${opened.epochMilliseconds.toString(36)}.${version}.${sign(link, `${id} ${version} ${opened.epochMilliseconds}`)}`;

const sign = (link: string, what: string): string =>
  createHmac('sha256', link).update(`stockless supplier form ${what}`, 'utf8').digest('base64url');

/** When the form's page was opened; a sentence when the form does not count any more. */
function checkToken(given: string, link: string, purchase: LinkedPurchase, now: Instant): Instant | string {
  const [at = '', version = '', signed = ''] = given.split('.');
  const ms = /^[0-9a-z]{1,9}$/.test(at) ? Number.parseInt(at, 36) : Number.NaN;
  const right = Buffer.from(sign(link, `${purchase.id} ${version} ${ms}`));
  const own = Buffer.from(signed);
  if (Number.isNaN(ms) || own.length !== right.length || !timingSafeEqual(own, right))
    return 'This form does not belong to this page. Nothing was recorded; please send it from here.';
  const opened = fromMs(ms);
  if (version !== String(purchase.version))
    return 'The order was changed after you opened the page. Nothing was recorded; please look at it again and answer from here.';
  if (isBefore(after(opened, { hours: formHours }), now))
    return 'The page was open for more than a day. Nothing was recorded; please look at it again and answer from here.';
  return opened;
}

/** What the form says, or what is wrong with it, field by field. Pure. */
export function readForm(fields: Fields, link: string, purchase: LinkedPurchase, now: Instant): Read {
  const opened = checkToken(fields['form'] ?? '', link, purchase, now);
  if (typeof opened === 'string') return { stale: opened };
  const intent = intents.find((one) => one === fields['intent']);
  if (!intent) return { trouble: [{ field: '', says: 'Choose one of the answers.' }] };
  if (purchase.transmission === 'cancelled' && intent !== 'ship')
    return { stale: 'The order was cancelled in the meantime. Nothing was recorded.' };
  const trouble: Trouble[] = [];
  const answer: PortalAnswer = { intent, opened, said: [saidBy(intent, fields, purchase, opened, trouble)] };
  return trouble.length > 0 ? { trouble } : { answer };
}

function saidBy(
  intent: Intent,
  fields: Fields,
  purchase: LinkedPurchase,
  opened: Instant,
  trouble: Trouble[],
): PortalAnswer['said'][number] {
  const { number } = purchase;
  const reason = (fields['reason'] ?? '').trim().slice(0, 500);
  if (intent === 'ship') return shipment(fields, purchase, opened, trouble);
  if (intent === 'confirm') return { what: 'acknowledgement', purchase: number, all: 'accepted', lines: [] };
  if (intent === 'reject') return { what: 'acknowledgement', purchase: number, all: 'rejected', lines: [], ...(reason ? { reason } : {}) };
  const lines = purchase.lines.flatMap((line) =>
    fields[`quantity_${line.position}`] === undefined ? [] : lineAnswer(line, fields, opened, trouble),
  );
  if (lines.length === 0 && trouble.length === 0) trouble.push({ field: '', says: 'No line was answered.' });
  return { what: 'acknowledgement', purchase: number, lines };
}

/** Units, and a day for the rest: all of it later is accepted for that day, less than all with a day waits, less without one is declined. */
function lineAnswer(line: LinkedPurchase['lines'][number], fields: Fields, opened: Instant, trouble: Trouble[]): LineAnswer[] {
  const { position, quantity } = line;
  const units = readUnits(fields[`quantity_${position}`] ?? '');
  if (units === null || units > quantity) {
    trouble.push({ field: `quantity_${position}`, says: `Line ${position}: give a whole number from 0 to ${quantity}.` });
    return [];
  }
  if (units < line.shipped)
    trouble.push({
      field: `quantity_${position}`,
      says: `Line ${position}: ${line.shipped} are on their way already, so it cannot be fewer.`,
    });
  const day = (fields[`date_${position}`] ?? '').trim();
  const expectedAt = day === '' ? null : dayOf(day);
  if (
    day !== '' &&
    (!expectedAt || isBefore(expectedAt, after(opened, { hours: -36 })) || isBefore(after(opened, { days: 730 }), expectedAt))
  )
    trouble.push({ field: `date_${position}`, says: `Line ${position}: give a day to come, such as 2026-12-31, or leave it empty.` });
  const reason = (fields[`reason_${position}`] ?? '').trim().slice(0, 500);
  const more = { ...(expectedAt ? { expectedAt } : {}), ...(reason ? { reason } : {}) };
  if (units === quantity) return [{ position, response: 'accepted', quantity, ...more }];
  if (expectedAt) return [{ position, response: 'backordered', quantity, ...more }];
  return [
    units === 0 ? { position, response: 'rejected', quantity: 0, ...more } : { position, response: 'short', quantity: units, ...more },
  ];
}

function shipment(fields: Fields, purchase: LinkedPurchase, opened: Instant, trouble: Trouble[]): PortalAnswer['said'][number] {
  const number = (fields['tracking'] ?? '').replaceAll(/\s+/g, ' ').trim();
  const carrier = (fields['carrier'] ?? '').replaceAll(/\s+/g, ' ').trim();
  if (number === '' || number.length > 100 || !/[0-9A-Za-z]/.test(number))
    trouble.push({ field: 'tracking', says: 'Give the tracking number that is on the label.' });
  if (carrier === '' || carrier.length > 60) trouble.push({ field: 'carrier', says: 'Say which carrier took the parcel.' });
  const lines = purchase.lines.flatMap(({ position, quantity }) => {
    const given = fields[`quantity_${position}`];
    if (given === undefined) return [];
    const units = given.trim() === '' ? 0 : readUnits(given);
    if (units === null || units > quantity)
      trouble.push({ field: `quantity_${position}`, says: `Line ${position}: give a whole number from 0 to ${quantity}.` });
    return units ? [{ position, quantity: units }] : [];
  });
  if (lines.length === 0 && trouble.length === 0)
    trouble.push({ field: '', says: 'Say what is in the parcel: at least one unit of one line.' });
  return { what: 'shipment', purchase: purchase.number, reference: number, shippedAt: opened, parcels: [{ carrier, number, lines }] };
}

/** Noon of that day, so that no zone makes it the day before. */
function dayOf(text: string): Instant | null {
  try {
    return /^\d{4}-\d{2}-\d{2}$/.test(text)
      ? Temporal.PlainDate.from(text, { overflow: 'reject' }).toZonedDateTime({ timeZone: 'UTC', plainTime: '12:00' }).toInstant()
      : null;
  } catch {
    return null;
  }
}
