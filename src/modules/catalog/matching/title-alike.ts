import { hasMeasure } from './measures.ts';
import type { Title } from './read-title.ts';

export interface Alike {
  /** From 0 to 1: how much of what both say is said by the other too, rare words weighing more. */
  score: number;
  /** Each has a number or a letter that the other has not: sisters, not the same. */
  isOther: boolean;
}

/** Ours has to be found in theirs more than the other way: suppliers add words, and leave out few. */
const oursWeighs = 0.62;
/** A word of theirs that none of our titles has is a typing error, another language, or praise. */
const unknownWeighs = 0.6;
const measureWeight = 2.2;
const markWeight = 1.25;

export function alike(theirs: Title, ours: Title, weight: (word: string) => number): Alike {
  const matched = pairUp(theirs, ours);
  const marks = (title: Title): string[] => [...title.marks].filter((mark) => !matched.has(mark));
  const [theirMarks, ourMarks] = [marks(theirs), marks(ours)];
  const weigh = (title: Title, word: string): number => weight(word) * (title.marks.has(word) ? markWeight : 1);
  const found = { ours: 0, theirs: 0 };
  const total = { ours: 0, theirs: 0 };
  for (const word of ours.words) {
    total.ours += weigh(ours, word);
    found.ours += weigh(ours, word) * (matched.get(word) ?? 0);
  }
  for (const word of theirs.words) {
    const by = matched.get(word);
    const value = weigh(theirs, word) * (by === undefined && weight(word) >= weight('') ? unknownWeighs : 1);
    total.theirs += value;
    found.theirs += value * (by ?? 0);
  }
  measureUp(theirs, ours, found, total);
  if (total.ours === 0 || total.theirs === 0) return { score: 0, isOther: false };
  const score = oursWeighs * (found.ours / total.ours) + (1 - oursWeighs) * (found.theirs / total.theirs);
  return { score, isOther: theirMarks.length > 0 && ourMarks.length > 0 };
}

function measureUp(theirs: Title, ours: Title, found: { ours: number; theirs: number }, total: { ours: number; theirs: number }): void {
  for (const [kind, values] of ours.measures) {
    for (const value of values) {
      total.ours += measureWeight;
      if (hasMeasure(theirs.measures, kind, value)) found.ours += measureWeight;
    }
  }
  for (const [kind, values] of theirs.measures) {
    for (const value of values) {
      total.theirs += measureWeight;
      if (hasMeasure(ours.measures, kind, value)) found.theirs += measureWeight;
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
