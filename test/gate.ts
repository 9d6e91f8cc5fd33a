import { type SpawnOptions, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sharedServer, startTestServer } from './setup/postgres.ts';
import { type Counts, countsFile } from './setup/report.ts';

/** `check` is the fast gate, under a minute; `test` is everything there is. Both run at most two processes side by side. */
interface Step {
  name: string;
  args: string[];
  /** Set for a run of tests, whose own counts are taken. */
  counted?: boolean;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'stockless-gate-'));
const bin = (path: string): string => join(root, 'node_modules', path);

const tests = (project: string): Step => ({
  name: project,
  args: [
    bin('vitest/vitest.mjs'),
    'run',
    '--configLoader=native',
    '--project',
    project,
    '--reporter=default',
    '--reporter=./test/setup/report.ts',
  ],
  counted: true,
});

const quick: Step[] = [
  tests('unit'),
  { name: 'format', args: [bin('@biomejs/biome/bin/biome'), 'format', '--reporter=summary'] },
  { name: 'lint', args: [bin('oxlint/bin/oxlint'), '--type-aware', '--deny-warnings'] },
  { name: 'types', args: [bin('@typescript/native/bin/tsc'), '--noEmit', '-p', 'tsconfig.json'] },
  { name: 'dead code', args: [bin('knip/bin/knip.js'), '--no-progress'] },
];
const slow = ['store', 'contract', 'stories', 'world', 'races', 'browser'].map(tests);

const total: Counts = { passed: 0, failed: 0, skipped: 0, reasons: [] };
let broken = false;

try {
  await inPairs(quick);
  if (process.argv[2] === 'test') {
    const server = await startTestServer();
    process.env[sharedServer] = server.url;
    try {
      // One after the other, as each already runs two workers.
      for (const step of slow) await run(step);
    } finally {
      await server.stop();
    }
  }
} catch (error) {
  broken = true;
  total.failed += 1;
  console.log(`The tests could not be run: ${(error as Error).stack}`);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = broken || total.failed > 0 ? 1 : 0;

/** Two lanes take the next step each when they are free; the first is the longest. */
async function inPairs(steps: readonly Step[]): Promise<void> {
  const waiting = [...steps];
  const lane = async (): Promise<void> => {
    for (let step = waiting.shift(); step; step = waiting.shift()) await run(step);
  };
  await Promise.all([lane(), lane()]);
}

/** Runs one step and prints one line about it; what it said is shown only when it failed. */
async function run(step: Step): Promise<void> {
  const began = performance.now();
  const counts = join(scratch, step.name);
  const { code, said } = await output(step.args, { cwd: root, env: { ...process.env, [countsFile]: counts, NO_COLOR: '1' } });
  const own = countsOf(step, code, counts);
  total.passed += own.passed;
  total.failed += own.failed;
  total.skipped += own.skipped;
  const figures = step.counted ? `${own.passed} passed, ${own.failed} failed, ${own.skipped} skipped` : code === 0 ? 'ok' : 'FAILED';
  console.log(`${step.name.padEnd(12)}${((performance.now() - began) / 1000).toFixed(1).padStart(6)} s   ${figures}`);
  for (const [reason, count] of own.reasons) console.log(`${''.padEnd(22)}skipped ${count}: ${reason}`);
  if (code !== 0) console.log(said.replaceAll(/^/gm, '    '));
}

/** A step that is no run of tests counts as one test; a run of tests that ended badly without a failed test counts as one failure. */
function countsOf(step: Step, code: number, path: string): Counts {
  const none = { passed: 0, failed: 0, skipped: 0, reasons: [] };
  if (!step.counted) return code === 0 ? { ...none, passed: 1 } : { ...none, failed: 1 };
  const counts = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Counts) : none;
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

async function output(args: readonly string[], options: SpawnOptions): Promise<{ code: number; said: string }> {
  const child = spawn(process.execPath, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stdout?.on('data', (bytes) => (said += bytes));
  child.stderr?.on('data', (bytes) => (said += bytes));
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  child.once('error', reject);
  child.once('close', (code) => resolve(code ?? 1));
  return { code: await promise, said: said.trimEnd() };
}
