import type { XmlNode } from '#formats/xml';

const mostCells = 500;

/** The cells of one XML record by their path: `@id`, `price`, `outlets.outlet.@instock`, `param:Weight`. The first of a name counts. */
export function cellsOfXml(node: XmlNode): Map<string, string> {
  const cells = new Map<string, string>();
  const put = (path: string, value: string): void => {
    if (value !== '' && cells.size < mostCells && !cells.has(path)) cells.set(path, value);
  };
  const walk = (at: XmlNode, path: string): void => {
    for (const [name, value] of Object.entries(at.attributes)) put(path === '' ? `@${name}` : `${path}.@${name}`, value.trim());
    for (const child of at.children) {
      const label = child.attributes.name;
      const isParameter = label !== undefined && child.children.length === 0;
      const below = isParameter ? `param:${label}` : path === '' ? child.name : `${path}.${child.name}`;
      if (isParameter) put(below, child.text);
      else {
        put(below, child.text);
        walk(child, below);
      }
    }
  };
  walk(node, '');
  return cells;
}

/** The cells of one JSON record by their path, `stock.total`; lists count by their first element, `variants[0].sku`. */
export function cellsOfJson(value: object): Map<string, string> {
  const cells = new Map<string, string>();
  const walk = (at: unknown, path: string): void => {
    if (cells.size >= mostCells) return;
    if (typeof at === 'string' || typeof at === 'number' || typeof at === 'boolean') {
      const text = plainText(at);
      if (text !== '' && !cells.has(path)) cells.set(path, text);
    } else if (Array.isArray(at)) {
      if (at.length > 0) walk(at[0], `${path}[0]`);
    } else if (typeof at === 'object' && at !== null) {
      for (const [name, inner] of Object.entries(at)) walk(inner, path === '' ? name : `${path}.${name}`);
    }
  };
  walk(value, '');
  return cells;
}

/** A number as people write it: `1e21` and the like stay as they are and are refused later. */
const plainText = (value: string | number | boolean): string => (typeof value === 'string' ? value.trim() : String(value));
