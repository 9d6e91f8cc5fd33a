import pino from 'pino';
import type { Clock } from '#kernel/time';
import { mask, maskText } from './mask.ts';
import { prettyLine } from './pretty.ts';

type Fields = Readonly<Record<string, unknown>>;

export interface Log {
  debug(message: string, fields?: Fields): void;
  info(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  error(message: string, fields?: Fields): void;
  /** The same log, with these fields on every line: `log.child({ tenant, step })`. */
  child(fields: Fields): Log;
}

export interface LogOptions {
  clock: Clock;
  level?: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** Lines for people instead of JSON: on a terminal. */
  pretty?: boolean;
  /** Where lines go; standard output unless given. */
  out?: { write(text: string): unknown };
}

/** A log of one JSON object per line, in UTC, with secrets and personal data masked by field name and by shape. */
export function makeLog({ clock, level = 'info', pretty = false, out = process.stdout }: LogOptions): Log {
  const destination = { write: (line: string) => void out.write(pretty ? prettyLine(line) : line) };
  const root = pino(
    {
      level,
      base: null,
      messageKey: 'message',
      timestamp: () => `,"at":"${clock.now().toString({ fractionalSecondDigits: 3 })}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
  return logOf(root);
}

function logOf(line: pino.Logger): Log {
  const write = (level: 'debug' | 'info' | 'warn' | 'error') => (message: string, fields?: Fields) => {
    if (!line.isLevelEnabled(level)) return;
    line[level](fields ? safe(fields) : {}, maskText(message));
  };
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: (fields) => logOf(line.child(safe(fields))),
  };
}

const taken = new Set(['level', 'at', 'message']);

/** A field may not pass itself off as one of the line's own: such a one gets an underscore. */
const safe = (fields: Fields): Record<string, unknown> =>
  Object.fromEntries(Object.entries(mask(fields) as Fields).map(([name, value]) => [taken.has(name) ? `${name}_` : name, value]));

const nothing = (): void => {};
/** A log that keeps nothing: for what is tried without one. */
export const silentLog: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing, child: () => silentLog };
