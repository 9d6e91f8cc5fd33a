import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Running {
  pid: number;
  /** Everything it has written so far. */
  said(): string;
  /** Resolves when it writes that; rejects when it ends before. */
  says(what: RegExp, withinMs?: number): Promise<void>;
  kill(signal: NodeJS.Signals): void;
  /** How it ended. */
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  isRunning(): boolean;
}

/** Starts a file of ours as a process of its own, under the Node that runs the tests. */
export function startProcess(file: string, args: readonly string[], env: Readonly<Record<string, string>>): Running {
  const { PATH = '', HOME = '', TZ = 'UTC' } = process.env;
  const child: ChildProcess = spawn(process.execPath, [file, ...args], {
    cwd: root,
    env: { PATH, HOME, TZ, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  const heard = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
      for (const look of heard) look();
    });
  }
  const ended = once(child, 'close').then(([code, signal]) => ({ code: code as number | null, signal: signal as NodeJS.Signals | null }));
  return {
    pid: child.pid ?? 0,
    said: () => text,
    ended,
    isRunning: () => child.exitCode === null && child.signalCode === null,
    kill: (signal) => void child.kill(signal),
    says: (what, withinMs = 20_000) =>
      new Promise((resolve, reject) => {
        const end = (error?: Error): void => {
          heard.delete(look);
          clearTimeout(late);
          if (error) reject(error);
          else resolve();
        };
        const look = (): void => {
          if (what.test(text)) end();
        };
        const late = setTimeout(() => end(new Error(`${file} did not say ${what} within ${withinMs} ms; it said:\n${text}`)), withinMs);
        heard.add(look);
        void ended.then(({ code, signal }) => end(new Error(`${file} ended with ${code ?? signal} before it said ${what}:\n${text}`)));
        look();
      }),
  };
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

export const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Looks again and again until it holds; the error says what was found last. */
export async function until<T>(look: () => Promise<T>, holds: (found: T) => boolean, withinMs: number, what: string): Promise<T> {
  const began = performance.now();
  for (;;) {
    const found = await look();
    if (holds(found)) return found;
    if (performance.now() - began > withinMs) throw new Error(`${what}: not within ${withinMs} ms; last seen ${JSON.stringify(found)}`);
    await wait(100);
  }
}
