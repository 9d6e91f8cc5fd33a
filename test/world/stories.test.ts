import { describe, expect, test } from 'vitest';
import { type Story, tellStory } from '#app/world';
import { freshDatabase } from '../setup/database.ts';

async function told(story: Partial<Story>) {
  const { url, drop } = await freshDatabase();
  try {
    return await tellStory(url, {
      seed: 1,
      orders: 20,
      days: 1,
      weather: 'storm',
      crashes: false,
      kinds: ['shopify', 'woocommerce', 'csv'],
      ...story,
    });
  } finally {
    await drop();
  }
}

describe('the program against the outside', () => {
  test('in a storm, with the program dying at crash points, every promise holds', async () => {
    const story = await told({ seed: 11, orders: 30, crashes: true });
    expect(story.broken).toEqual([]);
    expect(story.checked).toEqual(
      expect.arrayContaining(['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I10', 'I11', 'I12', 'I13', 'I14', 'I16', 'I18', 'I19']),
    );
    expect(Object.keys(story.faults).length).toBeGreaterThan(10);
  });

  test('the same seed tells the same story', async () => {
    // Side by side, as two tellings have nothing in common but the seed.
    const [one, other] = await Promise.all([
      told({ seed: 5, orders: 12, weather: 'swarm' }),
      told({ seed: 5, orders: 12, weather: 'swarm' }),
    ]);
    expect(one.broken).toEqual([]);
    expect(other.traceHash).toBe(one.traceHash);
  });
});
