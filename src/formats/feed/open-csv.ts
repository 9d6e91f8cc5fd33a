import { detectCsv, readCsvBatches, type CsvGuess, type CsvProfile } from '#formats/csv';
import { currencyInName, guessColumns, guessDecimal, guessUnnamed, overallConfidence, type Columns } from './guess.ts';
import { unitInName } from './names.ts';
import { type Opened, planOf, refuseUnsettled } from './plan.ts';
import { emptyBatch, refusedRow, rowReader, type RowPlan } from './row.ts';
import { Unreadable } from '#kernel/unreadable';
import { guessGroups, type Prepare, preparing } from './transform.ts';
import { type Feed, type FeedBatch, feedFields, type FeedGuess, type FeedMapping, type FeedOptions } from './words.ts';

/** Delimited text: the guess from its first 64 kB, the batches from the whole. */
export function openCsv(opened: Opened, options: FeedOptions): Feed {
  const { mapping = {} } = options;
  const csv = detectCsv(opened.head, {
    ...(mapping.encoding === undefined ? {} : { encoding: mapping.encoding }),
    ...(mapping.delimiter === undefined ? {} : { delimiter: mapping.delimiter }),
    ...(mapping.headerRow === undefined ? {} : { headerRow: mapping.headerRow }),
  });
  const headers = headersOf(csv);
  const named = withColumns(options, headers);
  const columns = csv.header
    ? guessColumns(headers, csv.rows, named)
    : { ...guessUnnamed(csv.columns ?? 0, csv.rows), ...guessColumns([], [], named) };
  const costCells = cellsOf(columns, 'cost', headers, csv.rows);
  const decimal = mapping.decimal ?? guessDecimal(costCells) ?? (wholeOnly(costCells) ? csv.decimal : null);
  const groups = groupsOf(mapping, headers, columns.supplierSku?.column);
  const guess: FeedGuess = {
    format: 'csv',
    isGzip: opened.isGzip,
    encoding: csv.encoding,
    delimiter: csv.delimiter,
    headerRow: csv.headerRow,
    decimal,
    starts: null,
    fillDown: groups.fillDown ?? null,
    transforms: groups.transforms ?? {},
    records: null,
    headers,
    columns,
    confidence: Math.min(overallConfidence(columns), csv.confidence.delimiter, csv.confidence.encoding),
    notes: notesOf(csv, columns, options, groups),
    sample: csv.rows.slice(0, 20),
  };
  const at = Object.fromEntries(feedFields.map((field) => [field, headers.indexOf(columns[field]?.column ?? '')])) as RowPlan['at'];
  const profile: CsvProfile = {
    encoding: csv.encoding,
    delimiter: csv.delimiter,
    headerRow: csv.headerRow,
    ...(csv.headerRow === null && csv.columns ? { columns: csv.columns } : {}),
    ...(mapping.shortRows ? { shortRows: mapping.shortRows } : {}),
  };
  if (options.mostRows !== undefined) profile.mostRows = options.mostRows;
  const prepared = preparing({ headers, mapping: { ...mapping, ...groups }, decimal, at });
  const plan = planOf(guess, options, prepared?.at ?? at);
  return {
    guess,
    batches: batchesOf(opened, { profile, plan, prepare: prepared?.prepare ?? null }, () =>
      refuseUnsettled(guess, plan, costCells, options.name),
    ),
  };
}

interface Reading {
  profile: CsvProfile;
  plan: RowPlan;
  prepare: Prepare | null;
}

async function* batchesOf(opened: Opened, { profile, plan, prepare }: Reading, check: () => void): AsyncGenerator<FeedBatch> {
  check();
  const read = rowReader(plan);
  for await (const records of readCsvBatches(opened.whole, profile)) {
    const batch = emptyBatch();
    for (const record of records) {
      if (record.kind === 'row') {
        const cells = prepare ? prepare(record.cells) : record.cells;
        if (cells) read(batch, record.line, cells);
      } else if (record.kind === 'problem')
        batch.refused.push(refusedRow(record.line, record.cells.join(profile.delimiter), record.message));
    }
    if (batch.rows.length + batch.refused.length > 0) yield batch;
  }
}

/** What a person said of rows that belong together, or what the columns say by themselves. */
function groupsOf(mapping: FeedMapping, headers: readonly string[], sku: string | undefined): Pick<FeedMapping, 'fillDown' | 'transforms'> {
  const said = mapping.fillDown === undefined && mapping.transforms === undefined ? guessGroups(headers, sku) : mapping;
  return {
    ...(said.fillDown === undefined ? {} : { fillDown: said.fillDown }),
    ...(said.transforms === undefined ? {} : { transforms: said.transforms }),
  };
}

/** Columns without a name, or with one that came before, go by their place. */
function headersOf(csv: CsvGuess): string[] {
  const width = csv.header?.length ?? csv.columns ?? 0;
  const seen = new Set<string>();
  return Array.from({ length: width }, (_, at) => {
    const name = (csv.header?.[at] ?? '').trim();
    if (name === '' || seen.has(name)) return `#${at + 1}`;
    seen.add(name);
    return name;
  });
}

/** A mapping's names as the file has them: case does not matter, `#3` is the third column. Throws `Unreadable` for one that is not there. */
function withColumns(options: FeedOptions, headers: readonly string[]): NonNullable<FeedOptions['mapping']>['columns'] {
  const wanted = Object.entries(options.mapping?.columns ?? {});
  return Object.fromEntries(
    wanted.map(([field, column]) => {
      if (column === null) return [field, null];
      const place = /^#(\d{1,4})$/.exec(column)?.[1];
      const found =
        place === undefined ? headers.find((header) => header.toLowerCase() === column.trim().toLowerCase()) : headers[Number(place) - 1];
      if (found !== undefined) return [field, found];
      throw new Unreadable(
        'no-such-column',
        `${options.name} has no column "${column}" for ${field}; it has ${headers.slice(0, 30).join(', ')}`,
        {
          fix: 'Choose the column anew: the supplier may have renamed it',
        },
      );
    }),
  );
}

function cellsOf(columns: Columns, field: 'cost' | 'weight', headers: readonly string[], rows: readonly string[][]): string[] {
  const at = headers.indexOf(columns[field]?.column ?? '');
  return at < 0 ? [] : rows.map((row) => (row[at] ?? '').trim()).filter((cell) => cell !== '');
}

/** Other columns may tell the decimal sign only where the prices themselves have none to be misread. */
const wholeOnly = (cells: readonly string[]): boolean => cells.every((cell) => !/\d[.,]\d{3}\b/.test(cell));

function notesOf(csv: CsvGuess, columns: Columns, options: FeedOptions, groups: Pick<FeedMapping, 'fillDown'>): string[] {
  const notes: string[] = [];
  if (groups.fillDown !== undefined)
    notes.push(`Rows with the same "${groups.fillDown}" belong together; what is blank on one is as on the row above.`);
  if (csv.header === null) notes.push('The file has no column names; name the columns by their place, #1, #2 and so on.');
  if (csv.confidence.encoding < 0.8) notes.push(`The encoding is probably ${csv.encoding}; look at letters with accents in the sample.`);
  const weight = columns.weight?.column;
  if (weight !== undefined && options.mapping?.weightUnit === undefined && unitInName(weight) === null)
    notes.push('The unit of the bare weights is not known; they are left out until the mapping names it.');
  if (columns.cost !== undefined && columns.cost.confidence < 0.75)
    notes.push(`"${columns.cost.column}" may be what shoppers pay, not what you pay.`);
  if (
    columns.cost !== undefined &&
    columns.currency === undefined &&
    currencyInName(columns.cost.column) === null &&
    options.observedCurrency === undefined
  ) {
    notes.push('The file does not name the currency of its prices.');
  }
  return notes;
}
