import { Logger, makeWorkerUtils, run, type Runner, type TaskList } from 'graphile-worker';
import pg from 'pg';
import { emptyMissing, tidyFeeds } from '#flows/feed-desk';
import { type FeedRoom, workFeeds } from '#flows/feed-life';
import { beginListings } from '#flows/listing-life';
import { workMatches } from '#flows/match-life';
import { followPrices } from '#flows/pricing';
import { after } from '#kernel/time';
import { seal } from '#modules/audit';
import { wakeSnoozed } from '#modules/exceptions';
import { allTenants } from '#modules/identity';
import { stopGracefully } from '#platform/http';
import { forgetAnswers } from '#platform/http';
import type { Log } from '#platform/log';
import type { Metrics } from '#platform/metrics';
import type { Program } from './program.ts';

export interface Worker {
  /** No new work; what is in hand is finished. After `ms` it is left, as by a crash: leases and the sweep bring it back. */
  stop(ms: number): Promise<void>;
}

export interface WorkerOptions {
  program: Program;
  /** The connection of the owner, to whom the wake-up tables belong. */
  ownerUrl: string;
  log: Log;
  metrics: Metrics;
  /** Steps that run at the same time in this process. */
  concurrency: number;
  feeds: FeedRoom;
}

/** How long the same idempotency key gets the same answer. */
const answersKeptHours = 48;
/** Once a minute whatever is due is rung for, whoever forgot to; and what has a calendar is done. */
const crontab = '* * * * * sweep ?max=1&fill=1m';

/** Runs steps when they are rung for, and the calendar. Many processes may do so; what one holds the others pass over. */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { ownerUrl, log, concurrency } = options;
  const pool = new pg.Pool({ connectionString: ownerUrl, max: concurrency + 2, application_name: 'stockless worker' });
  pool.on('connect', (client) => client.on('error', () => {}));
  pool.on('error', (error) => log.warn('A connection of the worker broke and is replaced', { error: error.message }));
  const start = () =>
    run({
      pgPool: pool,
      concurrency,
      crontab,
      noHandleSignals: true,
      pollInterval: 2_000,
      taskList: tasksOf(options),
      // In batches, as only those are waited for at the end; else the last job done would be left behind as if somebody had died over it.
      preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
      logger: new Logger(
        (_scope) => (level, message) =>
          level === 'error' ? log.error(message) : level === 'warning' ? log.warn(message) : log.debug(message),
      ),
    });
  const runner = await keepRunning(start, options);
  const utils = await makeWorkerUtils({ pgPool: pool });
  // What became due while nobody ran is found at once.
  await utils.addJob('sweep', {}, { jobKey: 'first-sweep' });
  return {
    stop: async (ms) => {
      const close = () => runner.stop().catch((error: Error) => log.warn('The worker had stopped already', { error: error.message }));
      if ((await stopGracefully({ close }, ms, options.program.options.sleep)) === 'cut off') {
        log.warn('Work that was in hand did not end in time; it is taken up again when its lease is over');
        return;
      }
      await utils.release();
      await pool.end();
    },
  };
}

/** How long is waited before a runner that broke is started anew. */
const restartMs = 1_000;
/** How long a runner that closes by itself may take; what it still holds after that is left to its leases. */
const closeMs = 10_000;

/**
 * When a runner has ended, and why. One that could not tick off several things closes and then waits for good, because it counts
 * what it has still to tick off below nothing (graphile-worker 0.18, `batch`); so it is not waited for longer than `closeMs`.
 */
function endOf(runner: Runner, sleep: Program['options']['sleep'], signal: AbortSignal): Promise<string> {
  const closing = new Promise<void>((begun) => runner.events.once('pool:gracefulShutdown', () => begun()));
  const ended = runner.promise.then(
    () => 'it ended',
    (error: Error) => error.message,
  );
  const stuck = closing
    .then(() => sleep(closeMs, signal))
    .then(
      () => 'it did not end by itself',
      () => 'it was stopped',
    );
  return Promise.race([ended, stuck]);
}

/**
 * A runner ends by itself when the server breaks off one of its own statements, as by a deadlock while it ticks off what is done.
 * Nothing is lost by that, as the work is in the rows; but somebody has to start it again.
 */
async function keepRunning(start: () => Promise<Runner>, { log, program }: WorkerOptions): Promise<{ stop(): Promise<void> }> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const startAgain = async (why: string): Promise<Runner | null> => {
    log.warn('The worker broke off and is started anew', { error: why });
    await program.options.sleep(restartMs, signal).catch(() => {});
    if (signal.aborted) return null;
    return start().catch((error: Error) => startAgain(error.message));
  };
  let runner: Runner | null = await start();
  const watched = (async () => {
    while (runner && !signal.aborted) {
      const why = await endOf(runner, program.options.sleep, signal);
      if (!signal.aborted) runner = await startAgain(why);
    }
  })();
  return {
    stop: async () => {
      stopping.abort();
      await runner?.stop();
      await watched;
    },
  };
}

function tasksOf({ program, log, metrics, feeds }: WorkerOptions): TaskList {
  const { db, work } = program;
  return {
    ring: async (payload, helpers) => {
      const { step, tenant } = payload as { step: string; tenant: string };
      const began = performance.now();
      const more = await work.drain(step, tenant);
      metrics.stepSeconds.observe({ step }, (performance.now() - began) / 1000);
      if (more) await helpers.addJob('ring', { step, tenant }, { jobKey: `${step}:${tenant}`, jobKeyMode: 'replace', maxAttempts: 3 });
    },
    feeds: async (payload) => {
      const { tenant } = payload as { tenant: string };
      await workFeeds(feeds, tenant);
      await workMatches(db, tenant, () => program.options.stopping?.aborted ?? false);
    },
    sweep: async (_payload, helpers) => {
      const hourly = program.options.clock.now().epochMilliseconds % 3_600_000 < 60_000;
      for (const { id: tenant } of await db.outsideTenants(allTenants)) {
        for (const step of await work.due(tenant))
          await helpers.addJob('ring', { step, tenant }, { jobKey: `${step}:${tenant}`, jobKeyMode: 'replace', maxAttempts: 3 });
        await helpers.addJob('feeds', { tenant }, { jobKey: `feeds:${tenant}` });
        await followPrices(db, tenant);
        await emptyMissing(feeds, tenant);
        if (hourly) await tidyFeeds(feeds, tenant);
        await db.tx(tenant, beginListings);
        await db.tx(tenant, wakeSnoozed);
        while ((await db.tx(tenant, (tx) => seal(tx))) > 0);
        await db.tx(tenant, (tx) => forgetAnswers(tx, after(tx.now, { hours: -answersKeptHours })));
      }
      metrics.lastSweepTimestampSeconds.set(program.options.clock.now().epochMilliseconds / 1000);
      log.debug('Everything that is due was rung for');
    },
  };
}
