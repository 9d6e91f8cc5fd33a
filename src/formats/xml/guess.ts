import sax from 'sax';

const usual =
  /(?:^|:)(?:offer|item|product|article|artikel|produkt|entry|shopitem|good|goods|row|record|sku|variant|prodotto|producto|produit|towar)$/i;

/** The path of the element that repeats, from the beginning of a file: by its usual name first, else what comes most often. Null: none does. */
export function guessRecords(text: string): string | null {
  const { counts, root } = pathsOf(text);
  if (root === 'yml_catalog') return 'yml_catalog/shop/offers/offer';
  if (root === 'rss') return 'rss/channel/item';
  const paths = [...counts].filter(([, seen]) => seen.inner > 0);
  paths.sort(([one, first], [other, second]) => second.count - first.count || one.length - other.length);
  const named = paths.filter(([path]) => usual.test(path)).sort(([one], [other]) => one.split('/').length - other.split('/').length);
  const best = named.find(([, seen]) => seen.count > 1) ?? paths.find(([, seen]) => seen.count > 1) ?? named[0];
  return best?.[0] ?? null;
}

interface Seen {
  count: number;
  /** Children and attributes: an element with neither is a value, not a record. */
  inner: number;
}

function pathsOf(text: string): { counts: Map<string, Seen>; root: string | null } {
  const counts = new Map<string, Seen>();
  const names: string[] = [];
  let root: string | null = null;
  const parser = sax.parser(true);
  parser.onopentag = ({ name, attributes }) => {
    if (names.length > 20) return void names.push(name);
    const above = counts.get(names.join('/'));
    if (above) above.inner += 1;
    names.push(name);
    root ??= name;
    if (names.length === 1 || counts.size > 2000) return;
    const path = names.join('/');
    const seen = counts.get(path) ?? { count: 0, inner: 0 };
    seen.count += 1;
    seen.inner += Object.keys(attributes).length > 1 ? 1 : 0;
    counts.set(path, seen);
  };
  parser.onclosetag = () => void names.pop();
  parser.onerror = (error) => {
    throw error;
  };
  try {
    parser.write(text);
  } catch {
    // A beginning is cut anywhere; what is wrong with the file, its reading will say.
  }
  return { counts, root };
}
