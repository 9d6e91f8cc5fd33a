import { describe, expect, test } from 'vitest';
import type { Api } from '#ports/api';
import { after, instant } from '#kernel/time';
import { restStore } from './door.ts';

const noon = instant('2026-03-02T12:00:00Z');

/** A store that says what it was asked and answers with the pages given. */
function store(pages: { id: string; updated_at: string }[][]) {
  const asked: Record<string, string>[] = [];
  const api = {
    get: async (_path: string, _shape: unknown, query: Record<string, string>) => {
      asked.push(query);
      const orders = pages.shift() ?? [];
      return { orders, more: pages.length > 0 };
    },
  } as unknown as Api;
  let now = noon;
  return { asked, door: restStore(api, { now: () => now }), pass: (hours: number) => (now = after(now, { hours })) };
}

describe('sweeps over the orders of a store', () => {
  test('pages go on where the last order stood, told apart by its id', async () => {
    const { asked, door } = store([[{ id: 'a', updated_at: '2026-03-02T11:00:00Z' }], [{ id: 'b', updated_at: '2026-03-02T11:00:00Z' }]]);
    const first = await door.orders('', 1);
    expect(first).toMatchObject({ more: true, documents: [{ object: 'a' }] });
    await door.orders(first.cursor, 1);
    expect(asked).toEqual([{ limit: '1' }, { updated_after: '2026-03-02T11:00:00Z', after: 'a', limit: '1' }]);
  });

  test('the next sweep begins a quarter of an hour before the last order, and once a day three days back', async () => {
    const { asked, door, pass } = store([[{ id: 'a', updated_at: '2026-03-02T11:00:00Z' }]]);
    const { cursor } = await door.orders('', 100);
    const again = await door.orders(cursor, 100);
    pass(25);
    await door.orders((await door.orders(again.cursor, 100)).cursor, 100);
    expect(asked.map(({ updated_after }) => updated_after)).toEqual([
      undefined,
      '2026-03-02T10:45:00Z',
      '2026-03-02T10:45:00Z',
      '2026-02-28T13:00:00Z',
    ]);
  });

  test('an order without id or time is kept all the same and moves nothing', async () => {
    const { door } = store([[{ id: 'a', updated_at: '2026-03-02T11:00:00Z' }, {} as never]]);
    expect((await door.orders('', 100)).documents.map(({ object }) => object)).toEqual(['a', '']);
  });
});
