import { readFigure, type DecimalSign } from '#formats/csv';
import { type FeedField, feedFields, type FeedMapping, type FeedTransform } from './words.ts';

/** Changes a row's cells before they are read; null: the row only goes on about the one before, such as with another picture. */
export type Prepare = (cells: readonly string[]) => readonly string[] | null;

export const mostTransforms = 10;

/** Throws `RangeError` for a transform that cannot be done. */
export function checkTransforms(transforms: FeedMapping['transforms'] = {}): void {
  for (const [field, steps] of Object.entries(transforms)) {
    if (!(feedFields as readonly string[]).includes(field)) throw new RangeError(`"${field}" is no field of an offer`);
    if ((steps ?? []).length > mostTransforms) throw new RangeError(`${field} takes ${mostTransforms} transforms at most`);
    for (const step of steps ?? []) checkStep(field, step);
  }
}

function checkStep(field: string, step: FeedTransform): void {
  if (step.kind === 'multiply' && !/^\d{1,9}(?:\.\d{1,9})?$/.test(step.by))
    throw new RangeError(`${field} cannot be multiplied by "${step.by}"`);
  if (step.kind === 'take' && !step.before && !step.after)
    throw new RangeError(`What of ${field} is taken has to be before or after something`);
  if (step.kind === 'join' && (step.columns.length === 0 || step.columns.length > 20))
    throw new RangeError(`${field} is joined of 1 to 20 columns`);
  if (step.kind === 'replace' && step.from === '') throw new RangeError(`Nothing cannot be replaced in ${field}`);
}

interface Preparing {
  headers: readonly string[];
  mapping: FeedMapping;
  decimal: DecimalSign | null;
  at: Record<FeedField, number>;
}

/**
 * What a mapping does to each row: cells taken over from the row above while the key is the same, and transforms of fields. A field
 * without a column of its own gets a place behind the row's cells. Null when there is nothing to do.
 */
export function preparing({ headers, mapping, decimal, at }: Preparing): { at: Record<FeedField, number>; prepare: Prepare } | null {
  const { fillDown, transforms = {} } = mapping;
  const key = fillDown === undefined ? -1 : placeOf(headers, fillDown);
  const changed = feedFields.filter((field) => (transforms[field] ?? []).length > 0);
  if (key < 0 && changed.length === 0) return null;
  const places = { ...at };
  let width = headers.length;
  for (const field of changed) {
    // A column that serves two fields is changed for one of them only.
    places[field] = width;
    width += 1;
  }
  const texts = changed.map((field) => ({
    place: places[field],
    change: changeOf(transforms[field] ?? [], { headers, decimal, from: at[field] }),
  }));
  const fill = key < 0 ? null : filler(key, ownPlaces(headers, at, mapping, key));
  const prepare: Prepare = (given) => {
    const filled = fill ? fill(given) : given;
    if (filled === null) return null;
    if (texts.length === 0) return filled;
    const cells = Array.from({ length: width }, (_, place) => filled[place] ?? '');
    for (const { place, change } of texts) cells[place] = change(filled);
    return cells;
  };
  return { at: places, prepare };
}

const placeOf = (headers: readonly string[], column: string): number => {
  const place = /^#(\d{1,4})$/.exec(column)?.[1];
  return place === undefined ? headers.findIndex((header) => header.toLowerCase() === column.trim().toLowerCase()) : Number(place) - 1;
};

/** Cells that make a row one of its own: its number, cost and stock, and what its number is joined of. */
function ownPlaces(headers: readonly string[], at: Record<FeedField, number>, { transforms = {} }: FeedMapping, key: number): number[] {
  const joined = (transforms.supplierSku ?? []).flatMap((step) =>
    step.kind === 'join' ? step.columns.map((column) => placeOf(headers, column)) : [],
  );
  return [at.supplierSku, at.cost, at.quantity, ...joined].filter((place) => place >= 0 && place !== key);
}

/** While the key stays the same, what is blank is as on the row above; a row with nothing of its own is none. */
function filler(key: number, own: readonly number[]): Prepare {
  let above: readonly string[] = [];
  return (cells) => {
    const name = (cells[key] ?? '').trim();
    const isSame = name !== '' && name === (above[key] ?? '').trim();
    if (isSame && own.every((place) => (cells[place] ?? '').trim() === '')) return null;
    const keep = new Set(own);
    const filled = isSame ? cells.map((cell, place) => (cell.trim() === '' && !keep.has(place) ? (above[place] ?? '') : cell)) : cells;
    above = filled;
    return filled;
  };
}

interface Changing {
  headers: readonly string[];
  decimal: DecimalSign | null;
  from: number;
}

function changeOf(steps: readonly FeedTransform[], { headers, decimal, from }: Changing): (cells: readonly string[]) => string {
  const joins = new Map(
    steps.flatMap((step) => (step.kind === 'join' ? [[step, step.columns.map((column) => placeOf(headers, column))]] : [])),
  );
  return (cells) => {
    let text = from < 0 ? '' : (cells[from] ?? '').trim();
    for (const step of steps) {
      if (step.kind === 'join') {
        if (step.when === 'empty' && text !== '') continue;
        const parts = (joins.get(step) ?? []).map((place) => (cells[place] ?? '').trim());
        text = parts.filter((part) => part !== '' && !step.leaveOut?.includes(part)).join(step.with ?? ' ');
      } else text = changed(text, step, decimal);
    }
    return text;
  };
}

function changed(text: string, step: Exclude<FeedTransform, { kind: 'join' }>, decimal: DecimalSign | null): string {
  switch (step.kind) {
    case 'constant':
      return step.when === 'empty' && text !== '' ? text : step.text;
    case 'replace':
      return step.whole ? (text === step.from ? step.to : text) : text.replaceAll(step.from, step.to);
    case 'take': {
      const begun =
        step.after === undefined || !text.includes(step.after) ? text : text.slice(text.indexOf(step.after) + step.after.length);
      return (step.before === undefined || !begun.includes(step.before) ? begun : begun.slice(0, begun.indexOf(step.before))).trim();
    }
    case 'multiply':
      return multiplied(text, step.by, decimal);
  }
}

/** Exact, whatever the figure: "4990" by "0.01" is "49.90". What is no figure stays as it is, and is refused where it is read. */
function multiplied(text: string, by: string, decimal: DecimalSign | null): string {
  const figure = readFigure(text, decimal);
  if (figure === null) return text;
  const digits = (one: string): number => one.split('.')[1]?.length ?? 0;
  const whole = (one: string): bigint => BigInt(one.replace('.', ''));
  const places = digits(figure) + digits(by);
  const product = whole(figure) * whole(by);
  const sign = product < 0n ? '-' : '';
  const shown = (product < 0n ? -product : product).toString().padStart(places + 1, '0');
  const plain = places === 0 ? shown : `${shown.slice(0, -places)}.${shown.slice(-places)}`.replace(/\.?0+$/, '');
  return sign + (decimal === ',' ? plain.replace('.', ',') : plain);
}

/**
 * What lists that give each variant a row of its own mean, where their columns say so: rows of one handle belong together, and a
 * variant without a number of its own is named by handle and options.
 */
export function guessGroups(headers: readonly string[], sku: string | undefined): Pick<FeedMapping, 'fillDown' | 'transforms'> {
  const has = (name: string): string | undefined => headers.find((header) => header.toLowerCase() === name);
  const handle = has('handle');
  const options = ['option1 value', 'option2 value', 'option3 value'].flatMap((name) => has(name) ?? []);
  if (handle === undefined || options.length === 0) return {};
  const join: FeedTransform = { kind: 'join', columns: [handle, ...options], with: '/', when: 'empty', leaveOut: ['Default Title'] };
  return { fillDown: handle, ...(sku === undefined || sku === handle ? {} : { transforms: { supplierSku: [join] } }) };
}
