import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Unreadable } from '#kernel/unreadable';
import { type ByteSource, decodeText, guessEncoding, oneChunk, peekBytes, steadyChunks } from './index.ts';

const joined = async (source: AsyncIterable<string>): Promise<string> => (await Array.fromAsync(source)).join('');
const text = (source: ByteSource, encoding: string): Promise<string> => joined(decodeText(source, encoding));

/** The bytes in pieces that end anywhere. */
export async function* pieces(bytes: Uint8Array, cuts: readonly number[]): AsyncGenerator<Uint8Array> {
  let from = 0;
  for (const cut of [...cuts.map((share) => Math.floor(share * bytes.length)), bytes.length].sort((one, other) => one - other)) {
    yield bytes.subarray(from, cut);
    from = cut;
  }
}
const shares = fc.array(fc.float({ min: 0, max: 1, noNaN: true }), { maxLength: 8 });

describe('decoding', () => {
  it('gives the same text wherever the chunks end', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 200, unit: 'binary' }), shares, async (given, cuts) => {
        const clean = given.replaceAll('\ufeff', '');
        expect(await text(pieces(Buffer.from(clean, 'utf8'), cuts), 'utf-8')).toBe(Buffer.from(clean, 'utf8').toString('utf8'));
        expect(await text(pieces(Buffer.from(`\ufeff${clean}`.toWellFormed(), 'utf16le'), cuts), 'utf-16le')).toBe(clean.toWellFormed());
      }),
    );
  });

  it('reads the encodings that files in the field have', async () => {
    expect(await text(oneChunk(new Uint8Array([0xd6, 0xc4, 0x80])), 'windows-1252')).toBe('ÖÄ€');
    expect(await text(oneChunk(new Uint8Array([0x83, 0x65, 0x83, 0x58])), 'shift_jis')).toBe('テス');
  });

  it('stops at the first byte that does not belong, and says where', async () => {
    const bytes = Buffer.concat([Buffer.from('a\nb\nc'), Buffer.from([0xff]), Buffer.from('d')]);
    await expect(text(oneChunk(bytes), 'utf-8')).rejects.toMatchObject({ code: 'wrong-encoding', place: { byte: 5, line: 3 } });
    await expect(text(oneChunk(Buffer.from([0xe2, 0x82])), 'utf-8')).rejects.toThrow(Unreadable);
    await expect(text(oneChunk(bytes), 'utf-99')).rejects.toMatchObject({ code: 'unknown-encoding' });
  });

  it('of any bytes gives text or says that they are none', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 300 }),
        fc.constantFrom('utf-8', 'utf-16le', 'utf-16be', 'gbk', 'shift_jis', 'windows-1251'),
        shares,
        async (bytes, encoding, cuts) => {
          const one = await text(oneChunk(bytes), encoding).catch((error: unknown) => error);
          const many = await text(pieces(bytes, cuts), encoding).catch((error: unknown) => error);
          if (typeof one === 'string') expect(many).toBe(one);
          else {
            expect(one).toBeInstanceOf(Unreadable);
            expect(many).toBeInstanceOf(Unreadable);
          }
        },
      ),
    );
  });
});

describe('a source', () => {
  it('comes in steady chunks with every byte once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 900_000 }), shares, async (size, cuts) => {
        const bytes = Buffer.alloc(size, 'stockless');
        const chunks = await Array.fromAsync(steadyChunks(pieces(bytes, cuts)));
        expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
        expect(chunks.every((chunk) => chunk.length > 0 && chunk.length <= 256 * 1024)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  it('that was looked into is still whole, and is closed when nobody reads on', async () => {
    let closed = false;
    const source = async function* (): AsyncGenerator<Uint8Array> {
      try {
        for (let at = 0; at < 10; at += 1) yield new Uint8Array([at]);
      } finally {
        closed = true;
      }
    };
    const peeked = await peekBytes(source(), 3);
    expect([peeked.head.length, peeked.isWhole]).toEqual([3, false]);
    expect(Buffer.concat(await Array.fromAsync(peeked.whole))).toHaveLength(10);
    closed = false;
    const other = await peekBytes(source(), 3);
    for await (const chunk of other.whole) if (chunk[0] === 1) break;
    expect(closed).toBe(true);
    expect((await peekBytes(oneChunk(new Uint8Array(2)), 100)).isWhole).toBe(true);
  });
});

describe('a guess at the encoding', () => {
  it('tells the usual ones apart', () => {
    expect(guessEncoding(Buffer.from('\ufeffä')).encoding).toBe('utf-8');
    expect(guessEncoding(Buffer.from('SKU;Größe', 'utf16le')).encoding).toBe('utf-16le');
    expect(guessEncoding(Buffer.from([0x53, 0x74, 0xfc, 0x63, 0x6b, 0x20, 0x47, 0x72, 0xf6, 0xdf, 0x65])).encoding).toBe('windows-1252');
    expect(guessEncoding(Buffer.from([0xd1, 0xf2, 0xe5, 0xea, 0xeb, 0xee, 0x20, 0xe7, 0xe0, 0xe4, 0xed, 0xe5, 0xe5])).encoding).toBe(
      'windows-1251',
    );
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => guessEncoding(bytes).confidence <= 1));
  });
});
