import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineMarks, Prints } from './prints.ts';

describe('fingerprints', () => {
  it('of more lines than a slab holds are found by their places, and sum up as their halves do', () => {
    const prints = new Prints();
    const count = 200_000;
    for (let at = 0; at < count; at += 1) prints.push((at * 2_654_435_761) >>> 0, 0xffff_ffff - at);
    expect(prints.at(150_000)).toBe(BigInt.asIntN(64, (BigInt((150_000 * 2_654_435_761) >>> 0) << 32n) | BigInt(0xffff_ffff - 150_000)));
    expect(prints.sums().low).toBe(BigInt(count) * 0xffff_ffffn - (BigInt(count) * BigInt(count - 1)) / 2n);
    expect([...prints.parts()].map(({ length }) => length / 2)).toEqual([65_536, 65_536, 65_536, 3_392]);
    prints.keepOnly((place) => place % 3 === 0);
    expect(prints.length).toBe(66_667);
    expect(prints.at(50_000) & 0xffff_ffffn).toBe(BigInt(0xffff_ffff - 150_000));
    prints.push(1, 2);
    expect(prints.at(66_667)).toBe((1n << 32n) | 2n);
  });
});

describe('marks of lines', () => {
  it('tell the n-th marked line, in whatever order they are asked for', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(100_000), { maxLength: 60 }), fc.array(fc.nat(70), { maxLength: 40 }), (lines, asked) => {
        const marks = new LineMarks();
        const sorted = lines.toSorted((one, other) => one - other);
        for (const line of sorted) marks.set(line);
        expect(asked.map((nth) => marks.nth(nth))).toEqual(asked.map((nth) => sorted[nth] ?? -1));
      }),
    );
  });

  it('can be taken back, also where none is', () => {
    const marks = new LineMarks();
    marks.set(9);
    marks.clear(9);
    marks.clear(1_000_000);
    expect([marks.has(9), marks.has(1_000_000)]).toEqual([false, false]);
  });
});
