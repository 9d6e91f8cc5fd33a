import { colourNamed, sizeNamed } from './colours.ts';
import { type Measures, takeMeasures } from './measures.ts';
import { plain, plainLetters } from './plain.ts';

/** A title as it is compared: in any order of words, any spelling of units, and whatever language its colours are in. */
export interface Title {
  /** Everything it says, each once; colours and sizes by one name, numbers and letters of a code apart. */
  words: ReadonlySet<string>;
  /** Those that tell a product from its sisters, as often as they stand: numbers, the letters at them, single letters. */
  marks: readonly string[];
  /** Codes written as one, such as "cmk100" for "CMK-100". */
  codes: ReadonlySet<string>;
  /** As often as they stand. */
  colours: readonly string[];
  sizes: ReadonlySet<string>;
  measures: Measures;
  pack: number;
}

/** Said by sellers, not by products. */
const fillers = new Set(
  plainLetters(
    'new neu nova novy nou nuevo nuovo neuf original originalni originale genuine oem sale offer best price top hit free shipping fast delivery stock for fur pour para per pro with mit avec con and und et y e the der die das le la les el los il of de von in im on a an un une один новый новая новое новые оригинал оригинальный для и с в на quality premium hot deal bestseller aktion versand sofort lieferbar lagernd skladem akce',
  ).split(' '),
);

const romans: Readonly<Record<string, string>> = { ii: '2', iii: '3', iv: '4', vi: '6', vii: '7', viii: '8', ix: '9' };
const longest = 400;

export function readTitle(title: string, brand = ''): Title {
  const text = title.slice(0, longest);
  const { rest, pack, measures } = takeMeasures(plain(text));
  const found = { words: new Set<string>(), marks: [] as string[], codes: new Set<string>(), colours: [] as string[] };
  const sizes = sizesIn(text);
  for (const raw of rest.matchAll(/[\p{L}\d]+(?:\.\d+)*(?:[-/][\p{L}\d]+)*/gu)) {
    const compact = raw[0].replaceAll(/[-/.]/g, '');
    if (compact.length >= 4 && /\d/.test(compact)) found.codes.add(compact);
    for (const word of raw[0].split(/[-/]/)) take(word, found, sizes);
  }
  for (const word of plain(brand.slice(0, 100)).match(/[\p{L}\d]+/gu) ?? []) if (!fillers.has(word)) found.words.add(word);
  return { ...found, sizes, measures, pack };
}

function take(word: string, found: { words: Set<string>; marks: string[]; colours: string[] }, sizes: ReadonlySet<string>): void {
  const colour = colourNamed(word);
  if (colour !== undefined) {
    found.colours.push(colour);
    found.words.add(colour);
    return;
  }
  const size = sizeNamed(word);
  if (size !== undefined && sizes.has(size)) {
    found.words.add(`size ${size}`);
    return;
  }
  if (fillers.has(word)) return;
  const parts = word.match(/\d+(?:\.\d+)*|\p{L}+/gu) ?? [];
  const isCode = parts.length > 1;
  for (const part of parts) {
    const said = romans[part] ?? part.replace(/^0+(?=\d)/, '');
    found.words.add(said);
    if (/\d/.test(said) || said.length === 1 || (isCode && said.length <= 3)) found.marks.push(said);
  }
}

const sizePattern = /(?<![\p{L}\d'’´]|[\p{L}\d][-/.])(XXS|XS|XXXL|XXL|XL|[2-6]XL|S|M|L)(?![\p{L}\d'’´]|[-/.][\p{L}\d])/gu;
const anyCase = /(?<![\p{L}\d])(xxs|xs|xxxl|xxl|xl|[2-6]xl|small|medium|large|xsmall|xlarge)(?![\p{L}\d])/giu;

/** A lone S, M or L is a size where it stands as a capital among small letters. */
function sizesIn(text: string): Set<string> {
  const sizes = new Set<string>();
  const hasSmall = /\p{Ll}/u.test(text);
  for (const [, word] of text.matchAll(hasSmall ? sizePattern : anyCase)) add(word);
  if (hasSmall) for (const [, word] of text.matchAll(anyCase)) add(word);
  return sizes;

  function add(word: string | undefined): void {
    const named = sizeNamed((word ?? '').toLowerCase());
    if (named !== undefined) sizes.add(named);
  }
}

/** The words by which a variant is found: those of its title, and its codes with what they are before them. */
export const foundBy = (title: Title): string[] => [...title.words].filter((word) => word.length > 1 && word.length <= 60);

/** What one list has more of than the other, each as often as it does. */
export function beyond<T>(some: readonly T[], other: readonly T[], same: (one: T, other: T) => boolean = (one, two) => one === two): T[] {
  const left = [...other];
  return some.filter((item) => {
    const at = left.findIndex((one) => same(item, one));
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}
