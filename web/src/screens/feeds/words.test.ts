import { describe, expect, it } from 'vitest';
import { ageShare, costMove, fieldWord, runSentence } from './words.ts';

describe('a feed', () => {
  it('has used up a share of the age it may have', () => {
    const feed = { freshAt: '2026-11-25T09:00:00Z', allowedMinutes: 60 };
    expect(ageShare(feed, '2026-11-25T09:30:00Z')).toBe(0.5);
    expect(ageShare(feed, '2026-11-25T11:00:00Z')).toBe(2);
    expect(ageShare({ ...feed, allowedMinutes: null }, '2026-11-25T11:00:00Z')).toBeNull();
    expect(ageShare({ ...feed, freshAt: null }, '2026-11-25T11:00:00Z')).toBeNull();
  });

  it('names fields that it does not know yet as people would', () => {
    expect([fieldWord('supplierSku'), fieldWord('imageUrl')]).toEqual(["Supplier's SKU", 'Image url']);
  });
});

describe('a run', () => {
  const run = {
    state: 'applied' as const,
    why: '',
    rows: { read: 10, new: 1, changed: 2, gone: 0 },
    kind: 'file',
    progress: null,
    name: 'a.csv',
  };
  it('is told in a sentence', () => {
    expect(runSentence(run)).toBe('10 rows: 1 new, 2 changed, 0 gone.');
    expect(runSentence({ ...run, rows: { read: 10, new: 0, changed: 0, gone: 0 } })).toBe('10 rows, nothing changed.');
    expect(runSentence({ ...run, state: 'held', why: 'Too much.' })).toBe('Held, nothing of it was written. Too much.');
    expect(runSentence({ ...run, state: 'running', progress: { done: 50, total: 100 } })).toBe('Being read: 50.0 % of 100 B.');
  });

  it('moves a cost by a share of what it was', () => {
    const money = (minor: string) => ({ minor, currency: 'EUR' });
    expect(costMove({ cost: { before: money('1000'), after: money('1250') } })).toBe(0.25);
    expect(costMove({ cost: { before: null, after: money('1250') } })).toBeNull();
    expect(costMove({ cost: { before: money('0'), after: money('1250') } })).toBeNull();
  });
});
