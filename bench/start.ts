import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as wait } from 'node:timers/promises';
import { launchBrowser, whyNoBrowser } from '#setup/browser';
import { type Figure, figure } from './figure.ts';

const launcher = fileURLToPath(new URL('../bin/stockless.mjs', import.meta.url));
const coldMs = 60_000;
const warmMs = 8_000;
const idleMB = 250;

/**
 * `npm start` as a newcomer sees it: the first time, with an empty data folder, until Home is painted; the second time; and what the
 * program holds of the memory when it has stood for a minute. Without a browser, until Home's figures are answered.
 */
export async function run(options: Readonly<Record<string, number>> = {}): Promise<Figure[]> {
  const idleSeconds = options['idle'] ?? 60;
  const folder = mkdtempSync(join(tmpdir(), 'stockless-bench-start-'));
  const program = async <T>(work: (since: number, link: string, child: ChildProcess) => Promise<T>): Promise<T> => {
    const since = performance.now();
    const child = spawn(process.execPath, [launcher, 'start'], {
      env: { ...process.env, STOCKLESS_DATA: folder, STOCKLESS_PORT: '4390', DATABASE_URL: '' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    try {
      return await work(since, await linkOf(child), child);
    } finally {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGINT');
      await gone;
    }
  };
  try {
    const cold = await program(async (since, link, child) => {
      const ms = (await painted(link)) - since;
      await until(() => childrenOf(child.pid ?? 0).length <= 1, 'the past is played');
      await wait(idleSeconds * 1_000);
      return { ms, memory: memoryOf(child.pid ?? 0) };
    });
    const warm = await program(async (since, link, child) => {
      const ms = (await painted(link)) - since;
      await wait(idleSeconds * 1_000);
      return { ms, memory: memoryOf(child.pid ?? 0) };
    });
    return [
      figure(`first start to ${what()}`, cold.ms / 1_000, 's', { atMost: coldMs / 1_000 }),
      figure(`second start to ${what()}`, warm.ms / 1_000, 's', { atMost: warmMs / 1_000 }),
      ...[cold, warm].flatMap(({ memory }, nth) =>
        memory === null
          ? []
          : [
              figure(`memory ${idleSeconds} s after the ${nth === 0 ? 'past was played' : 'second start'}`, memory, 'MB', {
                atMost: idleMB,
              }),
            ],
      ),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const what = (): string => (whyNoBrowser() ? "Home's figures" : 'a painted Home');

/** The link that it prints; throws with what it said when it ends before. */
function linkOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const link = /Open (http\S+)/.exec(said)?.[1];
      if (link) resolve(link);
    });
    child.once('exit', (code) => reject(new Error(`npm start ended with ${code}: ${said}`)));
  });
}

/** When Home stands there with its figures. */
async function painted(link: string): Promise<number> {
  if (whyNoBrowser()) {
    const { origin, searchParams } = new URL(link);
    const signedIn = await fetch(`${origin}/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin },
      body: JSON.stringify({ token: searchParams.get('t') }),
    });
    const cookie = signedIn.headers
      .getSetCookie()
      .map((one) => one.split(';')[0])
      .join('; ');
    const home = await fetch(`${origin}/v1/home`, { headers: { cookie } });
    if (!home.ok) throw new Error(`Home was answered with ${home.status}`);
    return performance.now();
  }
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await page.goto(link);
    await page.getByRole('heading', { name: 'Today' }).waitFor({ timeout: 120_000 });
    await page.getByRole('heading', { name: 'What moves now' }).waitFor();
    return performance.now();
  } finally {
    await browser.close();
  }
}

async function until(isSo: () => boolean, meaning: string): Promise<void> {
  for (let second = 0; second < 600; second += 1) {
    if (isSo()) return;
    await wait(1_000);
  }
  throw new Error(`It took ten minutes and more until ${meaning}`);
}

/** Processes of Node below this one, where the system tells of them; the launcher's own child is the program. */
function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`)
      .flatMap((task) => readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim().split(' '))
      .flatMap((child) => (child === '' || !isNode(Number(child)) ? [] : [Number(child), ...childrenOf(Number(child))]));
  } catch {
    return [];
  }
}

const isNode = (pid: number): boolean => /(?:^|\/)node\0/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8'));

/** Resident megabytes of the launcher and the program; null where the system does not tell. */
function memoryOf(pid: number): number | null {
  try {
    return [pid, ...childrenOf(pid)].reduce(
      (sum, one) => sum + Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${one}/status`, 'utf8'))?.[1] ?? 0) / 1_000,
      0,
    );
  } catch {
    return null;
  }
}
