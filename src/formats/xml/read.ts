import sax from 'sax';
import { decodeText, peekBytes, type ByteSource } from '#formats/text';
import { Unreadable } from '#kernel/unreadable';
import { xmlEncoding } from './encoding.ts';
import { type XmlNode, xmlLimits } from './node.ts';

// Where sax gives up on a comment or an attribute; its own 64 kB are too few for a description in an attribute.
(sax as unknown as { MAX_BUFFER_LENGTH: number }).MAX_BUFFER_LENGTH = 1_000_000;

export interface XmlReading {
  /** The path of one record from the root, `shop/offers/offer`. Prefixes are part of the names. */
  records: string;
  /** What the file itself says, when not said here. */
  encoding?: string;
}

/**
 * The elements at that path, in batches of one chunk. Throws `Unreadable` with line and column for text that is not
 * well-formed, a document type with content, too deep a nesting or too large a record; records before that were sound.
 */
export async function* readXmlRecords(source: ByteSource, reading: XmlReading): AsyncGenerator<XmlNode[]> {
  const { head, whole } = await peekBytes(source, 400);
  const reader = treeReader(reading.records);
  for await (const text of decodeText(whole, reading.encoding ?? xmlEncoding(head))) {
    reader.write(text);
    const records = reader.take();
    if (records.length > 0) yield records;
  }
  reader.end();
  const rest = reader.take();
  if (rest.length > 0) yield rest;
}

/** A small document as one tree: a reply, a message. At most `mostBytes`, 8 MB when not said. */
export function readXmlDocument(bytes: Uint8Array | string, mostBytes = 8_000_000): XmlNode {
  if (bytes.length > mostBytes) {
    throw new Unreadable('too-large', `The XML document has ${bytes.length} bytes; at most ${mostBytes} are read`, {
      fix: 'Read it record by record',
    });
  }
  const reader = treeReader(null);
  reader.write(typeof bytes === 'string' ? bytes.replace(/^\ufeff/, '') : strictText(bytes));
  reader.end();
  const [root] = reader.take();
  if (!root) throw malformed('There is no element in it', 1, 1);
  return root;
}

function strictText(bytes: Uint8Array): string {
  const encoding = xmlEncoding(bytes);
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new Unreadable('wrong-encoding', `The XML document is not ${encoding} text`, { fix: 'Have it sent as UTF-8', cause });
  }
}

interface TreeReader {
  write(text: string): void;
  end(): void;
  take(): XmlNode[];
}

/** Builds trees of what lies at the path, or of the root; everything else passes by and is forgotten. */
function treeReader(path: string | null): TreeReader {
  const parser = sax.parser(true, { trim: false, position: true });
  const wanted = path?.split('/') ?? null;
  const names: string[] = [];
  const open: XmlNode[] = [];
  let done: XmlNode[] = [];
  let elements = 0;
  let characters = 0;
  const here = (): { line: number; column: number } => ({ line: parser.line + 1, column: parser.column });
  const grow = (more: number): void => {
    characters += more;
    if (characters > xmlLimits.recordCharacters)
      throw tooLarge(`holds more than ${xmlLimits.recordCharacters} characters`, open[0], here().line);
  };
  parser.onerror = (error) => {
    throw malformed(error.message.split('\n')[0] ?? 'not well-formed', here().line, here().column);
  };
  parser.ondoctype = (type) => {
    if (type.includes('[')) throw withDefinitions(here().line);
  };
  parser.onopentag = ({ name, attributes }) => {
    names.push(name);
    if (names.length > xmlLimits.depth) throw tooLarge(`is nested deeper than ${xmlLimits.depth} elements`, open[0], here().line);
    const parent = open.at(-1);
    if (!parent && !isAt(names, wanted)) return;
    elements = parent ? elements + 1 : 1;
    if (!parent) characters = 0;
    if (elements > xmlLimits.recordElements) throw tooLarge(`holds more than ${xmlLimits.recordElements} elements`, open[0], here().line);
    const node = nodeOf(name, attributes, here().line);
    for (const value of Object.values(node.attributes)) grow(value.length);
    parent?.children.push(node);
    open.push(node);
  };
  const addText = (text: string): void => {
    const node = open.at(-1);
    if (!node) return;
    grow(text.length);
    node.text += text;
  };
  parser.ontext = addText;
  parser.oncdata = addText;
  parser.onclosetag = () => {
    names.pop();
    const node = open.pop();
    if (!node) return;
    node.text = node.text.trim();
    if (open.length === 0) done.push(node);
  };
  return {
    write: (text) => void parser.write(text),
    end: () => void parser.close(),
    take: () => {
      const taken = done;
      done = [];
      return taken;
    },
  };
}

function isAt(names: readonly string[], wanted: readonly string[] | null): boolean {
  if (wanted === null) return names.length === 1;
  return names.length === wanted.length && names.every((name, at) => name === wanted[at]);
}

function nodeOf(name: string, attributes: Record<string, string | sax.QualifiedAttribute>, line: number): XmlNode {
  const own: Record<string, string> = Object.create(null);
  let count = 0;
  for (const [key, value] of Object.entries(attributes)) {
    count += 1;
    if (count > xmlLimits.attributes) throw tooLarge(`has more than ${xmlLimits.attributes} attributes on one element`, undefined, line);
    own[key] = typeof value === 'string' ? value : value.value;
  }
  return { name, attributes: own, text: '', children: [], line };
}

const malformed = (what: string, line: number, column: number): Unreadable =>
  new Unreadable('not-well-formed', `Line ${line}, column ${column}: the XML is not well-formed: ${what}`, {
    place: { line, column },
    fix: 'Have the file made again by a program that writes XML; often & or < in a text was not escaped, or the file is cut off',
  });

const withDefinitions = (line: number): Unreadable =>
  new Unreadable('document-type', `Line ${line}: the file defines its own document type or entities, which is not read here`, {
    place: { line },
    fix: 'Have the file sent without the part in square brackets after <!DOCTYPE',
  });

const tooLarge = (what: string, record: XmlNode | undefined, line: number): Unreadable =>
  new Unreadable('record-too-large', `The element that begins on line ${record?.line ?? line} ${what}`, {
    place: { line: record?.line ?? line },
    fix: 'Check the path of the records, or that an element is not left open',
  });
