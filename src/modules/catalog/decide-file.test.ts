import { describe, expect, it } from 'vitest';
import { compareColumns, damageIn } from './decide-file.ts';

const columns = { supplierSku: 'Art.-Nr.', cost: 'EK netto', quantity: 'Bestand' };
const before = { headers: ['Art.-Nr.', 'Name', 'EK netto', 'Bestand'], columns };

describe('columns', () => {
  it('that have another name are found by their likeness and place, and the mapping is suggested', () => {
    expect(
      compareColumns(before, {
        headers: ['Artikel-Nr.', 'Name', 'EK (netto)', 'Lagerbestand', 'Farbe'],
        columns: { supplierSku: 'Artikel-Nr.', quantity: 'Lagerbestand' },
        format: 'csv',
      }),
    ).toEqual({
      added: ['Farbe'],
      gone: [],
      renamed: [
        { from: 'Art.-Nr.', to: 'Artikel-Nr.' },
        { from: 'EK netto', to: 'EK (netto)' },
        { from: 'Bestand', to: 'Lagerbestand' },
      ],
      moved: [
        { field: 'supplierSku', from: 'Art.-Nr.', to: 'Artikel-Nr.' },
        { field: 'cost', from: 'EK netto', to: null },
        { field: 'quantity', from: 'Bestand', to: 'Lagerbestand' },
      ],
      suggested: { supplierSku: 'Artikel-Nr.', cost: 'EK (netto)', quantity: 'Lagerbestand' },
    });
  });

  it('that come or go without being read from move nothing', () => {
    expect(compareColumns(before, { headers: ['Art.-Nr.', 'EK netto', 'Bestand', 'Farbe'], columns, format: 'csv' })).toMatchObject({
      moved: [],
    });
  });

  it('of records, which name only what they have, matter where stock and cost are read from', () => {
    const now = { headers: ['Art.-Nr.', 'EK netto', 'Bestand'], columns: { supplierSku: 'Art.-Nr.', cost: 'EK netto' }, format: 'xml' };
    expect(compareColumns({ ...before, columns: { ...columns, title: 'Name' } }, now).moved.map(({ field }) => field)).toEqual([
      'quantity',
    ]);
  });
});

describe('texts', () => {
  it.each([
    ['UTF-8 read as an old code page', 'CafÃ© Crème', true],
    ['Cyrillic read so', 'Ð¡Ñ‚ÑƒÐ»', true],
    ['letters that could not be read', 'Stra\ufffde', true],
    ['letters that became question marks', 'Stra?e', true],
    ['accents as they should be', 'Café Crème für Ñandú', false],
    ['a question', 'Ready? Go', false],
    ['Cyrillic', 'Стул складной', false],
  ])('with %s: damaged %s', (_what, text, is) => {
    expect(damageIn(Array.from({ length: 5 }, () => text)).share).toBe(is ? 1 : 0);
  });
});
