import { join } from 'node:path';
import { loadSealer, type Sealer } from './seal.ts';

/**
 * The sealer of this installation. Its master keys come from STOCKLESS_KEY where that is set, otherwise from `master.key` in the
 * data folder, which the first start makes (readable by its owner only). That file belongs in a backup of its own, apart from
 * the database's: without it no secret opens again.
 */
export const openKeyring = ({ dataDir, env }: { dataDir: string; env: Readonly<Record<string, string | undefined>> }): Sealer =>
  loadSealer({ keyFile: join(dataDir, 'master.key'), fromEnv: env['STOCKLESS_KEY']?.trim() || undefined });
