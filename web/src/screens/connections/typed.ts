import type { StoreKindRow } from '../../api/types.ts';

/** What a form holds, without the spaces of a paste; what is empty is left out. */
export const readForm = (form: HTMLFormElement): Record<string, string> =>
  Object.fromEntries(
    [...new FormData(form)]
      .map(([name, value]) => [name, typeof value === 'string' ? value.trim() : ''])
      .filter(([, value]) => value !== ''),
  );

/** A short name for addresses and lists, made of the long one. */
export const shortOf = (name: string): string =>
  name
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 40) || 'shop';

export const fieldsOf = (kind: StoreKindRow, given: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(kind.fields.flatMap(({ name }) => (given[name] === undefined ? [] : [[name, given[name]]])));

/** What the API is asked for: fields apart, days as instants. */
export function bodyOf(kind: StoreKindRow, given: Readonly<Record<string, string>>, now = Temporal.Now.instant()) {
  const name = given['name'] ?? kind.name;
  const days = Number(given['since'] ?? 0);
  return {
    kind: kind.kind,
    name,
    code: shortOf(name),
    currency: given['currency'] ?? '',
    fields: fieldsOf(kind, given),
    ...(days > 0 ? { since: now.subtract({ hours: days * 24 }).toString() } : {}),
    ...(given['history'] === 'act' ? {} : { actFrom: now.toString() }),
  };
}

const kindWords: Readonly<Record<string, string>> = {
  rest: 'Store API',
  csv: 'CSV files',
  woocommerce: 'WooCommerce',
  bigcommerce: 'BigCommerce',
};

/** How people write a kind of shop. */
export const kindWord = (kind: string): string => kindWords[kind] ?? kind.charAt(0).toUpperCase() + kind.slice(1);
