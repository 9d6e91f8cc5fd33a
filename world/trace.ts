import { createHash } from 'node:crypto';

/** The story so far: one line for every event at the boundary, chained, so that two runs can be compared by one hash. */
export interface Trace {
  say(at: number, who: string, what: string, bytes?: Uint8Array | string): void;
  readonly count: number;
  readonly recent: readonly string[];
  hash(): string;
  saved(): SavedTrace;
}

export interface SavedTrace {
  count: number;
  hash: string;
  /** Lines not folded into the hash yet. */
  waiting: string;
  recent: string[];
}

const recentLines = 400;
const batch = 64;

export function makeTrace(from?: SavedTrace): Trace {
  const recent: string[] = [...(from?.recent ?? [])];
  let count = from?.count ?? 0;
  let hash = from?.hash ?? '';
  let waiting = from?.waiting ?? '';
  const settle = (): void => {
    hash = createHash('sha256').update(hash).update(waiting).digest('hex');
    waiting = '';
  };
  return {
    say: (at, who, what, bytes) => {
      const digest = bytes === undefined ? '' : ` ${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}`;
      const line = `${new Date(at).toISOString()} ${who} ${what}${digest}`;
      count += 1;
      recent.push(line);
      if (recent.length > recentLines * 2) recent.splice(0, recentLines);
      waiting += `${line}\n`;
      // Folded every so many lines by count alone, so that asking for the hash in between changes nothing.
      if (count % batch === 0) settle();
    },
    get count() {
      return count;
    },
    get recent() {
      return recent.slice(-recentLines);
    },
    hash: () => createHash('sha256').update(hash).update(waiting).digest('hex'),
    saved: () => ({ count, hash, waiting, recent: recent.slice(-recentLines) }),
  };
}
