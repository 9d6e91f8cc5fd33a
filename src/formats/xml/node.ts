/** One element. `text` is its own text and CDATA, trimmed; what its children say is theirs. */
export interface XmlNode {
  name: string;
  /** Without a prototype: a hostile name is only a name here. */
  attributes: Record<string, string>;
  text: string;
  children: XmlNode[];
  /** The line of its opening tag, from 1. */
  line: number;
}

export const xmlLimits = { depth: 100, recordElements: 20_000, recordCharacters: 8_000_000, attributes: 500 } as const;

/** The first child of that name, with or without its namespace prefix. */
export const childNamed = (node: XmlNode, name: string): XmlNode | undefined => node.children.find((child) => isNamed(child, name));
export const childrenNamed = (node: XmlNode, name: string): XmlNode[] => node.children.filter((child) => isNamed(child, name));

/** The text at a path of child names, `Receiver/Address/City`; null when there is no such element. */
export function textAt(node: XmlNode, path: string): string | null {
  let at: XmlNode | undefined = node;
  for (const name of path.split('/')) at = at && childNamed(at, name);
  return at ? at.text : null;
}

const isNamed = (node: XmlNode, name: string): boolean => node.name === name || node.name.endsWith(`:${name}`);
