import { expect, test } from 'vitest';
import type { Decision } from '../../api/types.ts';
import { type Candidate, decidedFor, lineWhy, numbersOf, stoppedBy } from './why.ts';

const decision = (attempt: number, line: string, sentence: string) => ({ attempt, lines: [{ line, sentence }] }) as unknown as Decision;

test('the newest decision about a line counts, also when a later one was about others', () => {
  const decisions = [decision(1, 'a', 'first'), decision(3, 'b', 'other'), decision(2, 'a', 'second')];
  expect(decidedFor(decisions, 'a')?.decision.attempt).toBe(2);
  expect(lineWhy(decisions, 'a')).toBe('second');
  expect(lineWhy([], 'a')).toBe('Not routed yet.');
});

test('the first gate that was not passed is what stopped a candidate', () => {
  const gates = [
    { gate: 'live', passed: true, why: '' },
    { gate: 'stock', passed: false, why: '0 in stock' },
    { gate: 'margin', passed: false, why: '' },
  ];
  expect(stoppedBy({ gates } as unknown as Candidate)?.gate).toBe('stock');
  expect(stoppedBy({ gates: gates.slice(0, 1) } as unknown as Candidate)).toBeNull();
});

test('numbers are shown as they were, unknown ones as a dash', () => {
  const numbers = { cost_minor: '3100', landed_minor: '3890', currency: 'USD', days: null, stock: 0, age_hours: 1.25 };
  expect(numbersOf({ numbers } as unknown as Candidate)).toEqual({ cost: '$31.00', landed: '$38.90', days: '—', stock: '0', age: '1.3 h' });
  expect(numbersOf({ numbers: {} } as unknown as Candidate).cost).toBe('—');
});
