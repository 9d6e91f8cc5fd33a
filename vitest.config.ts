import { defineConfig } from 'vitest/config';

const postgres = ['test/setup/postgres.ts'];

/** Kinds of tests, from the quickest to the slowest; `npm run check` runs the first, `npm test` all of them. */
export default defineConfig({
  test: {
    maxWorkers: 2,
    passWithNoTests: true,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{src,world,bench}/**/*.test.ts', 'web/src/**/*.test.{ts,tsx}', 'test/*.test.ts'],
          exclude: ['**/*.store.test.ts', '**/node_modules/**'],
        },
      },
      {
        test: {
          name: 'store',
          include: ['{src,world}/**/*.store.test.ts'],
          globalSetup: postgres,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      { test: { name: 'contract', include: ['test/contract/**/*.test.ts'] } },
      {
        test: { name: 'stories', include: ['test/stories/**/*.test.ts'], globalSetup: postgres, testTimeout: 60_000, hookTimeout: 60_000 },
      },
      { test: { name: 'world', include: ['test/world/**/*.test.ts'], globalSetup: postgres, testTimeout: 180_000, hookTimeout: 60_000 } },
      { test: { name: 'races', include: ['test/races/**/*.test.ts'], globalSetup: postgres, testTimeout: 120_000, hookTimeout: 60_000 } },
      {
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          globalSetup: postgres,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
