import pg from 'pg';

/** Whole numbers of 64 bits become bigint, instants become Temporal.Instant; `numeric` stays text, as no number type holds it. */
export const typesAsOurs: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (format !== 'binary') {
      if (oid === pg.types.builtins.INT8) return (text: string) => BigInt(text);
      if (oid === pg.types.builtins.TIMESTAMPTZ) return readTimestamp;
      if (oid === pg.types.builtins.DATE) return (text: string) => text;
      if (oid === int8Array) return (text: string) => readArray(text).map((item) => (item === null ? null : BigInt(item)));
      if (oid === timestamptzArray) return (text: string) => readArray(text).map((item) => (item === null ? null : readTimestamp(item)));
    }
    return pg.types.getTypeParser(oid, format);
  }) as pg.CustomTypesConfig['getTypeParser'],
};

/** The types of arrays have numbers of their own, which the library does not name. */
const int8Array = 1016;
const timestamptzArray = 1185;
const textArray = 1009;

const readArray = (pg.types.getTypeParser as (oid: number) => (text: string) => (string | null)[])(textArray);

/** PostgreSQL writes "2026-11-25 02:46:54.123+00"; Temporal wants a T and accepts the short offset. */
const readTimestamp = (text: string): Temporal.Instant => Temporal.Instant.from(text.replace(' ', 'T'));

/** What `pg` does not know how to send. */
export function asParameter(value: unknown): unknown {
  if (value instanceof Temporal.Instant) return value.toString();
  if (Array.isArray(value)) return value.map(asParameter);
  return value;
}

/** JSON in which 64-bit numbers are text, so that none is rounded on the way. */
export const toJson = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? part.toString() : part));
