/** Thrown at a crash point by a test that plays the death of a process inside one process. Nothing may catch it and go on. */
export class ProcessDied extends Error {
  readonly label: string;

  constructor(label: string) {
    super(`the process died at "${label}"`);
    this.name = 'ProcessDied';
    this.label = label;
  }
}

let played: ((label: string) => void) | null = null;
let armed = readCrashAt(process.env['CRASH_AT']);

/** Does nothing, unless a test or `CRASH_AT` wants the process to die here. Labels read `area:moment`, as `work:after-ask`. */
export function crashpoint(label: string): void {
  if (played !== null) played(label);
  if (armed === null || armed.label !== label) return;
  armed = { label, hitsLeft: armed.hitsLeft - 1 };
  // SIGKILL, so that no handler, no `finally` and no buffer is saved: as when the power goes.
  if (armed.hitsLeft === 0) process.kill(process.pid, 'SIGKILL');
}

/** Lets the world decide at every crash point; it throws `ProcessDied` where the process should die. Null ends that. */
export function setCrashpoint(decide: ((label: string) => void) | null): void {
  played = decide;
}

function readCrashAt(text: string | undefined): { label: string; hitsLeft: number } | null {
  if (text === undefined || text === '') return null;
  const match = /^(.+?)(?::(\d{1,9}))?$/.exec(text);
  const label = match?.[1];
  const hitsLeft = Number(match?.[2] ?? '1');
  if (label === undefined || hitsLeft < 1) throw new Error(`CRASH_AT is "${text}"; it reads label:n, with n from 1, as work:after-ask:3`);
  return { label, hitsLeft };
}
