import { hasMeasure } from './measures.ts';
import { beyond, type Title } from './read-title.ts';

export interface Alike {
  /** From 0 to 1: how much of what both say is said by the other too, rare words weighing more. */
  score: number;
  /** Whether each, or one of them, has a number or a letter that the other has not: sisters, not the same. */
  marks: 'both' | 'one' | 'none';
}

/** Ours has to be found in theirs more than the other way: suppliers add words, and leave out few. */
const oursWeighs = 0.62;
/** A word of theirs that none of our titles has is a typing error, another language, or praise. */
const unknownWeighs = 0.6;
const measureWeight = 2.2;
const markWeight = 1.25;
/** A word of ours that is missing, where theirs has one that others of ours have, was not left out: it is another. */
const swappedCosts = 0.5;

export function alike(theirs: Title, ours: Title, weight: (word: string) => number): Alike {
  const matched = pairUp(theirs, ours);
  const [theirMarks, ourMarks] = [new Set(theirs.marks), new Set(ours.marks)];
  const weigh = (marks: ReadonlySet<string>, word: string): number => weight(word) * (marks.has(word) ? markWeight : 1);
  const found = { ours: 0, theirs: 0 };
  const total = { ours: 0, theirs: 0 };
  let instead = 0;
  for (const word of ours.words) {
    total.ours += weigh(ourMarks, word);
    found.ours += weigh(ourMarks, word) * (matched.get(word) ?? 0);
  }
  for (const word of theirs.words) {
    const by = matched.get(word);
    const isUnknown = by === undefined && weight(word) >= weight('');
    const value = weigh(theirMarks, word) * (isUnknown ? unknownWeighs : 1);
    if (by === undefined && !isUnknown) instead += value;
    total.theirs += value;
    found.theirs += value * (by ?? 0);
  }
  measureUp(theirs, ours, found, total);
  if (total.ours === 0 || total.theirs === 0) return { score: 0, marks: 'none' };
  const [ourShare, theirShare] = [found.ours / total.ours, found.theirs / total.theirs];
  const swapped = Math.min(1 - ourShare, instead / total.theirs);
  const score = oursWeighs * ourShare + (1 - oursWeighs) * theirShare - swappedCosts * swapped;
  return { score: Math.max(0, score), marks: marksDiffer(theirs, ours) };
}

function marksDiffer(theirs: Title, ours: Title): Alike['marks'] {
  const [more, fewer] = [beyond(theirs.marks, ours.marks), beyond(ours.marks, theirs.marks)];
  if (more.length > 0 && fewer.length > 0) return 'both';
  // Who says a number twice does not say another.
  const isNew = (marks: readonly string[], other: readonly string[]): boolean => marks.some((mark) => !other.includes(mark));
  return isNew(more, ours.marks) || isNew(fewer, theirs.marks) ? 'one' : 'none';
}

function measureUp(theirs: Title, ours: Title, found: { ours: number; theirs: number }, total: { ours: number; theirs: number }): void {
  for (const [kind, amounts] of ours.measures) {
    for (const amount of amounts) {
      total.ours += measureWeight;
      if (hasMeasure(theirs.measures, kind, amount)) found.ours += measureWeight;
    }
  }
  for (const [kind, amounts] of theirs.measures) {
    for (const amount of amounts) {
      total.theirs += measureWeight;
      if (hasMeasure(ours.measures, kind, amount)) found.theirs += measureWeight;
    }
  }
}

/** Words of both, and how well each has its like on the other side. Words with an error in them count for a little less. */
function pairUp(theirs: Title, ours: Title): Map<string, number> {
  const matched = new Map<string, number>();
  for (const word of theirs.words) if (ours.words.has(word)) matched.set(word, 1);
  const open = [...ours.words].filter((word) => !matched.has(word) && word.length >= 4 && !/\d/.test(word));
  if (open.length === 0) return matched;
  for (const word of theirs.words) {
    if (matched.has(word) || word.length < 4 || /\d/.test(word)) continue;
    const like = open.find((other) => !matched.has(other) && isTypo(word, other));
    if (like === undefined) continue;
    matched.set(word, typoCounts);
    matched.set(like, typoCounts);
  }
  return matched;
}

const typoCounts = 0.9;

/** One error in a word of four to seven letters, two in a longer one. */
function isTypo(one: string, other: string): boolean {
  const most = Math.max(one.length, other.length) >= 8 ? 2 : 1;
  return Math.abs(one.length - other.length) <= most && errorsBetween(one, other, most) <= most;
}

/** Letters that are missing, added, other, or changed places with their neighbour; counting stops beyond `most`. */
function errorsBetween(one: string, other: string, most: number): number {
  let before: number[] = [];
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let y = 1; y <= one.length; y += 1) {
    const next = [y];
    for (let x = 1; x <= other.length; x += 1) {
      const differs = one[y - 1] === other[x - 1] ? 0 : 1;
      let least = Math.min((row[x] ?? 0) + 1, (next[x - 1] ?? 0) + 1, (row[x - 1] ?? 0) + differs);
      if (y > 1 && x > 1 && one[y - 1] === other[x - 2] && one[y - 2] === other[x - 1]) least = Math.min(least, (before[x - 2] ?? 0) + 1);
      next.push(least);
    }
    if (Math.min(...next) > most) return most + 1;
    before = row;
    row = next;
  }
  return row[other.length] ?? most + 1;
}
