import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, startEmbedded } from '#platform/db';

export interface BenchServer {
  /** Of a migrated database, as its owner. */
  url: string;
  close(): Promise<void>;
}

/** A real PostgreSQL whose commits are durable, in a temporary folder that goes with it. */
export async function startServer(): Promise<BenchServer> {
  const dataDir = mkdtempSync(join(tmpdir(), 'stockless-bench-'));
  const server = await startEmbedded({ dataDir, log: () => {}, passing: true });
  const close = () => server.stop();
  try {
    await migrate(server.url);
  } catch (error) {
    await close();
    throw error;
  }
  return { url: server.url, close };
}
