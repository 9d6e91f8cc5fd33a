/** A file that was fetched and lies with us, not looked at yet. */
export interface FetchedFile {
  /** Ours: the id that its run will have. */
  id: string;
  name: string;
  bytes: number;
  /** SHA-256 in hex. */
  hash: string;
  /** When the far side says that it was written. */
  writtenAt?: Temporal.Instant;
}

/** Keeps a file as it comes, streamed; throws when it is larger than a feed may be. */
export type KeepFile = (name: string, bytes: AsyncIterable<Uint8Array>) => Promise<FetchedFile>;

export interface FeedFetched {
  /** In the order in which they are to be applied. */
  files: FetchedFile[];
  /** What is handed to the next fetch: validators, names and sizes, what is to be archived. JSON of less than 200 kB. */
  seen: Record<string, unknown>;
  /** It is known that what we had is still all there is. */
  isCurrent: boolean;
  /** More waits than was taken. */
  more: boolean;
}

/** Where files of one feed are fetched from. Nothing changes there before what was fetched has been kept. */
export interface FeedDoor {
  fetch(seen: Readonly<Record<string, unknown>>, keep: KeepFile): Promise<FeedFetched>;
}

/** What the far side calls the version of a file. */
export interface FileVersion {
  etag?: string;
  lastModified?: string;
}

/** Fetches one address of the web, streamed; null when it is the version that was named. */
export type GetFile = <T>(
  url: string,
  version: FileVersion,
  take: (bytes: AsyncIterable<Uint8Array>, head: FileVersion & { name: string; type: string }) => Promise<T>,
) => Promise<T | null>;
