import { showId } from '#kernel/id';
import type { UndoRow } from '#modules/catalog';
import type { MatchListed, searchVariants, UnmatchedListed } from '#modules/insight';
import type { MatchRow, UndoShown, UnmatchedRow, VariantFound } from './schemas-matches.ts';
import { amount, at, maybeAt, named } from './show.ts';

const maybeMoney = (minor: bigint | null, currency: string | null) =>
  minor === null || currency === null ? null : amount(minor, currency);

type Evidence = MatchRow['evidence'];

/** Of matches from before there was evidence, little is known. */
function evidenceOf(facts: Readonly<Record<string, unknown>>): Evidence {
  const agreement = (name: string): Evidence['gtin'] => (facts[name] === 'same' || facts[name] === 'other' ? facts[name] : 'none');
  const number = (name: string): number | null => (typeof facts[name] === 'number' ? facts[name] : null);
  return {
    gtin: agreement('gtin'),
    gtinLocal: facts['gtinLocal'] === true,
    sku: agreement('sku'),
    mpn: agreement('mpn'),
    brand: agreement('brand'),
    title: number('title'),
    trigrams: number('trigrams'),
    costToPrice: number('costToPrice'),
    pack: Array.isArray(facts['pack']) ? (facts['pack'] as number[]) : null,
    measures: Array.isArray(facts['measures']) ? (facts['measures'] as string[]) : [],
  };
}

export const matchOf = (row: MatchListed): MatchRow => ({
  offer: {
    id: showId('offer', row.offer_id),
    supplier: named('supplier', row.supplier_id, row.supplier_name),
    sku: row.supplier_sku,
    title: row.offer_title,
    brand: row.offer_brand,
    gtin: row.offer_gtin,
    mpn: row.offer_mpn,
    packSize: row.pack_size,
    cost: maybeMoney(row.cost_minor, row.offer_currency),
    quantity: row.quantity,
  },
  variant: {
    id: showId('variant', row.variant_id),
    sku: row.sku,
    title: row.title,
    brand: row.brand,
    gtin: row.gtin,
    price: maybeMoney(row.price_minor, row.currency),
  },
  state: row.state,
  certainty: row.certainty as MatchRow['certainty'],
  rule: row.rule,
  confidence: row.confidence,
  said: row.evidence,
  warnings: row.warnings,
  unitsPerOffer: row.units_per_offer,
  evidence: evidenceOf(row.facts),
  decidedAt: maybeAt(row.decided_at),
  decidedBy: row.decided_by,
});

export const unmatchedOf = (row: UnmatchedListed): UnmatchedRow => ({
  id: showId('offer', row.id),
  supplier: named('supplier', row.supplier_id, row.supplier_name),
  sku: row.supplier_sku,
  title: row.title,
  brand: row.brand,
  gtin: row.gtin,
  mpn: row.mpn,
  packSize: row.pack_size,
  cost: maybeMoney(row.cost_minor, row.currency),
  quantity: row.quantity,
});

export const variantFound = (row: Awaited<ReturnType<typeof searchVariants>>[number]): VariantFound => ({
  id: showId('variant', row.id),
  sku: row.sku,
  title: row.title,
  brand: row.brand,
  gtin: row.gtin,
  price: maybeMoney(row.price_minor, row.currency),
});

export const undoOf = (row: UndoRow): UndoShown => ({
  id: showId('undo', row.id),
  kind: row.kind,
  title: row.title,
  by: row.actor,
  rows: row.row_count,
  at: at(row.created_at),
  until: at(row.until),
});
