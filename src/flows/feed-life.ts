import { problem } from '#kernel/problem';
import { type Instant, instant, msBetween } from '#kernel/time';
import {
  beginFeedRun,
  type FeedOutcome,
  type FeedPart,
  type FeedStage,
  findFeedRun,
  importFeed,
  inspectFeed,
  dismissFeedRun,
  readingOf,
} from '#modules/catalog';
import { resolve } from '#modules/exceptions';
import { reflect } from '#modules/routing';
import { findSupplier } from '#modules/suppliers';
import { textOf } from '#kernel/text';
import type { Tx } from '#platform/db';
import { cancelRun, claimRun, findRun, renewRun, repeatRun, type Run, startRun } from '#platform/run';
import { recordEnd, type RunSettings } from './feed-ends.ts';
import { dropFiles, type FeedRoom, keepFile, openedFile, pathOf } from './feed-files.ts';

export { type FeedRoom, mostFeedBytes } from './feed-files.ts';

/**
 * A feed's life: a file is taken and kept, its run is done by whoever claims it, and ends applied, held for a person, failed or
 * cancelled. A held file waits until somebody releases it, whole or in part, or rejects it; nothing of it is written before that.
 */
export const feedLife = {
  name: 'feed',
  kind: 'feed-import',
  states: ['waiting', 'running', 'applied', 'held', 'failed', 'cancelled'],
  moves: [
    { step: 'takeFeed', from: [], to: ['waiting'] },
    { step: 'workFeeds', from: ['waiting', 'running'], to: ['applied', 'held', 'failed', 'cancelled'] },
    { step: 'releaseFeed', from: ['held'], to: ['waiting'] },
    { step: 'rejectFeed', from: ['held'], to: ['cancelled'] },
    { step: 'cancelFeed', from: ['waiting', 'running'], to: ['cancelled'] },
  ],
} as const;

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

/** Keeps the file and puts its run on the list; returns the run's id, which is that of its feed run too. */
export async function takeFeed(room: FeedRoom, tenant: string, file: FeedFile): Promise<string> {
  const id = await room.db.tx(tenant, async (tx) => {
    if (!(await findSupplier(tx, file.supplierId))) throw problem('not-found', `There is no supplier ${file.supplierId}.`);
    return tx.newId();
  });
  const { size } = await keepFile(pathOf(room.folder, tenant, id), file.bytes);
  await room.db.tx(tenant, (tx) => listFeed(tx, { ...file, id, bytes: size, origin: 'upload' }));
  return id;
}

/** Puts the run of a file that is kept already on the list. */
export async function listFeed(
  tx: Tx,
  file: Omit<FeedFile, 'bytes'> & { id: string; bytes: number; origin: string; fetched?: { at: Instant; ms: number } },
): Promise<void> {
  const settings: RunSettings = {
    name: file.name.slice(0, 200),
    by: file.by,
    guard: 'on',
    observedAt: (file.observedAt ?? tx.now).toString(),
    origin: file.origin,
    bytes: file.bytes,
    ...(file.fetched ? { fetched: { at: file.fetched.at.toString(), ms: file.fetched.ms } } : {}),
  };
  await startRun(tx, { id: file.id, kind: feedLife.kind, subject: file.supplierId, settings, total: BigInt(file.bytes) });
  await beginFeedRun(tx, { runId: file.id, supplierId: file.supplierId, name: settings.name, observedAt: file.observedAt ?? tx.now });
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
  const settings = run.settings as unknown as RunSettings;
  const path = pathOf(room.folder, tenant, settings.file ?? run.id);
  const stages = stagesFrom(room, settings);
  const progress = progressOf(room, tenant, run, mine);
  const tail = tailOf();
  let old: string[] = [];
  try {
    const seen = await stages.during('map', () => inspected(room, tenant, run.subject, settings, path));
    stages.begin('read');
    const outcome = await importFeed(room.db, tenant, {
      supplierId: run.subject,
      runId: run.id,
      name: settings.name,
      observedAt: instant(settings.observedAt),
      guard: settings.guard,
      content: { open: () => tail.watched(openedFile(path, settings.name)) },
      lastBytes: tail.bytes,
      reflect,
      onStage: stages.begin,
      onProgress: progress.say,
      cancelled: progress.isCancelled,
      record: async (tx, ended) => void (old = await recordEnd(tx, mine, settings, ended, stages.end())),
      ...(seen ? { seen } : {}),
      ...(settings.part ? { part: settings.part } : {}),
      ...(settings.replayOf ? { isReplay: true, readAll: true } : {}),
    });
    await dropFiles(room.folder, tenant, old);
    return outcome;
  } catch (error) {
    room.trouble?.(error, { tenant, run: run.id });
    return null;
  }
}

async function inspected(room: FeedRoom, tenant: string, supplierId: string, { name, origin, bytes }: RunSettings, path: string) {
  const reading = await room.db.tx(tenant, (tx) => readingOf(tx, supplierId));
  return inspectFeed(openedFile(path, name), {
    name,
    origin: origin ?? '',
    bytes: bytes ?? 0,
    ...(reading ? { currency: reading.currency } : {}),
    ...(reading?.settings.mapping ? { mapping: reading.settings.mapping } : {}),
  });
}

/** What is done when, as far as it is done one after the other. */
function stagesFrom({ db }: FeedRoom, { fetched }: RunSettings) {
  const stages: FeedStage[] = fetched ? [{ name: 'fetch', at: instant(fetched.at), ms: fetched.ms }] : [];
  let running: { name: FeedStage['name']; at: Instant } | null = null;
  const end = (): readonly FeedStage[] => {
    if (running) stages.push({ ...running, ms: msBetween(running.at, db.clock.now()) });
    running = null;
    return stages;
  };
  const begin = (name: FeedStage['name']): void => {
    end();
    // Read a second time from its beginning, as a whole.
    if (name === 'check' || name === 'read') stages.splice(0, stages.length, ...stages.filter((stage) => stage.name !== name));
    running = { name, at: db.clock.now() };
  };
  return {
    begin,
    end,
    during: async <T>(name: FeedStage['name'], work: () => Promise<T>): Promise<T> => {
      begin(name);
      try {
        return await work();
      } finally {
        end();
      }
    },
  };
}

function progressOf(room: FeedRoom, tenant: string, run: Run, mine: { id: string; holder: string; leaseSeconds: number }) {
  let isCancelled = run.cancel_asked;
  let said = room.db.clock.now();
  return {
    isCancelled: () => isCancelled,
    say: async (done: number): Promise<void> => {
      const now = room.db.clock.now();
      if (msBetween(said, now) < sayEveryMs) return;
      said = now;
      const { held, cancelAsked } = await room.db.tx(tenant, (tx) => renewRun(tx, mine, { done: BigInt(done) }));
      if (!held) throw new Error(`Run ${run.id} was taken over by another worker`);
      isCancelled = cancelAsked;
    },
  };
}

/** The last bytes of a file tell whether it is whole. */
function tailOf() {
  const most = 512;
  let last: Uint8Array = new Uint8Array(0);
  return {
    bytes: (): Uint8Array => last,
    async *watched(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
      for await (const chunk of bytes) {
        last = chunk.length >= most ? Uint8Array.from(chunk.subarray(-most)) : Buffer.concat([last, chunk]).subarray(-most);
        yield chunk;
      }
    },
  };
}

/** A person looked at a held file: it is applied, or a part of it. Its run waits again; throws a Problem when it is not held. */
export async function releaseFeed(tx: Tx, run: string, by: string, part: FeedPart | null = null): Promise<string> {
  const held = await findFeedRun(tx, run);
  if (held?.state !== 'held') throw notHeld(run, held?.state);
  if (!(await repeatRun(tx, run, { guard: 'off', by, part }))) throw notHeld(run, held.state);
  return held.supplier_id;
}

/** A person looked at a held file: it is not applied. The file stays for a while, to be read again. */
export async function rejectFeed(tx: Tx, run: string, by: string): Promise<string> {
  const held = await findFeedRun(tx, run);
  if (held?.state !== 'held' || !(await dismissFeedRun(tx, run))) throw notHeld(run, held?.state);
  await resolve(tx, [{ kind: 'feed_held', subject: held.supplier_id, how: 'The file was left aside.', actor: by }]);
  return held.supplier_id;
}

/** Ends a run that waits at once, one that is worked on within seconds. */
export async function cancelFeed(tx: Tx, run: string): Promise<void> {
  if (!(await cancelRun(tx, run))) throw problem('wrong-state', `Run ${run} is neither waiting nor running.`);
  if ((await findRun(tx, run))?.state === 'cancelled') await dismissFeedRun(tx, run);
}

/** Reads a file that is still kept once more, by the mapping of today; returns the id of the new run. */
export async function replayFeed(tx: Tx, run: string, by: string): Promise<string> {
  const before = await findFeedRun(tx, run);
  if (!before) throw problem('not-found', `There is no feed run ${run}.`);
  if (!before.has_file)
    throw problem('wrong-state', 'Its file is not kept any longer.', {
      fix: 'Have it sent again, or keep more files in the settings of the feed.',
    });
  const kept = await findRun(tx, run);
  const settings = {
    name: before.name,
    by,
    guard: 'on',
    observedAt: before.observed_at.toString(),
    origin: 'replay',
    bytes: Number(kept?.settings['bytes'] ?? 0),
    file: textOf(kept?.settings['file'], run),
    replayOf: run,
  } satisfies RunSettings;
  const id = await startRun(tx, { kind: feedLife.kind, subject: before.supplier_id, settings, total: BigInt(settings.bytes) });
  await beginFeedRun(tx, { runId: id, supplierId: before.supplier_id, name: before.name, observedAt: before.observed_at });
  return id;
}

const notHeld = (run: string, state: string | undefined) =>
  state === undefined
    ? problem('not-found', `There is no feed run ${run}.`)
    : problem('wrong-state', `Feed run ${run} is ${state}, not held.`);
