import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { silentLog } from '#platform/log';
import { makeMetrics } from '#platform/metrics';
import { sleep } from '#platform/time';
import { freshDatabase } from '../../test/setup/database.ts';
import type { Program } from './program.ts';
import { startWorker, type WorkerOptions } from './worker.ts';

let fresh: Awaited<ReturnType<typeof freshDatabase>>;
let owner: pg.Client;

beforeAll(async () => {
  fresh = await freshDatabase();
  owner = new pg.Client({ connectionString: fresh.url });
  await owner.connect();
});

afterAll(async () => {
  await owner.end();
  await fresh.drop();
});

const ring = (step: string) =>
  owner.query(`select graphile_worker.add_job('ring', json_build_object('step', $1::text, 'tenant', 'none'), max_attempts := 3)`, [step]);

/** A worker whose steps take what `drain` says, and what it warned of. */
async function workerOf(drain: (step: string) => Promise<unknown>, concurrency: number) {
  const warned: string[] = [];
  const program = {
    options: { sleep, clock: { now: () => Temporal.Now.instant() } },
    db: { outsideTenants: async () => [] },
    work: { drain: async (step: string) => void (await drain(step)) },
  } as unknown as Program;
  const log = { ...silentLog, warn: (message: string) => void warned.push(message) };
  const metrics = makeMetrics({ ofProcess: false });
  const worker = await startWorker({ program, ownerUrl: fresh.url, log, metrics, concurrency, feeds: {} as WorkerOptions['feeds'] });
  return { worker, warned };
}

const hideJobs = () => owner.query('alter table graphile_worker._private_jobs rename to out_of_reach');
const showJobs = () => owner.query('alter table graphile_worker.out_of_reach rename to _private_jobs');
const startedAnew = 'The worker broke off and is started anew';

it('a worker that the server broke off while it ticked off what is done is started anew', async () => {
  const drained: string[] = [];
  const { worker, warned } = await workerOf(async (step) => {
    drained.push(step);
    // What it is about to tick off cannot be found when it comes to that.
    if (step === 'first') await hideJobs();
  }, 1);
  await ring('first');
  await expect.poll(() => warned, { timeout: 40_000 }).toContain(startedAnew);
  await showJobs();
  await ring('second');
  await expect.poll(() => drained, { timeout: 40_000 }).toContain('second');
  await worker.stop(5_000);
}, 100_000);

it('a worker that never ends of itself after several things could not be ticked off is started anew', async () => {
  const drained: string[] = [];
  const begun = new Set<string>();
  const { worker, warned } = await workerOf(async (step) => {
    drained.push(step);
    begun.add(step);
    if (!step.startsWith('together')) return;
    await expect.poll(() => begun.size, { timeout: 20_000 }).toBe(3);
    if (step === 'together 1') await hideJobs();
    // One after the other they come to be ticked off, so that two have failed while the third is still in hand; and that one fails.
    else await sleep(step === 'together 2' ? 1_000 : 2_000);
    if (step === 'together 3') throw new Error('a step that fails');
  }, 3);
  for (const step of ['together 1', 'together 2', 'together 3']) await ring(step);
  await expect.poll(() => warned, { timeout: 40_000 }).toContain(startedAnew);
  await showJobs();
  await ring('afterwards');
  await expect.poll(() => drained, { timeout: 40_000 }).toContain('afterwards');
  await worker.stop(5_000);
}, 100_000);
