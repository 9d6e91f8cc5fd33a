import { describe, expect, it } from 'vitest';
import { guardFeed, type WouldDo } from './decide-guard.ts';
import { defaultFeedSettings } from './feed-words.ts';

const fine: WouldDo = { taken: 1000, unreadable: 3, before: 1000, gone: 10, costMoved: 20, zeroed: 50, isSameFile: false, isOlder: false };
const why = (change: Partial<WouldDo>): string => guardFeed({ ...fine, ...change }, defaultFeedSettings.limits).join(' ');

describe('a file', () => {
  it('that changes as much as usual is applied', () => {
    expect(why({})).toBe('');
    expect(why({ gone: 200, costMoved: 100, zeroed: 300 })).toBe('');
  });

  it.each<[string, Partial<WouldDo>, RegExp]>([
    ['has lost more than a fifth of its offers', { gone: 201 }, /201 of 1000 offers are no longer in it \(20.1 %/],
    ['moves many costs', { costMoved: 101 }, /101 of 1000 costs/],
    ['empties many offers', { zeroed: 301 }, /no stock left/],
    ['can hardly be read', { taken: 700, unreadable: 300 }, /Only 700 of 1000/],
    ['has no row at all', { taken: 0, unreadable: 0 }, /no row/],
    ['is the one applied before', { isSameFile: true }, /same file/],
    ['is older than the one applied before', { isOlder: true }, /older/],
    ['has none of the few offers that were there', { before: 3, gone: 3 }, /3 of 3/],
  ])('that %s is held', (_what, change, reason) => {
    expect(why(change)).toMatch(reason);
  });

  it('of a handful of offers is not held for one of them', () => {
    expect(why({ taken: 3, unreadable: 0, before: 4, gone: 1, zeroed: 2, costMoved: 1 })).toBe('');
  });
});
