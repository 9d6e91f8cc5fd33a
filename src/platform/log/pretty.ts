const colours: Readonly<Record<string, string>> = { debug: '\u001b[2m', info: '', warn: '\u001b[33m', error: '\u001b[31m' };
const dim = '\u001b[2m';
const off = '\u001b[0m';

/** A line of JSON as people read it: time, message, then the fields. Control characters stay escaped, so no text can draw on the terminal. */
export function prettyLine(line: string): string {
  const { level, at, message, ...fields } = JSON.parse(line) as { level: string; at: string; message: string };
  const shown = Object.entries(fields).map(([name, value]) => {
    const stack = (value as { stack?: unknown } | null)?.stack;
    if (typeof stack === 'string')
      return `\n${stack
        .split('\n')
        .map((row) => `    ${escaped(row)}`)
        .join('\n')}`;
    return `${name}=${typeof value === 'string' && /^[\w:.@/-]+$/.test(value) ? value : JSON.stringify(value)}`;
  });
  return `${dim}${at.slice(11, 23)}${off} ${colours[level] ?? ''}${escaped(message)}${off}${shown.length > 0 ? ` ${dim}${shown.join(' ')}${off}` : ''}\n`;
}

const escaped = (text: string): string => JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll('\\\\', '\\');
