import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { fromMs, instant } from '#kernel/time';
import { crashpoint, ProcessDied, setCrashpoint, sleep, systemChance, systemClock, turnedClock } from './index.ts';

describe('clocks and chance', () => {
  test('the system clock goes forward', () => {
    const before = systemClock.now();
    expect(Temporal.Instant.compare(systemClock.now(), before)).toBeGreaterThanOrEqual(0);
  });

  test('a turned clock is its base plus the offset of the moment', () => {
    let offset = 0;
    const clock = turnedClock({ now: () => instant('2026-03-01T00:00:00Z') }, () => offset);
    expect(clock.now()).toEqual(instant('2026-03-01T00:00:00Z'));
    offset = 86_400_000;
    expect(clock.now()).toEqual(instant('2026-03-02T00:00:00Z'));
    expect(fromMs(0).toString()).toBe('1970-01-01T00:00:00Z');
  });

  test('chance stays within its bounds and gives the bytes asked for', () => {
    for (let round = 0; round < 1_000; round += 1) {
      const drawn = systemChance.next();
      expect(drawn >= 0 && drawn < 1).toBe(true);
    }
    expect(systemChance.bytes(10)).toHaveLength(10);
    expect(() => systemChance.bytes(-1)).toThrow(/random bytes/);
  });
});

describe('sleep', () => {
  test('ends after its time', async () => {
    await expect(sleep(1)).resolves.toBeUndefined();
  });

  test('ends early with the reason when the signal is raised, before or during the wait', async () => {
    const stop = new AbortController();
    const waiting = sleep(60_000, stop.signal);
    stop.abort(new Error('closing'));
    await expect(waiting).rejects.toThrow('closing');
    await expect(sleep(60_000, stop.signal)).rejects.toThrow('closing');
  });

  test('refuses a wait that no timer can hold', async () => {
    await expect(sleep(Number.NaN)).rejects.toThrow(/cannot wait/);
    await expect(sleep(3_000_000_000)).rejects.toThrow(/cannot wait/);
  });
});

describe('crash points', () => {
  afterEach(() => setCrashpoint(null));

  test('do nothing by themselves', () => {
    expect(() => crashpoint('work:after-ask')).not.toThrow();
  });

  test('let a test play the death of the process', () => {
    setCrashpoint((label) => {
      if (label === 'work:after-ask') throw new ProcessDied(label);
    });
    expect(() => crashpoint('work:before-ask')).not.toThrow();
    expect(() => crashpoint('work:after-ask')).toThrow(ProcessDied);
  });

  test('CRASH_AT kills a real process at the nth hit, and not before', () => {
    const file = fileURLToPath(new URL('./crashpoint.ts', import.meta.url));
    const program = `import { crashpoint } from ${JSON.stringify(file)};
      for (let hit = 1; hit <= 3; hit += 1) { process.stdout.write(String(hit)); crashpoint('a:b'); }
      process.stdout.write('end');`;
    const run = (crashAt: string) =>
      spawnSync(process.execPath, ['--input-type=module', '-e', program], { env: { ...process.env, CRASH_AT: crashAt }, encoding: 'utf8' });
    expect(run('a:b:2')).toMatchObject({ signal: 'SIGKILL', stdout: '12' });
    expect(run('a:c:2')).toMatchObject({ signal: null, stdout: '123end' });
    expect(run('a:b:0').stderr).toContain('CRASH_AT is "a:b:0"');
  });
});
