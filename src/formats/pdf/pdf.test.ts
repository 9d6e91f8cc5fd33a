import { inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instant } from '#kernel/time';
import { latin, purchaseOrderPdf, type PurchaseOrderDocument } from './index.ts';

const order = (more: Partial<PurchaseOrderDocument> = {}): PurchaseOrderDocument => ({
  number: 'PO-100001',
  createdAt: instant('2026-11-25T03:12:00Z'),
  version: 1,
  buyer: { name: 'Example Shop Ltd', lines: ['1 High Street', 'London SW1A 1AA', 'United Kingdom'] },
  supplier: { name: 'Müller & Söhne GmbH', lines: ['Hauptstr. 5', '10115 Berlin'] },
  shipTo: { name: 'Ann Example', lines: ['Huttenstr. 50', '10553 Berlin', 'Germany'] },
  currency: 'EUR',
  lines: [
    { sku: 'A-1', title: 'Lamp', quantity: 3, costMinor: 1250n },
    { sku: 'A-2', title: 'Oil', quantity: 1, costMinor: 99n },
  ],
  ...more,
});

/** The words on the pages, read back from the drawing commands: hexadecimal strings in Windows-1252. */
function wordsOf(pdf: Uint8Array): string {
  const bytes = Buffer.from(pdf);
  let words = '';
  for (let at = bytes.indexOf('stream\n'); at >= 0; at = bytes.indexOf('stream\n', at + 7)) {
    const end = bytes.indexOf('\nendstream', at);
    if (end < 0 || bytes.subarray(at - 3, at).toString() === 'end') continue;
    const commands = inflateSync(bytes.subarray(at + 7, end)).toString('latin1');
    for (const [, drawn = ''] of commands.matchAll(/\[([^\]]*)\]\s*TJ/g)) {
      const hex = [...drawn.matchAll(/<([0-9a-f]*)>/g)].map(([, part = '']) => part).join('');
      words += `${new TextDecoder('windows-1252').decode(Buffer.from(hex, 'hex'))}\n`;
    }
  }
  return words;
}
const pagesOf = (pdf: Uint8Array): number =>
  Buffer.from(pdf)
    .toString('latin1')
    .match(/\/Type \/Page\b(?!s)/g)?.length ?? 0;

describe('a purchase order as PDF', () => {
  it('says who buys what from whom, for whom, and for how much', async () => {
    const words = wordsOf(await purchaseOrderPdf(order({ service: 'Standard', remarks: ['No invoice in the parcel.'] })));
    for (const part of [
      'PO-100001',
      '2026-11-25 03:12 UTC',
      'Example Shop Ltd',
      'Müller & Söhne GmbH',
      '10553 Berlin',
      'A-1',
      'Lamp',
      '12.50',
      '37.50',
      'Total EUR 38.49',
      '2 lines, 4 units',
      'Service: Standard',
      'No invoice in the parcel.',
      'Page 1 of 1',
    ]) {
      expect(words).toContain(part);
    }
  });

  it('is the same bytes for the same order', async () => {
    expect(Buffer.compare(await purchaseOrderPdf(order()), await purchaseOrderPdf(order()))).toBe(0);
    expect(Buffer.compare(await purchaseOrderPdf(order()), await purchaseOrderPdf(order({ number: 'PO-100002' })))).not.toBe(0);
  });

  it('of many lines goes over as many pages as it needs, with its head on each', async () => {
    const lines = Array.from({ length: 120 }, (_, at) => ({
      sku: `SKU-${at}`,
      title: 'A lamp of glass and brass with a long name '.repeat(1 + (at % 3)),
      quantity: 1,
      costMinor: 100n,
    }));
    const pdf = await purchaseOrderPdf(order({ lines, version: 2 }));
    const words = wordsOf(pdf);
    expect(pagesOf(pdf)).toBeGreaterThan(3);
    expect(words.match(/Unit cost/g)).toHaveLength(pagesOf(pdf));
    expect(words).toContain(`Page ${pagesOf(pdf)} of ${pagesOf(pdf)}`);
    expect(words).toContain('It replaces the versions before.');
    for (const { sku } of lines) expect(words).toContain(sku);
  });

  it('spells foreign letters in Latin ones and says so', async () => {
    const words = wordsOf(await purchaseOrderPdf(order({ shipTo: { name: 'Олена Łoś', lines: ['山田 5'] } })));
    expect(words).toContain('Olena Los');
    expect(words).toContain('[?] 5');
    expect(words).toContain('the data of this order has the originals');
  });

  it('without lines is no order', async () => {
    await expect(purchaseOrderPdf(order({ lines: [] }))).rejects.toThrow('1 to 2000 lines');
  });
});

describe('text in Latin letters', () => {
  it('keeps what the fonts have and never loses a letter silently', () => {
    expect(latin('Größe 5 € – “x”')).toEqual({ text: 'Größe 5 € – “x”', changed: false, lost: false });
    expect(latin('Łódź, Αθήνα, Москва')).toEqual({ text: 'Lódz, Athina, Moskva', changed: true, lost: false });
    expect(latin('日本')).toEqual({ text: '[?]', changed: false, lost: true });
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        const fit = latin(text);
        expect(new TextEncoder().encode(fit.text).length).toBeLessThan(600);
        expect(latin(fit.text).text).toBe(fit.text);
        if (!fit.changed && !fit.lost) expect(fit.text).toBe(text.normalize('NFC'));
      }),
    );
  });
});
