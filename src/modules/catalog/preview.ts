import { type FeedBatch, type FeedField, type FeedGuess, type FeedMapping, type FeedRow, openFeed } from '#formats/feed';
import { isGzip } from '#formats/gzip';
import { peekBytes } from '#formats/text';
import { Unreadable } from '#kernel/unreadable';
import { damageIn } from './decide-file.ts';
import type { FileSeen } from './feed-words.ts';

export interface PreviewOptions {
  name: string;
  mapping?: FeedMapping;
  currency?: string;
}

/** How sure a guess is, in a word. */
export type Sureness = 'sure' | 'likely' | 'guess' | 'said';

export interface PreviewColumn {
  name: string;
  samples: string[];
  field: FeedField | null;
  sureness: Sureness | null;
}

/** One cell that somebody should look at: an error is a row that is not taken, a warning a row that is. */
export interface PreviewProblem {
  line: number;
  kind: 'error' | 'warning';
  field: FeedField | null;
  value: string;
  why: string;
}

export interface PreviewRow extends FeedRow {
  problems: PreviewProblem[];
}

export interface Preview {
  guess: FeedGuess;
  columns: PreviewColumn[];
  /** The first of the file, and the first of those with a warning. */
  rows: PreviewRow[];
  odd: PreviewRow[];
  problems: PreviewProblem[];
  counts: { rows: number; fine: number; warnings: number; errors: number };
  /** Whether more rows follow than were looked at. */
  isCut: boolean;
  /** Why the file cannot be read any further, or at all. */
  trouble: { code: string; message: string; fix: string; line?: number; byte?: number } | null;
  damaged: number;
}

export const mostPreviewed = 50_000;
const shownRows = 50;
const shownProblems = 200;

/**
 * Reads the beginning of a file the way an import would, without touching anything. Throws `Unreadable` only for a file of which not
 * even the columns can be told.
 */
export async function previewFeed(source: AsyncIterable<Uint8Array>, options: PreviewOptions): Promise<Preview> {
  const feed = await openFeed(source, optionsOf(options));
  const found: Omit<Preview, 'guess' | 'columns'> = {
    rows: [],
    odd: [],
    problems: [],
    counts: { rows: 0, fine: 0, warnings: 0, errors: 0 },
    isCut: false,
    trouble: null,
    damaged: 0,
  };
  const texts: string[] = [];
  const seen = new Map<string, number>();
  try {
    for await (const batch of feed.batches) {
      found.isCut = addBatch(found, batch, { seen, texts });
      if (found.isCut) break;
    }
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    found.trouble = { code: error.code, message: error.message, fix: error.fix, ...error.place };
  }
  found.damaged = damageIn(texts).share;
  return { guess: feed.guess, columns: columnsOf(feed.guess, options.mapping), ...found };
}

const optionsOf = ({ name, mapping, currency }: PreviewOptions) => ({
  name,
  ...(mapping ? { mapping } : {}),
  ...(currency ? { observedCurrency: currency } : {}),
});

/** True when enough was seen. */
function addBatch(
  found: Omit<Preview, 'guess' | 'columns'>,
  batch: FeedBatch,
  { seen, texts }: { seen: Map<string, number>; texts: string[] },
): boolean {
  const { counts } = found;
  const doubts = Map.groupBy(batch.doubts, ({ line }) => line);
  for (const { line, field, value, why } of batch.refused) {
    if (counts.rows >= mostPreviewed) return true;
    counts.rows += 1;
    counts.errors += 1;
    if (found.problems.length < shownProblems) found.problems.push({ line, kind: 'error', field, value, why });
  }
  for (const row of batch.rows) {
    if (counts.rows >= mostPreviewed) return true;
    counts.rows += 1;
    const problems = [
      ...(doubts.get(row.line) ?? []).map((doubt): PreviewProblem => warning(doubt.line, doubt.field, doubt.value, doubt.why)),
      ...oddities(row, seen),
    ];
    seen.set(row.supplierSku, row.line);
    if (texts.length < 2_000 && row.title) texts.push(row.title);
    if (problems.length === 0) counts.fine += 1;
    else counts.warnings += 1;
    if (found.rows.length < shownRows) found.rows.push({ ...row, problems });
    if (problems.length > 0 && found.odd.length < shownRows) found.odd.push({ ...row, problems });
    for (const problem of problems) if (found.problems.length < shownProblems) found.problems.push(problem);
  }
  return false;
}

const warning = (line: number, field: FeedField | null, value: string, why: string): PreviewProblem => ({
  line,
  kind: 'warning',
  field,
  value,
  why,
});

function oddities(row: FeedRow, seen: ReadonlyMap<string, number>): PreviewProblem[] {
  const before = seen.get(row.supplierSku);
  return [
    ...(before === undefined
      ? []
      : [warning(row.line, 'supplierSku', row.supplierSku, `The same number stands on line ${before}; this one counts`)]),
    ...(row.costMinor === 0n ? [warning(row.line, 'cost', '0', 'It would cost nothing')] : []),
  ];
}

const sureAbove = 0.9;
const likelyAbove = 0.7;

function columnsOf(guess: FeedGuess, mapping: FeedMapping = {}): PreviewColumn[] {
  const fields = Object.entries(guess.columns) as [FeedField, { column: string; confidence: number }][];
  return guess.headers.map((name, place) => {
    const [field, found] = fields.find(([, { column }]) => column === name) ?? [null, null];
    const said = field !== null && mapping.columns?.[field] !== undefined;
    return {
      name,
      samples: [...new Set(guess.sample.map((cells) => (cells[place] ?? '').trim()).filter((cell) => cell !== ''))]
        .slice(0, 3)
        .map((cell) => cell.slice(0, 200)),
      field,
      sureness:
        found === null
          ? null
          : said
            ? 'said'
            : found.confidence >= sureAbove
              ? 'sure'
              : found.confidence >= likelyAbove
                ? 'likely'
                : 'guess',
    };
  });
}

/** So many rows tell how a file is written. */
const inspectedRows = 2_000;

/** What a file is, before any row of it counts; null when it cannot be read: the import then says why. */
export async function inspectFeed(
  source: AsyncIterable<Uint8Array>,
  { origin, bytes, ...options }: PreviewOptions & { origin: string; bytes: number },
): Promise<FileSeen | null> {
  const texts: string[] = [];
  let guess: FeedGuess;
  let isPacked: boolean;
  try {
    const { head, whole } = await peekBytes(source, 4);
    isPacked = isGzip(head) || (head[0] === 0x50 && head[1] === 0x4b);
    const feed = await openFeed(whole, optionsOf(options));
    guess = feed.guess;
    for await (const { rows } of feed.batches) {
      for (const { title, brand } of rows) texts.push(...[title, brand].filter((text) => text !== null));
      if (texts.length >= inspectedRows) break;
    }
  } catch (error) {
    if (error instanceof Unreadable || error instanceof RangeError) return null;
    throw error;
  }
  const { share, text } = damageIn(texts);
  const { format, encoding, delimiter, headerRow, decimal, records, confidence } = guess;
  const columns = Object.fromEntries(Object.entries(guess.columns).map(([field, { column }]) => [field, column]));
  const { starts, fillDown, transforms } = guess;
  const reading = { format, isPacked, encoding, delimiter, headerRow, decimal, records, confidence, columns, starts, fillDown, transforms };
  return { origin, bytes, headers: guess.headers.slice(0, 500), reading, damaged: share, damagedText: text };
}
