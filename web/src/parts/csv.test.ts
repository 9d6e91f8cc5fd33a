import { expect, test } from 'vitest';
import { isNumeric, readCsv } from './csv.ts';

test('quotes, commas and line ends in them are read as they were meant', () => {
  expect(readCsv('sku,title\r\nA,"Lamp, ""brass""\nlarge"\r\n')).toEqual([
    ['sku', 'title'],
    ['A', 'Lamp, "brass"\nlarge'],
  ]);
});

test('the delimiter is the one of the first line, a byte order mark is no part of a name', () => {
  expect(readCsv('\uFEFFpo;line;cost\nPO-1;1;3,10')).toEqual([
    ['po', 'line', 'cost'],
    ['PO-1', '1', '3,10'],
  ]);
});

test('empty lines are no rows, and an unfinished quote loses nothing', () => {
  expect(readCsv('a,b\n\n1,"2')).toEqual([
    ['a', 'b'],
    ['1', '2'],
  ]);
  expect(readCsv('')).toEqual([]);
});

test('a column of numbers lines up at its end, one with a word does not', () => {
  const rows = [
    ['1', 'x', ''],
    ['2.50', '3', ''],
  ];
  expect([0, 1, 2].map((column) => isNumeric(rows, column))).toEqual([true, false, false]);
});
