import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { problem } from '#kernel/problem';
import { type Instant, instant, msBetween } from '#kernel/time';
import { Unreadable } from '#kernel/unreadable';
import { appendFacts } from '#modules/audit';
import { dismissFeedRun, type FeedOutcome, findFeedRun, importFeed } from '#modules/catalog';
import { raise, resolve } from '#modules/exceptions';
import { reflect } from '#modules/routing';
import { findSupplier } from '#modules/suppliers';
import type { Database, Tx } from '#platform/db';
import { cancelRun, claimRun, finishRun, renewRun, repeatRun, type Run, startRun } from '#platform/run';

/**
 * A feed's life: a file is taken and kept, its run is done by whoever claims it, and ends applied, held for a person, failed or
 * cancelled. A held file is kept until somebody releases or dismisses it; nothing of it is written before that.
 */
export const feedLife = {
  name: 'feed',
  kind: 'feed-import',
  states: ['waiting', 'running', 'applied', 'held', 'failed', 'cancelled'],
  moves: [
    { step: 'takeFeed', from: [], to: ['waiting'] },
    { step: 'workFeeds', from: ['waiting', 'running'], to: ['applied', 'held', 'failed', 'cancelled'] },
    { step: 'releaseFeed', from: ['held'], to: ['waiting'] },
    { step: 'dismissFeed', from: ['held'], to: ['cancelled'] },
    { step: 'cancelFeed', from: ['waiting', 'running'], to: ['cancelled'] },
  ],
} as const;

/** Where feeds are worked on. */
export interface FeedRoom {
  db: Database;
  /** A folder of ours that all processes of this installation see; files lie in it from the upload until they are applied. */
  folder: string;
  /** Told of what broke by a bug or the database; the run is marked as failed already. */
  trouble?: (error: unknown, run: { tenant: string; run: string }) => void;
}

export interface FeedFile {
  supplierId: string;
  /** As given, for people only. */
  name: string;
  /** Who brought it: `person:<uuid>`, `supplier:<uuid>`, `step:<name>`. */
  by: string;
  bytes: AsyncIterable<Uint8Array>;
  /** When the supplier counted; left out: now. */
  observedAt?: Instant;
}

const leaseSeconds = 300;
/** Saying how far it is costs a transaction. */
const sayEveryMs = 2_000;
export const mostFeedBytes = 2_000_000_000;

/** Keeps the file and puts its run on the list; returns the run's id, which is that of its feed run too. */
export async function takeFeed(room: FeedRoom, tenant: string, file: FeedFile): Promise<string> {
  const id = await room.db.tx(tenant, async (tx) => {
    if (!(await findSupplier(tx, file.supplierId))) throw problem('not-found', `There is no supplier ${file.supplierId}.`);
    return tx.newId();
  });
  const bytes = await keep(pathOf(room, tenant, id), file.bytes);
  await room.db.tx(tenant, async (tx) => {
    const settings: Settings = {
      name: file.name.slice(0, 200),
      by: file.by,
      guard: 'on',
      observedAt: (file.observedAt ?? tx.now).toString(),
    };
    await startRun(tx, { id, kind: feedLife.kind, subject: file.supplierId, settings, total: BigInt(bytes) });
  });
  return id;
}

interface Settings {
  name: string;
  by: string;
  guard: 'on' | 'off';
  observedAt: string;
}

const pathOf = (room: FeedRoom, tenant: string, run: string): string => join(room.folder, tenant, `${run}.feed`);

/** Whole or not at all: under its name only when every byte is there. */
async function keep(path: string, bytes: AsyncIterable<Uint8Array>): Promise<number> {
  const unfinished = `${path}.part`;
  let size = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of bytes) {
      size += chunk.length;
      if (size > mostFeedBytes)
        throw problem('too-large', `A feed has at most ${mostFeedBytes} bytes.`, { fix: 'Have it sent packed with gzip, or in parts.' });
      yield chunk;
    }
  }
  await mkdir(join(path, '..'), { recursive: true, mode: 0o750 });
  try {
    await pipeline(Readable.from(counted(), { objectMode: false }), createWriteStream(unfinished, { mode: 0o640 }));
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
  return size;
}

/** Does what waits, one run after the other, or the one run that is named; returns what became of each. */
export async function workFeeds(room: FeedRoom, tenant: string, only?: string): Promise<FeedOutcome[]> {
  const outcomes: FeedOutcome[] = [];
  for (;;) {
    const claimed = await room.db.tx(tenant, async (tx) => {
      const holder = tx.newId();
      const run = await claimRun(tx, { kinds: [feedLife.kind], holder, leaseSeconds, ...(only === undefined ? {} : { id: only }) });
      return run && { run, holder };
    });
    if (!claimed) return outcomes;
    const outcome = await workOne(room, tenant, claimed.run, claimed.holder);
    if (outcome) outcomes.push(outcome);
  }
}

async function workOne(room: FeedRoom, tenant: string, run: Run, holder: string): Promise<FeedOutcome | null> {
  const mine = { id: run.id, holder, leaseSeconds };
  const settings = run.settings as unknown as Settings;
  const path = pathOf(room, tenant, run.id);
  let isCancelled = run.cancel_asked;
  let said = room.db.clock.now();
  const onProgress = async (done: number): Promise<void> => {
    const now = room.db.clock.now();
    if (msBetween(said, now) < sayEveryMs) return;
    said = now;
    const { held, cancelAsked } = await room.db.tx(tenant, (tx) => renewRun(tx, mine, { done: BigInt(done) }));
    if (!held) throw new Error(`Run ${run.id} was taken over by another worker`);
    isCancelled = cancelAsked;
  };
  try {
    const outcome = await importFeed(room.db, tenant, {
      supplierId: run.subject,
      runId: run.id,
      name: settings.name,
      observedAt: instant(settings.observedAt),
      guard: settings.guard,
      content: { open: () => opened(path, settings.name) },
      reflect,
      onProgress,
      cancelled: () => isCancelled,
      record: (tx, ended) => recordEnd(tx, mine, settings, ended),
    });
    if (outcome.state !== 'held') await rm(path, { force: true });
    return outcome;
  } catch (error) {
    room.trouble?.(error, { tenant, run: run.id });
    return null;
  }
}

async function* opened(path: string, name: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(path, { highWaterMark: 256 * 1024 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new Unreadable('file-gone', `${name} is not in the folder of feeds any longer`, { fix: 'Have it sent again' });
  }
}

/** In the transaction of the import itself, so that a run taken over by another worker leaves nothing behind. */
async function recordEnd(tx: Tx, mine: { id: string; holder: string }, settings: Settings, outcome: FeedOutcome): Promise<void> {
  const { state, why, refused: _refused, run: _run, supplier, ...counts } = outcome;
  const ended = {
    state: state === 'failed' || state === 'cancelled' ? state : ('done' as const),
    summary: { state, why, ...counts },
    problem: state === 'failed' ? why : '',
  };
  if (!(await finishRun(tx, mine, ended))) throw new Error(`Run ${mine.id} was taken over by another worker`);
  const subject = { kind: 'supplier', id: supplier };
  const code = (await findSupplier(tx, supplier))?.code ?? '';
  const data = { supplier: code, run: mine.id, file: settings.name };
  if (state === 'applied') {
    const { rows_new, rows_changed, rows_gone } = counts;
    await appendFacts(tx, [
      { type: 'feed.applied', subject, actor: settings.by, data: { ...data, new: rows_new, changed: rows_changed, gone: rows_gone } },
    ]);
    await resolve(
      tx,
      ['feed_held', 'feed_failed'].map((kind) => ({ kind, subject: supplier, how: 'A feed was applied.', actor: settings.by })),
    );
  }
  if (state === 'held') {
    await appendFacts(tx, [{ type: 'feed.held', subject, actor: settings.by, data: { ...data, why } }]);
    await raise(tx, [
      {
        kind: 'feed_held',
        subject,
        cause: `feed_held:${supplier}`,
        title: `The feed ${settings.name} of ${code} was not applied: ${why}`,
        concerns: { supplier },
        evidence: { run: mine.id, ...counts },
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
  if (state === 'failed') {
    await appendFacts(tx, [{ type: 'feed.failed', subject, actor: settings.by, data: { ...data, why } }]);
    await raise(tx, [
      {
        kind: 'feed_failed',
        subject,
        cause: `feed_failed:${supplier}`,
        title: `The feed ${settings.name} of ${code} could not be read: ${why}`,
        concerns: { supplier },
        evidence: { run: mine.id },
        fixes: [{ action: 'dismiss', label: 'Leave it', effect: 'Nothing changes; the next file is looked at anew.' }],
      },
    ]);
  }
}

/** A person looked at a held file: it is applied as it is. Its run waits again; throws a Problem when it is not held. */
export async function releaseFeed(tx: Tx, run: string, by: string): Promise<void> {
  const held = await findFeedRun(tx, run);
  if (held?.state !== 'held') throw notHeld(run, held?.state);
  if (!(await repeatRun(tx, run, { guard: 'off', by }))) throw notHeld(run, held.state);
}

/** A person looked at a held file: it is not applied. */
export async function dismissFeed(room: FeedRoom, tenant: string, run: string, by: string): Promise<void> {
  await room.db.tx(tenant, async (tx) => {
    const held = await findFeedRun(tx, run);
    if (held?.state !== 'held' || !(await dismissFeedRun(tx, run))) throw notHeld(run, held?.state);
    await resolve(tx, [{ kind: 'feed_held', subject: held.supplier_id, how: 'The file was left aside.', actor: by }]);
  });
  await rm(pathOf(room, tenant, run), { force: true });
}

/** Ends a run that waits at once, one that is worked on within seconds. */
export async function cancelFeed(tx: Tx, run: string): Promise<void> {
  if (!(await cancelRun(tx, run))) throw problem('wrong-state', `Run ${run} is neither waiting nor running.`);
}

const notHeld = (run: string, state: string | undefined) =>
  state === undefined
    ? problem('not-found', `There is no feed run ${run}.`)
    : problem('wrong-state', `Feed run ${run} is ${state}, not held.`);
