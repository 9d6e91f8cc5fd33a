import { pipeline, Readable } from 'node:stream';
import { createGunzip, type Gunzip } from 'node:zlib';
import type { ByteSource } from '#formats/text';
import { Unreadable } from '#kernel/unreadable';

export interface GzipLimits {
  /** Bytes out, in all. */
  bytes: number;
  /** Bytes out per byte in. Text of products comes to 5 to 30, a million lines that differ by a number to 60. */
  ratio: number;
}
export const gzipLimits: GzipLimits = { bytes: 4 * 1024 ** 3, ratio: 200 };

/** Small files may be all one letter: below this much output the ratio says nothing. */
const ratioFromBytes = 4 * 1024 * 1024;

export const isGzip = (head: Uint8Array): boolean => head[0] === 0x1f && head[1] === 0x8b;

/**
 * The bytes inside, as they come; several members one after another are read as one file. Throws `Unreadable` for a file that
 * is damaged, cut off or larger than the limits; a fault of the source itself passes through unchanged.
 */
export async function* gunzip(source: ByteSource, limits: Partial<GzipLimits> = {}): AsyncGenerator<Uint8Array> {
  const { bytes, ratio } = { ...gzipLimits, ...limits };
  const inflating: Gunzip = createGunzip({ chunkSize: 64 * 1024 });
  let sourceFault: { fault: unknown } | null = null;
  const watched = async function* (): AsyncGenerator<Uint8Array> {
    try {
      yield* source;
    } catch (fault) {
      sourceFault = { fault };
      throw fault;
    }
  };
  // The error reaches us through the iteration below; the pipeline only has to clear up.
  pipeline(Readable.from(watched(), { highWaterMark: 1 }), inflating, () => undefined);
  let out = 0;
  try {
    for await (const chunk of inflating as AsyncIterable<Buffer>) {
      out += chunk.length;
      refuseBomb(out, inflating.bytesWritten, { bytes, ratio });
      yield chunk;
    }
  } catch (error) {
    if (sourceFault !== null) throw (sourceFault as { fault: unknown }).fault;
    throw error instanceof Unreadable ? error : damaged(error, out);
  } finally {
    inflating.destroy();
  }
}

function refuseBomb(out: number, read: number, limits: GzipLimits): void {
  if (out > limits.bytes) {
    throw new Unreadable('too-large', `The gzip file unpacks to more than ${limits.bytes} bytes`, {
      fix: 'Have it sent in parts, or raise the limit',
    });
  }
  if (out > ratioFromBytes && out > read * limits.ratio) {
    throw new Unreadable('suspicious-ratio', `The gzip file unpacks to more than ${limits.ratio} times its size, as no product list does`, {
      fix: 'Look at the file by hand before trusting its sender',
    });
  }
}

function damaged(error: unknown, out: number): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (!code.startsWith('Z_')) return error;
  const what = code === 'Z_BUF_ERROR' ? 'is cut off' : 'is damaged';
  return new Unreadable('bad-gzip', `The gzip file ${what} after ${out} bytes of content`, {
    fix: 'Have the file sent again',
    cause: error,
  });
}
