import type { Writable } from 'node:stream';

export interface Entry {
  name: string;
  kind: 'file' | 'folder' | 'other';
  sizeBytes: number;
  /** Whole seconds since 1970; 0 when the far side does not say. */
  changedAt: number;
}

/**
 * The few things every store of files can do. Paths are relative to the drop's root, with "/" between parts, checked already.
 * Everything throws a `Fault`; `broke-off` means that the connection was lost in the middle.
 */
export interface Place {
  /** What is in a folder; null when there is no such folder. */
  entries(folder: string): Promise<Entry[] | null>;
  entry(path: string): Promise<Entry | null>;
  /** At most `mostBytes`; a longer file is a fault. */
  read(path: string, mostBytes: number): Promise<Uint8Array>;
  /** Streams a file into a sink, and ends it. */
  copy(path: string, into: Writable): Promise<void>;
  /** Writes a whole file, over what is there. */
  put(path: string, bytes: Uint8Array): Promise<void>;
  /** Gives a file another name; never over one that is there, as far as the far side can promise that. */
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Makes a folder; nothing happens when it is there. */
  makeFolder(path: string): Promise<void>;
}

/** Opens the place for one piece of work and closes it after. */
export type WithPlace = <T>(work: (place: Place) => Promise<T>) => Promise<T>;
