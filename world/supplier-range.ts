import { between } from '#kernel/chance';
import { dayMs, dice, stretch } from './dice.ts';

/** What was sold in real history, with the usual price in minor units. */
export interface SoldThing {
  sku: string;
  title: string;
  price: number;
}

export interface RangeItem extends SoldThing {
  supplierSku: string;
  cost: number;
  /** Units when history begins. */
  start: number;
}

export interface RangedSupplier {
  code: string;
  name: string;
  handlingDays: number;
  transitDays: number;
  items: RangeItem[];
  /** Units on the shelf at that time, when `taken` were bought of it by us so far. Others buy too, and what runs out comes in again. */
  onHand(sku: string, at: number, taken: number): number;
}

const shapes = [
  { code: 'ASHBY', name: 'Ashby Trade Supply', share: 0.85, priceLevel: 0.56, depth: 40, handlingDays: 1, transitDays: 3, cycleDays: 21 },
  { code: 'BRACKEN', name: 'Bracken Wholesale', share: 0.6, priceLevel: 0.5, depth: 25, handlingDays: 2, transitDays: 4, cycleDays: 30 },
  { code: 'COLDWELL', name: 'Coldwell Imports', share: 0.45, priceLevel: 0.44, depth: 90, handlingDays: 4, transitDays: 9, cycleDays: 45 },
] as const;

/**
 * Three suppliers for things that somebody really sold: ranges overlap, every thing is had from at least one, stock runs out and
 * is filled up again. `from` is when history begins; the same for the same seed.
 */
export function rangesFor(skus: readonly SoldThing[], seed: number, from = 0): RangedSupplier[] {
  return shapes.map((shape, place) => {
    const items = skus.filter((thing) => isStocked(seed, thing.sku, place)).map((thing) => itemOf(seed, thing, shape));
    const bySku = new Map(items.map((item) => [item.sku, item]));
    return {
      code: shape.code,
      name: shape.name,
      handlingDays: shape.handlingDays,
      transitDays: shape.transitDays,
      items,
      onHand: (sku, at, taken) => {
        const item = bySku.get(sku);
        return item === undefined ? 0 : onHand(seed, shape, item, Math.max(0, at - from), taken);
      },
    };
  });
}

function isStocked(seed: number, sku: string, place: number): boolean {
  const stocks = shapes.map(({ code, share }) => dice(seed, 'stocks', code, sku).next() < share);
  return stocks[place] === true || (!stocks.includes(true) && place === 0);
}

function itemOf(seed: number, thing: SoldThing, { code, priceLevel, depth }: (typeof shapes)[number]): RangeItem {
  const chance = dice(seed, 'range', code, thing.sku);
  const cost = Math.max(1, Math.round(thing.price * priceLevel * stretch(chance, 0.85, 1.15)));
  return { ...thing, supplierSku: `${code.slice(0, 2)}-${thing.sku}`, cost, start: between(chance, Math.ceil(depth / 4), depth) };
}

/** A saw tooth: a delivery at the beginning of every cycle, others buying at their own pace, nothing left for the end of some. */
function onHand(seed: number, { code, cycleDays }: (typeof shapes)[number], item: RangeItem, sinceMs: number, taken: number): number {
  const offset = dice(seed, 'offset', code, item.sku).next() * cycleDays;
  const days = sinceMs / dayMs + offset;
  const cycle = Math.floor(days / cycleDays);
  const pace = stretch(dice(seed, 'pace', code, item.sku, cycle), 0.3, 1.5) / cycleDays;
  const delivered = item.start * (cycle + 1);
  const others = item.start * cycle + item.start * Math.min(1, (days - cycle * cycleDays) * pace);
  // What others bought in past cycles was filled up; what we took in this one is missing.
  return Math.max(0, Math.floor(delivered - others) - (taken % Math.max(1, item.start)));
}
