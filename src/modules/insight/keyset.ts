import { type RawBuilder, sql } from 'kysely';
import { isUuid } from '#kernel/id';
import { problem } from '#kernel/problem';
import type { Instant } from '#kernel/time';

/**
 * A list is walked by the place of its last row, never by counting rows: what is added or taken away meanwhile neither repeats nor
 * hides another row. The order is total, since its last part is unique. A *cursor* is that place in text, sealed to its list by name.
 */
interface Part {
  /** The column, as the list's statement names it. */
  column: string;
  type: 'timestamptz' | 'uuid' | 'text' | 'int';
}

type Place = readonly (string | number)[];

export interface Keyset {
  name: string;
  parts: readonly Part[];
  direction: 'asc' | 'desc';
}

export interface Paging {
  limit: number;
  after: string | null;
}

export interface Page<R> {
  rows: R[];
  /** Null on the last page. */
  next: string | null;
}

const longestText = 300;
const fits: Record<Part['type'], (value: unknown) => boolean> = {
  uuid: (value) => typeof value === 'string' && isUuid(value),
  text: (value) => typeof value === 'string' && value.length <= longestText && !value.includes('\0'),
  int: (value) => Number.isInteger(value) && Math.abs(value as number) < 2 ** 31,
  timestamptz: isInstant,
};

function isInstant(value: unknown): boolean {
  // Years that the database knows too.
  if (typeof value !== 'string' || !/^(?:19|2\d)\d\d-\d\d-\d\dT/.test(value)) return false;
  try {
    Temporal.Instant.from(value);
    return true;
  } catch {
    return false;
  }
}

export const writeCursor = (keyset: Keyset, place: Place): string =>
  Buffer.from(JSON.stringify([keyset.name, ...place])).toString('base64url');

/** Throws `bad-request` for what is no cursor of this list. */
export function readCursor(keyset: Keyset, text: string): Place {
  const wrong = () =>
    problem('bad-request', 'The cursor in "after" is not one of this list.', {
      param: 'after',
      fix: 'Leave "after" out to begin, then send the "next" of the page before as it came.',
    });
  let read: unknown;
  try {
    read = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    throw wrong();
  }
  if (!Array.isArray(read) || read[0] !== keyset.name || read.length !== keyset.parts.length + 1) throw wrong();
  const place = read.slice(1) as (string | number)[];
  if (!keyset.parts.every(({ type }, index) => fits[type](place[index]))) throw wrong();
  return place;
}

/** The rows after the cursor; true when there is none. */
export function after(keyset: Keyset, cursor: string | null): RawBuilder<unknown> {
  if (cursor === null) return sql`true`;
  const place = readCursor(keyset, cursor);
  const columns = sql.raw(keyset.parts.map(({ column }) => column).join(', '));
  const values = sql.join(keyset.parts.map(({ type }, index) => sql`${place[index]}::${sql.raw(type)}`));
  return sql`(${columns}) ${sql.raw(keyset.direction === 'asc' ? '>' : '<')} (${values})`;
}

export const orderBy = (keyset: Keyset): RawBuilder<unknown> =>
  sql`order by ${sql.raw(keyset.parts.map(({ column }) => `${column} ${keyset.direction}`).join(', '))}`;

/** Asked for one row more than the page holds, to know whether another page follows. */
export const oneMore = ({ limit }: Paging): RawBuilder<unknown> => sql`limit ${limit + 1}`;

export function pageOf<R extends object>(keyset: Keyset, { limit }: Paging, rows: readonly R[]): Page<R> {
  const page = rows.slice(0, limit);
  const last = page.at(-1) as Record<string, string | number | Instant> | undefined;
  if (rows.length <= limit || !last) return { rows: page, next: null };
  const place = keyset.parts.map(({ column }) => {
    const value = last[column.split('.').at(-1) ?? column];
    return typeof value === 'number' ? value : String(value);
  });
  return { rows: page, next: writeCursor(keyset, place) };
}

/** All of these hold. */
export const every = (conditions: readonly (RawBuilder<unknown> | null)[]): RawBuilder<unknown> =>
  sql.join(
    conditions.filter((condition) => condition !== null),
    sql` and `,
  );

/** Beyond every letter: with it "begins with" is a range, which row-level security lets an index answer. */
export const beyond = (prefix: string): string => `${prefix}\u{10FFFF}`;

/** For columns with an index of `text_pattern_ops`. */
export const beginsWith = (column: string, prefix: string): RawBuilder<unknown> =>
  sql`${sql.raw(column)} ~>=~ ${prefix} and ${sql.raw(column)} ~<~ ${beyond(prefix)}`;
