export type CsvCell = string | number | bigint | boolean | null | undefined;

export interface CsvWriting {
  /** One character; a comma when not said. */
  delimiter?: string;
  header?: readonly string[];
  /** A leading `'` where a spreadsheet would run the cell as a formula. On unless the partner's profile says raw. */
  formulaGuard?: boolean;
}

/** RFC 4180 text: CRLF line ends, quotes where needed, the header first where there is one. */
export function writeCsv(rows: Iterable<readonly CsvCell[]>, writing: CsvWriting = {}): string {
  let text = writing.header ? csvLine(writing.header, writing) : '';
  for (const row of rows) text += csvLine(row, writing);
  return text;
}

/** One row with its line end, for writing in a stream. */
export function csvLine(cells: readonly CsvCell[], writing: CsvWriting = {}): string {
  const delimiter = writing.delimiter ?? ',';
  const shown = cells.map((cell) => quoted(writing.formulaGuard === false ? plainText(cell) : guardedCell(cell), delimiter));
  // A lone empty cell would read back as an empty line, that is, as no row at all.
  return `${shown.length === 1 && shown[0] === '' ? '""' : shown.join(delimiter)}\r\n`;
}

/** The text with a leading `'` when a spreadsheet could take it for a formula (OWASP's list, zero byte and full-width signs too). */
export function guarded(text: string): string {
  // A plain signed figure cannot do anything, and guarding it would turn refunds into text.
  if (/^[+-]?\d+([.,]\d+)?$/.test(text)) return text;
  return /^[\s\0]*[=+\-@＝＋－＠−]|^[\t\r\n\0]/.test(text) ? `'${text}` : text;
}

const plainText = (cell: CsvCell): string => (cell === null || cell === undefined ? '' : String(cell));
const guardedCell = (cell: CsvCell): string => (typeof cell === 'string' ? guarded(cell) : plainText(cell));

const quoted = (text: string, delimiter: string): string =>
  text.includes(delimiter) || /["\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
