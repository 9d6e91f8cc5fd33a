import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { oneChunk } from '#formats/text';
import { Unreadable } from '#kernel/unreadable';
import { jsonLimits, readJson, readJsonLines, readJsonList, valueAt } from './index.ts';

const list = async (text: string) => (await Array.fromAsync(readJsonList(oneChunk(Buffer.from(text))))).flat();
const lines = async (text: string) => (await Array.fromAsync(readJsonLines(oneChunk(Buffer.from(text))))).flat();

describe('a path', () => {
  it('finds the place it names, and only own members', () => {
    const value = { a: { b: [{ c: 1 }, { 'odd.name': 2 }] }, __proto: 1 };
    expect([
      valueAt(value, 'a.b[0].c'),
      valueAt(value, 'a.b[1]["odd.name"]'),
      valueAt(value, 'a.b[9].c'),
      valueAt(value, 'a.toString'),
      valueAt(value, 'a..b'),
      valueAt(value, ''),
    ]).toEqual([1, 2, undefined, undefined, undefined, value]);
    expect(valueAt(value, 'a.b[0]["constructor"]')).toBeUndefined();
  });
});

describe('a JSON list', () => {
  it('is read one element at a time, wherever the chunks end, as the whole would be', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.jsonValue({ maxDepth: 3 }), { maxLength: 6 }),
        fc.constantFrom(undefined, 1),
        fc.integer({ min: 1, max: 7 }),
        async (values, indent, step) => {
          const bytes = Buffer.from(JSON.stringify(values, null, indent));
          const source = async function* (): AsyncGenerator<Uint8Array> {
            for (let from = 0; from < bytes.length; from += step) yield bytes.subarray(from, from + step);
          };
          const found = (await Array.fromAsync(readJsonList(source()))).flat();
          expect(found.map((record) => ('value' in record ? record.value : record))).toEqual(JSON.parse(bytes.toString()));
        },
      ),
    );
  });

  it('tells the line of each element', async () => {
    expect((await list('[\n {"a":1},\n\n {"a":\n2}\n]\n')).map(({ line }) => line)).toEqual([2, 4]);
  });

  it('that is cut off, or is none, is refused', async () => {
    for (const text of ['[1,2', '[1,2]x', '[1,,2]', '[1,]', '{"a":1}', '', '[1}']) await expect(list(text)).rejects.toThrow(Unreadable);
    expect(await list('[]')).toEqual([]);
  });

  it('of any text ends in records or in Unreadable', async () => {
    const soup = fc
      .array(fc.constantFrom('[', ']', '{', '}', '"', '\\', ',', ':', '1', 'a', '\n', ' '), { maxLength: 30 })
      .map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(soup, async (text) => {
        for (const read of [list, lines]) {
          const found = await read(`[${text}`).catch((error: unknown) => error);
          if (!Array.isArray(found)) expect(found).toBeInstanceOf(Unreadable);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('JSON lines', () => {
  it('report the line that is no JSON and read the rest', async () => {
    const found = await lines('{"a":1}\n\nnot json\r\n{"a":2}');
    expect(found.map((record) => ('value' in record ? record.value : record.line))).toEqual([{ a: 1 }, 3, { a: 2 }]);
  });
});

describe('one JSON text', () => {
  it('has limits of size and depth', () => {
    expect(readJson('\ufeff{"a":[1]}')).toEqual({ a: [1] });
    expect(() => readJson('[1,2,3]', 3)).toThrow(Unreadable);
    expect(() => readJson('['.repeat(jsonLimits.depth + 1) + ']'.repeat(jsonLimits.depth + 1))).toThrow(/nested deeper/);
    expect(() => readJson('{"secret":"hunter2"')).toThrow(/line 1/);
  });

  it('that is wrong does not show its content in the message', () => {
    const wrong = ((): string => {
      try {
        readJson('{"secret":"hunter2",}');
        return '';
      } catch (error) {
        return (error as Error).message;
      }
    })();
    expect(wrong).toContain('cannot be read');
    expect(wrong).not.toContain('hunter2');
  });
});
