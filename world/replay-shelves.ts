import { between, type Chance } from '#kernel/chance';
import { dayMs, dice, stretch } from './dice.ts';
import { type RangedSupplier, rangesFor, type RangeItem, type SoldThing } from './supplier-range.ts';

/** What history sells, and how briskly: a supplier of it keeps about as much. */
export interface SoldBriskly extends SoldThing {
  /** Units a day, over the whole history. */
  perDay: number;
  /** What a large order of it asks for, in units. */
  largest: number;
}

export interface Shelf {
  item: RangeItem;
  stock: number;
  /** Units after a delivery. */
  full: number;
  /** When the next delivery is due, in epoch milliseconds. */
  refillAt: number;
}

export interface Supplier extends RangedSupplier {
  cycleDays: number;
  /** By the supplier's own SKU. */
  shelves: Map<string, Shelf>;
}

const cycleDays: Readonly<Record<string, number>> = { ASHBY: 7, BRACKEN: 12, COLDWELL: 21 };
/** One delivery in so many is late. */
const oneInLate = 9;

/** The three suppliers of `rangesFor`, with shelves that are filled for about one cycle of what history sells. */
export function fillShelves(sold: readonly SoldBriskly[], seed: number, from: number): Supplier[] {
  const paces = new Map(sold.map((thing) => [thing.sku, thing]));
  return rangesFor(sold, seed, from).map((range) => {
    const cycle = cycleDays[range.code] ?? 14;
    const shelves = range.items.map((item): [string, Shelf] => {
      const chance = dice(seed, 'shelf', range.code, item.sku);
      const pace = paces.get(item.sku);
      const full = Math.ceil(
        item.start + (pace?.perDay ?? 0) * cycle * stretch(chance, 1.2, 2.4) + (pace?.largest ?? 0) * stretch(chance, 0.9, 2.4),
      );
      return [
        item.supplierSku,
        { item, full, stock: between(chance, Math.ceil(full * 0.5), full), refillAt: from + chance.next() * cycle * dayMs },
      ];
    });
    return { ...range, cycleDays: cycle, shelves: new Map(shelves) };
  });
}

/** One day: others buy too, deliveries come in, some of them late. Draws in the order of the range, so that a seed tells one story. */
export function passDay(supplier: Supplier, chance: Chance, now: number): void {
  for (const shelf of supplier.shelves.values()) {
    const drawn = chance.next();
    if (drawn < 0.15) shelf.stock = Math.max(0, shelf.stock - Math.ceil((shelf.full * drawn * 4) / supplier.cycleDays));
    if (shelf.refillAt > now) continue;
    const isLate = Math.floor(drawn * 1_000) % oneInLate === 0;
    if (isLate) {
      shelf.refillAt = now + Math.ceil(supplier.cycleDays / 3) * dayMs;
      continue;
    }
    shelf.stock = Math.max(shelf.stock, shelf.full);
    shelf.refillAt = now + supplier.cycleDays * dayMs;
  }
}
