import { expect, test } from 'vitest';
import type { ExceptionGroup, ExceptionRow } from '../../api/types.ts';
import { bodiesOf, bySeverity, naps } from './fix.ts';

const row = (id: string, input?: Record<string, unknown>) =>
  ({ id, fixes: [{ action: 're-route', label: '', effect: '', ...(input ? { input } : {}) }] }) as unknown as ExceptionRow;

test('those that want the same input are acted on together, others apart', () => {
  expect(bodiesOf('re-route', [row('1'), row('2', { lines: ['x'] }), row('3')])).toEqual([
    { action: 're-route', ids: ['1', '3'], input: {} },
    { action: 're-route', ids: ['2'], input: { lines: ['x'] } },
  ]);
});

test('no request carries more than the API takes', () => {
  const bodies = bodiesOf(
    're-route',
    Array.from({ length: 450 }, (_, index) => row(String(index))),
  );
  expect(bodies.map(({ ids }) => ids.length)).toEqual([200, 200, 50]);
});

test('most money at risk comes first, then the clock that ends first', () => {
  const group = (cause: string, minor: string, dueAt: string | null) =>
    ({ cause, money: [{ minor, currency: 'USD' }], dueAt }) as unknown as ExceptionGroup;
  const sorted = bySeverity([
    group('late', '500', '2026-11-24T00:00:00Z'),
    group('big', '90000', null),
    group('soon', '500', '2026-11-23T00:00:00Z'),
  ]);
  expect(sorted.map(({ cause }) => cause)).toEqual(['big', 'soon', 'late']);
});

test('every snooze ends later than now', () => {
  const now = '2026-11-23T16:00:00.000Z';
  for (const { until } of naps(now, '2026-11-23T23:00:00Z')) expect(Date.parse(until)).toBeGreaterThan(Date.parse(now));
  expect(naps(now, '2026-11-23T16:30:00Z').some(({ label }) => label.includes('due'))).toBe(false);
});
