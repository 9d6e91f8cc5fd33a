import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readBrand } from '#kernel/brand';
import { readAddress, writeMessages } from './compose.ts';
import { de } from './languages/de.ts';
import { en } from './languages/en.ts';
import { es } from './languages/es.ts';
import { fr } from './languages/fr.ts';
import { messagesFor, type Said } from './messages-for.ts';
import { meanings, type MessageData, type Wish } from './words.ts';

const brand = readBrand({}, 'Lighthouse Goods');
const voice = { trackingUrl: (id: string) => `https://shop.example/t/${id}` };
const write = (data: Partial<MessageData>, more: Partial<Wish> = {}, of = brand) => {
  const [written] = writeMessages(
    [
      {
        orderId: 'o',
        subjectId: 's',
        meaning: 'parcel.shipped',
        address: 'a@example.com',
        data: { orderNumber: '1042', ...data },
        ...more,
      },
    ],
    of,
    voice,
  );
  if (!written) throw new Error('nothing was written');
  return written;
};

describe('a written message', () => {
  it('says which parcel, what is in it, when it is expected, and where to follow it', () => {
    const { subject, body_text } = write({
      customerName: 'Ada',
      nth: 2,
      of: 3,
      items: [{ title: 'Deck lamp', quantity: 2 }],
      carrier: 'swiftpost',
      trackingNumber: 'N1',
      expectedAt: '2026-11-26T10:00:00Z',
    });
    expect(subject).toBe('Order 1042: parcel 2 of 3 is on its way');
    for (const part of ['Hello Ada,', '- 2 x Deck lamp', 'swiftpost', 'N1', '26', 'https://shop.example/t/o', 'Lighthouse Goods'])
      expect(body_text).toContain(part);
  });

  it('has words for every meaning in every language, and no hole when nothing is known', () => {
    for (const [language, words] of Object.entries({ en, de, fr, es })) {
      for (const meaning of meanings) {
        expect(words.said[meaning]).toBeDefined();
        const { subject, body_text, body_html } = write({}, { meaning }, { ...brand, language });
        expect(subject.length).toBeGreaterThan(10);
        expect(`${subject}${body_text}${body_html}`).not.toMatch(/undefined|null|\{\{|\{%|Hello ,|NaN/);
        expect(Buffer.byteLength(body_html)).toBeLessThan(8_000);
      }
    }
  });

  it('lets no name of a stranger become markup, a header or a template', () => {
    const bare = tagsOf(
      write({ customerName: 'x', place: 'x', items: [{ title: 'x', quantity: 1 }] }, { meaning: 'parcel.out_for_delivery' }).body_html,
    );
    const nasty = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.constantFrom('<script>', '"><a href=x>', '{{ shop }}{% for i in (1..999999999) %}x{% endfor %}', 'a\r\nBcc: b@c.example'),
    );
    fc.assert(
      fc.property(nasty, (text) => {
        const { subject, body_html } = write(
          { orderNumber: text, customerName: `x${text}`, place: `x${text}`, items: [{ title: text, quantity: 1 }] },
          { meaning: 'parcel.out_for_delivery' },
        );
        expect(subject).not.toMatch(/[\r\n\p{Cc}]/u);
        expect(tagsOf(body_html)).toEqual(bare);
      }),
      { numRuns: 200 },
    );
    expect(write({ link: 'javascript:alert(1)' }).body_html).not.toContain('javascript:');
  });
});

const tagsOf = (text: string): string[] => [...text.matchAll(/<\/?[a-z!][^>]*>/gi)].map(([tag]) => tag);

describe('an address', () => {
  it('is one plain mailbox or none', () => {
    expect(readAddress(' Ada.L+shop@mail.example.com ')).toBe('Ada.L+shop@mail.example.com');
    for (const bad of [
      '',
      'ada',
      'a@b',
      'a b@c.de',
      '"a@b"@c.de',
      'a@b.de, c@d.de',
      'a@b.de\nBcc: x@y.de',
      'A <a@b.de>',
      '.a@b.de',
      `${'a'.repeat(65)}@b.de`,
    ]) {
      expect(readAddress(bad)).toBeNull();
    }
  });
});

describe('who hears what of a set of facts', () => {
  const context = {
    orders: new Map([['o', { number: '1042', email: 'ada@example.com', customer_name: 'Ada' }]]),
    parcels: new Map([['p', { carrier: 'swiftpost', number: 'N1', nth: 1, of: 1, items: [] }]]),
    purchases: new Map([['po', { number: 'PO-1', supplier_name: 'Kestrel', supplier_email: 'desk@kestrel.example', reminded: 2 }]]),
  };
  const fact = (type: string, kind: string, id: string, data: Said['data'] = {}): Said => ({
    type,
    subject: { kind, id },
    order: 'o',
    data,
  });

  it('is told on evidence of a carrier, not of a label', () => {
    expect(messagesFor([fact('parcel.created', 'parcel', 'p'), fact('parcel.label_created', 'parcel', 'p')], context)).toEqual([]);
    const both = messagesFor([fact('parcel.picked_up', 'parcel', 'p'), fact('parcel.in_transit', 'parcel', 'p')], context);
    expect(both).toMatchObject([{ meaning: 'parcel.shipped', subjectId: 'p', address: 'ada@example.com' }]);
  });

  it('is not told of steps that were over when they became known, and the reason is kept', () => {
    const wishes = messagesFor([fact('parcel.out_for_delivery', 'parcel', 'p'), fact('parcel.delivered', 'parcel', 'p')], context);
    expect(wishes.map(({ meaning, suppress }) => [meaning, suppress ?? ''])).toEqual([
      ['parcel.out_for_delivery', 'It was delivered meanwhile.'],
      ['parcel.delivered', ''],
    ]);
  });

  it('hears of backorders only where there are some, and suppliers are reminded each time anew', () => {
    const answered = (response: string) => fact('purchase.answered', 'purchase', 'po', { lines: [{ sku: 'A', response, quantity: 2 }] });
    expect(messagesFor([answered('accepted')], context)).toEqual([]);
    expect(messagesFor([answered('backordered')], context)).toMatchObject([
      { meaning: 'line.backordered', data: { items: [{ title: 'A', quantity: 2 }] } },
    ]);
    expect(messagesFor([fact('purchase.reminded', 'purchase', 'po')], context)).toMatchObject([
      { meaning: 'purchase.reminder', nth: 2, address: 'desk@kestrel.example' },
    ]);
  });

  it('hears nothing about an order or a parcel that is not there', () => {
    expect(
      messagesFor([{ ...fact('order.accepted', 'order', 'x'), order: 'x' }, fact('parcel.delivered', 'parcel', 'gone')], context),
    ).toEqual([]);
  });
});
