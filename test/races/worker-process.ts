import { readConfig } from '#platform/config';
import { makeLog } from '#platform/log';
import { makeMetrics } from '#platform/metrics';
import { openKeyring } from '#platform/secrets';
import { sleep, systemChance, systemClock } from '#platform/time';
import { sharedBell } from '#platform/work';
import { feedRoom } from '#app/feeds';
import { realOutside } from '#app/outside';
import { makeProgram } from '#app/program';
import { startWorker } from '#app/worker';
import { fastClock } from '../setup/race-clock.ts';

/** `stockless work` on a clock that runs faster, so that nobody waits minutes for the lease of one that was killed. */
const config = readConfig();
const clock = fastClock(Number(process.env['RACE_BEGAN']), Number(process.env['RACE_SPEED']));
const log = makeLog({ clock: systemClock, level: config.logLevel ?? 'warn', pretty: false });
const { outside } = realOutside(config);
const url = config.databaseUrl ?? '';
const program = makeProgram({
  url,
  clock,
  chance: systemChance,
  sleep,
  outsideOf: () => outside,
  sealer: openKeyring({ dataDir: config.data, env: process.env }),
  linkKey: Buffer.alloc(32, 7),
  publicUrl: config.publicUrl ?? '',
  mailFrom: 'orders@stockless.test',
  concurrency: 4,
  connections: 6,
  bell: sharedBell,
  budget: true,
});
await startWorker({
  program,
  ownerUrl: url,
  log,
  metrics: makeMetrics({ ofProcess: false }),
  concurrency: 3,
  feeds: feedRoom(program, config.data, log),
});
