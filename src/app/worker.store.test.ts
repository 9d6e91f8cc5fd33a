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

it('a worker that the server broke off while it ticked off what is done is started anew', async () => {
  const drained: string[] = [];
  const warned: string[] = [];
  const program = {
    options: { sleep },
    db: { outsideTenants: async () => [] },
    work: {
      drain: async (step: string) => {
        drained.push(step);
        // What it is about to tick off cannot be found when it comes to that.
        if (step === 'first') await owner.query('alter table graphile_worker._private_jobs rename to out_of_reach');
        return false;
      },
    },
  } as unknown as Program;
  const log = { ...silentLog, warn: (message: string) => void warned.push(message) };
  const worker = await startWorker({
    program: { ...program, options: { ...program.options, clock: { now: () => Temporal.Now.instant() } } } as Program,
    ownerUrl: fresh.url,
    log,
    metrics: makeMetrics({ ofProcess: false }),
    concurrency: 1,
    feeds: {} as WorkerOptions['feeds'],
  });
  await ring('first');
  await expect.poll(() => warned, { timeout: 40_000 }).toContain('The worker broke off and is started anew');
  await owner.query('alter table graphile_worker.out_of_reach rename to _private_jobs');
  await ring('second');
  await expect.poll(() => drained, { timeout: 40_000 }).toContain('second');
  await worker.stop(5_000);
}, 100_000);
