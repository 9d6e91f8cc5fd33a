import type { BookedException, BookedLine, BookedOrder, BookedPurchase, BookedPurchaseLine, Books } from './books.ts';
import type { Memory } from './memory.ts';

/** Books and memory with the look-ups that the checks share. */
export interface View {
  memory: Memory;
  books: Books;
  quiet: boolean;
  at: number;
  /** By `channel/external id`; the number serves where a store's files name nothing else. */
  orderByName: Map<string, BookedOrder>;
  orderById: Map<string, BookedOrder>;
  linesOf: Map<string, BookedLine[]>;
  purchaseByName: Map<string, BookedPurchase>;
  purchaseById: Map<string, BookedPurchase>;
  purchasesOf: Map<string, BookedPurchase[]>;
  purchaseLinesOf: Map<string, BookedPurchaseLine[]>;
  /** Whether a person has been told of this thing, or of its order. */
  told: (subject: string, order?: string | null) => boolean;
  open: BookedException[];
}

export type Say = (id: string, what: string) => void;
export type Check = (view: View, say: Say) => void;

export const hours = (count: number): number => count * 3_600_000;

export function viewOf(memory: Memory, books: Books, quiet: boolean): View {
  const open = books.exceptions.filter(({ state }) => state !== 'resolved');
  const subjects = new Set(open.flatMap(({ subject_id, order_id }) => (order_id === null ? [subject_id] : [subject_id, order_id])));
  return {
    memory,
    books,
    quiet,
    open,
    at: books.at.epochMilliseconds,
    orderByName: new Map(books.orders.map((order) => [`${order.channel}/${order.external_id}`, order])),
    orderById: by(books.orders, ({ id }) => id),
    linesOf: groups(books.lines, ({ order_id }) => order_id),
    purchaseByName: by(books.purchases, ({ supplier, number }) => `${supplier}/${number}`),
    purchaseById: by(books.purchases, ({ id }) => id),
    purchasesOf: groups(books.purchases, ({ order_id }) => order_id),
    purchaseLinesOf: groups(books.purchaseLines, ({ purchase_id }) => purchase_id),
    told: (subject, order) => subjects.has(subject) || (order !== undefined && order !== null && subjects.has(order)),
  };
}

export const by = <T>(rows: readonly T[], name: (row: T) => string): Map<string, T> => new Map(rows.map((row) => [name(row), row]));

export function groups<T>(rows: readonly T[], name: (row: T) => string): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const row of rows) {
    const group = found.get(name(row));
    if (group === undefined) found.set(name(row), [row]);
    else group.push(row);
  }
  return found;
}

export function sums<T>(rows: readonly T[], name: (row: T) => string, amount: (row: T) => number): Map<string, number> {
  const totals = new Map<string, number>();
  for (const row of rows) totals.set(name(row), (totals.get(name(row)) ?? 0) + amount(row));
  return totals;
}
