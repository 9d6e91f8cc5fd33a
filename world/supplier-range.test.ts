import { describe, expect, test } from 'vitest';
import { dayMs } from './dice.ts';
import { rangesFor } from './supplier-range.ts';

const things = Array.from({ length: 300 }, (_, at) => ({ sku: `850${at}`, title: `Thing ${at}`, price: 100 + at * 7 }));
const suppliers = rangesFor(things, 5);

describe('ranges for real history', () => {
  test('three suppliers overlap, and everything is had from at least one', () => {
    expect(suppliers).toHaveLength(3);
    const counts = things.map(({ sku }) => suppliers.filter(({ items }) => items.some((item) => item.sku === sku)).length);
    expect(Math.min(...counts)).toBe(1);
    expect(counts.filter((count) => count > 1).length).toBeGreaterThan(150);
    for (const { items } of suppliers) expect(items.every(({ cost, price }) => cost > 0 && cost < price)).toBe(true);
  });

  test('stock runs down, runs out here and there, and is filled up again', () => {
    const [supplier] = suppliers;
    const shelf =
      supplier?.items.map(({ sku, start }) =>
        Array.from({ length: 120 }, (_, day) => (supplier.onHand(sku, day * dayMs, 0) ?? 0) / start),
      ) ?? [];
    expect(shelf.flat().every((share) => share >= 0 && share <= 1)).toBe(true);
    expect(shelf.filter((days) => days.includes(0)).length).toBeGreaterThan(20);
    expect(shelf.every((days) => days.some((share, day) => day > 0 && share > (days[day - 1] ?? 1)))).toBe(true);
  });

  test('is the same for the same seed, and what we take is missing', () => {
    const again = rangesFor(things, 5);
    expect(again.map(({ items }) => items)).toEqual(suppliers.map(({ items }) => items));
    const [one] = suppliers;
    const sku = one?.items[0]?.sku ?? '';
    expect(one?.onHand(sku, 0, 1)).toBe(Math.max(0, (one?.onHand(sku, 0, 0) ?? 0) - 1));
    expect(one?.onHand('unknown', 0, 0)).toBe(0);
  });
});
