import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { problem } from '#kernel/problem';
import type { Demo, DemoState } from '#surfaces/api';
import type { DemoClock } from './demo.ts';

/** What the process that plays the past is asked. */
export interface Asked {
  id: number;
  method: 'state' | 'advance' | 'run' | 'break' | 'stop';
  with: string | number | null;
}

export interface Answer {
  what: 'answer';
  id: number;
  state?: DemoState;
  error?: string;
}

/** What it tells by itself. */
export type Told =
  | { what: 'line'; line: string }
  | { what: 'open'; tenant: string; offsetMs: number }
  | { what: 'clock'; offsetMs: number }
  | Answer;

export interface Past {
  tenant: string;
  /** The demo, for as long as the past is played. */
  demo: Demo;
  /** When it is played, or broke off: the world lies in its file then. */
  ended: Promise<void>;
  stop(): Promise<void>;
}

/** Has the past played beside this process; returns when its tenant is there. The clock given follows the other's. */
export async function playPast(given: { publicUrl: string; clock: DemoClock; say: (line: string) => void }): Promise<Past> {
  const { clock, say } = given;
  const child = fork(fileURLToPath(new URL('./past.ts', import.meta.url)), [given.publicUrl], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const waiting = new Map<number, (answer: Answer) => void>();
  const opened = Promise.withResolvers<string>();
  const ended = Promise.withResolvers<void>();
  let asked = 0;
  child.on('message', (told: Told) => {
    if (told.what === 'line' && !told.line.startsWith('PostgreSQL ')) say(told.line);
    if (told.what === 'open') opened.resolve(told.tenant);
    if (told.what === 'open' || told.what === 'clock') clock.turn(told.offsetMs - clock.offsetMs());
    if (told.what === 'answer') waiting.get(told.id)?.(told);
  });
  child.once('exit', (code) => {
    if (code !== 0) say(`The past of the demo world broke off (${code ?? 'it was ended'}); the demo goes on from where it stands.`);
    opened.reject(new Error('The demo world could not be filled; what went wrong stands above.'));
    for (const answer of waiting.values()) answer({ what: 'answer', id: 0, error: 'The past has just ended; try again.' });
    ended.resolve();
  });
  const ask = (method: Asked['method'], with_: Asked['with']): Promise<DemoState> =>
    new Promise((resolve, reject) => {
      asked += 1;
      const id = asked;
      waiting.set(id, ({ state, error }) => {
        waiting.delete(id);
        if (state) resolve(state);
        else reject(problem('not-ready', error ?? 'The past is still being played.', { fix: 'Try again in a moment.' }));
      });
      child.send({ id, method, with: with_ } satisfies Asked);
    });
  const tenant = await opened.promise;
  say('Playing the days before today; the console opens in half a minute at the latest.');
  return {
    tenant,
    demo: {
      state: () => ask('state', null),
      advance: (_tenant, minutes) => ask('advance', minutes),
      run: (_tenant, speed) => ask('run', speed),
      break: (_tenant, what) => ask('break', what),
    },
    ended: ended.promise,
    stop: async () => {
      if (child.connected) child.send({ id: 0, method: 'stop', with: null } satisfies Asked);
      await ended.promise;
    },
  };
}
