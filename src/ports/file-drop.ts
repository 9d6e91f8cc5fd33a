/** A folder shared with a partner: what they put there for us, and what we put there for them. */
export interface DroppedFile {
  /** As the far side names it; never used as a path on our side. */
  name: string;
  sizeBytes: number;
  /** When it was written, in seconds since 1970; left out where the far side does not say. */
  changedAt?: number;
}

export interface FileDrop {
  /** Regular files of one folder, sorted by name, at most `limit`. Files still being written (`.part`, `.tmp`) are left out. */
  list(folder: string, limit: number): Promise<DroppedFile[]>;
  read(folder: string, name: string, maxBytes: number): Promise<Uint8Array>;
  /** The same, streamed into a sink as it comes; left out by drops whose files are small. */
  copy?(folder: string, name: string, maxBytes: number, into: NodeJS.WritableStream): Promise<void>;
  /** Writes under a temporary name and renames, so that the partner never sees half a file. Refuses to overwrite other content. */
  write(folder: string, name: string, bytes: Uint8Array): Promise<void>;
  /** Whether a file of that name is, or was, there: in the folder itself or in its `archive`. */
  exists(folder: string, name: string): Promise<boolean>;
  /** Moves a file that has been taken in to the folder's `archive`. */
  archive(folder: string, name: string): Promise<void>;
}
