import { plainLetters } from './plain.ts';

/** What a number with a unit measures, and how much of it one unit is, in the kind's own base: ml, g, mm, W, V, mAh, GB, Hz, min. */
type Kind = 'volume' | 'mass' | 'length' | 'power' | 'voltage' | 'current' | 'charge' | 'memory' | 'frequency' | 'duration';

const tables: readonly (readonly [Kind, number, string])[] = [
  ['volume', 1, 'ml milliliter millilitre milliliters millilitres мл'],
  ['volume', 10, 'cl centiliter centilitre zentiliter сл'],
  ['volume', 100, 'dl deciliter decilitre'],
  ['volume', 1000, 'l lt ltr liter litre liters litres litr litru л литр литра литров'],
  ['volume', 29.5735, 'floz fl.oz'],
  ['volume', 3785.41, 'gal gallon gallons'],
  ['mass', 0.001, 'mg milligram milligramm мг'],
  ['mass', 1, 'g gr gram grams gramm grammes gramu г гр грамм'],
  ['mass', 1000, 'kg kgs kilo kilogram kilograms kilogramm кг килограмм'],
  ['mass', 28.3495, 'oz ounce ounces'],
  ['mass', 453.592, 'lb lbs pound pounds'],
  ['length', 1, 'mm millimeter millimetre millimeters мм'],
  ['length', 10, 'cm centimeter centimetre centimeters centimetres zentimeter см'],
  ['length', 1000, 'm mtr meter metre meters metres metr metru м метр метра метров'],
  ['length', 25.4, 'in inch inches zoll palcu дюйм дюйма дюймов'],
  ['length', 304.8, 'ft foot feet'],
  ['power', 1, 'w watt watts вт ватт'],
  ['power', 1000, 'kw kilowatt квт'],
  ['voltage', 1, 'v volt volts в вольт'],
  ['current', 0.001, 'ma'],
  ['current', 1, 'a amp amps ampere'],
  ['charge', 1, 'mah мач'],
  ['charge', 1000, 'ah ач'],
  ['memory', 0.001, 'mb мб'],
  ['memory', 1, 'gb go гб'],
  ['memory', 1000, 'tb to тб'],
  ['frequency', 1, 'hz гц'],
  ['frequency', 1000, 'khz кгц'],
  ['frequency', 1_000_000, 'mhz мгц'],
  ['frequency', 1_000_000_000, 'ghz ггц'],
  ['duration', 1, 'min minuten minutes мин'],
];

/** Rounded when they are turned into metric ones: 16.9 fl oz are half a litre, 15.7 inches are 40 cm. */
const imperial = new Set(
  'floz fl.oz gal gallon gallons oz ounce ounces lb lbs pound pounds in inch inches zoll palcu дюйм дюйма дюймов ft foot feet'.split(' '),
);

const units = new Map(
  tables.flatMap(([kind, factor, names]) =>
    names.split(' ').map((name) => [plainLetters(name), { kind, factor, isImperial: imperial.has(name) }] as const),
  ),
);
const unitNames = [...units.keys()].sort((one, other) => other.length - one.length).map((name) => name.replace('.', String.raw`\.?\s?`));
const number = String.raw`\d+(?:\.\d+)?`;
const end = String.raw`(?![\p{L}\d])`;
const start = String.raw`(?<![\p{L}\d.])`;
const namesOf = (...kinds: Kind[]): string =>
  [...units]
    .filter(([, { kind }]) => kinds.includes(kind))
    .map(([name]) => name)
    .sort((one, other) => other.length - one.length)
    .join('|');

const packOfMeasure = new RegExp(`${start}(\\d{1,3})x(?=${number}\\s?(?:${namesOf('volume', 'mass')})${end})`, 'u');
/** The pack after the measure: 330 ml x 6. */
const measureOfPack = new RegExp(`(?<=${number}\\s?(?:${namesOf('volume', 'mass')}))\\s?x\\s?(\\d{1,3})${end}`, 'u');
const dimensions = new RegExp(`${start}(${number}(?:x${number}){1,2})\\s?(${namesOf('length')})${end}(?!\\s?\\d)`, 'gu');
const measure = new RegExp(`${start}(${number})[\\s-]?(${unitNames.join('|')})${end}`, 'gu');
const packWords: readonly RegExp[] = [
  new RegExp(
    `${start}(?:pack|set|box|case|lot|pk|paket|satz|sada|baleni|набор|упаковка|комплект) (?:of|à|a|von|из|po|по)? ?(\\d{1,4})${end}`,
    'u',
  ),
  new RegExp(
    `${start}(\\d{1,4})(?: |-)?(?:er|x)?(?: |-)?(?:packs?|pk|pcs|pc|pieces?|stk|stuck|stueck|st|ks|kusu|szt|шт|count|ct|set|er)${end}\\.?`,
    'u',
  ),
  new RegExp(`(?:(?<=\\s)x |\\(x ?)(\\d{1,3})\\)?$`, 'u'),
  new RegExp(`(?<=^|\\s)(\\d{1,3}) ?x (?=\\p{L}{3})`, 'u'),
];

export interface Measured {
  /** What is left of the text. */
  rest: string;
  /** How many of it are sold as one; 1 when nothing is said. */
  pack: number;
  /** In the kinds' base units, as often as they stand. */
  measures: Map<string, Amount[]>;
}

export interface Amount {
  value: number;
  isImperial: boolean;
}

export type Measures = ReadonlyMap<string, readonly Amount[]>;

/**
 * Takes packs and numbers with units out of a text in small letters, so that "6 x 0,33 l" and "pack of 6, 330ml" say the same.
 * A number before "x" is a pack only where a volume or a mass follows; before a length it is a dimension.
 */
export function takeMeasures(text: string): Measured {
  let pack = 1;
  const measures = new Map<string, Amount[]>();
  const add = (kind: string, value: Amount): void => {
    measures.set(kind, [...(measures.get(kind) ?? []), value]);
  };
  const takePack = (_all: string, count: string): string => {
    pack = Number(count);
    return ' ';
  };
  let rest = text.replace(packOfMeasure, takePack).replace(measureOfPack, takePack);
  rest = rest.replaceAll(dimensions, (_all, numbers: string, unit: string) => {
    const { factor, isImperial } = units.get(unit) ?? { factor: 1, isImperial: false };
    for (const one of numbers.split('x')) add('length', { value: Number(one) * factor, isImperial });
    return ' ';
  });
  rest = rest.replaceAll(measure, (all: string, amount: string, unit: string, at: number) => {
    const found = units.get(unit.replaceAll(/\s/g, ''));
    // "4 in 1" and "2 in 1" are no inches, and a lone "a" after a space is an article.
    if (!found || (unit === 'in' && /^\s?\d/.test(rest.slice(at + all.length))) || (unit === 'a' && /\s/.test(all))) return all;
    add(found.kind, { value: Number(amount) * found.factor, isImperial: found.isImperial });
    return ' ';
  });
  for (const pattern of packWords) {
    rest = rest.replace(pattern, (all: string, count: string) => {
      if (Number(count) < 2 || pack > 1) return all;
      pack = Number(count);
      return ' ';
    });
  }
  return { rest, pack, measures };
}

/** Turned from one system into the other, amounts are the same within two in a hundred. */
export const sameAmount = (one: Amount, other: Amount): boolean =>
  Math.abs(one.value - other.value) <= (one.isImperial === other.isImperial ? 1e-6 : 0.02) * Math.max(one.value, other.value);

export const hasMeasure = (measures: Measures, kind: string, amount: Amount): boolean =>
  (measures.get(kind) ?? []).some((one) => sameAmount(one, amount));
