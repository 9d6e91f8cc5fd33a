import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Config, readConfig } from '#platform/config';
import { migrate, startEmbedded } from '#platform/db';
import { type Log, makeLog } from '#platform/log';
import { openKeyring, type Sealer } from '#platform/secrets';
import { systemClock } from '#platform/time';

/** What every command that works on the database begins with. */
export interface Begun {
  config: Config;
  log: Log;
  /** Of the owner, who migrates and to whom the wake-up tables belong; the program itself works under a lesser role. */
  url: string;
  sealer: Sealer;
  linkKey: Uint8Array;
  dataDir: string;
  stop(): Promise<void>;
}

/** Settings, data folder, database (our own unless DATABASE_URL says another), migrations and keys. Says on stderr what it does. */
export async function begin(say: (line: string) => void): Promise<Begun> {
  const read = readConfig();
  for (const line of read.unknown) say(line);
  const dataDir = resolve(read.data);
  const config = { ...read, data: dataDir };
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const log = makeLog({
    clock: systemClock,
    level: config.logLevel ?? 'info',
    pretty: config.logForm ? config.logForm === 'pretty' : process.stdout.isTTY,
  });
  const embedded = config.databaseUrl ? null : await startEmbedded({ dataDir: join(dataDir, 'postgres'), log: say });
  const url = config.databaseUrl ?? embedded?.url ?? '';
  await migrate(url, { report: say });
  const sealer = openKeyring({ dataDir, env: process.env });
  const master = process.env['STOCKLESS_KEY']?.trim() || readFileSync(join(dataDir, 'master.key'), 'utf8').trim();
  // Of several master keys the oldest, so that links stay what they are when a new one is put before it.
  const oldestKey = master.split(/[\s,]+/).at(-1) ?? '';
  return {
    config,
    log,
    url,
    sealer,
    dataDir,
    linkKey: createHash('sha256').update(`links ${oldestKey}`).digest(),
    stop: async () => embedded?.stop(),
  };
}
