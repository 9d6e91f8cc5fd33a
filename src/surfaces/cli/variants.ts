import { readFileSync, writeFileSync } from 'node:fs';
import { actOnVariants } from '#flows/actions-variants';
import { csvLine, detectCsv, readCsv } from '#formats/csv';
import { isWorkbook, readSheet, writeSheet } from '#formats/xlsx';
import { isZip, readZip } from '#formats/zip';
import { appendFacts } from '#modules/audit';
import {
  cellsOf,
  countProblems,
  type EditError,
  problemsWith,
  type VariantEdit,
  variantFields,
  type VariantNow,
  variantsFrom,
} from '#modules/catalog';
import { listOffers, listVariants } from '#modules/insight';
import type { Database, Tx } from '#platform/db';

export interface VariantsCommand {
  what: 'list' | 'show' | 'problems' | 'export' | 'edit' | 'offers';
  /** As they stood on the command line. */
  words: readonly string[];
  out?: string;
  dryRun?: boolean;
}

interface Desk {
  db: Database;
  tenant: string;
  say: (line: string) => void;
}

const by = 'cli';
const mostListed = 200;
const rowsAtOnce = 2_000;
const columns = ['sku', ...variantFields] as const;

/** Carries what a dry run said out of the transaction that it undoes. */
class Undone extends Error {}

/** `stockless variants …`: what we sell, what is wrong with it, and its edits by spreadsheet. Returns the exit code. */
export async function variants(desk: Desk, { what, words, out, dryRun }: VariantsCommand): Promise<number> {
  if (what === 'export') return exported(desk, out ?? words[0] ?? 'variants.csv');
  if (what === 'edit') return edited(desk, words[0] ?? '', dryRun ?? false);
  await desk.db.tx(desk.tenant, (tx) => look(tx, desk, what, words));
  return 0;
}

async function look(tx: Tx, { say }: Desk, what: VariantsCommand['what'], [first]: readonly string[]): Promise<void> {
  if (what === 'problems') {
    const counts = await countProblems(tx);
    for (const { kind, count } of counts) say(`${String(count).padStart(7)} ${kind}`);
    if (counts.length === 0) say('Nothing is wrong with what you sell.');
    return;
  }
  const paging = { limit: mostListed, after: null };
  if (what === 'offers') {
    const { rows } = await listOffers(tx, first === undefined ? {} : { q: first }, paging);
    for (const row of rows)
      say(
        `${row.supplier_name} ${row.supplier_sku} "${row.title}" ${row.sellable} of ${row.quantity} ${row.state} ${row.variants.map(({ sku, match }) => `${sku} (${match})`).join(', ')}`,
      );
    if (rows.length === 0) say('There is no such offer.');
    return;
  }
  const { rows, next } = await listVariants(tx, first === undefined ? {} : { q: first }, paging);
  for (const row of rows) say(`${row.sku} "${row.title}" ${row.brand}: ${row.sellable} of ${row.offers} offers, in ${row.listings} stores`);
  if (rows.length === 0) say('There is no such variant.');
  if (next !== null) say(`… and more; the first ${mostListed} are shown.`);
  if (what !== 'show' || !rows[0]) return;
  for (const { kind, detail } of await problemsWith(tx, [rows[0].id])) say(`  ${kind}: ${detail}`);
}

const rowOf = (variant: VariantNow): string[] => {
  const cells = cellsOf(variant);
  return [variant.sku, ...variantFields.map((field) => cells[field])];
};

async function exported({ db, tenant, say }: Desk, path: string): Promise<number> {
  const rows: string[][] = [[...columns]];
  for (let from = ''; ; ) {
    const after = from;
    const page = await db.tx(tenant, (tx) => variantsFrom(tx, after, rowsAtOnce));
    rows.push(...page.map(rowOf));
    if (page.length < rowsAtOnce) break;
    from = page.at(-1)?.sku ?? '';
  }
  const bytes = path.toLowerCase().endsWith('.xlsx') ? await writeSheet('Variants', rows) : rows.map((row) => csvLine(row)).join('');
  writeFileSync(path, bytes);
  say(`${rows.length - 1} variants are in ${path}. Edit them, and bring them back by "stockless variants edit ${path}".`);
  return 0;
}

/** Rows that are right are taken and the others named, each with its line in the file. */
async function edited({ db, tenant, say }: Desk, path: string, dryRun: boolean): Promise<number> {
  const read = await readEdits(path);
  const errors: EditError[] = [];
  let said = '';
  try {
    await db.tx(tenant, async (tx) => {
      let changed = 0;
      for (let from = 0; from < read.edits.length; from += rowsAtOnce) {
        const part = read.edits.slice(from, from + rowsAtOnce);
        const { facts, more } = await actOnVariants(tx, { kind: 'variant', action: 'edit', id: '', by, input: { rows: part } });
        changed += Number(more?.['changed'] ?? 0);
        for (const error of (more?.['errors'] ?? []) as EditError[]) errors.push({ ...error, row: error.row + from });
        await appendFacts(
          tx,
          facts.map((fact) => ({ ...fact, actor: by })),
        );
      }
      said = `${changed} of ${read.edits.length} variants changed.`;
      if (dryRun) throw new Undone();
    });
  } catch (error) {
    if (!(error instanceof Undone)) throw error;
  }
  say(dryRun ? `It would say: ${said}` : said);
  for (const { row, sku, field, value, why } of errors)
    say(`${path}, line ${read.lines[row] ?? '?'}: ${field} of ${sku} is "${value}". ${why}`);
  return errors.length > 0 ? 1 : 0;
}

interface ReadEdits {
  edits: VariantEdit[];
  /** Where each stands in the file. */
  lines: number[];
}

async function readEdits(path: string): Promise<ReadEdits> {
  const bytes = readFileSync(path);
  const rows = isZip(bytes) ? await sheetRows(path, bytes) : await csvRows(path, bytes);
  const [header, ...rest] = rows;
  const names = (header?.cells ?? []).map((cell) => cell.trim().toLowerCase());
  if (!names.includes('sku'))
    throw new Error(`${path} needs a column sku; it has ${names.join(', ') || 'none'}. Known are ${columns.join(', ')}.`);
  const strange = names.filter((name) => name !== '' && !(columns as readonly string[]).includes(name));
  if (strange.length > 0)
    throw new Error(`${path} has columns that are not known: ${strange.join(', ')}. Known are ${columns.join(', ')}.`);
  const read: ReadEdits = { edits: [], lines: [] };
  for (const { line, cells } of rest) {
    const fields = Object.fromEntries(
      variantFields.flatMap((field) => (names.includes(field) ? [[field, plain(cells[names.indexOf(field)] ?? '')]] : [])),
    );
    read.edits.push({ sku: plain(cells[names.indexOf('sku')] ?? '').trim(), fields });
    read.lines.push(line);
  }
  return read;
}

/** Without the sign that keeps a spreadsheet from running a text as a formula. */
const plain = (cell: string): string => (/^'[\s\0]*[=+\-@＝＋－＠−]|^'[\t\r\n\0]/.test(cell) ? cell.slice(1) : cell);

async function csvRows(path: string, bytes: Uint8Array): Promise<{ line: number; cells: string[] }[]> {
  const guess = detectCsv(bytes);
  const rows: { line: number; cells: string[] }[] = [];
  for await (const record of readCsv(once(bytes), { encoding: guess.encoding, delimiter: guess.delimiter, headerRow: 1 })) {
    if (record.kind === 'problem') throw new Error(`${path}, line ${record.line}: ${record.message}. Nothing was taken.`);
    rows.push({ line: record.kind === 'header' ? 1 : record.line, cells: record.cells });
  }
  return rows;
}

async function sheetRows(path: string, bytes: Uint8Array): Promise<{ line: number; cells: string[] }[]> {
  const entries = readZip(bytes, path);
  if (!isWorkbook(entries)) throw new Error(`${path} is a ZIP and no workbook.`);
  const rows: { line: number; cells: string[] }[] = [];
  for await (const { number, cells } of readSheet(bytes, entries, path)) rows.push({ line: number, cells });
  return rows;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
