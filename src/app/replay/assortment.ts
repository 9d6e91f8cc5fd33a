import type { SoldBriskly } from '#world/replay-outside';
import type { Invoice } from './read.ts';

interface Sold {
  title: string;
  prices: number[];
  quantities: number[];
}

const dayMs = 86_400_000;
const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

/** Everything that was sold as goods: its first title, usual price, and how briskly it went. In the order of first sale. */
export function assortmentOf(invoices: readonly Invoice[]): SoldBriskly[] {
  const sold = new Map<string, Sold>();
  for (const { lines } of invoices) {
    for (const { sku, title, kind, price, quantity } of lines) {
      if (kind === 'service') continue;
      const known = sold.get(sku) ?? { title: '', prices: [], quantities: [] };
      if (known.title === '') known.title = title;
      known.prices.push(price);
      known.quantities.push(quantity);
      sold.set(sku, known);
    }
  }
  const days = Math.max(1, ((invoices.at(-1)?.at.epochMilliseconds ?? 0) - (invoices[0]?.at.epochMilliseconds ?? 0)) / dayMs);
  return [...sold].map(([sku, { title, prices, quantities }]) => {
    const sorted = quantities.toSorted((one, other) => one - other);
    return {
      sku,
      title: title || sku,
      price: at(
        prices.toSorted((one, other) => one - other),
        0.5,
      ),
      perDay: quantities.reduce((sum, units) => sum + units, 0) / days,
      largest: at(sorted, 0.997),
    };
  });
}
