import type { VariantSheet } from '../../api/types.ts';

/** The fields of a variant, as people call them, in the order of a sheet. */
export const fieldNames: Readonly<Record<string, string>> = {
  title: 'Title',
  brand: 'Brand',
  category: 'Category',
  tags: 'Tags',
  gtin: 'GTIN',
  mpn: 'MPN',
  weight: 'Weight',
  price: 'Price',
  currency: 'Currency',
  map: 'Advertised floor',
  msrp: 'List price',
  locked: 'Locks',
};
export const fields = Object.keys(fieldNames).filter((field) => field !== 'locked');

export type SheetRow = VariantSheet['data'][number];
/** Changed cells by SKU, then by field. */
export type Changes = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The changes after one cell says something; what it said before is no change. */
export function withCell(changes: Changes, row: SheetRow, field: string, text: string): Changes {
  const cells = Object.fromEntries(
    Object.entries({ ...changes[row.sku], [field]: text }).filter(([name, value]) => row.cells[name] !== value),
  );
  const { [row.sku]: _before, ...rest } = changes;
  return Object.keys(cells).length === 0 ? rest : { ...rest, [row.sku]: cells };
}

/** What was copied from a spreadsheet, as rows of cells. */
export const pastedCells = (text: string): string[][] =>
  text
    .replace(/\r?\n$/, '')
    .split(/\r?\n/)
    .map((line) => line.split('\t'));

/** The changes after a block of cells was pasted with its upper left corner at a cell; what does not fit is left out. */
export function withPasted(changes: Changes, rows: readonly SheetRow[], at: { row: number; field: string }, text: string): Changes {
  const first = fields.indexOf(at.field);
  return pastedCells(text).reduce<Changes>(
    (all, line, down) =>
      line.reduce<Changes>((sofar, cell, right) => {
        const [row, field] = [rows[at.row + down], fields[first + right]];
        return row && field ? withCell(sofar, row, field, cell.trim()) : sofar;
      }, all),
    changes,
  );
}

/** Rows of a file that was edited elsewhere, by the names in its first row; a sentence when it cannot be one. */
export function editsIn(rows: readonly string[][]): { sku: string; fields: Record<string, string> }[] | string {
  const [header = [], ...rest] = rows;
  const names = header.map((cell) => cell.trim().toLowerCase());
  const strange = names.filter((name) => name !== '' && name !== 'sku' && !fields.includes(name));
  if (!names.includes('sku')) return 'The file needs a column sku.';
  if (strange.length > 0) return `These columns are not known: ${strange.join(', ')}. Known are sku, ${fields.join(', ')}.`;
  return rest.map((cells) => ({
    sku: plain(cells[names.indexOf('sku')] ?? '').trim(),
    fields: Object.fromEntries(names.flatMap((name, place) => (fields.includes(name) ? [[name, plain(cells[place] ?? '')]] : []))),
  }));
}

/** Without the sign that keeps a spreadsheet from running a text as a formula. */
const plain = (cell: string): string => (/^'\s*[=+\-@＝＋－＠−]/.test(cell) ? cell.slice(1) : cell);
