import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { type FeedRoom, takeFeed, workFeeds } from '#flows/feed-life';
import type { FeedMapping } from '#formats/feed';
import { Unreadable } from '#kernel/unreadable';
import { type FeedOutcome, type Preview, previewFeed, readingOf, saveFeedSettings } from '#modules/catalog';
import { supplierCodes } from '#modules/suppliers';
import { toJson } from '#platform/db';

export interface FeedCommand {
  /** The file. */
  path: string;
  /** The supplier's code, as KESTREL; case does not matter. */
  supplier: string;
  /** Who runs the command, as facts name it. */
  by: string;
  /** A JSON file that says how it is read; kept for the supplier's next files. */
  mapping?: string;
  say: (line: string) => void;
}

/**
 * `stockless feed import <file> --supplier CODE [--mapping m.json]`: imports a file and says what became of it. Returns the exit code:
 * 0 applied, 3 held for a person, 1 anything else.
 */
export async function feedImport(room: FeedRoom, tenant: string, { path, supplier, by, mapping, say }: FeedCommand): Promise<number> {
  const supplierId = await supplierNamed(room, tenant, supplier, say);
  if (supplierId === null || !(await isFile(path, say))) return 1;
  if (mapping !== undefined) {
    const read = await mappingFrom(mapping, say);
    if (!read) return 1;
    await room.db.tx(tenant, (tx) => saveFeedSettings(tx, supplierId, { mapping: read }));
  }
  const run = await takeFeed(room, tenant, { supplierId, name: basename(path), by, bytes: createReadStream(path) });
  const [outcome] = await workFeeds(room, tenant, run);
  if (!outcome) {
    say('It broke off, or another worker has taken it. Nothing of it was written here; the log says more.');
    return 1;
  }
  for (const line of report(outcome)) say(line);
  return outcome.state === 'applied' ? 0 : outcome.state === 'held' ? 3 : 1;
}

async function supplierNamed(room: FeedRoom, tenant: string, supplier: string, say: FeedCommand['say']): Promise<string | null> {
  const codes = await room.db.tx(tenant, supplierCodes);
  const found = [...codes].find(([code]) => code.toLowerCase() === supplier.toLowerCase())?.[1];
  if (found === undefined) say(`There is no supplier ${supplier}. Known are: ${[...codes.keys()].sort().join(', ') || 'none yet'}.`);
  return found ?? null;
}

async function isFile(path: string, say: FeedCommand['say']): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  if (!found?.isFile()) say(`${path} is not a file that can be read.`);
  return found?.isFile() ?? false;
}

async function mappingFrom(path: string, say: FeedCommand['say']): Promise<FeedMapping | null> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as FeedMapping;
    say(`${path} holds no mapping: an object such as {"columns": {"supplierSku": "Artikelnr"}, "decimal": ","}.`);
  } catch (error) {
    say(`${path} cannot be read as a mapping: ${(error as Error).message}`);
  }
  return null;
}

export interface PreviewCommand {
  path: string;
  supplier?: string;
  mapping?: string;
  currency?: string;
  json?: boolean;
  say: (line: string) => void;
  /** Where JSON goes. */
  out: (text: string) => void;
}

/**
 * `stockless feed preview <file>`: says how a file would be read, and changes nothing. Returns the exit code: 0 when every row can be
 * read, 3 when some cannot, 1 when the file cannot.
 */
export async function feedPreview(room: FeedRoom, tenant: string, command: PreviewCommand): Promise<number> {
  const { path, supplier, say } = command;
  if (!(await isFile(path, say))) return 1;
  const given = command.mapping === undefined ? undefined : await mappingFrom(command.mapping, say);
  if (given === null) return 1;
  const supplierId = supplier === undefined ? undefined : await supplierNamed(room, tenant, supplier, say);
  if (supplierId === null) return 1;
  const reading = supplierId === undefined ? null : await room.db.tx(tenant, (tx) => readingOf(tx, supplierId));
  const mapping = given ?? reading?.settings.mapping;
  const currency = command.currency ?? reading?.currency;
  try {
    const preview = await previewFeed(createReadStream(path), {
      name: basename(path),
      ...(mapping ? { mapping } : {}),
      ...(currency ? { currency } : {}),
    });
    if (command.json) command.out(`${toJson(preview)}\n`);
    else for (const line of previewLines(preview)) say(line);
    return preview.trouble ? 1 : preview.counts.errors > 0 ? 3 : 0;
  } catch (error) {
    if (!(error instanceof Unreadable) && !(error instanceof RangeError)) throw error;
    say(error instanceof Unreadable ? `${error.message}. ${error.fix}.` : error.message);
    return 1;
  }
}

const shownProblems = 20;

/** How a file would be read, in lines for people. */
function previewLines({ guess, columns, counts, isCut, problems, trouble }: Preview): string[] {
  const { format, encoding, delimiter, decimal, headerRow, records } = guess;
  const written = [
    format,
    encoding,
    delimiter && `columns by "${delimiter}"`,
    decimal && `decimals by "${decimal}"`,
    headerRow && `names on line ${headerRow}`,
    records && `records at ${records}`,
  ];
  return [
    written.filter((word) => word !== null && word !== '').join(', '),
    ...guess.notes,
    ...columns.map(({ name, field, sureness, samples }) =>
      `  ${name.padEnd(24)} ${field === null ? '—' : `${field} (${sureness})`.padEnd(24)} ${samples.join(' | ').slice(0, 80)}`.trimEnd(),
    ),
    `${counts.rows} rows${isCut ? ' and more' : ''}: ${counts.fine} fine, ${counts.warnings} with warnings, ${counts.errors} that cannot be read.`,
    ...problems
      .slice(0, shownProblems)
      .map(
        ({ line, kind, field, value, why }) => `  line ${line}, ${kind}${field ? `, ${field}` : ''}${value ? ` "${value}"` : ''}: ${why}`,
      ),
    ...(trouble ? [`It cannot be read to its end: ${trouble.message}. ${trouble.fix}.`] : []),
  ];
}

const shownRefused = 20;

/** What became of a file, in lines for people. */
function report(outcome: FeedOutcome): string[] {
  const lines = [
    `${outcome.state === 'applied' ? 'Applied' : outcome.state === 'held' ? 'Held, nothing was written' : outcome.state === 'failed' ? 'Failed' : 'Cancelled'}. ${outcome.why}`.trim(),
    `Rows ${outcome.rows_read}: new ${outcome.rows_new}, changed ${outcome.rows_changed}, same ${outcome.rows_same}, refused ${outcome.rows_refused}. No longer in the file: ${outcome.rows_gone}.`,
  ];
  for (const { line, field, value, why } of outcome.refused.slice(0, shownRefused))
    lines.push(`  line ${line}${field ? `, ${field}` : ''}${value ? ` "${value}"` : ''}: ${why}`);
  if (outcome.rows_refused > shownRefused)
    lines.push(`  and ${outcome.rows_refused - shownRefused} more; "stockless feed rejects" writes all of them to a file.`);
  return lines;
}
