import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Value } from 'typebox/value';
import { problem } from '#kernel/problem';
import { type IdKind, readId } from '#kernel/id';

/**
 * Checks what came against a route's schema. Queries and paths are text, so "50" becomes a number there; a body is taken as it is.
 * Text that the database cannot keep (a zero byte, half a surrogate pair) is refused here, once for all routes.
 */
export const checkerOf: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const compiled = Compile(schema);
  const isBody = httpPart === 'body';
  return (given: unknown) => {
    const value = isBody ? (given ?? {}) : Value.Convert(schema, structuredClone({ ...(given as object) }));
    const unkept = findUnkept(value, '');
    if (unkept !== null) return { error: refusal(unkept, 'has letters that cannot be kept (a zero byte or half a character)') };
    if (compiled.Check(value)) return { value };
    const [first] = compiled.Errors(value).filter(({ keyword }) => keyword !== 'boolean');
    const extra = (first?.params as { additionalProperties?: string[]; requiredProperties?: string[] } | undefined) ?? {};
    const named = extra.additionalProperties?.[0] ?? extra.requiredProperties?.[0];
    const path = [...(first?.instancePath ?? '').split('/').filter((part) => part !== ''), ...(named === undefined ? [] : [named])].join(
      '.',
    );
    const says = extra.additionalProperties
      ? 'is not known here'
      : extra.requiredProperties
        ? 'is missing'
        : (first?.message ?? 'is not acceptable');
    return { error: refusal(path || (httpPart ?? 'body'), says) };
  };
};

const refusal = (param: string, says: string) =>
  problem('invalid-field', `"${param}" ${says}.`, { param, fix: 'See /openapi.json for what is taken here.' });

const deepest = 40;

/** The path of the first text that PostgreSQL would refuse, or of nesting beyond all sense; null when there is none. */
function findUnkept(value: unknown, path: string, depth = 0): string | null {
  if (typeof value === 'string') return value.includes('\0') || !value.isWellFormed() ? path || 'value' : null;
  if (typeof value !== 'object' || value === null) return null;
  if (depth > deepest) return path;
  for (const [name, part] of Object.entries(value)) {
    const here = path === '' ? name : `${path}.${name}`;
    const found = findUnkept(name, here, depth + 1) ?? findUnkept(part, here, depth + 1);
    if (found !== null) return found;
  }
  return null;
}

/** The uuid behind an id in a path; what is no id of that kind is not found. */
export function idIn(kind: IdKind, shown: string): string {
  const id = readId(kind, shown);
  if (id === null) throw problem('not-found', `There is nothing called "${shown.slice(0, 60)}".`);
  return id;
}

/** The uuid behind an id in a filter or body. */
export function idOf(kind: IdKind, shown: string, param: string): string {
  const id = readId(kind, shown);
  if (id === null) throw problem('invalid-field', `"${param}" is not the id of a ${kind}.`, { param });
  return id;
}

/** An instant of the query, within years that every calendar knows. */
export function instantOf(text: string, param: string): Temporal.Instant {
  try {
    const at = Temporal.Instant.from(text);
    if (at.epochMilliseconds >= 0 && at.epochMilliseconds < 253_402_300_800_000) return at;
  } catch {
    // Said below.
  }
  throw problem('invalid-field', `"${param}" is not an instant between 1970 and 9999.`, {
    param,
    fix: 'Write it like 2026-11-25T10:00:00Z.',
  });
}

/** "a,b" as a list; undefined when nothing was given. */
export const listed = (text: string | undefined): string[] | undefined => {
  const words = text
    ?.split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
  return words?.length ? words : undefined;
};
