import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { Fault } from '#kernel/fault';
import { maskText } from '#platform/log';
import type { Asked } from './faults.ts';

/**
 * A question whose answer does not fit is refused: asking again brings the same. Something we said and that was answered 2xx
 * has happened, whatever the answer looks like, so there the misfit is `unknown` and has to be looked up.
 */
const misfit = (asked: Asked, place: string, reason: string): Fault =>
  new Fault(
    asked.reads ? 'refused' : 'unknown',
    'reply-misfit',
    `${asked.method} ${asked.path} of ${asked.account} was answered with something else than expected, at ${place || '/'}: ${reason}. The far side may have changed its format.`,
    { evidence: { method: asked.method, path: asked.path, place: place || '/', reason } },
  );

/** Half a reply, or the page of a proxy: the same question will be answered properly later. What was said may have happened. */
const noJson = (asked: Asked, reason: string): Fault =>
  new Fault(
    asked.reads ? 'transient' : 'unknown',
    'reply-broken',
    `${asked.method} ${asked.path} of ${asked.account} was not answered properly: ${reason}.`,
    { evidence: { method: asked.method, path: asked.path, reason } },
  );

export function checkReply<S extends TSchema>(asked: Asked, schema: S, value: unknown): Static<S> {
  if (Value.Check(schema, value)) return value as Static<S>;
  const [first] = Value.Errors(schema, value);
  throw misfit(asked, maskText(first?.instancePath ?? ''), maskText(first?.message ?? 'it does not fit'));
}

const deepestJson = 64;

/** The text as the schema wants it: itself when that is text, otherwise what it says as JSON; nothing at all is `null`. */
export function readReply<S extends TSchema>(asked: Asked, schema: S, text: string): Static<S> {
  if ((schema as { type?: unknown }).type === 'string') return checkReply(asked, schema, text);
  if (text.trim() === '') return checkReply(asked, schema, null);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw noJson(asked, `it is no JSON but begins with "${maskText(text.slice(0, 60)).replaceAll(/\s+/g, ' ')}"`);
  }
  if (isDeeper(value, deepestJson)) throw misfit(asked, '/', `it is nested more than ${deepestJson} deep`);
  return checkReply(asked, schema, value);
}

function isDeeper(value: unknown, left: number): boolean {
  if (value === null || typeof value !== 'object') return false;
  return left === 0 || Object.values(value).some((part) => isDeeper(part, left - 1));
}
