import { Unreadable } from '#kernel/unreadable';

export const jsonLimits = { bytes: 64 * 1024 * 1024, depth: 100, recordCharacters: 8_000_000, records: 20_000_000 } as const;

/** One JSON text, strictly: at most 64 MB and 100 levels deep. Throws `Unreadable` with the place. */
export function readJson(bytes: Uint8Array | string, mostBytes: number = jsonLimits.bytes): unknown {
  if (bytes.length > mostBytes) {
    throw new Unreadable('too-large', `The JSON text has ${bytes.length} bytes; at most ${mostBytes} are read at once`, {
      fix: 'Have it sent as JSON lines or as one list, which can be of any size',
    });
  }
  return parsed(typeof bytes === 'string' ? bytes.replace(/^\ufeff/, '') : strictText(bytes), 1);
}

function strictText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new Unreadable('wrong-encoding', 'The JSON text is not UTF-8', { fix: 'Have it sent as UTF-8, as RFC 8259 asks', cause });
  }
}

/** `line` is where the text begins in its file. */
export function parsed(text: string, line: number): unknown {
  refuseDepth(text, line);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Unreadable('not-json', `The JSON that begins on line ${line} cannot be read: ${reason(cause)}`, {
      place: { line },
      fix: 'Have it made again by a program that writes JSON; often the file is cut off',
      cause,
    });
  }
}

/** The engine's own words, without the piece of content it quotes. */
const reason = (cause: unknown): string =>
  cause instanceof Error ? cause.message.replace(/, ?(\.\.\.)?".*$/s, '').slice(0, 120) : 'unknown';

function refuseDepth(text: string, line: number): void {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 34) at = endOfString(text, at);
    else if (code === 91 || code === 123) depth += 1;
    else if (code === 93 || code === 125) depth -= 1;
    if (depth > jsonLimits.depth) {
      throw new Unreadable('too-deep', `The JSON that begins on line ${line} is nested deeper than ${jsonLimits.depth} levels`, {
        place: { line },
        fix: 'Have it sent with less nesting',
      });
    }
  }
}

/** The place of the closing quote, or the end of the text. */
function endOfString(text: string, from: number): number {
  let at = from + 1;
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 92) at += 1;
    else if (code === 34) return at;
  }
  return at;
}
