import type { ByteSource } from './decode.ts';

/** The beginning of a source and, as `whole`, the source from its beginning again, to be walked once. */
export interface Peeked {
  /** At least as many bytes as asked for, or all there are. */
  head: Uint8Array;
  isWhole: boolean;
  whole: ByteSource;
}

/** Reads only as far as needed; whatever was read is handed on. */
export async function peekBytes(source: ByteSource, bytes: number): Promise<Peeked> {
  const walk = source[Symbol.asyncIterator]();
  const chunks: Uint8Array[] = [];
  let size = 0;
  let isWhole = false;
  while (size < bytes) {
    const next = await walk.next();
    if (next.done) {
      isWhole = true;
      break;
    }
    chunks.push(next.value);
    size += next.value.length;
  }
  return { head: chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, size), isWhole, whole: again(chunks, walk) };
}

async function* again(chunks: readonly Uint8Array[], walk: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks;
    for (;;) {
      const next = await walk.next();
      if (next.done) return;
      yield next.value;
    }
  } finally {
    // Whoever stops early closes the file or connection behind the source too.
    await walk.return?.();
  }
}
