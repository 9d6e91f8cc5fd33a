import { describe, expect, test } from 'vitest';
import { clockOf, counted, showAgo, showBytes, showHours, showMoney, showShare, showSpan, showStamp, showSums } from './format.ts';

const now = '2026-11-23T16:00:00Z';
const usd = (minor: string) => ({ minor, currency: 'USD' });

describe('money', () => {
  test('is shown with its places, a true minus and zero as a number', () => {
    expect(showMoney(usd('125000'))).toBe('$1,250.00');
    expect(showMoney(usd('-400'))).toBe('−$4.00');
    expect(showMoney(usd('0'))).toBe('$0.00');
    expect(showMoney(usd('7'))).toBe('$0.07');
  });

  test('has the places of its currency', () => {
    expect(showMoney({ minor: '1500', currency: 'JPY' })).toBe('¥1,500');
    expect(showMoney({ minor: '1500', currency: 'KWD' })).toContain('1.500');
  });

  test('in a tile has no cents, and is short from ten thousand on', () => {
    expect(showMoney(usd('33770'), { compact: true })).toBe('$338');
    expect(showMoney(usd('-231389'), { compact: true })).toBe('−$2,314');
    expect(showMoney(usd('1251000'), { compact: true })).toBe('$12.5K');
  });

  test('stays exact beyond what a float can hold', () => {
    expect(showMoney(usd('9007199254740993'))).toBe('$90,071,992,547,409.93');
  });

  test('of several currencies is never added, and nothing is left out but zero', () => {
    expect(showSums([{ minor: '31000', currency: 'EUR' }, usd('421000'), { minor: '0', currency: 'GBP' }])).toBe('$4,210.00 · €310.00');
    expect(showSums([])).toBe('');
  });
});

test('counts and shares say their words', () => {
  expect(counted(1, 'order')).toBe('1 order');
  expect(counted(1204, 'order')).toBe('1,204 orders');
  expect(showShare(0.9412)).toBe('94.1 %');
  expect(showShare(-0.05)).toBe('−5.0 %');
  expect(showBytes(412)).toBe('412 B');
  expect(showBytes(5_240)).toBe('5.2 kB');
});

describe('time', () => {
  test.each([
    [30_000, '30 s'],
    [40 * 60_000, '40 min'],
    [3 * 3_600_000, '3 h'],
    [52 * 3_600_000, '2 d 4 h'],
    [72 * 3_600_000, '3 d'],
    [-12 * 3_600_000, '12 h'],
  ])('a span of %d ms is %s', (ms, said) => expect(showSpan(ms)).toBe(said));

  test('a measure in hours turns into days from two days on', () => {
    expect(showHours(19.24)).toBe('19.2 h');
    expect(showHours(52)).toBe('2 d 4 h');
  });

  test('an age is said in words for a day, then as a date', () => {
    expect(showAgo('2026-11-23T13:00:00Z', now, 'UTC')).toBe('3 h ago');
    expect(showAgo('2026-11-23T16:20:00Z', now, 'UTC')).toBe('in 20 min');
    expect(showAgo('2026-11-23T15:59:40Z', now, 'UTC')).toBe('just now');
    expect(showAgo('2026-11-20T09:05:00Z', now, 'UTC')).toBe('Nov 20, 09:05');
  });

  test('another year is named', () => {
    expect(showStamp('2025-11-23T16:00:00Z', now, 'UTC')).toBe('Nov 23, 2025, 16:00');
  });

  test('a clock says how late, how soon, or how long', () => {
    expect(clockOf('2026-11-23T04:00:00Z', now)).toEqual({ tone: 'crit', word: '12 h late' });
    expect(clockOf('2026-11-23T18:00:00Z', now)).toEqual({ tone: 'wait', word: 'due in 2 h' });
    expect(clockOf('2026-11-25T20:00:00Z', now)).toEqual({ tone: 'neutral', word: '2 d 4 h' });
  });
});
