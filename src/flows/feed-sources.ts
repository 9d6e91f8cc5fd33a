import { msBetween } from '#kernel/time';
import { decideFetched, decideFetchFailed, decideWaited, type FeedSource, feedSource, mayKeep, recordFetched } from '#modules/catalog';
import type { Fault } from '#kernel/fault';
import type { Tx } from '#platform/db';
import { type AnyStep, inside, reading } from '#platform/work';
import type { FeedFetched, FetchedFile } from '#ports/feed-door';
import type { Far } from './far.ts';
import { dropFiles, keepFile, pathOf } from './feed-files.ts';
import { listFeed } from './feed-life.ts';

/** What fetching needs of the installation. */
export interface FetchRoom {
  folder: string;
  now(): Temporal.Instant;
  /** Of the run to come; of one fetch they sort as they were made. */
  newId(nth: number): string;
}

type Got = FeedFetched & { fetched: { at: Temporal.Instant; ms: number } };

/** Feeds that we go and look for: what is new is kept and put on the list in one transaction; that nothing is new makes ours fresher. */
const fetchFeed = ({ folder, now, newId }: FetchRoom) =>
  reading(feedSource, {
    name: 'fetchFeed',
    from: ['polled', 'stopped'],
    to: ['polled', 'stopped'],
    batch: 20,
    // As long as the longest download.
    leaseMs: 2_400_000,
    account: ({ code }) => code,
    ask: async (far: Far, source): Promise<Got> => {
      const at = now();
      const door = await far.feed(source);
      const kept: string[] = [];
      const keep = async (name: string, bytes: AsyncIterable<Uint8Array>): Promise<FetchedFile> => {
        const id = newId(kept.length);
        const { size, hash } = await keepFile(pathOf(folder, far.tenant, id), bytes);
        kept.push(id);
        return { id, name, bytes: size, hash };
      };
      try {
        const got = await door.fetch(source.seen, keep);
        // Whether it was new or not, the same bytes say the same.
        const files = got.isCurrent && source.same_is_fresh ? [] : got.files;
        await dropFiles(
          folder,
          far.tenant,
          kept.filter((id) => !files.some((file) => file.id === id)),
        );
        return { ...got, files, fetched: { at, ms: msBetween(at, now()) } };
      } catch (error) {
        await dropFiles(folder, far.tenant, kept);
        throw error;
      }
    },
    record: listFetched,
    decide: decideFetched,
    refused: (source: FeedSource, fault: Fault, at) => decideFetchFailed(source, fault, at),
  });

async function listFetched(tx: Tx, replies: readonly { thing: FeedSource; reply: Got }[]): Promise<void> {
  await recordFetched(tx, replies);
  for (const { thing, reply } of replies)
    for (const file of reply.files)
      await listFeed(tx, {
        id: file.id,
        supplierId: thing.supplier_id,
        name: file.name,
        by: 'step:fetchFeed',
        bytes: file.bytes,
        origin: thing.transport,
        fetched: reply.fetched,
        ...(file.writtenAt && mayKeep(file.writtenAt, tx.now) ? { observedAt: file.writtenAt } : {}),
      });
}

/** Feeds that are brought to us, and do not come. */
const watchFeed = inside(feedSource, {
  name: 'watchFeed',
  from: ['waiting'],
  to: ['waiting'],
  batch: 200,
  decide: (source, _nothing, now) => decideWaited(source, now),
});

export const feedSteps = (room: FetchRoom): readonly AnyStep[] => [fetchFeed(room), watchFeed];
