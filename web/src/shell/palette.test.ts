import { expect, test } from 'vitest';
import { fits, type Item, matching, moved } from './palette.ts';

const item = (title: string, group = 'Go to'): Item => ({ id: title, group, title, act: () => {} });

test('beginnings come before words, words before letters', () => {
  const titles = matching([item('Purchase orders'), item('Orders on hold'), item('Old records')], 'ord').map(({ title }) => title);
  expect(titles).toEqual(['Orders on hold', 'Purchase orders', 'Old records']);
});

test('groups stay together, the one with the best answer first', () => {
  const groups = matching([item('Connections'), item('Dark theme', 'Do'), item('Orders and more')], 'dar').map(({ group }) => group);
  expect(groups[0]).toBe('Do');
});

test('nothing typed fits everything, nonsense fits nothing', () => {
  expect(fits('Home', '')).toBe(1);
  expect(fits('Home', 'zq')).toBe(0);
});

test('the mark goes round the ends', () => {
  expect(moved('ArrowDown', 2, 3)).toBe(0);
  expect(moved('ArrowUp', 0, 3)).toBe(2);
  expect(moved('a', 0, 3)).toBeNull();
  expect(moved('End', 0, 0)).toBeNull();
});
