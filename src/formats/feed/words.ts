/** What a supplier's file can tell about one of its offers. */
export const feedFields = [
  'supplierSku',
  'title',
  'brand',
  'gtin',
  'mpn',
  'cost',
  'currency',
  'quantity',
  'availability',
  'packSize',
  'leadDays',
  'weight',
] as const;
export type FeedField = (typeof feedFields)[number];

/** One offer as the file tells it. Null: the file does not say; nothing is ever filled in. */
export interface FeedRow {
  /** The line it begins on, from 1; in XML the line of the record's opening tag, in a JSON array the record's number. */
  line: number;
  supplierSku: string;
  title: string | null;
  brand: string | null;
  /** Fourteen digits with a valid check digit. */
  gtin: string | null;
  mpn: string | null;
  /** Whole minor units of `currency`; what the file calls the supplier's price. Never without a currency. */
  costMinor: bigint | null;
  currency: string | null;
  /** Whole units that are surely there: "10+" is 10, ">10" is 11, "out of stock" is 0, "in stock" is null with `available` true. */
  quantity: number | null;
  available: boolean | null;
  packSize: number | null;
  leadDays: number | null;
  weightGrams: number | null;
}

/** A row that is not taken, with the first reason. `field` is null where the row as a whole is at fault. */
export interface RefusedFeedRow {
  line: number;
  field: FeedField | null;
  value: string;
  why: string;
  /** Whose row it is, where that much could be read: what was known of that offer still holds. */
  supplierSku?: string;
}

/** `rows` and `refused` together are the records of one stretch of the file; `doubts` are cells of taken rows that were left out. */
export interface FeedBatch {
  rows: FeedRow[];
  refused: RefusedFeedRow[];
  doubts: RefusedFeedRow[];
}

export type FeedFormat = 'csv' | 'fixed-width' | 'edi' | 'xlsx' | 'yml' | 'google-rss' | 'xml' | 'json-lines' | 'json';

/** One change to a field's text before it is read. Several are done one after the other. */
export type FeedTransform =
  /** What these columns say, with something between them. */
  | { kind: 'join'; columns: string[]; with?: string; when?: 'empty' | 'always'; leaveOut?: string[] }
  /** A figure by a plain decimal number, exactly: "0.01" for cents, "6" for packs of six. */
  | { kind: 'multiply'; by: string }
  /** What stands behind the first `after`, and then before the first `before`. */
  | { kind: 'take'; after?: string; before?: string }
  /** One text by another, wherever it stands, or only where it is the whole. */
  | { kind: 'replace'; from: string; to: string; whole?: boolean }
  /** The same on every row. */
  | { kind: 'constant'; text: string; when?: 'empty' | 'always' };

/** What a person has confirmed about one supplier's files. Whatever is left out is guessed from the file. */
export interface FeedMapping {
  /**
   * Field → column: its name as the header has it, `#3` for the third column, in XML and JSON the path inside the record
   * (`@id`, `price`, `param:Weight`, `stock.total`). A null says that the file has no such column, whatever it looks like.
   */
  columns?: Partial<Record<FeedField, string | null>>;
  encoding?: string;
  delimiter?: string;
  /** Rows that end early: refused, unless their last columns are said to be left out where they are empty. */
  shortRows?: 'refuse' | 'fill';
  /** Fixed width: where each column begins, from 1. */
  starts?: number[];
  /** Rows that say the same here belong together: what is blank is as on the row above. */
  fillDown?: string;
  /** By field, before it is read. */
  transforms?: Partial<Record<FeedField, FeedTransform[]>>;
  /** The sheet of a workbook; the first that has rows when not said. */
  sheet?: string;
  /** The line of the column names, from 1; null: none. */
  headerRow?: number | null;
  decimal?: '.' | ',';
  /** XML: the path of one record, `shop/offers/offer`; JSON: the path of the list, `data.products`. */
  records?: string;
  /** What the file's bare weights are in. */
  weightUnit?: 'g' | 'kg' | 'lb' | 'oz';
  /** A price finer than the currency's smallest unit is refused unless this says to round it, half away from zero. */
  finePrices?: 'refuse' | 'round';
}

export interface FeedOptions {
  /** The file's name, for messages. Its ending decides nothing. */
  name: string;
  mapping?: FeedMapping;
  /** The currency the supplier is known to price in; used where the file names none, and held against the file where it does. */
  observedCurrency?: string;
  /** At most this many records; the limit of the formats when not said. */
  mostRows?: number;
}

/** How the file was understood, for a person to confirm. Every confidence runs from 0 to 1; below 0.7 somebody should look. */
export interface FeedGuess {
  format: FeedFormat;
  isGzip: boolean;
  encoding: string;
  delimiter: string | null;
  headerRow: number | null;
  decimal: '.' | ',' | null;
  /** Of a text of fixed width. */
  starts: number[] | null;
  /** The column whose rows belong together; null when each row stands for itself. */
  fillDown: string | null;
  transforms: NonNullable<FeedMapping['transforms']>;
  records: string | null;
  /** The columns of the file in its order, as they can be named in a mapping. */
  headers: string[];
  columns: Partial<Record<FeedField, { column: string; confidence: number }>>;
  /** The least of what was guessed for the fields that matter: number, price and stock. 0 without a column for the number. */
  confidence: number;
  /** What somebody should know or settle, in sentences. */
  notes: string[];
  /** The first records as they stand in the file, at most 20, in the order of `headers`. */
  sample: string[][];
}

export interface Feed {
  guess: FeedGuess;
  /** Can be walked once. Throws `Unreadable` when the file cannot be trusted as a whole; the batches before that were sound. */
  batches: AsyncIterable<FeedBatch>;
}
