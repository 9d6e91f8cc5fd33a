import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { oneChunk } from '#formats/text';
import { Unreadable } from '#kernel/unreadable';
import {
  childrenNamed,
  guessRecords,
  readXmlDocument,
  readXmlRecords,
  textAt,
  writeXml,
  xmlEncoding,
  xmlLimits,
  type XmlElement,
  type XmlNode,
} from './index.ts';

const records = async (text: string | Uint8Array, path: string): Promise<XmlNode[]> =>
  (await Array.fromAsync(readXmlRecords(oneChunk(Buffer.from(text)), { records: path }))).flat();

describe('XML by records', () => {
  it('gives each record with attributes, text, CDATA and its line, and nothing else', async () => {
    const found = await records(
      '<shop><offers>\n<offer id="1"><name>A &amp; B&#33;</name><d><![CDATA[<b>x</b>]]></d></offer>\n<note/>\n<offer id="2"/></offers></shop>',
      'shop/offers/offer',
    );
    expect(found.map(({ line, attributes }) => [line, attributes.id])).toEqual([
      [2, '1'],
      [4, '2'],
    ]);
    expect(textAt(found[0] as XmlNode, 'name')).toBe('A & B!');
    expect(textAt(found[0] as XmlNode, 'd')).toBe('<b>x</b>');
    expect(textAt(found[1] as XmlNode, 'name')).toBeNull();
  });

  it('is the same wherever the chunks end', async () => {
    const bytes = Buffer.from('<a><b c="ä&lt;">Grün</b><b>\r\n<![CDATA[x]]y]]></b></a>');
    const whole = await records(bytes, 'a/b');
    for (let cut = 1; cut < bytes.length; cut += 1) {
      const source = async function* (): AsyncGenerator<Uint8Array> {
        yield bytes.subarray(0, cut);
        yield bytes.subarray(cut);
      };
      expect((await Array.fromAsync(readXmlRecords(source(), { records: 'a/b' }))).flat()).toEqual(whole);
    }
  });

  it('takes the encoding from mark or declaration', async () => {
    const text = '<?xml version="1.0" encoding="windows-1251"?><a><b>Стекло</b></a>';
    const cyrillic = Buffer.from(
      Array.from(text, (letter) =>
        (letter.codePointAt(0) ?? 0) > 127 ? (letter.codePointAt(0) ?? 0) - 0x350 : (letter.codePointAt(0) ?? 0),
      ),
    );
    expect((await records(cyrillic, 'a/b'))[0]?.text).toBe('Стекло');
    expect(xmlEncoding(Buffer.from('\ufeff<a/>', 'utf16le'))).toBe('utf-16le');
    expect(xmlEncoding(Buffer.from('<?xml version="1.0" encoding="utf-16"?><a/>'))).toBe('utf-8');
  });

  it('refuses entity bombs and foreign entities, and accepts a bare document type', async () => {
    const bomb = `<!DOCTYPE a [<!ENTITY x "${'y'.repeat(50)}"><!ENTITY z "&x;&x;&x;">]><a><b>&z;</b></a>`;
    await expect(records(bomb, 'a/b')).rejects.toMatchObject({ code: 'document-type' });
    await expect(records('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a><b>&x;</b></a>', 'a/b')).rejects.toThrow(Unreadable);
    await expect(records('<a><b>&undefined;</b></a>', 'a/b')).rejects.toMatchObject({ code: 'not-well-formed' });
    expect(await records('<!DOCTYPE yml_catalog SYSTEM "shops.dtd"><a><b>1</b></a>', 'a/b')).toHaveLength(1);
  });

  it('refuses what is too deep, too large or cut off, with its line', async () => {
    await expect(records('<a>'.repeat(xmlLimits.depth + 1), 'a/b')).rejects.toMatchObject({ code: 'record-too-large' });
    await expect(records(`<a>\n<b>${'<c/>'.repeat(xmlLimits.recordElements + 1)}</b></a>`, 'a/b')).rejects.toMatchObject({
      code: 'record-too-large',
      place: { line: 2 },
    });
    await expect(records(`<a><b>${'x'.repeat(xmlLimits.recordCharacters + 1)}</b></a>`, 'a/b')).rejects.toMatchObject({
      code: 'record-too-large',
    });
    await expect(records('<a><b>1</b>', 'a/b')).rejects.toMatchObject({ code: 'not-well-formed' });
    await expect(records('<a><b>1</c></a>', 'a/b')).rejects.toThrow(Unreadable);
  });

  it('keeps hostile names as names', () => {
    const node = readXmlDocument('<a><__proto__ constructor="1">x</__proto__></a>').children[0];
    expect([node?.name, node?.attributes.constructor, Object.getPrototypeOf(node?.attributes)]).toEqual(['__proto__', '1', null]);
  });

  it('of any text ends in records or in Unreadable', async () => {
    const soup = fc.array(
      fc.constantFrom(
        '<a>',
        '</a>',
        '<b c="',
        '">',
        "'",
        '<![CDATA[',
        ']]>',
        '<!--',
        '-->',
        '<?x ',
        '?>',
        '&amp;',
        '&#0;',
        '&#x110000;',
        '&',
        '<!DOCTYPE a',
        '[',
        'text',
        '<',
        '>',
        '/>',
        '\0',
      ),
      { maxLength: 25 },
    );
    await fc.assert(
      fc.asyncProperty(soup, async (parts) => {
        const found = await records(`<a>${parts.join('')}`, 'a/b').catch((error: unknown) => error);
        if (!Array.isArray(found)) expect(found).toBeInstanceOf(Unreadable);
      }),
      { numRuns: 400 },
    );
  });
});

describe('XML that is written', () => {
  it('reads back as it was', () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9]{0,6}$/);
    const text = fc.string({ maxLength: 20, unit: 'grapheme' }).map((one) =>
      one
        .trim()
        .replaceAll(/[\r\u0000-\u001f\ufffe\uffff]/g, ' ')
        .trim(),
    );
    fc.assert(
      fc.property(
        name,
        fc.array(fc.record({ name, attributes: fc.dictionary(name, text, { maxKeys: 3 }), content: text }), { minLength: 1, maxLength: 5 }),
        (root, content) => {
          const element: XmlElement = { name: root, content };
          const found = readXmlDocument(writeXml(element));
          expect(found.children.map((child) => ({ name: child.name, attributes: { ...child.attributes }, content: child.text }))).toEqual(
            content.map((child) => ({ ...child, attributes: { ...child.attributes } })),
          );
        },
      ),
    );
  });
});

describe('a guess at the records', () => {
  it('knows the usual formats and finds what repeats', () => {
    expect(guessRecords('<yml_catalog date="x"><shop><categories><category id="1">')).toBe('yml_catalog/shop/offers/offer');
    expect(guessRecords('<rss version="2.0"><channel>')).toBe('rss/channel/item');
    expect(guessRecords('<SHOP><SHOPITEM><A>1</A></SHOPITEM><SHOPITEM><A>2</A></SHOPITEM>')).toBe('SHOP/SHOPITEM');
    expect(guessRecords('<x><y><z>1</z></y><y><z>2</z></y></x>')).toBe('x/y');
    expect(guessRecords('<x>only text</x>')).toBeNull();
    expect(childrenNamed(readXmlDocument('<a><g:b/><b/><c/></a>'), 'b')).toHaveLength(2);
  });
});
