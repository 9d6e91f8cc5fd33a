import { csvLine } from '#formats/csv';
import { Unreadable } from '#kernel/unreadable';

const sampledLines = 200;
const fewestLines = 4;
const fewestColumns = 3;
/** With fewer lines, one blank letter above another may be chance. */
const sureLines = 20;
export const mostStarts = 200;
const longestLine = 1_000_000;

/**
 * Where the columns of a text of fixed width begin, from 1: behind every letter that is blank on all lines. Null when the lines have no
 * such gutters, or too few of them to be columns.
 */
export function guessStarts(text: string): number[] | null {
  const lines = text
    .split(/\r?\n/)
    .slice(0, sampledLines)
    .filter((line) => line.trim() !== '');
  if (lines.length < fewestLines || lines.some((line) => line.includes('\t') || line.length > 5_000)) return null;
  const width = Math.max(...lines.map((line) => line.trimEnd().length));
  const blank = Array.from({ length: width }, (_, at) => lines.every((line) => (line[at] ?? ' ') === ' '));
  const least = lines.length >= sureLines ? 1 : 2;
  const starts = [...Array(width).keys()].filter((at) => !blank[at] && (at === 0 || gutterBefore(blank, at) >= least));
  if (starts.length < fewestColumns || starts.length > mostStarts) return null;
  const cells = lines.map((line) =>
    cut(
      line,
      starts.map((at) => at + 1),
    ),
  );
  const filled = starts.filter((_, column) => cells.filter((row) => row[column] !== '').length >= lines.length / 2).length;
  return filled >= fewestColumns ? starts.map((at) => at + 1) : null;
}

function gutterBefore(blank: readonly boolean[], at: number): number {
  let from = at;
  while (from > 0 && blank[from - 1]) from -= 1;
  return from === 0 ? 0 : at - from;
}

const cut = (line: string, starts: readonly number[]): string[] =>
  starts.map((start, column) => line.slice(start - 1, (starts[column + 1] ?? line.length + 1) - 1).trim());

/** Throws `RangeError` for places that no line can be cut at. */
export function checkStarts(starts: readonly number[]): void {
  const rising = starts.every(
    (start, at) => Number.isInteger(start) && start >= 1 && start <= longestLine && (at === 0 || start > (starts[at - 1] ?? 0)),
  );
  if (starts.length === 0 || starts.length > mostStarts || !rising)
    throw new RangeError(`The columns begin at whole places from 1 on, each behind the one before, ${mostStarts} at most`);
}

/** The same lines with commas between their cells: line for line, so that numbers of lines stay true. */
export async function* asCsv(text: AsyncIterable<string>, starts: readonly number[]): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  let rest = '';
  for await (const chunk of text) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > longestLine)
      throw new Unreadable('line-too-long', `A line has more than ${longestLine} letters`, { fix: 'It is hardly a text of fixed width' });
    if (lines.length > 0) yield encoder.encode(lines.map((line) => lineOf(line, starts)).join(''));
  }
  if (rest !== '') yield encoder.encode(lineOf(rest, starts));
}

const lineOf = (line: string, starts: readonly number[]): string => {
  const plain = line.endsWith('\r') ? line.slice(0, -1) : line;
  return plain.trim() === '' ? '\r\n' : csvLine(cut(plain, starts), { formulaGuard: false });
};
