import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { csvLine, readCsv } from '#formats/csv';
import { type FeedMapping, openFeed } from '#formats/feed';
import { gunzip, isGzip } from '#formats/gzip';
import { isZip } from '#formats/zip';
import { peekBytes } from '#formats/text';
import { appendFacts } from '#modules/audit';
import { isUuid, showId } from '#kernel/id';
import { problem } from '#kernel/problem';
import { textOf } from '#kernel/text';
import { Unreadable } from '#kernel/unreadable';
import {
  addPreview,
  defaultFeedSettings,
  dropPreviews,
  emptySilent,
  type FeedSettings,
  findFeedRun,
  findPreview,
  type Preview,
  previewFeed,
  readingOf,
  runsWithFiles,
  type RefusedRow,
} from '#modules/catalog';
import { findRun } from '#platform/run';
import type { FeedDoor } from '#ports/feed-door';
import { dropFiles, type FeedRoom, keepFile, openedFile, pathOf } from './feed-files.ts';
import { takeFeed } from './feed-life.ts';

/** A file that is looked at before anything is imported. */
export interface LookedAt {
  id: string;
  name: string;
  bytes: number;
  preview: Preview;
  /** What would hold of the feed: the supplier's settings, or what is usual. */
  settings: FeedSettings;
}

export interface LookingAt {
  supplierId: string | null;
  mapping?: FeedMapping;
  currency?: string;
}

/** Keeps a file for a day, so that the mapping can be changed as often as one likes without sending it again. */
export async function keepPreview(
  room: FeedRoom,
  tenant: string,
  file: { supplierId: string | null; name: string; by: string; bytes: AsyncIterable<Uint8Array> },
): Promise<string> {
  const id = await room.db.tx(tenant, async (tx) => tx.newId());
  const { size } = await keepFile(pathOf(room.folder, tenant, id, 'preview'), file.bytes);
  const old = await room.db.tx(tenant, async (tx) => {
    await addPreview(tx, { id, supplierId: file.supplierId, name: file.name, bytes: size, actor: file.by });
    return dropPreviews(tx);
  });
  await dropFiles(room.folder, tenant, old, 'preview');
  return id;
}

/** The first file that a source would give, kept like an upload. */
export async function fetchPreview(room: FeedRoom, tenant: string, door: FeedDoor, by: string, supplierId: string | null): Promise<string> {
  let first: { id: string; name: string; bytes: number } | null = null;
  const found = await door.fetch({}, async (name, bytes) => {
    const id = await room.db.tx(tenant, async (tx) => tx.newId());
    const { size, hash } = await keepFile(pathOf(room.folder, tenant, id, 'preview'), bytes);
    const kept = { id, name, bytes: size, hash };
    if (first) await dropFiles(room.folder, tenant, [id], 'preview');
    else first = kept;
    return kept;
  });
  const { id, name, bytes } = first ?? found.files[0] ?? { id: '', name: '', bytes: 0 };
  if (id === '')
    throw problem('not-found', 'There is no file at this place that fits.', { fix: 'Look at the folder and the pattern of names.' });
  await room.db.tx(tenant, (tx) => addPreview(tx, { id, supplierId, name, bytes, actor: by }));
  return id;
}

/** Reads the file as an import would, by this mapping, or by the supplier's, or by a guess. Throws a Problem when it cannot be read at all. */
export async function lookAt(room: FeedRoom, tenant: string, id: string, how: LookingAt): Promise<LookedAt> {
  const { file, reading } = await room.db.tx(tenant, async (tx) => {
    const kept = await findPreview(tx, id);
    const supplier = how.supplierId ?? kept?.supplier_id ?? null;
    return { file: kept, reading: supplier === null ? null : await readingOf(tx, supplier) };
  });
  if (!file)
    throw problem('not-found', 'The file is not kept any longer.', { fix: 'Send it again; files that are looked at are kept for a day.' });
  const mapping = how.mapping ?? reading?.settings.mapping;
  const currency = reading?.currency ?? how.currency;
  try {
    const preview = await previewFeed(openedFile(pathOf(room.folder, tenant, id, 'preview'), file.name), {
      name: file.name,
      ...(mapping ? { mapping } : {}),
      ...(currency ? { currency } : {}),
    });
    return { id, name: file.name, bytes: Number(file.bytes), preview, settings: reading?.settings ?? defaultFeedSettings };
  } catch (error) {
    if (error instanceof Unreadable)
      throw problem('invalid-field', `${error.message}.`, {
        fix: `${error.fix}.`,
        param: 'mapping',
        more: { preview: showId('feedPreview', id), place: error.place },
      });
    if (error instanceof RangeError)
      throw problem('invalid-field', error.message, { param: 'mapping', more: { preview: showId('feedPreview', id) } });
    throw error;
  }
}

/** Imports the file that was looked at; returns its run. */
export async function importPreview(room: FeedRoom, tenant: string, id: string, supplierId: string, by: string): Promise<string> {
  const file = await room.db.tx(tenant, (tx) => findPreview(tx, id));
  if (!file)
    throw problem('not-found', 'The file is not kept any longer.', { fix: 'Send it again; files that are looked at are kept for a day.' });
  return takeFeed(room, tenant, {
    supplierId,
    name: file.name,
    by,
    bytes: openedFile(pathOf(room.folder, tenant, id, 'preview'), file.name),
  });
}

interface KeptRun {
  name: string;
  path: string;
  refused: readonly RefusedRow[];
  mapping: FeedMapping | undefined;
  currency: string;
}

/** A run's raw file; throws a Problem when it is not kept any longer. */
export async function rawFile(room: FeedRoom, tenant: string, run: string): Promise<KeptRun> {
  return room.db.tx(tenant, async (tx) => {
    const found = await findFeedRun(tx, run);
    const kept = await findRun(tx, run);
    if (!found) throw problem('not-found', 'There is no such feed run.');
    if (!found.has_file && kept?.settings['file'] === undefined)
      throw problem('not-found', 'Its file is not kept any longer.', { fix: 'Keep more files in the settings of the feed.' });
    const reading = await readingOf(tx, found.supplier_id);
    return {
      name: found.name,
      path: pathOf(room.folder, tenant, textOf(kept?.settings['file'], run)),
      refused: found.refused,
      mapping: reading?.settings.mapping,
      currency: reading?.currency ?? '',
    };
  });
}

const mostRejects = 100_000;

/**
 * The rows that were not taken, with the file's own columns and the reason behind them: corrected, it is imported like any other file.
 * Of XML and JSON, whose records are no rows, and of workbooks and ZIPs number and field alone.
 */
export async function* rejectFile(kept: KeptRun): AsyncGenerator<string> {
  const why = new Map(kept.refused.map((row) => [row.line, row.why]));
  const options = {
    name: kept.name,
    ...(kept.mapping ? { mapping: kept.mapping } : {}),
    ...(kept.currency ? { observedCurrency: kept.currency } : {}),
  };
  const { guess, batches } = await openFeed(openedFile(kept.path, kept.name), options);
  const others: { line: number; sku: string; field: string; value: string; why: string }[] = [];
  for await (const { refused } of batches)
    for (const row of refused) {
      if (why.size < mostRejects) why.set(row.line, row.why);
      if (others.length < mostRejects)
        others.push({ line: row.line, sku: row.supplierSku ?? '', field: row.field ?? '', value: row.value, why: row.why });
    }
  if (guess.format !== 'csv' || guess.delimiter === null || (await isZipped(kept))) {
    yield csvLine(['line', 'supplier_sku', 'field', 'value', 'reject_reason']);
    for (const { line, sku, field, value, why: reason } of others) yield csvLine([line, sku, field, value, reason]);
    return;
  }
  const writing = { delimiter: guess.delimiter };
  if (guess.headerRow !== null)
    yield csvLine([...guess.headers.map((name) => (name.startsWith('#') ? '' : name)), 'reject_reason'], writing);
  const { head, whole } = await peekBytes(openedFile(kept.path, kept.name), 4);
  const profile = { encoding: guess.encoding, delimiter: guess.delimiter, headerRow: guess.headerRow, columns: guess.headers.length };
  for await (const record of readCsv(isGzip(head) ? gunzip(whole) : whole, profile)) {
    if (record.kind === 'header') continue;
    const reason = record.kind === 'problem' ? record.message : why.get(record.line);
    if (reason !== undefined)
      yield csvLine(
        [
          ...record.cells.slice(0, guess.headers.length),
          ...Array.from({ length: Math.max(0, guess.headers.length - record.cells.length) }, () => ''),
          reason,
        ],
        writing,
      );
  }
}

async function isZipped({ path, name }: KeptRun): Promise<boolean> {
  for await (const first of openedFile(path, name)) return isZip(first);
  return false;
}

const strayHours = 48;

/** Offers that their feeds have not had for as long as was agreed have none left; told as one fact a supplier. */
export async function emptyMissing(room: FeedRoom, tenant: string): Promise<void> {
  await room.db.tx(tenant, async (tx) => {
    const emptied = await emptySilent(tx);
    await appendFacts(
      tx,
      emptied.map(({ supplier_id, count }) => ({
        type: 'feed.emptied',
        subject: { kind: 'supplier', id: supplier_id },
        actor: 'step:emptyMissing',
        data: { offers: count },
      })),
    );
  });
}

/** Takes away what nobody looks at any longer: previews of yesterday, and files whose fetch was cut off before they were written down. */
export async function tidyFeeds(room: FeedRoom, tenant: string): Promise<void> {
  const old = await room.db.tx(tenant, dropPreviews);
  await dropFiles(room.folder, tenant, old, 'preview');
  const now = room.db.clock.now();
  const names = await readdir(join(room.folder, tenant)).catch(() => []);
  const ids = names.flatMap((name) => (name.endsWith('.feed') ? [name.slice(0, -'.feed'.length)] : [])).filter(isUuid);
  const kept = new Set(await room.db.tx(tenant, (tx) => runsWithFiles(tx, ids)));
  const strays = await Promise.all(
    ids.map(async (id) => {
      const found = kept.has(id) ? null : await stat(pathOf(room.folder, tenant, id)).catch(() => null);
      return found && now.epochMilliseconds - found.mtimeMs > strayHours * 3_600_000 ? [id] : [];
    }),
  );
  await dropFiles(room.folder, tenant, strays.flat());
}
