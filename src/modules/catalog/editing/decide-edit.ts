import { recoverGtin } from '#kernel/gtin';
import { minorDigits, readDecimal, showDecimal } from '#kernel/money';
import {
  type EditError,
  type EditPlan,
  type VariantCells,
  type VariantEdit,
  type VariantField,
  variantFields,
  type VariantNow,
} from './words.ts';

const longest: Readonly<Partial<Record<VariantField, number>>> = { title: 500, brand: 200, category: 300, mpn: 200 };
const mostTags = 50;
const mostGrams = 2_000_000_000;

/** A variant's values as a sheet shows them. Read back unchanged, they change nothing. */
export function cellsOf(variant: VariantNow): VariantCells {
  const amount = (minor: bigint | null): string =>
    minor === null || variant.currency === null ? '' : showDecimal({ minor, currency: variant.currency });
  return {
    title: variant.title,
    brand: variant.brand,
    category: variant.category,
    tags: variant.tags.join('; '),
    gtin: variant.gtin ?? '',
    mpn: variant.mpn ?? '',
    weight: variant.weight_grams === null ? '' : `${variant.weight_grams} g`,
    price: amount(variant.price_minor),
    currency: variant.currency ?? '',
    map: amount(variant.map_minor),
    msrp: amount(variant.msrp_minor),
  };
}

/**
 * What these rows would change. A row with an error changes nothing and the others go on; a variant that stands in two rows is an
 * error in the second. What is locked is changed by a person only: for anybody else it is an error.
 */
export function decideEdit(edits: readonly VariantEdit[], known: ReadonlyMap<string, VariantNow>, isPerson: boolean): EditPlan {
  const plan: EditPlan = { next: [], changes: [], errors: [], same: 0 };
  const seen = new Set<string>();
  edits.forEach((edit, row) => {
    const now = known.get(edit.sku);
    const wrong = (field: EditError['field'], value: string, why: string): void =>
      void plan.errors.push({ row, sku: edit.sku, field, value: value.slice(0, 200), why });
    if (!now) return wrong('sku', edit.sku, 'We sell nothing under this SKU.');
    if (seen.has(edit.sku)) return wrong('sku', edit.sku, 'It stands in another row already.');
    seen.add(edit.sku);
    const before = plan.errors.length;
    const next = edited(now, edit, isPerson, wrong);
    if (plan.errors.length > before) return undefined;
    const changes = changesOf(now, next);
    if (changes.length === 0) plan.same += 1;
    else {
      plan.next.push(next);
      plan.changes.push(...changes);
    }
    return undefined;
  });
  return plan;
}

type Wrong = (field: EditError['field'], value: string, why: string) => void;

function edited(now: VariantNow, { fields, locked }: VariantEdit, isPerson: boolean, wrong: Wrong): VariantNow {
  const shown = cellsOf(now);
  // A currency is read first, as amounts are read by it.
  const order: VariantField[] = ['currency', ...variantFields.filter((field) => field !== 'currency')];
  let next: VariantNow = { ...now };
  for (const field of order) {
    const text = fields[field]?.trim();
    if (text === undefined || text === shown[field]) continue;
    if (!isPerson && now.locked.includes(field)) wrong(field, text, `It is locked: only a person changes the ${field}.`);
    else next = { ...next, ...read(next, field, text, (why) => wrong(field, text, why)) };
  }
  if (next.currency !== now.currency) next = inNewCurrency(next, now, fields, wrong);
  if (locked === undefined) return next;
  if (!isPerson) wrong('locked', locked.join('; '), 'Only a person locks and unlocks.');
  return { ...next, locked: variantFields.filter((field) => locked.includes(field)) };
}

/** Amounts that stand as they are would become others by the new currency, so each has to be said again or emptied. */
function inNewCurrency(next: VariantNow, now: VariantNow, fields: VariantEdit['fields'], wrong: Wrong): VariantNow {
  const amounts = [
    ['price', now.price_minor],
    ['map', now.map_minor],
    ['msrp', now.msrp_minor],
  ] as const;
  for (const [field, minor] of amounts) {
    if (minor !== null && fields[field] === undefined)
      wrong('currency', next.currency ?? '', `The ${field} is in ${now.currency ?? 'no currency'}; say it anew, or empty it.`);
  }
  return next;
}

const plainOf: Readonly<Partial<Record<VariantField, keyof VariantNow>>> = {
  title: 'title',
  brand: 'brand',
  category: 'category',
  mpn: 'mpn',
};
const amountOf: Readonly<Partial<Record<VariantField, keyof VariantNow>>> = { price: 'price_minor', map: 'map_minor', msrp: 'msrp_minor' };

/** One cell, as the columns that it sets. */
function read(now: VariantNow, field: VariantField, text: string, wrong: (why: string) => void): Partial<VariantNow> {
  if (text.includes('\0')) wrong('It has a character that no text has.');
  const plain = plainOf[field];
  if (plain !== undefined) return readPlain(field, plain, text, wrong);
  const amount = amountOf[field];
  if (amount !== undefined) return readAmount(now.currency, amount, text, wrong);
  switch (field) {
    case 'tags':
      return readTags(text, wrong);
    case 'gtin':
      return readCode(text, wrong);
    case 'weight':
      return readWeight(text, wrong);
    default:
      return readCurrency(text, wrong);
  }
}

function readPlain(field: VariantField, column: keyof VariantNow, text: string, wrong: (why: string) => void): Partial<VariantNow> {
  const most = longest[field] ?? 200;
  if (text.length > most) wrong(`It has ${text.length} letters; ${most} at most.`);
  if (field === 'title' && text === '') wrong('A variant has a title.');
  return { [column]: field === 'mpn' && text === '' ? null : text };
}

function readAmount(currency: string | null, column: keyof VariantNow, text: string, wrong: (why: string) => void): Partial<VariantNow> {
  if (text === '') return { [column]: null };
  if (currency === null) {
    wrong('An amount needs the currency of the variant.');
    return {};
  }
  const read = readDecimal(text.replace(',', '.'), currency);
  if (!read) wrong(`It is not an amount such as ${(12.5).toFixed(Math.min(2, minorDigits(currency)))}.`);
  else if (read.minor <= 0n) wrong('It has to be above 0; leave it empty where there is none.');
  return { [column]: read?.minor ?? null };
}

function readTags(text: string, wrong: (why: string) => void): Partial<VariantNow> {
  const tags = [...new Set(text.split(';').map((tag) => tag.trim()))].filter((tag) => tag !== '');
  if (tags.length > mostTags) wrong(`There are ${tags.length} tags; ${mostTags} at most.`);
  if (tags.some((tag) => tag.length > 100)) wrong('A tag has 100 letters at most.');
  return { tags };
}

function readCode(text: string, wrong: (why: string) => void): Partial<VariantNow> {
  if (text === '') return { gtin: null };
  const found = recoverGtin(text);
  if (!found) wrong('It is no GTIN: its length or its check digit does not fit.');
  return { gtin: found?.gtin ?? null };
}

const gramsIn: Readonly<Record<string, number>> = { g: 1, kg: 1_000, lb: 453.592_37, oz: 28.349_523_125 };

function readWeight(text: string, wrong: (why: string) => void): Partial<VariantNow> {
  if (text === '') return { weight_grams: null };
  const [, figure = '', unit = ''] = /^(\d{1,10}(?:[.,]\d{1,6})?)\s*(g|kg|lb|oz)$/i.exec(text) ?? [];
  const grams = Math.round(Number(figure.replace(',', '.')) * (gramsIn[unit.toLowerCase()] ?? Number.NaN));
  if (!(grams > 0 && grams < mostGrams)) wrong('It is not a weight such as "250 g", "1.2 kg", "3 lb" or "8 oz".');
  return { weight_grams: grams };
}

function readCurrency(text: string, wrong: (why: string) => void): Partial<VariantNow> {
  if (text === '') return { currency: null };
  const code = text.toUpperCase();
  if (/^[A-Z]{3}$/.test(code)) return { currency: code };
  wrong('A currency is three letters such as USD.');
  return {};
}

function changesOf(now: VariantNow, next: VariantNow): EditPlan['changes'] {
  const [before, after] = [cellsOf(now), cellsOf(next)];
  const changed = variantFields.filter((field) => before[field] !== after[field]);
  const changes: EditPlan['changes'] = changed.map((field) => ({ variant_id: now.id, field, before: before[field], after: after[field] }));
  const locks = (one: VariantNow): string => variantFields.filter((field) => one.locked.includes(field)).join('; ');
  if (locks(now) !== locks(next)) changes.push({ variant_id: now.id, field: 'locked', before: locks(now), after: locks(next) });
  return changes;
}
