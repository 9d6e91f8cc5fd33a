import { appendFacts } from '#modules/audit';
import {
  dropOldRuns,
  type FeedOutcome,
  type FeedPart,
  type FeedStage,
  forgetFile,
  lookAtStanding,
  noteFresh,
  noteRun,
  noteStages,
  readingOf,
  setWaitFor,
} from '#modules/catalog';
import { raise, resolve } from '#modules/exceptions';
import { findSupplier } from '#modules/suppliers';
import { showId } from '#kernel/id';
import { instant } from '#kernel/time';
import type { Tx } from '#platform/db';
import { finishRun } from '#platform/run';

/** What a run of a feed was asked to do; kept with it, so that another worker can take it up. */
export interface RunSettings {
  name: string;
  by: string;
  guard: 'on' | 'off';
  observedAt: string;
  /** The transport it came by. */
  origin?: string;
  bytes?: number;
  fetched?: { at: string; ms: number };
  part?: FeedPart | null;
  /** The run whose file is read again, and under which id the file lies. */
  replayOf?: string;
  file?: string;
}

/**
 * What follows from a run's end, in the transaction of the import itself, so that a run taken over by another worker leaves nothing
 * behind. Returns the runs whose files need not be kept any longer.
 */
export async function recordEnd(
  tx: Tx,
  mine: { id: string; holder: string },
  settings: RunSettings,
  outcome: FeedOutcome,
  stages: readonly FeedStage[],
): Promise<string[]> {
  const { state, why, refused: _refused, run: _run, supplier, ...counts } = outcome;
  const ended = {
    state: state === 'failed' || state === 'cancelled' ? state : ('done' as const),
    summary: { state, why, ...counts },
    problem: state === 'failed' ? why : '',
  };
  if (!(await finishRun(tx, mine, ended))) throw new Error(`Run ${mine.id} was taken over by another worker`);
  await noteRun(tx, mine.id, {
    kind: settings.replayOf ? 'replay' : 'file',
    actor: settings.by,
    origin: settings.origin ?? '',
    bytes: settings.bytes ?? 0,
    basedOn: settings.replayOf ?? null,
    hasFile: state !== 'cancelled' && settings.file === undefined,
  });
  await noteStages(tx, mine.id, stages);
  if (state === 'applied') await applied(tx, mine.id, settings, outcome);
  if (state === 'held') await held(tx, mine.id, settings, outcome);
  if (state === 'failed') await failed(tx, mine.id, settings, outcome);
  const keep = (await readingOf(tx, supplier))?.settings;
  const old = await dropOldRuns(tx, supplier, { files: keep?.keepFiles ?? 5, runs: keep?.keepRuns ?? 30 });
  return state === 'cancelled' && settings.file === undefined ? [...old, mine.id] : old;
}

/** Where a person looks at it, in the console. */
const pageOfRun = (run: string): string => `/feeds/runs/${showId('run', run)}`;

async function saidOf(tx: Tx, run: string, settings: RunSettings, supplier: string) {
  const code = (await findSupplier(tx, supplier))?.code ?? '';
  return { code, subject: { kind: 'supplier', id: supplier }, data: { supplier: code, run, file: settings.name } };
}

async function applied(
  tx: Tx,
  run: string,
  settings: RunSettings,
  { supplier, rows_new, rows_changed, rows_gone }: FeedOutcome,
): Promise<void> {
  const { subject, data } = await saidOf(tx, run, settings, supplier);
  await appendFacts(tx, [
    { type: 'feed.applied', subject, actor: settings.by, data: { ...data, new: rows_new, changed: rows_changed, gone: rows_gone } },
  ]);
  await lookAtStanding(tx, [supplier]);
  if (settings.guard === 'off') await setWaitFor(tx, supplier, '');
  // What was kept back has to be looked at again when it comes again.
  if (settings.part) await forgetFile(tx, supplier);
  const source = await noteFresh(tx, supplier, instant(settings.observedAt));
  const over = (kind: string, about: string) => ({ kind, subject: about, how: 'A feed was applied.', actor: settings.by });
  await resolve(tx, [over('feed_held', supplier), over('feed_failed', supplier), over('feed_stale', source)]);
}

async function held(tx: Tx, run: string, settings: RunSettings, outcome: FeedOutcome): Promise<void> {
  const { why, refused: _refused, run: _run, state: _state, supplier, ...counts } = outcome;
  const { code, subject, data } = await saidOf(tx, run, settings, supplier);
  await appendFacts(tx, [{ type: 'feed.held', subject, actor: settings.by, data: { ...data, why } }]);
  await raise(tx, [
    {
      kind: 'feed_held',
      subject,
      cause: `feed_held:${supplier}`,
      title: `The feed ${settings.name} of ${code} was not applied: ${why}`,
      detail: 'What it would change is shown row by row on the page of its run, where a part of it can be released too.',
      concerns: { supplier },
      evidence: { run, page: pageOfRun(run), ...counts },
      fixes: [
        { action: 'dismiss', label: 'Leave it', effect: 'Nothing changes; the next file is looked at anew.' },
        {
          action: 'release-feed',
          label: 'Apply it',
          effect: `${counts.rows_changed} offers change, ${counts.rows_new} are new, ${counts.rows_gone} are gone.`,
        },
      ],
    },
  ]);
}

async function failed(tx: Tx, run: string, settings: RunSettings, { why, supplier }: FeedOutcome): Promise<void> {
  const { code, subject, data } = await saidOf(tx, run, settings, supplier);
  await appendFacts(tx, [{ type: 'feed.failed', subject, actor: settings.by, data: { ...data, why } }]);
  await raise(tx, [
    {
      kind: 'feed_failed',
      subject,
      cause: `feed_failed:${supplier}`,
      title: `The feed ${settings.name} of ${code} could not be read: ${why}`,
      detail: 'The file is kept; when the mapping is corrected it can be read again on the page of its run.',
      concerns: { supplier },
      evidence: { run, page: pageOfRun(run) },
      fixes: [{ action: 'dismiss', label: 'Leave it', effect: 'Nothing changes; the next file is looked at anew.' }],
    },
  ]);
}
