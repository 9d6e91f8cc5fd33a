import { feedFields } from '#formats/feed';
import { showId } from '#kernel/id';
import { instant } from '#kernel/time';
import {
  allowedMinutes,
  compareColumns,
  defaultFeedSettings,
  type FeedSettings,
  type OfferChange,
  type PreviewRow,
  staleAt,
} from '#modules/catalog';
import type { FeedListed, FeedRunSeen } from '#modules/insight';
import type { LookedAtFeed } from './deps-feeds.ts';
import type { FeedDetail, FeedPreview, FeedRow, FeedRunDetail, OfferChangeRow } from './schemas-feeds.ts';
import { actorOf, amount, at, list, maybeAt, named, record, text } from './show.ts';
import { withoutSecrets } from './show-parties.ts';

export function feedOf(row: FeedListed): FeedRow {
  const clock = { target_minutes: row.target_minutes, rhythm: row.rhythm, fresh_at: row.fresh_at, created_at: row.since };
  const allowed = row.fresh_at === null && row.state !== 'polled' ? null : allowedMinutes(clock);
  return {
    supplier: named('supplier', row.supplier_id, row.supplier_name),
    code: row.code,
    transport: (row.transport ?? 'upload') as FeedRow['transport'],
    state: row.state ?? 'none',
    trouble: row.trouble,
    timeZone: row.time_zone,
    freshAt: maybeAt(row.fresh_at),
    askedAt: maybeAt(row.asked_at),
    dueAt: row.state === 'polled' || row.state === 'stopped' ? maybeAt(row.due_at) : null,
    allowedMinutes: allowed,
    allowedBy: allowed === null ? 'nothing' : row.target_minutes === null ? 'rhythm' : 'agreement',
    overdueAt: allowed === null ? null : maybeAt(staleAt(clock)),
    offers: row.offers,
    rows: row.last_rows === null ? null : Number(row.last_rows),
    changed: row.last_changed === null ? null : Number(row.last_changed),
    held: row.held,
    runs: row.runs.map(({ id, state, kind, at: began, changed }) => ({
      id: showId('run', id),
      state,
      kind,
      at: at(instant(began.replace(' ', 'T'))),
      changed: Number(changed),
    })),
  };
}

export function feedDetailOf(row: FeedListed): FeedDetail {
  const kept = row.settings as Partial<FeedSettings>;
  return {
    ...feedOf(row),
    currency: row.currency,
    settings: { ...defaultFeedSettings, ...kept, limits: { ...defaultFeedSettings.limits, ...kept.limits } } as FeedDetail['settings'],
    source: {
      settings: withoutSecrets(row.source ?? {}),
      schedule: row.schedule ?? {},
      hasSecrets: row.has_secrets,
      targetMinutes: row.target_minutes,
    },
  };
}

const money = (minor: bigint | null, currency: string | null) => (minor === null ? null : amount(minor, currency ?? 'EUR'));

export const changeOf = (row: OfferChange): OfferChangeRow => ({
  offer: showId('offer', row.offer_id),
  supplierSku: row.supplier_sku,
  title: row.title ?? '',
  what: row.what,
  flags: row.flags,
  cost: { before: money(row.was_cost, row.was_currency), after: money(row.cost, row.currency) },
  quantity: { before: row.was_quantity, after: row.quantity },
  titleBefore: row.what.includes('title') ? row.was_title : null,
});

export function feedRunDetailOf(row: FeedRunSeen, counts: Record<string, number>, movers: readonly OfferChange[]): FeedRunDetail {
  const isOpen = row.state === 'waiting' || row.state === 'running';
  return {
    id: showId('run', row.id),
    supplier: named('supplier', row.supplier_id, row.supplier_name),
    name: row.name,
    state: row.state,
    kind: row.kind,
    actor: actorOf(row.actor),
    origin: row.origin,
    bytes: Number(row.bytes),
    hash: row.file_hash ?? '',
    hasFile: row.has_file,
    hasChanges: row.has_changes,
    why: row.why,
    rows: {
      read: Number(row.rows_read),
      new: Number(row.rows_new),
      changed: Number(row.rows_changed),
      same: Number(row.rows_same),
      refused: Number(row.rows_refused),
      gone: Number(row.rows_gone),
    },
    refused: list(row.refused)
      .map(record)
      .map((one) => ({
        line: Number(one['line'] ?? 0),
        field: typeof one['field'] === 'string' ? one['field'] : null,
        value: text(one['value']),
        why: text(one['why']),
      })),
    progress: isOpen && row.total_count !== null ? { done: Number(row.done_count ?? 0n), total: Number(row.total_count) } : null,
    observedAt: maybeAt(row.observed_at),
    startedAt: at(row.started_at),
    endedAt: isOpen ? null : maybeAt(row.ended_at),
    stages: list(row.stages)
      .map(record)
      .map((stage) => ({ name: text(stage['name']), at: text(stage['at']), ms: Math.round(Number(stage['ms'] ?? 0)) })),
    guards: list(row.guards)
      .map(record)
      .map((one) => ({
        guard: text(one['guard']),
        count: Number(one['count'] ?? 0),
        of: Number(one['of'] ?? 0),
        limit: typeof one['limit'] === 'number' ? one['limit'] : null,
        why: text(one['why']),
      })),
    part: row.part as FeedRunDetail['part'],
    basedOn: row.based_on === null ? null : showId('run', row.based_on),
    before: row.before_id === null ? null : showId('run', row.before_id),
    headers: row.headers ?? [],
    reading: row.reading,
    columns: columnsOf(row),
    counts,
    movers: movers.map(changeOf),
  };
}

function columnsOf(row: FeedRunSeen): FeedRunDetail['columns'] {
  if (!row.headers || !row.before_headers) return null;
  const columns = (reading: Readonly<Record<string, unknown>> | null) => record(reading?.['columns']) as Record<string, string>;
  const change = compareColumns(
    { headers: row.before_headers, columns: columns(row.before_reading) },
    { headers: row.headers, columns: columns(row.reading), format: text(row.reading['format']) },
  );
  return change.added.length + change.gone.length + change.renamed.length + change.moved.length === 0 ? null : change;
}

const delimiterWords: Readonly<Record<string, string>> = { ',': 'commas', ';': 'semicolons', '\t': 'tabs', '|': 'bars' };

/** "UTF-16, semicolons, comma decimals, headers on row 3": what was detected, in one breath. */
function sentenceOf({ preview: { guess } }: LookedAtFeed): string {
  const words = [
    guess.format === 'csv' ? '' : guess.format === 'fixed-width' ? 'fixed width' : guess.format.toUpperCase(),
    guess.isGzip ? 'packed with gzip' : '',
    guess.encoding.toUpperCase(),
    guess.delimiter === null ? '' : (delimiterWords[guess.delimiter] ?? `"${guess.delimiter}" between columns`),
    guess.decimal === null ? '' : guess.decimal === ',' ? 'comma decimals' : 'point decimals',
    guess.format !== 'csv' ? '' : guess.headerRow === null ? 'no headers' : `headers on row ${guess.headerRow}`,
    guess.records === null ? '' : `records at ${guess.records}`,
  ];
  return words.filter((word) => word !== '').join(', ');
}

const known = new Set([
  'format',
  'encoding',
  'delimiter',
  'headerRow',
  'decimal',
  'records',
  'headers',
  'columns',
  'confidence',
  'notes',
  'sample',
]);

function rowOf({ line, problems, ...fields }: PreviewRow): FeedPreview['rows'][number] {
  const cells = Object.entries(fields).flatMap(([name, value]): [string, string | number | boolean | null][] =>
    value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      ? [[name, value]]
      : typeof value === 'bigint'
        ? [[name, value.toString()]]
        : [],
  );
  return { line, cells: Object.fromEntries(cells), problems };
}

export function previewOf(seen: LookedAtFeed, ms: number): FeedPreview {
  const { guess, columns, rows, odd, problems, counts, isCut, trouble } = seen.preview;
  return {
    id: showId('feedPreview', seen.id),
    name: seen.name,
    bytes: seen.bytes,
    detected: {
      sentence: sentenceOf(seen),
      format: guess.format,
      encoding: guess.encoding,
      delimiter: guess.delimiter,
      headerRow: guess.headerRow,
      decimal: guess.decimal,
      records: guess.records,
      more: Object.fromEntries(Object.entries(guess).filter(([name]) => !known.has(name))),
      confidence: guess.confidence,
      notes: guess.notes,
    },
    fields: [...feedFields],
    columns,
    rows: rows.map(rowOf),
    odd: odd.map(rowOf),
    problems,
    counts,
    isCut,
    trouble: trouble && { code: trouble.code, message: trouble.message, fix: trouble.fix },
    settings: seen.settings as FeedPreview['settings'],
    ms,
  };
}
