import { guessEncoding } from '#formats/text';
import type { DecimalSign } from './figure.ts';
import type { CsvProfile } from './read.ts';
import { tokenizer, type Token } from './tokenize.ts';

/** A guess for a person to confirm; every part of it can be changed. `decimal` is null where nothing in the sample tells. */
export interface CsvGuess extends CsvProfile {
  decimal: DecimalSign | null;
  byteOrderMark: boolean;
  /** The column names; null without a header. */
  header: string[] | null;
  /** Whole rows below the header, at most 200: what guesses about the columns are made from. */
  rows: string[][];
  /** Rows of the sample, for the preview, at most 20. */
  sample: string[][];
  /** 0 to 1 each: how much of the sample speaks for the guess. */
  confidence: { encoding: number; delimiter: number; header: number };
}

const sampleBytes = 64 * 1024;
const delimiters = [',', ';', '\t', '|'] as const;

/** What somebody has settled already. */
export interface CsvSettled {
  encoding?: string;
  delimiter?: string;
  headerRow?: number | null;
}

/**
 * Looks at up to the first 64 kB of a file; what is settled is not guessed. Never throws on content: an empty or strange file
 * yields a guess of low confidence.
 */
export function detectCsv(bytes: Uint8Array, settled: CsvSettled = {}): CsvGuess {
  const encoding =
    settled.encoding === undefined ? guessEncoding(bytes) : { encoding: settled.encoding, confidence: 1, byteOrderMark: false };
  const sample = bytes.subarray(0, sampleBytes);
  const text = new TextDecoder(encoding.encoding).decode(sample);
  const tries = (settled.delimiter === undefined ? delimiters : [settled.delimiter]).map((delimiter) =>
    tryDelimiter(text, delimiter, bytes.length <= sampleBytes),
  );
  // Where two explain the file equally well, as with decimal commas between semicolons, the one that finds more cells is meant.
  tries.sort((one, other) => other.score - one.score || other.width - one.width);
  const best = tries[0] ?? { delimiter: ',', tokens: [], width: 1, score: 0 };
  const header = settled.headerRow === undefined ? findHeader(best.tokens, best.width) : { row: settled.headerRow, confidence: 1 };
  const rows = header.row === null ? best.tokens : best.tokens.filter((token) => token.line > (header.row ?? 0));
  return {
    encoding: encoding.encoding,
    byteOrderMark: encoding.byteOrderMark,
    delimiter: best.delimiter,
    headerRow: header.row,
    columns: best.width,
    decimal: findDecimal(rows),
    header: header.row === null ? null : (best.tokens.find((token) => token.line >= (header.row ?? 0))?.cells ?? null),
    rows: rows
      .filter(({ cells, fault }) => !fault && cells.length === best.width)
      .slice(0, 200)
      .map(({ cells }) => cells),
    sample: best.tokens.slice(0, 20).map((token) => token.cells),
    confidence: { encoding: encoding.confidence, delimiter: best.score, header: header.confidence },
  };
}

interface Try {
  delimiter: string;
  tokens: Token[];
  width: number;
  score: number;
}

/** The right delimiter gives most rows the same width, above one. */
function tryDelimiter(text: string, delimiter: string, isWhole: boolean): Try {
  const reader = tokenizer(delimiter);
  const tokens = reader.push(text, false);
  if (isWhole) tokens.push(...reader.push('', true));
  const widths = new Map<number, number>();
  for (const { cells } of tokens) if (cells.length > 1) widths.set(cells.length, (widths.get(cells.length) ?? 0) + 1);
  let width = 1;
  let most = 0;
  for (const [cells, count] of widths) if (count > most || (count === most && cells > width)) [width, most] = [cells, count];
  const covered = tokens.reduce(
    (sum, { line, lastLine, fault, cells }) => (fault || cells.length !== width ? sum : sum + lastLine - line + 1),
    0,
  );
  const lines = Math.max(1, tokens.at(-1)?.lastLine ?? 1);
  return {
    delimiter,
    tokens,
    width,
    score: most === 0 ? 0 : Math.min(1, (most / tokens.length) * 0.9 + Math.min(1, covered / lines) * 0.1),
  };
}

// Bounded, as the pattern tries every split of a long run of digits.
const looksNumeric = (cell: string): boolean => cell.length <= 60 && /^[+-]?[\d\s.,]*\d[\d\s.,]*%?$/.test(cell.trim());

/** Column names are words, differ from each other, and stand above cells that are figures. */
function findHeader(tokens: readonly Token[], width: number): { row: number | null; confidence: number } {
  const at = tokens.findIndex(({ cells }) => cells.length === width && cells.some((cell) => cell.trim() !== ''));
  const first = tokens[at];
  if (!first || width < 2) return { row: null, confidence: 0 };
  const names = first.cells.map((cell) => cell.trim().toLowerCase()).filter((cell) => cell !== '');
  if (names.some(looksNumeric) || new Set(names).size < names.length || names.length < width / 2) return { row: null, confidence: 0.7 };
  const below = tokens.slice(at + 1, at + 101).filter(({ cells }) => cells.length === width);
  if (below.length === 0) return { row: first.line, confidence: 0.5 };
  const figures = first.cells.filter(
    (_, column) => below.filter(({ cells }) => looksNumeric(cells[column] ?? '')).length > below.length / 2,
  ).length;
  return { row: first.line, confidence: figures > 0 ? 0.95 : 0.6 };
}

/** Only a figure that can be read one way counts; when the file does both, nobody knows. */
function findDecimal(rows: readonly Token[]): DecimalSign | null {
  let points = 0;
  let commas = 0;
  for (const { cells } of rows) {
    for (const cell of cells) {
      const text = cell.trim();
      if (text.length > 40) continue;
      if (/^-?(\d+|\d{1,3}(,\d{3})+)\.(\d{1,2}|\d{4})$/.test(text)) points += 1;
      else if (/^-?(\d+|\d{1,3}([. ]\d{3})+),(\d{1,2}|\d{4})$/.test(text)) commas += 1;
    }
  }
  if (points > 0 && commas === 0) return '.';
  if (commas > 0 && points === 0) return ',';
  return null;
}
