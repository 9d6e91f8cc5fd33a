import { assert, asyncProperty, dictionary, string, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Unreadable } from '#kernel/unreadable';
import { readZip } from './index.ts';
import { makeZip } from '../../../test/setup/make-zip.ts';

const open = async (file: Uint8Array): Promise<Record<string, string>> => {
  const found = Object.create(null) as Record<string, string>;
  for (const entry of readZip(file, 'list.zip')) found[entry.name] = Buffer.concat(await Array.fromAsync(entry.bytes())).toString();
  return found;
};

const byName = ([one]: [string, string], [other]: [string, string]): number => (one < other ? -1 : 1);

describe('a ZIP', () => {
  it('gives back what was packed, whatever it is', async () => {
    const files = dictionary(
      string({ minLength: 1, maxLength: 20, unit: 'grapheme-ascii' }).filter((name) => !name.endsWith('/')),
      string({ maxLength: 200 }),
      { maxKeys: 6 },
    );
    await assert(
      asyncProperty(files, async (given) => {
        expect(Object.entries(await open(makeZip(given))).toSorted(byName)).toEqual(Object.entries(given).toSorted(byName));
      }),
      { numRuns: 50 },
    );
  });

  it('has a comment behind its directory now and then', async () => {
    expect(await open(new Uint8Array([...makeZip({ 'a.csv': 'x' }), ...Buffer.from(' made on a Monday')]))).toEqual({ 'a.csv': 'x' });
  });

  it.each<[string, Uint8Array, string]>([
    ['cut off', makeZip({ 'a.csv': 'sku,cost\n' }).subarray(0, 40), 'damaged'],
    ['locked', makeZip({ 'a.csv': 'x' }, { flags: 1 }), 'locked'],
    ['said to be smaller than it is', makeZip({ 'a.csv': 'x'.repeat(10_000) }, { size: 10 }), 'suspicious-ratio'],
    ['said to be larger than it is', makeZip({ 'a.csv': 'x' }, { size: 10 }), 'damaged'],
    ['made to burst', makeZip({ 'a.csv': new Uint8Array(20_000_000) }), 'suspicious-ratio'],
  ])('that is %s is refused', async (_what, file, code) => {
    await expect(open(file)).rejects.toMatchObject({ code });
  });

  it('of any bytes is read or refused in words, and nothing else', async () => {
    const real = makeZip({ 'a.csv': 'sku,cost\nA,1\n', 'b.txt': 'notes' });
    await assert(
      asyncProperty(uint8Array({ minLength: real.length, maxLength: real.length }), async (noise) => {
        // Most bytes stay, so that the damage lies in the middle of what makes sense.
        const damaged = real.map((byte, at) => ((noise[at] ?? 0) < 8 ? (noise[at] ?? 0) * 32 : byte));
        await open(damaged).catch((error: unknown) => expect(error).toBeInstanceOf(Unreadable));
      }),
      { numRuns: 200 },
    );
  });
});
