import { expect, test } from 'vitest';
import { step, withRange, withToggled } from './selection.ts';

const ids = ['a', 'b', 'c', 'd'];

test('a range goes from the last chosen to this one, in either direction', () => {
  expect([...withRange(new Set(['d']), ids, 'c', 'a')].toSorted()).toEqual(['a', 'b', 'c', 'd']);
  expect([...withRange(new Set(), ids, null, 'b')]).toEqual(['b']);
  expect([...withRange(new Set(), ids, 'gone', 'c')]).toEqual(['c']);
});

test('toggling leaves the given selection as it was', () => {
  const before = new Set(['a']);
  expect([...withToggled(before, 'a')]).toEqual([]);
  expect([...before]).toEqual(['a']);
});

test('the mark stays within the list and begins at its top', () => {
  expect(step(ids, null, 1)).toBe('a');
  expect(step(ids, 'd', 1)).toBe('d');
  expect(step(ids, 'b', -20)).toBe('a');
  expect(step(ids, 'a', 'last')).toBe('d');
  expect(step([], 'a', 1)).toBeNull();
});
