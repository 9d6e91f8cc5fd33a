import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
let house: string;

/** A house in small: the launcher, the pinned Node and a program that we write. */
beforeEach(() => {
  house = mkdtempSync(join(tmpdir(), 'stockless-launcher-'));
  put('package.json', '{"type":"module"}');
  mkdirSync(join(house, 'bin'));
  copyFileSync(join(root, 'bin', 'stockless.mjs'), join(house, 'bin', 'stockless.mjs'));
  mkdirSync(join(house, 'node_modules'));
  for (const name of readdirSync(join(root, 'node_modules')).filter((name) => name.startsWith('node-'))) {
    symlinkSync(join(root, 'node_modules', name), join(house, 'node_modules', name));
  }
});
afterEach(() => rmSync(house, { recursive: true, force: true }));

function put(path: string, text: string): void {
  mkdirSync(dirname(join(house, path)), { recursive: true });
  writeFileSync(join(house, path), text);
}

function launch(words: string[], env: Record<string, string> = {}): ChildProcess {
  return spawn(process.execPath, [join(house, 'bin', 'stockless.mjs'), ...words], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function end(child: ChildProcess): Promise<{ code: number | null; signal: string | null; said: string }> {
  let said = '';
  child.stdout?.on('data', (bytes) => (said += bytes));
  child.stderr?.on('data', (bytes) => (said += bytes));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  return { code, signal, said };
}

describe('the launcher', () => {
  it('hands over words and environment to the pinned Node and ends as the program ends', async () => {
    put(
      'src/app/main.ts',
      'const words: string[] = process.argv.slice(2); console.log(process.version, words.join("|"), process.env.GREETING); process.exitCode = 7;',
    );
    const { code, said } = await end(launch(['orders', '--json', 'a b'], { GREETING: 'hello' }));
    expect(said).toMatch(/^v26\.\S+ orders\|--json\|a b hello\n$/);
    expect(code).toBe(7);
  });

  it('passes the wish to stop on, so that the program can put things in order', async () => {
    put(
      'src/app/main.ts',
      `process.on('SIGTERM', () => setTimeout(() => { console.log('in order'); process.exit(0); }, 20)); setInterval(() => {}, 1000); console.log('up');`,
    );
    const child = launch(['serve']);
    await once(child.stdout ?? child, 'data');
    child.kill('SIGTERM');
    expect(await end(child)).toMatchObject({ code: 0, signal: null, said: 'in order\n' });
  });

  it('dies by the signal that the program died by', async () => {
    put('src/app/main.ts', `process.kill(process.pid, 'SIGKILL');`);
    expect(await end(launch(['work']))).toMatchObject({ code: null, signal: 'SIGKILL' });
  });

  it('says when the copy is not whole', async () => {
    const { code, said } = await end(launch(['serve']));
    expect(said).toMatch(/src.app.main\.ts is not there: this copy of Stockless is not complete/);
    expect(code).toBe(1);
  });
});

describe('the launcher installs', () => {
  const lock = (version: string): string =>
    JSON.stringify({ packages: { '': {}, 'node_modules/pg': { version, integrity: `sha512-${version}` } } });

  /** Stands in for npm: notes what it was asked and does what a working or a broken npm would. */
  function fakeNpm(exit: number): Record<string, string> {
    put(
      'npm.js',
      `import { appendFileSync, copyFileSync } from 'node:fs'; appendFileSync('asked', process.argv.slice(2).join(' ') + '\\n');
      if (${exit} === 0) copyFileSync('package-lock.json', 'node_modules/.package-lock.json'); else console.error('EINTEGRITY'); process.exit(${exit});`,
    );
    return { npm_execpath: join(house, 'npm.js'), npm_config_omit: 'optional' };
  }
  const asked = (): string => (existsSync(join(house, 'asked')) ? readFileSync(join(house, 'asked'), 'utf8') : '');

  beforeEach(() => put('src/app/main.ts', `console.log('ran');`));

  it('what package-lock.json asks for and is not there, once, and runs no script of a package', async () => {
    put('package-lock.json', lock('8.0.0'));
    const npm = fakeNpm(0);
    expect((await end(launch(['help'], npm))).said).toMatch(/not installed yet: installing[^]*ran/);
    expect((await end(launch(['help'], npm))).said).toBe('ran\n');
    expect(asked()).toBe('ci --ignore-scripts --no-audit --no-fund --include=optional --include=dev\n');
    put('package-lock.json', lock('8.1.0'));
    expect((await end(launch(['help'], npm))).said).toMatch(/are not those of package-lock\.json \(pg\)/);
  });

  it('nothing of the tools in a shop', async () => {
    put('package-lock.json', lock('8.0.0'));
    await end(launch(['help'], { ...fakeNpm(0), NODE_ENV: 'production' }));
    expect(asked()).toMatch(/--omit=dev\n$/);
  });

  it('and does not start the program when that failed', async () => {
    put('package-lock.json', lock('8.0.0'));
    const { code, said } = await end(launch(['help'], fakeNpm(1)));
    expect(said).toMatch(/EINTEGRITY[^]*Installing did not work/);
    expect(said).not.toContain('ran');
    expect(code).toBe(1);
  });
});
