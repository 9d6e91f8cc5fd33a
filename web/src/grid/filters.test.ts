import { describe, expect, test } from 'vitest';
import { changesFor, chipsOf, type Filter, heldBack, toggled, unique, viewOf } from './filters.ts';

const status: Filter = {
  key: 'status',
  label: 'Status',
  many: true,
  options: ['a', 'b', 'c', 'd'].map((value) => ({ value, label: value.toUpperCase() })),
};
const attention: Filter = { key: 'attention', label: 'Needs attention', options: [{ value: 'true', label: 'Yes' }] };
const filters = [status, attention];

test('ticking adds and takes away; of a single one the other replaces', () => {
  expect(toggled({ status: 'a' }, status, 'b')).toBe('a,b');
  expect(toggled({ status: 'a,b' }, status, 'a')).toBe('b');
  expect(toggled({ attention: 'true' }, attention, 'true')).toBe('');
});

test('chips say what is filtered in words', () => {
  expect(chipsOf({ status: 'a,b', attention: 'true', q: 'lamp' }, filters)).toEqual([
    { key: 'status', text: 'Status: A or B' },
    { key: 'attention', text: 'Needs attention' },
  ]);
  expect(chipsOf({ status: 'a,b,c,d' }, filters)[0]?.text).toBe('Status: A, B and 2 more');
});

describe('views', () => {
  const views = [
    { label: 'All', search: {} },
    { label: 'Attention', search: { attention: 'true' } },
  ];
  test('one is lit when the address is exactly it, whatever else is open', () => {
    expect(viewOf({ open: 'ord_1', q: 'x' }, filters, views)?.label).toBe('All');
    expect(viewOf({ attention: 'true' }, filters, views)?.label).toBe('Attention');
    expect(viewOf({ attention: 'true', status: 'a' }, filters, views)).toBeNull();
  });
  test('going to one clears the filters it does not have', () => {
    expect(changesFor({ label: 'Attention', search: { attention: 'true' } }, filters)).toEqual({ status: undefined, attention: 'true' });
  });
});

describe('new rows', () => {
  const same = (row: string): string => row;
  test('wait above the one that was on top', () => {
    expect(heldBack(['n2', 'n1', 'a', 'b'], same, 'a')).toEqual({ shown: ['a', 'b'], fresh: 2 });
  });
  test('show themselves when that one is gone or nothing was seen yet', () => {
    expect(heldBack(['b', 'c'], same, 'a')).toEqual({ shown: ['b', 'c'], fresh: 0 });
    expect(heldBack(['a'], same, null)).toEqual({ shown: ['a'], fresh: 0 });
  });
});

test('a row that stands in two pages is shown once', () => {
  expect(unique(['a', 'b', 'a', 'c'], (row) => row)).toEqual(['a', 'b', 'c']);
});
