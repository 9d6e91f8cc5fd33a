import { type JsonRecord, readJson, readJsonLines, readJsonList, valueAt } from '#formats/json';
import { decodeText, guessEncoding, type ByteSource } from '#formats/text';
import { guessRecords, readXmlRecords, xmlEncoding } from '#formats/xml';
import { Unreadable } from '#kernel/unreadable';
import { ediRecords } from './edi.ts';
import { cellsOfJson, cellsOfXml } from './flatten.ts';
import { guessColumns, guessDecimal, overallConfidence, type Columns } from './guess.ts';
import { type Opened, planOf, refuseUnsettled } from './plan.ts';
import { emptyBatch, refusedRow, rowReader, type RowPlan } from './row.ts';
import { type Prepare, preparing } from './transform.ts';
import { type Feed, type FeedBatch, feedFields, type FeedFormat, type FeedGuess, type FeedOptions } from './words.ts';

/** One record by its paths, or why it could not be taken apart. */
type Cells = { line: number; cells: Map<string, string> } | { line: number; problem: string };

interface Records {
  format: FeedFormat;
  encoding: string;
  records: string | null;
  batches: AsyncIterable<Cells[]>;
}

const sampleRecords = 100;
const mostHeaders = 500;
const wholeJsonBytes = 64 * 1024 * 1024;

/** XML and JSON: the guess from the first hundred records, which are then read like the others. */
export async function openRecords(kind: 'xml' | 'json' | 'edi', opened: Opened, options: FeedOptions): Promise<Feed> {
  const found =
    kind === 'xml' ? xmlRecords(opened, options) : kind === 'edi' ? ediList(opened, options) : await jsonRecords(opened, options);
  const walk = found.batches[Symbol.asyncIterator]();
  const first: Cells[] = [];
  while (first.length < sampleRecords) {
    const next = await walk.next();
    if (next.done) break;
    first.push(...next.value);
  }
  const guess = guessOf(found, first, opened, options);
  const fields = feedFields.filter((field) => guess.columns[field]);
  const joined = Object.values(guess.transforms).flatMap((steps) => steps.flatMap((step) => (step.kind === 'join' ? step.columns : [])));
  const paths = [...fields.map((field) => guess.columns[field]?.column ?? ''), ...joined];
  const at = Object.fromEntries(feedFields.map((field) => [field, (fields as readonly string[]).indexOf(field)])) as RowPlan['at'];
  const prepared = preparing({ headers: paths, mapping: { transforms: guess.transforms }, decimal: guess.decimal, at });
  const plan = planOf(guess, options, prepared?.at ?? at);
  const costCells = cellsAt(first, guess.columns.cost?.column);
  const check = (): void => {
    if (first.length === 0)
      throw new Unreadable('no-records', `${options.name} has no records${found.records === null ? '' : ` at ${found.records}`}`, {
        fix: 'Name the path of one record in the mapping, or have the file sent again',
      });
    refuseUnsettled(guess, plan, costCells, options.name);
  };
  return {
    guess,
    batches: batchesOf({
      first,
      walk,
      paths,
      plan,
      prepare: prepared?.prepare ?? null,
      check,
      mostRows: options.mostRows ?? Number.POSITIVE_INFINITY,
    }),
  };
}

interface Reading {
  first: Cells[];
  walk: AsyncIterator<Cells[]>;
  paths: string[];
  prepare: Prepare | null;
  plan: RowPlan;
  check: () => void;
  mostRows: number;
}

async function* batchesOf({ first, walk, paths, prepare, plan, check, mostRows }: Reading): AsyncGenerator<FeedBatch> {
  let count = 0;
  const read = rowReader(plan);
  const batchOf = (records: readonly Cells[]): FeedBatch => {
    const batch = emptyBatch();
    for (const record of records) {
      count += 1;
      if (count > mostRows)
        throw new Unreadable('too-many-rows', `Line ${record.line} is beyond the limit of ${mostRows} records`, {
          place: { line: record.line },
          fix: 'Raise the limit of this feed',
        });
      if ('problem' in record) batch.refused.push(refusedRow(record.line, '', record.problem));
      else {
        const cells = paths.map((path) => record.cells.get(path) ?? '');
        const prepared = prepare ? prepare(cells) : cells;
        if (prepared) read(batch, record.line, prepared);
      }
    }
    return batch;
  };
  try {
    check();
    yield batchOf(first);
    for (;;) {
      const next = await walk.next();
      if (next.done) return;
      yield batchOf(next.value);
    }
  } finally {
    await walk.return?.();
  }
}

function guessOf(found: Records, first: readonly Cells[], opened: Opened, options: FeedOptions): FeedGuess {
  const { mapping = {} } = options;
  const maps = first.flatMap((record) => ('cells' in record ? [record.cells] : []));
  const headers = [...new Set(maps.flatMap((cells) => [...cells.keys()]))].slice(0, mostHeaders);
  const sample = maps.map((cells) => headers.map((header) => cells.get(header) ?? ''));
  const columns = {
    ...guessColumns(headers, sample, { ...presets(found.format, headers), ...mapping.columns }),
    ...surer(found.format, headers, mapping.columns ?? {}),
  };
  const notes: string[] = [];
  if (found.format === 'yml' || found.format === 'google-rss')
    notes.push("The prices of such a list are often what shoppers pay; check that they are the supplier's.");
  return {
    format: found.format,
    isGzip: opened.isGzip,
    encoding: found.encoding,
    delimiter: null,
    headerRow: null,
    decimal:
      mapping.decimal ??
      guessDecimal(cellsAt(first, columns.cost?.column)) ??
      (found.format === 'yml' || found.format === 'google-rss' || found.format === 'edi' ? '.' : null),
    starts: null,
    fillDown: null,
    transforms: mapping.transforms ?? {},
    records: found.records,
    headers,
    columns,
    confidence: overallConfidence(columns),
    notes,
    sample: sample.slice(0, 20),
  };
}

const cellsAt = (records: readonly Cells[], path: string | undefined): string[] =>
  path === undefined ? [] : records.flatMap((record) => ('cells' in record ? (record.cells.get(path) ?? []) : []));

/** Messages of stock and prices (846, 832, INVRPT, PRICAT): each line a record by its qualifiers. */
function ediList(opened: Opened, options: FeedOptions): Records {
  const encoding = options.mapping?.encoding ?? guessEncoding(opened.head).encoding;
  return { format: 'edi', encoding, records: null, batches: ediRecords(decodeText(opened.whole, encoding)) };
}

/** What the well-known formats mean by their names, by their own documentation. */
const meant: Partial<Record<FeedFormat, Columns>> = {
  yml: {
    supplierSku: { column: '@id', confidence: 0.9 },
    title: { column: 'name', confidence: 0.95 },
    brand: { column: 'vendor', confidence: 0.95 },
    mpn: { column: 'vendorCode', confidence: 0.8 },
    gtin: { column: 'barcode', confidence: 0.9 },
    currency: { column: 'currencyId', confidence: 0.95 },
    availability: { column: '@available', confidence: 0.9 },
  },
  edi: {
    supplierSku: { column: 'number', confidence: 0.9 },
    title: { column: 'title', confidence: 0.95 },
    brand: { column: 'maker', confidence: 0.9 },
    gtin: { column: 'code', confidence: 0.9 },
    mpn: { column: 'makers number', confidence: 0.9 },
    cost: { column: 'cost', confidence: 0.9 },
    currency: { column: 'currency', confidence: 0.95 },
    quantity: { column: 'stock', confidence: 0.9 },
  },
  'google-rss': {
    supplierSku: { column: 'g:id', confidence: 0.9 },
    title: { column: 'g:title', confidence: 0.95 },
    brand: { column: 'g:brand', confidence: 0.95 },
    gtin: { column: 'g:gtin', confidence: 0.95 },
    mpn: { column: 'g:mpn', confidence: 0.95 },
    availability: { column: 'g:availability', confidence: 0.95 },
  },
};

const presets = (format: FeedFormat, headers: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    Object.entries(meant[format] ?? {}).flatMap(([field, { column }]) => (headers.includes(column) ? [[field, column]] : [])),
  );

/** The same with their own confidence, where no mapping settled the field. */
const surer = (format: FeedFormat, headers: readonly string[], settled: object): Columns =>
  Object.fromEntries(Object.entries(meant[format] ?? {}).filter(([field, { column }]) => headers.includes(column) && !(field in settled)));

function xmlRecords(opened: Opened, options: FeedOptions): Records {
  const encoding = options.mapping?.encoding ?? xmlEncoding(opened.head);
  const text = decodedHead(opened.head, encoding);
  const records = options.mapping?.records ?? guessRecords(text);
  if (records === null)
    throw new Unreadable('no-records', `No element repeats at the beginning of ${options.name}`, {
      fix: 'Name the path of one record in the mapping, such as shop/offers/offer',
    });
  const format: FeedFormat = records.startsWith('yml_catalog/') ? 'yml' : records === 'rss/channel/item' ? 'google-rss' : 'xml';
  return { format, encoding, records, batches: xmlCells(opened.whole, records, encoding) };
}

function decodedHead(head: Uint8Array, encoding: string): string {
  try {
    return new TextDecoder(encoding).decode(head);
  } catch (cause) {
    throw new Unreadable('unknown-encoding', `The encoding "${encoding.slice(0, 40)}" is not known here`, {
      fix: 'Have the file sent as UTF-8',
      cause,
    });
  }
}

async function* xmlCells(source: ByteSource, records: string, encoding: string): AsyncGenerator<Cells[]> {
  for await (const nodes of readXmlRecords(source, { records, encoding }))
    yield nodes.map((node) => ({ line: node.line, cells: cellsOfXml(node) }));
}

async function jsonRecords(opened: Opened, options: FeedOptions): Promise<Records> {
  const encoding = options.mapping?.encoding ?? guessEncoding(opened.head).encoding;
  const path = options.mapping?.records ?? null;
  const start = decodedHead(opened.head, encoding)
    .replace(/^\ufeff/, '')
    .trimStart();
  if (path === null && start.startsWith('['))
    return { format: 'json', encoding, records: null, batches: jsonCells(readJsonList(opened.whole, encoding)) };
  const firstLine = start.split('\n', 1)[0] ?? '';
  const isLines = isObject(firstLine) && (start.length > firstLine.length + 1 || !opened.isWhole || listOf(firstLine) === null);
  if (path === null && isLines)
    return { format: 'json-lines', encoding, records: null, batches: jsonCells(readJsonLines(opened.whole, encoding)) };
  const value = readJson(await wholeText(opened.whole, encoding, options.name), wholeJsonBytes);
  const list = path === null ? findList(value) : { path, list: valueAt(value, path) };
  if (!list || !Array.isArray(list.list))
    throw new Unreadable('no-records', `${options.name} holds no list of records${path === null ? '' : ` at ${path}`}`, {
      fix: 'Name the path of the list in the mapping, such as data.products',
    });
  return { format: 'json', encoding, records: list.path, batches: jsonCells(oneBatch(list.list)) };
}

async function* oneBatch(list: readonly unknown[]): AsyncGenerator<JsonRecord[]> {
  yield list.map((value, at) => ({ line: at + 1, value }));
}

async function* jsonCells(batches: AsyncIterable<JsonRecord[]>): AsyncGenerator<Cells[]> {
  for await (const batch of batches) {
    yield batch.map((record): Cells => {
      if ('problem' in record) return record;
      if (typeof record.value !== 'object' || record.value === null || Array.isArray(record.value))
        return { line: record.line, problem: 'It is not an object with named values' };
      return { line: record.line, cells: cellsOfJson(record.value) };
    });
  }
}

async function wholeText(source: ByteSource, encoding: string, name: string): Promise<string> {
  const pieces: string[] = [];
  let size = 0;
  for await (const text of decodeText(source, encoding)) {
    pieces.push(text);
    size += text.length;
    if (size > wholeJsonBytes)
      throw new Unreadable('too-large', `${name} is one JSON object of more than ${wholeJsonBytes} characters`, {
        fix: 'Have it sent as one list or as JSON lines, which can be of any size',
      });
  }
  return pieces.join('');
}

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

const listOf = (text: string): { path: string; list: unknown[] } | null => findList(JSON.parse(text));

/** The longest list of objects within three levels. */
function findList(value: unknown): { path: string; list: unknown[] } | null {
  let best: { path: string; list: unknown[] } | null = null;
  const look = (at: unknown, path: string, depth: number): void => {
    if (Array.isArray(at)) {
      if (typeof at[0] === 'object' && at[0] !== null && at.length > (best?.list.length ?? 0)) best = { path, list: at };
    } else if (typeof at === 'object' && at !== null && depth < 4) {
      for (const [name, inner] of Object.entries(at)) look(inner, path === '' ? name : `${path}.${name}`, depth + 1);
    }
  };
  look(value, '', 0);
  return best;
}
