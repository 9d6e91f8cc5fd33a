import { writeFileSync } from 'node:fs';
import type { SerializedError } from 'vitest';
import type { Reporter, TestCase, TestModule } from 'vitest/node';

/** What one run of tests came to. */
export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
  /** Why tests were left out, each reason once, with how many. */
  reasons: [reason: string, tests: number][];
}

/** Where the counts are to be written. */
export const countsFile = 'STOCKLESS_TEST_COUNTS';

/** Counts the tests of a run; a file that could not be read and an error outside any test count as one failure each. */
export default class CountingReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const counts: Counts = { passed: 0, failed: errors.length, skipped: 0, reasons: [] };
    const reasons = new Map<string, number>();
    for (const module of modules) {
      let inside = 0;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') counts.passed += 1;
        else if (state === 'failed') inside += 1;
        else {
          counts.skipped += 1;
          const reason = whySkipped(test);
          reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
        }
      }
      counts.failed += inside || (module.state() === 'failed' ? 1 : 0);
    }
    counts.reasons = [...reasons];
    const path = process.env[countsFile];
    if (path) writeFileSync(path, JSON.stringify(counts));
  }
}

/** The note given to `skip`, or the name of the outermost group, which then has to say it. */
function whySkipped(test: TestCase): string {
  const result = test.result();
  if (result.state === 'skipped' && result.note) return result.note;
  return test.fullName.split(' > ')[0] ?? test.fullName;
}
