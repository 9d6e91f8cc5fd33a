/**
 * RFC 4180 with what files in the field do: any one-character delimiter, CRLF, LF or CR line ends, a quote inside a bare cell
 * is a plain character. Lines without a quote, nearly all of a stock file, are split by the engine's own `split`, which is what
 * makes this fast; only a line with a quote is walked character by character.
 */
export interface Token {
  line: number;
  /** The last line it covers: a quoted cell may hold line breaks. */
  lastLine: number;
  cells: string[];
  /** What is wrong with it, when it cannot be read. */
  fault?: 'text-after-quote';
}

export interface Tokenizer {
  /** The records that are complete with this text. `rest` afterwards is what waits for more. */
  push(text: string, isLast: boolean): Token[];
  /** Characters that wait for their end, and the line they begin on. */
  readonly rest: number;
  readonly line: number;
}

type LineEnd = '\n' | '\r' | 'unknown';

export function tokenizer(delimiter: string): Tokenizer {
  let waiting = '';
  let line = 1;
  let lineEnd: LineEnd = 'unknown';

  const push = (text: string, isLast: boolean): Token[] => {
    const tokens: Token[] = [];
    const all = waiting === '' ? text : waiting + text;
    let at = 0;
    // Sought once and kept until it is passed: from every line anew, a file with few quotes would be searched to its end a
    // thousand times over.
    let quoteAt = -1;
    while (at < all.length) {
      const end: number = lineEnd === 'unknown' ? -1 : all.indexOf(lineEnd, at);
      const stop = end < 0 ? all.length : end;
      if (quoteAt < at) quoteAt = firstQuote(all, at);
      if (lineEnd !== 'unknown' && (end >= 0 || isLast) && quoteAt >= stop) {
        const content = all.slice(at, lineEnd === '\n' && all.charCodeAt(stop - 1) === 13 && stop > at ? stop - 1 : stop);
        if (content !== '') tokens.push({ line, lastLine: line, cells: content.split(delimiter) });
        line += 1;
        at = stop + 1;
        continue;
      }
      if (lineEnd !== 'unknown' && end < 0 && !isLast) break;
      const walked = walk(all, at, { delimiter, lineEnd, isLast });
      if (walked === null) break;
      lineEnd = walked.lineEnd;
      // An empty cell in quotes is a row of one empty cell, as `csvLine` writes it; only nothing at all is an empty line.
      if (!isBlank(walked.cells) || all.charCodeAt(at) === 34) {
        const token: Token = { line, lastLine: line + walked.breaks, cells: walked.cells };
        if (walked.fault) token.fault = walked.fault;
        tokens.push(token);
      }
      line += walked.breaks + 1;
      at = walked.next;
    }
    waiting = at >= all.length ? '' : all.slice(at);
    return tokens;
  };

  return {
    push,
    get rest() {
      return waiting.length;
    },
    get line() {
      return line;
    },
  };
}

const firstQuote = (text: string, from: number): number => {
  const found = text.indexOf('"', from);
  return found < 0 ? Number.POSITIVE_INFINITY : found;
};

const isBlank = (cells: readonly string[]): boolean => cells.length === 1 && cells[0] === '';

interface Walked {
  cells: string[];
  next: number;
  /** Line breaks inside quotes. */
  breaks: number;
  lineEnd: LineEnd;
  fault?: 'text-after-quote';
}

interface Walking {
  delimiter: string;
  lineEnd: LineEnd;
  isLast: boolean;
}

/** One record from `start`, cell by cell; null when its end is not here yet. */
function walk(text: string, start: number, how: Walking): Walked | null {
  const found: Walked = { cells: [], next: start, breaks: 0, lineEnd: how.lineEnd };
  let at = start;
  for (;;) {
    let cell = '';
    if (text[at] === '"') {
      const quoted = quotedCell(text, at + 1);
      if (quoted === null) return null;
      if (quoted.next >= text.length && !how.isLast) return null;
      found.breaks += quoted.breaks;
      cell = quoted.cell;
      at = quoted.next;
      if (at < text.length && text[at] !== how.delimiter && !endsLine(text, at, how)) found.fault = 'text-after-quote';
    }
    const from = at;
    while (at < text.length && text[at] !== how.delimiter && !endsLine(text, at, how)) at += 1;
    if (at >= text.length && !how.isLast) return null;
    found.cells.push(cell + text.slice(from, at));
    if (at < text.length && text[at] === how.delimiter) {
      at += 1;
      continue;
    }
    return closeLine(text, at, found, how);
  }
}

const endsLine = (text: string, at: number, how: Walking): boolean => {
  const code = text.charCodeAt(at);
  if (how.lineEnd === '\r') return code === 13;
  if (code === 10) return true;
  return code === 13 && (how.lineEnd === 'unknown' || text.charCodeAt(at + 1) === 10 || (how.isLast && at + 1 === text.length));
};

/** The first line end outside quotes decides for the whole file. */
function closeLine(text: string, at: number, found: Walked, how: Walking): Walked | null {
  if (at >= text.length) return { ...found, next: at };
  if (text.charCodeAt(at) === 10) return { ...found, next: at + 1, lineEnd: '\n' };
  if (how.lineEnd === '\r') return { ...found, next: at + 1 };
  if (at + 1 >= text.length && !how.isLast) return null;
  if (text.charCodeAt(at + 1) === 10) return { ...found, next: at + 2, lineEnd: '\n' };
  return { ...found, next: at + 1, lineEnd: how.lineEnd === 'unknown' ? '\r' : how.lineEnd };
}

function quotedCell(text: string, from: number): { cell: string; next: number; breaks: number } | null {
  let cell = '';
  let at = from;
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) return null;
    cell += text.slice(at, quote);
    if (text[quote + 1] !== '"') return { cell, next: quote + 1, breaks: lineBreaks(cell) };
    cell += '"';
    at = quote + 2;
  }
}

function lineBreaks(cell: string): number {
  let count = 0;
  for (let at = 0; at < cell.length; at += 1) {
    const code = cell.charCodeAt(at);
    if (code === 10 || (code === 13 && cell.charCodeAt(at + 1) !== 10)) count += 1;
  }
  return count;
}
