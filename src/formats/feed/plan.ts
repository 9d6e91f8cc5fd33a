import type { Peeked } from '#formats/text';
import { Unreadable } from '#kernel/unreadable';
import { currencyInName } from './guess.ts';
import { unitInName } from './names.ts';
import type { RowPlan } from './row.ts';
import { priceParts } from './values.ts';
import type { FeedGuess, FeedOptions } from './words.ts';

/** A file's beginning, unpacked, with what is known about it so far. */
export interface Opened extends Peeked {
  isGzip: boolean;
}

/** Below this nobody should read a million rows on a guess about which column is the number. */
const surestSku = 0.4;

/** How rows are read, from the guess and from what the caller knows. */
export function planOf(guess: FeedGuess, options: FeedOptions, at: RowPlan['at']): RowPlan {
  const { mapping = {}, observedCurrency } = options;
  const weightUnit = guess.columns.weight ? unitInName(guess.columns.weight.column) : null;
  return {
    at,
    decimal: guess.decimal,
    currency: currencyInName(guess.columns.cost?.column) ?? observedCurrency ?? null,
    mustBe: observedCurrency ?? null,
    weightUnit: mapping.weightUnit ?? weightUnit,
    finePrices: mapping.finePrices ?? 'refuse',
  };
}

/** A file whose rows could only all be refused is refused as a whole, with what would help. */
export function refuseUnsettled(guess: FeedGuess, plan: RowPlan, costCells: readonly string[], name: string): void {
  const sku = guess.columns.supplierSku;
  if (!sku || sku.confidence < surestSku) {
    const perhaps = sku ? `; it may be "${sku.column}"` : '';
    throw new Unreadable(
      'no-sku-column',
      `It cannot be told which column of ${name} holds the supplier's number${perhaps}. The file has ${shown(guess.headers)}`,
      {
        fix: 'Name the column in the mapping',
      },
    );
  }
  if (!guess.columns.cost || guess.columns.currency || plan.currency !== null) return;
  if (costCells.some((cell) => (priceParts(cell)?.currency ?? null) !== null)) return;
  if (costCells.length === 0) return;
  throw new Unreadable('no-currency', `${name} has prices in "${guess.columns.cost.column}" and does not say in which currency`, {
    fix: "Name the supplier's currency, or the column it stands in",
  });
}

const shown = (headers: readonly string[]): string => (headers.length === 0 ? 'no columns' : headers.slice(0, 30).join(', ').slice(0, 600));
