import type { ByteSource } from '#formats/text';
import { Unreadable } from '#kernel/unreadable';
import type { Feed, FeedBatch, FeedOptions } from './words.ts';

/** Looks at the beginning of the file and says how it is understood; the batches then read it. */
export async function openFeed(_source: ByteSource, options: FeedOptions): Promise<Feed> {
  throw new Unreadable('not-a-feed', `${options.name}: reading feeds is being built`, { fix: 'Come back in a few minutes' });
}

/** The batches alone, for a feed whose mapping is settled. */
export async function* readFeed(source: ByteSource, options: FeedOptions): AsyncGenerator<FeedBatch> {
  const feed = await openFeed(source, options);
  yield* feed.batches;
}
