import { decodeText, type ByteSource } from '#formats/text';
import { Unreadable } from '#kernel/unreadable';
import { tokenizer, type Token, type Tokenizer } from './tokenize.ts';

/** How one partner writes its files. Confirmed by a person once; nothing here is guessed while reading. */
export interface CsvProfile {
  encoding: string;
  /** One character. */
  delimiter: string;
  /** The line the column names stand on, counted from 1 as an editor shows it; lines above are skipped. Null: there are none. */
  headerRow: number | null;
  /** Cells per row, where there is no header to count them; without it the first row decides. */
  columns?: number;
  /** Rows that end early are filled with empty cells, where a person said that their last columns are simply left out. */
  shortRows?: 'refuse' | 'fill';
  mostRows?: number;
}

export type CsvRecord = { kind: 'header'; line: number; cells: string[] } | { kind: 'row'; line: number; cells: string[] } | CsvRowProblem;

/** A row that is not what the header promises. `lastLine` differs from `line` when a quoted cell spans lines. */
export interface CsvRowProblem {
  kind: 'problem';
  line: number;
  lastLine: number;
  code: 'too-few-cells' | 'too-many-cells' | 'text-after-quote' | 'zero-byte';
  message: string;
  cells: string[];
}

export const csvLimits = { lineCharacters: 1_000_000, columns: 2_000, rows: 20_000_000 } as const;

/**
 * Header, rows and rows that cannot be read, in file order. Ragged rows are reported, never merged, and padded only when told to. Throws
 * `Unreadable` when the file as a whole cannot be trusted: wrong encoding, a line over 1 MB, over 2,000 columns, too many rows,
 * an end inside quotes.
 */
export async function* readCsv(source: ByteSource, profile: CsvProfile): AsyncGenerator<CsvRecord> {
  for await (const batch of readCsvBatches(source, profile)) yield* batch;
}

/**
 * The same in batches of one chunk (some thousands of rows). Measured on 2 cores, Node 26, a stock file of 1,000,000 rows of
 * 5 columns (41 MB): see `read.test.ts`; papaparse in stream mode takes three to four times as long.
 */
export async function* readCsvBatches(source: ByteSource, profile: CsvProfile): AsyncGenerator<CsvRecord[]> {
  if (profile.delimiter.length !== 1 || /["\r\n]/.test(profile.delimiter)) {
    throw new Unreadable('bad-delimiter', `"${profile.delimiter.slice(0, 10)}" cannot separate cells`, {
      fix: 'Choose one character, such as , ; or tab',
    });
  }
  const tokens = tokenizer(profile.delimiter);
  const judge = rowJudge(profile);
  for await (const text of decodeText(source, profile.encoding)) {
    const batch = judge(tokens.push(text, false), text.includes('\0'));
    refuseLongLine(tokens);
    if (batch.length > 0) yield batch;
  }
  const last = judge(tokens.push('', true), true);
  if (tokens.rest > 0) {
    throw new Unreadable('ends-inside-quotes', `The file ends inside a quoted cell of the row that begins on line ${tokens.line}`, {
      place: { line: tokens.line },
      fix: 'The file is cut off, or a closing quote is missing: have it sent again, or correct that line',
    });
  }
  if (last.length > 0) yield last;
}

function refuseLongLine(tokens: Tokenizer): void {
  if (tokens.rest <= csvLimits.lineCharacters) return;
  throw new Unreadable(
    'line-too-long',
    `The row that begins on line ${tokens.line} is longer than ${csvLimits.lineCharacters} characters`,
    {
      place: { line: tokens.line },
      fix: 'Most often a closing quote is missing there, or the file is not delimited text',
    },
  );
}

/** Holds rows against the header's width and the limits. */
function rowJudge(profile: CsvProfile): (tokens: Token[], zeroBytes: boolean) => CsvRecord[] {
  const mostRows = Math.min(profile.mostRows ?? csvLimits.rows, csvLimits.rows);
  let width = profile.columns ?? 0;
  let wantsHeader = profile.headerRow !== null;
  let rows = 0;
  let sawZeroByte = false;
  return (tokens, zeroBytes) => {
    sawZeroByte ||= zeroBytes;
    const records: CsvRecord[] = [];
    for (const token of tokens) {
      if (profile.headerRow !== null && token.line < profile.headerRow) continue;
      if (token.cells.length > csvLimits.columns) throw tooManyColumns(token);
      if (wantsHeader) {
        wantsHeader = false;
        width = token.cells.length;
        records.push({ kind: 'header', line: token.line, cells: token.cells });
        continue;
      }
      rows += 1;
      if (rows > mostRows) throw tooManyRows(token.line, mostRows);
      if (width === 0) width = token.cells.length;
      if (profile.shortRows === 'fill' && !token.fault) while (token.cells.length < width) token.cells.push('');
      records.push(judgeRow(token, width, sawZeroByte));
    }
    return records;
  };
}

function judgeRow(token: Token, width: number, lookForZero: boolean): CsvRecord {
  const { line, lastLine, cells } = token;
  const refused = (code: CsvRowProblem['code'], message: string): CsvRowProblem => ({
    kind: 'problem',
    line,
    lastLine,
    code,
    message,
    cells,
  });
  if (token.fault) return refused(token.fault, `${where(token)} has text after a closing quote: a quote is missing or not doubled`);
  if (cells.length < width) return refused('too-few-cells', `${where(token)} has ${cells.length} cells where ${width} are expected`);
  if (cells.length > width) return refused('too-many-cells', `${where(token)} has ${cells.length} cells where ${width} are expected`);
  if (lookForZero && cells.some((cell) => cell.includes('\0')))
    return refused('zero-byte', `${where(token)} holds a zero byte, which is no text`);
  return { kind: 'row', line, cells };
}

const where = (token: Token): string => (token.line === token.lastLine ? `Line ${token.line}` : `Lines ${token.line} to ${token.lastLine}`);

const tooManyColumns = (token: Token): Unreadable =>
  new Unreadable('too-many-columns', `Line ${token.line} has ${token.cells.length} cells; at most ${csvLimits.columns} are read`, {
    place: { line: token.line },
    fix: 'Check the delimiter, or have the file sent with fewer columns',
  });

const tooManyRows = (line: number, most: number): Unreadable =>
  new Unreadable('too-many-rows', `Line ${line} is beyond the limit of ${most} rows`, {
    place: { line },
    fix: 'Split the file, or raise the limit of this feed',
  });
