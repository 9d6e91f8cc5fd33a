/**
 * XML, streamed and strict. A *record* is the element that repeats (`shop/offers/offer`); only one of them is held at a time.
 * Names stay as they are written, prefix included. Document types that define anything are refused, so no entity can grow.
 */
export { readXmlDocument, readXmlRecords, type XmlReading } from './read.ts';
export { xmlEncoding } from './encoding.ts';
export { childNamed, childrenNamed, textAt, xmlLimits, type XmlNode } from './node.ts';
export { guessRecords } from './guess.ts';
export { escapeXml, writeXml, type XmlElement } from './write.ts';
