import { decodeText, type ByteSource } from '#formats/text';
import { Unreadable } from '#kernel/unreadable';
import { jsonLimits, parsed } from './whole.ts';

/** A value with the line it begins on, or why that one could not be read. */
export type JsonRecord = { line: number; value: unknown } | { line: number; problem: string };

/** One value a line; empty lines are nothing. A line that is no JSON is reported and the rest is read. */
export async function* readJsonLines(source: ByteSource, encoding = 'utf-8'): AsyncGenerator<JsonRecord[]> {
  let waiting = '';
  let line = 0;
  for await (const text of decodeText(source, encoding)) {
    const lines = (waiting + text).split('\n');
    waiting = lines.pop() ?? '';
    if (waiting.length > jsonLimits.recordCharacters) throw tooLong(line + 1);
    const batch = lines.flatMap((content) => oneLine(content, ++line));
    if (batch.length > 0) yield batch;
  }
  const last = oneLine(waiting, line + 1);
  if (last.length > 0) yield last;
}

function oneLine(content: string, line: number): JsonRecord[] {
  const text = content.trim();
  if (text === '') return [];
  return [attempt(text, line)];
}

function attempt(text: string, line: number): JsonRecord {
  try {
    return { line, value: parsed(text, line) };
  } catch (error) {
    if (error instanceof Unreadable) return { line, problem: error.message };
    throw error;
  }
}

/** The elements of a file that is one list, `[…]`, a batch a chunk, whatever its size. Throws `Unreadable` when it is no list. */
export async function* readJsonList(source: ByteSource, encoding = 'utf-8'): AsyncGenerator<JsonRecord[]> {
  const splitter = listSplitter();
  for await (const text of decodeText(source, encoding)) {
    const batch = splitter.push(text);
    if (batch.length > 0) yield batch;
  }
  splitter.end();
}

interface ListSplitter {
  push(text: string): JsonRecord[];
  end(): void;
}

/** Finds where each element ends by counting brackets outside strings; what is inside is the parser's affair. */
function listSplitter(): ListSplitter {
  let state: 'before' | 'inside' | 'after' = 'before';
  let depth = 0;
  let inString = false;
  let escaped = false;
  let waiting = '';
  let line = 1;
  let startLine = 1;
  let elements = 0;
  let isFresh = true;

  const finish = (text: string, isLast: boolean): JsonRecord[] => {
    const content = text.trim();
    if (content === '' && isLast && elements === 0) return [];
    elements += 1;
    if (content === '') throw notList(`there is a comma too many on line ${line}`, line);
    return [attempt(content, startLine)];
  };

  const push = (text: string): JsonRecord[] => {
    const found: JsonRecord[] = [];
    let from = 0;
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code === 10) line += 1;
      if (inString) {
        if (escaped) escaped = false;
        else if (code === 92) escaped = true;
        else if (code === 34) inString = false;
        continue;
      }
      if (code <= 32) continue;
      if (state === 'before') {
        if (code !== 91) throw notList('it does not begin with [', line);
        state = 'inside';
        from = at + 1;
        continue;
      }
      if (state === 'after') throw notList(`there is text after its end on line ${line}`, line);
      if (isFresh) {
        startLine = line;
        isFresh = false;
      }
      if (code === 34) inString = true;
      else if (code === 91 || code === 123) depth += 1;
      else if (depth > 0) depth -= code === 93 || code === 125 ? 1 : 0;
      else if (code === 44 || code === 93) {
        found.push(...finish(waiting + text.slice(from, at), code === 93));
        waiting = '';
        isFresh = true;
        from = at + 1;
        if (code === 93) state = 'after';
      } else if (code === 125) throw notList(`line ${line} closes what was not opened`, line);
    }
    if (state === 'inside') waiting += text.slice(from);
    if (waiting.length > jsonLimits.recordCharacters) throw tooLong(startLine);
    return found;
  };
  return {
    push,
    end: () => {
      if (state !== 'after') throw notList('it ends before its closing ]', line);
    },
  };
}

const tooLong = (line: number): Unreadable =>
  new Unreadable('record-too-large', `The record that begins on line ${line} is longer than ${jsonLimits.recordCharacters} characters`, {
    place: { line },
    fix: 'Check that the file holds many records and not one',
  });

const notList = (what: string, line: number): Unreadable =>
  new Unreadable('not-json', `The file is no JSON list: ${what}`, {
    place: { line },
    fix: 'Have the file sent again; often it is cut off',
  });
