import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { oneChunk } from '#formats/text';
import { Unreadable } from '#kernel/unreadable';
import { gunzip, type GzipLimits, isGzip } from './index.ts';

const unpacked = async (bytes: Uint8Array, limits: Partial<GzipLimits> = {}): Promise<Buffer> =>
  Buffer.concat(await Array.fromAsync(gunzip(oneChunk(bytes), limits)));

describe('a gzip file', () => {
  it('gives its content back, several members as one', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), fc.uint8Array({ maxLength: 2000 }), async (one, other) => {
        const packed = Buffer.concat([gzipSync(one), gzipSync(other)]);
        expect(isGzip(packed)).toBe(true);
        expect(await unpacked(packed)).toEqual(Buffer.concat([one, other]));
      }),
      { numRuns: 30 },
    );
  });

  it('that would fill the disk is refused early', async () => {
    const bomb = gzipSync(Buffer.alloc(60_000_000));
    await expect(unpacked(bomb)).rejects.toMatchObject({ code: 'suspicious-ratio' });
    await expect(unpacked(bomb, { ratio: 5000, bytes: 1_000_000 })).rejects.toMatchObject({ code: 'too-large' });
    expect(await unpacked(gzipSync(Buffer.alloc(1_000_000)))).toHaveLength(1_000_000);
  });

  it('that is cut off or damaged says so', async () => {
    const packed = gzipSync(Buffer.from('sku,qty\n'.repeat(5000)));
    await expect(unpacked(packed.subarray(0, -20))).rejects.toMatchObject({ code: 'bad-gzip' });
    await expect(unpacked(Buffer.concat([packed.subarray(0, 20), Buffer.alloc(40, 7)]))).rejects.toThrow(Unreadable);
  });

  it('passes a fault of its source on unchanged, and closes the source when nobody reads on', async () => {
    const packed = gzipSync(Buffer.alloc(3_000_000, 'abcdefg'));
    const failing = async function* (): AsyncGenerator<Uint8Array> {
      yield packed.subarray(0, 100);
      throw new RangeError('the line went dead');
    };
    await expect(Array.fromAsync(gunzip(failing()))).rejects.toThrow('the line went dead');
    for await (const chunk of gunzip(oneChunk(packed))) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
  });

  it('of any bytes ends in content or in Unreadable', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        const found = await unpacked(Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 0]), bytes])).catch((error: unknown) => error);
        if (!Buffer.isBuffer(found)) expect(found).toBeInstanceOf(Unreadable);
      }),
      { numRuns: 60 },
    );
  });
});
