import { fewest, type Guarded, percent, shown, yesOrNo } from './decide-guard.ts';
import type { FeedLimits } from './feed-words.ts';

/** What the file itself tells, beside what its rows would do. */
export interface FileTells {
  /** Rows now, and rows of the file that was applied last. */
  rows: number;
  told: number;
  limits: FeedLimits;
  /** New and changed offers; of these, those that would cost nothing, and those whose title lost letters. */
  fresh: number;
  zeroCost: number;
  damagedTitles: number;
  /** Of the texts at its beginning. */
  damaged: number;
  damagedText: string;
  /** Rows that name another currency than the supplier's, with what one of them says. */
  otherCurrency: number;
  currencySays: string;
  /** Whether it ends as the file before ended; null where that cannot be told. */
  isCut: boolean | null;
  /** The last line that a whole file has; '' when none was agreed. */
  trailer: string;
  hasTrailer: boolean;
  columns: ColumnChange | null;
  newColumns: 'hold' | 'pass';
  /** Whose file it looks like, when it is not this supplier's. */
  stranger: { name: string; theirs: number; ours: number } | null;
  /** Why the next file waits whatever it says. */
  waitFor: string;
}

export function guardFile(it: FileTells): Guarded[] {
  return [
    {
      guard: 'currency',
      count: it.otherCurrency,
      of: it.rows,
      limit: null,
      why:
        it.otherCurrency >= fewest && it.otherCurrency > it.rows * 0.05
          ? `${it.otherCurrency} rows are in another currency: ${it.currencySays}.`
          : '',
    },
    {
      guard: 'zero_cost',
      count: it.zeroCost,
      of: Math.max(it.told, it.fresh),
      limit: it.limits.zeroCost,
      why:
        it.zeroCost > Math.max(it.told, it.fresh) * it.limits.zeroCost
          ? `${it.zeroCost} offers would cost nothing (up to ${shown(it.limits.zeroCost)} is usual).`
          : '',
    },
    damageOf(it),
    truncationOf(it),
    yesOrNo(
      'stranger',
      it.stranger !== null,
      it.stranger
        ? `It looks like the file of ${it.stranger.name}: ${shown(it.stranger.theirs)} of its numbers are theirs, ${shown(it.stranger.ours)} this supplier's.`
        : '',
    ),
    columnsOf(it),
    yesOrNo('asked', it.waitFor !== '', it.waitFor),
  ];
}

function damageOf({ damaged, damagedText, damagedTitles, fresh, limits }: FileTells): Guarded {
  const inRows = fresh >= fewest ? damagedTitles / fresh : 0;
  const share = Math.max(damaged, inRows);
  return {
    guard: 'damaged',
    count: Math.round(share * 1000),
    of: 1000,
    limit: limits.damaged,
    why:
      share > limits.damaged
        ? `${shown(share)} of its texts look damaged${damagedText === '' ? '' : `, such as "${damagedText}"`}: it was read in another encoding than it was written in.`
        : '',
  };
}

function truncationOf({ rows, told, limits, isCut, trailer, hasTrailer }: FileTells): Guarded {
  const lost = Math.max(told - rows, 0);
  const fell = told >= fewest && lost > told * limits.shrunk;
  const why =
    trailer !== '' && !hasTrailer
      ? `Its last line does not begin with "${trailer}", so that it is not whole.`
      : fell && isCut === true
        ? `It has ${rows} rows where there were ${told} (${percent(lost, told)} fewer), and ends in the middle of a line: it broke off.`
        : '';
  return { guard: 'truncated', count: lost, of: told, limit: limits.shrunk, why };
}

/** How a file's columns differ from those of the file before. */
export interface ColumnChange {
  added: string[];
  gone: string[];
  renamed: { from: string; to: string }[];
  /** Fields that would be read from another column than before, or from none. */
  moved: { field: string; from: string | null; to: string | null }[];
  /** Where each field that moved is probably told now. */
  suggested: Record<string, string>;
}

const fieldWords: Readonly<Record<string, string>> = {
  supplierSku: 'the number',
  gtin: 'the GTIN',
  mpn: "the maker's number",
  quantity: 'stock',
  packSize: 'the pack size',
  leadDays: 'the lead time',
};

function columnsOf({ columns, newColumns }: FileTells): Guarded {
  const moved = columns?.moved ?? [];
  const count = columns ? columns.added.length + columns.gone.length + columns.renamed.length : 0;
  const says = moved.map(({ field, from, to }) => {
    const word = fieldWords[field] ?? field;
    if (from === null) return `${word} would now be read from "${to}"`;
    return to === null ? `"${from}", from which ${word} is read, is missing` : `${word} would be read from "${to}" and not from "${from}"`;
  });
  const why = moved.length > 0 && newColumns === 'hold' ? `Its columns have changed: ${says.join('; ')}.` : '';
  return { guard: 'columns', count, of: Math.max(count, 1), limit: null, why };
}

/** Fields whose column decides what is sold and for what; of XML and JSON, whose records name only what they have, these alone count. */
const heavy = new Set(['supplierSku', 'cost', 'currency', 'quantity', 'availability', 'packSize']);

/**
 * Columns are held against those of the file before. One that is gone is taken for renamed when a new one has a name much like it,
 * or stands in its place and no better one is there.
 */
export function compareColumns(
  before: { headers: readonly string[]; columns: Readonly<Record<string, string>> },
  now: { headers: readonly string[]; columns: Readonly<Record<string, string>>; format: string },
): ColumnChange {
  const added = now.headers.filter((name) => !before.headers.includes(name));
  const gone = before.headers.filter((name) => !now.headers.includes(name));
  const free = new Set(added);
  const renamed: ColumnChange['renamed'] = [];
  for (const from of gone) {
    const place = before.headers.indexOf(from);
    const was = fieldOf(before.columns, from);
    // One that something else is read from now is no new name of this.
    const [best] = [...free]
      .filter((to) => was === undefined || (fieldOf(now.columns, to) ?? was) === was)
      .map((to) => ({ to, score: likeness(from, to) + (now.headers[place] === to ? 0.5 : 0) }))
      .filter(({ score }) => score >= 0.5)
      .toSorted((one, other) => other.score - one.score);
    if (!best) continue;
    free.delete(best.to);
    renamed.push({ from, to: best.to });
  }
  const names = new Set([...Object.keys(before.columns), ...Object.keys(now.columns)]);
  const moved = [...names]
    .filter((field) => now.format === 'csv' || now.format === 'xlsx' || now.format === 'fixed-width' || heavy.has(field))
    .map((field) => ({ field, from: before.columns[field] ?? null, to: now.columns[field] ?? null }))
    .filter(({ from, to }) => from !== to && !(from === null && to !== null && !added.includes(to)));
  const suggested = Object.fromEntries(
    moved.flatMap(({ field, from, to }) => {
      const other = renamed.find((one) => one.from === from)?.to ?? to;
      return other === null ? [] : [[field, other]];
    }),
  );
  const left = new Set(renamed.map(({ from }) => from));
  return { added: added.filter((name) => free.has(name)), gone: gone.filter((name) => !left.has(name)), renamed, moved, suggested };
}

const fieldOf = (columns: Readonly<Record<string, string>>, name: string): string | undefined =>
  Object.entries(columns).find(([, column]) => column === name)?.[0];

/** From 0 to 1: pairs of letters that two names share. */
function likeness(one: string, other: string): number {
  const pairs = (name: string): string[] => {
    const plain = ` ${name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '')} `;
    return Array.from({ length: plain.length - 1 }, (_, at) => plain.slice(at, at + 2));
  };
  const mine = pairs(one);
  const theirs = pairs(other);
  const shared = mine.filter((pair) => theirs.includes(pair)).length;
  return (2 * shared) / (mine.length + theirs.length || 1);
}

/** UTF-8 read as one of the old code pages, the sign for what could not be read, a letter that became a question mark. */
const damage =
  /\ufffd|[ÃÂÐÑ][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]|â€|[\u0080-\u009f]|\p{L}\?\p{L}/u;

export function damageIn(texts: readonly string[]): { share: number; text: string } {
  const bad = texts.filter((text) => damage.test(text));
  return { share: texts.length < fewest ? 0 : bad.length / texts.length, text: (bad[0] ?? '').slice(0, 60) };
}
