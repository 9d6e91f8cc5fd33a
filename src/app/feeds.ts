import { join } from 'node:path';
import { type FeedRoom, takeFeed, workFeeds } from '#flows/feed-life';
import { problem } from '#kernel/problem';
import { findSupplier, supplierCodes } from '#modules/suppliers';
import type { Log } from '#platform/log';
import type { FeedImport } from '#surfaces/api';
import type { FeedFile } from '#world/world';
import type { Program } from './program.ts';

/** Of all processes of this installation. */
export const feedFolderOf = (dataDir: string): string => join(dataDir, 'feeds');

export const feedRoom = ({ db }: Pick<Program, 'db'>, dataDir: string, log: Log): FeedRoom => ({
  db,
  folder: feedFolderOf(dataDir),
  trouble: (error, run) => log.error('A feed could not be imported', { ...run, error: (error as Error).message }),
});

/** Keeps an uploaded file and imports it beside the request; if this process dies, the sweep of another goes on with it. */
export const uploadFeed =
  (room: FeedRoom, log: Log) =>
  async (tenant: string, file: FeedImport): Promise<{ run: string }> => {
    if (!(await room.db.tx(tenant, (tx) => findSupplier(tx, file.supplier)))) throw problem('not-found', 'There is no such supplier.');
    const run = await takeFeed(room, tenant, { supplierId: file.supplier, name: file.name, by: file.by, bytes: file.bytes });
    workFeeds(room, tenant, run).catch((error: Error) => log.error('A feed could not be imported', { run, error: error.message }));
    return { run };
  };

/** A stock list that a supplier of the world sent: taken and applied at once. */
export async function takeWorldFeed(room: FeedRoom, tenant: string, file: FeedFile): Promise<void> {
  const supplierId = (await room.db.tx(tenant, supplierCodes)).get(file.supplier);
  if (!supplierId) return;
  const run = await takeFeed(room, tenant, {
    supplierId,
    name: file.name,
    by: `supplier:${supplierId}`,
    observedAt: file.at,
    bytes: once(file.bytes),
  });
  await workFeeds(room, tenant, run);
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
