import { describe, expect, it } from 'vitest';
import {
  changed,
  endingName,
  endings,
  idFor,
  inOrder,
  levelOf,
  newRule,
  nextHour,
  readAmount,
  readScaled,
  saidBy,
  showAmount,
  showTimes,
} from './draft.ts';

const at = '2026-11-25T10:00:00Z';
const rule = newRule(new Set(), at);

describe('a rule on the screen', () => {
  it('is as special as what it names', () => {
    expect(levelOf(rule)).toBe('base');
    expect(changed(rule, { categories: ['Lighting'] }).level).toBe('category');
    expect(changed(rule, { categories: ['Lighting'], brands: ['Kest'] }).level).toBe('brand');
    expect(changed(rule, { skus: ['A'] }).level).toBe('sku');
    const { formula: _, ...locked } = changed(rule, { skus: ['A'] });
    expect(levelOf(locked)).toBe('lock');
  });

  it('leaves out what is empty, so that the API takes it', () => {
    expect(changed({ ...rule, when: 'cost > 1.0' }, { when: '', brands: [] })).toEqual(rule);
  });

  it('stands where the program asks it', () => {
    const rules = [rule, changed({ ...rule, id: 'b' }, { brands: ['Kest'] }), { ...rule, id: 'c', priority: 3 }];
    expect(inOrder(rules).map(({ id }) => id)).toEqual(['b', 'c', 'rule']);
  });

  it('gets an id of its own', () => {
    expect(idFor('Clearance — Kestrel!', new Set())).toBe('clearance-kestrel');
    expect(idFor('Rule', new Set(['rule', 'rule-2']))).toBe('rule-3');
  });

  it('says in a line what it does', () => {
    expect(saidBy(rule)).toBe('landed cost × 1.60');
    expect(saidBy({ ...rule, formula: { base: 'cost', markupBp: 16_250, minMarginBp: 2_200 } })).toBe('cost × 1.625, at least 22 %');
  });
});

it('numbers are read as people type them', () => {
  expect(readScaled('1.6', 10_000, 1e6)).toBe(16_000);
  expect(readScaled('1,65', 10_000, 1e6)).toBe(16_500);
  expect(readScaled('22', 100, 9_500)).toBe(2_200);
  for (const wrong of ['', '-1', 'x', '1e3', '999']) expect(readScaled(wrong, 100, 9_500)).toBeNull();
  expect(showTimes(12_345)).toBe('1.2345');
});

it('amounts know how many digits their currency has', () => {
  expect([showAmount(1_250, 'USD'), showAmount(1_250, 'JPY')]).toEqual(['12.50', '1250']);
  expect([readAmount('12,5', 'EUR'), readAmount('900', 'JPY'), readAmount('9.5', 'JPY'), readAmount('', 'USD')]).toEqual([
    1_250,
    900,
    null,
    null,
  ]);
});

it('endings keep their names', () => {
  for (const { name, ending } of endings) expect(endingName(ending ?? undefined)).toBe(name);
});

it('tonight is at three in the shop’s own time', () => {
  expect(nextHour(at, 3, 'UTC')).toBe('2026-11-26T03:00:00.000Z');
  expect(nextHour(at, 3, 'America/New_York')).toBe('2026-11-26T08:00:00.000Z');
});
