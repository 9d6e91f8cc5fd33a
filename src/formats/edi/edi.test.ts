import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EdiSegment, isEdi, readSegments } from './index.ts';

async function* pieces(text: string, size: number): AsyncGenerator<string> {
  for (let from = 0; from < text.length; from += size) yield text.slice(from, from + size);
}
const read = (text: string, size = 50): Promise<EdiSegment[]> => Array.fromAsync(readSegments(pieces(text, size)));
const isa = (element: string, end: string, component = '>'): string =>
  [
    'ISA',
    '00',
    ' '.repeat(10),
    '00',
    ' '.repeat(10),
    'ZZ',
    'SHOP           ',
    'ZZ',
    'MAKER          ',
    '261120',
    '1200',
    'U',
    '00401',
    '000000001',
    '0',
    'T',
    component,
  ].join(element) + end;

describe('segments of X12', () => {
  it.each([
    ['*', '~'],
    ['|', '\n'],
    ['~', '}'],
    ['~', '*'],
  ])('are told apart by the signs that the head says: %s and %j', async (element, end) => {
    const body = [`ST${element}846${element}0001`, `LIN${element}1${element}VP${element}A-1`, `SE${element}3${element}0001`]
      .map((one) => one + end)
      .join('');
    const segments = await read(isa(element, end) + body);
    expect(segments.map(({ tag }) => tag)).toEqual(['ISA', 'ST', 'LIN', 'SE']);
    expect(segments[2]?.elements).toEqual([['1'], ['VP'], ['A-1']]);
  });

  it('are read with marks before them, indented, wrapped, and without an end at the end', async () => {
    const text = `\uFEFF${isa('*', '~')}\r\n  ST*846*1~\r\n    PID*F****Lamp,\r\n oak~\r\n  SE*2*1`;
    const segments = await read(text, 7);
    expect(segments.map(({ tag, line }) => [tag, line])).toEqual([
      ['ISA', 1],
      ['ST', 2],
      ['PID', 3],
      ['SE', 5],
    ]);
    expect(segments[2]?.elements.at(-1)).toEqual(['Lamp,oak']);
  });

  it('have heads of trimmed widths too, and damaged ones are refused in a sentence', async () => {
    expect((await read('ISA*00* *00* *01*999*12*630*060926*1242*U*00401*000000030*0*T*>~ST*832*1~')).map(({ tag }) => tag)).toEqual([
      'ISA',
      'ST',
    ]);
    await expect(read('ISA*00*00~')).rejects.toThrow(/fewer than sixteen elements/);
    await expect(read('HELLO')).rejects.toThrow(/neither ISA nor UNA nor UNB/);
    await expect(read(`${isa('*', '~')}ST*${'x'.repeat(200_000)}`, 5_000)).rejects.toThrow(/does not end within/);
  });
});

describe('segments of EDIFACT', () => {
  it('are taken apart to components, with released signs as they are meant', async () => {
    const segments = await read("UNB+UNOA:3+A:14+B:14+261120:1200+1'UNH+1+INVRPT:D:01B:UN'IMD+F++:::O?'Neil?+Co??'LIN+1++400:SRV'");
    expect(segments[1]?.elements[1]).toEqual(['INVRPT', 'D', '01B', 'UN']);
    expect(segments[2]?.elements[2]?.[3]).toBe("O'Neil+Co?");
    expect(segments[3]?.elements[2]).toEqual(['400', 'SRV']);
  });

  it('have signs of their own where UNA says so', async () => {
    const segments = await read('UNA|*. !~\nUNB*UNOA|3*A*B~\nLIN*1**400|SRV~');
    expect(segments.map(({ tag }) => tag)).toEqual(['UNB', 'LIN']);
    expect(segments[1]?.elements[2]).toEqual(['400', 'SRV']);
  });
});

describe('whatever is in it', () => {
  it('a text is read alike in pieces of any size', async () => {
    const text = `${isa('*', '~')}\nST*846*1~\nLIN*1*VP*A~QTY*33*5~\nSE*4*1~`;
    const whole = await read(text, text.length);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 300 }), async (size) => {
        expect(await read(text, size)).toEqual(whole);
      }),
      { numRuns: 60 },
    );
  });

  it('only what begins as an interchange is one', () => {
    expect(['ISA*00*', '\uFEFF  ISA|00|', "UNA:+.? '", 'UNB+UNOA'].map(isEdi)).toEqual([true, true, true, true]);
    expect(['ISABEL;1', 'sku,title', 'UNBOXED'].map(isEdi)).toEqual([false, false, false]);
  });
});
