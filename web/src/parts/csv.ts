/** A CSV as rows of cells, for looking at (RFC 4180 with the delimiter guessed from the first line). What people send is shown, never refused. */
export function readCsv(text: string): string[][] {
  const source = text.replace(/^\uFEFF/, '');
  const delimiter = delimiterOf(source);
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  const endCell = (): void => {
    row.push(cell);
    cell = '';
  };
  const endRow = (): void => {
    endCell();
    if (row.length > 1 || row[0] !== '') rows.push(row);
    row = [];
  };
  for (let place = 0; place < source.length; place += 1) {
    const letter = source[place];
    if (quoted) {
      if (letter !== '"') cell += letter;
      else if (source[place + 1] === '"') {
        cell += '"';
        place += 1;
      } else quoted = false;
    } else if (letter === '"' && cell === '') quoted = true;
    else if (letter === delimiter) endCell();
    else if (letter === '\n') endRow();
    else if (letter !== '\r') cell += letter;
  }
  if (cell !== '' || row.length > 0) endRow();
  return rows;
}

function delimiterOf(text: string): string {
  const line = text.slice(0, text.indexOf('\n') < 0 ? undefined : text.indexOf('\n')).replaceAll(/"[^"]*"/g, '');
  const count = (mark: string): number => line.split(mark).length - 1;
  return [',', ';', '\t', '|'].reduce((best, mark) => (count(mark) > count(best) ? mark : best));
}

/** A column whose cells are all numbers lines up at its end. */
export const isNumeric = (rows: readonly (readonly string[])[], column: number): boolean =>
  rows.length > 0 && rows.every((row) => /^-?[\d.,]*$/.test(row[column] ?? '')) && rows.some((row) => (row[column] ?? '') !== '');
