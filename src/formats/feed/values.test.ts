import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { minorOf, priceParts, readAvailability, readCurrency, readLeadDays, readPackSize, readStock, readWeight } from './values.ts';

describe('a price', () => {
  it('is read with the sign beside it, wherever that stands', () => {
    expect(priceParts('1.234,50 €')).toEqual({ figure: '1.234,50', currency: 'EUR', oneOf: null });
    expect(priceParts('EUR 12.50')).toMatchObject({ figure: '12.50', currency: 'EUR' });
    expect(priceParts('599 CZK')).toMatchObject({ figure: '599', currency: 'CZK' });
    expect(priceParts('12,-')).toMatchObject({ figure: '12', currency: null });
    expect(priceParts('$5')?.oneOf).toContain('USD');
    for (const text of ['', 'call us', '12 per box of 6', '$5 €', '1-2', '12.50 EUR net'])
      expect([text, priceParts(text)]).toEqual([text, null]);
  });

  it('becomes minor units by its decimal sign, and is refused when that is not known', () => {
    expect(minorOf('1.234,50', ',', 'EUR', 'refuse')).toEqual({ ok: true, value: 123450n });
    expect(minorOf('1.234', null, 'EUR', 'refuse').ok).toBe(false);
    expect(minorOf('1234', null, 'JPY', 'refuse')).toEqual({ ok: true, value: 1234n });
    expect(minorOf('1.5', '.', 'BHD', 'refuse')).toEqual({ ok: true, value: 1500n });
    expect(minorOf('-1', '.', 'EUR', 'refuse').ok).toBe(false);
  });

  it('finer than its currency is refused unless somebody said to round', () => {
    expect(minorOf('0.0123', '.', 'USD', 'refuse').ok).toBe(false);
    expect(minorOf('0.0150', '.', 'USD', 'round')).toEqual({ ok: true, value: 2n });
    expect(minorOf('130.0504201680672', '.', 'EUR', 'round')).toEqual({ ok: true, value: 13005n });
    expect(minorOf('12.5000', '.', 'USD', 'refuse')).toEqual({ ok: true, value: 1250n });
  });

  it('knows currencies by code and by sign, and none that could be several', () => {
    expect(['eur', '€', 'RUR', 'zł', 'Kč', '₸', 'US$'].map(readCurrency)).toEqual(['EUR', 'EUR', 'RUB', 'PLN', 'CZK', 'KZT', 'USD']);
    expect(['$', 'kr', '¥', 'coins', '', 'XXX', 'constructor'].map(readCurrency)).toEqual([null, null, null, null, null, null, null]);
  });
});

describe('a quantity', () => {
  it('is what is surely there', () => {
    const read = (text: string) => {
      const found = readStock(text);
      return found.ok ? [found.value.quantity, found.value.available] : found.ok;
    };
    expect(['12', '12.00', '10+', '>10', '5-10', '-3', '7 Stück', '12 szt.'].map(read)).toEqual([
      [12, true],
      [12, true],
      [10, true],
      [11, true],
      [5, true],
      [0, false],
      [7, true],
      [12, true],
    ]);
    expect(['in stock', 'Auf Lager', 'нет', 'out_of_stock', 'ausverkauft', 'preorder'].map(read)).toEqual([
      [null, true],
      [null, true],
      [0, false],
      [0, false],
      [0, false],
      [0, false],
    ]);
    expect(read('< 5')).toEqual([null, null]);
    expect(['12.5', 'maybe', '1e3', '1,234', '99999999', ''].map(read)).toEqual([false, false, false, false, false, false]);
    expect(readStock('1.234', ',')).toMatchObject({ value: { quantity: 1234 } });
    expect(readAvailability('https://schema.org/InStock')).toMatchObject({ value: { available: true } });
  });
});

describe('lead times, weights and packs', () => {
  it('are read with their units', () => {
    expect(['3', '2-4 Tage', '1 week', '48h', '3 дня', '5 working days'].map((text) => readLeadDays(text))).toEqual(
      [3, 4, 7, 2, 3, 5].map((value) => ({ ok: true, value })),
    );
    expect(readLeadDays('soon').ok).toBe(false);
    expect(readWeight('2.5 kg', null, '.')).toEqual({ ok: true, value: 2500 });
    expect(readWeight('0,125', 'kg', ',')).toEqual({ ok: true, value: 125 });
    expect(readWeight('1', 'lb', null)).toEqual({ ok: true, value: 454 });
    expect(readWeight('43.2', null, '.').ok).toBe(false);
    expect(['12', '1x12', 'Case of 6', '0', 'many'].map((text) => (readPackSize(text).ok ? 'read' : 'not'))).toEqual([
      'read',
      'read',
      'read',
      'not',
      'not',
    ]);
  });
});

describe('any cell at all', () => {
  it('is read or refused, at once', () => {
    const text = fc.oneof(
      fc.string({ maxLength: 60, unit: 'grapheme' }),
      fc.array(fc.constantFrom('1', '.', ',', ' ', '-', '+', '€', 'a', '>'), { maxLength: 60 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, (cell) => {
        const parts = priceParts(cell);
        if (parts) minorOf(parts.figure, ',', 'EUR', 'refuse');
        for (const read of [readStock, readAvailability, readLeadDays, readPackSize]) read(cell);
        readWeight(cell, null, null);
        readCurrency(cell);
      }),
      { numRuns: 500 },
    );
  });
});
