import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { fetchPreview, importPreview, keepPreview, lookAt, rawFile, rejectFile } from '#flows/feed-desk';
import { type FeedRoom, takeFeed, workFeeds } from '#flows/feed-life';
import { lineOf } from '#flows/feed-line';
import { Fault } from '#kernel/fault';
import { problem } from '#kernel/problem';
import { type FeedSource, type FeedTransport, sourceOf } from '#modules/catalog';
import { findSupplier, supplierCodes } from '#modules/suppliers';
import type { Log } from '#platform/log';
import type { FeedDesk, FeedImport } from '#surfaces/api';
import type { FeedFile } from '#world/world';
import type { Program } from './program.ts';
import { sealSecrets, secretField } from './wire.ts';

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

/** Looking at files, and what runs brought, for the API. */
export const feedDesk = (room: FeedRoom, program: Program, log: Log): FeedDesk => ({
  keep: (tenant, file) => keepPreview(room, tenant, file),
  fetch: async (tenant, { supplierId, by, transport, settings, secrets }) => {
    const owner = supplierId ?? nobody;
    const known = await room.db.tx(tenant, async (tx) => ({
      now: tx.now,
      kept: supplierId === null ? null : await sourceOf(tx, supplierId),
    }));
    // What is not typed again is taken from what is kept.
    const sealed =
      Object.keys(secrets).length === 0 && known.kept?.transport === transport
        ? known.kept.secrets
        : sealSecrets(program.options.sealer, secrets, tenant, secretField('feed', owner));
    const far = await program.farOf(tenant);
    const draft = {
      ...draftSource,
      id: owner,
      supplier_id: owner,
      transport: transport as FeedTransport,
      settings,
      secrets: sealed,
      created_at: known.now,
    };
    try {
      return await fetchPreview(room, tenant, await far.feed(draft), by, supplierId);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      throw problem('invalid-field', error.message, { param: 'settings', more: { fault: error.code } });
    }
  },
  look: (tenant, id, how) => lookAt(room, tenant, id, how),
  importKept: (tenant, id, supplierId, by) => importPreview(room, tenant, id, supplierId, by),
  raw: async (tenant, run) => {
    const { name, path } = await rawFile(room, tenant, run);
    return { name, bytes: createReadStream(path) };
  },
  line: (tenant, of) => lineOf(room, tenant, of),
  rejects: async (tenant, run) => rejectFile(await rawFile(room, tenant, run)),
  work: (tenant) => {
    workFeeds(room, tenant).catch((error: Error) => log.error('A feed could not be imported', { tenant, error: error.message }));
  },
});

const nobody = '00000000-0000-0000-0000-000000000000';
const draftSource: Omit<FeedSource, 'id' | 'supplier_id' | 'transport' | 'settings' | 'secrets' | 'created_at'> = {
  schedule: {},
  target_minutes: null,
  state: 'polled',
  due_at: null,
  seen: {},
  asked_at: null,
  new_at: null,
  fresh_at: null,
  stale_at: null,
  code: 'preview',
  name: '',
  time_zone: 'UTC',
  same_is_fresh: false,
  rhythm: [],
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
