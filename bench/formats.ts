import { performance } from 'node:perf_hooks';
import { gunzipSync, gzipSync } from 'node:zlib';
import { type FeedMapping, openFeed } from '#formats/feed';
import { writeSheet } from '#formats/xlsx';
import { type Figure, figure } from './figure.ts';

/**
 * How many rows a second a feed is read at, by format, from bytes in memory to checked offers; beside it what merely taking the same bytes
 * apart costs with what the platform or the format's library has: `JSON.parse` of the whole, the workbook reader, a split at line ends and
 * signs. No raw way checks a figure, a code or a width, so a ratio of several is what the checking costs.
 */
export async function run(options: Readonly<Record<string, number>> = {}): Promise<Figure[]> {
  const rows = options['rows'] ?? 200_000;
  const figures: Figure[] = [];
  for (const one of await formatsOf(rows)) {
    await read(one);
    const ours = await read(one);
    const raw = await timed(one.raw);
    figures.push(figure(`${one.name}, ${one.rows} rows`, one.rows / ours, '/s'), figure(`${one.name}, of ${one.rawName}`, ours / raw, '×'));
  }
  return figures;
}

interface Format {
  name: string;
  file: string;
  rows: number;
  bytes: Uint8Array;
  mapping?: FeedMapping;
  rawName: string;
  raw: () => unknown;
}

async function formatsOf(count: number): Promise<Format[]> {
  const rows = Array.from({ length: count }, (_, nth) => rowOf(nth));
  const header = ['sku', 'title', 'brand', 'ean', 'cost', 'stock'];
  const delimited = (sign: string): Uint8Array => Buffer.from([header, ...rows].map((cells) => cells.join(sign)).join('\n'));
  const csv = delimited(',');
  const split = (bytes: Uint8Array, sign: string) => () =>
    Buffer.from(bytes)
      .toString()
      .split('\n')
      .map((line) => line.split(sign)).length;
  const few = rows.slice(0, Math.min(count, 20_000));
  const sheet = await writeSheet('List', [header, ...few]);
  const zipped = gzipSync(csv);
  const fixed = Buffer.from(rows.map((cells) => cells.map((cell) => cell.padEnd(24)).join('')).join('\n'));
  const starts = header.map((_, column) => 1 + column * 24);
  const columns = { supplierSku: '#1', title: '#2', brand: '#3', gtin: '#4', cost: '#5', quantity: '#6' };
  return [
    { name: 'CSV', file: 'a.csv', rows: count, bytes: csv, rawName: 'splitting it', raw: split(csv, ',') },
    { name: 'TSV', file: 'a.tsv', rows: count, bytes: delimited('\t'), rawName: 'splitting it', raw: split(csv, ',') },
    {
      name: 'CSV in gzip',
      file: 'a.csv.gz',
      rows: count,
      bytes: zipped,
      rawName: 'unpacking and splitting it',
      raw: () => split(gunzipSync(zipped), ',')(),
    },
    {
      name: 'fixed width',
      file: 'a.txt',
      rows: count,
      bytes: fixed,
      mapping: { starts, headerRow: null, columns },
      rawName: 'splitting its lines',
      raw: split(fixed, '\0'),
    },
    ...recordFormats(rows),
    { name: 'XLSX', file: 'a.xlsx', rows: few.length, bytes: sheet, rawName: "the library's own loading", raw: () => loadSheet(sheet) },
  ];
}

/** The same rows as records. */
function recordFormats(rows: readonly string[][]): Format[] {
  const count = rows.length;
  const records = rows.map(([sku, title, brand, ean, cost, stock]) => ({
    sku,
    title,
    brand,
    ean,
    cost: Number(cost),
    stock: Number(stock),
  }));
  const json = Buffer.from(JSON.stringify(records));
  const lines = Buffer.from(records.map((one) => JSON.stringify(one)).join('\n'));
  const xml = Buffer.from(
    `<list>${records
      .map(
        (one) =>
          `<item>${Object.entries(one)
            .map(([name, value]) => `<${name}>${String(value)}</${name}>`)
            .join('')}</item>`,
      )
      .join('')}</list>`,
  );
  return [
    { name: 'JSON', file: 'a.json', rows: count, bytes: json, rawName: 'JSON.parse', raw: () => JSON.parse(json.toString()) as unknown },
    {
      name: 'JSON lines',
      file: 'a.jsonl',
      rows: count,
      bytes: lines,
      rawName: 'JSON.parse of each',
      raw: () =>
        lines
          .toString()
          .split('\n')
          .map((line) => JSON.parse(line) as unknown).length,
    },
    {
      name: 'XML',
      file: 'a.xml',
      rows: count,
      bytes: xml,
      rawName: 'finding its tags',
      raw: () => [...xml.toString().matchAll(/<(\/?)(\w+)>([^<]*)/g)].length,
    },
  ];
}

async function loadSheet(bytes: Uint8Array): Promise<unknown> {
  const { Workbook } = await import('@cj-tech-master/excelts');
  const book = new Workbook();
  await book.xlsx.load(bytes);
  return book;
}

function rowOf(nth: number): string[] {
  const twelve = String(400_000_000_000 + nth * 7);
  const sum = [...twelve].reduce((total, digit, at) => total + Number(digit) * (at % 2 === 0 ? 1 : 3), 0);
  return [
    `X-${nth}`,
    `Widget number ${nth % 9_973}`,
    `Brand ${nth % 500}`,
    `${twelve}${(10 - (sum % 10)) % 10}`,
    (2 + (nth % 9_000) / 100).toFixed(2),
    String(nth % 200),
  ];
}

async function read({ file, bytes, rows, mapping }: Format): Promise<number> {
  const began = performance.now();
  const { batches } = await openFeed(pieces(bytes), { name: file, observedCurrency: 'EUR', ...(mapping ? { mapping } : {}) });
  let count = 0;
  for await (const batch of batches) count += batch.rows.length;
  if (count !== rows) throw new Error(`${file}: ${count} of ${rows} rows were read`);
  return (performance.now() - began) / 1000;
}

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += 65_536) yield bytes.subarray(from, from + 65_536);
}

async function timed(work: () => unknown): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}
