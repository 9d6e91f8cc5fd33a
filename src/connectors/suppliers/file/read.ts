import { Unreadable } from '#kernel/unreadable';
import type { Instant } from '#kernel/time';
import { type CsvRecord, readCsv } from '#formats/csv';
import { oneChunk } from '#formats/text';
import type { Acknowledged, CancelAnswered, LineAnswer, Shipped, SupplierDocument, SupplierSaid } from '#ports/supplier';
import { readCount, readDate } from './cells.ts';
import { type AnswerColumn, type AnswerKind, answerColumns, plain, type Settled, settleFile } from './profile.ts';

/** As much of a document as a reader needs. */
export type Given = Pick<SupplierDocument, 'name' | 'headers' | 'body'>;

/** What a list cannot do without; of the line's number and the SKU one is enough. */
const needed: { [K in AnswerKind]: readonly AnswerColumn<K>[] } = {
  acknowledgement: ['po_number', 'status'],
  shipment: ['po_number', 'carrier', 'tracking_number', 'quantity', 'shipped_at'],
  cancellation: ['po_number', 'outcome'],
};
/** The column that no other kind of list has. */
const telling: { [K in AnswerKind]: AnswerColumn<K> } = { acknowledgement: 'status', shipment: 'tracking_number', cancellation: 'outcome' };
const mostRows = 50_000;

/**
 * Reads a list of the partner's: acknowledgement, ship notice or answer to a cancellation, told by its header row. Throws
 * `Unreadable` naming line, column and what to do; nothing of a list with one wrong cell is taken.
 */
export async function readFileAnswer(settings: unknown, document: Given): Promise<SupplierSaid[]> {
  const profile = settleFile(settings);
  if (document.headers['too-large']) throw tooLarge(document);
  return readList(profile, document);
}

export async function readList(profile: Settled, { name, body }: Given): Promise<SupplierSaid[]> {
  if (/\.(xlsx?|ods|pdf|docx?|zip)$/i.test(name) || startsWith(body, 'PK\u0003\u0004') || startsWith(body, '%PDF')) {
    throw new Unreadable('no-list', `"${name}" is no list of rows and columns as text.`, {
      fix: 'Ask the supplier to save it as CSV, or answer in their name on the purchase order.',
    });
  }
  const sheet = await readSheet(profile, body);
  if (sheet.kind === 'acknowledgement') return acknowledgements(profile, sheet as Sheet<'acknowledgement'>);
  if (sheet.kind === 'shipment') return shipments(profile, sheet as Sheet<'shipment'>);
  return cancellations(profile, sheet as Sheet<'cancellation'>);
}

const startsWith = (bytes: Uint8Array, text: string): boolean => Buffer.from(bytes.subarray(0, text.length)).toString('latin1') === text;

interface Row<K extends AnswerKind = AnswerKind> {
  line: number;
  cells: Record<AnswerColumn<K>, string>;
}
interface Sheet<K extends AnswerKind = AnswerKind> {
  kind: K;
  rows: Row<K>[];
}

async function readSheet(profile: Settled, body: Uint8Array): Promise<Sheet> {
  let header: { kind: AnswerKind; places: [AnswerColumn, number][] } | null = null;
  const rows: Row[] = [];
  const csv = { encoding: profile.encoding, delimiter: profile.delimiter, headerRow: 1, mostRows };
  for await (const record of readCsv(oneChunk(body), csv)) {
    if (record.kind === 'problem') throw rowTrouble(record);
    if (record.kind === 'header') header = readHeader(profile, record.cells);
    else if (header) {
      const { cells } = record;
      if (cells.every((cell) => cell.trim() === '')) continue;
      const named = Object.fromEntries(header.places.map(([column, place]) => [column, unguarded((cells[place] ?? '').trim())]));
      rows.push({ line: record.line, cells: named as Row['cells'] });
    }
  }
  if (!header || rows.length === 0) {
    throw new Unreadable('empty', 'The list has no rows below its header.', { fix: 'Ask the supplier to send it again, or dismiss it.' });
  }
  return { kind: header.kind, rows };
}

/** The quote that keeps spreadsheets from running a cell comes back with what we wrote. */
const unguarded = (text: string): string => (/^'\s*[=+\-@]/.test(text) ? text.slice(1) : text);

const rowTrouble = ({ code, line, message }: Extract<CsvRecord, { kind: 'problem' }>): Unreadable =>
  new Unreadable(code, `${message}.`, {
    place: { line },
    fix: 'Have that line corrected and the list sent again; nothing of it was taken.',
  });

function readHeader(profile: Settled, cells: readonly string[]): { kind: AnswerKind; places: [AnswerColumn, number][] } {
  const names = cells.map(plain);
  const has = (name: string): boolean => names.includes(plain(name));
  const kind = (Object.keys(answerColumns) as AnswerKind[]).find((one) => has(nameOf(profile, one, telling[one])));
  const shown = cells.slice(0, 30).map((cell) => cell.trim().slice(0, 60));
  if (!kind) {
    const wanted = (Object.keys(answerColumns) as AnswerKind[]).map((one) => `${nameOf(profile, one, telling[one])} (${kindNames[one]})`);
    throw columnTrouble(
      `The list has none of the columns ${wanted.join(', ')}; it has ${shown.join(', ')}.`,
      'Ask the supplier to send the list as agreed, or say in the profile what its columns are called.',
    );
  }
  const missing = needed[kind].filter((column) => !has(nameOf(profile, kind, column))).map((column) => nameOf(profile, kind, column));
  if (kind !== 'cancellation' && !has(nameOf(profile, kind, 'line')) && !has(nameOf(profile, kind, 'sku')))
    missing.push(`${nameOf(profile, kind, 'line')} or ${nameOf(profile, kind, 'sku')}`);
  if (missing.length > 0)
    throw columnTrouble(
      `The ${kindNames[kind]} has no column ${missing.join(', ')}; it has ${shown.join(', ')}.`,
      'Ask the supplier for that column, or say in the profile what it is called.',
    );
  const places = answerColumns[kind].map((column): [AnswerColumn, number] => [column, names.indexOf(plain(nameOf(profile, kind, column)))]);
  const known = new Set(places.map(([, place]) => place));
  const strange = names.findIndex((name, place) => !known.has(place) && !profile.ignore.has(name) && name !== '');
  if (strange >= 0) {
    throw new Unreadable(
      'unknown-column',
      `The ${kindNames[kind]} has a column "${shown[strange] ?? ''}" that is not known; it may say something that counts.`,
      {
        place: { line: 1, column: strange + 1 },
        fix: 'If it says nothing to us, add it to `ignore` in the profile; then read it again.',
      },
    );
  }
  return { kind, places };
}

const kindNames: Readonly<Record<AnswerKind, string>> = {
  acknowledgement: 'acknowledgement',
  shipment: 'ship notice',
  cancellation: 'answer to a cancellation',
};
const nameOf = <K extends AnswerKind>(profile: Settled, kind: K, column: AnswerColumn<K>): string =>
  (profile.answers[kind] as Record<string, string>)[column as string] ?? '';
const columnTrouble = (message: string, fix: string): Unreadable => new Unreadable('columns', message, { place: { line: 1 }, fix });

function acknowledgements(profile: Settled, { rows }: Sheet<'acknowledgement'>): Acknowledged[] {
  return [...Map.groupBy(rows, (row) => purchaseOf(profile, 'acknowledgement', row))].map(([purchase, own]) => ({
    what: 'acknowledgement',
    purchase,
    lines: own.map((row): LineAnswer => {
      const { status, quantity, expected_date, reason } = row.cells;
      const response = profile.words.get(plain(status));
      if (!response)
        throw wrongCell(
          profile,
          'acknowledgement',
          row,
          'status',
          `which is no status of this supplier (known: ${[...profile.words.keys()].join(', ')})`,
          'Add the word to the profile, or have the list corrected; then read it again.',
        );
      return {
        ...lineOf(profile, 'acknowledgement', row),
        response,
        ...(quantity ? { quantity: countOf(profile, 'acknowledgement', row) } : {}),
        ...(expected_date ? { expectedAt: dateOf(profile, 'acknowledgement', row, 'expected_date') } : {}),
        ...(reason ? { reason: reason.slice(0, 500) } : {}),
      };
    }),
  }));
}

function shipments(profile: Settled, { rows }: Sheet<'shipment'>): Shipped[] {
  const named = Map.groupBy(rows, (row) => JSON.stringify([purchaseOf(profile, 'shipment', row), row.cells.shipment]));
  return [...named.values()].map((own): Shipped => {
    const [first] = own as [Row<'shipment'>];
    const parcels = Map.groupBy(own, (row) => JSON.stringify([plain(row.cells.carrier), trackingOf(profile, row)]));
    return {
      what: 'shipment',
      purchase: purchaseOf(profile, 'shipment', first),
      reference: first.cells.shipment,
      shippedAt: dateOf(profile, 'shipment', first, 'shipped_at'),
      parcels: [...parcels.values()].map((inside) => {
        const [row] = inside as [Row<'shipment'>];
        return {
          carrier: row.cells.carrier,
          number: trackingOf(profile, row),
          lines: inside.map((one) => ({ ...lineOf(profile, 'shipment', one), quantity: countOf(profile, 'shipment', one) })),
        };
      }),
    };
  });
}

function cancellations(profile: Settled, { rows }: Sheet<'cancellation'>): CancelAnswered[] {
  return rows.map((row) => {
    const outcome = profile.outcomes.get(plain(row.cells.outcome));
    if (!outcome)
      throw wrongCell(
        profile,
        'cancellation',
        row,
        'outcome',
        `which is neither yes nor no to a cancellation (known: ${[...profile.outcomes.keys()].join(', ')})`,
        'Add the word to the profile, or have the list corrected; then read it again.',
      );
    return {
      what: 'cancellation',
      purchase: purchaseOf(profile, 'cancellation', row),
      outcome,
      ...(row.cells.reason ? { reason: row.cells.reason.slice(0, 500) } : {}),
    };
  });
}

function purchaseOf<K extends AnswerKind>(profile: Settled, kind: K, row: Row<K>): string {
  const number = (row.cells as Record<string, string>)['po_number'] ?? '';
  if (number === '' || number.length > 100)
    throw wrongCell(
      profile,
      kind,
      row,
      'po_number' as AnswerColumn<K>,
      'not the number of a purchase order',
      'Have our number put there; then read it again.',
    );
  return number;
}

function trackingOf(profile: Settled, row: Row<'shipment'>): string {
  const number = row.cells.tracking_number;
  // What a spreadsheet makes of a long number has lost its last digits.
  if (/^\d([.,]\d+)?e\+?\d+$/i.test(number))
    throw wrongCell(
      profile,
      'shipment',
      row,
      'tracking_number',
      'a figure that a spreadsheet has rounded',
      'Ask the supplier for the whole number, kept as text.',
    );
  if (number.length > 100)
    throw wrongCell(
      profile,
      'shipment',
      row,
      'tracking_number',
      'too long for a tracking number',
      'Have that cell corrected and the list sent again.',
    );
  return number;
}

function lineOf<K extends 'acknowledgement' | 'shipment'>(profile: Settled, kind: K, row: Row<K>): { position?: number; sku?: string } {
  const { line = '', sku = '' } = row.cells as Partial<Record<'line' | 'sku', string>>;
  if (line === '' && sku === '')
    throw wrongCell(
      profile,
      kind,
      row,
      'line' as AnswerColumn<K>,
      'empty, and so is the SKU',
      'Have one of them put in; then read it again.',
    );
  if (line !== '' && !/^\d{1,6}$/.test(line))
    throw wrongCell(
      profile,
      kind,
      row,
      'line' as AnswerColumn<K>,
      'not the number of a line',
      'Have that cell corrected and the list sent again.',
    );
  return { ...(line === '' ? {} : { position: Number(line) }), ...(sku === '' ? {} : { sku: sku.slice(0, 200) }) };
}

function countOf<K extends 'acknowledgement' | 'shipment'>(profile: Settled, kind: K, row: Row<K>): number {
  const count = readCount((row.cells as Record<string, string>)['quantity'] ?? '', profile.decimal);
  if (count === null)
    throw wrongCell(
      profile,
      kind,
      row,
      'quantity' as AnswerColumn<K>,
      'not a whole number of units',
      'Have that cell corrected and the list sent again.',
    );
  return count;
}

function dateOf<K extends 'acknowledgement' | 'shipment'>(profile: Settled, kind: K, row: Row<K>, column: AnswerColumn<K>): Instant {
  const at = readDate((row.cells as Record<string, string>)[column as string] ?? '', profile);
  if (!at)
    throw wrongCell(
      profile,
      kind,
      row,
      column,
      `not a date as ${profile.dateFormat === 'iso' ? '2026-11-25 or 2026-11-25T10:00:00Z' : profile.dateFormat}`,
      'Have that cell corrected, or the form of dates in the profile; then read it again.',
    );
  return at;
}

function wrongCell<K extends AnswerKind>(
  profile: Settled,
  kind: K,
  row: Row<K>,
  column: AnswerColumn<K>,
  what: string,
  fix: string,
): Unreadable {
  const found = (row.cells as Record<string, string>)[column as string] ?? '';
  return new Unreadable(
    'cell',
    `Line ${row.line}, column ${nameOf(profile, kind, column)}: ${found === '' ? 'it is empty' : `"${found.slice(0, 80)}"`} – ${what}.`,
    { place: { line: row.line }, fix },
  );
}

const tooLarge = ({ name, headers }: Given): Unreadable =>
  new Unreadable('too-large', `"${name}" has ${headers['too-large']} bytes; a list of at most 10 MB is read.`, {
    fix: 'Ask the supplier to split it, or look at it where it lies in the archive.',
  });
