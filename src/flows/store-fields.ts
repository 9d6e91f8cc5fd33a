import { problem } from '#kernel/problem';
import type { StoreGiven, StoreKind } from '#ports/store';

const longest = 4_000;

/** What a person gave to connect a store, apart: settings, and secrets to be sealed. `known`: what is given already and may be left out. */
export function readFields(
  kind: StoreKind,
  given: StoreGiven,
  known: readonly string[] = [],
): { settings: StoreGiven; secrets: StoreGiven } {
  const settings: Record<string, string> = {};
  const secrets: Record<string, string> = {};
  const stranger = Object.keys(given).find((name) => !kind.fields.some((field) => field.name === name));
  if (stranger !== undefined) {
    throw problem('invalid-field', `${kind.name} does not ask for "${stranger}".`, {
      param: `fields.${stranger}`,
      fix: `It asks for ${kind.fields.map(({ name }) => name).join(', ')}.`,
    });
  }
  for (const field of kind.fields) {
    const value = (given[field.name] ?? '').trim();
    const at = { param: `fields.${field.name}`, fix: field.hint };
    if (value === '') {
      if (field.required && !known.includes(field.name)) throw problem('invalid-field', `${field.label} is missing.`, at);
      continue;
    }
    if (value.length > longest) throw problem('invalid-field', `${field.label} is longer than ${longest} letters.`, at);
    if (field.kind === 'url' && !isWebAddress(value))
      throw problem('invalid-field', `${field.label} is no web address: "${value.slice(0, 200)}".`, at);
    (field.kind === 'secret' ? secrets : settings)[field.name] = value;
  }
  return { settings, secrets };
}

const isWebAddress = (text: string): boolean => ['http:', 'https:'].includes(URL.parse(text)?.protocol ?? '');
