import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { Unreadable } from '#kernel/unreadable';
import { lineResponses } from '#ports/supplier';

/** What our own columns are called; a partner's profile says what it calls them. */
export const orderColumns = [
  'po_number',
  'order_ref',
  'line',
  'sku',
  'title',
  'quantity',
  'unit_cost',
  'currency',
  'ship_name',
  'ship_company',
  'ship_line1',
  'ship_line2',
  'ship_city',
  'ship_region',
  'ship_postcode',
  'ship_country',
  'ship_phone',
  'service',
] as const;
export const answerColumns = {
  acknowledgement: ['po_number', 'line', 'sku', 'status', 'quantity', 'expected_date', 'reason'],
  shipment: ['po_number', 'shipment', 'carrier', 'tracking_number', 'line', 'sku', 'quantity', 'shipped_at'],
  cancellation: ['po_number', 'outcome', 'reason'],
} as const;
export const dateFormats = ['iso', 'dd.mm.yyyy', 'dd/mm/yyyy', 'mm/dd/yyyy', 'yyyymmdd'] as const;

const Name = Type.String({ minLength: 1, maxLength: 100 });
const names = <N extends string>(all: readonly N[]) =>
  Type.Object(Object.fromEntries(all.map((name) => [name, Type.Optional(Name)])) as Record<N, Type.TOptional<typeof Name>>, {
    additionalProperties: false,
  });
const Words = Type.Union([Name, Type.Array(Name, { minItems: 1, maxItems: 50 })]);
const words = <N extends string>(all: readonly N[]) =>
  Type.Object(Object.fromEntries(all.map((name) => [name, Type.Optional(Words)])) as Record<N, Type.TOptional<typeof Words>>, {
    additionalProperties: false,
  });

/** How one partner writes and reads lists. What it does not say is as we write them. */
const FileProfile = Type.Object(
  {
    delimiter: Type.Optional(Type.String({ pattern: '^[^"\\r\\n]$', description: 'One character between cells' })),
    decimal: Type.Optional(Type.Enum(['.', ','])),
    dateFormat: Type.Optional(Type.Enum(dateFormats)),
    timeZone: Type.Optional(Type.String({ maxLength: 60, description: 'Where their dates are; UTC unless said' })),
    encoding: Type.Optional(Type.String({ maxLength: 40, description: 'utf-8 unless said' })),
    raw: Type.Optional(Type.Boolean({ description: 'Leave out the quote that keeps a spreadsheet from running a cell as a formula' })),
    folders: Type.Optional(Type.Object({ orders: Name, answers: Name })),
    columns: Type.Optional(
      Type.Object({
        order: Type.Optional(names(orderColumns)),
        acknowledgement: Type.Optional(names(answerColumns.acknowledgement)),
        shipment: Type.Optional(names(answerColumns.shipment)),
        cancellation: Type.Optional(names(answerColumns.cancellation)),
      }),
    ),
    words: Type.Optional(words(lineResponses)),
    outcomes: Type.Optional(words(['accepted', 'refused'])),
    ignore: Type.Optional(Type.Array(Name, { maxItems: 200, description: 'Columns of theirs that say nothing to us' })),
  },
  { additionalProperties: false },
);
const FileSettings = Type.Object({ drop: Type.Optional(Name), profile: Type.Optional(FileProfile) });
type Given = Static<typeof FileProfile>;
const shape = Compile(FileSettings);

export type OrderColumn = (typeof orderColumns)[number];
export type AnswerKind = keyof typeof answerColumns;
export type AnswerColumn<K extends AnswerKind = AnswerKind> = (typeof answerColumns)[K][number];

/** A profile with nothing left open. */
export interface Settled {
  delimiter: string;
  decimal: '.' | ',';
  dateFormat: (typeof dateFormats)[number];
  timeZone: string;
  encoding: string;
  raw: boolean;
  folders: { orders: string; answers: string };
  /** What is written, and under which name; in our order. */
  order: readonly (readonly [column: OrderColumn, name: string])[];
  answers: { [K in AnswerKind]: Readonly<Record<AnswerColumn<K>, string>> };
  /** Their words in small letters. */
  words: ReadonlyMap<string, (typeof lineResponses)[number]>;
  outcomes: ReadonlyMap<string, 'accepted' | 'refused'>;
  ignore: ReadonlySet<string>;
}

/** What is wrong with the settings of a supplier by file, in sentences; none when they can be used. */
export function fileSettingsTrouble(settings: unknown): string[] {
  if (!shape.Check(settings)) return [...shape.Errors(settings)].slice(0, 10).map(sentence);
  const { profile = {} } = settings;
  const named = profile.columns?.order;
  const missing = named ? (['po_number', 'sku', 'quantity'] as const).filter((column) => named[column] === undefined) : [];
  return [
    ...missing.map((column) => `profile.columns.order has no ${column}; a purchase order cannot be read without it.`),
    ...(knowsZone(profile.timeZone) ? [] : [`profile.timeZone is "${profile.timeZone}", which is no time zone such as Europe/Berlin.`]),
    ...(knowsEncoding(profile.encoding) ? [] : [`profile.encoding is "${profile.encoding}", which is not known here.`]),
    ...twice(profile),
  ];
}

export const sentence = ({ instancePath, message }: { instancePath: string; message: string }): string =>
  `${instancePath.replace(/^\//, '').replaceAll('/', '.') || 'The profile'} ${message.replace(/^must match pattern.*/, 'does not have the form that is needed here')}.`;

/** One word of theirs cannot mean two things. */
function twice({ words: given = {} }: Given): string[] {
  const all = Object.values(given)
    .flatMap((word) => (Array.isArray(word) ? word : [word]))
    .map(plain);
  return all.flatMap((word, place) =>
    all.indexOf(word) === place ? [] : [`profile.words has "${word}" twice; it can mean one thing only.`],
  );
}

/** Throws `Unreadable` that says in sentences what is wrong with the profile. */
export function settleFile(settings: unknown): Settled {
  const trouble = fileSettingsTrouble(settings);
  if (trouble.length > 0) throw profileUnusable(trouble);
  const { profile = {} } = settings as Static<typeof FileSettings>;
  const named = profile.columns?.order;
  return {
    delimiter: profile.delimiter ?? ',',
    decimal: profile.decimal ?? '.',
    dateFormat: profile.dateFormat ?? 'iso',
    timeZone: profile.timeZone ?? 'UTC',
    encoding: profile.encoding ?? 'utf-8',
    raw: profile.raw ?? false,
    folders: profile.folders ?? { orders: 'orders', answers: 'answers' },
    order: orderColumns.flatMap((column) => {
      const name = named ? named[column] : column;
      return name === undefined ? [] : [[column, name] as const];
    }),
    answers: {
      acknowledgement: { ...same(answerColumns.acknowledgement), ...profile.columns?.acknowledgement },
      shipment: { ...same(answerColumns.shipment), ...profile.columns?.shipment },
      cancellation: { ...same(answerColumns.cancellation), ...profile.columns?.cancellation },
    },
    words: wordMap(lineResponses, profile.words),
    outcomes: wordMap(['accepted', 'refused'], profile.outcomes),
    ignore: new Set((profile.ignore ?? []).map(plain)),
  };
}

export const profileUnusable = (trouble: readonly string[]): Unreadable =>
  new Unreadable('profile', `This supplier's profile cannot be used: ${trouble.join(' ')}`, {
    fix: "Correct the profile in the supplier's settings; then read it again.",
  });

/** As words and column names are compared: small letters, single spaces. */
export const plain = (text: string): string => text.trim().toLowerCase().replaceAll(/\s+/g, ' ');

const same = <N extends string>(all: readonly N[]): Record<N, string> =>
  Object.fromEntries(all.map((name): [string, string] => [name, name])) as Record<N, string>;

function wordMap<N extends string>(all: readonly N[], given: Partial<Record<N, string | string[]>> = {}): Map<string, N> {
  return new Map(all.flatMap((name) => [given[name] ?? name].flat().map((word): [string, N] => [plain(word), name])));
}

function knowsZone(zone: string | undefined): boolean {
  try {
    return zone === undefined || Boolean(new Intl.DateTimeFormat('en', { timeZone: zone }));
  } catch {
    return false;
  }
}

function knowsEncoding(encoding: string | undefined): boolean {
  try {
    return encoding === undefined || Boolean(new TextDecoder(encoding));
  } catch {
    return false;
  }
}
