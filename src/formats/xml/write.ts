/** An element to write: a text, or children in their order. An undefined attribute or child is left out. */
export interface XmlElement {
  name: string;
  attributes?: Readonly<Record<string, string | undefined>>;
  content?: string | readonly (XmlElement | undefined)[];
}

/** Text and attribute values; control characters that XML 1.0 cannot carry at all become a space. */
export const escapeXml = (text: string): string =>
  text
    // oxlint-disable-next-line no-control-regex -- exactly these are meant
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#13;');

/** The document as UTF-8 text with its declaration, indented by two spaces. Names are the caller's own, never a partner's. */
export function writeXml(root: XmlElement): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${written(root, '')}`;
}

function written(element: XmlElement, indent: string): string {
  const attributes = Object.entries(element.attributes ?? {})
    .map(([name, value]) =>
      value === undefined ? '' : ` ${name}="${escapeXml(value).replaceAll('\n', '&#10;').replaceAll('\t', '&#9;')}"`,
    )
    .join('');
  const { content } = element;
  if (content === undefined || content === '') return `${indent}<${element.name}${attributes}/>\n`;
  if (typeof content === 'string') return `${indent}<${element.name}${attributes}>${escapeXml(content)}</${element.name}>\n`;
  const inner = content.map((child) => (child ? written(child, `${indent}  `) : '')).join('');
  return `${indent}<${element.name}${attributes}>\n${inner}${indent}</${element.name}>\n`;
}
