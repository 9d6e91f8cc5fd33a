import { describe, expect, it } from 'vitest';
import { drawnFeeds, feedsPage, listNames, readList } from './draw-feeds.ts';
import { putIn } from './draw-life.ts';

const names = listNames();

describe.skipIf(names.length === 0)(names.length === 0 ? 'the lists (skipped: they are not beside the checkout)' : 'real lists', () => {
  it.each(names)('%s is read by its own guess, or with what a person can say on the screen', async (name) => {
    const read = await readList(name);
    expect(read.how).not.toBe('not read');
    expect(read.rows).toBeGreaterThan(0);
  });

  it('are in the docs as they are read', async () => {
    const drawn = await drawnFeeds();
    expect(drawn && putIn(feedsPage(), drawn) === feedsPage(), '"npm run stockless -- docs" draws the table anew').toBe(true);
  });
});
