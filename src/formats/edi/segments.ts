import { Unreadable } from '#kernel/unreadable';

export interface EdiSegment {
  tag: string;
  /** In the order of the standard, from 0 for the first behind the tag; components of EDIFACT stand apart, of X12 in one text. */
  elements: string[][];
  /** The line on which it begins, from 1. */
  line: number;
}

export interface EdiSigns {
  syntax: 'x12' | 'edifact';
  element: string;
  /** Null in X12, whose elements are not taken apart here. */
  component: string | null;
  /** The next letter is meant as it is; null where there is no such sign. */
  release: string | null;
  terminator: string;
}

const longestSegment = 100_000;
const usual: EdiSigns = { syntax: 'edifact', element: '+', component: ':', release: '?', terminator: "'" };

const start = (text: string): string => text.replace(/^\uFEFF/, '').trimStart();

/** Whether a text begins like an interchange. */
export const isEdi = (text: string): boolean => /^(?:ISA[^\sA-Za-z0-9]|UNA.{6}|UNB\+)/s.test(start(text));

/** The signs of an interchange, as its own head says them. Throws `Unreadable` for a head that says none. */
function signsOf(head: string): EdiSigns {
  if (head.startsWith('UNA')) {
    const [component = ':', element = '+', , release = '?', , terminator = "'"] = head.slice(3, 9);
    return { syntax: 'edifact', element, component, release: release === ' ' ? null : release, terminator };
  }
  if (head.startsWith('UNB')) return usual;
  const element = head[3] ?? '*';
  // Sixteen elements, whatever their widths: behind the last one's single letter stands what ends a segment.
  let at = 3;
  for (let count = 1; count < 16 && at >= 0; count += 1) at = head.indexOf(element, at + 1);
  const terminator = at < 0 ? undefined : head[at + 1] === '\n' || head[at + 1] === '\r' ? '\n' : head[at + 2];
  if (at < 0 || terminator === undefined)
    throw new Unreadable('bad-envelope', 'The ISA segment has fewer than sixteen elements', {
      fix: 'Have the file sent again: its beginning is damaged',
    });
  return { syntax: 'x12', element, component: null, release: null, terminator: terminator === '\r' ? '\n' : terminator };
}

/** Segment by segment. Throws `Unreadable` for what begins like no interchange, and for a segment without an end. */
export async function* readSegments(source: AsyncIterable<string>): AsyncGenerator<EdiSegment> {
  let rest = '';
  let line = 1;
  let signs: EdiSigns | null = null;
  for await (const chunk of source) {
    rest += chunk;
    // A head is known when enough of it is there.
    if (signs === null) {
      if (rest.length < 400) continue;
      ({ signs, rest } = begun(rest));
    }
    const walked: Walked = walk(rest, signs, line);
    yield* walked.segments;
    ({ rest, line } = walked);
    if (rest.length > longestSegment)
      throw new Unreadable('line-too-long', `The segment that begins on line ${line} does not end within ${longestSegment} letters`, {
        place: { line },
        fix: 'The sign that ends segments is another than the head says, or the file is damaged',
      });
  }
  if (signs === null) ({ signs, rest } = begun(rest));
  const walked = walk(rest, signs, line);
  yield* walked.segments;
  // The last one may lack its end, as some write it.
  const last = walked.rest.trimStart();
  const blank = walked.rest.slice(0, walked.rest.length - last.length);
  if (last !== '') yield segmentOf(last.trimEnd(), signs, walked.line + lines(blank));
}

function begun(text: string): { signs: EdiSigns; rest: string } {
  const head = start(text);
  if (!isEdi(head))
    throw new Unreadable('no-envelope', 'It begins with neither ISA nor UNA nor UNB', {
      fix: 'Look at the file: something stands before it',
    });
  const signs = signsOf(head);
  return { signs, rest: head.startsWith('UNA') ? head.slice(9) : head };
}

interface Walked {
  segments: EdiSegment[];
  rest: string;
  line: number;
}

function walk(text: string, signs: EdiSigns, from: number): Walked {
  const segments: EdiSegment[] = [];
  let line = from;
  let begin = 0;
  for (let end = endOf(text, begin, signs); end >= 0; end = endOf(text, begin, signs)) {
    const whole = text.slice(begin, end);
    const blank = whole.length - whole.trimStart().length;
    const plain = whole.trim();
    if (plain !== '') segments.push(segmentOf(plain, signs, line + lines(whole.slice(0, blank))));
    line += lines(text.slice(begin, end + 1));
    begin = end + 1;
  }
  return { segments, rest: text.slice(begin), line };
}

const lines = (text: string): number => text.split('\n').length - 1;

function endOf(text: string, from: number, { terminator, release }: EdiSigns): number {
  let end = text.indexOf(terminator, from);
  while (release !== null && end > 0 && isReleased(text, end, release)) end = text.indexOf(terminator, end + 1);
  return end;
}

/** An odd number of release signs before it. */
function isReleased(text: string, at: number, release: string): boolean {
  let count = 0;
  while (text[at - 1 - count] === release) count += 1;
  return count % 2 === 1;
}

function segmentOf(text: string, signs: EdiSigns, line: number): EdiSegment {
  const plain = signs.terminator === '\n' ? text : text.replaceAll(/[\r\n]+\s*/g, '');
  const [tag = '', ...elements] = split(plain, signs.element, signs.release);
  return { tag: tag.trim(), line, elements: elements.map((element) => componentsOf(element, signs)) };
}

const componentsOf = (element: string, { component, release }: EdiSigns): string[] =>
  (component === null ? [element] : split(element, component, release)).map((part) => released(part, release).trim());

function split(text: string, sign: string, release: string | null): string[] {
  if (release === null || !text.includes(release)) return text.split(sign);
  const parts: string[] = [];
  let begin = 0;
  for (let at = text.indexOf(sign); at >= 0; at = text.indexOf(sign, at + 1)) {
    if (isReleased(text, at, release)) continue;
    parts.push(text.slice(begin, at));
    begin = at + 1;
  }
  return [...parts, text.slice(begin)];
}

const released = (text: string, release: string | null): string => {
  if (release === null || !text.includes(release)) return text;
  let plain = '';
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === release) at += 1;
    plain += text[at] ?? '';
  }
  return plain;
};
