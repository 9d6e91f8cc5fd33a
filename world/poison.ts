import { pick } from '#kernel/chance';
import { dice } from './dice.ts';
import type { Realm } from './realm.ts';
import { type Poison, poisons } from './shops.ts';

/** Whether this list goes wrong, and how. */
export function poisonOf(realm: Realm, supplier: string, serial: number): Poison | '' {
  if (!realm.goesWrong('feed_poisoned', supplier, serial)) return '';
  return pick(dice(realm.seed, 'poison', supplier, serial), poisons);
}

/** Columns as a supplier's list has them. */
export interface Columns {
  cost: number;
  stock: number;
  sku: number;
}

/** The list as it is sent wrongly: rows first, then the text that they became. */
export function poisonRows(rows: string[][], { cost, stock, sku }: Columns, poison: Poison | ''): string[][] {
  const each = (change: (row: string[]) => void): string[][] =>
    rows.map((row) => {
      const copy = [...row];
      change(copy);
      return copy;
    });
  const scaled = (text: string, factor: number): string => {
    const comma = text.includes(',');
    const figure = (Number(text.replace(',', '.')) * factor).toFixed(2);
    return comma ? figure.replace('.', ',') : figure;
  };
  switch (poison) {
    case 'zero':
      return each((row) => (row[stock] = '0'));
    case 'cheap':
      return each((row) => (row[cost] = scaled(row[cost] ?? '', 0.01)));
    case 'dear':
      return each((row) => (row[cost] = scaled(row[cost] ?? '', 100)));
    case 'double':
      return each((row) => (row[cost] = scaled(row[cost] ?? '', 2)));
    case 'negative':
      return each((row) => (row[cost] = `-${row[cost] ?? ''}`));
    case 'swapped':
      return each((row) => ([row[cost], row[stock]] = [row[stock] ?? '', (row[cost] ?? '').replace(/[.,]\d+$/, '')]));
    case 'renamed':
      return each((row) => (row[sku] = `X${row[sku] ?? ''}`));
    case 'half':
      return rows.filter((_, at) => at % 2 === 0);
    case 'empty':
      return [];
    default:
      return rows;
  }
}

export function poisonText(text: string, poison: Poison | ''): Uint8Array {
  if (poison === 'cut') return new TextEncoder().encode(text.slice(0, Math.floor(text.length * 0.4)));
  if (poison !== 'garbled') return new TextEncoder().encode(text);
  // Every vowel of a title became the sign that stands for what could not be read.
  return new TextEncoder().encode(text.replaceAll(/[aeiou]/g, '\uFFFD'));
}
